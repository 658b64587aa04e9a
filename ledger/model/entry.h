// Entries as parties sign them: reading the signed bytes, and every check that needs no ledger.
//
// The exact bytes are what counts. They are parsed once and kept beside the message. One entry has one encoding
// (docs/formats.md): bytes that are not what this program would write for what they say are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::model {

// What a signature is over: this, then the entry's bytes.
inline constexpr std::string_view kEntryDomain = "fundtrail entry v1\n";

// An entry that has its form: every field within its bounds, every id, date and enum one that exists.
struct DecodedEntry {
  Bytes signed_bytes;  // the SignedEntry as it came
  v1::SignedEntry signed_entry;
  v1::Entry entry;
  std::vector<crypto::PublicKey> signers;  // whose signatures verify: all that the entry names, in its order
};

// Parses, checks encoding and form, and verifies every signature. Pure; safe on many threads.
// Refusals: MALFORMED, FIELD_INVALID, SIGNATURE_INVALID, RECORD_TOO_LARGE.
StatusOr<DecodedEntry> DecodeSignedEntry(ByteView signed_bytes);
// The two halves of that. The first parses and checks the encoding; the second checks the form and every signature.
StatusOr<DecodedEntry> ParseSignedEntry(ByteView signed_bytes);
Status CheckParsed(DecodedEntry* parsed);
// The same of an entry on its way from hand to hand: signatures may be missing, and `signers` are those that are there.
StatusOr<DecodedEntry> DecodeUnfinishedEntry(ByteView signed_bytes);

// Reads the inner bytes, which must be the one encoding of an Entry. MALFORMED otherwise; the form is not looked at.
StatusOr<v1::Entry> ParseEntry(ByteView entry_bytes);

// Checks `entry`, serialises it and signs those bytes. Of an entry that names no signers the key becomes the one. Where
// it names some, the others' signatures are missing until AddSignature puts each in its place.
StatusOr<v1::SignedEntry> SignEntry(v1::Entry entry, const crypto::SigningKey& key);
// The same of an entry that names its signers, and whose form was checked part by part as it was made.
StatusOr<v1::SignedEntry> SignMade(const v1::Entry& entry, const crypto::SigningKey& key);
// ALREADY_EXISTS when the key has signed, INVALID_ARGUMENT when the entry does not name it.
Status AddSignature(v1::SignedEntry* signed_entry, const crypto::SigningKey& key);

// The date that counts for a transfer: its own, or else the entry's. INVALID_ARGUMENT when it is none, which is not so of
// an entry that has its form.
StatusOr<Date> ValueDate(const v1::Entry& entry, const v1::Transfer& transfer);

// RETURN or REVERSAL: the money goes back to the account that paid it.
bool SendsBack(v1::TransferKind kind);

// Protobuf serialisation that is the same on every run: fields in order, no maps are used.
Bytes SerialiseDeterministic(const google::protobuf::Message& message);
// Whether the bytes from which `message` was parsed are its one encoding: what SerialiseDeterministic gives, without
// any field that this program does not know.
bool IsOneEncoding(const google::protobuf::Message& message, ByteView bytes);
// Whether any message inside has a field that this program does not know.
bool HasUnknownFields(const google::protobuf::Message& message);

}  // namespace fundtrail::model
