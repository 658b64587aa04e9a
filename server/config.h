// The server's settings: defaults, then a TOML file, then the command line. A key that is not known is refused by name
// and line. docs/operators.md explains each.
#pragma once

#include <string>

#include "ledger/base/status.h"
#include "ledger/pipeline/pipeline.h"
#include "server/limits.h"

namespace fundtrail::server {

struct Config {
  std::string ledger;                     // the ledger's folder
  std::string listen = "127.0.0.1:7450";  // HOST:PORT; port 0: any free one
  std::string tls_cert, tls_key;          // PEM files; both or none
  std::string client_ca;                  // PEM file: clients must show a certificate by it
  std::string metrics;                    // HOST:PORT of this machine alone; empty: none
  std::string backups;                    // the folder that backups go to; empty: none are made
  std::string http;                       // HOST:PORT for the archive's paths over HTTP; empty: none
  std::string policy;                     // a tlog-policy file: whose witnesses are asked; empty: none
  std::string http_base;                  // scheme://host of the pages as people reach them; may be empty
  std::string http_behind;                // the IP address of the web server in front of http; empty: none
  bool http_public = false;               // http may be another address than this machine's own
  std::string log_level = "info";         // debug, info, warn, error
  double stop_seconds = 20;               // what SIGTERM leaves to finish what was taken
  Limits limits;
  pipeline::PipelineLimits pipeline;
};

// Adds what the TOML text says to `config`. `file` is for messages.
Status ReadConfig(std::string_view toml_text, std::string_view file, Config* config);

// What must hold before a server may start with it. Plaintext is on loopback only, certificate and key come together, a
// client CA comes only with TLS, and limits are above zero.
Status CheckConfig(const Config& config);

}  // namespace fundtrail::server
