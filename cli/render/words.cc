// See words.h.
#include "cli/render/words.h"

#include "absl/strings/ascii.h"
#include "cli/render/style.h"
#include "ledger/base/decimal.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::render {

Shown Named(const std::string& id, const std::string& name) {
  return name.empty() ? Say("{}", id) : Say("{} ({})", name, id);
}

Shown OwnWord(std::string_view english) {
  std::string chinese;
  for (std::string_view rest = english; !rest.empty();) {
    const std::size_t comma = rest.find(", ");
    const std::string_view word = rest.substr(0, comma);
    if (!chinese.empty()) chinese += "，";
    chinese += Safe(ChineseOf(word)).str();
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
  }
  return Shown::Made(Safe(english).str(), chinese);
}

Shown RegisterWord(const std::string& name) {
  return model::FindRegister(name) == nullptr ? Safe(name) : OwnWord(name);
}

std::string Percent(std::int64_t basis_points) { return FormatDecimal(Amount(basis_points), 2) + "%"; }

std::string Number(std::uint64_t number) { return Money(static_cast<std::int64_t>(number), 0); }

std::string SeverityWord(std::uint32_t severity) {
  switch (severity) {
    case 0:
      return "";
    case 1:
      return "minimal";
    case 2:
      return "stressed";
    case 3:
      return "crisis";
    case 4:
      return "emergency";
    case 5:
      return "catastrophe";
    default:
      return std::to_string(severity);
  }
}

std::string RoleWord(v1::AssignDuty::Role role) {
  return v1::AssignDuty::Role_IsValid(role) ? model::Dashed(model::WordOf(role)) : "?";
}

std::string VerdictWord(v1::Evaluate::Verdict verdict) {
  if (verdict == v1::Evaluate::VERDICT_UNSPECIFIED || !v1::Evaluate::Verdict_IsValid(verdict)) return "";
  return absl::AsciiStrToLower(model::WordOf(verdict));
}

Shown JoinedText(const google::protobuf::RepeatedPtrField<v1::JoinedParty>& joined) {
  Shown text;
  for (const v1::JoinedParty& each : joined)
    text += Say("Counted under {}: {}, by join {} of record {}.\n", each.under(),
                Named(each.party(), each.party_name()), each.join(), each.record());
  return text;
}

const char* AcceptanceWords(v1::DutyLine::Acceptance acceptance) {
  switch (acceptance) {
    case v1::DutyLine::ACCEPTANCE_NAMED:
      return "named, not accepted";
    case v1::DutyLine::ACCEPTANCE_ACCEPTED:
      return "accepted";
    case v1::DutyLine::ACCEPTANCE_DECLINED:
      return "declined";
    default:
      return "?";
  }
}

}  // namespace fundtrail::render
