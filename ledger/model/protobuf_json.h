// Messages in protobuf JSON, as people save them and as `submit` reads them.
#pragma once

#include <string>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// On lines of its own, with every field by its name in the schema and bytes in base64. It ends with a line feed.
StatusOr<std::string> ProtobufJson(const google::protobuf::Message& message);

}  // namespace fundtrail::model
