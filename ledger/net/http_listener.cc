// See http_listener.h. All of a Connection belongs to the one thread of the Poller.
#include "ledger/net/http_listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/guard.h"
#include "ledger/base/share.h"
#include "ledger/net/address.h"
#include "ledger/net/http_exchange.h"
#include "ledger/net/listener.h"

namespace fundtrail::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kHttpStop(2);  // to take the rest of an answer when the server stops
constexpr std::chrono::seconds kLinger(2);    // for a client to see the end before its connection is reset
constexpr std::size_t kMaxLingering = std::size_t{1} << 20;  // bytes that are thrown away meanwhile
constexpr std::chrono::milliseconds kLookEach(100);          // after those whose time is over
constexpr std::size_t kReadAtOnce = std::size_t{16} << 10;
constexpr std::size_t kMegabyte = std::size_t{1} << 20;
// To a client that sends nothing more while its answer is worked out. One that only listens drops it (RFC 9110 §15.2), and one that has
// closed the connection resets it.
constexpr char kStillThere[] = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::seconds kAskEach(1);
constexpr std::uint64_t kWakeId = 0;  // of the mailbox; connections count from 1

struct Connection {
  enum class Stage {
    kIdle,       // no byte of a request has come
    kReading,    // one is coming
    kAnswering,  // nothing is read until its answer was taken
    kLingering,  // all was said; what comes is thrown away until the client closes
  };
  Connection(std::uint64_t number, HttpArrival arrival, const HttpBounds& bounds)
      : id(number),
        socket(arrival.socket),
        address(std::move(arrival.address)),
        reader(&bounds.read),
        requests_left(bounds.requests_a_connection) {}

  const std::uint64_t id;
  const int socket;
  const std::string address;
  HttpReader reader;
  Stage stage = Stage::kIdle;
  Clock::time_point since;                             // of the stage
  Clock::time_point until = Clock::time_point::max();  // then it is closed
  std::string in;        // read, and not looked at yet: requests that were sent ahead
  std::string out;       // to send
  std::size_t sent = 0;  // of it
  bool told_to_continue = false;
  bool sends_no_more = false;               // the client has ended its half of the connection
  bool takes_interim = false;               // 1xx may go before the answer, of which nothing has come yet
  Clock::time_point ask_again{};            // whether it is still there, when it sends no more
  bool ends = false, closes = false;        // what comes after `out`: the answer is whole, and was the last
  std::function<void()> more;               // of a stream
  std::shared_ptr<void> held;               // until the answer was taken
  std::shared_ptr<std::atomic<bool>> gone;  // of the request that is answered
  std::size_t requests_left;
  std::size_t thrown_away = 0;
  std::uint32_t events = 0;  // that epoll watches for
  bool dead = false;         // closed, and removed soon
};

}  // namespace

class HttpListener::Poller {
 public:
  Poller(std::unique_ptr<Listener> listener, const HttpBounds& bounds)
      : bounds_(bounds), listener_(std::move(listener)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~Poller() {
    listener_->Stop();
    mailbox_->Stop();
    if (thread_.joinable()) thread_.join();
    mailbox_->Close();
    if (epoll_ >= 0) close(epoll_);
  }
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  bool ready() const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kWakeId;
    return epoll_ >= 0 && mailbox_->wake() >= 0 &&
           epoll_ctl(epoll_, EPOLL_CTL_ADD, mailbox_->wake(), &event) == 0;
  }
  int port() const { return listener_->port(); }
  HttpCounts counts() const { return {open_, requests_, turned_away_, cut_}; }

  void Start(Handler handler) {
    handler_ = std::move(handler);
    thread_ = std::thread([this] { Run(); });
    listener_->Start(
        [mailbox = mailbox_](int /*listener*/, int socket, const sockaddr_storage& peer) {
          mailbox->Arrive({socket, AddressOf(peer)});
        },
        [mailbox = mailbox_] { mailbox->WantRoom(); });
  }

 private:
  using Stage = Connection::Stage;

  void Run() {
    std::array<epoll_event, 64> events{};
    Clock::time_point look = Clock::now();
    while (!stops_ || !(connections_.empty() || Clock::now() > stop_by_)) {
      const int wait = connections_.empty() && !stops_ ? -1 : static_cast<int>(kLookEach.count());
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        const std::uint64_t id = event.data.u64;  // the event is packed: no reference may point into it
        const auto found = connections_.find(id);
        if (found != connections_.end() && !found->second->dead) OnEvent(found->second.get(), event.events);
      }
      TakeOut();
      if (Clock::now() - look >= kLookEach) {
        look = Clock::now();
        EndLate(look);
      }
      Bury();
    }
    for (auto& one : connections_)
      if (!one.second->dead) Close(one.second.get());
    Bury();
  }

  // Of the mailbox: what is to be sent, and who came.
  void TakeOut() {
    std::vector<HttpPost> posts;
    std::vector<HttpArrival> arrivals;
    bool wants_room = false, stops = false;
    mailbox_->TakeOut(&posts, &arrivals, &wants_room, &stops);
    for (HttpPost& post : posts) {
      const auto found = connections_.find(post.connection);
      if (found != connections_.end() && !found->second->dead) OnPost(found->second.get(), std::move(post));
    }
    for (HttpArrival& arrival : arrivals) OnArrival(std::move(arrival));
    if (Connection* const idle = wants_room ? IdleLongest("") : nullptr; idle != nullptr) Close(idle);
    if (stops && !stops_) BeginToStop();
  }

  void BeginToStop() {
    stops_ = true;
    stop_by_ = Clock::now() + kHttpStop;
    for (auto& one : connections_)
      if (!one.second->dead && one.second->stage != Stage::kAnswering) Close(one.second.get());
  }

  void Enter(Connection* c, Stage stage, Clock::duration most) {
    c->stage = stage;
    c->since = Clock::now();
    c->until = most == Clock::duration::max() ? Clock::time_point::max() : c->since + most;
    Watch(c);
  }

  // Has epoll watch for what the stage waits for.
  void Watch(Connection* c) {
    if (c->dead) return;
    const bool reads = c->stage != Stage::kAnswering, writes = c->sent < c->out.size();
    const std::uint32_t listens = reads ? EPOLLIN : c->sends_no_more ? 0u : EPOLLRDHUP;
    const std::uint32_t events = listens | (writes ? EPOLLOUT : 0u);
    if (events == c->events) return;
    epoll_event event{};
    event.events = events;
    event.data.u64 = c->id;
    if (epoll_ctl(epoll_, EPOLL_CTL_MOD, c->socket, &event) != 0) return Close(c);
    c->events = events;
  }

  void OnArrival(HttpArrival arrival) {
    if (stops_ || !FindRoom(arrival.address)) {
      ++turned_away_;
      HttpResponse busy = Told({503, "too many connections are open: come again in a moment", {}});
      busy.headers.emplace_back("Retry-After", "2");
      const std::string answer = HttpHead(busy, busy.body.size(), false, true) + busy.body;
      (void)!send(arrival.socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      close(arrival.socket);
      return;
    }
    const std::uint64_t id = ++last_id_;
    auto connection = std::make_unique<Connection>(id, std::move(arrival), bounds_);
    Connection* const c = connection.get();
    epoll_event event{};
    event.events = c->events = EPOLLIN;
    event.data.u64 = id;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, c->socket, &event) != 0) {
      close(c->socket);
      return;
    }
    connections_.emplace(id, std::move(connection));
    ++by_address_[c->address];
    ++open_;
    Enter(c, Stage::kIdle, bounds_.idle);
  }

  // Makes room when there is none, by closing who has been idle longest: of this address, or of any when it has no connection.
  bool FindRoom(const std::string& address) {
    if (MayConnect(address)) return true;
    const auto own = by_address_.find(address);
    const bool is_shared = address == bounds_.proxy || own == by_address_.end();
    Connection* const oldest = IdleLongest(is_shared ? "" : address);
    if (oldest == nullptr) return false;
    Close(oldest);
    return MayConnect(address);
  }
  // The connection that has been idle longest, of this address or, when it is empty, of any; null when none is idle.
  Connection* IdleLongest(const std::string& address) const {
    Connection* oldest = nullptr;
    for (const auto& one : connections_) {
      Connection* const c = one.second.get();
      const bool is_idle = c->stage == Stage::kIdle || c->stage == Stage::kLingering;
      if (c->dead || !is_idle || (!address.empty() && c->address != address)) continue;
      if (oldest == nullptr || c->since < oldest->since) oldest = c;
    }
    return oldest;
  }
  bool MayConnect(const std::string& address) const {
    if (address == bounds_.proxy) return open_ < bounds_.connections;
    const auto own = by_address_.find(address);
    const std::size_t count = own == by_address_.end() ? 0 : own->second;
    return count < bounds_.connections_per_address && MayShare(count, open_, 1, bounds_.connections);
  }

  void OnEvent(Connection* c, std::uint32_t events) {
    if (c->stage == Stage::kLingering) return ThrowAway(c);
    if ((events & EPOLLIN) != 0 && c->stage != Stage::kAnswering) {
      Read(c);
    } else if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
      return Close(c);
    }
    if ((events & EPOLLRDHUP) != 0 && c->stage == Stage::kAnswering) {
      c->sends_no_more = true;
      Watch(c);
    }
    if ((events & EPOLLOUT) != 0 && !c->dead) Flush(c);
  }

  // The system does not tell a client that has closed its connection from one that only sends nothing more: it resets what it is sent.
  // Most answers come before the first look, and are never preceded by this.
  void AskWhetherThere(Connection* c, Clock::time_point now) {
    if (c->stage != Stage::kAnswering || !c->sends_no_more || !c->takes_interim || now < c->ask_again) return;
    c->ask_again = now + kAskEach;
    c->out.append(kStillThere);
    Flush(c);
  }

  void Read(Connection* c) {
    std::array<char, kReadAtOnce> bytes{};
    const ssize_t got = recv(c->socket, bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return Close(c);
    c->in.append(bytes.data(), static_cast<std::size_t>(got));
    Advance(c);
  }

  void ThrowAway(Connection* c) {
    std::array<char, kReadAtOnce> bytes{};
    const ssize_t got = recv(c->socket, bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    c->thrown_away += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    if (got <= 0 || c->thrown_away > kMaxLingering) Close(c);
  }

  // Looks at what was read, until a request is whole or more must come.
  void Advance(Connection* c) {
    if (c->dead || c->stage == Stage::kAnswering || c->in.empty()) return;
    if (c->stage == Stage::kIdle) Enter(c, Stage::kReading, bounds_.request);
    c->in.erase(0, c->reader.Take(c->in));
    if (c->reader.state() == HttpReader::State::kRefused) return Refuse(c);
    if (c->reader.state() == HttpReader::State::kWhole) return Answer(c);
    if (c->reader.awaits_continue() && !std::exchange(c->told_to_continue, true)) {
      c->out = kStillThere;
      Flush(c);
    }
  }

  // A refusal as it goes out.
  HttpResponse Told(const HttpRefusal& refusal) const {
    HttpResponse told;
    told.status = refusal.status;
    told.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
    told.body = refusal.why + "\n";
    if (bounds_.refuse) {
      // Of what is thrown nobody hears: then it is told in a line.
      (void)Guarded([&] {
        told = bounds_.refuse(refusal);
        return absl::OkStatus();
      });
    }
    return told;
  }

  void Refuse(Connection* c) {
    const HttpResponse refusal = Told({c->reader.refusal(), c->reader.why(), c->reader.TakeWhatCame()});
    c->takes_interim = false;
    Enter(c, Stage::kAnswering, bounds_.take);
    c->out.append(HttpHead(refusal, refusal.body.size(), false, true) + refusal.body);
    c->ends = c->closes = true;
    Flush(c);
  }

  void Answer(Connection* c) {
    ++requests_;
    HttpRequest request = c->reader.TakeRequest();
    request.address = c->address;
    c->told_to_continue = false;
    c->ends = c->closes = false;
    c->takes_interim = !request.is_old;
    c->ask_again = Clock::now() + kLookEach;
    c->gone = std::make_shared<std::atomic<bool>>(false);
    Enter(c, Stage::kAnswering,
          Clock::duration::max());  // how long it is worked on, is the handler's to bound
    const bool keeps_alive = --c->requests_left > 0 && !stops_;
    HttpExchange reply(
        std::make_shared<HttpExchange::Shared>(mailbox_, c->id, c->gone, request, keeps_alive));
    // Of what is thrown the reply tells: it goes away unsent.
    (void)Guarded([&] {
      handler_(std::move(request), std::move(reply));
      return absl::OkStatus();
    });
  }

  void OnPost(Connection* c, HttpPost post) {
    if (c->stage != Stage::kAnswering) return;
    if (post.cuts) return Close(c);
    c->takes_interim = false;
    if (post.begins) c->more = std::move(post.more);
    if (post.held != nullptr) c->held = std::move(post.held);
    if (c->sent == c->out.size()) {
      c->out = std::move(post.bytes);
      c->sent = 0;
    } else {
      c->out.append(post.bytes);
    }
    c->ends = post.ends;
    c->closes = post.closes;
    const auto megabytes = static_cast<std::int64_t>(1 + (c->out.size() - c->sent) / kMegabyte);
    c->until = Clock::now() + bounds_.take * megabytes;
    Flush(c);
  }

  // Sends what the client takes now.
  void Flush(Connection* c) {
    while (c->sent < c->out.size()) {
      const ssize_t taken =
          send(c->socket, c->out.data() + c->sent, c->out.size() - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (taken < 0 && errno == EINTR) continue;
      if (taken < 0 && errno == EAGAIN) return Watch(c);
      if (taken < 0) return Close(c);
      c->sent += static_cast<std::size_t>(taken);
    }
    c->out = std::string();  // and with it the memory
    c->sent = 0;
    if (c->stage != Stage::kAnswering) return Watch(c);
    if (c->ends) return Finish(c);
    c->until = Clock::time_point::max();  // it is the turn of whoever works the next piece out
    Watch(c);
    if (c->dead || !c->more) return;
    const Status called = Guarded([&] {
      c->more();
      return absl::OkStatus();
    });
    if (!called.ok()) Close(c);
  }

  // The client has the whole answer.
  void Finish(Connection* c) {
    c->more = nullptr;
    c->held.reset();
    c->gone.reset();
    c->ends = false;
    if (!c->closes && !stops_) {
      Enter(c, Stage::kIdle, bounds_.idle);
      return Advance(c);
    }
    // To close while bytes are unread would reset the connection, and take the answer back.
    shutdown(c->socket, SHUT_WR);
    c->in = std::string();
    Enter(c, Stage::kLingering, kLinger);
  }

  void EndLate(Clock::time_point now) {
    for (auto& one : connections_) {
      Connection* const c = one.second.get();
      if (!c->dead) AskWhetherThere(c, now);
      if (c->dead || now < c->until) continue;
      if (c->stage == Stage::kReading || c->stage == Stage::kAnswering) ++cut_;
      Close(c);
    }
  }

  void Close(Connection* c) {
    if (std::exchange(c->dead, true)) return;
    if (c->gone != nullptr) *c->gone = true;
    close(c->socket);
    --open_;
    const auto own = by_address_.find(c->address);
    if (--own->second == 0) by_address_.erase(own);
    dead_.push_back(c->id);
  }

  void Bury() {
    for (const std::uint64_t id : dead_) connections_.erase(id);
    dead_.clear();
  }

  const HttpBounds bounds_;
  const std::unique_ptr<Listener> listener_;
  const int epoll_;
  const std::shared_ptr<HttpMailbox> mailbox_ = std::make_shared<HttpMailbox>();
  Handler handler_;
  std::thread thread_;
  // Of the thread alone.
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::string, std::size_t> by_address_;  // how many are open
  std::vector<std::uint64_t> dead_;
  std::uint64_t last_id_ = kWakeId;
  bool stops_ = false;
  Clock::time_point stop_by_;
  std::atomic<std::uint64_t> open_{0}, requests_{0}, turned_away_{0}, cut_{0};
};

HttpListener::HttpListener(std::unique_ptr<Poller> poller) : poller_(std::move(poller)) {}
HttpListener::~HttpListener() = default;

StatusOr<std::unique_ptr<HttpListener>> HttpListener::Bind(const std::string& listen,
                                                           const HttpBounds& bounds) {
  const Status cannot = absl::UnavailableError(absl::StrCat(
      "cannot listen on ", listen, " for HTTP: is the address this machine's, and the port free?"));
  if (listen.rfind("unix:", 0) == 0) return cannot;
  auto opened = Listener::Open(listen);
  if (!opened.ok()) return cannot;
  auto poller = std::make_unique<Poller>(*std::move(opened), bounds);
  if (!poller->ready()) return absl::UnavailableError("no descriptors are left to listen for HTTP");
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(poller)));
}

void HttpListener::Start(Handler handler) { poller_->Start(std::move(handler)); }
int HttpListener::port() const { return poller_->port(); }
HttpCounts HttpListener::counts() const { return poller_->counts(); }

}  // namespace fundtrail::net
