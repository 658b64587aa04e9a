// See listener.h.
#include "ledger/net/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fundtrail::net {
namespace {

constexpr int kBacklog = 1'024;
constexpr int kWithoutDescriptors = 100;  // ms to wait for some to be closed
// What the system keeps of a connection each way; it takes twice that. By itself it would grow to megabytes of what nobody
// reads.
constexpr int kKept = 128 << 10;

Status Cannot(int error) { return absl::UnavailableError(std::strerror(error)); }

void SetPort(sockaddr* address, int port) {
  if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = htons(static_cast<std::uint16_t>(port));
  } else {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(static_cast<std::uint16_t>(port));
  }
}

int PortOf(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(bound).sin6_port);
  if (bound.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(bound).sin_port);
  return 0;
}

bool IsPort(const std::string& text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && read == end;
}

// Whether it is a socket file that a process left behind.
bool IsLeft(const sockaddr_un& address) {
  struct stat file {};
  if (lstat(address.sun_path, &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool refused = connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
                       errno == ECONNREFUSED;
  close(socket);
  return refused;
}

}  // namespace

// 0, or what errno says.
int Listener::ListenOn(const sockaddr* address, socklen_t size) {
  const int socket = ::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  const int on = 1, off = 0;
  if (address->sa_family != AF_UNIX) setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  for (const int kept : {SO_RCVBUF, SO_SNDBUF})  // connections have it from here
    setsockopt(socket, SOL_SOCKET, kept, &kKept, sizeof kKept);
  if (address->sa_family == AF_INET6) setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(socket, address, size) == 0 && listen(socket, kBacklog) == 0) {
    sockets_.push_back(socket);
    return 0;
  }
  const int error = errno;
  close(socket);
  return error;
}

Status Listener::OpenFile(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return absl::InvalidArgumentError(
        absl::StrCat("a socket file's path has 1 to ", sizeof address.sun_path - 1, " bytes"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (IsLeft(address)) unlink(address.sun_path);
  const int error = ListenOn(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (error != 0) return Cannot(error);
  file_ = path;
  return absl::OkStatus();
}

Status Listener::OpenHost(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (!IsPort(port)) return absl::InvalidArgumentError("a port is a number from 0 to 65535");
  const int unknown = host.empty() ? EAI_NONAME : getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (unknown != 0) return absl::InvalidArgumentError(gai_strerror(unknown));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
  int why = EADDRNOTAVAIL;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (port_ != 0) SetPort(one->ai_addr, port_);  // one port for all of them
    const int error = ListenOn(one->ai_addr, one->ai_addrlen);
    if (error == 0) {
      port_ = PortOf(sockets_.back());
      continue;
    }
    why = error;
    // A machine without IPv6 may have a name for it all the same.
    if (error != EAFNOSUPPORT && error != EADDRNOTAVAIL) return Cannot(error);
  }
  return sockets_.empty() ? Cannot(why) : absl::OkStatus();
}

StatusOr<std::unique_ptr<Listener>> Listener::Open(const std::string& address) {
  std::unique_ptr<Listener> listener(new Listener);
  if (listener->stop_ < 0) return Cannot(errno);
  Status opened;
  if (address.rfind("unix:", 0) == 0) {
    opened = listener->OpenFile(address.substr(5));
  } else {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
      return absl::InvalidArgumentError("listen takes HOST:PORT, as 127.0.0.1:7450");
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    opened = listener->OpenHost(host, address.substr(colon + 1));
  }
  if (!opened.ok()) return Annotate(opened, absl::StrCat("cannot listen on ", address));
  return listener;
}

Listener::Listener() : stop_(eventfd(0, EFD_CLOEXEC)) {}

Listener::~Listener() {
  Stop();
  if (stop_ >= 0) close(stop_);
}

void Listener::Start(Take take, std::function<void()> without) {
  thread_ =
      std::thread([this, take = std::move(take), without = std::move(without)] { Accept(take, without); });
}

void Listener::Stop() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    (void)!write(stop_, &one, sizeof one);
    thread_.join();
  }
  if (!file_.empty())
    unlink(file_.c_str());  // while it is ours: another process may make one of that name next
  file_.clear();
  // Who still connects is refused at once, and not left to wait.
  for (const int socket : sockets_) close(socket);
  sockets_.clear();
}

// False when there are no descriptors or memory for it: whoever connects waits in the kernel meanwhile.
bool Listener::AcceptOne(int listener, const Take& take) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  const int socket =
      accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket < 0) return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
  const int on = 1;
  if (peer.ss_family != AF_UNIX) setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  take(listener, socket, peer);
  return true;
}

void Listener::Accept(const Take& take, const std::function<void()>& without) {
  std::vector<pollfd> watched{{stop_, POLLIN, 0}};
  for (const int socket : sockets_) watched.push_back({socket, POLLIN, 0});
  while (true) {
    if (poll(watched.data(), watched.size(), -1) < 0) continue;  // interrupted
    if (watched[0].revents != 0) return;
    bool room = true;
    for (std::size_t i = 1; i < watched.size(); ++i)
      if (watched[i].revents != 0) room = AcceptOne(watched[i].fd, take) && room;
    if (room) continue;
    if (without) without();
    if (poll(watched.data(), 1, kWithoutDescriptors) > 0) return;
  }
}

std::size_t RaiseFileLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace fundtrail::net
