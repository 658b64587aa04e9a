// The form of a register's fields, as the options in the .proto files say it (form.proto): one walk for all registers.
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/form.pb.h"
#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// The form of a field. Of a field that says none all is 0 or empty.
const v1::Form& FormOf(const google::protobuf::FieldDescriptor& field);

// Checks each field of `message`, and of the messages in it, by the form beside it. `at` is the message's place in the
// entry: "actions[2].open_fund". FIELD_INVALID, with the field's place, for the first that is not of its form. References
// and fixed fields need the books: they are not looked at.
Status CheckForm(const std::string& at, const google::protobuf::Message& message);

// Of one field that names other items: its values, in their order; none when it is empty.
std::vector<std::string> TextsOf(const google::protobuf::Message& message,
                                 const google::protobuf::FieldDescriptor& field);

// --- single forms, for the fields that are checked by hand ---------------------------------------------------
// Each answers FIELD_INVALID, with a sentence for a person.

Status CheckId(const std::string& field, const std::string& id);
Status CheckAssetCode(const std::string& field, const std::string& code);
// A text that may be empty.
Status CheckWords(const std::string& field, const std::string& text, std::size_t max_bytes);
Status CheckName(const std::string& field, const std::string& text);
Status CheckDate(const std::string& field, const std::string& text);

}  // namespace fundtrail::model
