// See item_text.h.
#include "ledger/model/item_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/text.h"
#include "ledger/model/form.h"

namespace fundtrail::model {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string PairText(const Message& pair) {
  const auto* read = pair.GetReflection();
  const auto* of = pair.GetDescriptor();
  return absl::StrCat(read->GetString(pair, of->field(0)), "=", read->GetString(pair, of->field(1)));
}

std::string ValueText(const Message& item, const FieldDescriptor& field, int i) {
  const auto* read = item.GetReflection();
  const bool list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? read->GetRepeatedString(item, &field, i) : read->GetString(item, &field);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          list ? read->GetRepeatedEnumValue(item, &field, i) : read->GetEnumValue(item, &field);
      const auto* value = field.enum_type()->FindValueByNumber(number);
      return value == nullptr ? absl::StrCat(number) : Dashed(value->name());
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(list ? read->GetRepeatedUInt32(item, &field, i) : read->GetUInt32(item, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(list ? read->GetRepeatedInt64(item, &field, i) : read->GetInt64(item, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return read->GetBool(item, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return PairText(list ? read->GetRepeatedMessage(item, &field, i) : read->GetMessage(item, &field));
    default:
      return "";
  }
}

Status Wrong(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(text), "\" is ", std::string(what)));
}

StatusOr<int> EnumNumber(const EnumDescriptor& choices, const std::string& text) {
  std::string names;
  for (int i = 0; i < choices.value_count(); ++i) {
    const std::string name = Dashed(choices.value(i)->name());
    std::string said = absl::AsciiStrToLower(text);
    std::replace(said.begin(), said.end(), '_', '-');
    std::replace(said.begin(), said.end(), ' ', '-');
    if (said == name && choices.value(i)->number() != 0) return choices.value(i)->number();
    if (choices.value(i)->number() != 0) absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  return Wrong(text, "none of " + names);
}

template <typename Number>
StatusOr<Number> NumberIn(const std::string& text) {
  Number number = 0;
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(text, &number))
    return Wrong(text, "no whole number");
  return number;
}

Status SetPair(Message* pair, const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) return Wrong(text, "not of the form SCHEME=ID");
  const auto* write = pair->GetReflection();
  const auto* of = pair->GetDescriptor();
  write->SetString(pair, of->field(0), text.substr(0, at));
  write->SetString(pair, of->field(1), text.substr(at + 1));
  return absl::OkStatus();
}

// One more value of a list, or the value of a field.
Status SetValue(Message* item, const FieldDescriptor& field, const std::string& text) {
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
      FT_ASSIGN_OR_RETURN(const auto number, NumberIn<std::int64_t>(text));
      list ? write->AddInt64(item, &field, number) : write->SetInt64(item, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "yes" && text != "no") return Wrong(text, "neither yes nor no");
      write->SetBool(item, &field, text == "yes");
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetPair(list ? write->AddMessage(item, &field) : write->MutableMessage(item, &field), text);
    default:
      return absl::InternalError(absl::StrCat("a field of a kind that nobody writes: ", field.name()));
  }
}

}  // namespace

std::string Dashed(std::string_view name) {
  std::string text = absl::AsciiStrToLower(std::string(name));
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

std::vector<std::string> FieldTexts(const Message& item, const FieldDescriptor& field) {
  std::vector<std::string> texts;
  const auto* read = item.GetReflection();
  if (field.is_repeated()) {
    for (int i = 0; i < read->FieldSize(item, &field); ++i) texts.push_back(ValueText(item, field, i));
  } else if (read->HasField(item, &field)) {
    texts.push_back(ValueText(item, field, 0));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    texts.emplace_back("0");  // a level or a count of decimals is said by it too
  }
  return texts;
}

Status SetField(Message* item, const FieldDescriptor& field, const std::vector<std::string>& texts) {
  item->GetReflection()->ClearField(item, &field);
  if (texts.empty() || (texts.size() == 1 && texts[0].empty())) return absl::OkStatus();
  if (texts.size() > 1 && !field.is_repeated())
    return absl::InvalidArgumentError("one value stands here, and not several");
  for (const std::string& text : texts) FT_RETURN_IF_ERROR(SetValue(item, field, text));
  return absl::OkStatus();
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
