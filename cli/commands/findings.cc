// findings, findings rules
#include "cli/render/findings.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/context.h"
#include "cli/render/csv.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"
#include "ledger/model/finding_rules.h"

namespace fundtrail::cli {
namespace {

// How many findings of each rule a text shows when nothing else is said.
constexpr std::uint64_t kShownFindings = 10;

struct FindingsOptions {
  v1::FindingsRequest request;
  std::vector<std::string> rules, set;
  std::optional<std::uint64_t> as_of;
  std::uint64_t top = kShownFindings;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

// The rules as an answer that no ledger gave: what a program reads.
StatusOr<Exit> RunFindingRules(const Context& context) {
  v1::FindingsAnswer rules;
  for (const model::FindingRuleText& text : model::FindingRules()) {
    v1::FindingRuleLine* line = rules.add_rules();
    line->set_rule(text.rule);
    line->set_formula(text.formula);
    line->set_innocent(text.innocent);
    for (const model::FindingParameterRule& rule : text.parameters) {
      v1::FindingParameter* parameter = line->add_parameters();
      parameter->set_name(rule.name);
      parameter->set_value(rule.usual);
    }
  }
  return PrintAnswer(context, rules, [&] { return render::FindingRulesText(context.style()); });
}

StatusOr<Exit> RunFindings(const Context& context, const FindingsOptions& options) {
  v1::FindingsRequest request = options.request;
  for (const std::string& name : options.rules) {
    const model::FindingRuleText* rule = model::FindFindingRule(name);
    if (rule == nullptr)
      return absl::InvalidArgumentError(
          absl::StrCat("--rule: \"", Escaped(name), "\" is not one of ", model::FindingRuleNames()));
    request.add_rules(rule->rule);
  }
  for (const std::string& text : options.set) {
    FT_RETURN_IF_ERROR(model::ParseFindingSetting(text).status());
    request.add_set(text);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    render::ItemNames names;
    FT_RETURN_IF_ERROR(
        PagesOfFindings(connection.get(), request, [&](const v1::FindingsAnswer& page) -> Status {
          Status good = CheckAnswer(page, request, false);
          if (!good.ok()) return good;
          if (!begun) PrintData(render::FindingsCsvHeader());
          begun = true;
          names.Add(page.names());
          PrintData(render::FindingsCsvLines(page, names, options.cells));
          return absl::OkStatus();
        }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeFindings(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, options.top, context.style()); });
}

}  // namespace

void AddFindingsCommand(CLI::App* app, Context* context) {
  auto* findings =
      app->add_subcommand("findings", "What an auditor looks for: where money lies, turns or repeats");
  auto options = std::make_shared<FindingsOptions>();
  findings->add_option("--rule", options->rules, "Only this rule; it may be given more than once. Else all")
      ->expected(1)
      ->take_all();
  findings->add_option("--party", *options->request.mutable_party(), "Only findings that name this party");
  findings->add_option("--fund", *options->request.mutable_fund(), "Only findings about money in this fund");
  findings->add_option("--on", *options->request.mutable_on(),
                       "The day up to which days are counted; else the day of the last record");
  findings
      ->add_option("--set", options->set,
                   "Another value of a parameter: IDLE.days=90; it may be given more than once")
      ->type_name("RULE.PARAMETER=NUMBER")
      ->expected(1)
      ->take_all();
  findings
      ->add_option("--top", options->top,
                   absl::StrCat("The most findings of each rule to print as text; else ", kShownFindings,
                                ". 0 prints all"))
      ->check(WholeNumber());
  AddAsOf(findings, &options->as_of);
  AddRaw(
      findings, &options->cells,
      findings->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV), with all findings"));
  auto* rules =
      findings->add_subcommand("rules", "What each rule compares, and its parameters. Needs no ledger");
  rules->footer("Example: fundtrail findings rules");
  findings->fallthrough();
  findings->footer("Example: fundtrail --ledger DIR findings --rule IDLE --set IDLE.days=90");
  // This one runs last, whichever was named.
  OnRun(findings, context,
        [=] { return rules->parsed() ? RunFindingRules(*context) : RunFindings(*context, *options); });
}

}  // namespace fundtrail::cli
