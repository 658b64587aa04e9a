// A ledger's archive over HTTP, straight from its rows: the paths of tlog-tiles (ledger/tree/tiles.h), `checkpoint`, and the feed
// (ledger/pages/atom.h),
// for browsers, other people's verifiers, `fundtrail verify` and `fundtrail clone`. It only reads, and all of it is
// public; nothing is written anywhere.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::net {
class HttpListener;
}

namespace fundtrail::server {

// What a path is answered with. Known apart from the network, for tests.
struct HttpAnswer {
  int status = 404;
  std::string content_type, cache_control;
  std::string body;
};
// The checkpoint that is published now; nothing when there is none yet.
using NoteSource = std::function<StatusOr<std::optional<std::string>>()>;
// `path` is what a client asked for, of any length and form. Only what the published checkpoint covers is there.
HttpAnswer AnswerPath(const store::Reader& rows, const NoteSource& published, const std::string& path);

class HttpServer {
 public:
  // `listen` is HOST:PORT, port 0 for any free one. UNAVAILABLE when the address cannot be had. `rows` must outlive it.
  static StatusOr<std::unique_ptr<HttpServer>> Start(const store::Reader& rows, const std::string& listen,
                                                     NoteSource published);
  ~HttpServer();  // finishes what is being answered
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;

 private:
  explicit HttpServer(std::unique_ptr<net::HttpListener> listener);

  const std::unique_ptr<net::HttpListener> listener_;
};

}  // namespace fundtrail::server
