// See certificates.h. The same OpenSSL calls, in the same order, as gRPC makes for a handshake.
#include "ledger/net/certificates.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <ctime>
#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::net {
namespace {

constexpr std::size_t kMaxPem = std::size_t{1} << 20;

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Input = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

StatusOr<std::string> ReadPem(const std::string& path) {
  auto text = ReadFileFront(path, kMaxPem);
  if (!text.ok() || text->size() == kMaxPem)
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": is it there, and a file of less than 1 MB?"));
  return text->substr(0, text->find('\0'));  // OpenSSL's texts end there
}

Status Wrong(const std::string& file, const std::string& what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": ", what, reason == nullptr ? "" : absl::StrCat(" (", reason, ")")));
}

Input Reading(const std::string& pem) {
  ERR_clear_error();
  return Input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// gRPC has nobody to ask for a passphrase either.
int NoPassphrase(char* /*to*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

// All certificates of the text, one at least.
StatusOr<std::vector<Certificate>> Parse(const std::string& file, const std::string& pem) {
  std::vector<Certificate> all;
  const Input input = Reading(pem);
  while (Certificate next{PEM_read_bio_X509(input.get(), nullptr, NoPassphrase, nullptr)})
    all.push_back(std::move(next));
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) return Wrong(file, absl::StrCat("certificate ", all.size() + 1, " in it cannot be read"));
  ERR_clear_error();
  if (all.empty()) return Wrong(file, "there is no PEM certificate in it");
  return all;
}

void Warn(const std::string& file, const std::vector<Certificate>& certificates, Timestamp now,
          std::vector<std::string>* warnings) {
  std::time_t seconds = now.micros() / 1'000'000;
  for (const Certificate& certificate : certificates) {
    if (X509_cmp_time(X509_get0_notAfter(certificate.get()), &seconds) < 0)
      warnings->push_back(absl::StrCat(file, ": a certificate in it has expired, so others will refuse it"));
    if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds) > 0)
      warnings->push_back(
          absl::StrCat(file, ": a certificate in it is not valid yet, so others will refuse it"));
  }
}

Status CheckPair(const CertificateFiles& files, const std::vector<Certificate>& chain,
                 const std::string& key_pem) {
  const Context context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return absl::UnavailableError("OpenSSL makes no context");
  const PrivateKey key(PEM_read_bio_PrivateKey(Reading(key_pem).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr)
    return Wrong(files.tls_key, "there is no PEM private key in it that opens without a passphrase");
  if (SSL_CTX_use_certificate(context.get(), chain.front().get()) != 1)
    return Wrong(files.tls_cert, "OpenSSL does not serve with this certificate");
  if (X509_check_private_key(chain.front().get(), key.get()) != 1)
    return Wrong(files.tls_key,
                 absl::StrCat("it is not the key of the first certificate in ", files.tls_cert));
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    return Wrong(files.tls_key, "OpenSSL does not serve with this key");
  return absl::OkStatus();
}

}  // namespace

StatusOr<Certificates> ReadCertificates(const CertificateFiles& files, Timestamp now) {
  Certificates read;
  FT_ASSIGN_OR_RETURN(read.chain, ReadPem(files.tls_cert));
  FT_ASSIGN_OR_RETURN(read.key, ReadPem(files.tls_key));
  FT_ASSIGN_OR_RETURN(const auto chain, Parse(files.tls_cert, read.chain));
  FT_RETURN_IF_ERROR(CheckPair(files, chain, read.key));
  Warn(files.tls_cert, chain, now, &read.warnings);
  if (!files.client_ca.empty()) {
    FT_ASSIGN_OR_RETURN(read.client_ca, ReadPem(files.client_ca));
    FT_ASSIGN_OR_RETURN(const auto authorities, Parse(files.client_ca, read.client_ca));
    Warn(files.client_ca, authorities, now, &read.warnings);
  }
  return read;
}

}  // namespace fundtrail::net
