// Tables that may be longer than an answer: all payments, and statements. Whoever serves one sends it piece by piece, so that it needs the
// memory of one piece, and a reader gets all rows. The pieces together are the bytes of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "fundtrail/v1/statement.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/pages/address.h"
#include "ledger/pages/page.h"

namespace fundtrail::pages {

template <typename Request, typename Answer>
struct LongTable {
  Address address;
  Request request;  // for all of it, whose answer comes in pages
  // A page of the answer as a piece of the table.
  std::string (*csv)(const Address& address, const Answer& piece, bool first) = nullptr;
};
using PaymentsTable = LongTable<v1::ListRequest, v1::ListAnswer>;
using StatementTable = LongTable<v1::StatementRequest, v1::StatementAnswer>;
using AnyLongTable = std::variant<PaymentsTable, StatementTable>;

// That at an address of which AnswerPage said that it is long. As the ledger stood after that record, or after the one of the address.
// Nothing at an address that has none.
std::optional<AnyLongTable> LongTableAt(const PageRequest& request, std::uint64_t as_of);

}  // namespace fundtrail::pages
