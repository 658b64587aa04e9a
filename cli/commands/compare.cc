// See compare.h.
#include "cli/commands/compare.h"

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {

void AddAgainst(CLI::App* command, std::string* against) {
  command
      ->add_option(
          "--against", *against,
          "Compares the days from --since to --until with these: both sums, the difference, what is new and "
          "what is gone")
      ->type_name("FROM..TO");
}

StatusOr<Exit> AskDifference(const Context& context, v1::CompareRequest request, const std::string& against,
                             bool csv, sheets::Cells cells) {
  const std::size_t dots = against.find("..");
  if (dots == std::string::npos)
    return absl::InvalidArgumentError(absl::StrCat(
        "--against: \"", Escaped(against), "\" is no period: write FROM..TO, as 2025-01-01..2025-12-31"));
  request.set_against_since(against.substr(0, dots));
  request.set_against_until(against.substr(dots + 2));
  FT_RETURN_IF_ERROR(ParseDay("--against", request.against_since()).status());
  FT_RETURN_IF_ERROR(ParseDay("--against", request.against_until()).status());
  const auto has_days = [](const auto& question) {
    return !question.since().empty() && !question.until().empty();
  };
  const bool days = request.has_top()     ? has_days(request.top())
                    : request.has_flows() ? has_days(request.flows())
                                          : has_days(request.series());
  if (!days) return absl::InvalidArgumentError("--against goes with --since and --until");
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskCompare(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (csv && !context.json) {
    PrintData(render::CompareCsv(answer, cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

}  // namespace fundtrail::cli
