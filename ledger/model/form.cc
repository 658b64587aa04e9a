// See form.h.
#include "ledger/model/form.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/model/bounds.h"
#include "ledger/model/by_type.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"

namespace fundtrail::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

Status InvalidField(const std::string& field, const std::string& sentence) {
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, sentence);
}

// Where a field stands. An import looks at millions of fields that are right: it is put in words when one is wrong, by a second walk.
struct Where {
  bool in_words = false;
  std::string text;

  Where Field(const FieldDescriptor& field) const {
    return in_words ? Where{true, absl::StrCat(text, ".", field.name())} : Where();
  }
  Where Item(int i) const { return in_words ? Where{true, absl::StrCat(text, "[", i, "]")} : Where(); }
};

// A field, and its form.
struct Formed {
  const FieldDescriptor* field = nullptr;
  const v1::Form* form = nullptr;
};

using Fields = std::vector<Formed>;

Fields FieldsOf(const Descriptor& message) {
  Fields fields;
  for (int i = 0; i < message.field_count(); ++i)
    fields.push_back({message.field(i), &FormOf(*message.field(i))});
  return fields;
}

Status Walk(const Where& at, const Message& message);

Status CheckShape(const std::string& field, const v1::Form& form, const std::string& text) {
  if (text.empty() && !form.required() && !form.id() && form.shape() != v1::SHAPE_NAME)
    return absl::OkStatus();
  switch (form.shape()) {
    case v1::SHAPE_ID:
      return CheckId(field, text);
    case v1::SHAPE_ASSET_CODE:
      return CheckAssetCode(field, text);
    case v1::SHAPE_NAME:
      return CheckName(field, text);
    case v1::SHAPE_DATE:
      return text.empty() ? InvalidField(field, "is missing") : CheckDate(field, text);
    default:
      if (text.empty()) return InvalidField(field, "is missing");
      return CheckWords(field, text, form.max_bytes());
  }
}

Status CheckNumber(const std::string& field, const v1::Form& form, std::int64_t number) {
  if (form.required() && number == 0) return InvalidField(field, "is missing");
  if (number < 0) return InvalidField(field, "must not be negative");
  if (form.max() > 0 && number > form.max())
    return InvalidField(field, absl::StrCat("must be ", form.required() ? 1 : 0, " to ", form.max()));
  return absl::OkStatus();
}

// Every value that stands in the enum but 0: "SOURCE, HOLDER or RECIPIENT".
std::string Choices(const google::protobuf::EnumDescriptor& choices) {
  std::string text;
  for (int i = 1; i < choices.value_count(); ++i) {
    absl::StrAppend(&text,
                    i == 1                           ? ""
                    : i + 1 == choices.value_count() ? " or "
                                                     : ", ",
                    WordOf(choices, choices.value(i)->number()));
  }
  return text;
}

Status CheckChoice(const std::string& field, const v1::Form& form, const FieldDescriptor& of, int number) {
  const bool known = of.enum_type()->FindValueByNumber(number) != nullptr;
  if (known && (number != 0 || !form.required())) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("must be ", Choices(*of.enum_type())));
}

// One value of a field: the field itself, or the item `i` of a list.
Status CheckValue(const Where& where, const Message& message, const FieldDescriptor& field,
                  const v1::Form& form, int i) {
  const std::string& at = where.text;
  const auto* read = message.GetReflection();
  const bool list = field.is_repeated();
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return CheckShape(at, form,
                        list ? read->GetRepeatedStringReference(message, &field, i, &scratch)
                             : read->GetStringReference(message, &field, &scratch));
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckChoice(
          at, form, field,
          list ? read->GetRepeatedEnumValue(message, &field, i) : read->GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return CheckNumber(
          at, form, list ? read->GetRepeatedUInt32(message, &field, i) : read->GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return CheckNumber(at, form,
                         list ? read->GetRepeatedInt64(message, &field, i) : read->GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!list && !read->HasField(message, &field))
        return form.required() ? InvalidField(at, "is missing") : absl::OkStatus();
      return Walk(where,
                  list ? read->GetRepeatedMessage(message, &field, i) : read->GetMessage(message, &field));
    default:
      return absl::OkStatus();  // a bool says one of two things
  }
}

// What a list's item is, to find one that is listed twice.
std::string ListItem(const Message& message, const FieldDescriptor& field, int i) {
  const auto* read = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return read->GetRepeatedString(message, &field, i);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return read->GetRepeatedMessage(message, &field, i).SerializeAsString();
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat(read->GetRepeatedEnumValue(message, &field, i));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(read->GetRepeatedUInt32(message, &field, i));
    default:
      return absl::StrCat(read->GetRepeatedInt64(message, &field, i));
  }
}

Status CheckList(const Where& where, const Message& message, const FieldDescriptor& field,
                 const v1::Form& form) {
  const std::string& at = where.text;
  const int size = message.GetReflection()->FieldSize(message, &field);
  if (size == 0) return form.required() ? InvalidField(at, "is missing") : absl::OkStatus();
  if (static_cast<std::uint32_t>(size) > form.max_items())
    return InvalidField(at, absl::StrCat("has ", size, " items, and at most ", form.max_items(), " may be"));
  std::set<std::string> seen;
  for (int i = 0; i < size; ++i) {
    // An item of a list is never empty.
    const Where item = where.Item(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && ListItem(message, field, i).empty())
      return InvalidField(item.text, "is empty");
    FT_RETURN_IF_ERROR(CheckValue(item, message, field, form, i));
    if (!seen.insert(ListItem(message, field, i)).second) return InvalidField(item.text, "is listed twice");
  }
  return absl::OkStatus();
}

Status WalkFields(const Where& at, const Message& message, const Fields& fields) {
  for (const auto& [field, form] : fields) {
    const Where where = at.Field(*field);
    FT_RETURN_IF_ERROR(field->is_repeated() ? CheckList(where, message, *field, *form)
                                            : CheckValue(where, message, *field, *form, 0));
  }
  return absl::OkStatus();
}

Status Walk(const Where& at, const Message& message) {
  static const ByType<Fields> known(FieldsOf);
  return known.With(message, [&](const Fields& fields) { return WalkFields(at, message, fields); });
}

}  // namespace

const v1::Form& FormOf(const FieldDescriptor& field) { return field.options().GetExtension(v1::form); }

Status CheckForm(const std::string& at, const Message& message) {
  const Status right = Walk(Where(), message);
  return right.ok() ? right : Walk({true, at}, message);
}

std::vector<std::string> TextsOf(const Message& message, const FieldDescriptor& field) {
  const auto* read = message.GetReflection();
  std::vector<std::string> texts;
  if (!field.is_repeated()) {
    std::string text = read->GetString(message, &field);
    if (!text.empty()) texts.push_back(std::move(text));
    return texts;
  }
  for (int i = 0; i < read->FieldSize(message, &field); ++i)
    texts.push_back(read->GetRepeatedString(message, &field, i));
  return texts;
}

Status CheckId(const std::string& field, const std::string& id) {
  if (IsValidId(id)) return absl::OkStatus();
  return InvalidField(field, id.empty()
                                 ? "is missing"
                                 : absl::StrCat("\"", Escaped(id), "\" is not an id: 1 to ", kMaxIdBytes,
                                                " of A-Z a-z 0-9 . _ : - beginning with a letter or digit"));
}

Status CheckAssetCode(const std::string& field, const std::string& code) {
  if (IsValidId(code) && code.size() <= kMaxAssetBytes) return absl::OkStatus();
  return InvalidField(field, code.empty()
                                 ? "is missing"
                                 : absl::StrCat("\"", Escaped(code), "\" is not an asset code: 1 to ",
                                                kMaxAssetBytes, " letters, digits, . _ : -"));
}

Status CheckWords(const std::string& field, const std::string& text, std::size_t max_bytes) {
  const Status status = CheckText(field, text, max_bytes);
  return status.ok() ? status : InvalidField(field, std::string(status.message()));
}

Status CheckName(const std::string& field, const std::string& text) {
  if (text.empty()) return InvalidField(field, "is missing");
  return CheckWords(field, text, kMaxNameBytes);
}

Status CheckDate(const std::string& field, const std::string& text) {
  const auto date = ParseDate(text);
  return date.ok() ? absl::OkStatus() : InvalidField(field, std::string(date.status().message()));
}

}  // namespace fundtrail::model
