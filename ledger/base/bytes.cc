// See bytes.h.
#include "ledger/base/bytes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace fundtrail {
namespace {

// The number whose bytes lie in memory as those of `value` do in a key.
template <typename Integer>
Integer BigEndian(Integer value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  if constexpr (sizeof(Integer) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(Integer) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(Integer) == 8) return __builtin_bswap64(value);
}

// Keys and rows are made of these: in one piece, and not byte by byte.
template <typename Integer>
void AppendBigEndian(Bytes* out, Integer value) {
  std::array<char, sizeof(Integer)> bytes;
  const Integer ordered = BigEndian(value);
  std::memcpy(bytes.data(), &ordered, bytes.size());
  out->append(bytes.data(), bytes.size());
}

template <typename Integer>
Integer ReadBigEndian(ByteView bytes) {
  assert(bytes.size() >= sizeof(Integer));
  Integer ordered;
  std::memcpy(&ordered, bytes.data(), sizeof(Integer));
  return BigEndian(ordered);
}

}  // namespace

std::string Hash::hex() const { return HexEncode(view()); }

StatusOr<Hash> Hash::FromBytes(ByteView digest) {
  if (digest.size() != kSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("a SHA-256 hash has 32 bytes, this one has ", digest.size()));
  }
  Hash hash;
  std::copy(digest.begin(), digest.end(), reinterpret_cast<char*>(hash.bytes.data()));
  return hash;
}

bool IsHashText(std::string_view text) {
  return text.size() == 2 * Hash::kSize &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string HexEncode(ByteView bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

StatusOr<Bytes> HexDecode(std::string_view text) {
  const bool all_hex = std::all_of(
      text.begin(), text.end(), [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
  if (text.size() % 2 != 0 || !all_hex) {
    return absl::InvalidArgumentError("not hexadecimal: expected an even number of 0-9 and a-f");
  }
  return absl::HexStringToBytes(absl::string_view(text.data(), text.size()));
}

std::string Base64Encode(ByteView bytes) {
  return absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
}

StatusOr<Bytes> Base64Decode(std::string_view text) {
  Bytes bytes;
  // Abseil's reader forgives white space and missing padding: writing it again and comparing does not.
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes) ||
      Base64Encode(bytes) != text) {
    return absl::InvalidArgumentError("not base64 as RFC 4648 §4 has it, with padding");
  }
  return bytes;
}

void AppendBigEndian16(Bytes* out, std::uint16_t value) { AppendBigEndian(out, value); }
void AppendBigEndian32(Bytes* out, std::uint32_t value) { AppendBigEndian(out, value); }
void AppendBigEndian64(Bytes* out, std::uint64_t value) { AppendBigEndian(out, value); }
std::uint16_t ReadBigEndian16(ByteView bytes) { return ReadBigEndian<std::uint16_t>(bytes); }
std::uint32_t ReadBigEndian32(ByteView bytes) { return ReadBigEndian<std::uint32_t>(bytes); }
std::uint64_t ReadBigEndian64(ByteView bytes) { return ReadBigEndian<std::uint64_t>(bytes); }

}  // namespace fundtrail
