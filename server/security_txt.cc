// See security_txt.h.
#include "server/security_txt.h"

#include <cstddef>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kMaxSecurityTxt = std::size_t{32} << 10;

// Fields have no case.
bool HasField(const std::string& text, absl::string_view field) {
  for (const absl::string_view line : absl::StrSplit(text, '\n'))
    if (absl::StartsWithIgnoreCase(line, field)) return true;
  return false;
}

}  // namespace

StatusOr<std::string> ReadSecurityTxt(const std::string& path) {
  if (path.empty()) return std::string();
  FT_ASSIGN_OR_RETURN(std::string text, ReadFileFront(path, kMaxSecurityTxt + 1));
  if (text.size() > kMaxSecurityTxt)
    return absl::InvalidArgumentError(
        absl::StrCat("http_security_txt: ", Escaped(path), " has more than ", kMaxSecurityTxt, " bytes"));
  for (const char* field : {"Contact:", "Expires:"})
    if (!HasField(text, field))
      return absl::InvalidArgumentError(absl::StrCat("http_security_txt: ", Escaped(path),
                                                     " has no line that begins with ", field,
                                                     ", which RFC 9116 asks for"));
  return text;
}

}  // namespace fundtrail::server
