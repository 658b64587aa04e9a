// See map.h. What a map means; map_toml.cc reads one.
#include "ledger/sheets/map.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kFieldNames[kFieldCount] = {
    "date",  "from",    "to",        "amount", "asset",      "fund",       "project",     "project_words",
    "kind",  "purpose", "reference", "draws",  "from_name",  "to_name",    "from_role",   "to_role",
    "place", "stage",   "need",      "pledge", "assignment", "commitment", "from_project"};

}  // namespace

std::string_view NameOf(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }

std::optional<PartyRole> ParsePartyRole(std::string_view text) {
  const std::string role = absl::AsciiStrToUpper(absl::string_view(text.data(), text.size()));
  if (role.empty() || role == "AUTO") return PartyRole::kAuto;
  if (role == "SOURCE") return PartyRole::kSource;
  if (role == "HOLDER") return PartyRole::kHolder;
  if (role == "RECIPIENT") return PartyRole::kRecipient;
  return std::nullopt;
}

std::string_view NameOf(PartyRole role) {
  switch (role) {
    case PartyRole::kSource:
      return "SOURCE";
    case PartyRole::kHolder:
      return "HOLDER";
    case PartyRole::kRecipient:
      return "RECIPIENT";
    case PartyRole::kAuto:
      break;
  }
  return "auto";
}

std::string Describe(const Condition& condition) {
  if (condition.amount_zero) return "amount is zero";
  const auto quoted = [](std::string* out, const std::string& text) {
    absl::StrAppend(out, "\"", text, "\"");
  };
  std::vector<std::string> parts;
  if (!condition.values.empty()) parts.push_back("is " + absl::StrJoin(condition.values, " or ", quoted));
  if (!condition.contains.empty())
    parts.push_back("contains " + absl::StrJoin(condition.contains, " or ", quoted));
  if (condition.empty) parts.emplace_back("is empty");
  return absl::StrCat(condition.column, " ", absl::StrJoin(parts, " or "));
}

std::string WhereOf(const ImportMap& map, Field field) {
  const std::vector<std::string>& columns = map.columns_of(field);
  std::string name(NameOf(field));
  if (columns.empty() || columns.front() == name) return name;
  return absl::StrCat(name, " (column ", Escaped(absl::StrJoin(columns, ", ")), ")");
}

ImportMap DefaultMap() {
  ImportMap map;
  for (std::size_t i = 0; i < kFieldCount; ++i) map.columns[i] = {std::string(kFieldNames[i])};
  map.columns_optional = true;
  return map;
}

int DefaultDecimals(std::string_view asset) {
  // ISO 4217, list one of 2024: the currencies whose minor unit is not the hundredth.
  static constexpr std::string_view kNone[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                               "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
  static constexpr std::string_view kThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  if (std::find(std::begin(kNone), std::end(kNone), asset) != std::end(kNone)) return 0;
  if (std::find(std::begin(kThree), std::end(kThree), asset) != std::end(kThree)) return 3;
  return 2;
}

}  // namespace fundtrail::sheets
