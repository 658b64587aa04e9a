// The service that takes entries, over a real port: what a client that takes no answers may hold.
#include <array>
#include <catch2/catch.hpp>
#include <future>
#include <thread>
#include <vector>

#include "ledger/store/memory.h"
#include "server/retry.h"
#include "server/services.h"
#include "server/status.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

// A ledger that takes entries once it is let go on: its clock waits.
struct Taking {
  explicit Taking(const server::Limits& limits)
      : gate(&workers, limits, [] { return 0.0; }),
        service(&pipeline, ledger->store(), &gate, log::SystemClock(), {}, limits) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    grpc = builder.BuildAndStart();
    REQUIRE(grpc != nullptr);
    stub = v1::Submission::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  }
  ~Taking() {
    grpc->Shutdown();
    pipeline.Stop();
    workers.Stop();
  }
  Status Batch(std::uint64_t first, std::uint64_t count) const {
    v1::SubmitBatchRequest request;
    for (std::uint64_t id = first; id < first + count; ++id) request.add_signed_entries(PaymentBytes(id));
    v1::SubmitBatchAnswer answer;
    grpc::ClientContext context;
    return server::FromGrpc(stub->SubmitBatch(&context, request, &answer));
  }

  std::promise<void> go_on;
  std::shared_future<void> may = go_on.get_future().share();
  std::unique_ptr<log::Ledger> ledger = [] {
    Need(crypto::Init());
    return Need(NewLedger(store::MakeMemoryStore(), log::SystemClock()));
  }();
  server::Pipeline pipeline{ledger.get(),
                            [may = may] {
                              may.wait();
                              return log::SystemClock()();
                            },
                            server::PipelineLimits()};
  server::Workers workers{1, 1};
  server::Gate gate;
  server::SubmissionService service;
  std::unique_ptr<grpc::Server> grpc;
  int port = 0;
  std::unique_ptr<v1::Submission::Stub> stub;
};

TEST_CASE("a batch for whose answer there is no room is refused before any of it is taken") {
  server::Limits limits;
  limits.answer_bytes = 1;
  limits.batch_entries = 4;
  limits.sending_bytes_per_address = 6 * server::kResultBytes;
  Taking taking(limits);
  auto first = std::async(std::launch::async, [&] { return taking.Batch(1, 4); });
  while (taking.pipeline.counts().queued_entries < 4) std::this_thread::yield();
  const Status full = taking.Batch(5, 4);
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(server::RetryDelay(full) == std::chrono::milliseconds(1'000));
  CHECK(taking.pipeline.counts().queued_entries == 4);
  taking.go_on.set_value();
  CHECK(first.get().ok());
  for (int i = 0; i < 1000 && !taking.Batch(5, 4).ok();
       ++i)  // the first one's room is given back with its call
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(taking.pipeline.counts().accepted == 8);
}

TEST_CASE("a batch of the largest size finds room, whatever the other limits are") {
  server::Limits limits;
  limits.answer_bytes = limits.sending_bytes = limits.sending_bytes_per_address = 1;
  limits.batch_entries = 4;
  Taking taking(limits);
  taking.go_on.set_value();
  CHECK(taking.Batch(1, 4).ok());
}

TEST_CASE("a stream that takes no results is ended, and one that is slow is not") {
  server::Limits limits;
  limits.page_seconds = 1;
  Taking taking(limits);
  taking.go_on.set_value();
  const v1::SubmitRequest rubbish = [] {
    v1::SubmitRequest request;
    request.set_signed_entry("rubbish");
    return request;
  }();
  grpc::ClientContext context;
  const auto stream = taking.stub->SubmitStream(&context);
  int sent = 0;
  while (sent < 1'000'000 && stream->Write(rubbish)) ++sent;  // ends when the server ends it
  CHECK(sent < 1'000'000);
  v1::SubmitResult result;
  while (stream->Read(&result)) {  // what had come
  }
  const grpc::Status end = stream->Finish();
  CHECK(end.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  CHECK(end.error_message() == "nothing of the answer was taken for 1 s");

  grpc::ClientContext slow_context;
  const auto slow = taking.stub->SubmitStream(&slow_context);
  for (std::uint64_t i = 0; i < 3; ++i) {
    REQUIRE(slow->Write(rubbish));
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    REQUIRE(slow->Read(&result));
    CHECK(result.number() == i);
  }
  slow->WritesDone();
  CHECK(slow->Finish().ok());
}

TEST_CASE("one address may have so many streams of entries open") {
  server::Limits limits;
  limits.entry_streams_per_address = 2;
  Taking taking(limits);
  taking.go_on.set_value();
  std::array<grpc::ClientContext, 3> contexts;
  v1::SubmitRequest request;
  v1::SubmitResult result;
  const auto open = [&](grpc::ClientContext* context) {
    auto stream = taking.stub->SubmitStream(context);
    request.set_signed_entry("rubbish");
    stream->Write(request);
    return stream;
  };
  const auto first = open(&contexts[0]), second = open(&contexts[1]);
  REQUIRE(first->Read(&result));
  REQUIRE(second->Read(&result));
  const auto third = open(&contexts[2]);
  CHECK_FALSE(third->Read(&result));
  const Status full = server::FromGrpc(third->Finish());
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(server::RetryDelay(full).has_value());
  first->WritesDone();
  CHECK_FALSE(first->Read(&result));
  CHECK(first->Finish().ok());
  bool again = false;
  for (int i = 0; i < 1000 && !again; ++i) {
    grpc::ClientContext context;
    const auto stream = open(&context);
    again = stream->Read(&result);
    stream->WritesDone();
    (void)stream->Finish();
  }
  CHECK(again);
}

}  // namespace
}  // namespace fundtrail::testing
