// Answers for programs, as JSON. docs/json.md is the contract; all answers of the questions are written here, from their
// descriptors.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace fundtrail::render {

struct JsonForm {
  // One object a line: the items of the answer's first list, then the answer without that list.
  bool lines = false;
  std::vector<std::string> warnings;  // they stand in "warnings", if there are any
};

// An answer as an object. Each ends with a line feed. A text is valid UTF-8 there whatever it was, and what could move a
// terminal's cursor is written as \uXXXX.
std::string Json(const google::protobuf::Message& message, const JsonForm& form = {});
// The same on one line, without lists taken apart.
std::string JsonLine(const google::protobuf::Message& message);

}  // namespace fundtrail::render
