// HTTP in bytes, so that a test can send what no client would.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace fundtrail::testing {

// A connection to a port of this machine.
struct Socket {
  explicit Socket(int port) : number(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected = connect(number, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Socket() { close(number); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  const int number;
  bool connected = false;
};

// All that comes back for these bytes, behind which nothing more is sent; nothing when nobody listens.
inline std::string RawHttp(int port, const std::string& request) {
  const Socket to(port);
  std::string answer;
  if (!to.connected) return answer;
  for (std::size_t sent = 0; sent < request.size();) {
    const auto more = send(to.number, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (more <= 0) break;
    sent += static_cast<std::size_t>(more);
  }
  shutdown(to.number, SHUT_WR);
  char buffer[4096];
  for (ssize_t got; (got = recv(to.number, buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<std::size_t>(got));
  return answer;
}
// A server asks a client that sends no more whether it is still there (ledger/net/http_listener.cc). This leaves that out.
inline std::string WithoutInterim(std::string raw) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  while (raw.rfind(interim, 0) == 0) raw.erase(0, interim.size());
  return raw;
}

inline std::string RawGet(int port, const std::string& path, const std::string& headers = "",
                          const std::string& method = "GET") {
  return WithoutInterim(RawHttp(
      port, method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n"));
}

struct RawReply {
  int status = 0;  // 0: none came whole
  std::string head, body;
};
inline RawReply ReadReply(std::string raw) {
  RawReply reply;
  raw = WithoutInterim(std::move(raw));
  const auto end = raw.find("\r\n\r\n");
  if (raw.rfind("HTTP/1.1 ", 0) != 0 || end == std::string::npos) return reply;
  reply.status = std::atoi(raw.c_str() + 9);
  reply.head = raw.substr(0, end + 2);
  reply.body = raw.substr(end + 4);
  return reply;
}
inline RawReply HttpGet(int port, const std::string& path) { return ReadReply(RawGet(port, path)); }
inline RawReply HttpPost(int port, const std::string& path, const std::string& body,
                         const std::string& headers = "") {
  return ReadReply(RawHttp(port, "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers +
                                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
}

}  // namespace fundtrail::testing
