// A scenario for every status that docs/services.md lists, as a client over the network gets it. UNAVAILABLE is in
// hard_times_test.cc.
#include "server/status.h"

#include <mutex>
#include <thread>

#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/pipeline/retry.h"
#include "ledger/store/rocks.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using grpc::StatusCode;

struct Client {
  explicit Client(const std::string& address)
      : submission(v1::Submission::NewStub(OwnChannel(address))),
        ledger(v1::Ledger::NewStub(OwnChannel(address))) {}

  grpc::Status Submit(const std::string& bytes) const {
    v1::SubmitRequest request;
    request.set_signed_entry(bytes);
    v1::Receipt receipt;
    grpc::ClientContext context;
    return submission->Submit(&context, request, &receipt);
  }
  grpc::Status Show(std::uint64_t record) const {
    v1::ShowRequest request;
    request.mutable_ref()->set_record(record);
    v1::ShowAnswer answer;
    grpc::ClientContext context;
    return ledger->Show(&context, request, &answer);
  }
  std::unique_ptr<v1::Submission::Stub> submission;
  std::unique_ptr<v1::Ledger::Stub> ledger;
};

// The refusal's code and field, as "CODE field".
std::string Refused(const grpc::Status& status) {
  const auto refusal = model::RefusalOf(server::FromGrpc(status));
  return refusal.has_value() ? model::WordOf(refusal->code()) + " " + refusal->field() : "no refusal";
}

TEST_CASE("each status of writing: the code, and in the details which rule and which field") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  Daemon daemon(desk);
  const Client client(daemon.address());
  const auto status = [&](const std::string& bytes, StatusCode code, const std::string& refused) {
    const grpc::Status got = client.Submit(bytes);
    INFO(got.error_message());
    CHECK(got.error_code() == code);
    CHECK(Refused(got) == refused);
  };
  status("rubbish", StatusCode::INVALID_ARGUMENT, "MALFORMED ");
  status(Signed(key, 1, Payment("nobody", "hub", 1)), StatusCode::NOT_FOUND,
         "REFERENCE_UNKNOWN actions[0].transfer.from");
  CHECK(client.Submit(Signed(key, 2, Payment("donor", "hub", 1))).ok());
  status(Signed(key, 2, Payment("donor", "hub", 2)), StatusCode::ALREADY_EXISTS, "ID_REUSED id");
  const auto stranger = crypto::SigningKey::FromSeed(Bytes(32, 's'));
  REQUIRE(stranger.ok());
  status(Signed(*stranger, 3, Payment("donor", "hub", 1)), StatusCode::PERMISSION_DENIED,
         "KEY_NOT_AUTHORISED author");
  status(Signed(key, 4, Payment("hub", "village", 99)), StatusCode::FAILED_PRECONDITION,
         "INSUFFICIENT_FUNDS actions[0].transfer.amount");
  status(std::string(70'000, 'x'), StatusCode::OUT_OF_RANGE, "RECORD_TOO_LARGE ");
}

TEST_CASE("each status of asking") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  const Client client(daemon.address());
  CHECK(client.Show(3).ok());
  CHECK(client.Show(99).error_code() == StatusCode::NOT_FOUND);
  {
    v1::TraceRequest request;
    request.set_party("donor");  // which way?
    v1::TraceAnswer answer;
    grpc::ClientContext context;
    CHECK(client.ledger->Trace(&context, request, &answer).error_code() == StatusCode::INVALID_ARGUMENT);
  }
  {
    v1::BalanceRequest request;
    request.set_party("hub");
    request.set_record(1'000);
    v1::BalanceAnswer answer;
    grpc::ClientContext context;
    CHECK(client.ledger->Balance(&context, request, &answer).error_code() == StatusCode::OUT_OF_RANGE);
  }
  // Those of clients that go or have a deadline: tests/server/question_admission_test.cc and submission_test.cc, where the call is known to
  // have come to the server before.
}

TEST_CASE("a queue without room is RESOURCE_EXHAUSTED at once, and says when to come again") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  desk.write("c.toml", "listen = \"127.0.0.1:0\"\n[queue]\nentries = 3\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  const auto send = [&](int entries) {
    v1::SubmitBatchRequest batch;
    for (int i = 0; i < entries; ++i) batch.add_signed_entries(Signed(key, 1, Payment("donor", "hub", 1)));
    v1::SubmitBatchAnswer answer;
    grpc::ClientContext context;
    return v1::Submission::NewStub(OwnChannel(daemon.address()))->SubmitBatch(&context, batch, &answer);
  };
  CHECK(send(3).ok());
  const auto never = send(4);  // however often it is sent
  CHECK(never.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK_THAT(never.error_message(), Contains("the queue never holds more than 3 entries"));
  CHECK_FALSE(pipeline::RetryDelay(server::FromGrpc(never)).has_value());
  // From many sides at once.
  std::mutex mutex;
  std::map<int, grpc::Status> seen;  // by code
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const grpc::Status status = send(3);
        const std::lock_guard lock(mutex);
        seen.emplace(status.error_code(), status);
      }
    });
  }
  for (auto& client : clients) client.join();
  CHECK(seen.size() == 2);
  CHECK(seen.count(StatusCode::OK) == 1);
  REQUIRE(seen.count(StatusCode::RESOURCE_EXHAUSTED) == 1);
  const auto full = seen[StatusCode::RESOURCE_EXHAUSTED];
  CHECK_THAT(full.error_message(), Contains("send it again in a moment"));
  CHECK(pipeline::RetryDelay(server::FromGrpc(full)).has_value());
}

// A server that has no room for the first entry.
struct Full final : v1::Submission::Service {
  grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest*, v1::Receipt* receipt) override {
    calls.push_back(std::chrono::steady_clock::now());
    receipt->set_record(7);
    if (calls.size() > 1) return grpc::Status::OK;
    return server::ToGrpc(pipeline::AgainIn(std::chrono::milliseconds(1'500), "full"));
  }
  std::vector<std::chrono::steady_clock::time_point> calls;  // one at a time
};
struct Named final : v1::Ledger::Service {
  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::CheckpointRequest*,
                             v1::CheckpointAnswer* answer) override {
    answer->mutable_as_of()->set_ledger("example.org/l");
    return grpc::Status::OK;
  }
};

TEST_CASE("the command line waits as long as it is asked to, and does not send again what is too large") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("e.json", R"({"actions":[{"transfer":{"from":"donor","to":"hub","fund":"winter","asset":"CNY",
    "amount":"100","kind":"DONATION"}}]})");
  const std::string pay = " submit e.json --key clerk --as root";
  SECTION("it waits") {
    Full full;
    Named named;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&full);
    builder.RegisterService(&named);
    const auto served = builder.BuildAndStart();
    const auto ran = desk.Run("--server 127.0.0.1:" + std::to_string(port) + pay);
    INFO(ran.err);
    CHECK(ran.exit == 0);
    REQUIRE(full.calls.size() == 2);
    CHECK(full.calls[1] - full.calls[0] >= std::chrono::milliseconds(1'500));
  }
  SECTION("it gives up at once") {
    desk.write("c.toml", "listen = \"127.0.0.1:0\"\n[limits]\nrequest_bytes = 100\n");
    Daemon daemon(desk, {"--config", desk.path("c.toml")});
    const auto start = std::chrono::steady_clock::now();
    const auto ran = desk.Run("--server " + daemon.address() + pay);
    INFO(ran.err);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("larger than max"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  }
}

TEST_CASE("an answer that takes too long is ended") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  desk.write("c.toml", "listen = \"127.0.0.1:0\"\n[limits]\nquestion_seconds = 0.000001\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  const Client client(daemon.address());
  // Many payments one by one, so that an answer has to look at the clock.
  for (std::uint64_t id = 10; id < 310; ++id)
    REQUIRE(client.Submit(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id)))).ok());
  v1::BalanceRequest balance;
  balance.set_party("hub");
  v1::BalanceAnswer answer;
  grpc::ClientContext single, paged;
  v1::StatementRequest statement;
  statement.set_party("hub");
  const auto pages = client.ledger->Statement(&paged, statement);
  for (v1::StatementAnswer page; pages->Read(&page);) {
  }
  for (const grpc::Status& slow : {client.ledger->Balance(&single, balance, &answer), pages->Finish()}) {
    CHECK(slow.error_code() == StatusCode::DEADLINE_EXCEEDED);
    CHECK_THAT(slow.error_message(), Contains("ask by fund, by period or with a limit"));
  }
}

TEST_CASE("a damaged ledger is DATA_LOSS, and the rest of it is still shown") {
  const Desk desk;
  desk.MakeLedger();
  {
    auto rows = store::OpenRocks(desk.path("l/store"), store::Access::kWrite);
    REQUIRE(rows.ok());
    REQUIRE((*rows)->Write({{model::keys::Record(RecordIndex(3)), Bytes("rubbish")}}).ok());
  }
  Daemon daemon(desk);
  const Client client(daemon.address());
  CHECK(client.Show(3).error_code() == StatusCode::DATA_LOSS);
  CHECK(client.Show(2).ok());
}

}  // namespace
}  // namespace fundtrail::testing
