// The way of an answer from whichever thread works it out to the one that looks after connections. See http_listener.h.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/net/http_listener.h"

namespace fundtrail::net {

// What is put on a connection next.
struct HttpPost {
  std::uint64_t connection = 0;
  std::string bytes;
  bool ends = false;           // the answer is whole
  bool closes = false;         // and the connection is closed after it
  bool cuts = false;           // the connection is closed at once
  std::function<void()> more;  // when `begins`
  bool begins = false;
  std::shared_ptr<void> held;
};

// A socket that was accepted.
struct HttpArrival {
  int socket = -1;
  std::string address;
};

// Wakes the poller with each thing that is put in.
class HttpMailbox {
 public:
  HttpMailbox();
  ~HttpMailbox();
  HttpMailbox(const HttpMailbox&) = delete;
  HttpMailbox& operator=(const HttpMailbox&) = delete;

  int wake() const {
    return wake_;
  }  // readable when something is there; negative when there are no descriptors
  void Post(HttpPost post);
  void Arrive(HttpArrival arrival);  // its socket is closed when nobody takes it out
  void Stop();
  // All that is there since the last time. `stops`: Stop was called.
  void TakeOut(std::vector<HttpPost>* posts, std::vector<HttpArrival>* arrivals, bool* stops);
  // Drops what is there and what comes: nobody takes it out any more.
  void Close();

 private:
  void Wake() const;

  const int wake_;
  std::mutex mutex_;
  std::vector<HttpPost> posts_;
  std::vector<HttpArrival> arrivals_;
  bool stops_ = false, closed_ = false;
};

// One request that is being answered.
class HttpReply::Exchange {
 public:
  Exchange(std::shared_ptr<HttpMailbox> mailbox, std::uint64_t connection,
           std::shared_ptr<std::atomic<bool>> gone, const HttpRequest& request, bool keeps_alive)
      : mailbox_(std::move(mailbox)),
        connection_(connection),
        gone_(std::move(gone)),
        is_head_(request.method == "HEAD"),
        is_old_(request.is_old),
        keeps_alive_(keeps_alive && request.keeps_alive) {}
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void Send(HttpResponse response);
  void Begin(HttpResponse head, std::function<void()> more);
  void Write(std::string_view piece);
  void End();
  void Cut();
  bool gone() const { return *gone_; }

 private:
  enum class Stage { kNothing, kBegun, kOver };
  HttpPost Made(std::string bytes) const;

  const std::shared_ptr<HttpMailbox> mailbox_;
  const std::uint64_t connection_;
  const std::shared_ptr<std::atomic<bool>> gone_;
  const bool is_head_, is_old_, keeps_alive_;
  std::mutex mutex_;
  Stage stage_ = Stage::kNothing;
};

// The head of an answer, with its empty line. `length`: of the body; nothing: it comes in chunks, or until the connection closes
// when `is_old`.
std::string HttpHead(const HttpResponse& response, std::optional<std::size_t> length, bool is_old,
                     bool closes);

}  // namespace fundtrail::net
