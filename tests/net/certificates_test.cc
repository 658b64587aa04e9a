// Certificates are looked at before a connection depends on them.
#include "ledger/net/certificates.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "ledger/log/ledger.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

// A folder with two certificates and their keys, each of which is its own authority.
struct Files {
  Files() {
    for (const char* name : {"one", "two"}) MakeCertificate(dir / "", name);
  }
  std::string at(const std::string& name) const { return dir / name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(at(name)) << text;
    return at(name);
  }
  std::string Text(const std::string& name) const {
    std::ifstream in(at(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // What is wrong with these, empty when nothing is.
  std::string Wrong(const std::string& cert, const std::string& key, const std::string& ca = "") const {
    net::CertificateFiles config;
    config.tls_cert = cert;
    config.tls_key = key;
    config.client_ca = ca;
    const auto read = net::ReadCertificates(config, log::SystemClock()());
    if (!read.ok()) CHECK(read.status().code() == absl::StatusCode::kInvalidArgument);
    return std::string(read.status().message());
  }
  TempDir dir;
};

bool Begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

TEST_CASE("a certificate with its key is taken as it stands in the files, and so is a chain") {
  const Files files;
  net::CertificateFiles config;
  config.tls_cert = files.Write("chain.pem", files.Text("one.pem") + files.Text("two.pem"));
  config.tls_key = files.at("one.key");
  config.client_ca = files.at("two.pem");
  const auto read = net::ReadCertificates(config, log::SystemClock()());
  REQUIRE(read.ok());
  CHECK(read->chain == files.Text("one.pem") + files.Text("two.pem"));
  CHECK(read->key == files.Text("one.key"));
  CHECK(read->client_ca == files.Text("two.pem"));
  CHECK(read->warnings.empty());
}

TEST_CASE("what OpenSSL would not serve with is told with its file and why") {
  const Files files;
  const std::string cert = files.at("one.pem"), key = files.at("one.key"), none = files.at("none");
  const std::string text = files.Write("text", "rubbish\n"), empty = files.Write("empty", "");
  CHECK(files.Wrong(cert, key).empty());
  for (const auto& file : {none, std::string("/tmp"), files.Write("large", std::string(1 << 20, 'x'))}) {
    CHECK(Begins(files.Wrong(file, key), "cannot read " + file));
    CHECK(Begins(files.Wrong(cert, file), "cannot read " + file));
    CHECK(Begins(files.Wrong(cert, key, file), "cannot read " + file));
  }
  for (const auto& file : {text, empty, key}) {
    CHECK(Begins(files.Wrong(file, key), file + ": there is no PEM certificate in it"));
    CHECK(Begins(files.Wrong(cert, key, file), file + ": there is no PEM certificate in it"));
  }
  for (const auto& file : {text, empty, cert})
    CHECK(Begins(files.Wrong(cert, file), file + ": there is no PEM private key in it"));
  CHECK(Begins(files.Wrong(cert, files.at("two.key")),
               files.at("two.key") + ": it is not the key of the first certificate in " + cert));
  // Cut short, or with one letter changed, in the second of two.
  std::string broken = files.Text("two.pem");
  broken[60] = '*';
  const std::string chain = files.Write("chain.pem", files.Text("one.pem") + broken);
  CHECK(Begins(files.Wrong(chain, key), chain + ": certificate 2 in it cannot be read"));
  CHECK(Begins(files.Wrong(cert, key, chain), chain + ": certificate 2 in it cannot be read"));
}

TEST_CASE("a key that needs a passphrase, and one too weak to serve with, are told") {
  const Files files;
  Shell(files.dir / "",
        "openssl pkcs8 -topk8 -in one.key -out locked.key -passout pass:x; openssl req -x509 -newkey rsa:512 "
        "-nodes -days 2 -keyout weak.key -out weak.pem -subj /CN=weak");
  CHECK(
      Begins(files.Wrong(files.at("one.pem"), files.at("locked.key")),
             files.at("locked.key") + ": there is no PEM private key in it that opens without a passphrase"));
  const std::string weak = files.Wrong(files.at("weak.pem"), files.at("weak.key"));
  INFO(weak);
  CHECK(Begins(weak,
               files.at("weak.pem") + ": OpenSSL does not serve with this certificate (ee key too small)"));
}

TEST_CASE("a certificate that is expired, or not valid yet, is a warning") {
  const Files files;
  net::CertificateFiles config;
  config.tls_cert = files.at("one.pem");
  config.tls_key = files.at("one.key");
  config.client_ca = files.at("two.pem");
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t now = log::SystemClock()().micros();
  const auto late = net::ReadCertificates(config, Timestamp(now + 3 * kDay));
  REQUIRE(late.ok());
  REQUIRE(late->warnings.size() == 2);
  CHECK(Begins(late->warnings[0], config.tls_cert + ": a certificate in it has expired"));
  CHECK(Begins(late->warnings[1], config.client_ca + ": a certificate in it has expired"));
  const auto early = net::ReadCertificates(config, Timestamp(now - kDay));
  REQUIRE(early.ok());
  REQUIRE(early->warnings.size() == 2);
  CHECK(Begins(early->warnings[0], config.tls_cert + ": a certificate in it is not valid yet"));
}

}  // namespace
}  // namespace fundtrail::testing
