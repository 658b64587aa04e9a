// search
#include "cli/render/search.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// How many hits a text shows when nothing else is said.
constexpr std::uint64_t kShownHits = 20;

struct SearchOptions {
  std::vector<std::string> words, kinds, party_kinds;
  std::optional<std::uint64_t> as_of, top;
  std::string from, to;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunSearch(const Context& context, const SearchOptions& options) {
  v1::SearchRequest request;
  request.set_text(absl::StrJoin(options.words, " "));
  for (const std::string& kind : options.kinds) request.add_kinds(kind);
  for (const std::string& word : options.party_kinds) {
    v1::RegisterParty::Kind kind = v1::RegisterParty::KIND_UNSPECIFIED;
    const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
    if (!model::ReadWord(name, &kind) || kind == v1::RegisterParty::KIND_UNSPECIFIED)
      return absl::InvalidArgumentError("--party-kind: \"" + Escaped(word) + "\" is no kind of party");
    request.add_party_kinds(kind);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--from", options.from).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--to", options.to).status());
  request.set_since(options.from);
  request.set_until(options.to);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.top.value_or(options.csv || context.json ? 0 : kShownHits));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    FT_RETURN_IF_ERROR(PagesOfSearch(connection.get(), request, [&](const v1::SearchAnswer& page) -> Status {
      Status good = CheckAnswer(page, request, false);
      if (!good.ok()) return good;
      if (!begun) PrintData(render::SearchCsvHeader());
      begun = true;
      PrintData(render::SearchCsvLines(page, options.cells));
      return absl::OkStatus();
    }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeSearch(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

}  // namespace

void AddSearchCommand(CLI::App* app, Context* context) {
  auto* command = app->add_subcommand(
      "search", "Finds parties, funds, projects, payments and all else by names, ids and purposes");
  auto options = std::make_shared<SearchOptions>();
  command->add_option("TEXT", options->words, "Words that a name, an id or a purpose has, in any script")
      ->required();
  auto* kind = command->add_option(
      "--kind", options->kinds,
      "Only this kind: party, fund, project and so on, or transfer. May be given several times");
  kind->expected(1);
  kind->take_all();
  auto* party_kind = command->add_option("--party-kind", options->party_kinds,
                                         "Of parties only these; several: government, ngo and so on");
  party_kind->expected(1);
  party_kind->take_all();
  command->add_option("--from", options->from, "Of transfers only value dates from this day on");
  command->add_option("--to", options->to, "Of transfers only value dates up to this day");
  command
      ->add_option("--top", options->top,
                   "The most hits to print; else 20, with --csv or --json all. 0 prints all")
      ->check(WholeNumber());
  AddAsOf(command, &options->as_of);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  command->footer("Example: fundtrail --ledger DIR search world food");
  OnRun(command, context, [=] { return RunSearch(*context, *options); });
}

}  // namespace fundtrail::cli
