// The server's settings: defaults, then a TOML file, then the command line. A key that is not known is refused by name
// and line. docs/operators.md explains each.
#pragma once

#include <string>

#include "ledger/base/status.h"
#include "ledger/pipeline/pipeline.h"
#include "server/limits.h"

namespace fundtrail::server {

// A copy that is served in place of a ledger, to read, and keeps up with it.
struct CopyConfig {
  std::string dir;     // its folder; empty: a ledger is served
  std::string from;    // the URL of the ledger's archive
  std::string vkey;    // the ledger's verification key; empty: of the copy that is there
  std::string ca;      // PEM file of the authorities that vouch for `from`; empty: the system's
  std::string writer;  // HOST:PORT that takes entries, for whoever sends one here; may be empty
};

// Of a ledger whose log is kept in a database, too (`fundtrail replicate attach`).
struct LogConfig {
  double patience_seconds = 60;  // that a group of entries may be in doubt
  double group_seconds = 10;     // that an answer of the database is waited for
  bool quorum_ok =
      false;  // any of several standbys may acknowledge; `replicate attach --quorum-ok` says so too
  // After a failover it records on though nobody who may have more was heard.
  bool go_on_alone = false;
  std::string holder;   // this machine's name there; empty: the host's
  std::string address;  // HOST:PORT at which clients reach this server; empty: as it listens
  // What a record needs before its receipt: "durable", that the log has acknowledged it; "cosigned", that the quorum of `policy`
  // has cosigned its checkpoint, too.
  std::string receipts = "durable";
};

struct Config {
  std::string ledger;  // the ledger's folder
  CopyConfig copy;
  LogConfig log;
  std::string listen = "127.0.0.1:7450";  // HOST:PORT; port 0: any free one
  std::string tls_cert, tls_key;          // PEM files; both or none
  std::string client_ca;                  // PEM file: clients must show a certificate by it
  std::string metrics;                    // HOST:PORT of this machine alone; empty: none
  std::string backups;                    // the folder that backups go to; empty: none are made
  std::string http;                       // HOST:PORT for the archive's paths over HTTP; empty: none
  std::string policy;                     // a tlog-policy file: whose witnesses are asked; empty: none
  std::string http_base;                  // scheme://host of the pages as people reach them; may be empty
  std::string http_behind;                // the IP address of the web server in front of http; empty: none
  std::string http_security_txt;          // the file at /.well-known/security.txt; empty: there is none
  std::string http_source, http_licence;  // of the data, as pages and pictures say it; may be empty
  std::string http_places;                // a GeoJSON file with outlines of places; empty: they are squares
  std::string http_places_licence, http_places_review;  // what the picture says of it
  bool http_public = false;                             // http may be another address than this machine's own
  std::string log_level = "info";                       // debug, info, warn, error
  double stop_seconds = 20;                             // what SIGTERM leaves to finish what was taken
  Limits limits;
  pipeline::PipelineLimits pipeline;
};

// Adds what the TOML text says to `config`. `file` is for messages.
Status ReadConfig(std::string_view toml_text, std::string_view file, Config* config);

// What must hold before a server may start with it. Plaintext is on loopback only, certificate and key come together, a
// client CA comes only with TLS, and limits are above zero. A copy has a source, and nothing that only a ledger's writer does.
Status CheckConfig(const Config& config);

// The folder that is served.
inline const std::string& FolderOf(const Config& config) {
  return config.copy.dir.empty() ? config.ledger : config.copy.dir;
}

}  // namespace fundtrail::server
