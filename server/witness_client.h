// The way to one witness: its add-checkpoint over http or https, with bounds on time and on the bytes of its answer.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::server {

struct WitnessReply {
  int status = 0;  // of HTTP
  std::string content_type, body;
};

class WitnessClient {
 public:
  // `url` is the submission prefix, as policies have it. INVALID_ARGUMENT when it is no URL.
  static StatusOr<std::unique_ptr<WitnessClient>> Make(const std::string& url,
                                                       std::chrono::milliseconds within);
  ~WitnessClient();
  WitnessClient(const WitnessClient&) = delete;
  WitnessClient& operator=(const WitnessClient&) = delete;

  // UNAVAILABLE when no answer came in time, or one that is too long. One thread at a time calls it.
  StatusOr<WitnessReply> AddCheckpoint(const std::string& body);
  // Ends what is on its way; from any thread.
  void Stop();

 private:
  class Http;  // httplib's, which no header shows
  WitnessClient(std::unique_ptr<Http> http, std::string path, std::chrono::milliseconds within);

  const std::unique_ptr<Http> http_;
  const std::string path_;
  const std::chrono::milliseconds within_;
};

}  // namespace fundtrail::server
