// See open.h.
#include "ledger/replica/open.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/folder/cosigned.h"

namespace fundtrail::replica {

StatusOr<std::unique_ptr<log::Ledger>> OpenReplicated(const std::string& dir,
                                                      std::unique_ptr<store::GroupLog> log,
                                                      const OpenSettings& settings,
                                                      const folder::WrapStore& wrap) {
  store::LogHead head;
  const folder::CatchUp catch_up = [&](store::Store* rows, const folder::SignRows& sign) -> Status {
    FT_ASSIGN_OR_RETURN(head, log->Take(settings.replicated.holder, store::Taking::kAnew));
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
  FT_RETURN_IF_ERROR(ledger->Replicate(
      std::make_unique<log::Replicated>(std::move(log), std::move(head), settings.replicated)));
  return ledger;
}

std::string HolderOfThisProcess(const std::string& name) {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return absl::StrCat(name.empty() ? host : name, ":", getpid());
}

}  // namespace fundtrail::replica
