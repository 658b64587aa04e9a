// See sha256.h.
#include "ledger/crypto/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace fundtrail::crypto {
namespace {

// OpenSSL without SHA-256, or out of memory for a small struct: nothing can work, and a wrong hash must
// never come out.
void Require(bool ok) {
  if (!ok) std::abort();
}

// Fetched once: looking the algorithm up costs more than hashing a tree node. Never freed, as threads may
// still hash while the program ends.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

}  // namespace

class Sha256Stream::Context {
 public:
  Context() : context_(EVP_MD_CTX_new()) {
    Require(Algorithm() != nullptr && context_ != nullptr);
    Begin();
  }
  ~Context() { EVP_MD_CTX_free(context_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void Update(ByteView bytes) { Require(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1); }

  Hash Finish() {
    Hash hash;
    Require(EVP_DigestFinal_ex(context_, hash.bytes.data(), nullptr) == 1);
    Begin();
    return hash;
  }

 private:
  void Begin() { Require(EVP_DigestInit_ex2(context_, Algorithm(), nullptr) == 1); }

  EVP_MD_CTX* context_;
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Update(ByteView bytes) { context_->Update(bytes); }
Hash Sha256Stream::Finish() { return context_->Finish(); }

Hash Sha256(std::initializer_list<ByteView> parts) {
  thread_local Sha256Stream stream;
  for (const ByteView part : parts) stream.Update(part);
  return stream.Finish();
}

Hash Sha256(ByteView bytes) { return Sha256(std::initializer_list<ByteView>{bytes}); }

}  // namespace fundtrail::crypto
