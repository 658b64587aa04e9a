// What the readers by others, examples/python/verify.py, tests/go and web/, know of a record's messages. Each has a table, which is
// made here from the messages' descriptors. So no message that is added is forgotten there.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/record.pb.h"
#include "google/protobuf/descriptor.h"
#include "tests/support/made_text.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::size_t kWidth = 100;

// "text", "u32*", "Amends". Values of an enum are all numbers from 0 to the last, as readers take them.
std::string Kind(const FieldDescriptor& field) {
  const auto kind = [&]() -> std::string {
    switch (field.type()) {
      case FieldDescriptor::TYPE_STRING:
        return "text";
      case FieldDescriptor::TYPE_BYTES:
        return "bytes";
      case FieldDescriptor::TYPE_BOOL:
        return "bool";
      case FieldDescriptor::TYPE_UINT32:
        return "u32";
      case FieldDescriptor::TYPE_UINT64:
        return "u64";
      case FieldDescriptor::TYPE_INT64:
        return "i64";
      case FieldDescriptor::TYPE_ENUM: {
        const auto* values = field.enum_type();
        for (int i = 0; i < values->value_count(); ++i) {
          INFO(values->full_name());
          CHECK(values->value(i)->number() == i);
        }
        return absl::StrCat("enum", values->value_count() - 1);
      }
      case FieldDescriptor::TYPE_MESSAGE:
        return field.message_type()->name();
      default:
        FAIL_CHECK("no reader knows the kind of " << field.full_name());
        return "";
    }
  };
  return kind() + (field.is_repeated() ? "*" : "");
}

// A message in a line, or in more when it is long: those behind the first begin with two spaces.
std::string Line(const Descriptor& message) {
  std::string text = message.name() + ":";
  std::size_t begin = 0;
  for (int i = 0; i < message.field_count(); ++i) {
    const std::string field =
        absl::StrCat(i == 0 ? "" : ",", " ", message.field(i)->number(), " ", Kind(*message.field(i)));
    if (text.size() - begin + field.size() > kWidth) {
      text += ",\n ";
      begin = text.size() - 1;
      text += field.substr(1);
    } else {
      text += field;
    }
  }
  return text + "\n";
}

// Each message before those in it. An entry and what it holds stand in a record as bytes.
std::string Table() {
  std::string text;
  std::set<std::string> done;
  const std::function<void(const Descriptor*)> add = [&](const Descriptor* message) {
    if (!done.insert(message->name()).second) return;
    text += Line(*message);
    for (int i = 0; i < message->field_count(); ++i)
      if (message->field(i)->message_type() != nullptr) add(message->field(i)->message_type());
  };
  add(v1::Record::descriptor());
  add(v1::Entry::descriptor());
  return text;
}

TEST_CASE("the readers by others know every message of a record, each field and its kind") {
  CompareBlock("examples/python/verify.py", "MESSAGES = \"\"\"\\", "\"\"\"", Table());
  CompareBlock("tests/go/record.go", "const table = `", "`", Table());
  CompareBlock("web/wire.js", "const MESSAGES = `", "`", Table());
}

TEST_CASE(
    "an action is one field of a choice, and beside it what it amends: the readers by others count on it") {
  const Descriptor& action = *v1::Action::descriptor();
  for (int i = 0; i < action.field_count(); ++i) {
    const FieldDescriptor& field = *action.field(i);
    INFO(field.name());
    CHECK((field.real_containing_oneof() == nullptr) == (field.number() == v1::Action::kAmendsFieldNumber));
  }
  CHECK(action.real_oneof_decl_count() == 1);
  CHECK(v1::Action::kAmendsFieldNumber == 100);
}

}  // namespace
}  // namespace fundtrail::testing
