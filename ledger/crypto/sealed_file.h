// A file of secrets that is sealed with a passphrase and changes: all of it is read, and all of it is written. Text,
// one field a line:
//
//   fundtrail sealed v1
//   argon2id <operations> <bytes of memory> <base64 of the salt, 16 bytes>
//   box <base64 of nonce (24 bytes) and sealed content>
//
// The box, and the cost of a new file, are those of key files (key_file.h). A file keeps its own cost. Whoever has it
// open keeps others waiting: a lock on FILE.lock, which is empty and stays. So no change gets lost. The program keeps
// the content in memory in the clear as long as it is open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::crypto {

class SealedFile {
 public:
  // The most bytes that the content may have.
  static constexpr std::size_t kMaxBytes = std::size_t{32} << 20;
  // What it takes to work out the key from the passphrase: the usual is libsodium's "moderate".
  struct Cost {
    std::uint64_t operations = 3;
    std::uint64_t bytes = std::uint64_t{256} << 20;
  };

  // A file that is not there is one without content; it is made by the first Write, with that cost. A file that is
  // there has its own: 1 to 16 operations, 8 KiB to 1 GiB. PERMISSION_DENIED when group or others have any right to it.
  // INVALID_ARGUMENT when the passphrase is empty or wrong, or the file is damaged or another; UNAVAILABLE when the
  // disk or the memory does not suffice.
  static StatusOr<std::unique_ptr<SealedFile>> Open(const std::string& path, std::string_view passphrase,
                                                    const RandomSource& random, Cost cost);
  static StatusOr<std::unique_ptr<SealedFile>> Open(const std::string& path, std::string_view passphrase,
                                                    const RandomSource& random);
  ~SealedFile();
  SealedFile(const SealedFile&) = delete;
  SealedFile& operator=(const SealedFile&) = delete;

  const Bytes& content() const { return content_; }
  // Puts it in the place of the old content, with mode 0600. After an error, or when the machine stops, the file has
  // the old content or the new one. Each writing has a nonce of its own. INVALID_ARGUMENT above kMaxBytes.
  Status Write(Bytes content);

 private:
  struct Key;
  SealedFile(std::string path, RandomSource random, int lock);

  const std::string path_;
  const RandomSource random_;
  const int lock_;
  std::unique_ptr<Key> key_;
  Bytes content_;
};

}  // namespace fundtrail::crypto
