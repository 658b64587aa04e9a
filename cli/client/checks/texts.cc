// Of the texts of all answers: what is checked (checks.h).
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

bool IsNote(const google::protobuf::FieldDescriptor& field) {
  return field.name() == "note" || field.name() == "checkpoint";
}

}  // namespace

Status CheckTexts(const google::protobuf::Message& answer) {
  using Field = google::protobuf::FieldDescriptor;
  const auto& reflection = *answer.GetReflection();
  std::vector<const Field*> fields;
  reflection.ListFields(answer, &fields);
  for (const Field* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(answer, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
        FT_RETURN_IF_ERROR(CheckTexts(field->is_repeated() ? reflection.GetRepeatedMessage(answer, field, i)
                                                           : reflection.GetMessage(answer, field)));
      } else if (field->type() == Field::TYPE_STRING) {
        std::string room;
        const std::string& text = field->is_repeated()
                                      ? reflection.GetRepeatedStringReference(answer, field, i, &room)
                                      : reflection.GetStringReference(answer, field, &room);
        if (HasControls(text, IsNote(*field)))
          return Bad(absl::StrCat("its field ", field->full_name(),
                                  " has control characters, which no ledger takes"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
