// The words of enums. In the schema the value of an enum begins with the enum's name, as DIRECTION_FROM. What people read and write,
// in entries, maps, options, tables and JSON of ours, is its word: the name without that prefix, FROM. Only a value 0 that says
// nothing has its whole name as its word: KIND_UNSPECIFIED. Names as they stand in the schema are on the Connect port alone.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace fundtrail::model {

std::string_view WordOf(const google::protobuf::EnumValueDescriptor& value);
// Empty when the enum has no such value.
std::string WordOf(const google::protobuf::EnumDescriptor& of, int number);
template <typename Enum>
requires std::is_enum_v<Enum> std::string WordOf(Enum value) {
  return WordOf(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// The value with exactly this word; null when there is none. The name in the schema is no word.
const google::protobuf::EnumValueDescriptor* ValueOfWord(const google::protobuf::EnumDescriptor& of,
                                                         std::string_view word);
// False, and nothing is set, when no value has this word.
template <typename Enum>
requires std::is_enum_v<Enum>
bool ReadWord(std::string_view word, Enum* value) {
  const auto* const found = ValueOfWord(*google::protobuf::GetEnumDescriptor<Enum>(), word);
  if (found != nullptr) *value = static_cast<Enum>(found->number());
  return found != nullptr;
}

}  // namespace fundtrail::model
