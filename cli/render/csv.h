// Answers for programs: amounts for spreadsheets, and protobuf JSON.
#pragma once

#include <cstdint>
#include <string>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::render {

// Without thousands marks: "1234.00".
std::string PlainMoney(std::int64_t amount, std::uint32_t decimals);

// The protobuf JSON of an answer: 64-bit integers as strings, bytes in base64; ends with a line feed.
StatusOr<std::string> Json(const google::protobuf::Message& message);

}  // namespace fundtrail::render
