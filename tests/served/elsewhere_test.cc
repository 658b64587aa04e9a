// A server that sends its clients elsewhere: only those that --server names are ever asked.
#include "ledger/pipeline/elsewhere.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "server/status.h"
#include "tests/served/daemon.h"
#include "tests/served/liar.h"

namespace fundtrail::testing {
namespace {

// Whoever connects to it waits there, and is seen.
class Trap {
 public:
  Trap() {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&any), size) == 0);
    REQUIRE(listen(socket_, 8) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size) == 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(any.sin_port));
  }
  ~Trap() { close(socket_); }
  Trap(const Trap&) = delete;
  Trap& operator=(const Trap&) = delete;
  const std::string& address() const { return address_; }
  bool HasSomebody() const {
    pollfd one{socket_, POLLIN, 0};
    return poll(&one, 1, 0) > 0;
  }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string address_;
};

TEST_CASE("a server names another one as that which records: unless --server has it, it is not asked") {
  const Desk desk;
  desk.MakeLedger();
  const Trap trap;
  Liar liar;
  liar.lie.error = server::ToGrpc(pipeline::NotActive(trap.address(), "this server stands by"));
  for (const std::string& servers : {liar.address(), liar.address() + ",127.0.0.1:9"}) {
    const auto paid = desk.Run("--timeout 2 --server " + servers +
                               " pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk "
                               "--as root");
    INFO(servers << ": " << paid.err);
    CHECK(paid.exit == 3);
    CHECK_FALSE(trap.HasSomebody());
  }
  // Where it is named it is, so this can fail.
  CHECK(desk.Run("--timeout 2 --server " + liar.address() + "," + trap.address() + " show 1").exit == 3);
  CHECK(trap.HasSomebody());
}

}  // namespace
}  // namespace fundtrail::testing
