// Servers that are nobody's friend: a process that does what no fundtraild does, asked for its records by `clone`.
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Pages = std::function<void(grpc::ServerContext*, grpc::ServerWriter<v1::RecordsAnswer>*)>;

// Shows the checkpoint `note`, and records as `pages` has them.
class Hostile final : public v1::Ledger::Service {
 public:
  Hostile(std::string note, Pages pages) : note_(std::move(note)), pages_(std::move(pages)) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Hostile() override { server_->Shutdown(std::chrono::system_clock::now()); }

  const std::string& address() const { return address_; }

  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::CheckpointRequest*,
                             v1::CheckpointAnswer* answer) override {
    answer->mutable_as_of()->set_note(note_);
    return grpc::Status::OK;
  }
  grpc::Status Records(grpc::ServerContext* context, const v1::RecordsRequest*,
                       grpc::ServerWriter<v1::RecordsAnswer>* writer) override {
    pages_(context, writer);
    return grpc::Status::OK;
  }
  // Of assets there is no end.
  grpc::Status Registers(grpc::ServerContext* context, const v1::RegistersRequest*,
                         grpc::ServerWriter<v1::RegistersAnswer>* writer) override {
    v1::RegistersAnswer page;
    page.add_lines()->mutable_action()->mutable_declare_asset()->set_name(std::string(1 << 20, 'x'));
    while (!context->IsCancelled()) writer->Write(page);
    return grpc::Status::OK;
  }

 private:
  const std::string note_;
  const Pages pages_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

Ran CloneOf(const Desk& desk, const Hostile& server) {
  return desk.Run("clone " + server.address() + " copy --vkey " + VkeyOf(desk));
}

v1::RecordsAnswer EmptyRecords(int count) {
  v1::RecordsAnswer page;
  for (int i = 0; i < count; ++i) page.add_records();
  return page;
}

TEST_CASE("a page of more records than there may be is refused before memory is spent on them") {
  const Desk desk;
  desk.MakeLedger();
  const std::string note = desk.Run("--ledger l checkpoint").out;
  SECTION("two million empty ones, in 4 MB") {
    const Hostile server(note, [](auto*, auto* writer) { writer->Write(EmptyRecords(2'000'000)); });
    const auto ran = CloneOf(desk, server);
    INFO(ran.err);
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.err, Contains("the server gives 2000000 records at a time, more than there may be"));
  }
  SECTION("one more than the checkpoint counts") {
    const Hostile server(note, [](auto*, auto* writer) { writer->Write(EmptyRecords(8)); });
    CHECK_THAT(CloneOf(desk, server).err, Contains("the server gives 8 records at a time"));
  }
  SECTION("a message of more bytes is not taken at all") {
    const Hostile server(note, [](auto*, auto* writer) { writer->Write(EmptyRecords(3'000'000)); });
    const auto ran = CloneOf(desk, server);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("larger than max"));
  }
}

TEST_CASE("a server that goes silent behind a bad record is not waited for") {
  const Desk desk;
  desk.MakeLedger();
  const Hostile server(desk.Run("--ledger l checkpoint").out, [](auto* context, auto* writer) {
    writer->Write(EmptyRecords(1));
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  });
  const auto start = std::chrono::steady_clock::now();
  const auto ran = CloneOf(desk, server);
  INFO(ran.err);
  CHECK(ran.exit == 1);
  CHECK_THAT(ran.err, Contains("record 0: "));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
}

TEST_CASE("pages without end are not read for ever") {
  const Desk desk;
  desk.MakeLedger();
  const Hostile server(desk.Run("--ledger l checkpoint").out, [](auto*, auto*) {});
  const auto start = std::chrono::steady_clock::now();
  const auto ran =
      desk.Run("--server " + server.address() +
               " pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root");
  INFO(ran.err);
  CHECK(ran.exit != 0);
  CHECK_THAT(ran.err, Contains("the answer has more than 67108864 bytes"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

}  // namespace
}  // namespace fundtrail::testing
