// See attached.h.
#include "ledger/folder/attached.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::folder {
namespace {

constexpr std::size_t kMaxLogUrl = 2'048;

std::string LogUrlPath(const std::string& dir) { return dir + "/log-url"; }

}  // namespace

StatusOr<std::optional<std::string>> ReadLogUrl(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(auto text, ReadKeptFile(LogUrlPath(dir), kMaxLogUrl));
  if (!text.has_value()) return std::optional<std::string>();
  const std::size_t end = text->find('\n');
  if (end == 0 || end == std::string::npos || end + 1 != text->size())
    return absl::DataLossError(absl::StrCat(LogUrlPath(dir), " is not one line with a URL"));
  return std::optional(text->substr(0, end));
}

Status WriteLogUrl(const std::string& dir, const std::string& url) {
  if (url.empty() || url.size() >= kMaxLogUrl || url.find('\n') != std::string::npos)
    return absl::InvalidArgumentError("the URL of a log is one line, of less than 2,048 bytes");
  return WriteFileAtomically(LogUrlPath(dir), url + "\n");
}

Status RemoveLogUrl(const std::string& dir) {
  std::error_code error;
  std::filesystem::remove(LogUrlPath(dir), error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot remove ", LogUrlPath(dir), ": ", error.message()));
  return SyncPath(dir);
}

}  // namespace fundtrail::folder
