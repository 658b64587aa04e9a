// Answers that no honest server gives: every field of a message filled by reflection, and what may never be printed.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace fundtrail::testing {

struct HostileValues {
  std::string text;          // of each string and bytes field
  std::uint64_t number = 0;  // of each number, cut to its width
  int count = 2;             // of each repeated field
  int depth = 4;             // of messages in messages
};

inline void Fill(google::protobuf::Message* message, const HostileValues& values, int depth) {
  using Field = google::protobuf::FieldDescriptor;
  const auto& reflection = *message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const Field* field = message->GetDescriptor()->field(i);
    for (int n = 0; n < (field->is_repeated() ? values.count : 1); ++n) {
      const bool many = field->is_repeated();
      switch (field->cpp_type()) {
        case Field::CPPTYPE_STRING:
          many ? reflection.AddString(message, field, values.text)
               : reflection.SetString(message, field, values.text);
          break;
        case Field::CPPTYPE_MESSAGE:
          if (depth > 0)
            Fill(many ? reflection.AddMessage(message, field) : reflection.MutableMessage(message, field),
                 values, depth - 1);
          break;
        case Field::CPPTYPE_UINT64:
          many ? reflection.AddUInt64(message, field, values.number)
               : reflection.SetUInt64(message, field, values.number);
          break;
        case Field::CPPTYPE_INT64:
          many ? reflection.AddInt64(message, field, static_cast<std::int64_t>(values.number))
               : reflection.SetInt64(message, field, static_cast<std::int64_t>(values.number));
          break;
        case Field::CPPTYPE_UINT32:
          many ? reflection.AddUInt32(message, field, static_cast<std::uint32_t>(values.number))
               : reflection.SetUInt32(message, field, static_cast<std::uint32_t>(values.number));
          break;
        case Field::CPPTYPE_INT32:
          many ? reflection.AddInt32(message, field, static_cast<std::int32_t>(values.number))
               : reflection.SetInt32(message, field, static_cast<std::int32_t>(values.number));
          break;
        case Field::CPPTYPE_BOOL:
          many ? reflection.AddBool(message, field, true) : reflection.SetBool(message, field, true);
          break;
        case Field::CPPTYPE_ENUM:
          many ? reflection.AddEnumValue(message, field, static_cast<int>(values.number & 0x7fffffff))
               : reflection.SetEnumValue(message, field, static_cast<int>(values.number & 0x7fffffff));
          break;
        default:
          break;
      }
    }
  }
}
inline void Fill(google::protobuf::Message* message, const HostileValues& values) {
  Fill(message, values, values.depth);
}

inline const std::string kFakeLine = "FAKE LINE";
// UTF-8, as anything else is no text of a message at all.
inline const std::string kControls = "\x1b[2J\r\n" + kFakeLine +
                                     "\n\x07\xc2\x9b"
                                     "31m\x7f";
inline const std::string kReordering = "FAKE\u202E\u2066ENIL\u200B\u2028";

// What of a text a terminal would obey: empty when there is nothing.
inline std::string Obeyed(std::string_view text) {
  if (text.substr(0, kFakeLine.size()) == kFakeLine || text.find("\n" + kFakeLine) != std::string_view::npos)
    return "a line that is not this program's";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) return "control character " + std::to_string(byte);
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
      return "control character C1";
  }
  return "";
}

}  // namespace fundtrail::testing
