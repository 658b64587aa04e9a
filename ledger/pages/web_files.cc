// See web_files.h.
#include "ledger/pages/web_files.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::pages {
namespace {

// The fallback for old browsers, as it was made of a library. Its one comment is the licence.
constexpr std::string_view kNotOurs = "noble.js";

}  // namespace

const WebFile* FindWebFile(std::string_view name) {
  for (const WebFile& file : WebFiles())
    if (file.name == name) return &file;
  return nullptr;
}

std::string ServedText(const WebFile& file) {
  if (!file.name.ends_with(".js") || file.name == kNotOurs) return std::string(file.body);
  std::string text;
  text.reserve(file.body.size());
  bool in_comment = false;
  for (std::string_view rest = file.body; !rest.empty();) {
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    const bool ends = line.ends_with("*/\n");
    std::string_view begin = line;
    begin.remove_prefix(std::min(begin.find_first_not_of(' '), begin.size()));
    const bool is_comment =
        in_comment || begin.starts_with("//") || begin == "/**\n" || (begin.starts_with("/**") && ends);
    if (!is_comment) text.append(line);
    in_comment = (in_comment || begin == "/**\n") && !ends;
  }
  return text;
}

std::string ModulesText() {
  std::string rows;
  for (const WebFile& file : WebFiles()) {
    absl::StrAppend(&rows, rows.empty() ? "\n" : ",\n", R"(  {"path": "web/)", Abseil(file.name),
                    R"(", "sha256": ")", HexEncode(crypto::Sha256(ServedText(file)).view()), R"("})");
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
