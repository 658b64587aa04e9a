// A payment and what undid it or sent it back, as people read both.
#pragma once

#include <cstdint>
#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/statement.pb.h"
#include "fundtrail/v1/transfers.pb.h"

namespace fundtrail::render {

// What was sent back of a payment of that amount. It reads "undone by 9.1", or "40.00 of it undone by 9.1; 10.00 of it sent
// back by 10.1".
Shown SentBackWords(const v1::SentBack& back, std::int64_t amount, std::uint32_t decimals);
// "undoes 8.1", "sends back 8.1": of what sends back that transfer.
Shown UndoesWords(v1::TransferKind kind, const std::string& ref);

// Both, of a line; empty where neither is so.
Shown BackWords(const v1::TransferLine& line);
Shown BackWords(const v1::StatementLine& line, std::uint32_t decimals);

// In CSV: nothing where nothing went back.
std::string BackMoney(std::int64_t amount, std::uint32_t decimals);
// "committed".
std::string StageWord(v1::Stage stage);

// The references of what sent it back, as far as they are named: "9.1 10.1".
std::string BackRefs(const v1::SentBack& back);

}  // namespace fundtrail::render
