// See protobuf_json.h.
#include "ledger/model/protobuf_json.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// What stands in the place of a text that is the value of an enum.
using EnumText = std::string (*)(const EnumDescriptor& of, std::string_view text);

std::string ToWord(const EnumDescriptor& of, std::string_view name) {
  const auto* const value = of.FindValueByName(std::string(name));
  return std::string(value == nullptr ? name : WordOf(*value));
}
// What is no word is for protobuf to judge.
std::string ToName(const EnumDescriptor& of, std::string_view word) {
  const auto* const value = ValueOfWord(of, word);
  return value == nullptr ? std::string(word) : value->name();
}

// Copies JSON and changes the texts of enums on the way. It follows objects by the fields of their messages, and judges nothing: what
// is no JSON comes through as it is. Protobuf reads keys without quotes and texts between single ones too, and so does this.
class EnumTexts {
 public:
  EnumTexts(std::string_view json, const Descriptor& of, EnumText change)
      : json_(json), root_(of), change_(change) {
    out_.reserve(json.size());
  }

  std::string Changed() && {
    while (at_ < json_.size()) {
      const char sign = json_[at_];
      if (sign == '"' || sign == '\'') {
        Quoted(sign);
      } else if (absl::ascii_isalpha(static_cast<unsigned char>(sign)) || sign == '_') {
        Bare();
      } else {
        if (sign == '{') Enter();
        if (sign == '}' && !within_.empty()) within_.pop_back();
        out_ += sign;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  // An object, and the field of it that the next value is of. Both are null where the schema has none.
  struct Object {
    const Descriptor* of = nullptr;
    const FieldDescriptor* field = nullptr;
  };

  void Enter() {
    if (within_.empty()) {
      within_.push_back({&root_, nullptr});
      return;
    }
    const FieldDescriptor* const field = within_.back().field;
    within_.push_back({field == nullptr ? nullptr : field->message_type(), nullptr});
  }

  // True, and the field is known, when a colon follows: it was a key.
  bool TakeKey(std::string_view key, std::size_t end) {
    while (end < json_.size() && absl::ascii_isspace(static_cast<unsigned char>(json_[end]))) ++end;
    if (end == json_.size() || json_[end] != ':' || within_.empty()) return false;
    Object& object = within_.back();
    object.field = nullptr;
    if (object.of == nullptr) return true;
    object.field = object.of->FindFieldByName(std::string(key));
    if (object.field == nullptr) object.field = object.of->FindFieldByCamelcaseName(std::string(key));
    return true;
  }

  void Quoted(char quote) {
    std::size_t end = at_ + 1;
    while (end < json_.size() && json_[end] != quote) end += json_[end] == '\\' ? 2 : 1;
    if (end >= json_.size()) {
      out_ += json_.substr(at_);
      at_ = json_.size();
      return;
    }
    const std::string_view text = json_.substr(at_ + 1, end - at_ - 1);
    const bool key = TakeKey(text, end + 1);
    const FieldDescriptor* const field = within_.empty() ? nullptr : within_.back().field;
    out_ += quote;
    if (!key && field != nullptr && field->enum_type() != nullptr) {
      out_ += change_(*field->enum_type(), text);
    } else {
      out_ += text;
    }
    out_ += quote;
    at_ = end + 1;
  }

  void Bare() {
    std::size_t end = at_;
    while (end < json_.size() &&
           (absl::ascii_isalnum(static_cast<unsigned char>(json_[end])) || json_[end] == '_'))
      ++end;
    const std::string_view text = json_.substr(at_, end - at_);
    TakeKey(text, end);
    out_ += text;
    at_ = end;
  }

  std::string_view json_;
  const Descriptor& root_;
  EnumText change_;
  std::size_t at_ = 0;
  std::vector<Object> within_;
  std::string out_;
};

}  // namespace

StatusOr<std::string> ProtobufJson(const google::protobuf::Message& message, JsonFields fields) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = fields == JsonFields::kAll;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return absl::InternalError("the message cannot be written as JSON");
  text = EnumTexts(text, *message.GetDescriptor(), ToWord).Changed();
  if (text.empty() || text.back() != '\n') text += "\n";
  return text;
}

Status ReadProtobufJson(std::string_view json, google::protobuf::Message* message) {
  const std::string named = EnumTexts(json, *message->GetDescriptor(), ToName).Changed();
  const auto status = google::protobuf::util::JsonStringToMessage(named, message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::string_view(status.message().data(), static_cast<std::size_t>(status.message().size())));
}

}  // namespace fundtrail::model
