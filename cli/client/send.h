// Signing entries and sending them to a ledger.
#pragma once

#include <cstddef>
#include <functional>

#include "cli/client/connection.h"
#include "cli/client/resend.h"
#include "cli/context.h"
#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/submission.pb.h"

namespace fundtrail::cli {

// What a file of an entry may have, in bytes.
inline constexpr std::size_t kMaxEntryFile = std::size_t{1} << 20;

// Fills the entry's actions; the connection is to the ledger that it will go to.
using Fill = std::function<Status(Connection* connection, const std::string& author, v1::Entry* entry)>;
// An entry of the given author with the common fields, filled, signed and sent; prints the receipt. With --out it is
// written to that file instead. With --dry-run the rules are asked alone.
StatusOr<Exit> SignAndSend(const Context& context, const Signing& signing, const Fill& fill);
// An entry written by hand, as protobuf JSON.
StatusOr<v1::Entry> ParseEntry(const std::string& file, const std::string& text);
// Sends the bytes of a signed entry, with retries (client_retry.h). `unanswered`: whether it may have been taken by an
// attempt that had no answer; then a receipt that says `repeated` may be of that attempt.
StatusOr<v1::Receipt> Send(Connection* connection, const Bytes& signed_entry, bool* unanswered);
// Tells of names that the entry registers (names.h), sends it, writes the receipt that --receipt asks for, and prints
// what came back.
StatusOr<Exit> SendAndPrint(const Context& context, const Signing& signing, Connection* connection,
                            const Outgoing& outgoing);
// What the rules would make of it, printed. A refusal says who may sign, where that is why.
StatusOr<Exit> TryAndPrint(const Context& context, Connection* connection, const Outgoing& outgoing);
// What the record of this entry moved, a sentence for each transfer, with the names and decimals that the ledger has. Nothing where
// it has another record there, or cannot be asked.
render::Shown WhatWasPaid(Connection* connection, std::uint64_t record, const Bytes& leaf_hash,
                          const v1::Entry& entry);
// What is left to do with the file of a signed entry: the keys that have not signed, or that it can be sent.
render::Shown StillToSign(const std::string& file, const v1::SignedEntry& signed_entry);
// What a command prints after it wrote a signed entry to a file. People get `text`. With --json it is the file, the
// entry's id, the keys that signed it, their number, and the keys that are missing.
void PrintSigned(const Context& context, const std::string& file, const v1::SignedEntry& signed_entry,
                 const render::Shown& text, const std::vector<std::string>& warnings = {});
// Asked before anything is signed. INVALID_ARGUMENT when a text of the entry holds what reads as a number of a person,
// unless --not-personal says that it is none (intake/personal_numbers.h).
Status CheckNumbers(const Signing& signing, const v1::Entry& entry);
// Asked before anything is sent: INVALID_ARGUMENT when the file of --receipt is there already.
Status CheckReceiptFile(const Signing& signing);
// 16 bytes from 32 hex digits, or random ones for an empty text.
StatusOr<Bytes> EntryIdFrom(const std::string& hex);
// The party to sign for: --as, or else the only one that the key may speak for.
StatusOr<std::string> AuthorFor(Connection* connection, const Signing& signing,
                                const crypto::SigningKey& key);

}  // namespace fundtrail::cli
