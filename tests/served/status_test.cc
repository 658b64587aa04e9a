// A scenario for every status that docs/services.md lists, as a client over the network gets it. UNAVAILABLE is in
// hard_times_test.cc.
#include "server/status.h"

#include <thread>

#include "ledger/model/keys.h"
#include "ledger/model/refusal.h"
#include "ledger/store/rocks.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"

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
  return refusal.has_value() ? v1::RefusalCode_Name(refusal->code()) + " " + refusal->field() : "no refusal";
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
         "PARTY_UNKNOWN actions[0].transfer.from");
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
  grpc::ClientContext late, gone;
  late.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  gone.TryCancel();
  v1::CheckpointAnswer answer;
  CHECK(client.ledger->GetCheckpoint(&late, {}, &answer).error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK(client.ledger->GetCheckpoint(&gone, {}, &answer).error_code() == StatusCode::CANCELLED);
}

TEST_CASE("a queue without room is RESOURCE_EXHAUSTED at once, and an answer that takes too long is ended") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  desk.write("c.toml",
             "listen = \"127.0.0.1:0\"\n[limits]\nquestion_seconds = 0.000001\n[queue]\nentries = 3\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  const Client client(daemon.address());
  v1::SubmitBatchRequest batch;
  for (std::uint64_t id = 1; id <= 4; ++id)
    batch.add_signed_entries(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
  v1::SubmitBatchAnswer answer;
  grpc::ClientContext full;
  const auto refused = client.submission->SubmitBatch(&full, batch, &answer);
  CHECK(refused.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  CHECK(Has(refused.error_message(), "send it again in a moment"));
  // Many payments one by one, so that a statement has to look at the clock.
  for (std::uint64_t id = 10; id < 310; ++id)
    REQUIRE(client.Submit(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id)))).ok());
  v1::StatementRequest request;
  request.set_party("hub");
  v1::StatementAnswer statement;
  grpc::ClientContext context;
  const auto slow = client.ledger->Statement(&context, request, &statement);
  CHECK(slow.error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK(Has(slow.error_message(), "ask by fund, by period or with a limit"));
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
