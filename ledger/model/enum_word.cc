// See enum_word.h.
#include "ledger/model/enum_word.h"

#include "absl/strings/ascii.h"

namespace fundtrail::model {
namespace {

// How much of the value's name is the enum's: 11, NEED_STATE_, for NeedState. 0 when the name does not begin so.
std::size_t PrefixSize(std::string_view of, std::string_view name) {
  std::size_t at = 0;
  const auto next = [&](char sign) { return at < name.size() && name[at++] == sign; };
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (i > 0 && absl::ascii_isupper(static_cast<unsigned char>(of[i])) && !next('_')) return 0;
    if (!next(absl::ascii_toupper(static_cast<unsigned char>(of[i])))) return 0;
  }
  return next('_') ? at : 0;
}

}  // namespace

std::string_view WordOf(const google::protobuf::EnumValueDescriptor& value) {
  const std::string_view name = value.name();
  const std::string_view rest = name.substr(PrefixSize(value.type()->name(), name));
  return value.number() == 0 && rest == "UNSPECIFIED" ? name : rest;
}

std::string WordOf(const google::protobuf::EnumDescriptor& of, int number) {
  const auto* const value = of.FindValueByNumber(number);
  return value == nullptr ? std::string() : std::string(WordOf(*value));
}

const google::protobuf::EnumValueDescriptor* ValueOfWord(const google::protobuf::EnumDescriptor& of,
                                                         std::string_view word) {
  for (int i = 0; i < of.value_count(); ++i)
    if (WordOf(*of.value(i)) == word) return of.value(i);
  return nullptr;
}

}  // namespace fundtrail::model
