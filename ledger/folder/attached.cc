// See attached.h.
#include "ledger/folder/attached.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::folder {
namespace {

constexpr std::size_t kMaxLogUrl = 2'048;
constexpr char kQuorumLine[] = "quorum_ok\n";

std::string LogUrlPath(const std::string& dir) { return dir + "/log-url"; }

}  // namespace

StatusOr<std::optional<Attached>> ReadAttached(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const auto text, ReadKeptFile(LogUrlPath(dir), kMaxLogUrl + sizeof kQuorumLine));
  if (!text.has_value()) return std::optional<Attached>();
  Attached attached;
  const std::size_t end = text->find('\n');
  attached.url = text->substr(0, end);
  const std::string rest = end == std::string::npos ? "?" : text->substr(end + 1);
  attached.quorum_ok = rest == kQuorumLine;
  if (attached.url.empty() || (!rest.empty() && !attached.quorum_ok))
    return absl::DataLossError(absl::StrCat(LogUrlPath(dir), " is not one line with a URL"));
  return std::optional(attached);
}

Status WriteAttached(const std::string& dir, const Attached& attached) {
  if (attached.url.empty() || attached.url.size() >= kMaxLogUrl ||
      attached.url.find('\n') != std::string::npos)
    return absl::InvalidArgumentError("the URL of a log is one line, of less than 2,048 bytes");
  return WriteFileAtomically(LogUrlPath(dir),
                             absl::StrCat(attached.url, "\n", attached.quorum_ok ? kQuorumLine : ""));
}

Status RemoveAttached(const std::string& dir) {
  std::error_code error;
  std::filesystem::remove(LogUrlPath(dir), error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot remove ", LogUrlPath(dir), ": ", error.message()));
  return SyncPath(dir);
}

}  // namespace fundtrail::folder
