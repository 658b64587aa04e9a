// An HTTP server with bounds, which httplib's own has not: on the threads, on the connections that wait, on the bytes
// and the time of a request. For what is public and small; TLS is for a web server in front of it.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>
#include <thread>

#include "ledger/base/status.h"

namespace fundtrail::net {

struct HttpBounds {
  std::size_t request_bytes = std::size_t{32}
                              << 10;  // of one request, headers included; who sends more is cut off
  std::size_t requests_a_connection = 1'000;
};

class HttpListener {
 public:
  // UNAVAILABLE when the address, HOST:PORT with port 0 for any free one, cannot be had.
  static StatusOr<std::unique_ptr<HttpListener>> Bind(const std::string& listen, const HttpBounds& bounds);
  ~HttpListener();  // what is being answered has two seconds, and five more when nothing of it is taken
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  httplib::Server& http() { return *http_; }  // for its handlers, before Start
  void Start();
  int port() const { return port_; }

 private:
  explicit HttpListener(std::unique_ptr<httplib::Server> http) : http_(std::move(http)) {}

  const std::unique_ptr<httplib::Server> http_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace fundtrail::net
