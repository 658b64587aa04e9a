// Who a client is, as far as limits go: one address is one client, and of IPv6 one network is. And who can reach an address.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>

namespace fundtrail::net {

// As gRPC tells a peer, "ipv4:10.0.0.7:4711", without its port: "ipv4:10.0.0.7". Of IPv6 the network alone, as one
// client has a whole /64: "ipv6:2001:db8::". Of what comes through the relay, the address that the relay tells. Others as
// they are.
std::string AddressOf(const std::string& peer);
// The same of a socket's other end. A socket file's clients are all "unix".
std::string AddressOf(const sockaddr_storage& peer);

// The same of an IP address by itself, "10.0.0.7" or "2001:db8::7", also in brackets and with a port after it. Nothing
// when it is none.
std::optional<std::string> AddressOfIp(const std::string& ip);

// "127.0.0.1", "localhost", "[::1]", "unix:PATH": only this machine can reach it.
bool IsLoopback(const std::string& listen);

}  // namespace fundtrail::net
