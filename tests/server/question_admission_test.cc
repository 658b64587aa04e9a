// What questions go through, with real calls over a real port: what became of each is counted once.
#include "ledger/pipeline/question_admission.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ledger/pipeline/retry.h"
#include "ledger/store/memory.h"
#include "server/faults.h"
#include "server/grpc_caller.h"
#include "server/services.h"
#include "server/status.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {
namespace {

pipeline::Rate::Seconds Still() {
  return [] { return 0.0; };
}

// A ledger that answers questions on one thread, with one place to wait in.
struct Asked {
  explicit Asked(const server::Limits& limits = {}, std::size_t waiting = 1,
                 const pipeline::Rate::Seconds& now = Still())
      : workers(1, waiting),
        admission(&workers, limits.admission, server::LargestAnswer(limits), now),
        service(ledger->store(), published, &admission, limits),
        submission(nullptr, ledger->store(), &admission, log::SystemClock(), {}, limits, {}) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    builder.RegisterService(&submission);
    grpc = builder.BuildAndStart();
    REQUIRE(grpc != nullptr);
    const auto channel =
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials());
    stub = v1::Ledger::NewStub(channel);
    try_stub = v1::Submission::NewStub(channel);
  }
  ~Asked() {
    grpc->Shutdown();
    workers.Stop();
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
  Status Parties(const std::string& after = "") const {
    grpc::ClientContext context;
    v1::RegistersRequest request;
    request.set_register_("party");
    request.set_after(after);
    const auto reader = stub->Registers(&context, request);
    for (v1::RegistersAnswer page; reader->Read(&page);) {
    }
    return server::FromGrpc(reader->Finish());
  }
  Status Try(const Bytes& entry) const {
    grpc::ClientContext context;
    v1::SubmitRequest request;
    request.set_signed_entry(entry);
    v1::Record record;
    return server::FromGrpc(try_stub->Try(&context, request, &record));
  }
  // Answered, failed, turned away.
  std::vector<std::uint64_t> counts() const {
    return {admission.answered(), admission.failed(), admission.turned_away()};
  }

  std::unique_ptr<log::Ledger> ledger = [] {
    Need(crypto::Init());
    return Need(NewLedger(store::MakeMemoryStore(), log::SystemClock()));
  }();
  pipeline::Workers workers;
  pipeline::QuestionAdmission admission;
  witness::PublishedCheckpoint published;
  server::LedgerService service;
  server::SubmissionService submission;
  std::unique_ptr<grpc::Server> grpc;
  int port = 0;
  std::unique_ptr<v1::Ledger::Stub> stub;
  std::unique_ptr<v1::Submission::Stub> try_stub;
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
  explicit Busy(pipeline::Workers* workers, int behind = 1) {
    const auto open = gate.get_future().share();
    REQUIRE(workers->Start("other", [open] { open.wait(); }).ok());
    while (behind == 0 && workers->waiting() > 0) std::this_thread::yield();
    while (behind > 0 && !workers->Start("another", [] {}).ok())
      std::this_thread::yield();  // until the thread has taken the first
  }
  std::promise<void> gate;
};

TEST_CASE("what a full queue has turned away is counted so, and is told when to come again") {
  Asked asked;
  Busy busy(&asked.workers);
  for (const Status& full : {asked.Checkpoint(), asked.List()}) {
    CHECK(full.code() == absl::StatusCode::kResourceExhausted);
    CHECK(pipeline::RetryDelay(full).has_value());
  }
  CHECK(asked.counts() == Counts{0, 0, 2});
  busy.gate.set_value();
}

TEST_CASE("an address that asks too often is turned away, whatever it asks") {
  server::Limits limits;
  limits.admission.question_burst = 2;
  const Asked asked(limits);
  CHECK(asked.Checkpoint().ok());
  CHECK(asked.List().ok());
  for (const Status& often : {asked.Checkpoint(), asked.List()}) {
    CHECK(often.code() == absl::StatusCode::kResourceExhausted);
    CHECK(pipeline::RetryDelay(often) == std::chrono::milliseconds(5));  // 200 questions a second
  }
  CHECK(asked.counts() == Counts{2, 0, 2});
}

TEST_CASE("an answer that is too large is ended with the bound, and would not be smaller in a moment") {
  server::Limits limits;
  limits.answer_bytes = 100;
  const Asked asked(limits);
  grpc::ClientContext context;
  v1::ShowAnswer answer;
  for (const Status& large :
       {server::FromGrpc(asked.stub->Show(&context, {}, &answer)), asked.Checkpoint()}) {
    CHECK(large.code() == absl::StatusCode::kResourceExhausted);
    CHECK(std::string(large.message()).find("more than 100 bytes") != std::string::npos);
    CHECK_FALSE(pipeline::RetryDelay(large).has_value());
  }
  CHECK(asked.counts() == Counts{0, 2, 0});
  CHECK(asked.Parties().ok());  // pages have a bound of their own
  CHECK(asked.counts() == Counts{1, 2, 0});
  CHECK(asked.Parties("of nothing").code() == absl::StatusCode::kInvalidArgument);
  CHECK(asked.counts() == Counts{1, 3, 0});
}

TEST_CASE("a question that takes much memory is refused, whatever it is made of") {
  const Asked asked;
  const auto show = [&](const std::string& id) {
    grpc::ClientContext context;
    v1::BalanceRequest request;
    request.set_party(id);
    v1::BalanceAnswer answer;
    return server::FromGrpc(asked.stub->Balance(&context, request, &answer));
  };
  CHECK(show(std::string(100'000, 'x')).code() == absl::StatusCode::kInvalidArgument);
  // A name of any length that is not there is told so, in few words: they travel in headers.
  const Status unknown = show(std::string(20'000, 'x'));
  CHECK(unknown.code() == absl::StatusCode::kNotFound);
  CHECK(unknown.message().size() < 1'100);
  grpc::ClientContext context;
  v1::CheckpointRequest odd;
  for (int i = 0; i < 2'000; ++i) odd.GetReflection()->MutableUnknownFields(&odd)->AddGroup(15);
  v1::CheckpointAnswer answer;
  CHECK(asked.stub->GetCheckpoint(&context, odd, &answer).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(asked.Checkpoint().ok());
}

TEST_CASE("needs are sorted, before their first page, within the time and the memory of one answer") {
  constexpr int kNeeds = 300;
  const auto sorted = [](const server::Limits& limits) {
    const auto looks = std::make_shared<std::atomic<int>>(0);
    const Asked asked(limits, 1,
                      [looks] { return 0.5 * (*looks)++; });  // each look at the clock takes half a second
    std::vector<v1::Action> actions{Place("cn"), Category("NUT")};
    for (int i = 0; i < kNeeds; ++i) actions.push_back(NeedAt(absl::StrCat("n", i), "ministry", "cn"));
    Need(asked.ledger->AppendOne(SignedBytes(Entry("root", 1, actions), {1}), log::SystemClock()).status());
    grpc::ClientContext context;
    v1::NeedsRequest request;
    request.set_unverified(true);
    const auto reader = asked.stub->Needs(&context, request);
    int needs = 0;
    for (v1::NeedsAnswer page; reader->Read(&page);) needs += page.lines_size();
    const Status end = server::FromGrpc(reader->Finish());
    CHECK(needs == (end.ok() ? kNeeds : 0));
    return end;
  };
  server::Limits limits;
  limits.question_seconds = 1'000;
  CHECK(sorted(limits).ok());
  limits.answer_bytes = 20'000;  // of a need about a hundred
  const Status much = sorted(limits);
  CHECK(much.code() == absl::StatusCode::kResourceExhausted);
  CHECK(std::string(much.message()).find("more than 20000 bytes would be kept") != std::string::npos);
  CHECK_FALSE(pipeline::RetryDelay(much).has_value());
  limits = server::Limits();
  limits.question_seconds = 1;  // and a hundred for all pages
  const Status late = sorted(limits);
  CHECK(late.code() == absl::StatusCode::kDeadlineExceeded);
  CHECK(std::string(late.message()).find("more than 1 s") != std::string::npos);
}

TEST_CASE("dry runs count as questions, and a large one as several") {
  server::Limits limits;
  limits.admission.question_burst = 10;
  const Asked asked(limits);
  CHECK(asked.Try(PaymentBytes(1)).ok());                                             // 1 and a bit
  CHECK(asked.Try(Bytes(20'480, 'x')).code() == absl::StatusCode::kInvalidArgument);  // 6
  const Status often = asked.Try(Bytes(20'480, 'x'));
  CHECK(often.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(often).has_value());
  CHECK(asked.Checkpoint().ok());  // for which there is room
  CHECK(asked.counts() == Counts{2, 1, 1});
}

// A question that says when it is worked on.
struct Told final : v1::Ledger::CallbackService {
  explicit Told(pipeline::QuestionAdmission* through) : admission(*through) {}
  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context, const v1::CheckpointRequest*,
                                          v1::CheckpointAnswer* answer) override {
    return server::AnswerCall(&admission, context, page_seconds, 1,
                              [this, answer]() -> StatusOr<std::size_t> {
                                ++worked_on;
                                answer->mutable_as_of()->set_note(note);
                                return answer->ByteSizeLong();
                              });
  }
  pipeline::QuestionAdmission& admission;
  std::string note;
  double page_seconds = 60;
  std::atomic<int> worked_on{0};
};

TEST_CASE("a question whose client has gone when its turn comes is not worked on") {
  pipeline::Workers workers(1, 16);
  pipeline::QuestionAdmission admission(&workers, {}, 0, Still());
  Told told(&admission);
  grpc::ServerBuilder builder;
  builder.RegisterService(&told);
  const auto served = builder.BuildAndStart();
  const auto stub = v1::Ledger::NewStub(served->InProcessChannel({}));
  std::promise<void> busy;
  REQUIRE(workers.Start("other", [open = busy.get_future().share()] { open.wait(); }).ok());
  v1::CheckpointAnswer answer;
  {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
    CHECK(stub->GetCheckpoint(&context, {}, &answer).error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  busy.set_value();
  grpc::ClientContext context;
  CHECK(stub->GetCheckpoint(&context, {}, &answer).ok());  // behind it
  CHECK(told.worked_on == 1);
  CHECK(admission.failed() == 1);
  CHECK(admission.answered() == 1);
  served->Shutdown();
  workers.Stop();
}

// Works until it may not go on.
struct Endless final : v1::Ledger::CallbackService {
  explicit Endless(pipeline::QuestionAdmission* through) : admission(*through) {}
  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context, const v1::CheckpointRequest*,
                                          v1::CheckpointAnswer*) override {
    return server::AnswerCall(&admission, context, 60, 1, [this, context]() -> StatusOr<std::size_t> {
      const auto go_on = admission.GoOn([context] { return context->IsCancelled(); }, 60, 256);
      begun = true;
      while (true) FT_RETURN_IF_ERROR(go_on());
    });
  }
  pipeline::QuestionAdmission& admission;
  std::atomic<bool> begun{false};
};

TEST_CASE("a question that is worked on ends soon when its client goes, and its thread and place are free") {
  pipeline::Workers workers(1, 4);
  pipeline::QuestionAdmission admission(&workers, {}, 0, Still());
  Endless endless(&admission);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&endless);
  const auto served = builder.BuildAndStart();
  const auto stub = v1::Ledger::NewStub(
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  auto asked = std::async(std::launch::async, [&] {
    v1::CheckpointAnswer answer;
    return stub->GetCheckpoint(&context, {}, &answer).error_code();
  });
  while (!endless.begun) std::this_thread::yield();
  context.TryCancel();
  CHECK(asked.get() == grpc::StatusCode::CANCELLED);
  std::promise<void> next;
  REQUIRE(workers.Start("other", [&] { next.set_value(); }).ok());
  CHECK(next.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  CHECK(admission.failed() == 1);
  served->Shutdown();
  workers.Stop();
}

// Runs into a fault of the program.
struct Throwing final : v1::Ledger::CallbackService {
  explicit Throwing(pipeline::QuestionAdmission* through) : admission(*through) {}
  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context, const v1::CheckpointRequest*,
                                          v1::CheckpointAnswer*) override {
    return server::AnswerCall(&admission, context, 60, 1, []() -> StatusOr<std::size_t> {
      throw std::out_of_range("basic_string::substr");
    });
  }
  pipeline::QuestionAdmission& admission;
};

TEST_CASE("a question that throws ends INTERNAL, is said once, and the next is answered") {
  std::vector<std::string> said;
  server::Faults faults([&](const Status& fault) { said.emplace_back(fault.message()); });
  pipeline::Workers workers(1, 16);
  pipeline::QuestionAdmission admission(&workers, {}, 0, Still(),
                                        [&](const Status& fault) { faults.Tell(fault); });
  Throwing throwing(&admission);
  grpc::ServerBuilder builder;
  builder.RegisterService(&throwing);
  const auto served = builder.BuildAndStart();
  const auto stub = v1::Ledger::NewStub(served->InProcessChannel({}));
  for (int i = 0; i < 3; ++i) {
    v1::CheckpointAnswer answer;
    grpc::ClientContext context;
    const grpc::Status end = stub->GetCheckpoint(&context, {}, &answer);
    CHECK(end.error_code() == grpc::StatusCode::INTERNAL);
    CHECK(end.error_message().find("basic_string::substr") != std::string::npos);
  }
  CHECK(said.size() == 1);
  CHECK(faults.count() == 3);
  faults.Tell(absl::InternalError("another"));
  CHECK(said.size() == 2);
  CHECK(admission.failed() == 3);
  served->Shutdown();
  workers.Stop();
}

TEST_CASE(
    "when the room to wait in is full, whoever has most in it is turned away, by both kinds of questions") {
  Asked asked(server::Limits(), 8);
  Busy busy(&asked.workers, 0);
  std::vector<std::future<Status>> waiting;  // of this address, as many as one may have
  waiting.push_back(std::async(std::launch::async, [&] { return asked.Checkpoint(); }));
  waiting.push_back(std::async(std::launch::async, [&] { return asked.List(); }));
  const auto turned_away = [&] { return asked.admission.turned_away(); };
  std::uint64_t full = 0;
  for (int i = 0; i < 400 && full < 1; ++i) {  // until they wait
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (asked.workers.waiting() == 2) full = 1;
  }
  REQUIRE(full == 1);
  for (const char* address : {"b", "c", "d"})
    for (int i = 0; i < 2; ++i) REQUIRE(asked.workers.Start(address, [] {}).ok());
  CHECK(asked.workers.Start("e", [] {}).ok());
  for (int i = 0; i < 400 && turned_away() < 1; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(turned_away() == 1);
  CHECK(asked.workers.waiting() == 8);
  busy.gate.set_value();
  int again = 0;
  for (auto& one : waiting) again += pipeline::RetryDelay(one.get()).has_value() ? 1 : 0;
  CHECK(again == 1);
}

TEST_CASE("answers that nobody takes are bounded in bytes and in time") {
  server::Limits limits;
  limits.answer_bytes = 1;
  limits.admission.sending_bytes_per_address = 50'000'000;
  limits.page_seconds = 1;
  pipeline::Workers workers(1, 16);
  pipeline::QuestionAdmission admission(&workers, limits.admission, server::LargestAnswer(limits), Still());
  Told told(&admission);
  told.page_seconds = limits.page_seconds;
  told.note = std::string(20'000'000, 'x');  // more than a connection takes unread
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(&told);
  const auto served = builder.BuildAndStart();
  const auto connect = [&] {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
    return v1::Ledger::NewStub(grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port),
                                                         grpc::InsecureChannelCredentials(), arguments));
  };
  const auto stub = connect(), idle = connect();
  const auto ask = [&] {
    grpc::ClientContext context;
    v1::CheckpointAnswer answer;
    return server::FromGrpc(stub->GetCheckpoint(&context, {}, &answer));
  };
  grpc::CompletionQueue queue;
  std::array<grpc::ClientContext, 2> contexts;
  std::vector<std::unique_ptr<grpc::ClientAsyncResponseReader<v1::CheckpointAnswer>>> held;
  for (auto& context : contexts) {
    held.push_back(idle->AsyncGetCheckpoint(&context, {}, &queue));
    held.back()->ReadInitialMetadata(nullptr);  // sends the question, and takes nothing of the answer
  }
  for (int i = 0; i < 1000 && admission.answered() < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Status full = ask();
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(full) == std::chrono::milliseconds(1'000));
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  CHECK(ask().ok());  // their time is over
  CHECK(ask().ok());  // and what is taken makes room
  std::array<v1::CheckpointAnswer, 2> answers;
  std::array<grpc::Status, 2> ends;
  for (std::size_t i = 0; i < 2; ++i) held[i]->Finish(&answers[i], &ends[i], nullptr);
  void* tag = nullptr;
  bool ok = false;
  for (int i = 0; i < 4; ++i) queue.Next(&tag, &ok);
  for (const auto& end : ends) CHECK(end.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  served->Shutdown();
  workers.Stop();
}

}  // namespace
}  // namespace fundtrail::testing
