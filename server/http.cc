// See http.h.
#include "server/http.h"

#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/model/keys.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/tiles.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kThreads = 8;    // connections that are answered at a time
constexpr std::size_t kWaiting = 64;   // more that wait; the next ones wait in the kernel
constexpr time_t kRequestSeconds = 5;  // for a client to send, and to take
constexpr std::size_t kRequestsAConnection = 1'000;
constexpr char kText[] = "text/plain; charset=utf-8", kBinary[] = "application/octet-stream";
constexpr char kForGood[] = "public, max-age=31536000, immutable", kShort[] = "public, max-age=5";

HttpAnswer NotThere() { return {404, kText, "no-store", "there is no such file\n"}; }
HttpAnswer Broken() { return {500, kText, "no-store", "the ledger cannot be read\n"}; }

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

// httplib takes ranges as they come: without bounds on their number, and past the end. One within the body is left for
// it to cut out; a request for several gets the whole, as RFC 9110 §14.2 allows.
bool BoundRanges(httplib::Ranges* ranges, std::size_t size) {
  if (ranges->size() != 1) {
    ranges->clear();
    return true;
  }
  auto& [first, last] = ranges->front();
  const auto end = static_cast<ssize_t>(size);
  if (first < 0) {  // the last so many
    first = last > 0 ? std::max<ssize_t>(0, end - last) : end;
    last = end - 1;
  } else if (last < 0 || last >= end) {
    last = end - 1;
  }
  if (first < end && first <= last) return true;
  ranges->clear();
  return false;
}

void Respond(const store::Reader& rows, const httplib::Request& request, httplib::Response& response) {
  HttpAnswer answer = AnswerPath(rows, request.path);
  const std::size_t size = answer.body.size();
  response.status = answer.status;
  response.set_header("Cache-Control", answer.cache_control);
  response.set_header("Access-Control-Allow-Origin", "*");  // it is public: pages of others may read it
  response.set_header("X-Content-Type-Options", "nosniff");
  // The request is httplib's own object and not const; it reads the ranges from it after this.
  auto& ranges =
      const_cast<httplib::Request&>(request).ranges;  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  if (answer.status != 200) {
    ranges.clear();
  } else if (!BoundRanges(&ranges, size)) {
    response.status = 416;
    response.set_header("Content-Range", absl::StrCat("bytes */", size));
    return;
  } else if (!ranges.empty()) {
    response.status = 206;
  }
  response.set_content(answer.body, answer.content_type);
}

StatusOr<std::uint64_t> SizeIn(std::string_view note) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, tree::ParseCheckpoint(parsed.text));
  return checkpoint.size;
}

}  // namespace

HttpAnswer AnswerPath(const store::Reader& rows, const std::string& path) {
  if (path.empty() || path[0] != '/') return NotThere();
  const std::string_view name = std::string_view(path).substr(1);
  const bool is_checkpoint = name == "checkpoint";
  const auto tile = tree::ParseTilePath(name);
  if (!is_checkpoint && !tile.ok()) return NotThere();
  const auto note = rows.Get(model::keys::Checkpoint());
  if (!note.ok() || !note->has_value()) return Broken();
  if (is_checkpoint) return {200, kText, kShort, **note};
  const auto size = SizeIn(**note);
  if (!size.ok()) return Broken();
  if (tree::FilledWidth(*tile, *size) < tile->width) return NotThere();
  auto bytes = log::TileBytes(rows, *tile);
  if (!bytes.ok()) return Broken();
  return {200, kBinary, kForGood, *std::move(bytes)};
}

class HttpServer::Listener {
 public:
  explicit Listener(const store::Reader& rows) {
    http_.new_task_queue = [] { return new Pool; };
    http_.set_read_timeout(kRequestSeconds);
    http_.set_write_timeout(kRequestSeconds);
    http_.set_keep_alive_timeout(kRequestSeconds);
    http_.set_keep_alive_max_count(kRequestsAConnection);
    http_.set_payload_max_length(0);
    http_.set_tcp_nodelay(true);
    // Not SO_REUSEPORT, httplib's default: a second server on the port is an error.
    http_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    http_.Get(".*", [&rows](const httplib::Request& request, httplib::Response& response) {
      Respond(rows, request, response);
    });
  }
  httplib::Server& http() { return http_; }

 private:
  httplib::Server http_;
};

HttpServer::HttpServer(std::unique_ptr<Listener> listener, int port)
    : listener_(std::move(listener)),
      port_(port),
      thread_([this] { listener_->http().listen_after_bind(); }) {}

StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const store::Reader& rows,
                                                        const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  int port = 0;
  if (colon != std::string::npos)
    std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
  auto listener = std::make_unique<Listener>(rows);
  if (port == 0) {
    port = listener->http().bind_to_any_port(host);
  } else if (!listener->http().bind_to_port(host, port)) {
    port = -1;
  }
  if (port <= 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", listen, " for HTTP: is the address this machine's, and the port free?"));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener), port));
}

HttpServer::~HttpServer() {
  listener_->http().stop();
  thread_.join();
}

}  // namespace fundtrail::server
