// See entry.h.
#include "ledger/model/entry.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "ledger/model/entry_form.h"
#include "ledger/model/refusal.h"

namespace fundtrail::model {
namespace {

Bytes SignedMessage(ByteView entry_bytes) {
  Bytes message(kEntryDomain);
  message.append(entry_bytes);
  return message;
}

}  // namespace

bool IsValidId(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes || !absl::ascii_isalnum(static_cast<unsigned char>(id[0])))
    return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == ':' || c == '-';
  });
}

bool IsValidLedgerName(std::string_view name) {
  if (name.empty() || name.size() > 128) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != '+'; });
}

StatusOr<DecodedEntry> DecodeSignedEntry(ByteView signed_bytes) {
  if (signed_bytes.size() > kMaxRecordBytes) {
    return Refuse(
        v1::RECORD_TOO_LARGE, "",
        absl::StrCat("the signed entry has ", signed_bytes.size(), " bytes; a record must stay under ",
                     kMaxRecordBytes + 1, ": split it into several entries"));
  }
  DecodedEntry decoded;
  decoded.signed_bytes = Bytes(signed_bytes);
  const int length = static_cast<int>(signed_bytes.size());
  if (!decoded.signed_entry.ParseFromArray(signed_bytes.data(), length) ||
      HasUnknownFields(decoded.signed_entry) ||
      SerialiseDeterministic(decoded.signed_entry) != signed_bytes) {
    return Refuse(v1::MALFORMED, "", "these are not the bytes of a SignedEntry as this version knows it");
  }
  const Bytes& entry_bytes = decoded.signed_entry.entry();
  if (!decoded.entry.ParseFromString(entry_bytes)) {
    return Refuse(v1::MALFORMED, "entry",
                  "these are not the bytes of an Entry (or a text in it is not UTF-8)");
  }
  if (HasUnknownFields(decoded.entry)) {
    return Refuse(v1::MALFORMED, "entry", "the entry has a field that this version does not know");
  }
  FT_RETURN_IF_ERROR(CheckEntry(decoded.entry));
  const auto& signatures = decoded.signed_entry.signatures();
  if (signatures.empty()) return Refuse(v1::SIGNATURE_INVALID, "signatures", "the entry is not signed");
  if (static_cast<std::size_t>(signatures.size()) > kMaxSignatures) {
    return Refuse(v1::FIELD_INVALID, "signatures", absl::StrCat("more than ", kMaxSignatures, " signatures"));
  }
  const Bytes message = SignedMessage(entry_bytes);
  std::set<crypto::PublicKey> seen;
  for (int i = 0; i < signatures.size(); ++i) {
    const std::string field = absl::StrCat("signatures[", i, "]");
    const auto key = crypto::PublicKey::FromBytes(signatures[i].public_key());
    const auto signature = crypto::Signature::FromBytes(signatures[i].signature());
    if (!key.ok() || !signature.ok()) {
      return Refuse(v1::SIGNATURE_INVALID, field, "a public key has 32 bytes and a signature 64");
    }
    if (!seen.insert(*key).second) {
      return Refuse(v1::SIGNATURE_INVALID, field, absl::StrCat("key ", key->hex(), " signs twice"));
    }
    if (!crypto::Verify(*key, message, *signature)) {
      return Refuse(v1::SIGNATURE_INVALID, field,
                    absl::StrCat("the signature of key ", key->hex(), " does not verify over these bytes"));
    }
    decoded.signers.push_back(*key);
  }
  return decoded;
}

StatusOr<v1::SignedEntry> SignEntry(const v1::Entry& entry, const crypto::SigningKey& key) {
  FT_RETURN_IF_ERROR(CheckEntry(entry));
  v1::SignedEntry signed_entry;
  signed_entry.set_entry(SerialiseDeterministic(entry));
  FT_RETURN_IF_ERROR(AddSignature(&signed_entry, key));
  return signed_entry;
}

Status AddSignature(v1::SignedEntry* signed_entry, const crypto::SigningKey& key) {
  const std::string public_key(key.public_key().view());
  for (const auto& signature : signed_entry->signatures()) {
    if (signature.public_key() == public_key) {
      return absl::AlreadyExistsError(
          absl::StrCat("key ", key.public_key().hex(), " has signed this entry already"));
    }
  }
  auto* signature = signed_entry->add_signatures();
  signature->set_public_key(public_key);
  signature->set_signature(std::string(key.Sign(SignedMessage(signed_entry->entry())).view()));
  return absl::OkStatus();
}

StatusOr<Date> ValueDate(const v1::Entry& entry, const v1::Transfer& transfer) {
  return ParseDate(transfer.value_date().empty() ? entry.date() : transfer.value_date());
}

Bytes SerialiseDeterministic(const google::protobuf::Message& message) {
  Bytes out;
  {
    google::protobuf::io::StringOutputStream stream(&out);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return out;
}

bool HasUnknownFields(const google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty()) return true;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (HasUnknownFields(reflection->GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      if (HasUnknownFields(reflection->GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

}  // namespace fundtrail::model
