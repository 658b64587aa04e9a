// What answers at the address is no fundtrail server, or is one behind a proxy that has its own mind. It is exit 3, in
// words, and never 1, which is the ledger's own verdict.
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Answers every question with this error; without one it has no services at all.
class Stranger final : public v1::Ledger::Service {
 public:
  explicit Stranger(std::optional<grpc::StatusCode> code) : code_(code.value_or(grpc::StatusCode::OK)) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(code.has_value() ? static_cast<grpc::Service*>(this) : &other_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Stranger() override { server_->Shutdown(std::chrono::system_clock::now()); }

  const std::string& address() const { return address_; }

  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::CheckpointRequest*,
                             v1::CheckpointAnswer*) override {
    return {code_, "in a proxy's words"};
  }

 private:
  const grpc::StatusCode code_;
  v1::Submission::Service other_;  // not what is asked for
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_CASE("a server that is no fundtrail is told apart from a ledger that says no") {
  const Desk desk;
  const Stranger stranger(std::nullopt);
  const auto ran = desk.Run("--server " + stranger.address() + " checkpoint");
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK_THAT(ran.err, Contains("what answers there is not a fundtrail server, or is older"));
}

TEST_CASE("a proxy's errors are no verdict") {
  using grpc::StatusCode;
  const Desk desk;
  for (const auto code :
       {StatusCode::UNAUTHENTICATED, StatusCode::UNKNOWN, StatusCode::INTERNAL, StatusCode::ABORTED,
        StatusCode::PERMISSION_DENIED, StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED}) {
    INFO(code);
    const Stranger stranger(code);
    const auto ran = desk.Run("--server " + stranger.address() + " checkpoint");
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("in a proxy's words"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
