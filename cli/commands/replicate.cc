// replicate: the log of a ledger in a database of several machines
#include <algorithm>
#include <chrono>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/folder/attached.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/known_line.h"
#include "ledger/log/head.h"
#include "ledger/log/seal.h"
#include "ledger/postgres/postgres_log.h"
#include "ledger/replica/open.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/note.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

constexpr std::chrono::seconds kPatience{60};

struct ReplicateOptions {
  std::string url;
  bool quorum_ok = false;
  bool lost = false;
};

StatusOr<std::string> FolderOfLog(const Context& context) {
  if (!context.ledger_dir.empty()) return context.ledger_dir;
  return absl::InvalidArgumentError(
      "this is done on the ledger's own machine, while no server runs there: give --ledger DIR");
}

StatusOr<folder::Attached> LogOf(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const auto attached, folder::ReadAttached(dir));
  if (attached.has_value()) return *attached;
  FT_RETURN_IF_ERROR(folder::ReadVkey(dir).status());  // a folder that is no ledger is told as one
  return absl::FailedPreconditionError(
      absl::StrCat("the log of the ledger in ", dir,
                   " is there alone: `replicate attach URL` puts it into a database, too"));
}

StatusOr<std::unique_ptr<log::Ledger>> OpenWithLog(const Context& context, const std::string& dir,
                                                   const postgres::PostgresSettings& settings,
                                                   bool give_back) {
  FT_ASSIGN_OR_RETURN(auto log, postgres::OpenPostgresLog(settings));
  render::Progress progress = ProgressOf(context, "copying records");
  replica::OpenSettings opening;
  opening.replicated = log::SleepingSettings(replica::HolderOfThisProcess(""), kPatience);
  opening.give_back = give_back;
  opening.progress = [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  auto ledger = replica::OpenReplicated(dir, std::move(log), opening);
  progress.Finish();
  return ledger;
}

// What was done, as data or in words.
StatusOr<Exit> Done(const Context& context, const log::Ledger& ledger, const std::string& url,
                    const render::Shown& words) {
  if (!context.json) {
    Print(context, words);
    return Exit::kYes;
  }
  PrintData(nlohmann::json{{"ledger", ledger.name()}, {"records", ledger.size()}, {"url", url}}.dump(
                context.json_indent()) +
            "\n");
  return Exit::kYes;
}

StatusOr<Exit> Attach(const Context& context, const ReplicateOptions& options) {
  FT_ASSIGN_OR_RETURN(const std::string dir, FolderOfLog(context));
  FT_ASSIGN_OR_RETURN(const auto attached, folder::ReadAttached(dir));
  if (attached.has_value() && attached->url != options.url)
    return absl::FailedPreconditionError(absl::StrCat("the log of the ledger in ", dir, " is kept in ",
                                                      attached->url, ": `replicate detach` first"));
  FT_ASSIGN_OR_RETURN(const std::string vkey, folder::ReadVkey(dir));
  FT_ASSIGN_OR_RETURN(const auto verifier, tree::ParseVkey(vkey));
  postgres::PostgresSettings settings;
  settings.url = options.url;
  settings.quorum_ok = options.quorum_ok;
  FT_RETURN_IF_ERROR(postgres::PreparePostgresLog(settings, verifier.name, tree::EmptyRoot()));
  // Whoever attaches says that no machine has more. That holds of a log that this folder fills, and once.
  FT_ASSIGN_OR_RETURN(const auto ledger, OpenWithLog(context, dir, settings, !attached.has_value()));
  FT_RETURN_IF_ERROR(folder::WriteAttached(dir, {options.url, options.quorum_ok}));
  return Done(context, *ledger, options.url,
              render::Say("{} records of {} are in that database, on two disks, and in {}.\n"
                          "From now on a server of this folder gives a receipt when both have the record.\n",
                          render::Number(ledger->size()), ledger->name(), dir));
}

StatusOr<Exit> Detach(const Context& context, const ReplicateOptions& options) {
  FT_ASSIGN_OR_RETURN(const std::string dir, FolderOfLog(context));
  FT_ASSIGN_OR_RETURN(const folder::Attached attached, LogOf(dir));
  postgres::PostgresSettings settings;
  settings.url = attached.url;
  settings.quorum_ok = true;  // it is about to be left
  FT_ASSIGN_OR_RETURN(const auto ledger, options.lost ? folder::OpenFolderAfter(dir, {})
                                                      : OpenWithLog(context, dir, settings, false));
  FT_RETURN_IF_ERROR(folder::RemoveAttached(dir));
  FT_RETURN_IF_ERROR(folder::RemoveKnownLine(dir));
  return Done(context, *ledger, attached.url,
              render::Say("{} records of {} are in {}, which goes on alone.\n"
                          "Delete the database, or see to it that no other machine goes on with it.\n",
                          render::Number(ledger->size()), ledger->name(), dir));
}

StatusOr<Exit> GiveBackTo(const Context& context, const ReplicateOptions& options) {
  FT_ASSIGN_OR_RETURN(const std::string dir, FolderOfLog(context));
  FT_ASSIGN_OR_RETURN(const folder::Attached attached, LogOf(dir));
  postgres::PostgresSettings settings;
  settings.url = attached.url;
  settings.quorum_ok = attached.quorum_ok || options.quorum_ok;
  FT_ASSIGN_OR_RETURN(const auto ledger, OpenWithLog(context, dir, settings, true));
  return Done(context, *ledger, attached.url,
              render::Say("The log has all {} records of {} again: receipts for them hold.\n",
                          render::Number(ledger->size()), ledger->name()));
}

// How the log stands to this folder.
enum class Standing { kSame, kAhead, kBehind, kOther };

StatusOr<Standing> Compare(const store::Reader& rows, std::uint64_t size, const store::LogHead& head,
                           store::GroupLog* log) {
  if (head.size > size) {
    // Each record has the hash of the one before it: with the last, all are the same.
    FT_ASSIGN_OR_RETURN(const auto last, log::NeedRecord(rows, RecordIndex(size - 1)));
    FT_ASSIGN_OR_RETURN(const auto there, log->Read(size - 1));
    return !there.empty() && there.front() == last.bytes ? Standing::kAhead : Standing::kOther;
  }
  FT_ASSIGN_OR_RETURN(const Hash root, tree::RootAt(head.size, log::TreeNodes(rows)));
  if (root != head.root) return Standing::kOther;
  return head.size == size ? Standing::kSame : Standing::kBehind;
}

const char* WordFor(Standing standing) {
  switch (standing) {
    case Standing::kSame:
      return "same";
    case Standing::kAhead:
      return "ahead";
    case Standing::kBehind:
      return "behind";
    case Standing::kOther:
      return "other";
  }
  return "";
}

render::Shown SayStanding(Standing standing) {
  switch (standing) {
    case Standing::kSame:
      return render::Say("  this folder   has the same\n");
    case Standing::kAhead:
      return render::Say("  this folder   has a beginning of it, and takes the rest when it is opened\n");
    case Standing::kBehind:
      return render::Say(
          "  this folder   HAS MORE: a failover forgot records. Stop all servers, then `replicate "
          "give-back`\n");
    case Standing::kOther:
      return render::Say(
          "  this folder   HAS OTHER RECORDS: two histories. Stop all servers, and keep both\n");
  }
  return {};
}

// The servers that said how they stand, and how long ago.
std::int64_t SilentSeconds(const store::LogView& view, const store::LogMember& machine) {
  return std::max<std::int64_t>(view.now_micros - machine.seen_micros, 0) / 1'000'000;
}

nlohmann::json MachinesJson(const store::LogView& view) {
  nlohmann::json machines = nlohmann::json::array();
  for (const store::LogMember& machine : view.members)
    machines.push_back({{"holder", machine.holder},
                        {"address", machine.address},
                        {"records", machine.size},
                        {"silent_seconds", SilentSeconds(view, machine)}});
  return machines;
}

render::Shown SayMachines(const store::LogView& view) {
  render::Shown text;
  for (const store::LogMember& machine : view.members)
    text += render::Say("  server        {} at {}, {} records, heard {} seconds ago\n", machine.holder,
                        machine.address, render::Number(machine.size), SilentSeconds(view, machine));
  return text;
}

StatusOr<Exit> ShowStatus(const Context& context) {
  FT_ASSIGN_OR_RETURN(const std::string dir, FolderOfLog(context));
  FT_ASSIGN_OR_RETURN(const folder::Attached attached, LogOf(dir));
  postgres::PostgresSettings settings;
  settings.url = attached.url;
  settings.quorum_ok = true;  // it is only looked at
  FT_ASSIGN_OR_RETURN(const auto log, postgres::OpenPostgresLog(settings));
  FT_ASSIGN_OR_RETURN(const auto rows, folder::OpenFolderToRead(dir));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, log::ReadUnverifiedCheckpoint(*rows));
  FT_ASSIGN_OR_RETURN(const auto view, log->Look());
  const store::LogHead& head = view.head;
  FT_ASSIGN_OR_RETURN(const Standing standing, Compare(*rows, checkpoint.size, head, log.get()));
  const bool holds = standing == Standing::kSame || standing == Standing::kAhead;
  if (context.json) {
    PrintData(nlohmann::json{{"ledger", head.ledger},
                             {"url", attached.url},
                             {"log_records", head.size},
                             {"records", checkpoint.size},
                             {"epoch", head.epoch},
                             {"holder", head.holder},
                             {"standing", WordFor(standing)},
                             {"machines", MachinesJson(view)}}
                  .dump(context.json_indent()) +
              "\n");
  } else {
    Print(context, render::Say("The log of {} has {} records\n", head.ledger, render::Number(head.size)) +
                       render::Say("  held by       {}, epoch {}\n", head.holder, head.epoch) +
                       SayMachines(view) + SayStanding(standing));
  }
  return holds ? Exit::kYes : Exit::kNo;
}

}  // namespace

void AddReplicateCommands(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand(
      "replicate", "The ledger's log in a PostgreSQL with a standby, so that one dead disk loses no receipt");
  group->require_subcommand(1);
  group->fallthrough();
  const auto options = std::make_shared<ReplicateOptions>();
  const auto add_quorum = [&](CLI::App* command) {
    command->add_flag(
        "--quorum-ok", options->quorum_ok,
        "Any of several standbys may acknowledge. A failover must then be sure that the old primary is dead");
  };
  auto* attach = group->add_subcommand(
      "attach",
      "Copies the records to a database, and keeps the log there too from now on. May be run again");
  attach
      ->add_option("URL", options->url,
                   "Where it is: all nodes, as postgres://ledger@db1,db2/fundtrail?sslmode=verify-full")
      ->required();
  add_quorum(attach);
  attach->footer(
      "Example: fundtrail --ledger DIR replicate attach "
      "postgres://ledger@127.0.0.1:5432,127.0.0.1:5433/fundtrail");
  OnRun(attach, context, [=] { return Attach(*context, *options); });

  auto* detach = group->add_subcommand("detach", "Takes what the log has, and goes on with the folder alone");
  detach->add_flag(
      "--lost", options->lost,
      "The database is lost for good: go on with what this folder has. Receipts beyond it are lost");
  OnRun(detach, context, [=] { return Detach(*context, *options); });

  auto* status = group->add_subcommand("status", "Says how the log and this folder stand to each other");
  OnRun(status, context, [=] { return ShowStatus(*context); });

  auto* give_back = group->add_subcommand("give-back",
                                          "Gives the log the records that this folder has and a failover "
                                          "forgot, and says that no machine has more");
  add_quorum(give_back);
  OnRun(give_back, context, [=] { return GiveBackTo(*context, *options); });
}

}  // namespace fundtrail::cli
