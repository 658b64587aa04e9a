// SHA-256 (FIPS 180-4), by OpenSSL. Small inputs are the common case here (a tree node has 65 bytes), so
// nothing is set up anew for each hash. Safe from many threads at once; a Sha256Stream belongs to one.
#pragma once

#include <initializer_list>
#include <memory>

#include "ledger/base/bytes.h"

namespace fundtrail::crypto {

Hash Sha256(ByteView bytes);
// Of the parts one after another, without joining them first.
Hash Sha256(std::initializer_list<ByteView> parts);

// For input that comes in pieces, a file for example.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  ~Sha256Stream();

  void Update(ByteView bytes);
  // The hash of all that was given since the start or the last Finish; the stream then begins anew.
  Hash Finish();

 private:
  class Context;
  std::unique_ptr<Context> context_;
};

}  // namespace fundtrail::crypto
