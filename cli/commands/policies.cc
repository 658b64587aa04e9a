// policies, policy overlap, policy conflicts, policy gaps
#include "cli/render/policies.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// What the three questions have in common.
template <typename Request>
struct PolicyOptions {
  Request request;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;

  StatusOr<Request> Asked() const {
    Request asked = request;
    FT_RETURN_IF_ERROR(ParseOptionalDay("--on", asked.on()).status());
    if (as_of.has_value()) asked.set_as_of(*as_of);
    asked.set_limit(page.limit);
    asked.set_after(page.after);
    return asked;
  }
};

template <typename Request>
void AddCommon(CLI::App* command, PolicyOptions<Request>* options) {
  command->add_option("--place", *options->request.mutable_place(), "This place and all below it; else all");
  command->add_option("--category", *options->request.mutable_category(),
                      "This category and all below it; else all");
  command->add_option("--on", *options->request.mutable_on(),
                      "The day to look at; else the day of the last record");
  AddAsOf(command, &options->as_of);
  AddPageOptions(command, &options->page);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
}

// The functions of one question.
template <typename Request, typename Answer>
struct Question {
  Status (*pages)(Connection*, const Request&, const std::function<Status(const Answer&)>&);
  StatusOr<Answer> (*whole)(Connection*, const Request&, std::size_t);
  std::string (*header)();
  std::string (*lines)(const Answer&, sheets::Cells);
};

template <typename Request, typename Answer>
StatusOr<Exit> Run(const Context& context, const PolicyOptions<Request>& options,
                   const Question<Request, Answer>& question) {
  FT_ASSIGN_OR_RETURN(const Request request, options.Asked());
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    const std::function<Status(const Answer&)> take = [&](const Answer& page) -> Status {
      FT_RETURN_IF_ERROR(CheckAnswer(page, request));
      if (!begun) PrintData(question.header());
      begun = true;
      PrintData(question.lines(page, options.cells));
      return absl::OkStatus();
    };
    const Status end = question.pages(connection.get(), request, take);
    if (!end.ok()) return end;
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, question.whole(connection.get(), request, kMaxWhole));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

constexpr Question<v1::PoliciesRequest, v1::PoliciesAnswer> kPolicies{
    PagesOfPolicies, WholePolicies, render::PoliciesCsvHeader, render::PoliciesCsvLines};
constexpr Question<v1::PolicyPairsRequest, v1::PolicyPairsAnswer> kPairs{
    PagesOfPolicyPairs, WholePolicyPairs, render::PolicyPairsCsvHeader, render::PolicyPairsCsvLines};
constexpr Question<v1::PolicyGapsRequest, v1::PolicyGapsAnswer> kGaps{
    PagesOfPolicyGaps, WholePolicyGaps, render::PolicyGapsCsvHeader, render::PolicyGapsCsvLines};

StatusOr<Exit> RunOverlap(const Context& context, PolicyOptions<v1::PolicyPairsRequest> options,
                          const std::string& kind) {
  v1::PolicyPairsRequest::Kind asked = v1::PolicyPairsRequest::KIND_OVERLAP;
  const std::string name = absl::AsciiStrToUpper(kind);
  if (!kind.empty() && (!model::ReadWord(name, &asked)))
    return absl::InvalidArgumentError(absl::StrCat(
        "--kind: \"", Escaped(kind), "\" is not one of overlap, duplication, integrate, conflict, any"));
  options.request.set_kind(asked);
  return Run(context, options, kPairs);
}

void AddOverlap(CLI::App* group, Context* context) {
  auto* overlap =
      group->add_subcommand("overlap", "Which policies overlap or say the same, and to what degree");
  overlap->alias("overlaps");
  auto options = std::make_shared<PolicyOptions<v1::PolicyPairsRequest>>();
  auto kind = std::make_shared<std::string>();
  overlap->add_option("POLICY", *options->request.mutable_policy(), "With this policy; else all pairs");
  overlap->add_option("--kind", *kind,
                      "Only such pairs: overlap, duplication, integrate, conflict or any; else overlap");
  AddCommon(overlap, options.get());
  overlap->footer("Example: fundtrail --ledger DIR policy overlap --place gbt2260:5205 --kind integrate");
  OnRun(overlap, context, [=] { return RunOverlap(*context, *options, *kind); });
}

void AddConflicts(CLI::App* group, Context* context) {
  auto* conflicts = group->add_subcommand("conflicts", "Which policies contradict each other, and why");
  conflicts->alias("conflict");
  auto options = std::make_shared<PolicyOptions<v1::PolicyPairsRequest>>();
  options->request.set_kind(v1::PolicyPairsRequest::KIND_CONFLICT);
  conflicts->add_option("POLICY", *options->request.mutable_policy(), "With this policy; else all pairs");
  AddCommon(conflicts, options.get());
  conflicts->footer("Example: fundtrail --ledger DIR policy conflicts --category EDU");
  OnRun(conflicts, context, [=] { return Run(*context, *options, kPairs); });
}

void AddGaps(CLI::App* group, Context* context) {
  auto* gaps = group->add_subcommand("gaps", "Which needs have no policy, the most severe first");
  gaps->alias("gap");
  auto options = std::make_shared<PolicyOptions<v1::PolicyGapsRequest>>();
  gaps->add_flag_callback(
      "--unverified", [options] { options->request.set_unverified(true); },
      "Counts needs that nobody verified, too");
  AddCommon(gaps, options.get());
  gaps->footer("Example: fundtrail --ledger DIR policy gaps --place gbt2260:5205");
  OnRun(gaps, context, [=] { return Run(*context, *options, kGaps); });
}

}  // namespace

void AddPolicyCommands(CLI::App* app, Context* context) {
  auto* policies =
      app->add_subcommand("policies", "Which policies are in force, and who has accepted to answer for them");
  auto options = std::make_shared<PolicyOptions<v1::PoliciesRequest>>();
  AddCommon(policies, options.get());
  policies->footer("Example: fundtrail --ledger DIR policies --place gbt2260:520521 --category EDU");
  OnRun(policies, context, [=] { return Run(*context, *options, kPolicies); });
  CLI::App* group = app->get_subcommand("policy");
  AddOverlap(group, context);
  AddConflicts(group, context);
  AddGaps(group, context);
}

}  // namespace fundtrail::cli
