// examples/python/client.py, which other departments begin from, at servers that have no room for the moment.
#include "ledger/pipeline/retry.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Passes on what a daemon says, after it has turned entries away: with these errors, one after another.
class Busy {
 public:
  Busy(const std::string& daemon, std::vector<Status> errors)
      : ledger_(daemon), submission_(daemon, std::move(errors)) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&ledger_);
    builder.RegisterService(&submission_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Busy() { server_->Shutdown(std::chrono::system_clock::now()); }
  const std::string& address() const { return address_; }
  // What clients sent, each time.
  const std::vector<std::string>& sent() const { return submission_.sent; }

 private:
  struct Ledger final : v1::Ledger::Service {
    explicit Ledger(const std::string& daemon) : stub(v1::Ledger::NewStub(OwnChannel(daemon))) {}
    grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::CheckpointRequest* request,
                               v1::CheckpointAnswer* answer) override {
      grpc::ClientContext context;
      return stub->GetCheckpoint(&context, *request, answer);
    }
    grpc::Status Trace(grpc::ServerContext*, const v1::TraceRequest* request,
                       v1::TraceAnswer* answer) override {
      grpc::ClientContext context;
      return stub->Trace(&context, *request, answer);
    }
    std::unique_ptr<v1::Ledger::Stub> stub;
  };
  struct Submission final : v1::Submission::Service {
    Submission(const std::string& daemon, std::vector<Status> turned_away)
        : stub(v1::Submission::NewStub(OwnChannel(daemon))), errors(std::move(turned_away)) {}
    grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest* request,
                        v1::Receipt* receipt) override {
      sent.push_back(request->signed_entry());
      if (sent.size() <= errors.size()) return server::ToGrpc(errors[sent.size() - 1]);
      grpc::ClientContext context;
      return stub->Submit(&context, *request, receipt);
    }
    std::unique_ptr<v1::Submission::Stub> stub;
    std::vector<Status> errors;
    std::vector<std::string> sent;
  };

  Ledger ledger_;
  Submission submission_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_CASE("the client in Python sends the same bytes again when a server has no room, is away or is slow") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const Busy busy(daemon.address(),
                  {pipeline::AgainIn(std::chrono::milliseconds(50), "the queue is full"),
                   absl::UnavailableError("stopping"), absl::DeadlineExceededError("too slow")});
  const auto ran =
      desk.Shell("TMPDIR=\"$PWD\" /usr/bin/python3 " FUNDTRAIL_SOURCE_DIR "/examples/python/client.py " +
                 busy.address() + " clerk root donor hub 12345 CNY winter");
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, Contains("record 7, leaf hash "));
  CHECK_THAT(ran.err, Contains("the queue is full"));
  CHECK_THAT(ran.err, !Contains("refused"));
  REQUIRE(busy.sent().size() == 4);
  for (const auto& bytes : busy.sent()) CHECK(bytes == busy.sent()[0]);
  for (const auto& file : std::filesystem::directory_iterator(desk.path(".")))
    CHECK_THAT(file.path().string(), !Contains("fundtrail-py-"));  // it leaves nothing behind
}

TEST_CASE("the client in Python that gets no answer keeps what it sent") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const Busy busy(daemon.address(),
                  std::vector<Status>(20, pipeline::AgainIn(std::chrono::milliseconds(1), "full")));
  const auto ran = desk.Shell("/usr/bin/python3 " FUNDTRAIL_SOURCE_DIR "/examples/python/client.py " +
                              busy.address() + " clerk root donor hub 12345 CNY winter");
  INFO(ran.out << ran.err);
  CHECK(ran.exit != 0);
  const auto at = ran.err.find("`fundtrail submit ");
  REQUIRE(at != std::string::npos);
  const std::string file = ran.err.substr(at + 18, ran.err.find('`', at + 1) - at - 18);
  CHECK(desk.read(file) == busy.sent()[0]);
  CHECK_THAT(desk.Run("--server " + daemon.address() + " submit " + file).out, Contains("Record 7, "));
}

}  // namespace
}  // namespace fundtrail::testing
