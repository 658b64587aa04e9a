// See http_mailbox.h.
#include "ledger/net/http_mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace fundtrail::net {

HttpMailbox::HttpMailbox() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

HttpMailbox::~HttpMailbox() {
  Close();
  if (wake_ >= 0) close(wake_);
}

void HttpMailbox::Wake() const {
  const std::uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

void HttpMailbox::Post(HttpPost post) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    posts_.push_back(std::move(post));
  }
  Wake();
}

void HttpMailbox::Arrive(HttpArrival arrival) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || stops_) {
      close(arrival.socket);
      return;
    }
    arrivals_.push_back(std::move(arrival));
  }
  Wake();
}

void HttpMailbox::WantRoom() {
  {
    const std::lock_guard lock(mutex_);
    wants_room_ = true;
  }
  Wake();
}

void HttpMailbox::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  Wake();
}

void HttpMailbox::TakeOut(std::vector<HttpPost>* posts, std::vector<HttpArrival>* arrivals, bool* wants_room,
                          bool* stops) {
  std::uint64_t count = 0;
  (void)!read(wake_, &count, sizeof count);
  const std::lock_guard lock(mutex_);
  *posts = std::exchange(posts_, {});
  *arrivals = std::exchange(arrivals_, {});
  *wants_room = std::exchange(wants_room_, false);
  *stops = stops_;
}

void HttpMailbox::Close() {
  std::vector<HttpPost> dropped;  // goes after the lock: what it holds may post something as it goes
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(posts_);
  for (const HttpArrival& arrival : arrivals_) close(arrival.socket);
  arrivals_.clear();
}

}  // namespace fundtrail::net
