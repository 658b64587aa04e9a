// Bytes, digests, hexadecimal and base64. Bytes are std::string, as protobuf and the store have them.
// Base64 is RFC 4648 §4 with padding, and is read strictly: one text for one value.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail {

using Bytes = std::string;
using ByteView = std::string_view;

// A SHA-256 digest. All zero stands for "no record before this one".
struct Hash {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), kSize}; }
  std::string hex() const;
  friend auto operator<=>(const Hash&, const Hash&) = default;

  // `digest` must have 32 bytes.
  static StatusOr<Hash> FromBytes(ByteView digest);
};

std::string HexEncode(ByteView bytes);             // lower case
StatusOr<Bytes> HexDecode(std::string_view text);  // either case; refuses odd length, other signs

// Whether it is the text of a digest: 64 hex digits in lower case, as sha256sum prints them.
bool IsHashText(std::string_view text);

std::string Base64Encode(ByteView bytes);
StatusOr<Bytes> Base64Decode(std::string_view text);  // refuses white space, missing padding, stray bits

// Big-endian integers, so that keys sort as their numbers do.
void AppendBigEndian16(Bytes* out, std::uint16_t value);
void AppendBigEndian32(Bytes* out, std::uint32_t value);
void AppendBigEndian64(Bytes* out, std::uint64_t value);
// Require at least 2, 4, 8 bytes.
std::uint16_t ReadBigEndian16(ByteView bytes);
std::uint32_t ReadBigEndian32(ByteView bytes);
std::uint64_t ReadBigEndian64(ByteView bytes);

}  // namespace fundtrail
