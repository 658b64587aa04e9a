// See web_files.h.
#include "ledger/pages/web_files.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::pages {

const WebFile* FindWebFile(std::string_view name) {
  for (const WebFile& file : WebFiles())
    if (file.name == name) return &file;
  return nullptr;
}

std::string ModulesText() {
  std::string rows;
  for (const WebFile& file : WebFiles()) {
    absl::StrAppend(&rows, rows.empty() ? "\n" : ",\n", R"(  {"path": "web/)", Abseil(file.name),
                    R"(", "sha256": ")", HexEncode(crypto::Sha256(file.body).view()), R"("})");
  }
  return absl::StrCat("{\"modules\": [", rows, "\n]}\n");
}

std::string_view WebType(std::string_view name) {
  const absl::string_view text = Abseil(name);
  if (absl::EndsWith(text, ".css")) return "text/css; charset=utf-8";
  if (absl::EndsWith(text, ".js")) return "text/javascript; charset=utf-8";
  if (absl::EndsWith(text, ".html")) return "text/html; charset=utf-8";
  return "text/plain; charset=utf-8";
}

}  // namespace fundtrail::pages
