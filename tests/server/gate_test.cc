// What questions go through, with real calls over a real port: what became of each is counted once.
#include "server/gate.h"

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "ledger/store/memory.h"
#include "server/retry.h"
#include "server/services.h"
#include "server/status.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

server::Rate::Seconds Still() {
  return [] { return 0.0; };
}

// A ledger that answers questions on one thread, with one place to wait in.
struct Asked {
  explicit Asked(const server::Limits& limits = {})
      : gate(&workers, limits, Still()), service(ledger->store(), &gate, limits) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    grpc = builder.BuildAndStart();
    REQUIRE(grpc != nullptr);
    stub = Stub();
  }
  ~Asked() {
    grpc->Shutdown();
    workers.Stop();
  }
  std::unique_ptr<v1::Ledger::Stub> Stub() const {
    return v1::Ledger::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  }
  Status Checkpoint() const {
    grpc::ClientContext context;
    v1::CheckpointAnswer answer;
    return server::FromGrpc(stub->GetCheckpoint(&context, {}, &answer));
  }
  Status List(const std::string& from = "") const {
    grpc::ClientContext context;
    v1::ListRequest request;
    request.set_from(from);
    const auto reader = stub->List(&context, request);
    for (v1::ListAnswer page; reader->Read(&page);) {
    }
    return server::FromGrpc(reader->Finish());
  }
  // Answered, failed, turned away.
  std::vector<std::uint64_t> counts() const { return {gate.answered(), gate.failed(), gate.turned_away()}; }

  std::unique_ptr<log::Ledger> ledger = [] {
    Need(crypto::Init());
    return Need(NewLedger(store::MakeMemoryStore(), log::SystemClock()));
  }();
  server::Workers workers{1, 1};
  server::Gate gate;
  server::LedgerService service;
  std::unique_ptr<grpc::Server> grpc;
  int port = 0;
  std::unique_ptr<v1::Ledger::Stub> stub;
};

using Counts = std::vector<std::uint64_t>;

TEST_CASE(
    "a question is counted when it ends, as answered, failed or turned away, and so is a stream of pages") {
  const Asked asked;
  CHECK(asked.Checkpoint().ok());
  CHECK(asked.counts() == Counts{1, 0, 0});
  CHECK(asked.List().ok());
  CHECK(asked.counts() == Counts{2, 0, 0});
  CHECK(asked.List("no day").code() == absl::StatusCode::kInvalidArgument);
  CHECK(asked.counts() == Counts{2, 1, 0});
  v1::TraceRequest request;
  request.set_path_budget(server::Limits().trace_paths + 1);
  v1::TraceAnswer answer;
  grpc::ClientContext context;
  CHECK(asked.stub->Trace(&context, request, &answer).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(asked.counts() == Counts{2, 2, 0});
}

// Holds the one thread, and takes the one place behind it.
struct Busy {
  explicit Busy(server::Workers* workers) {
    const auto open = gate.get_future().share();
    REQUIRE(workers->Run([open] { open.wait(); }).ok());
    while (!workers->Run([] {}).ok()) std::this_thread::yield();  // until the thread has taken the first
  }
  std::promise<void> gate;
};

TEST_CASE("what a full queue has turned away is counted so, and is told when to come again") {
  Asked asked;
  Busy busy(&asked.workers);
  for (const Status& full : {asked.Checkpoint(), asked.List()}) {
    CHECK(full.code() == absl::StatusCode::kResourceExhausted);
    CHECK(server::RetryDelay(full).has_value());
  }
  CHECK(asked.counts() == Counts{0, 0, 2});
  busy.gate.set_value();
}

TEST_CASE("an address that asks too often is turned away, whatever it asks") {
  server::Limits limits;
  limits.question_burst = 2;
  const Asked asked(limits);
  CHECK(asked.Checkpoint().ok());
  CHECK(asked.List().ok());
  for (const Status& often : {asked.Checkpoint(), asked.List()}) {
    CHECK(often.code() == absl::StatusCode::kResourceExhausted);
    CHECK(server::RetryDelay(often) == std::chrono::milliseconds(5));  // 200 questions a second
  }
  CHECK(asked.counts() == Counts{2, 0, 2});
}

}  // namespace
}  // namespace fundtrail::testing
