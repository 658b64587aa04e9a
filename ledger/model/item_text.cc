// See item_text.h.
#include "ledger/model/item_text.h"

#include <algorithm>
#include <cstdint>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/form.h"

namespace fundtrail::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// How many fields of a message in an item must be there: those up to the last that is required.
int NeededParts(const Descriptor& of) {
  int needed = 0;
  for (int i = 0; i < of.field_count(); ++i)
    if (FormOf(*of.field(i)).required()) needed = i + 1;
  return needed;
}

bool IsAmount(const FieldDescriptor& field) { return !FormOf(field).amount_in().empty(); }

// The asset that an amount counts; empty when the message names none.
std::string AssetOf(const Message& message, const FieldDescriptor& amount) {
  const auto* asset = message.GetDescriptor()->FindFieldByName(FormOf(amount).amount_in());
  return asset == nullptr ? "" : message.GetReflection()->GetString(message, asset);
}

std::string ValueText(const Message& item, const FieldDescriptor& field, int i,
                      const AmountDecimals& decimals);

// The same decimals, as they are for the amounts of a message inside the item.
AmountDecimals Inside(const Message& parts, const AmountDecimals& decimals) {
  AmountDecimals inside;
  inside.commas = decimals.commas;
  for (int i = 0; i < parts.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *parts.GetDescriptor()->field(i);
    if (!IsAmount(field)) continue;
    const auto known = decimals.of_assets.find(AssetOf(parts, field));
    if (known != decimals.of_assets.end()) inside.own = known->second;
  }
  return inside;
}

// The fields of a message with "=" between them, up to the last that must be there or says something.
std::string PartsText(const Message& parts, const AmountDecimals& decimals) {
  const Descriptor& of = *parts.GetDescriptor();
  int said = NeededParts(of);
  for (int i = said; i < of.field_count(); ++i)
    if (parts.GetReflection()->HasField(parts, of.field(i))) said = i + 1;
  const AmountDecimals inside = Inside(parts, decimals);
  std::string text;
  for (int i = 0; i < said; ++i)
    absl::StrAppend(&text, i > 0 ? "=" : "", ValueText(parts, *of.field(i), 0, inside));
  return text;
}

std::string AmountText(std::int64_t amount, const AmountDecimals& decimals) {
  if (!decimals.own.has_value()) return absl::StrCat(amount, " (smallest unit)");
  return decimals.commas ? FormatDecimal(Amount(amount), *decimals.own)
                         : FormatPlain(Amount(amount), *decimals.own);
}

std::string ValueText(const Message& item, const FieldDescriptor& field, int i,
                      const AmountDecimals& decimals) {
  const auto* read = item.GetReflection();
  const bool list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? read->GetRepeatedString(item, &field, i) : read->GetString(item, &field);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          list ? read->GetRepeatedEnumValue(item, &field, i) : read->GetEnumValue(item, &field);
      if (number == 0 && !list) return "";  // nobody said it: a part of a message with more behind it
      const std::string word = WordOf(*field.enum_type(), number);
      return word.empty() ? absl::StrCat(number) : Dashed(word);
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(list ? read->GetRepeatedUInt32(item, &field, i) : read->GetUInt32(item, &field));
    case FieldDescriptor::CPPTYPE_INT64: {
      const std::int64_t number =
          list ? read->GetRepeatedInt64(item, &field, i) : read->GetInt64(item, &field);
      return IsAmount(field) ? AmountText(number, decimals) : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return read->GetBool(item, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return PartsText(list ? read->GetRepeatedMessage(item, &field, i) : read->GetMessage(item, &field),
                       decimals);
    default:
      return "";
  }
}

Status Wrong(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(text), "\" is ", std::string(what)));
}

// Nobody says the value UNSPECIFIED. Of an enum whose value 0 is a word, as MEMBER, it is said as any other.
StatusOr<int> EnumNumber(const EnumDescriptor& choices, const std::string& text) {
  std::string names;
  for (int i = 0; i < choices.value_count(); ++i) {
    const std::string name = Dashed(WordOf(*choices.value(i)));
    if (absl::EndsWith(name, "unspecified")) continue;
    std::string said = absl::AsciiStrToLower(text);
    std::replace(said.begin(), said.end(), '_', '-');
    std::replace(said.begin(), said.end(), ' ', '-');
    if (said == name) return choices.value(i)->number();
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  return Wrong(text, "not one of " + names);
}

template <typename Number>
StatusOr<Number> NumberIn(const std::string& text) {
  Number number = 0;
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(text, &number))
    return Wrong(text, "not a whole number");
  return number;
}

StatusOr<std::int64_t> AmountIn(const std::string& text, int decimals) {
  const auto amount = ParseDecimal(text, decimals);
  if (amount.ok()) return amount->value();
  return Wrong(text, absl::StrCat("not an amount of an asset with ", decimals, " decimals"));
}

// "SCHEME=ID"; what may be left out stands in brackets: "INDICATOR=TARGET[=UNIT]".
std::string PartsForm(const Descriptor& of) {
  const int needed = NeededParts(of);
  std::string form;
  for (int i = 0; i < of.field_count(); ++i) {
    const std::string part = absl::StrCat(i > 0 ? "=" : "", absl::AsciiStrToUpper(of.field(i)->name()));
    absl::StrAppend(&form, i < needed ? part : absl::StrCat("[", part, "]"));
  }
  return form;
}

// The decimals of an asset.
using OfAsset = std::function<StatusOr<int>(const std::string& asset)>;

Status SetValue(Message* item, const FieldDescriptor& field, const std::string& text,
                const OfAsset& decimals_of);

// The text is split at each "="; the last field takes the rest.
Status SetParts(Message* parts, const std::string& text, const OfAsset& decimals_of) {
  const Descriptor& of = *parts->GetDescriptor();
  std::size_t at = 0;
  for (int i = 0; i < of.field_count(); ++i) {
    const bool last = i + 1 == of.field_count();
    const std::size_t end = last ? std::string::npos : text.find('=', at);
    if (end == std::string::npos && i + 1 < NeededParts(of))
      return Wrong(text, "not of the form " + PartsForm(of));
    const std::string part = text.substr(at, end == std::string::npos ? end : end - at);
    if (!part.empty()) {
      // Nobody can read an amount of no asset.
      if (IsAmount(*of.field(i)) && AssetOf(*parts, *of.field(i)).empty())
        return Wrong(text, "not of the form " + PartsForm(of));
      FT_RETURN_IF_ERROR(SetValue(parts, *of.field(i), part, decimals_of));
    }
    if (end == std::string::npos) break;
    at = end + 1;
  }
  return absl::OkStatus();
}

// One more value of a list, or the value of a field.
Status SetValue(Message* item, const FieldDescriptor& field, const std::string& text,
                const OfAsset& decimals_of) {
  const auto* write = item->GetReflection();
  const bool list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      list ? write->AddString(item, &field, text) : write->SetString(item, &field, text);
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM: {
      FT_ASSIGN_OR_RETURN(const int number, EnumNumber(*field.enum_type(), text));
      list ? write->AddEnumValue(item, &field, number) : write->SetEnumValue(item, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      FT_ASSIGN_OR_RETURN(const auto number, NumberIn<std::uint32_t>(text));
      list ? write->AddUInt32(item, &field, number) : write->SetUInt32(item, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      int decimals = 0;
      if (IsAmount(field)) {
        FT_ASSIGN_OR_RETURN(decimals, decimals_of(AssetOf(*item, field)));
      }
      FT_ASSIGN_OR_RETURN(const std::int64_t number,
                          IsAmount(field) ? AmountIn(text, decimals) : NumberIn<std::int64_t>(text));
      list ? write->AddInt64(item, &field, number) : write->SetInt64(item, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "yes" && text != "no") return Wrong(text, "neither yes nor no");
      write->SetBool(item, &field, text == "yes");
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetParts(list ? write->AddMessage(item, &field) : write->MutableMessage(item, &field), text,
                      decimals_of);
    default:
      return absl::InternalError(absl::StrCat("a field of a kind that nobody writes: ", field.name()));
  }
}

Status SetTexts(Message* item, const FieldDescriptor& field, const std::vector<std::string>& texts,
                const OfAsset& decimals_of) {
  item->GetReflection()->ClearField(item, &field);
  if (texts.empty() || (texts.size() == 1 && texts[0].empty())) return absl::OkStatus();
  if (texts.size() > 1 && !field.is_repeated())
    return absl::InvalidArgumentError("one value may be here, and not several");
  for (const std::string& text : texts) FT_RETURN_IF_ERROR(SetValue(item, field, text, decimals_of));
  return absl::OkStatus();
}

// An amount that nobody stated would count another asset.
Status CheckLeftAmounts(const Message& before, const Message& item, const std::vector<FieldValue>& values,
                        const FieldFault& tell) {
  for (int i = 0; i < item.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *item.GetDescriptor()->field(i);
    if (!IsAmount(field) || !item.GetReflection()->HasField(item, &field)) continue;
    const bool stated = std::any_of(values.begin(), values.end(),
                                    [&](const FieldValue& value) { return value.field == &field; });
    const std::string was = AssetOf(before, field), is = AssetOf(item, field);
    if (stated || was == is) continue;
    return tell(field, absl::InvalidArgumentError(absl::StrCat("it counted \"", Escaped(was),
                                                               "\", and would count \"", Escaped(is),
                                                               "\": say the amount too")));
  }
  return absl::OkStatus();
}

}  // namespace

std::string Dashed(std::string_view name) {
  std::string text = absl::AsciiStrToLower(std::string(name));
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

std::vector<std::string> FieldTexts(const Message& item, const FieldDescriptor& field,
                                    const AmountDecimals& decimals) {
  std::vector<std::string> texts;
  const auto* read = item.GetReflection();
  if (field.is_repeated()) {
    for (int i = 0; i < read->FieldSize(item, &field); ++i)
      texts.push_back(ValueText(item, field, i, decimals));
  } else if (read->HasField(item, &field)) {
    texts.push_back(ValueText(item, field, 0, decimals));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 && FormOf(field).fixed()) {
    texts.emplace_back("0");  // a level or a count of decimals is said by it too
  }
  return texts;
}

Status EachAmount(const Message& item,
                  const std::function<Status(const FieldDescriptor& field, const std::string& asset)>& take) {
  const auto* read = item.GetReflection();
  for (int i = 0; i < item.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *item.GetDescriptor()->field(i);
    if (IsAmount(field)) {
      const std::string asset = AssetOf(item, field);
      if (!asset.empty()) FT_RETURN_IF_ERROR(take(field, asset));
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const auto inside = [&](const FieldDescriptor&, const std::string& asset) { return take(field, asset); };
    if (!field.is_repeated()) FT_RETURN_IF_ERROR(EachAmount(read->GetMessage(item, &field), inside));
    for (int n = 0; field.is_repeated() && n < read->FieldSize(item, &field); ++n)
      FT_RETURN_IF_ERROR(EachAmount(read->GetRepeatedMessage(item, &field, n), inside));
  }
  return absl::OkStatus();
}

Status SetField(Message* item, const FieldDescriptor& field, const std::vector<std::string>& texts,
                int decimals) {
  return SetTexts(item, field, texts, [decimals](const std::string&) { return StatusOr<int>(decimals); });
}

Status SetFields(Message* item, const std::vector<FieldValue>& values, const DecimalsOf& decimals_of,
                 const FieldFault& tell) {
  const std::unique_ptr<Message> before(item->New());
  before->CopyFrom(*item);
  for (const bool amounts : {false, true}) {
    for (const FieldValue& value : values) {
      if (IsAmount(*value.field) != amounts) continue;
      Status unknown;
      const OfAsset of_asset = [&](const std::string& asset) {
        auto decimals = decimals_of(*value.field, asset);
        unknown = decimals.status();
        return decimals;
      };
      const Status status = SetTexts(item, *value.field, value.texts, of_asset);
      FT_RETURN_IF_ERROR(unknown);
      if (!status.ok()) return tell(*value.field, status);
    }
  }
  return CheckLeftAmounts(*before, *item, values, tell);
}

Status FillUsual(Message* item, const std::vector<const FieldDescriptor*>& stated,
                 const std::string& author) {
  const auto* of = item->GetDescriptor();
  for (int i = 0; i < of->field_count(); ++i) {
    const std::string& usual = FormOf(*of->field(i)).usual();
    if (usual.empty() || std::find(stated.begin(), stated.end(), of->field(i)) != stated.end()) continue;
    FT_RETURN_IF_ERROR(SetField(item, *of->field(i), {usual == "@author" ? author : usual}));
  }
  return absl::OkStatus();
}

void EmptyVoid(Message* item, const std::vector<const FieldDescriptor*>& stated) {
  const auto says = [&](const FieldDescriptor* field) {
    return std::find(stated.begin(), stated.end(), field) != stated.end();
  };
  const auto* of = item->GetDescriptor();
  for (int i = 0; i < of->field_count(); ++i) {
    const std::string& other = FormOf(*of->field(i)).unless();
    if (!other.empty() && says(of->FindFieldByName(other)) && !says(of->field(i)))
      item->GetReflection()->ClearField(item, of->field(i));
  }
}

}  // namespace fundtrail::model
