// The files of TLS, read and checked before a connection may depend on them. gRPC takes any text, and then fails each
// handshake without a word.
#pragma once

#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/base/status.h"

namespace fundtrail::net {

struct CertificateFiles {
  std::string tls_cert, tls_key;  // PEM files
  std::string client_ca;          // PEM file; empty: clients need show no certificate
};

struct Certificates {
  std::string chain, key;  // PEM, as they were read
  std::string client_ca;   // PEM; empty: clients need show no certificate
  // What an operator should know though it is no reason not to serve: a sentence for each certificate that is expired
  // or not yet valid.
  std::vector<std::string> warnings;
};

// Reads the files, at most 1 MB each. INVALID_ARGUMENT, with the file and the reason, when a
// certificate or key cannot be parsed, or OpenSSL would not serve with it. So also when the key is another certificate's,
// or the client CA's file has no certificate.
StatusOr<Certificates> ReadCertificates(const CertificateFiles& files, Timestamp now);

}  // namespace fundtrail::net
