// The service that takes entries, over a real port: what a client that takes no answers may hold.
#include <grpcpp/generic/generic_stub.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <thread>
#include <vector>

#include "ledger/model/refusal.h"
#include "ledger/pipeline/retry.h"
#include "ledger/store/memory.h"
#include "server/services.h"
#include "server/status.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

// A ledger that takes entries once it is let go on: its clock waits.
struct Taking {
  explicit Taking(const server::Limits& limits, const pipeline::PipelineLimits& queue = {})
      : queued(queue),
        admission(&workers, limits.admission, server::LargestAnswer(limits), [this] { return now.load(); }),
        service(&pipeline, ledger->store(), &admission, log::SystemClock(), {}, limits, {}) {
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

  const pipeline::PipelineLimits queued;
  std::atomic<double> now{0};
  std::promise<void> go_on;
  std::shared_future<void> may = go_on.get_future().share();
  std::unique_ptr<log::Ledger> ledger = [] {
    Need(crypto::Init());
    return Need(NewLedger(store::MakeMemoryStore(), log::SystemClock()));
  }();
  pipeline::Pipeline pipeline{ledger.get(),
                              [may = may] {
                                may.wait();
                                return log::SystemClock()();
                              },
                              queued};
  pipeline::Workers workers{1, 1};
  pipeline::QuestionAdmission admission;
  server::SubmissionService service;
  std::unique_ptr<grpc::Server> grpc;
  int port = 0;
  std::unique_ptr<v1::Submission::Stub> stub;
};

TEST_CASE("a batch for whose answer there is no room is refused before any of it is taken") {
  server::Limits limits;
  limits.answer_bytes = 1;
  limits.batch_entries = 4;
  limits.admission.sending_bytes_per_address = 6 * server::kResultBytes;
  Taking taking(limits);
  auto first = std::async(std::launch::async, [&] { return taking.Batch(1, 4); });
  while (taking.pipeline.counts().queued_entries < 4) std::this_thread::yield();
  const Status full = taking.Batch(5, 4);
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(full) == std::chrono::milliseconds(1'000));
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
  limits.answer_bytes = limits.admission.sending_bytes = limits.admission.sending_bytes_per_address = 1;
  limits.batch_entries = 4;
  Taking taking(limits);
  taking.go_on.set_value();
  CHECK(taking.Batch(1, 4).ok());
}

v1::SubmitRequest Payment(std::uint64_t id) {
  v1::SubmitRequest request;
  request.set_signed_entry(PaymentBytes(id));
  return request;
}

// One call with a message as it is, whatever it is.
struct RawCall {
  explicit RawCall(int port)
      : stub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials())) {}
  Status Submit(const std::string& bytes) { return Call("Submit", bytes); }
  Status Call(const std::string& method, const std::string& bytes) {
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer answer;
    grpc::ClientContext context;
    std::promise<grpc::Status> end;
    stub.UnaryCall(&context, "/fundtrail.v1.Submission/" + method, grpc::StubOptions(), &request, &answer,
                   [&end](const grpc::Status& status) { end.set_value(status); });
    return server::FromGrpc(end.get_future().get());
  }
  grpc::GenericStub stub;
};

// Until so many wait. Whether they do.
bool Queued(const Taking& taking, std::size_t entries) {
  for (int i = 0; i < 1000 && taking.pipeline.counts().queued_entries != entries; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return taking.pipeline.counts().queued_entries == entries;
}

TEST_CASE("a stream is read no further than its window, however much is sent") {
  server::Limits limits;
  limits.stream_window = 8;
  Taking taking(limits);
  grpc::ClientContext context;
  const auto stream = taking.stub->SubmitStream(&context);
  for (std::uint64_t id = 0; id < 80; ++id) REQUIRE(stream->Write(Payment(1'000 + id)));
  CHECK(Queued(taking, 8));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(taking.pipeline.counts().queued_entries == 8);
  taking.go_on.set_value();
  stream->WritesDone();
  v1::SubmitResult result;
  std::uint64_t results = 0;
  for (; stream->Read(&result); ++results) CHECK(result.receipt().record() == 1 + results);
  CHECK(results == 80);
  CHECK(stream->Finish().ok());
}

TEST_CASE(
    "entries of a stream wait for room in the queue, are taken in their order, and give its place back at "
    "the end") {
  pipeline::PipelineLimits queue;
  queue.entries = 3;
  server::Limits limits;
  limits.entry_streams = 1;
  Taking taking(limits, queue);
  grpc::ClientContext context;
  const auto stream = taking.stub->SubmitStream(&context);
  std::thread writer([&] {
    for (std::uint64_t id = 0; id < 400; ++id) stream->Write(Payment(1'000 + id));
    stream->WritesDone();
  });
  CHECK(Queued(taking, 2));  // its share of it
  taking.go_on.set_value();
  v1::SubmitResult result;
  std::uint64_t results = 0, receipts = 0;
  for (; stream->Read(&result); ++results)
    receipts +=
        result.has_receipt() && result.number() == results && result.receipt().record() == 1 + results;
  writer.join();
  CHECK(stream->Finish().ok());
  CHECK(results == 400);
  CHECK(receipts == 400);
  CHECK(taking.pipeline.counts().turned_away == 0);
  bool again = false;  // though it has waited for room, nothing holds it any more
  for (int i = 0; i < 200 && !again; ++i) {
    grpc::ClientContext next_context;
    const auto next = taking.stub->SubmitStream(&next_context);
    next->Write(Payment(1));
    again = next->Read(&result);
    next->WritesDone();
    (void)next->Finish();
    if (!again) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(again);
}

TEST_CASE("who goes away, or whose deadline passes, before the turn comes leaves nothing, by whatever call") {
  Taking taking{server::Limits()};
  v1::Receipt receipt;
  auto first = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    return taking.stub->Submit(&context, Payment(1), &receipt).ok();
  });
  REQUIRE(Queued(taking, 1));
  while (taking.pipeline.counts().decoded_entries < 1) std::this_thread::yield();
  std::this_thread::sleep_for(
      std::chrono::milliseconds(100));  // the sequencer has it, and waits for the clock
  const auto soon = std::chrono::system_clock::now() + std::chrono::milliseconds(300);
  std::array<grpc::ClientContext, 4> contexts;
  contexts[0].set_deadline(soon);
  auto late = std::async(std::launch::async, [&] {
    v1::Receipt none;
    return taking.stub->Submit(&contexts[0], Payment(2), &none).error_code();
  });
  auto gone = std::async(std::launch::async, [&] {
    v1::Receipt none;
    return taking.stub->Submit(&contexts[1], Payment(3), &none).error_code();
  });
  auto batch = std::async(std::launch::async, [&] {
    v1::SubmitBatchRequest request;
    request.add_signed_entries(PaymentBytes(4));
    request.add_signed_entries(PaymentBytes(5));
    v1::SubmitBatchAnswer none;
    return taking.stub->SubmitBatch(&contexts[2], request, &none).error_code();
  });
  const auto stream = taking.stub->SubmitStream(&contexts[3]);
  REQUIRE(stream->Write(Payment(6)));
  REQUIRE(Queued(taking, 6));
  for (std::size_t i = 1; i < 4; ++i) contexts[i].TryCancel();
  CHECK(late.get() == grpc::StatusCode::DEADLINE_EXCEEDED);
  CHECK(gone.get() == grpc::StatusCode::CANCELLED);
  CHECK(batch.get() == grpc::StatusCode::CANCELLED);
  CHECK(stream->Finish().error_code() == grpc::StatusCode::CANCELLED);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // for the server to hear of it
  taking.go_on.set_value();
  CHECK(first.get());
  CHECK(receipt.record() == 1);
  REQUIRE(Queued(taking, 0));
  CHECK(taking.pipeline.counts().cancelled == 5);
  CHECK(taking.pipeline.counts().accepted == 1);
  grpc::ClientContext context;  // and whoever comes again is taken
  CHECK(taking.stub->Submit(&context, Payment(2), &receipt).ok());
  CHECK(receipt.record() == 2);
  CHECK_FALSE(receipt.repeated());
}

TEST_CASE("a stream that takes no results is ended, and one that is slow is not") {
  server::Limits limits;
  limits.page_seconds = 1;
  limits.admission.refusal_burst = 1e9;  // else it would be slowed for what is refused
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

// Sends messages as they are, whatever they are.
struct RawStream {
  explicit RawStream(int port)
      : stub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials())),
        stream(stub.PrepareCall(&context, "/fundtrail.v1.Submission/SubmitStream", &queue)) {
    stream->StartCall(this);
    Await();
  }
  ~RawStream() {
    queue.Shutdown();
    void* tag = nullptr;
    for (bool ok = false; queue.Next(&tag, &ok);) {
    }
  }
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  }
  bool Write(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    stream->Write(grpc::ByteBuffer(&slice, 1), this);
    return Await();
  }
  bool Read(v1::SubmitResult* result) {
    grpc::ByteBuffer bytes;
    stream->Read(&bytes, this);
    return Await() && grpc::SerializationTraits<v1::SubmitResult>::Deserialize(&bytes, result).ok();
  }
  Status Finish() {
    grpc::Status end;
    stream->Finish(&end, this);
    Await();
    return server::FromGrpc(end);
  }
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  grpc::GenericStub stub;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream;
};

TEST_CASE("a message of a stream that is none ends it in words, after the results of those before it") {
  Taking taking{server::Limits()};
  taking.go_on.set_value();
  RawStream raw(taking.port);
  REQUIRE(raw.Write(Payment(1).SerializeAsString()));
  REQUIRE(raw.Write("\x0a\xff"));
  v1::SubmitResult result;
  REQUIRE(raw.Read(&result));
  CHECK(result.receipt().record() == 1);
  CHECK_FALSE(raw.Read(&result));
  const Status end = raw.Finish();
  CHECK(end.code() == absl::StatusCode::kInvalidArgument);
  CHECK(model::RefusalOf(end)->code() == v1::REFUSAL_CODE_MALFORMED);
  CHECK(model::RefusalOf(end)->sentence().find("message 1 is not a SubmitRequest") != std::string::npos);
  CHECK(taking.pipeline.counts().accepted == 1);
}

TEST_CASE("a stream on which no entry comes is ended, and one whose entry waits for long is not") {
  server::Limits limits;
  limits.stream_idle_seconds = 1;
  Taking taking(limits);
  grpc::ClientContext context, silent_context;
  const auto stream = taking.stub->SubmitStream(&context);
  REQUIRE(stream->Write(Payment(1)));
  const auto silent = taking.stub->SubmitStream(&silent_context);
  v1::SubmitResult result;
  CHECK_FALSE(silent->Read(&result));
  const grpc::Status end = silent->Finish();
  CHECK(end.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  CHECK(end.error_message() == "no entry came for 1 s");
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  taking.go_on.set_value();
  REQUIRE(stream->Read(&result));
  CHECK(result.has_receipt());
  CHECK_FALSE(stream->Read(&result));  // and then it is idle, too
  CHECK(stream->Finish().error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_CASE("an address that owes for what was refused is turned away unread, for longer and longer") {
  server::Limits limits;
  limits.admission.refusals_per_second = 10;
  limits.admission.refusal_burst = 5;
  Taking taking(limits);
  taking.go_on.set_value();
  v1::SubmitBatchRequest rubbish;
  for (int i = 0; i < 8; ++i) rubbish.add_signed_entries("rubbish");
  const auto batch = [&](const v1::SubmitBatchRequest& request) {
    v1::SubmitBatchAnswer answer;
    grpc::ClientContext context;
    return server::FromGrpc(taking.stub->SubmitBatch(&context, request, &answer));
  };
  const auto one = [&](std::uint64_t id) {
    v1::Receipt receipt;
    grpc::ClientContext context;
    return server::FromGrpc(taking.stub->Submit(&context, Payment(id), &receipt));
  };
  using pipeline::RetryDelay;
  using std::chrono::milliseconds;
  CHECK(taking.Batch(1, 8).ok());  // what is accepted costs nothing
  CHECK(taking.Batch(1, 8).ok());  // nor does what was accepted before
  CHECK(batch(rubbish).ok());      // 8 of 5 are refused: 3 are owed
  CHECK(pipeline::RetryDelay(one(9)) == milliseconds(400));
  CHECK(pipeline::RetryDelay(taking.Batch(9, 2)) == milliseconds(500));
  CHECK(pipeline::RetryDelay(batch(rubbish)) == milliseconds(600));
  RawCall raw(taking.port);
  CHECK(pipeline::RetryDelay(raw.Submit("\x0a\xff")) == milliseconds(700));  // nobody has looked into it
  grpc::ClientContext context;
  const auto stream = taking.stub->SubmitStream(&context);
  v1::SubmitResult result;
  CHECK_FALSE(stream->Read(&result));
  CHECK(pipeline::RetryDelay(server::FromGrpc(stream->Finish())) == milliseconds(800));
  const auto start = std::chrono::steady_clock::now();
  CHECK(pipeline::RetryDelay(one(9)) == milliseconds(900));  // and it has waited so long for that
  CHECK(std::chrono::steady_clock::now() - start >= milliseconds(800));
  taking.now = 1;
  CHECK(one(9).ok());
  CHECK(taking.pipeline.counts().accepted == 9);
  CHECK(taking.pipeline.counts().refused == 8);
  CHECK(taking.service.not_taken() == server::NotTaken{0, 6, 0, 0, 0});
}

TEST_CASE("a stream whose entries are refused goes on as fast as its address may have them refused") {
  server::Limits limits;
  limits.admission.refusals_per_second = 50;
  limits.admission.refusal_burst = 5;
  limits.stream_window = 4;  // so many may be on their way before the first is refused
  Taking taking(limits);
  taking.go_on.set_value();
  grpc::ClientContext context;
  const auto stream = taking.stub->SubmitStream(&context);
  std::thread writer([&] {
    v1::SubmitRequest request;
    request.set_signed_entry("rubbish");
    for (int i = 0; i < 40; ++i) stream->Write(request);
    stream->WritesDone();
  });
  std::thread time([&] {  // half as fast as real
    for (int i = 0; i < 400; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      taking.now = taking.now + 0.005;
    }
  });
  v1::SubmitResult result;
  int refused = 0;
  const auto start = std::chrono::steady_clock::now();
  while (stream->Read(&result)) refused += result.has_error() ? 1 : 0;
  writer.join();
  CHECK(stream->Finish().ok());  // it waits, and is not ended
  CHECK(refused == 40);
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(500));
  time.join();
}

TEST_CASE("a call whose message is none, or has too many entries, is refused in words, counted and charged") {
  server::Limits limits;
  limits.batch_entries = 2;
  limits.admission.refusals_per_second = 1;
  limits.admission.refusal_burst = 100;
  Taking taking(limits);
  taking.go_on.set_value();
  for (const char* method : {"Submit", "SubmitBatch"}) {
    RawCall raw(taking.port);
    const Status end = raw.Call(method, "\x0a\xff");
    CHECK(end.code() == absl::StatusCode::kInvalidArgument);
    REQUIRE(model::RefusalOf(end).has_value());
    CHECK(model::RefusalOf(end)->code() == v1::REFUSAL_CODE_MALFORMED);
    CHECK(model::RefusalOf(end)->sentence().find("this is not a message of type Submit") !=
          std::string::npos);
  }
  CHECK(taking.Batch(1, 3).code() == absl::StatusCode::kInvalidArgument);
  CHECK(taking.Batch(1, 0).code() == absl::StatusCode::kInvalidArgument);
  CHECK(taking.service.not_taken() == server::NotTaken{0, 0, 0, 0, 4});
  CHECK(taking.Batch(1, 2).ok());
  RawCall large(taking.port);
  CHECK(large.Call("SubmitBatch", std::string(1'000'000, 'x')).code() == absl::StatusCode::kInvalidArgument);
  CHECK(pipeline::RetryDelay(taking.Batch(1, 2)) >
        std::chrono::seconds(9));  // as many as its bytes are worth
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
  CHECK(pipeline::RetryDelay(full).has_value());
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
