// See open.h.
#include "ledger/replica/open.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/known_line.h"
#include "ledger/log/head.h"
#include "ledger/replica/member.h"

namespace fundtrail::replica {

namespace {

// A process that opens the folder by itself hears nobody. So where several machines served the ledger, a person must say which has most.
Status CheckLine(const std::optional<folder::KnownLine>& known, const store::Reader& rows,
                 const store::LogHead& head) {
  if (!known.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto checkpoint, log::ReadUnverifiedCheckpoint(rows));
    return checkpoint.size < head.size ? FolderKnowsNothing() : absl::OkStatus();
  }
  if (known->line == head.line || known->machines.size() < 2) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the database failed over since this folder was written to, and several machines serve the ledger: "
      "some records that have receipts may be forgotten. Start the server, or run `fundtrail --ledger DIR "
      "replicate give-back` on the machine that has most");
}

}  // namespace

StatusOr<std::unique_ptr<log::Ledger>> OpenReplicated(const std::string& dir,
                                                      std::unique_ptr<store::GroupLog> log,
                                                      const OpenSettings& settings,
                                                      const folder::WrapStore& wrap) {
  store::LogHead head;
  std::optional<folder::KnownLine>
      known;  // a person's word needs none, nor is it held up by one that cannot be read
  if (!settings.give_back) {
    FT_ASSIGN_OR_RETURN(known, folder::ReadKnownLine(dir));
  }
  const folder::CatchUp catch_up = [&](store::Store* rows, const folder::SignRows& sign) -> Status {
    if (!settings.give_back) {
      FT_ASSIGN_OR_RETURN(head, log->Peek());  // whoever may not have it takes it from nobody
      FT_RETURN_IF_ERROR(CheckLine(known, *rows, head));
    }
    FT_ASSIGN_OR_RETURN(head, log->Take(settings.replicated.holder, store::Taking::kAnew));
    if (!settings.give_back) FT_RETURN_IF_ERROR(CheckLine(known, *rows, head));
    if (settings.give_back) {
      FT_ASSIGN_OR_RETURN(head, GiveBack(*rows, log.get(), std::move(head), settings.progress));
    }
    return CatchUp(rows, log.get(), head, sign, settings.progress);
  };
  FT_ASSIGN_OR_RETURN(auto ledger, folder::OpenFolderAfter(dir, catch_up, wrap));
  FT_ASSIGN_OR_RETURN(const auto cosigned, folder::ReadCosigned(dir));
  if (cosigned.has_value())
    FT_RETURN_IF_ERROR(
        Annotate(folder::CheckCosigned(*cosigned, ledger->name(), ledger->store(), ledger->size()).status(),
                 "the log"));
  if (!known.has_value()) known.emplace();
  known->line = head.line;
  known->taken_as = settings.replicated.holder;
  FT_RETURN_IF_ERROR(ledger->Replicate(
      std::make_unique<log::Replicated>(std::move(log), std::move(head), settings.replicated)));
  FT_RETURN_IF_ERROR(folder::WriteKnownLine(dir, *known));
  return ledger;
}

std::string HolderOfThisProcess(const std::string& name) {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return absl::StrCat(name.empty() ? host : name, ":", getpid());
}

}  // namespace fundtrail::replica
