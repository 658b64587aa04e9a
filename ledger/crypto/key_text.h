// The text of a key file (key_file.h has the format), apart from the disk. For this room alone.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::crypto {

inline constexpr std::size_t kMaxKeyText = 1024;  // a key file needs at most 250 bytes

// Bytes that are wiped when they go. They stay in one place: a growing string would leave copies behind.
class SecretText {
 public:
  SecretText() = default;
  ~SecretText();
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  std::string_view view() const { return {bytes_.data(), size_}; }
  char* free_space() { return bytes_.data() + size_; }
  std::size_t free_size() const { return bytes_.size() - size_; }
  void grow(std::size_t by) { size_ += by; }  // after free_space() was written to; at most free_size()
  void Append(std::string_view text);         // must fit

 private:
  std::array<char, kMaxKeyText + 1> bytes_{};  // one more, so that a file that is too long shows
  std::size_t size_ = 0;
};

// `text` must be empty.
Status WriteKeyText(const SigningKey& key, std::optional<std::string_view> passphrase,
                    const RandomSource& random, SecretText* text);
StatusOr<SigningKey> ReadKeyText(std::string_view text, std::optional<std::string_view> passphrase);

}  // namespace fundtrail::crypto
