// Of the texts of all answers: what is checked (checks.h).
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "google/protobuf/descriptor.h"

namespace fundtrail::cli {

namespace {

// Control characters of C0 and C1, and DEL.
bool HasControls(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && !(lines && byte == '\n')) || byte == 0x7f) return true;
    if (byte != 0xc2 || i + 1 == text.size()) continue;
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next >= 0x80 && next < 0xa0) return true;
  }
  return false;
}

using Field = google::protobuf::FieldDescriptor;

bool IsNote(const Field& field) { return field.name() == "note" || field.name() == "checkpoint"; }

// The fields of one kind of message that may have a text in them.
struct TextFields {
  std::vector<const Field*> texts, messages;
};

class TextCheck {
 public:
  Status Check(const google::protobuf::Message& message) {
    const google::protobuf::Reflection& reflection = *message.GetReflection();
    const TextFields& fields = Of(*message.GetDescriptor());
    for (const Field* field : fields.texts) {
      const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        std::string room;
        const std::string& text = field->is_repeated()
                                      ? reflection.GetRepeatedStringReference(message, field, i, &room)
                                      : reflection.GetStringReference(message, field, &room);
        if (HasControls(text, IsNote(*field)))
          return Bad(absl::StrCat("its field ", field->full_name(),
                                  " has control characters, which no ledger takes"));
      }
    }
    for (const Field* field : fields.messages) {
      if (!field->is_repeated()) {
        if (reflection.HasField(message, field))
          FT_RETURN_IF_ERROR(Check(reflection.GetMessage(message, field)));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i)
        FT_RETURN_IF_ERROR(Check(reflection.GetRepeatedMessage(message, field, i)));
    }
    return absl::OkStatus();
  }

 private:
  // A message that has itself in it somewhere counts as one with texts while its own fields are looked at.
  const TextFields& Of(const google::protobuf::Descriptor& type) {
    const auto [found, is_new] = known_.try_emplace(&type);
    TextFields& fields = found->second;
    if (!is_new) return fields;
    open_.insert(&type);
    for (int i = 0; i < type.field_count(); ++i) {
      const Field* const field = type.field(i);
      if (field->type() == Field::TYPE_STRING) fields.texts.push_back(field);
      if (field->cpp_type() != Field::CPPTYPE_MESSAGE) continue;
      const TextFields& below = Of(*field->message_type());
      if (open_.count(field->message_type()) > 0 || !below.texts.empty() || !below.messages.empty())
        fields.messages.push_back(field);
    }
    open_.erase(&type);
    return fields;
  }

  std::map<const google::protobuf::Descriptor*, TextFields> known_;
  std::set<const google::protobuf::Descriptor*> open_;
};

}  // namespace

Status CheckTexts(const google::protobuf::Message& answer) { return TextCheck().Check(answer); }

}  // namespace fundtrail::cli
