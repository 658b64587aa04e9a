// An item's fields as people write them: in a command line, a cell of a spreadsheet, a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// The values of a field, one text each; none when the field is empty. Values of an enum are "red-cross", a bool is "yes",
// and a message of two texts, such as an alternative id, is "SCHEME=ID".
std::vector<std::string> FieldTexts(const google::protobuf::Message& item,
                                    const google::protobuf::FieldDescriptor& field);

// Sets the field to what the texts say, and to nothing when there are none or the only one is empty. INVALID_ARGUMENT when
// a text says no value of the field. Bounds and references are for the ledger to check.
Status SetField(google::protobuf::Message* item, const google::protobuf::FieldDescriptor& field,
                const std::vector<std::string>& texts);

// Gives each field of a new item that is not among the stated ones its usual value, where it has one (`usual` in form.proto).
// `author` stands for "@author".
Status FillUsual(google::protobuf::Message* item,
                 const std::vector<const google::protobuf::FieldDescriptor*>& stated,
                 const std::string& author);

// Empties what an amendment that states these fields makes void (`unless` in form.proto): so a role that somebody states is
// not inferred any more.
void EmptyVoid(google::protobuf::Message* item,
               const std::vector<const google::protobuf::FieldDescriptor*>& stated);

// A field as an option has it, and a value of an enum: "valid-from", "red-cross".
std::string Dashed(std::string_view name);

}  // namespace fundtrail::model
