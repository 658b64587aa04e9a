// RocksDB's errors as ours. RocksDB tells some apart only in its text; the version is Debian's 7.8.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/store/rocks_internal.h"

namespace fundtrail::store {
namespace {

// The file of "block checksum mismatch: stored = 3, computed = 5, type = 4  in DIR/000074.sst offset 0 size 2692"; empty of
// anything else.
std::string FileOfMismatch(const std::string& detail) {
  if (!absl::StrContains(detail, "checksum mismatch")) return "";
  // The folder's own name may have either word in it: the file begins behind the first and ends before the last.
  const std::size_t file = detail.find(" in "), end = detail.rfind(" offset ");
  if (file == std::string::npos || end == std::string::npos || end < file + 4) return "";
  return detail.substr(file + 4, end - file - 4);
}

}  // namespace

Status FromRocks(const rocksdb::Status& status, const std::string& path) {
  if (status.ok()) return absl::OkStatus();
  const std::string detail = status.getState() != nullptr ? status.getState() : status.ToString();
  if (status.IsNoSpace() ||
      (status.IsIOError() && status.subcode() == rocksdb::Status::SubCode::kSpaceLimit)) {
    return absl::UnavailableError(absl::StrCat("the disk is full: nothing can be written to ", path,
                                               "; free some space and try again"));
  }
  if (status.IsIOError() && absl::StrContains(detail, "File too large")) {
    return absl::UnavailableError(absl::StrCat(
        "a file in ", path, " may not grow further: raise the limit on the size of files (ulimit -f, ",
        "LimitFSIZE) and start again"));
  }
  if (status.IsIOError() && absl::StartsWith(detail, "lock hold by current process")) {
    return absl::UnavailableError(
        absl::StrCat("this process already has the ledger open for writing in ", path));
  }
  if (status.IsIOError() && absl::StartsWith(detail, "While lock file")) {
    return absl::UnavailableError(absl::StrCat("another process has this ledger open for writing in ", path,
                                               "; stop it first, or send what you have to it"));
  }
  if (status.IsIOError() && absl::StrContains(detail, "Permission denied")) {
    return absl::PermissionDeniedError(
        absl::StrCat("no permission to use the ledger's files in ", path, ": ", detail));
  }
  if (const std::string file = FileOfMismatch(detail); status.IsCorruption() && !file.empty())
    return absl::DataLossError(absl::StrCat("the ledger's files in ", path, " are damaged: ", file,
                                            " has other bytes than were written to it; bring the directory "
                                            "back from a copy"));
  // Rows that are not whole values, but changes to be merged into one: no ledger has any.
  const bool merges = absl::StrContains(detail, "merge_operator");
  if (status.IsCorruption() || status.IsPathNotFound() || merges) {
    return absl::DataLossError(absl::StrCat("the ledger's files in ", path, " are damaged: ", detail,
                                            "; bring the directory back from a copy"));
  }
  if (status.IsIOError()) {
    return absl::UnavailableError(
        absl::StrCat("the disk under ", path, " cannot be read or written: ", detail));
  }
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return absl::FailedPreconditionError(
        absl::StrCat("this program cannot read the ledger's files in ", path, ": ", detail));
  }
  if (status.IsBusy() || status.IsTimedOut() || status.IsTryAgain() || status.IsAborted() ||
      status.IsIncomplete() || status.IsShutdownInProgress()) {
    return absl::UnavailableError(absl::StrCat("the ledger's files in ", path, " are not ready: ", detail));
  }
  return absl::InternalError(absl::StrCat("the store in ", path, " failed: ", status.ToString()));
}

}  // namespace fundtrail::store
