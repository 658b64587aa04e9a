// A server of HTTP/1.1 with bounds on connections, bytes and time. One thread looks after all connections. One that is idle, that
// sends slowly or that takes its answer slowly costs a file and a little memory, and no thread. Answers are worked out wherever
// the caller wants. For what is public; TLS is for a web server in front of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"
#include "ledger/net/http_reader.h"

namespace fundtrail::net {

struct HttpBounds {
  HttpReadBounds read;
  // Open at a time. One address gets at most twice what is left free (base/share.h). Whoever comes when there is no room takes the
  // place of the connection that has been idle longest, else is told 503. So it is when the process has no descriptor left.
  std::size_t connections = 512;
  std::size_t connections_per_address = 256;
  std::string proxy;  // an address (AddressOf) that only the bound on all connections counts for
  std::size_t requests_a_connection = 1'000;
  std::chrono::milliseconds idle{30'000};     // without a byte of a request
  std::chrono::milliseconds request{10'000};  // from a request's first byte to its last
  // What a refusal of its own is told with. It is asked on the thread of the listener, and must not wait. Empty: a line of text.
  std::function<HttpResponse(const HttpRefusal& refusal)> refuse;
  std::chrono::milliseconds take{60'000};  // for the client to take a megabyte of an answer, or what there is
};

struct HttpCounts {
  std::uint64_t connections = 0;  // open now
  // The following only grow.
  std::uint64_t requests = 0, turned_away = 0, cut = 0;  // cut: too slow in sending or taking
};

class HttpListener {
 public:
  // Is given each request, on the thread of the listener: it must not wait.
  using Handler = std::function<void(HttpRequest request, HttpExchange reply)>;

  // UNAVAILABLE when the address, HOST:PORT with port 0 for any free one, cannot be had.
  static StatusOr<std::unique_ptr<HttpListener>> Bind(const std::string& listen, const HttpBounds& bounds);
  ~HttpListener();  // what is being answered has two seconds until it is taken
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  void Start(Handler handler);
  int port() const;
  HttpCounts counts() const;

 private:
  class Poller;
  explicit HttpListener(std::unique_ptr<Poller> poller);
  const std::unique_ptr<Poller> poller_;
};

}  // namespace fundtrail::net
