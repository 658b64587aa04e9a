// Copies that keep up with a ledger that is served: fundtraild --copy and fundtrail clone --follow.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "tests/served/client.h"
#include "tests/served/copy_process.h"
#include "tests/served/daemon.h"
#include "tests/served/first_of_proxy.h"
#include "tests/served/raw_http.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using std::chrono::milliseconds;

const std::string kPay =
    "pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount ";

// The ledger itself, which shows its archive at an address that it has again when it comes back.
class Writer {
 public:
  explicit Writer(const Desk& desk) : desk_(desk) {
    Start();
    archive_ = daemon_->Said("archive at ");
  }
  void Start() {
    const std::string http = archive_.empty() ? "127.0.0.1:0" : archive_.substr(archive_.rfind('/') + 1);
    daemon_ =
        std::make_unique<Daemon>(desk_, std::vector<std::string>{"--listen", "127.0.0.1:0", "--http", http});
    INFO(daemon_->Log());
    REQUIRE_FALSE(daemon_->address().empty());
  }
  void Kill() { daemon_->Signal(SIGKILL); }
  void Stop() { CHECK(daemon_->Signal(SIGTERM) == 0); }
  Ran Pay(const std::string& amount) const { return desk_.Run(at() + kPay + amount); }
  std::string address() const { return daemon_->address(); }
  std::string at() const { return "--server " + address() + " "; }
  const std::string& archive() const { return archive_; }

 private:
  const Desk& desk_;
  std::unique_ptr<Daemon> daemon_;
  std::string archive_;
};

std::string Vkey(const Desk& desk) {
  const std::string vkey = desk.read("l/vkey");
  return vkey.substr(0, vkey.find('\n'));
}

int PortIn(const std::string& address) { return std::stoi(address.substr(address.rfind(':') + 1)); }

// How many records a copy has, by its signed checkpoint.
int RecordsIn(const Desk& desk, const std::string& copy) {
  const std::string note = desk.Run("--ledger " + copy + " checkpoint").out;
  const auto line = note.find('\n');
  return line == std::string::npos ? 0 : std::atoi(note.c_str() + line + 1);
}

TEST_CASE("a copy that is served answers as its ledger does, and says what it is") {
  const Desk desk;
  desk.MakeLedger();  // 7 records
  const Writer writer(desk);
  CopyProcess copy(
      desk, "copy",
      CopyProcess::Served(desk, "copy", writer.archive(),
                          {"--vkey", Vkey(desk), "--writer", writer.address(), "--metrics", "127.0.0.1:0"}));
  REQUIRE(copy.Says(" tls="));
  const std::string at = "--server " + copy.Said("address=") + " ";
  REQUIRE(writer.Pay("1200").exit == 0);
  // Who was given record 7 asks for it, and waits until it is there.
  const auto balance = desk.Run(at + "--min-size 8 balance hub");
  INFO(balance.err);
  CHECK(balance.exit == 0);
  CHECK_THAT(balance.out, Contains("1,200.00"));
  CHECK(desk.Run(at + "--min-size 8 list --json").out == desk.Run(writer.at() + "list --json").out);
  for (const char* question : {"balance hub", "list"}) {
    const auto late = desk.Run(at + "--min-size 9 --timeout 1 " + std::string(question));
    CHECK(late.exit == 3);
    CHECK_THAT(late.err, Contains("there are 8 records here yet, and the answer is to be of 9 at least"));
  }
  CHECK_THAT(desk.Run("--ledger copy --min-size 9 balance hub").err,
             Contains("there are 8 records here yet"));
  const auto refused = desk.Run(at + kPay + "5");
  CHECK(refused.exit == 1);
  CHECK_THAT(refused.err,
             Contains("this is a copy, to read: send the entry to the ledger itself, with --server " +
                      writer.address()));
  const std::string http = copy.Said("archive at ");
  CHECK(desk.Run("verify " + http + " --vkey " + VkeyOf(desk)).exit == 0);
  CHECK_THAT(
      HttpGet(PortIn(http), "/").body,
      Contains("As of record 7") && Contains("This is a copy of the ledger. What was recorded after 20"));
  CHECK_THAT(HttpGet(PortIn(http), "/@3/").body, !Contains("This is a copy"));
  CHECK_THAT(HttpGet(PortIn(writer.archive()), "/").body, !Contains("This is a copy"));
  const std::string asked = "/fundtrail.v1.Ledger/GetCheckpoint?encoding=json&message=%7B%7D";
  CHECK(ReadReply(RawGet(PortIn(http), asked, "fundtrail-min-size: 8\r\n")).status == 200);
  CHECK(ReadReply(RawGet(PortIn(http), asked, "fundtrail-min-size: 9\r\n")).status == 503);
  CHECK(ReadReply(RawGet(PortIn(http), asked, "fundtrail-min-size: x\r\n")).status == 400);
  const std::string metrics = copy.Said("metrics url=");
  const int port = PortIn(metrics.substr(0, metrics.rfind('/')));
  CHECK_THAT(HttpGet(port, "/metrics").body,
             Contains("fundtrail_copy_following 1\n") && Contains("fundtrail_copy_lag_records 0\n") &&
                 Contains("fundtrail_copy_lag_seconds ") && !Contains("fundtrail_writable"));
  CHECK_THAT(HttpGet(PortIn(writer.archive()), "/").body, Contains("As of record 7"));
  CHECK(copy.Signal(SIGTERM) == 0);
}

TEST_CASE("readers go on while the writer is down and copies are killed, and the copies catch up") {
  const Desk desk;
  desk.MakeLedger();
  Writer writer(desk);
  REQUIRE(writer.Pay("7.50").exit == 0);
  std::vector<std::unique_ptr<CopyProcess>> copies;
  for (const char* name : {"one", "two", "three"})
    copies.push_back(std::make_unique<CopyProcess>(
        desk, name, CopyProcess::Served(desk, name, writer.archive(), {"--vkey", Vkey(desk)})));
  std::vector<int> ports;
  for (auto& copy : copies) {
    REQUIRE(copy->Says(" tls="));
    ports.push_back(PortIn(copy->Said("address=")));
  }
  const FirstOfProxy proxy(ports);
  const std::string ask = "--server " + proxy.address() + " --min-size 8 balance hub";
  const std::string before = desk.Run(ask).out;
  CHECK_THAT(before, Contains("7.50"));
  writer.Kill();
  CHECK(desk.Run(ask).out == before);
  copies[0]->Signal(SIGKILL);
  CHECK(desk.Run(ask).out == before);
  copies[1]->Signal(SIGKILL);
  CHECK(desk.Run(ask).out == before);
  // Killed while the ledger is away, it comes up by itself, without a key: the copy says whose it is.
  copies[1] = std::make_unique<CopyProcess>(desk, "two", CopyProcess::Served(desk, "two", writer.archive()));
  REQUIRE(copies[1]->Says(" tls="));
  ports[1] = PortIn(copies[1]->Said("address="));
  writer.Start();
  REQUIRE(writer.Pay("0.25").exit == 0);
  for (const std::size_t back : {1, 2}) {
    const auto answer =
        desk.Run("--server 127.0.0.1:" + std::to_string(ports[back]) + " --min-size 9 balance hub");
    INFO(back << " " << answer.err << copies[back]->Log());
    CHECK_THAT(answer.out, Contains("7.75"));
  }
}

TEST_CASE("a follower that is killed again and again leaves a copy that verifies and goes on") {
  const Desk desk;
  desk.MakeLedger();
  Writer writer(desk);
  const auto clerk = ClerkOf(desk);
  std::atomic<bool> stop{false};
  std::thread pays([&] {
    const auto stub = v1::Submission::NewStub(OwnChannel(writer.address()));
    for (std::uint64_t id = 1; !stop; ++id) {
      v1::SubmitRequest request;
      request.set_signed_entry(Signed(clerk, id, Payment("donor", "hub", 100)));
      v1::Receipt receipt;
      grpc::ClientContext context;
      (void)stub->Submit(&context, request, &receipt);
      std::this_thread::sleep_for(milliseconds(2));
    }
  });
  int had = 0;
  const auto killed = [&](CopyProcess* follower) {
    CHECK(follower->Running());
    follower->Signal(SIGKILL);
    const int has = std::filesystem::exists(desk.path("copy/store")) ? RecordsIn(desk, "copy") : 0;
    CHECK(has >= had);
    had = has;
  };
  const auto following = CopyProcess::Following(desk, "copy", writer.archive(), Vkey(desk));
  for (const int after : {90, 350, 150}) {
    CopyProcess follower(desk, "copy", following);
    std::this_thread::sleep_for(milliseconds(after));
    killed(&follower);
  }
  for (int i = 0; i < 2; ++i) {
    CopyProcess follower(desk, "copy", following);
    CHECK(follower.Says(" are new"));
    killed(&follower);
  }
  stop = true;
  pays.join();
  REQUIRE(had > 7);
  CHECK(desk.Run("verify copy --vkey " + VkeyOf(desk)).exit == 0);
  CopyProcess follower(desk, "copy", following);
  CHECK(follower.Says("asks for new records from now on"));
  // What the archive does not have yet comes within a second or so.
  const int all = RecordsIn(desk, "l");
  for (int i = 0; i < 100 && RecordsIn(desk, "copy") != all; ++i)
    std::this_thread::sleep_for(milliseconds(100));
  CHECK(RecordsIn(desk, "copy") == all);
}

TEST_CASE("a source that goes back or shows another history ends the following, and the copy stays") {
  const Desk desk;
  desk.MakeLedger();
  std::filesystem::copy(desk.path("l"), desk.path("old"), std::filesystem::copy_options::recursive);
  Writer writer(desk);
  REQUIRE(writer.Pay("1").exit == 0);
  CopyProcess follower(desk, "copy", CopyProcess::Following(desk, "copy", writer.archive(), Vkey(desk)));
  CopyProcess served(desk, "served",
                     CopyProcess::Served(desk, "served", writer.archive(),
                                         {"--vkey", Vkey(desk), "--metrics", "127.0.0.1:0"}));
  REQUIRE(served.Says(" tls="));
  REQUIRE(follower.Says("asks for new records"));
  writer.Stop();
  std::filesystem::rename(desk.path("l"), desk.path("new"));
  std::filesystem::rename(desk.path("old"), desk.path("l"));
  writer.Start();
  REQUIRE(follower.Says("it shows 7 records, and the copy has 8"));  // the third time
  CHECK(follower.Wait() == 1);
  CHECK(served.Says("the copy takes in no more records, and still answers"));
  const std::string metrics = served.Said("metrics url=");
  CHECK_THAT(HttpGet(PortIn(metrics.substr(0, metrics.rfind('/'))), "/metrics").body,
             Contains("fundtrail_copy_following 0\n"));
  CHECK_THAT(desk.Run("--server " + served.Said("address=") + " --min-size 8 balance hub").out,
             Contains("1.00"));
  REQUIRE(writer.Pay("2").exit == 0);
  const auto forked = desk.Run("clone " + writer.archive() + " copy --follow --vkey " + VkeyOf(desk));
  CHECK(forked.exit == 1);
  CHECK_THAT(forked.err, Contains("convicts its operator of two histories"));
  CHECK(desk.read("copy/contradicting.checkpoint") == desk.Run(writer.at() + "checkpoint").out);
  CHECK_THAT(desk.Run("--ledger copy balance hub").out, Contains("1.00"));
}

}  // namespace
}  // namespace fundtrail::testing
