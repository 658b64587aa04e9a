// How many connections are counted, though nobody tells when one ends.
#include "server/connections.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace fundtrail::testing {
namespace {

int Socket() {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(socket >= 0);
  return socket;
}

TEST_CASE("one address may have so many connections, all together so many, until they are closed") {
  server::Connections connections(3, 2);
  const int a = Socket(), b = Socket(), c = Socket(), d = Socket();
  CHECK(connections.Admit(a, "a"));
  CHECK(connections.Admit(b, "a"));
  CHECK_FALSE(connections.Admit(c, "a"));
  CHECK(connections.Admit(c, "b"));
  CHECK_FALSE(connections.Admit(d, "c"));
  CHECK(connections.open() == 3);
  CHECK(connections.turned_away() == 2);
  close(a);
  CHECK(connections.Admit(d, "c"));
  CHECK(connections.open() == 3);
  close(b);
  close(c);
  close(d);
  CHECK(connections.open() == 0);
  CHECK(connections.turned_away() == 2);
}

TEST_CASE("a descriptor that has become another file's is no connection any more") {
  server::Connections connections(1, 1);
  const int first = Socket(), spare = Socket();
  REQUIRE(connections.Admit(first, "a"));
  REQUIRE(dup2(spare, first) == first);  // another socket
  CHECK(connections.open() == 0);
  CHECK(connections.Admit(spare, "b"));
  const int file = open("/dev/null", O_RDONLY);
  REQUIRE(dup2(file, spare) == spare);
  CHECK(connections.open() == 0);
  close(file);
  close(first);
  close(spare);
  CHECK_FALSE(connections.Admit(spare, "a"));  // is closed, and counts as none
  CHECK(connections.open() == 0);
  CHECK(connections.turned_away() == 0);
}

}  // namespace
}  // namespace fundtrail::testing
