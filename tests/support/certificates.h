// TLS certificates for tests, made by the openssl program.
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace fundtrail::testing {

// Runs it by the shell in that folder, in silence.
inline void Shell(const std::string& dir, const std::string& commands) {
  if (std::system(("cd '" + dir + "' && { " + commands + "; } >/dev/null 2>&1").c_str()) != 0)
    throw std::runtime_error("failed: " + commands);
}

// NAME.pem, for localhost, and NAME.key: a certificate that is its own authority, valid for two days.
inline void MakeCertificate(const std::string& dir, const std::string& name) {
  Shell(dir, "openssl req -x509 -newkey ed25519 -nodes -days 2 -keyout " + name + ".key -out " + name +
                 ".pem -subj /CN=" + name + " -addext subjectAltName=DNS:localhost,IP:127.0.0.1");
}

}  // namespace fundtrail::testing
