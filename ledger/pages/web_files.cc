// See web_files.h.
#include "ledger/pages/web_files.h"

#include "absl/strings/match.h"
#include "ledger/base/text.h"

namespace fundtrail::pages {

const WebFile* FindWebFile(std::string_view name) {
  for (const WebFile& file : WebFiles())
    if (file.name == name) return &file;
  return nullptr;
}

std::string_view WebType(std::string_view name) {
  const absl::string_view text = Abseil(name);
  if (absl::EndsWith(text, ".css")) return "text/css; charset=utf-8";
  if (absl::EndsWith(text, ".js")) return "text/javascript; charset=utf-8";
  if (absl::EndsWith(text, ".html")) return "text/html; charset=utf-8";
  return "text/plain; charset=utf-8";
}

}  // namespace fundtrail::pages
