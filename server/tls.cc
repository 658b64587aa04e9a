// See tls.h. gRPC's C++ has no way to certificates that change in memory; its C core has one.
#include "server/tls.h"

#include <grpc/grpc.h>

#include <utility>

namespace fundtrail::server {
namespace {

class CoreCredentials final : public grpc::ServerCredentials {
 public:
  explicit CoreCredentials(grpc_server_credentials* core) : core_(core) {}
  ~CoreCredentials() override { grpc_server_credentials_release(core_); }
  CoreCredentials(const CoreCredentials&) = delete;
  CoreCredentials& operator=(const CoreCredentials&) = delete;

  // The right to write comes from the signatures in an entry: there is nothing else to check here.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>& /*none*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), core_);
  }

  grpc_server_credentials* const core_;
};

}  // namespace

Tls::Tls(Certificates certificates)
    : mutual_(!certificates.client_ca.empty()), certificates_(std::move(certificates)) {}

std::shared_ptr<grpc::ServerCredentials> Tls::Credentials() {
  auto* const options = grpc_ssl_server_credentials_create_options_using_config_fetcher(
      mutual_ ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
              : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
      &Tls::Fetch, this);
  return std::make_shared<CoreCredentials>(grpc_ssl_server_credentials_create_with_options(options));
}

void Tls::Replace(Certificates certificates) {
  const std::lock_guard lock(mutex_);
  certificates_ = std::move(certificates);
  fresh_ = true;
}

// Asked before each handshake. Should gRPC not like what it gets, it goes on with what it had.
grpc_ssl_certificate_config_reload_status Tls::Fetch(void* self,
                                                     grpc_ssl_server_certificate_config** config) {
  Tls& tls = *static_cast<Tls*>(self);
  const std::lock_guard lock(tls.mutex_);
  if (!tls.fresh_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  tls.fresh_ = false;
  const grpc_ssl_pem_key_cert_pair pair{tls.certificates_.key.c_str(), tls.certificates_.chain.c_str()};
  *config = grpc_ssl_server_certificate_config_create(
      // Without client certificates nobody looks at these roots, but gRPC insists on some.
      tls.mutual_ ? tls.certificates_.client_ca.c_str() : pair.cert_chain, &pair, 1);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

}  // namespace fundtrail::server
