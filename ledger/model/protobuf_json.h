// Messages in protobuf JSON, as people save them and as `submit` reads them: with the words of enums (enum_word.h), where protobuf's own
// has their names in the schema.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

enum class JsonFields : std::uint8_t {
  kAll,   // numbers, words and texts that are 0 or empty stand there too
  kSaid,  // what says nothing is left out
};

// On lines of its own, with every field by its name in the schema and bytes in base64. It ends with a line feed.
StatusOr<std::string> ProtobufJson(const google::protobuf::Message& message,
                                   JsonFields fields = JsonFields::kAll);

// Sets the message to what the JSON says. A value of an enum may be its word, or its name in the schema as generated
// clients write it. INVALID_ARGUMENT, in protobuf's words, when it is no JSON of such a message.
Status ReadProtobufJson(std::string_view json, google::protobuf::Message* message);

}  // namespace fundtrail::model
