// The answer to one request, on its way from whichever thread works it out to the one that looks after connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/net/http_mailbox.h"
#include "ledger/net/http_message.h"

namespace fundtrail::net {

// Where the answer to one request goes. From any thread; the listener may be gone. A copy is the same reply. When the
// last copy goes and nothing was sent, the client is told 500. When a stream was not ended, it sees that it is cut off.
class HttpExchange {
 public:
  class Shared;
  explicit HttpExchange(std::shared_ptr<Shared> exchange) : exchange_(std::move(exchange)) {}

  // The whole answer. To HEAD its body is not sent, and to 204 and 304 neither.
  void Send(HttpResponse response) const;
  // Or the head of one whose length is not known, and then its pieces. `more` is called on the thread of the listener
  // whenever the client has taken all that there was, the head too. It must not wait, and has Write, End or Cut called
  // by somebody in the end. It goes away with the connection, and is not called at all for HEAD. `head.body` is the
  // first piece.
  void Begin(HttpResponse head, std::function<void()> more) const;
  void Write(std::string_view piece) const;
  void End() const;
  // The stream cannot go on: its client must not take it for whole.
  void Cut() const;
  // Whether nobody waits for the answer any more.
  bool gone() const;

 private:
  std::shared_ptr<Shared> exchange_;
};

// One request that is being answered.
class HttpExchange::Shared {
 public:
  Shared(std::shared_ptr<HttpMailbox> mailbox, std::uint64_t connection,
         std::shared_ptr<std::atomic<bool>> gone, const HttpRequest& request, bool keeps_alive)
      : mailbox_(std::move(mailbox)),
        connection_(connection),
        gone_(std::move(gone)),
        is_head_(request.method == "HEAD"),
        is_old_(request.is_old),
        keeps_alive_(keeps_alive && request.keeps_alive) {}
  ~Shared();
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

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

// The head of an answer, with its empty line. `length`: of the body; nothing: it comes in chunks, or until the
// connection closes when `is_old`.
std::string HttpHead(const HttpResponse& response, std::optional<std::size_t> length, bool is_old,
                     bool closes);

}  // namespace fundtrail::net
