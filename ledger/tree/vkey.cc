// See note.h. Key names, key IDs, and the vkey text.
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/tree/note.h"

namespace fundtrail::tree {
namespace {

std::string TypeAndKey(KeyType type, const crypto::PublicKey& key) {
  std::string bytes(1, static_cast<char>(type));
  bytes += key.view();
  return bytes;
}

std::uint32_t KeyId(std::string_view name, std::string_view type_and_key) {
  return ReadBigEndian32(crypto::Sha256({name, "\n", type_and_key}).view());
}

std::string IdText(std::uint32_t key_id) {
  Bytes bytes;
  AppendBigEndian32(&bytes, key_id);
  return HexEncode(bytes);
}

std::optional<KeyType> KnownType(char byte) {
  switch (static_cast<KeyType>(byte)) {
    case KeyType::kEd25519:
    case KeyType::kCosignature:
      return static_cast<KeyType>(byte);
  }
  return std::nullopt;
}

}  // namespace

bool IsKeyName(std::string_view name) {
  if (name.empty() || !IsUtf8(name)) return false;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(name.data());
  const auto length = static_cast<std::int64_t>(name.size());
  for (std::int64_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0x20 || c == '+' || u_isUWhiteSpace(c) != 0) return false;
  }
  return true;
}

StatusOr<Verifier> MakeVerifier(std::string_view name, KeyType type, const crypto::PublicKey& key) {
  if (!IsKeyName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(name), "\" cannot name a key: it must have no spaces and no +"));
  }
  return Verifier{std::string(name), KeyId(name, TypeAndKey(type, key)), type, key};
}

StatusOr<Verifier> ParseVkey(std::string_view vkey) {
  // At the first two plus signs only: base64 may have more.
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos || vkey.size() > kMaxNoteBytes) {
    return absl::InvalidArgumentError("a verification key has three parts, name+ID+key");
  }
  const std::string_view name = vkey.substr(0, first);
  const std::string_view id = vkey.substr(first + 1, second - first - 1);
  const auto bytes = Base64Decode(vkey.substr(second + 1));
  if (!bytes.ok() || bytes->empty()) {
    return absl::InvalidArgumentError("the key part of the verification key is not base64");
  }
  const std::optional<KeyType> type = KnownType(bytes->front());
  const auto key = crypto::PublicKey::FromBytes(ByteView(*bytes).substr(1));
  if (!type.has_value()) {
    return absl::InvalidArgumentError(
        "the verification key is of a type not known here: Ed25519 (01) and Ed25519 cosignature (04) are");
  }
  if (!key.ok()) return key.status();
  FT_ASSIGN_OR_RETURN(Verifier verifier, MakeVerifier(name, *type, *key));
  if (IdText(verifier.key_id) != id) {
    return absl::InvalidArgumentError(absl::StrCat("the verification key states the ID \"", Escaped(id),
                                                   "\", but its ID is ", IdText(verifier.key_id),
                                                   ": it was changed or cut off on the way"));
  }
  return verifier;
}

std::string FormatVkey(const Verifier& verifier) {
  return absl::StrCat(verifier.name, "+", IdText(verifier.key_id), "+",
                      Base64Encode(TypeAndKey(verifier.type, verifier.key)));
}

}  // namespace fundtrail::tree
