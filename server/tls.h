// TLS for the server's port, with certificates that can be replaced while it serves: connections that are there go on,
// new ones get the new certificates. (gRPC's own watching of files takes whatever stands in them; here only what was
// checked gets in.)
#pragma once

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <mutex>

#include "server/certificates.h"

namespace fundtrail::server {

class Tls {
 public:
  // Whether clients must show a certificate is settled here, and not changed by Replace.
  explicit Tls(Certificates certificates);
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  // For one port of a gRPC server, which this must outlive.
  std::shared_ptr<grpc::ServerCredentials> Credentials();
  // From any thread.
  void Replace(Certificates certificates);

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(void* self,
                                                         grpc_ssl_server_certificate_config** config);

  const bool mutual_;
  std::mutex mutex_;
  Certificates certificates_;
  bool fresh_ = true;  // gRPC has not got them yet
};

}  // namespace fundtrail::server
