// See entry.h.
#include "ledger/model/entry.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "ledger/model/bounds.h"
#include "ledger/model/by_type.h"
#include "ledger/model/entry_form.h"
#include "ledger/model/refusal.h"

namespace fundtrail::model {
namespace {

Bytes SignedMessage(ByteView entry_bytes) {
  Bytes message(kEntryDomain);
  message.append(entry_bytes);
  return message;
}

// Each key that the entry names has signed it, in that order, and nobody else; or, of an entry on its way, some have.
Status CheckSignatures(DecodedEntry* decoded, bool may_miss) {
  const auto& signatures = decoded->signed_entry.signatures();
  const auto& signers = decoded->entry.signers();
  if (signatures.size() != signers.size()) {
    return Refuse(v1::REFUSAL_CODE_SIGNATURE_INVALID, "signatures",
                  signatures.empty()
                      ? "the entry is not signed"
                      : absl::StrCat("signers ", signers.size(), ", signatures ", signatures.size(),
                                     ": those sign whom the entry names, and nobody else"));
  }
  const Bytes message = SignedMessage(decoded->signed_entry.entry());
  for (int i = 0; i < signers.size(); ++i) {
    FT_ASSIGN_OR_RETURN(const auto key, crypto::PublicKey::FromBytes(signers[i]));
    const std::string field = absl::StrCat("signatures[", i, "]");
    if (signatures[i].empty()) {
      if (may_miss) continue;
      return Refuse(
          v1::REFUSAL_CODE_SIGNATURE_INVALID, field,
          absl::StrCat("key ", key.hex(), ", which the entry names as a signer, has not signed it"));
    }
    const auto signature = crypto::Signature::FromBytes(signatures[i]);
    if (!signature.ok()) return Refuse(v1::REFUSAL_CODE_SIGNATURE_INVALID, field, "a signature has 64 bytes");
    if (!crypto::Verify(key, message, *signature)) {
      return Refuse(v1::REFUSAL_CODE_SIGNATURE_INVALID, field,
                    absl::StrCat("the signature of key ", key.hex(), " does not verify over these bytes"));
    }
    decoded->signers.push_back(key);
  }
  return absl::OkStatus();
}

// The key's signature at the key's place among the signers that the entry names.
Status SignInPlace(v1::SignedEntry* signed_entry,
                   const google::protobuf::RepeatedPtrField<std::string>& signers,
                   const crypto::SigningKey& key) {
  const auto place = std::find(signers.begin(), signers.end(), key.public_key().view());
  if (place == signers.end()) {
    return absl::InvalidArgumentError(absl::StrCat("the entry does not name key ", key.public_key().hex(),
                                                   " among its signers, and nobody else may sign it"));
  }
  auto* signatures = signed_entry->mutable_signatures();
  while (signatures->size() < signers.size()) signatures->Add();
  std::string& signature = *signatures->Mutable(static_cast<int>(place - signers.begin()));
  if (!signature.empty()) {
    return absl::AlreadyExistsError(
        absl::StrCat("key ", key.public_key().hex(), " has signed this entry already"));
  }
  signature = std::string(key.Sign(SignedMessage(signed_entry->entry())).view());
  return absl::OkStatus();
}

Status CheckParsed(DecodedEntry* parsed, bool may_miss_signatures) {
  FT_RETURN_IF_ERROR(CheckEntry(parsed->entry));
  return CheckSignatures(parsed, may_miss_signatures);
}

StatusOr<DecodedEntry> Decode(ByteView signed_bytes, bool may_miss_signatures) {
  FT_ASSIGN_OR_RETURN(DecodedEntry decoded, ParseSignedEntry(signed_bytes));
  FT_RETURN_IF_ERROR(CheckParsed(&decoded, may_miss_signatures));
  return decoded;
}

}  // namespace

StatusOr<v1::Entry> ParseEntry(ByteView entry_bytes) {
  v1::Entry entry;
  if (entry_bytes.size() > std::numeric_limits<int>::max() ||
      !entry.ParseFromArray(entry_bytes.data(), static_cast<int>(entry_bytes.size()))) {
    return Refuse(v1::REFUSAL_CODE_MALFORMED, "entry",
                  "these are not the bytes of an Entry (or a text in it is not UTF-8)");
  }
  if (IsOneEncoding(entry, entry_bytes)) return entry;
  if (HasUnknownFields(entry))
    return Refuse(v1::REFUSAL_CODE_MALFORMED, "entry",
                  "the entry has a field that this version does not know");
  return Refuse(
      v1::REFUSAL_CODE_MALFORMED, "entry",
      "the entry is not written in its one encoding: fields in ascending order, each once, defaults "
      "left out, numbers as short as they can be (docs/formats.md)");
}

StatusOr<DecodedEntry> ParseSignedEntry(ByteView signed_bytes) {
  if (signed_bytes.size() > kMaxRecordBytes) {
    return Refuse(
        v1::REFUSAL_CODE_RECORD_TOO_LARGE, "",
        absl::StrCat("the signed entry has ", signed_bytes.size(), " bytes; a record must stay under ",
                     kMaxRecordBytes + 1, ": split it into several entries"));
  }
  DecodedEntry decoded;
  decoded.signed_bytes = Bytes(signed_bytes);
  const int length = static_cast<int>(signed_bytes.size());
  if (!decoded.signed_entry.ParseFromArray(signed_bytes.data(), length) ||
      !IsOneEncoding(decoded.signed_entry, signed_bytes)) {
    return Refuse(v1::REFUSAL_CODE_MALFORMED, "",
                  "these are not the bytes of a SignedEntry as this version knows it");
  }
  FT_ASSIGN_OR_RETURN(decoded.entry, ParseEntry(decoded.signed_entry.entry()));
  return decoded;
}

Status CheckParsed(DecodedEntry* parsed) { return CheckParsed(parsed, false); }

StatusOr<DecodedEntry> DecodeSignedEntry(ByteView signed_bytes) { return Decode(signed_bytes, false); }

StatusOr<DecodedEntry> DecodeUnfinishedEntry(ByteView signed_bytes) { return Decode(signed_bytes, true); }

StatusOr<v1::SignedEntry> SignEntry(v1::Entry entry, const crypto::SigningKey& key) {
  if (entry.signers().empty()) entry.add_signers(std::string(key.public_key().view()));
  FT_RETURN_IF_ERROR(CheckEntry(entry));
  return SignMade(entry, key);
}

StatusOr<v1::SignedEntry> SignMade(const v1::Entry& entry, const crypto::SigningKey& key) {
  v1::SignedEntry signed_entry;
  signed_entry.set_entry(SerialiseDeterministic(entry));
  FT_RETURN_IF_ERROR(SignInPlace(&signed_entry, entry.signers(), key));
  return signed_entry;
}

Status AddSignature(v1::SignedEntry* signed_entry, const crypto::SigningKey& key) {
  FT_ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(signed_entry->entry()));
  return SignInPlace(signed_entry, entry.signers(), key);
}

StatusOr<Date> ValueDate(const v1::Entry& entry, const v1::Transfer& transfer) {
  return ParseDate(transfer.value_date().empty() ? entry.date() : transfer.value_date());
}

bool SendsBack(v1::TransferKind kind) {
  return kind == v1::TRANSFER_KIND_RETURN || kind == v1::TRANSFER_KIND_REVERSAL;
}

// The size first: a text that grows would be copied again and again, and each row of a ledger is such a text.
Bytes SerialiseDeterministic(const google::protobuf::Message& message) {
  Bytes out(message.ByteSizeLong(), '\0');
  google::protobuf::io::ArrayOutputStream stream(out.data(), static_cast<int>(out.size()));
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  coded.Trim();
  return out;
}

bool IsOneEncoding(const google::protobuf::Message& message, ByteView bytes) {
  // The size first: it finds most of what is written otherwise, and is needed anyhow. There are no maps, so that
  // serialising is deterministic by itself.
  if (message.ByteSizeLong() != bytes.size()) return false;
  Bytes again(bytes.size(), '\0');
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(again.data()));
  return again == bytes && !HasUnknownFields(message);
}

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Where other messages stand in a message: in a field of its own, or in one of several of which one stands.
struct Nested {
  std::vector<const google::protobuf::OneofDescriptor*> oneofs;
  std::vector<const FieldDescriptor*> fields;
};

bool IsMessage(const FieldDescriptor* field) {
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

Nested NestedIn(const Descriptor& message) {
  Nested nested;
  for (int i = 0; i < message.real_oneof_decl_count(); ++i) nested.oneofs.push_back(message.oneof_decl(i));
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (field->real_containing_oneof() == nullptr && IsMessage(field)) nested.fields.push_back(field);
  }
  return nested;
}

bool HasUnknownNested(const Message& message, const Nested& nested) {
  const auto* read = message.GetReflection();
  const auto has = [&](const FieldDescriptor* field) {
    if (!field->is_repeated())
      return read->HasField(message, field) && HasUnknownFields(read->GetMessage(message, field));
    const int size = read->FieldSize(message, field);
    for (int i = 0; i < size; ++i)
      if (HasUnknownFields(read->GetRepeatedMessage(message, field, i))) return true;
    return false;
  };
  for (const auto* oneof : nested.oneofs) {
    const FieldDescriptor* field = read->GetOneofFieldDescriptor(message, oneof);
    if (IsMessage(field) && has(field)) return true;
  }
  return std::any_of(nested.fields.begin(), nested.fields.end(), has);
}

}  // namespace

// A ledger looks at millions of messages. Reflection's list of all fields that are set would take more time than to read the bytes.
bool HasUnknownFields(const google::protobuf::Message& message) {
  if (!message.GetReflection()->GetUnknownFields(message).empty()) return true;
  static const ByType<Nested> known(NestedIn);
  return known.With(message, [&](const Nested& nested) { return HasUnknownNested(message, nested); });
}

}  // namespace fundtrail::model
