// Signing entries and appending them to a ledger on this machine.
#pragma once

#include <functional>

#include "cli/context.h"
#include "fundtrail/v1/entry.pb.h"

namespace fundtrail::cli {

// Fills the entry's actions; the view is of the ledger that it will go to.
using Fill = std::function<Status(const query::View& view, const std::string& author, v1::Entry* entry)>;
// An entry of the given author with the common fields, filled, signed and appended; prints the receipt.
StatusOr<Exit> SignAndSend(const Context& context, const Signing& signing, const Fill& fill);
// Prints what came back.
StatusOr<Exit> PrintReceipt(const Context& context, const log::Receipt& receipt);
// 16 bytes from 32 hex digits, or random ones for an empty text.
StatusOr<Bytes> EntryIdFrom(const std::string& hex);

}  // namespace fundtrail::cli
