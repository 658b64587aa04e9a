// For programs: amounts for spreadsheets, and entries as protobuf JSON. Answers are JSON in json.h.
#pragma once

#include <cstdint>
#include <string>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::render {

// Without thousands marks: "1234.00".
std::string PlainMoney(std::int64_t amount, std::uint32_t decimals);

// The protobuf JSON of an entry that is to be signed: bytes in base64, as `submit` reads it; ends with a line feed.
StatusOr<std::string> ProtobufJson(const google::protobuf::Message& message);

}  // namespace fundtrail::render
