// See tls.h.
#include "ledger/net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fundtrail::net {
namespace {

// Forward secrecy and authenticated encryption alone. (TLS 1.3 has nothing else.)
constexpr char kCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305";
constexpr unsigned char kHttp2[] = {2, 'h', '2'};
constexpr unsigned char kSession[] = "fundtraild";

Status Wrong(const std::string& what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat("TLS: OpenSSL takes no ", what, reason == nullptr ? "" : absl::StrCat(" (", reason, ")")));
}

// A client that says which protocols it speaks must speak HTTP/2.
int SelectHttp2(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                unsigned int offered_size, void* /*user*/) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp2, sizeof kHttp2, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

struct Closed {
  void operator()(BIO* input) const { BIO_free(input); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using PemInput = std::unique_ptr<BIO, Closed>;
using ServedCertificate = std::unique_ptr<X509, Closed>;
using ServedKey = std::unique_ptr<EVP_PKEY, Closed>;

PemInput PemOf(const std::string& pem) {
  return PemInput(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}
// A key that asks for a passphrase is none: nobody is there to type it.
int NeverAsked(char* /*to*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

ServedCertificate Next(const PemInput& input) {
  return ServedCertificate(PEM_read_bio_X509(input.get(), nullptr, NeverAsked, nullptr));
}

Status UseChain(SSL_CTX* context, const std::string& pem) {
  const PemInput input = PemOf(pem);
  const ServedCertificate own = Next(input);
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) return Wrong("certificate");
  while (const ServedCertificate above = Next(input))
    if (SSL_CTX_add1_chain_cert(context, above.get()) != 1) return Wrong("certificate chain");
  ERR_clear_error();  // the end of the text
  return absl::OkStatus();
}

Status UseKey(SSL_CTX* context, const std::string& pem) {
  const ServedKey key(PEM_read_bio_PrivateKey(PemOf(pem).get(), nullptr, NeverAsked, nullptr));
  if (key == nullptr || SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return Wrong("private key");
  return absl::OkStatus();
}

Status TrustClientsOf(SSL_CTX* context, const std::string& pem) {
  const PemInput input = PemOf(pem);
  while (const ServedCertificate authority = Next(input)) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1)
      return Wrong("client CA");
  }
  ERR_clear_error();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return absl::OkStatus();
}

StatusOr<std::shared_ptr<SSL_CTX>> MakeContext(const Certificates& certificates) {
  ERR_clear_error();
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return Wrong("settings");
  SSL_CTX* const of = context.get();
  if (SSL_CTX_set_min_proto_version(of, TLS1_2_VERSION) != 1 || SSL_CTX_set_cipher_list(of, kCiphers) != 1 ||
      SSL_CTX_set_session_id_context(of, kSession, sizeof kSession - 1) != 1)
    return Wrong("settings");
  SSL_CTX_set_options(of, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                              SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(of, 0);
  SSL_CTX_set_session_cache_mode(of, SSL_SESS_CACHE_OFF);
  // Written in parts, from where the rest has moved to. Nothing is kept for a connection that is idle. One record a read,
  // so that a client who sends none of our data cannot keep a thread.
  SSL_CTX_set_mode(
      of, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_clear_mode(of, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_alpn_select_cb(of, SelectHttp2, nullptr);
  FT_RETURN_IF_ERROR(UseChain(of, certificates.chain));
  FT_RETURN_IF_ERROR(UseKey(of, certificates.key));
  if (!certificates.client_ca.empty()) FT_RETURN_IF_ERROR(TrustClientsOf(of, certificates.client_ca));
  return context;
}

}  // namespace

StatusOr<std::unique_ptr<Tls>> Tls::Make(const Certificates& certificates) {
  std::unique_ptr<Tls> tls(new Tls);
  FT_RETURN_IF_ERROR(tls->Replace(certificates));
  return tls;
}

std::shared_ptr<SSL_CTX> Tls::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

Status Tls::Replace(const Certificates& certificates) {
  FT_ASSIGN_OR_RETURN(auto context, MakeContext(certificates));
  const std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return absl::OkStatus();
}

}  // namespace fundtrail::net
