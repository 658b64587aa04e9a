// See relay.h. Each thread has its own connections and waits for all of them with one epoll.
#include "server/front/relay.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/front/client_stream.h"
#include "server/front/frames.h"

namespace fundtrail::server {
namespace {

using Clock = std::chrono::steady_clock;
using Result = ClientStream::Result;

constexpr std::chrono::seconds kHandshake{10};        // for TLS and the first bytes of HTTP/2
constexpr std::chrono::seconds kParting{2};           // for a client to read what was sent last
constexpr std::chrono::milliseconds kLook{10};        // how often those are looked at that wait for a time
constexpr std::size_t kRead = std::size_t{16} << 10;  // at a time: then others have their turn
constexpr std::size_t kWaiting = std::size_t{32}
                                 << 10;  // for one side; above it nothing is read from the other
constexpr int kPairBytes = 64 << 10;     // of what gRPC has not read yet, or the relay
constexpr int kEvents = 64;

Clock::duration FromSeconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

void CloseSocket(int* socket) {
  if (*socket >= 0) close(*socket);
  *socket = -1;
}

// Writes as much of what waits as is taken. False when nothing can be written any more.
template <typename Write>
bool Flush(std::string* waiting, const Write& write) {
  while (!waiting->empty()) {
    const ClientStream::Moved moved = write(*waiting);
    if (moved.result == Result::kOver) return false;
    if (moved.result == Result::kLater) return true;
    waiting->erase(0, moved.bytes);
  }
  return true;
}

// A pair of sockets: ours, and one for gRPC. gRPC asks for its peer's name, so ours is given one that tells the client's
// address. (Linux: names that begin with a zero are no files.)
Status MakePair(const std::string& address, int* ours, int* theirs) {
  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return absl::UnavailableError(std::strerror(errno));
  *ours = pair[0];
  *theirs = pair[1];
  for (const int one : pair) setsockopt(one, SOL_SOCKET, SO_SNDBUF, &kPairBytes, sizeof kPairBytes);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  for (int tries = 0; tries < 3; ++tries) {
    std::random_device random;  // nobody else in this network has the same
    const std::string path = absl::StrCat("fundtrail/", absl::Hex(random(), absl::kZeroPad8),
                                          absl::Hex(random(), absl::kZeroPad8), "/", address);
    const std::size_t size = std::min(path.size(), sizeof name.sun_path - 1);
    std::memcpy(name.sun_path + 1, path.data(), size);
    if (bind(*ours, reinterpret_cast<const sockaddr*>(&name),
             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size)) == 0)
      return absl::OkStatus();
  }
  Status why = absl::UnavailableError(std::strerror(errno));
  CloseSocket(ours);
  CloseSocket(theirs);
  return why;
}

// One client's connection and its other half.
struct Link {
  Link(std::uint64_t number, int socket, std::string from, std::shared_ptr<Share> of,
       const std::shared_ptr<SSL_CTX>& tls, const Frames::Refuse& refuse, Clock::time_point begin)
      : id(number),
        address(std::move(from)),
        share(std::move(of)),
        client(socket, tls),
        frames(share.get(), refuse),
        until(begin + kHandshake),
        resume(begin) {}
  ~Link() { CloseSocket(&server); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  const std::uint64_t id;
  const std::string address;
  const std::shared_ptr<Share> share;
  ClientStream client;
  Frames frames;
  int server = -1;                   // ours of the pair; none before the first bytes of HTTP/2
  std::string held;                  // from the client: not looked at, or its turn has not come
  std::string to_server, to_client;  // not taken yet
  bool goodbye = false;              // the client was told that the connection takes nothing more
  bool server_over = false;          // nothing more comes from gRPC
  bool parting = false;              // all was sent: the client may still read it
  Clock::time_point until;           // it ends then: while there is no server, or when parting
  Clock::time_point resume{};        // nothing is read before, and held has to wait
  bool waits_for_turn() const { return resume != Clock::time_point{}; }
  std::uint32_t client_events = 0, server_events = 0;  // that are waited for
};

}  // namespace

class Relay::Loop {
 public:
  Loop(int epoll, int wake, Tls tls, ToServer to_server, Frames::Refuse refuse)
      : epoll_(epoll),
        wake_(wake),
        tls_(std::move(tls)),
        to_server_(std::move(to_server)),
        refuse_(std::move(refuse)),
        thread_([this] { Run(); }) {}
  ~Loop() {
    Stop(Clock::now());
    CloseSocket(&epoll_);
    CloseSocket(&wake_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Take(std::uint64_t id, int socket, const std::string& address, std::shared_ptr<Share> share,
            double wait) {
    auto link = std::make_unique<Link>(id, socket, address, std::move(share), tls_ ? tls_() : nullptr,
                                       refuse_, Clock::now() + FromSeconds(wait));
    {
      const std::lock_guard lock(mutex_);
      if (!stop_.has_value()) arrived_.push_back(std::move(link));
    }
    Wake();
  }

  void Stop(Clock::time_point until) {
    {
      const std::lock_guard lock(mutex_);
      if (!stop_.has_value() || until < *stop_) stop_ = until;
    }
    Wake();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Wake() const {
    const std::uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
  }

  void Run() {
    std::array<epoll_event, kEvents> events{};
    while (true) {
      const int ready = epoll_wait(epoll_, events.data(), kEvents, Timeout());
      for (int i = 0; i < ready; ++i) {
        const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
        if (tag == 0) {
          std::uint64_t count = 0;
          (void)!read(wake_, &count, sizeof count);
        } else if (const auto link = links_.find(tag >> 1); link != links_.end()) {
          Advance(link->second.get(), (tag & 1) == 0, (tag & 1) != 0);
        }  // else a link that is gone, which had an event left
      }
      const auto now = Clock::now();
      if (!TakeArrived(now)) return;
      if (now - looked_ >= kLook) LookAtTimed(now);
    }
  }

  int Timeout() {
    const std::lock_guard lock(mutex_);
    return timed_.empty() && !stop_.has_value() ? -1 : static_cast<int>(kLook.count());
  }

  // False when it is time to end.
  bool TakeArrived(Clock::time_point now) {
    std::vector<std::unique_ptr<Link>> arrived;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      arrived.swap(arrived_);
      stopping = stop_.has_value();
      if (stopping && now >= *stop_) return false;
    }
    for (auto& link : arrived) {
      Link* const one = link.get();
      links_.emplace(one->id, std::move(link));
      Advance(one, true, false);
    }
    return !stopping || !links_.empty();
  }

  void LookAtTimed(Clock::time_point now) {
    looked_ = now;
    const std::vector<std::uint64_t> all(timed_.begin(), timed_.end());
    for (const std::uint64_t id : all) {
      const auto link = links_.find(id);
      if (link == links_.end()) continue;
      Link& one = *link->second;
      if ((one.server < 0 || one.parting) && now >= one.until) {
        Drop(&one);
      } else if (one.frames.Late()) {
        SayGoodbye(&one);
        Drop(&one);
      } else if (one.waits_for_turn() && now >= one.resume) {
        Advance(&one, true, false);
      }
    }
  }

  void Drop(Link* link) {
    timed_.erase(link->id);
    links_.erase(link->id);
  }

  // Does what can be done now, and waits for the rest.
  void Advance(Link* link, bool client_ready, bool server_ready) {
    if (!Move(link, client_ready, server_ready)) {
      Drop(link);
      return;
    }
    if (link->server < 0 || link->parting || link->waits_for_turn() || link->frames.receiving()) {
      timed_.insert(link->id);
    } else {
      timed_.erase(link->id);
    }
    WaitFor(link);
  }

  // False when the connection is over.
  bool Move(Link* link, bool client_ready, bool server_ready) {
    if (server_ready) FlushToServer(link);
    if (client_ready && !FromClient(link)) return false;
    if (server_ready) FromServer(link);
    if (link->frames.has_replies() && link->frames.server_at_boundary())
      link->to_client += link->frames.TakeReplies();
    if (link->frames.leaving() && !link->goodbye && link->frames.server_at_boundary()) {
      link->goodbye = true;
      link->to_client += link->frames.Goodbye();
    }
    if (!Flush(&link->to_client, [link](std::string_view bytes) { return link->client.Write(bytes); }))
      return false;
    const bool whole = link->frames.server_at_boundary() && !link->frames.has_replies();
    const bool all_said = link->server_over || (link->goodbye && link->frames.open() == 0 && whole);
    if (all_said && link->to_client.empty() && !link->parting) {
      link->parting = true;
      link->until = Clock::now() + kParting;
      link->client.SayEnd();
      CloseSocket(&link->server);
    }
    return true;
  }

  // What gRPC takes no more is lost, and what it sent still comes.
  static void FlushToServer(Link* link) {
    if (link->server < 0) return;
    const auto write = [link](std::string_view bytes) { return ToSocket(link->server, bytes); };
    if (!Flush(&link->to_server, write)) link->to_server.clear();
  }

  static ClientStream::Moved ToSocket(int socket, std::string_view bytes) {
    const ssize_t put = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put >= 0) return {Result::kDone, static_cast<std::size_t>(put)};
    return {errno == EAGAIN || errno == EINTR ? Result::kLater : Result::kOver, 0};
  }

  bool MayRead(const Link& link) const {
    return link.parting || ((link.server < 0 || link.to_server.empty()) && link.to_client.size() < kWaiting &&
                            !link.waits_for_turn());
  }

  bool FromClient(Link* link) {
    if (link->waits_for_turn()) {
      if (Clock::now() < link->resume) return true;
      link->resume = {};
      if (!Look(link, std::exchange(link->held, {}))) return false;
    }
    do {
      if (!MayRead(*link)) return true;
      const ClientStream::Moved moved = link->client.Read(buffer_.data(), kRead);
      if (moved.result == Result::kLater) return true;
      if (moved.result == Result::kOver) return false;
      if (link->parting) continue;
      const std::string_view bytes(buffer_.data(), moved.bytes);
      if (!(link->held.empty() ? Look(link, bytes) : Look(link, std::exchange(link->held, {}).append(bytes))))
        return false;
    } while (link->client.has_more());
    return true;
  }

  // Why the connection ends, when that can be said at once.
  static void SayGoodbye(Link* link) {
    if (!link->frames.server_at_boundary() || !link->to_client.empty()) return;
    const std::string goodbye = link->frames.Goodbye();
    (void)link->client.Write(goodbye);
  }

  bool Look(Link* link, std::string_view bytes) {
    const Frames::Looked looked = link->frames.FromClient(bytes, &link->to_server);
    link->held = bytes.substr(looked.used);
    if (looked.next == Frames::Next::kClose) {
      SayGoodbye(link);
      return false;
    }
    if (looked.next == Frames::Next::kWait) link->resume = Clock::now() + FromSeconds(looked.seconds);
    if (link->server < 0 && link->frames.begun() && !Connect(link)) return false;
    FlushToServer(link);
    return true;
  }

  bool Connect(Link* link) {
    int theirs = -1;
    if (!MakePair(link->address, &link->server, &theirs).ok()) return false;
    to_server_(theirs);
    return true;
  }

  void FromServer(Link* link) {
    if (link->server < 0 || link->server_over || link->to_client.size() >= kWaiting) return;
    const ssize_t got = recv(link->server, buffer_.data(), buffer_.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      link->server_over = true;
      return;
    }
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
    link->frames.FromServer(bytes);
    link->to_client.append(bytes);
  }

  void WaitFor(Link* link) {
    const bool unsent = !link->to_client.empty();
    std::uint32_t client = 0, server = 0;
    if (MayRead(*link)) client |= link->client.read_waits_for_writing() ? EPOLLOUT : EPOLLIN;
    if (unsent) client |= link->client.write_waits_for_reading() ? EPOLLIN : EPOLLOUT;
    if (link->server >= 0 && !link->server_over && link->to_client.size() < kWaiting) server |= EPOLLIN;
    if (!link->to_server.empty()) server |= EPOLLOUT;
    Set(link->client.socket(), link->id << 1, client, &link->client_events);
    if (link->server >= 0) Set(link->server, link->id << 1 | 1, server, &link->server_events);
  }

  // A socket of which nothing is wanted is not watched: epoll would tell of its end again and again.
  void Set(int socket, std::uint64_t tag, std::uint32_t events, std::uint32_t* now) const {
    if (*now == events) return;
    epoll_event event{};
    event.events = events;
    event.data.u64 = tag;
    epoll_ctl(epoll_,
              *now == 0     ? EPOLL_CTL_ADD
              : events == 0 ? EPOLL_CTL_DEL
                            : EPOLL_CTL_MOD,
              socket, &event);
    *now = events;
  }

  int epoll_, wake_;
  const Tls tls_;
  const ToServer to_server_;
  const Frames::Refuse refuse_;
  std::array<char, 2 * kRead> buffer_{};
  std::unordered_map<std::uint64_t, std::unique_ptr<Link>> links_;
  std::unordered_set<std::uint64_t> timed_;  // those that wait for a time
  Clock::time_point looked_{};

  std::mutex mutex_;
  std::vector<std::unique_ptr<Link>> arrived_;
  std::optional<Clock::time_point> stop_;
  std::thread thread_;
};

StatusOr<std::unique_ptr<Relay>> Relay::Start(Shares* shares, const Tls& tls, const ToServer& to_server,
                                              const Frames::Refuse& refuse, unsigned threads) {
  std::unique_ptr<Relay> relay(new Relay);
  relay->shares_ = shares;
  for (unsigned i = 0; i < threads; ++i) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;  // its tag is 0
    if (epoll < 0 || wake < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) != 0) {
      const Status why = absl::UnavailableError(std::strerror(errno));
      CloseSocket(&epoll);
      CloseSocket(&wake);
      return why;
    }
    relay->loops_.push_back(std::make_unique<Loop>(epoll, wake, tls, to_server, refuse));
  }
  return relay;
}

Relay::~Relay() { Stop(std::chrono::milliseconds(0)); }

void Relay::Take(int socket, const std::string& address) {
  auto share = shares_->Connect(address);
  const auto wait = share == nullptr ? std::nullopt : share->BeginIn();
  if (!wait.has_value()) {
    close(socket);
    return;
  }
  const std::uint64_t id = ++taken_;
  if (loops_.empty()) {  // stopped
    close(socket);
    return;
  }
  loops_[id % loops_.size()]->Take(id, socket, address, std::move(share), *wait);
}

void Relay::Stop(std::chrono::milliseconds within) {
  const auto until = Clock::now() + within;
  for (auto& loop : loops_) loop->Stop(until);
  loops_.clear();
}

}  // namespace fundtrail::server
