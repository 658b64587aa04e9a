// See command_list.h.
#include "cli/command_list.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

using Names = std::set<std::string_view>;

// What adds some commands, and the names of all that it adds or adds something to.
struct Part {
  void (*add)(CLI::App* app, Context* context);
  Names names;
};

struct Title {
  const char* words;
  std::vector<Part> parts;
  bool registers = false;  // under this title, and made from the table of registers
};

// Those that add something to the group of a register stand after the registers.
std::vector<Title> Titles() {
  return {
      {"Ledgers and keys",
       {{AddKeyCommands, {"keygen", "init"}},
        {AddKeyGrantCommands, {"key"}},
        {AddLedgerKeyCommands, {"ledger-key", "root", "rules"}},
        {AddConfigCommand, {"config"}}}},
      {"Registers", {}, true},
      {"Recording",
       {{AddEntryCommands, {"pay", "reverse", "submit", "sign", "cosign"}},
        {AddImportCommand, {"import"}},
        {AddAcknowledgeCommand, {"acknowledge", "ack"}},
        {AddPersonalCommands, {"personal"}}}},
      {"Questions",
       {{AddSumCommands, {"summary", "top", "series", "idle"}},
        {AddAskCommands, {"show", "list", "balance", "statement"}},
        {AddLogCommand, {"log"}},
        {AddFlowsCommand, {"flows"}},
        {AddCommittedCommand, {"committed"}},
        {AddTraceCommands, {"trace"}},
        {AddSearchCommand, {"search"}},
        {AddFindingsCommand, {"findings"}},
        {AddProjectCommands, {"project"}},
        {AddCoverageCommands, {"coverage", "fragmentation"}},
        {AddNeedsCommand, {"needs"}},
        {AddMatchCommand, {"match"}},
        {AddPledgesCommand, {"pledges"}},
        {AddDutyCommands, {"who-answers", "deployment"}},
        {AddStandingCommands, {"standing", "evaluations", "participation"}},
        {AddPolicyCommands, {"policies", "policy"}},
        {AddTeamCommands, {"deployment"}},
        {AddGroupCommands, {"missing", "group"}},
        {AddAnswerCommands, {"acknowledgements", "concerns", "sample"}},
        {AddPublicityCommands, {"publicity", "open"}},
        {AddWatchCommand, {"watch"}}}},
      {"Checking and copying",
       {{AddVerifyCommands, {"verify", "checkpoint"}},
        {AddProofCommands, {"proof", "receipt", "consistency"}},
        {AddCloneCommand, {"clone"}},
        {AddArchiveCommand, {"archive"}},
        {AddExportCommands, {"export"}},
        {AddSiteCommand, {"site"}},
        {AddFeedCommand, {"feed"}},
        {AddWitnessCommand, {"witness"}},
        {AddReplicateCommands, {"replicate"}}}},
  };
}

// Adds the parts that `wants` says, and the registers of those names.
template <typename Wants>
void Add(const std::vector<Title>& titles, const Wants& wants, const Names& registers, CLI::App* app,
         Context* context) {
  std::set<const CLI::App*> before;
  for (const Title& title : titles) {
    if (title.registers) AddRegisterCommands(app, registers, context);
    for (const Part& part : title.parts)
      if (wants(part)) part.add(app, context);
    for (CLI::App* command : app->get_subcommands(nullptr))
      if (before.insert(command).second) command->group(title.words);
  }
}

}  // namespace

bool AddCommand(const std::string& name, CLI::App* app, Context* context) {
  const std::vector<Title> titles = Titles();
  const auto wants = [&](const Part& part) { return part.names.count(name) > 0; };
  // What is added to the group of a register needs the group.
  Names names;
  for (const Title& title : titles)
    for (const Part& part : title.parts)
      if (wants(part)) names.insert(part.names.begin(), part.names.end());
  if (model::FindRegister(name) != nullptr) names.insert(name);
  if (names.empty()) return false;
  Add(titles, wants, names, app, context);
  return true;
}

void AddCommands(CLI::App* app, Context* context) {
  Names registers;
  for (const model::Register& of : model::Registers()) registers.insert(of.name);
  Add(
      Titles(), [](const Part&) { return true; }, registers, app, context);
}

}  // namespace fundtrail::cli
