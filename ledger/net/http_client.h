// Asking others over HTTP: one request, one answer. All that a hostile host could send without end is bounded, and so
// is the time. libcurl's. No header of ours shows it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::net {

struct HttpReply {
  int status = 0;
  std::string content_type;
  Bytes body;             // of a status 200, or of any when it answers a Post; else empty
  bool too_long = false;  // it had more bytes than it might: the body is not whole
};

struct HttpClientOptions {
  std::string ca_file;                           // for https; empty: the system's authorities
  std::chrono::milliseconds within{300'000};     // for the whole of one answer
  std::chrono::milliseconds to_connect{10'000};  // of these
  int redirects = 0;                             // that a Get follows
};

// Keeps its connection. One thread at a time asks.
class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `url` is http or https, of ours or ParseHttpUrl's. UNAVAILABLE, with the reason, when no answer came: no
  // connection, a certificate that is not good, a time-out, more than 64 KiB of headers. So also a body that goes on after
  // `most_bytes` where the status says that it is not an answer. A host that sends nothing for half a minute is given
  // up before that.
  StatusOr<HttpReply> Get(const std::string& url, std::size_t most_bytes);
  StatusOr<HttpReply> Post(const std::string& url, const std::string& body, const std::string& content_type,
                           std::size_t most_bytes);
  // Ends what is on its way, and all that is asked from then on; from any thread.
  void Stop() { stopped_ = true; }

 private:
  class Curl;
  // Makes `curl_` ready for one more request.
  Status Prepare();
  StatusOr<HttpReply> Ask(const std::string& url, std::size_t most_bytes, bool any_status);

  const HttpClientOptions options_;
  std::atomic<bool> stopped_{false};
  std::unique_ptr<Curl> curl_;  // from the first request on
};

}  // namespace fundtrail::net
