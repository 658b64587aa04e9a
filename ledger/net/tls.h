// TLS for the server's port, with certificates that can be replaced while it serves. Connections that are there go on,
// and new ones get the new certificates. Only what was checked (certificates.h) gets in.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <mutex>

#include "ledger/base/status.h"
#include "ledger/net/certificates.h"

namespace fundtrail::net {

class Tls {
 public:
  // INVALID_ARGUMENT when OpenSSL does not take them.
  static StatusOr<std::unique_ptr<Tls>> Make(const Certificates& certificates);

  // For a new connection. From any thread, as Replace.
  std::shared_ptr<SSL_CTX> context() const;
  // After an error the old ones stay.
  Status Replace(const Certificates& certificates);

 private:
  Tls() = default;

  mutable std::mutex mutex_;
  std::shared_ptr<SSL_CTX> context_;
};

}  // namespace fundtrail::net
