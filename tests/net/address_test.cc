// Who counts as one client.
#include "ledger/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <cstring>

namespace fundtrail::testing {
namespace {

TEST_CASE("a peer without its port is one client, and of IPv6 its network") {
  CHECK(net::AddressOf("ipv4:10.0.0.7:4711") == "ipv4:10.0.0.7");
  CHECK(net::AddressOf("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:4711") == "ipv6:2001:db8:1:2::");
  CHECK(net::AddressOf("ipv6:%5B2001:db8:1:2::7%5D:4712") == "ipv6:2001:db8:1:2::");
  CHECK(net::AddressOf("ipv6:%5Bfe80::1%252%5D:4711") == "ipv6:fe80::");
  CHECK(net::AddressOf("ipv6:%5B::ffff:10.0.0.7%5D:4711") == "ipv4:10.0.0.7");
  CHECK(net::AddressOf("ipv6:%5B::ffff:10.0.0.8%5D:4711") == "ipv4:10.0.0.8");
  CHECK(net::AddressOf("ipv6:rubbish:1") == "ipv6:rubbish");
  CHECK(net::AddressOf("inproc") == "inproc");
  // What the relay carries has its client's address in the name of the relay's end.
  CHECK(net::AddressOf("unix-abstract:fundtrail/0123456789abcdef/ipv4:10.0.0.7") == "ipv4:10.0.0.7");
  CHECK(net::AddressOf("unix-abstract:fundtrail/0123456789abcdef/ipv6:2001:db8::") == "ipv6:2001:db8::");
}

sockaddr_storage Socket(int family, const char* text) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = v6.sin6_family = static_cast<sa_family_t>(family);
  v4.sin_port = v6.sin6_port = htons(4711);
  if (family == AF_INET) {
    REQUIRE(inet_pton(family, text, &v4.sin_addr) == 1);
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    REQUIRE(inet_pton(family, text, &v6.sin6_addr) == 1);
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return storage;
}

TEST_CASE("a socket's other end is the same client as gRPC's peer") {
  CHECK(net::AddressOf(Socket(AF_INET, "10.0.0.7")) == net::AddressOf("ipv4:10.0.0.7:4711"));
  CHECK(net::AddressOf(Socket(AF_INET6, "2001:db8:1:2::7")) ==
        net::AddressOf("ipv6:%5B2001:db8:1:2::7%5D:4711"));
  CHECK(net::AddressOf(Socket(AF_INET6, "::ffff:10.0.0.7")) == "ipv4:10.0.0.7");
  sockaddr_storage file{};
  file.ss_family = AF_UNIX;
  CHECK(net::AddressOf(file) == "unix");
}

TEST_CASE("an IP address by itself, as a proxy tells it, is the same client as its connections are") {
  CHECK(net::AddressOfIp("10.0.0.7") == "ipv4:10.0.0.7");
  CHECK(net::AddressOfIp("10.0.0.7:4711") == "ipv4:10.0.0.7");
  CHECK(net::AddressOfIp("2001:db8::7") == "ipv6:2001:db8::");
  CHECK(net::AddressOfIp("[2001:db8::8]:4711") == "ipv6:2001:db8::");
  CHECK(net::AddressOfIp("::ffff:10.0.0.7") == "ipv4:10.0.0.7");
  for (const char* none : {"", "unknown", "_hidden", "10.0.0", "10.0.0.7.8", "[", "a name"}) {
    INFO(none);
    CHECK_FALSE(net::AddressOfIp(none).has_value());
  }
}

}  // namespace
}  // namespace fundtrail::testing
