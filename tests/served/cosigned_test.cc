// fundtraild with real witnesses: a quorum with one of them dead, none with two, a ledger that is forked. Also what readers
// with a policy make of it.
#include <memory>
#include <nlohmann/json.hpp>

#include "ledger/tree/checkpoint.h"
#include "ledger/tree/policy.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/served/raw_http.h"
#include "tests/served/witness_process.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kPay[] = "pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount ";

// Three witnesses on fixed ports, so that they can end and begin again, and a policy that wants two of them.
class Trio {
 public:
  // They follow the ledger under the key that it has, and under another.
  explicit Trio(const Desk& desk, const std::string& next_vkey = "") : desk_(desk) {
    logs_ = " --log " + VkeyOf(desk) + (next_vkey.empty() ? "" : " --log " + next_vkey);
    for (const char* name : {"w1", "w2", "w3"}) desk.Run(std::string("keygen --out ") + name + ".key");
    std::string policy = "# two of three\n";
    for (int i = 0; i < 3; ++i) {
      StartOne(i, "127.0.0.1:0");
      ports_[i] = witnesses_[i]->port();
      REQUIRE(ports_[i] > 0);
      policy += "witness w" + std::to_string(i + 1) + " " + witnesses_[i]->vkey() + " " +
                witnesses_[i]->url() + "\n";
    }
    desk.write("policy", policy + "group two 2 w1 w2 w3\nquorum two\n");
  }
  void Kill(int i) { witnesses_[i]->Signal(SIGKILL); }
  void Start(int i) { StartOne(i, "127.0.0.1:" + std::to_string(ports_[i])); }
  WitnessProcess& operator[](int i) { return *witnesses_[i]; }

 private:
  void StartOne(int i, const std::string& listen) {
    const std::string name = "w" + std::to_string(i + 1);
    witnesses_[i] = std::make_unique<WitnessProcess>(
        desk_, "--key " + name + ".key --name " + name + ".example --listen " + listen + logs_, name);
    REQUIRE(witnesses_[i]->port() > 0);
  }

  const Desk& desk_;
  std::string logs_;
  std::unique_ptr<WitnessProcess> witnesses_[3];
  int ports_[3] = {};
};

// The size of the cosigned checkpoint that the server shows, -1 when there is none.
std::int64_t CosignedSize(const std::string& address) {
  const auto stub = v1::Ledger::NewStub(OwnChannel(address));
  grpc::ClientContext context;
  v1::CheckpointAnswer answer;
  if (!stub->GetCheckpoint(&context, {}, &answer).ok() || !answer.has_cosigned()) return -1;
  return static_cast<std::int64_t>(answer.cosigned().size());
}
// Waits up to half a minute for it.
bool IsCosigned(const std::string& address, std::int64_t size) {
  for (int i = 0; i < 300; ++i) {
    if (CosignedSize(address) == size) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

// How often `part` stands in it.
int Lines(const std::string& text, const std::string& part) {
  int lines = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++lines;
  return lines;
}

std::string HttpOf(const Daemon& daemon) {
  const std::string before = "archive at ";
  const std::string log = daemon.Log();
  const auto at = log.find(before);
  return log.substr(at + before.size(), log.find('\n', at) - at - before.size());
}

TEST_CASE(
    "a quorum of witnesses: what they cosigned is published, kept, and satisfies readers with the policy") {
  const Desk desk;
  desk.MakeLedger();
  Trio witnesses(desk);
  const std::string vkey = " --vkey " + VkeyOf(desk), policy = vkey + " --policy policy";
  CHECK(desk.Run("--ledger l checkpoint --cosigned").exit == 1);
  CHECK(desk.Run("verify l" + policy).exit == 1);
  std::string cosigned;
  {
    Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy"), "--http", "127.0.0.1:0",
                         "--metrics", "127.0.0.1:0", "--backups", desk.path("backups")});
    INFO(daemon.Log());
    REQUIRE_FALSE(daemon.address().empty());
    const std::string at = "--server " + daemon.address() + " ";
    REQUIRE(IsCosigned(daemon.address(), 7));
    const auto paid = desk.Run(at + kPay + "5 --receipt r --cosigned");
    INFO(paid.err);
    CHECK(paid.exit == 0);
    CHECK(IsCosigned(daemon.address(), 8));
    const auto receipt = desk.Run("receipt verify r" + policy);
    INFO(receipt.out);
    CHECK(receipt.exit == 0);
    CHECK(desk.Run(at + "proof 3 --out r3 --cosigned").exit == 0);
    CHECK(desk.Run("receipt verify r3" + policy).exit == 0);
    CHECK(desk.Run(at + "proof 99 --out r99 --cosigned").exit == 2);

    // Two are enough to publish it; the third one's line is added when it comes, and then it stays as it is.
    auto checkpoint = desk.Run(at + "checkpoint --cosigned");
    for (int i = 0; i < 100 && Lines(checkpoint.out, ".example ") < 3; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      checkpoint = desk.Run(at + "checkpoint --cosigned");
    }
    CHECK(checkpoint.exit == 0);
    CHECK(Lines(checkpoint.out, ".example ") == 3);
    cosigned = checkpoint.out;
    CHECK_THAT(cosigned, Contains("\n8\n"));
    CHECK_THAT(cosigned, Contains(".example "));
    desk.write("old.checkpoint", cosigned);
    CHECK(desk.Run(at + "consistency old.checkpoint" + policy).exit == 0);
    const auto json = nlohmann::json::parse(desk.Run(at + "--json checkpoint --cosigned").out);
    CHECK(json["size"] == "8");

    // Over HTTP, in the folder, by an archive, a clone and a backup: the same checkpoint.
    const std::string url = HttpOf(daemon);
    CHECK(desk.Run("verify " + url + policy).exit == 0);
    CHECK(HttpGet(std::stoi(url.substr(url.rfind(':') + 1)), "/checkpoint").body == cosigned);
    const auto server = desk.Run("verify " + daemon.address() + policy);
    CHECK(server.exit == 0);
    CHECK_THAT(server.out, Contains("cosigned   the first 8 records, by"));
    CHECK_THAT(server.out, Contains("a server shows its records alone"));
    REQUIRE(desk.Run("--ledger l archive public").exit == 0);
    CHECK(desk.read("public/checkpoint") == desk.read("l/cosigned"));
    CHECK(desk.Run("verify public" + policy).exit == 0);
    REQUIRE(desk.Run("clone " + daemon.address() + " copy" + vkey).exit == 0);
    CHECK(desk.Run("verify copy" + policy).exit == 0);
    kill(daemon.pid(), SIGUSR1);
    CHECK(daemon.Says("backup path="));
    CHECK(desk.Run("verify backups/8" + policy).exit == 0);
    CHECK(daemon.Signal(SIGTERM) == 0);
  }
  const auto kept = desk.read("l/cosigned");
  CHECK(tree::ParseNote(kept)->text == tree::ParseNote(cosigned)->text);
  CHECK(desk.Run("--ledger l checkpoint --cosigned").out == kept);

  SECTION("what nobody cosigned yet is said") {
    REQUIRE(desk.Run(std::string("--ledger l ") + kPay + "6 --receipt r9").exit == 0);
    const auto verified = desk.Run("verify l" + policy);
    CHECK(verified.exit == 0);
    CHECK_THAT(verified.err, Contains("vouch for the first 8 of 9 records"));
    CHECK_THAT(verified.out, Contains("cosigned   the first 8 records"));
    const auto receipt = desk.Run("receipt verify r9" + policy);
    CHECK(receipt.exit == 1);
    CHECK_THAT(receipt.out, Contains("is not cosigned by the policy's quorum"));
    const auto proof = desk.Run("--ledger l proof 8 --out r8 --cosigned");
    CHECK(proof.exit == 1);
    CHECK_THAT(proof.err,
               Contains("witnesses have cosigned the first 8 records, and 8 is not among them yet"));
    // An archive shows no more than what is cosigned.
    CHECK(desk.Run("--ledger l archive later").exit == 0);
    CHECK(desk.read("later/checkpoint") == kept);
    CHECK(desk.Run("verify later" + policy).exit == 0);
  }
  SECTION("a ledger that was set back, or a file that is another's, is not opened") {
    REQUIRE(fs::exists(desk.path("backups/8")));
    fs::rename(desk.path("backups/8"), desk.path("other"));
    desk.write("other/cosigned", desk.read("r"));
    CHECK(desk.Run("--ledger other checkpoint").exit == 1);
    const Desk another;
    another.MakeOwnLedger();
    fs::copy_file(desk.path("l/cosigned"), another.path("l/cosigned"));
    const auto refused = another.Run("--ledger l checkpoint");
    CHECK(refused.exit == 1);
    CHECK_THAT(refused.err, Contains("the ledger was set back to an older state"));
    Daemon daemon(another);
    CHECK(daemon.Wait() == 3);
    CHECK_THAT(daemon.Log(), Contains("witnesses cosigned"));
    const auto verified =
        another.Run("verify l --vkey " + VkeyOf(another) + " --policy " + desk.path("policy"));
    INFO(verified.out << verified.err);
    CHECK(verified.exit == 1);
  }
}

TEST_CASE(
    "one witness dead: cosigned. Two dead: all goes on but the cosigned checkpoint, until one is back") {
  const Desk desk;
  desk.MakeLedger();
  Trio witnesses(desk);
  witnesses.Kill(0);
  const std::string policy = " --policy policy --vkey " + VkeyOf(desk);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy"), "--metrics", "127.0.0.1:0",
                       "--http", "127.0.0.1:0"});
  INFO(daemon.Log());
  const std::string at = "--server " + daemon.address() + " ";
  REQUIRE(IsCosigned(daemon.address(), 7));
  CHECK_THAT(daemon.Log(), Contains("witness w1: it does not answer"));
  CHECK(daemon.Says("cosigned by the quorum; published: 7 records"));

  witnesses.Kill(1);
  for (int i = 1; i <= 5; ++i) CHECK(desk.Run(at + kPay + std::to_string(i)).exit == 0);
  CHECK(desk.Run(at + "balance hub").exit == 0);
  CHECK(daemon.Says("no quorum of witnesses; what is published stays at 7 records"));
  CHECK(CosignedSize(daemon.address()) == 7);
  CHECK(desk.Run(at + "proof 11 --out r").exit == 0);  // under the latest
  CHECK(desk.Run("receipt verify r" + policy).exit == 1);
  CHECK(desk.Run("verify " + HttpOf(daemon) + policy).exit == 0);  // of 7 records

  witnesses.Start(1);
  CHECK(IsCosigned(daemon.address(), 12));
  CHECK(daemon.Says("witness w2: it answers again"));
  CHECK(desk.Run(at + "proof 11 --out r2").exit == 0);
  CHECK(desk.Run("receipt verify r2" + policy).exit == 0);
  CHECK(daemon.Signal(SIGTERM) == 0);
  // Nothing was asked of the ledger twice: what is kept is what was shown.
  CHECK(desk.Run("verify l" + policy).exit == 0);
}

TEST_CASE(
    "where receipts are to be cosigned, none is given without the quorum, and all goes on when it is back") {
  const Desk desk;
  desk.MakeLedger();
  Trio witnesses(desk);
  desk.write("settings.toml",
             "policy = \"" + desk.path("policy") + "\"\n[log]\nreceipts = \"cosigned\"\ngroup_seconds = 2\n");
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--config", desk.path("settings.toml")});
  INFO(daemon.Log());
  const std::string at = "--server " + daemon.address() + " --timeout ";
  for (int i = 1; i <= 5; ++i) CHECK(desk.Run(at + "20 " + kPay + std::to_string(i)).exit == 0);
  CHECK(CosignedSize(daemon.address()) == 12);  // as soon as they have their receipts

  witnesses.Kill(0);
  CHECK(desk.Run(at + "20 " + kPay + "6").exit == 0);  // two are enough
  witnesses.Kill(1);
  const std::string id = " --date 2026-01-02 --id " + std::string(31, '0') + "7";
  const auto none = desk.Run(at + "6 " + kPay + "7" + id);
  CHECK(none.exit == 3);
  CHECK_THAT(none.err, Contains("the quorum of witnesses has not cosigned the newest checkpoint"));
  CHECK(desk.Run(at + "6 " + kPay + "8").exit == 3);
  CHECK_THAT(desk.Run(at + "6 checkpoint").out,
             Contains("example.org/l\n14\n"));  // 7, which waits, and not 8
  witnesses.Start(1);
  const auto again = desk.Run(at + "30 " + kPay + "7" + id);
  INFO(again.err);
  CHECK(again.exit == 0);
  CHECK_THAT(again.out, Contains("Record 13, "));
  CHECK(daemon.Signal(SIGTERM) == 0);

  desk.write("settings.toml", "[log]\nreceipts = \"cosigned\"\n");
  Daemon without(desk, {"--listen", "127.0.0.1:0", "--config", desk.path("settings.toml")});
  CHECK(without.Wait() == 2);
  CHECK_THAT(without.Log(), Contains("needs policy, the file that names the witnesses and their quorum"));
}

TEST_CASE("a ledger is forked: witnesses refuse the second history, and readers with the policy too") {
  const Desk desk;
  desk.MakeLedger();
  Trio witnesses(desk);
  const std::string policy = " --policy policy --vkey " + VkeyOf(desk);
  bool cosigned_before = false;
  SECTION("before anything was cosigned") {}
  SECTION("after its beginning was cosigned") {
    Daemon first(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy")});
    REQUIRE(IsCosigned(first.address(), 7));
    REQUIRE(first.Signal(SIGTERM) == 0);
    cosigned_before = true;
  }
  fs::copy(desk.path("l"), desk.path("forked"), fs::copy_options::recursive);
  // Two histories under the same key: in one the hub gets 100, in the other 900.
  {
    Daemon honest(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy")});
    REQUIRE(desk.Run("--server " + honest.address() + " " + kPay + "100 --receipt honest --cosigned").exit ==
            0);
    REQUIRE(IsCosigned(honest.address(), 8));
    CHECK(honest.Signal(SIGTERM) == 0);
  }
  CHECK(desk.Run("verify l" + policy).exit == 0);
  CHECK(desk.Run("receipt verify honest" + policy).exit == 0);

  fs::rename(desk.path("l"), desk.path("honest-ledger"));
  fs::rename(desk.path("forked"), desk.path("l"));
  {
    Daemon forked(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy")});
    INFO(forked.Log());
    REQUIRE_FALSE(forked.address().empty());
    if (!cosigned_before)
      CHECK(forked.Says("DOES NOT AGREE: it says that it has cosigned 8 records, and there are only 7"));
    const std::string at = "--server " + forked.address() + " ";
    REQUIRE(desk.Run(at + kPay + "900 --receipt forked").exit == 0);
    CHECK(forked.Says("DOES NOT AGREE: it answers 422"));
    // Longer than the honest one, it does not get further either.
    for (int i = 0; i < 3; ++i) CHECK(desk.Run(at + kPay + "1 --yes").exit == 0);
    std::this_thread::sleep_for(std::chrono::seconds(4));
    CHECK(CosignedSize(forked.address()) == (cosigned_before ? 7 : -1));
    CHECK(desk.Run(at + "proof 8 --out forked8").exit == 0);
    const auto none = desk.Run(at + "proof 8 --out forked8c --cosigned");
    CHECK(none.exit == 1);
    CHECK_THAT(none.err,
               Contains(cosigned_before ? "have cosigned the first 7 records" : "no witness has cosigned"));
    CHECK(forked.Signal(SIGTERM) == 0);
  }
  std::string said;
  for (int i = 0; i < 3; ++i) said += witnesses[i].Log();
  CHECK_THAT(said, Contains("REFUSED example.org/l size="));

  // By itself the fork is a sound ledger, and so are its receipts.
  CHECK(desk.Run("verify l --state alone --vkey " + VkeyOf(desk)).exit == 0);
  CHECK(desk.Run("receipt verify forked --vkey " + VkeyOf(desk)).exit == 0);
  // But a reader with the policy sees that nobody vouches for it.
  for (const char* receipt : {"forked", "forked8"}) {
    const auto verified = desk.Run(std::string("receipt verify ") + receipt + policy);
    CHECK(verified.exit == 1);
    CHECK_THAT(verified.out, Contains("is not cosigned by the policy's quorum \"two\""));
  }
  const auto verified = desk.Run("verify l --state new" + policy);
  INFO(verified.out << verified.err);
  if (cosigned_before) {
    // What both histories begin with is vouched for, and no more than that.
    CHECK(verified.exit == 0);
    CHECK_THAT(verified.err, Contains("vouch for the first 7 of 11 records"));
  } else {
    CHECK(verified.exit == 1);
    CHECK_THAT(verified.out, Contains("is not cosigned by the policy's quorum \"two\""));
  }
  // Shown with the honest history's cosignatures, the fork contradicts them.
  fs::copy_file(desk.path("honest-ledger/cosigned"), desk.path("l/cosigned"),
                fs::copy_options::overwrite_existing);
  const auto mixed = desk.Run("verify l --state newer" + policy);
  CHECK(mixed.exit == 1);
  CHECK_THAT(mixed.out, Contains("the checkpoint that witnesses cosigned has the root"));
  CHECK_THAT(mixed.out, Contains("the ledger's key signed two histories"));
  Daemon again(desk);
  CHECK(again.Wait() == 3);
  CHECK_THAT(again.Log(), Contains("one of the two was changed or put there"));
}

TEST_CASE(
    "the ledger's key is replaced beside its witnesses: they go on under the new one, and so do readers") {
  const Desk desk;
  desk.MakeLedger();
  const std::string old_vkey = VkeyOf(desk);
  const auto prepared =
      nlohmann::json::parse(desk.Run("--ledger l --json ledger-key prepare --out rotation.json").out);
  const std::string new_vkey = "'" + prepared["vkey"].get<std::string>() + "'";
  const Trio witnesses(desk, new_vkey);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy")});
  INFO(daemon.Log());
  const std::string at = "--server " + daemon.address() + " ";
  REQUIRE(IsCosigned(daemon.address(), 7));
  REQUIRE(desk.Run(at + "proof 3 --out before --cosigned").exit == 0);
  REQUIRE(desk.Run(at + "ledger-key rotate rotation.json --key k").exit == 0);
  CHECK(IsCosigned(daemon.address(), 8));
  CHECK(desk.Run(at + kPay + "5 --receipt after --cosigned").exit == 0);
  CHECK(VkeyOf(desk) == new_vkey);
  for (const std::string& vkey : {old_vkey, new_vkey})
    CHECK(desk.Run("verify l --policy policy --state " + vkey.substr(14, 8) + " --vkey " + vkey).exit == 0);
  CHECK(desk.Run("receipt verify before --policy policy --vkey " + old_vkey).exit == 0);
  CHECK(desk.Run("receipt verify after --policy policy --vkey " + new_vkey).exit == 0);
  CHECK(desk.Run("receipt verify after --policy policy --vkey " + old_vkey).exit == 1);
  CHECK(desk.Run("receipt verify after --policy policy --vkey " + old_vkey + " --vkey " + new_vkey).exit ==
        0);
}

TEST_CASE("a policy that cannot be is refused at the start") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run("keygen --out w.key");
  WitnessProcess witness(desk, "--key w.key --name w.example --listen 127.0.0.1:0 --log " + VkeyOf(desk));
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"witness w " + witness.vkey() + "\nquorum w\n", "too few of its witnesses have a URL"},
      {"witness w " + witness.vkey() + " ftp://w.example\nquorum w\n", "not the URL of a witness"},
      {"witness w " + witness.vkey() + " http://w.example\n", "quorum"},
      {"log other.example+00000000+AAAA\n", "line 1"},
  };
  for (const auto& [policy, says] : wrong) {
    desk.write("policy", policy);
    Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("policy")});
    CHECK(daemon.Wait() == 2);
    INFO(daemon.Log());
    CHECK_THAT(daemon.Log(), Contains(says));
  }
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--policy", desk.path("none")});
  CHECK(daemon.Wait() == 2);
}

}  // namespace
}  // namespace fundtrail::testing
