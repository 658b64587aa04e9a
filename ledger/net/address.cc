// See address.h.
#include "ledger/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fundtrail::net {
namespace {

std::string Printed(int family, const void* address) {
  std::string text(INET6_ADDRSTRLEN, '\0');
  inet_ntop(family, address, text.data(), INET6_ADDRSTRLEN);
  return text.substr(0, text.find('\0'));
}

std::string Network(in6_addr address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) return "ipv4:" + Printed(AF_INET, address.s6_addr + 12);
  std::fill(address.s6_addr + 8, address.s6_addr + 16, std::uint8_t{0});
  return "ipv6:" + Printed(AF_INET6, &address);
}

}  // namespace

std::string AddressOf(const std::string& peer) {
  // Of a connection that the relay carries, the address is the last part of its end's name (server/front/relay.h).
  constexpr std::string_view kRelay = "unix-abstract:fundtrail/";
  if (peer.rfind(kRelay, 0) == 0) return peer.substr(peer.rfind('/') + 1);
  if (peer.rfind("ipv4:", 0) == 0) return peer.substr(0, peer.rfind(':'));
  if (peer.rfind("ipv6:", 0) != 0) return peer;
  // "ipv6:%5B2001:db8::7%5D:4711", and a zone behind %25 perhaps.
  constexpr std::string_view kOpen = "ipv6:%5B";
  const std::string host = peer.substr(std::min(peer.size(), kOpen.size()));
  in6_addr address{};
  if (inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), &address) != 1)
    return peer.substr(0, peer.rfind(':'));
  return Network(address);
}

std::string AddressOf(const sockaddr_storage& peer) {
  if (peer.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &peer, sizeof address);
    return "ipv4:" + Printed(AF_INET, &address.sin_addr);
  }
  if (peer.ss_family != AF_INET6) return "unix";
  sockaddr_in6 address{};
  std::memcpy(&address, &peer, sizeof address);
  return Network(address.sin6_addr);
}

std::optional<std::string> AddressOfIp(const std::string& ip) {
  std::string host = ip;
  if (!host.empty() && host.front() == '[') {
    host = host.substr(1, host.find(']') - 1);
  } else if (std::count(host.begin(), host.end(), ':') == 1) {
    host.resize(host.find(':'));
  }
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return "ipv4:" + Printed(AF_INET, &four);
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return Network(six);
  return std::nullopt;
}

bool IsLoopback(const std::string& listen) {
  if (listen.rfind("unix:", 0) == 0) return true;
  const std::string host = listen.substr(0, listen.rfind(':'));
  return host == "localhost" || host == "[::1]" ||
         (host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace fundtrail::net
