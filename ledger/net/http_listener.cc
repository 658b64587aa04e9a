// See http_listener.h.
#include "ledger/net/http_listener.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "absl/strings/str_cat.h"

namespace fundtrail::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kThreads = 8;            // connections that are answered at a time
constexpr std::size_t kWaiting = 64;           // more that wait; the next ones wait in the kernel
constexpr std::chrono::seconds kRequest(5);    // for a client to send a request
constexpr std::chrono::seconds kTake(5);       // to take some of the answer
constexpr std::chrono::seconds kAnswer(120);   // from the request's first byte until all of it is taken
constexpr std::chrono::seconds kKeepAlive(5);  // to ask again
constexpr std::chrono::seconds kStop(2);       // to take the rest of an answer when the server stops

// httplib's own has no bound: whoever connects often enough would take all of the process's files.
class Pool final : public httplib::TaskQueue {
 public:
  Pool() {
    for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { Work(); });
  }
  // Called by the thread that accepts: it waits until there is room.
  void enqueue(std::function<void()> task) override {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return tasks_.size() < kWaiting || stopping_; });
    tasks_.push_back(std::move(task));
    to_do_.notify_one();
  }
  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    to_do_.notify_all();
    room_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

 private:
  void Work() {
    while (true) {
      std::unique_lock lock(mutex_);
      to_do_.wait(lock, [&] { return !tasks_.empty() || stopping_; });
      if (tasks_.empty()) return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      room_.notify_one();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable to_do_, room_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Whether the socket is ready before `until`.
bool Ready(int socket, short events, Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd poll{socket, events, 0};
    const int ready = ::poll(&poll, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

// A connection. httplib bounds neither how many headers a request has nor how long they take to come.
class Connection final : public httplib::Stream {
 public:
  // `stops`: whether the server has no more time for it.
  Connection(int socket, std::size_t request_bytes, std::function<bool()> stops)
      : socket_(socket), request_bytes_(request_bytes), stops_(std::move(stops)) {}

  // Waits for the first byte of a request; from then on its bounds count.
  bool AwaitRequest(Clock::time_point until) {
    if (begin_ == end_ && !Ready(socket_, POLLIN, until)) return false;
    until_ = Clock::now() + kRequest;
    answered_by_ = Clock::now() + kAnswer;
    left_ = request_bytes_;
    return true;
  }

  bool is_readable() const override { return begin_ < end_ || Ready(socket_, POLLIN, until_); }
  bool is_writable() const override {
    if (stops_()) return false;
    return Ready(socket_, POLLOUT, std::min(Clock::now() + kTake, answered_by_));
  }
  ssize_t read(char* to, std::size_t size) override {
    if (left_ == 0) return -1;
    if (begin_ == end_) {
      if (!Ready(socket_, POLLIN, until_)) return -1;
      const ssize_t got = recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (got <= 0) return got;
      begin_ = 0;
      end_ = static_cast<std::size_t>(got);
    }
    const std::size_t taken = std::min({size, end_ - begin_, left_});
    std::memcpy(to, buffer_.data() + begin_, taken);
    begin_ += taken;
    left_ -= taken;
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* from, std::size_t size) override {
    return is_writable() ? send(socket_, from, size, MSG_NOSIGNAL) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { Name(getpeername, &ip, &port); }
  void get_local_ip_and_port(std::string& ip, int& port) const override { Name(getsockname, &ip, &port); }
  socket_t socket() const override { return socket_; }

 private:
  void Name(int (*of)(int, sockaddr*, socklen_t*), std::string* ip, int* port) const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (of(socket_, raw, &size) != 0 || getnameinfo(raw, size, host.data(), host.size(), service.data(),
                                                    service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
      return;
    *ip = host.data();
    std::from_chars(service.data(), service.data() + std::strlen(service.data()), *port);
  }

  const int socket_;
  const std::size_t request_bytes_;
  const std::function<bool()> stops_;
  std::size_t left_ = 0;  // that the request may still have
  Clock::time_point until_, answered_by_;
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0, end_ = 0;  // of what is in the buffer and was not read yet
};

class BoundedServer final : public httplib::Server {
 public:
  explicit BoundedServer(const HttpBounds& bounds) : bounds_(bounds) {
    new_task_queue = [] { return new Pool; };
    set_payload_max_length(bounds.request_bytes);
    set_tcp_nodelay(true);
    // Not SO_REUSEPORT, httplib's default: a second server on the port is an error.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, bounds_.request_bytes, [this] { return Stops(); });
    bool closed = false, answered = false;
    for (std::size_t left = bounds_.requests_a_connection; left > 0 && !closed && Waits(&connection);
         --left) {
      answered = process_request(connection, left == 1, closed, nullptr);
      if (!answered) break;
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return answered;
  }

  // An answer that was being sent when the stop came has a moment still.
  bool Stops() {
    if (svr_sock_ != INVALID_SOCKET) return false;
    std::int64_t none = 0;
    const std::int64_t now = Clock::now().time_since_epoch().count();
    stopped_at_.compare_exchange_strong(none, now);
    return Clock::duration(now - stopped_at_.load()) > kStop;
  }

  // In short steps, so that a stop does not wait for those who only keep a connection.
  bool Waits(Connection* connection) const {
    const auto until = Clock::now() + kKeepAlive;
    while (svr_sock_ != INVALID_SOCKET && Clock::now() < until)
      if (connection->AwaitRequest(Clock::now() + std::chrono::milliseconds(100))) return true;
    return false;
  }

  const HttpBounds bounds_;
  std::atomic<std::int64_t> stopped_at_{0};  // 0: nobody has seen it yet
};

}  // namespace

StatusOr<std::unique_ptr<HttpListener>> HttpListener::Bind(const std::string& listen,
                                                           const HttpBounds& bounds) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  int port = 0;
  if (colon != std::string::npos)
    std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
  auto http = std::make_unique<BoundedServer>(bounds);
  if (port == 0) {
    port = http->bind_to_any_port(host);
  } else if (!http->bind_to_port(host, port)) {
    port = -1;
  }
  if (port <= 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", listen, " for HTTP: is the address this machine's, and the port free?"));
  }
  std::unique_ptr<HttpListener> listener(new HttpListener(std::move(http)));
  listener->port_ = port;
  return listener;
}

void HttpListener::Start() {
  thread_ = std::thread([this] { http_->listen_after_bind(); });
}

HttpListener::~HttpListener() {
  http_->stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace fundtrail::net
