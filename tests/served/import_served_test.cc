// Imports over the network: two at a time, and the long reading before the first row.
#include <nlohmann/json.hpp>

#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("two people import the same file at the same time: every row is in once, and counted once") {
  const Desk desk;
  desk.MakeLedger();
  std::string rows = "date,from,to,amount,asset,fund,purpose\n";
  for (int i = 0; i < 3000; ++i)
    rows +=
        "2026-01-01,donor,hub," + std::to_string(1 + i) + ".00,CNY,winter," + std::string(200, 'p') + "\n";
  desk.write("rows.csv", rows);
  const std::string date = GENERATE("2026-03-01", "2026-03-02");  // of the second
  const Daemon daemon(desk);
  const auto import = [&](const std::string& day, const std::string& name) {
    return Program() + " --server " + daemon.address() +
           " --json import csv rows.csv --key k --as root --date " + day + " --rejects-dir . >" + name +
           " 2>" + name + ".err & ";
  };
  desk.Shell("{ " + import("2026-03-01", "one") + import(date, "two") + "wait; }");
  std::int64_t imported = 0;
  for (const char* name : {"one", "two"}) {
    INFO(desk.read(name) << desk.read(std::string(name) + ".err"));
    const auto document = nlohmann::json::parse(desk.read(name));
    CHECK_FALSE(document.contains("error"));
    const auto file = document["files"][0];
    const auto own = std::stoll(file["imported"].get<std::string>());
    CHECK(own + std::stoll(file["present"].get<std::string>()) == 3000);
    imported += own;
  }
  CHECK(imported == 3000);
  const std::string at = "--server " + daemon.address() + " ";
  CHECK_THAT(desk.Run(at + "balance hub").out, Contains("4,501,500.00"));
}

// Shows a daemon's records, and takes its time.
class Slow final : public v1::Ledger::Service {
 public:
  explicit Slow(const std::string& daemon) : stub_(v1::Ledger::NewStub(OwnChannel(daemon))) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Slow() override { server_->Shutdown(std::chrono::system_clock::now()); }
  const std::string& address() const { return address_; }

  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::CheckpointRequest* request,
                             v1::CheckpointAnswer* answer) override {
    grpc::ClientContext context;
    return stub_->GetCheckpoint(&context, *request, answer);
  }
  grpc::Status Records(grpc::ServerContext*, const v1::RecordsRequest* request,
                       grpc::ServerWriter<v1::RecordsAnswer>* writer) override {
    grpc::ClientContext context;
    const auto reader = stub_->Records(&context, *request);
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
    for (v1::RecordsAnswer page; reader->Read(&page);) writer->Write(page);
    return reader->Finish();
  }

 private:
  std::unique_ptr<v1::Ledger::Stub> stub_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_CASE("an import says that it reads the ledger, when that takes long") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("rows.csv", "date,from,to,amount,asset,fund\n2026-01-01,donor,hub,1.00,CNY,winter\n");
  const Daemon daemon(desk);
  const Slow slow(daemon.address());
  const auto ran = desk.Run("--server " + slow.address() + " import csv rows.csv --key k --as root");
  INFO(ran.err);
  CHECK_THAT(ran.err, Contains("reading the ledger: "));
  CHECK_THAT(ran.err, Contains(" of 7 "));
}

TEST_CASE("more paths than a server gives are told by the option's name") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const auto ran =
      desk.Run("--server " + daemon.address() + " trace from --party donor --format paths --paths 200000");
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.err, Contains("--paths: at most 100000, says this server"));
}

}  // namespace
}  // namespace fundtrail::testing
