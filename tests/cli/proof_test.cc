// Receipts, consistency and what a reader remembers, end to end: each kind of damage is told by its name.
#include "ledger/tree/proof.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <nlohmann/json.hpp>

#include "ledger/crypto/key_file.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPay =
    "--ledger l pay --from donor --to hub --amount 1,000.00 --asset CNY --fund winter --key clerk "
    "--as root --yes --purpose rice ";
const std::string kVkey = " --vkey \"$(cat l/vkey)\"";

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

// Writes the changed receipt and checks it: exit 1, or 2 where it is no receipt, with the fault's name for people and for programs.
void Fails(const Desk& desk, const std::string& text, const std::string& fault,
           const std::string& how = kVkey) {
  INFO(fault);
  desk.write("bad", text);
  const auto ran = desk.Run("receipt verify bad" + how);
  INFO(ran.out);
  const int code = fault == "NOT_A_PROOF" ? 2 : 1;
  CHECK(ran.exit == code);
  CHECK_THAT(ran.out, Contains("DOES NOT HOLD  " + fault + ": "));
  const auto json = desk.Run("receipt verify bad --json" + how);
  CHECK(json.exit == code);
  const auto answer = nlohmann::json::parse(json.out);
  CHECK(answer["holds"] == false);
  CHECK(answer["fault"] == fault);
  CHECK_FALSE(answer["problem"].get<std::string>().empty());
}

// The receipt with its checkpoint cosigned, and a policy `p` that asks for that witness.
std::string Cosigned(const Desk& desk, const std::string& receipt) {
  desk.Run("keygen --out w");
  const auto key = crypto::ReadKeyFile(desk.path("w"), std::nullopt).value();
  const auto witness = tree::MakeVerifier("w.example", tree::KeyType::kCosignature, key.public_key()).value();
  desk.write("p", "witness W " + tree::FormatVkey(witness) + "\nquorum W\n");
  auto proof = tree::ParseProof(receipt).value();
  auto note = tree::ParseNote(proof.checkpoint).value();
  note.signatures.push_back(tree::CosignNoteText(note.text, "w.example", key, 1'767'225'600).value());
  proof.checkpoint = tree::FormatNote(note);
  return tree::FormatProof(proof);
}

TEST_CASE("a payment's receipt stands on its own and says what it proves; the same from proof") {
  const Desk desk;
  desk.MakeLedger();
  const auto paid = desk.Run(kPay + "--receipt r.tlog-proof");
  REQUIRE(paid.exit == 0);
  CHECK_THAT(paid.out, Contains("receipt   r.tlog-proof"));
  REQUIRE(desk.Run("--ledger l proof 7.1 --out again").exit == 0);
  CHECK(desk.read("again") == desk.read("r.tlog-proof"));
  const std::string vkey = desk.read("l/vkey");
  std::filesystem::rename(desk.path("l"), desk.path("gone"));  // offline
  const auto checked =
      desk.Run("receipt verify r.tlog-proof --vkey '" + vkey.substr(0, vkey.find('\n')) + "'");
  CHECK(checked.exit == 0);
  for (const char* part : {"HOLDS  record 7 of example.org/l", "of root, ", "signed by  key ",
                           "7.1  donor -> hub  100,000 smallest units of CNY, fund winter, donation: rice",
                           "by the ledger's clock", "8 records, root ", "signed by example.org/l+",
                           "no witnesses were asked for"}) {
    INFO(part);
    CHECK_THAT(checked.out, Contains(part));
  }
  const auto json = nlohmann::json::parse(
      desk.Run("receipt verify r.tlog-proof --json --vkey '" + vkey.substr(0, vkey.find('\n')) + "'").out);
  CHECK(json["holds"] == true);
  CHECK(json["fault"] == "RECEIPT_SOUND");
  CHECK(json["index"] == "7");
  CHECK(json["entry"]["actions"][0]["transfer"]["amount"] == "100000");
}

TEST_CASE("every writing command gives a receipt, and overwrites none") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l party add x --name X --key k --receipt x.receipt").exit == 0);
  CHECK_THAT(desk.Run("receipt verify x.receipt" + kVkey).out,
             Contains("party x: X; parent root; role holder"));
  desk.write("e.json", R"({"actions":[{"declareAsset":{"code":"EUR","decimals":2}}]})");
  REQUIRE(desk.Run("--ledger l submit e.json --key k --receipt e.receipt").exit == 0);
  CHECK_THAT(desk.Run("receipt verify e.receipt" + kVkey).out, Contains("asset EUR: decimals 2"));

  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto there = desk.Run(kPay + "--receipt x.receipt");
  CHECK(there.exit == 2);
  CHECK_THAT(there.err, Contains("nothing was sent"));
  const auto dry = desk.Run("--ledger l submit e.json --key k --dry-run --receipt d.receipt");
  CHECK(dry.exit == 2);
  CHECK_THAT(dry.err, Contains("no receipt"));
  desk.write("rows.csv", "date,from,to,amount,asset\n2026-01-02,donor,hub,5,CNY\n");
  const auto imported = desk.Run("--ledger l import csv rows.csv --key clerk --as root --receipt i.receipt");
  CHECK(imported.exit == 2);
  CHECK_THAT(imported.err, Contains("many entries"));
  CHECK(desk.Run("--ledger l checkpoint").out == before);

  // Sent again with the same id: nothing changes, and the receipt is to be had again.
  const std::string pay = kPay + "--date 2026-01-02 --id 00112233445566778899aabbccddeeff --receipt ";
  REQUIRE(desk.Run(pay + "one").exit == 0);
  REQUIRE(desk.Run(pay + "two").exit == 0);
  CHECK(desk.read("one") == desk.read("two"));
}

TEST_CASE("each kind of damage to a receipt is told by its name") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPay + "--receipt r").exit == 0);
  const std::string good = desk.read("r");
  const auto proof = tree::ParseProof(good).value();
  Fails(desk, "", "NOT_A_PROOF");
  Fails(desk, "{}\n", "NOT_A_PROOF");
  Fails(desk, good.substr(0, good.size() / 2), "NOT_A_PROOF");
  Fails(desk, std::string(3'000'000, 'x'), "NOT_A_PROOF");
  Fails(desk, std::string(5'000'000, 'x'), "NOT_A_PROOF");
  Fails(desk, Replaced(good, "index 7", "index 07"), "NOT_A_PROOF");
  {
    auto changed = proof;
    changed.extra.clear();
    Fails(desk, tree::FormatProof(changed), "NO_RECORD");
    changed = proof;
    const auto at = changed.extra.find("rice");
    REQUIRE(at != std::string::npos);
    changed.extra.replace(at, 4, "wine");
    Fails(desk, tree::FormatProof(changed), "RECORD_CHANGED");
    changed = proof;
    changed.path[0].bytes[0] ^= 1;
    Fails(desk, tree::FormatProof(changed), "NOT_INCLUDED");
  }
  Fails(desk, Replaced(good, "index 7", "index 6"), "NOT_INCLUDED");
  Fails(desk, Replaced(good, "\n8\n", "\n9\n"), "CHECKPOINT_BAD");
  Fails(desk, Replaced(good, "\n\xe2\x80\x94 ", "\n- "), "CHECKPOINT_BAD");
  desk.Run("keygen --out other");
  desk.Run("init l2 --name example.org/l --root-key other");
  Fails(desk, good, "WRONG_KEY", " --vkey \"$(cat l2/vkey)\"");

  const std::string cosigned = Cosigned(desk, good);
  Fails(desk, good, "NO_QUORUM", kVkey + " --policy p");
  Fails(desk, Replaced(cosigned, "\n8\n", "\n9\n"), "CHECKPOINT_BAD", kVkey + " --policy p");
  desk.write("c", cosigned);
  const auto quorum = desk.Run("receipt verify c --policy p" + kVkey);
  CHECK(quorum.exit == 0);
  CHECK_THAT(quorum.out, Contains("by W (2026-01-01T00:00:00.000000Z): the policy's quorum \"W\""));
}

// The ledger's own key is in its folder: what follows is what only its operator can do.
TEST_CASE("an entry that nobody signed, sealed by the operator, is found in its receipt") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPay + "--receipt r").exit == 0);
  auto proof = tree::ParseProof(desk.read("r")).value();
  const auto key = crypto::ReadKeyFile(desk.path("l/signing.key"), std::nullopt).value();
  proof.extra.replace(proof.extra.find("rice"), 4, "wine");
  // A tree of which only the right edge matters: the changed record is its last leaf.
  REQUIRE(proof.path.size() == 3);
  Hash root = tree::LeafHash(proof.extra);
  for (const Hash& left : proof.path) root = tree::NodeHash(left, root);
  proof.checkpoint = tree::SignCheckpoint({"example.org/l", 8, root, {}}, key).value();
  Fails(desk, tree::FormatProof(proof), "ENTRY_SIGNATURE_BAD");
  proof.extra = "not a record";
  root = tree::LeafHash(proof.extra);
  for (const Hash& left : proof.path) root = tree::NodeHash(left, root);
  proof.checkpoint = tree::SignCheckpoint({"example.org/l", 8, root, {}}, key).value();
  Fails(desk, tree::FormatProof(proof), "RECORD_WRONG");
}

TEST_CASE("consistency: a checkpoint that was kept is a beginning of a later one, or not") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("old", desk.Run("--ledger l checkpoint").out);
  REQUIRE(desk.Run(kPay).exit == 0);
  desk.write("mid", desk.Run("--ledger l checkpoint").out);
  REQUIRE(desk.Run(kPay).exit == 0);
  const auto now = desk.Run("--ledger l consistency old" + kVkey);
  CHECK(now.exit == 0);
  CHECK_THAT(now.out,
             Contains("HOLDS  the older checkpoint is a beginning of the newer one, of example.org/l"));
  CHECK_THAT(now.out, Contains("both checked"));
  CHECK(desk.Run("--ledger l consistency old mid" + kVkey).exit == 0);
  CHECK(desk.Run("--ledger l consistency mid mid" + kVkey).exit == 0);
  const auto unchecked = desk.Run("--ledger l consistency old mid");
  CHECK(unchecked.exit == 2);
  CHECK_THAT(unchecked.out, Contains("NOT CHECKED  ") && Contains("give --vkey") && !Contains("HOLDS"));
  const auto blind = nlohmann::json::parse(desk.Run("--ledger l --json consistency old mid").out);
  CHECK(blind["holds"] == false);
  CHECK(blind["consistent"] == true);
  // Without a ledger: of one size two files decide, of two it has to give a proof.
  CHECK(desk.Run("consistency mid mid" + kVkey).exit == 0);
  CHECK(desk.Run("consistency mid old" + kVkey).exit == 1);
  const auto unasked = desk.Run("consistency old mid" + kVkey);
  CHECK(unasked.exit == 2);
  CHECK_THAT(unasked.err, Contains("a ledger has to prove: give --ledger DIR"));
  const auto json = nlohmann::json::parse(desk.Run("--ledger l --json consistency old" + kVkey).out);
  CHECK(json["holds"] == true);
  CHECK(json["old"]["size"] == "7");
  CHECK(json["new"]["size"] == "9");
  CHECK(json["signatures_checked"] == true);
  CHECK_FALSE(json["proof"].empty());

  const auto backwards = desk.Run("--ledger l consistency mid old" + kVkey);
  CHECK(backwards.exit == 1);
  CHECK_THAT(backwards.out, Contains("DOES NOT HOLD  old has 7 records, and mid has 8: "));
  // Another history, signed with the ledger's own key: at the same size, at an earlier one, at a later one.
  const auto key = crypto::ReadKeyFile(desk.path("l/signing.key"), std::nullopt).value();
  for (const std::uint64_t size : {7, 8, 9, 20}) {
    INFO(size);
    desk.write("forged",
               tree::SignCheckpoint({"example.org/l", size, tree::LeafHash("other"), {}}, key).value());
    CHECK(
        desk.Run("--ledger l consistency " + std::string(size > 9 ? "old forged" : "forged") + kVkey).exit ==
        1);
  }
  CHECK_THAT(desk.Run("--ledger l consistency old forged" + kVkey).out,
             Contains("it is shorter than forged"));
  // Only sizes and roots are facts: a ledger that gives a wrong proof says nothing of the checkpoints.
  desk.write("forged", tree::SignCheckpoint({"example.org/l", 7, tree::LeafHash("other"), {}}, key).value());
  CHECK_THAT(desk.Run("--ledger l consistency forged old" + kVkey).out,
             Contains("forged is not a beginning of old: two roots"));
  const auto unproven = desk.Run("--ledger l consistency forged mid" + kVkey);
  CHECK(unproven.exit == 1);
  CHECK_THAT(unproven.out,
             Contains("the ledger that was asked gives no proof that forged is a beginning of mid"));
  CHECK_THAT(unproven.out, !Contains("is not a beginning"));
  REQUIRE(desk.Run("init other --name example.org/other --root-key k --date 2026-01-01").exit == 0);
  const auto elsewhere = desk.Run("--ledger other consistency old mid" + kVkey);
  CHECK(elsewhere.exit == 2);
  CHECK_THAT(
      elsewhere.err,
      Contains("the ledger that was asked is example.org/other, and the checkpoints are of example.org/l"));
  desk.write("stranger",
             tree::SignCheckpoint({"other.example", 7, tree::LeafHash("other"), {}}, key).value());
  CHECK(desk.Run("--ledger l consistency stranger" + kVkey).exit == 2);
  const auto two = desk.Run("--ledger l consistency stranger");
  CHECK(two.exit == 1);
  CHECK_THAT(two.out, Contains("they are of two ledgers"));
}

TEST_CASE("verify --since: an older checkpoint is a beginning; a rewritten ledger is not taken") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("old", desk.Run("--ledger l checkpoint").out);
  REQUIRE(desk.Run(kPay).exit == 0);
  const auto since = desk.Run("verify l --since old" + kVkey);
  CHECK(since.exit == 0);
  CHECK_THAT(since.out, Contains("begins     with the 7 records of root"));
  const auto key = crypto::ReadKeyFile(desk.path("l/signing.key"), std::nullopt).value();
  desk.write("forged", tree::SignCheckpoint({"example.org/l", 7, tree::LeafHash("x"), {}}, key).value());
  const auto forked = desk.Run("verify l --since forged" + kVkey);
  CHECK(forked.exit == 1);
  CHECK_THAT(forked.out, Contains("the checkpoint in forged has the root"));
  CHECK_THAT(forked.out, Contains("two histories"));
  desk.write("later", tree::SignCheckpoint({"example.org/l", 99, tree::LeafHash("x"), {}}, key).value());
  const auto shorter = desk.Run("verify l --since later" + kVkey);
  CHECK(shorter.exit == 1);
  CHECK_THAT(shorter.out, Contains("the checkpoint in later has 99 records, and what is shown now has 8"));
  desk.write("unsigned", "example.org/l\n7\nAAAA\n");
  CHECK(desk.Run("verify l --since unsigned" + kVkey).exit == 2);
}

TEST_CASE("verify remembers the newest checkpoint that held, and tells when it is shown less or another") {
  const Desk desk;
  desk.MakeLedger();
  std::filesystem::copy(desk.path("l"), desk.path("backup"), std::filesystem::copy_options::recursive);
  REQUIRE(desk.Run(kPay).exit == 0);
  const std::string seen = "s/t/seen", with_state = kVkey + " --state " + seen;
  CHECK(desk.Run("verify l" + with_state).exit == 0);
  CHECK(desk.read(seen) == desk.Run("--ledger l checkpoint").out);
  struct stat info {};
  REQUIRE(stat(desk.path(seen).c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  REQUIRE(stat(desk.path("s/t").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);

  SECTION("a rollback to a backup is warned of, and not remembered") {
    const auto rolled = desk.Run("verify backup" + with_state);
    CHECK(rolled.exit == 0);
    CHECK_THAT(
        rolled.err,
        Contains(
            "warning: the checkpoint that was seen here before has 8 records, and what is shown now has 7"));
    CHECK(nlohmann::json::parse(desk.Run("verify backup --json" + with_state).out)["warnings"].size() == 1);
    CHECK(desk.read(seen) == desk.Run("--ledger l checkpoint").out);
    const auto strict = desk.Run("verify backup --strict" + with_state);
    CHECK(strict.exit == 1);
    CHECK_THAT(strict.err, Contains("--strict"));
    CHECK(desk.Run("verify l --strict" + with_state).exit == 0);
  }
  SECTION("another history does not hold, at the same size and beyond it") {
    const std::string to_backup = Replaced(kPay, "--ledger l ", "--ledger backup ");
    REQUIRE(desk.Run(to_backup + "--reference other").exit == 0);
    for (int more = 0; more < 2; ++more) {
      const auto forked = desk.Run("verify backup" + with_state);
      CHECK(forked.exit == 1);
      CHECK_THAT(forked.out, Contains("the checkpoint that was seen here before has the root"));
      CHECK_THAT(forked.out, Contains("two histories"));
      REQUIRE(desk.Run(to_backup).exit == 0);
    }
    CHECK(desk.Run("verify backup" + kVkey + " --state other").exit == 0);  // who saw nothing cannot tell
    CHECK(desk.read(seen) == desk.Run("--ledger l checkpoint").out);
  }
  SECTION("what grew is remembered instead") {
    REQUIRE(desk.Run(kPay).exit == 0);
    const auto grown = desk.Run("verify l" + with_state);
    CHECK(grown.exit == 0);
    CHECK_THAT(grown.out, Contains("begins     with the 8 records"));
    CHECK(desk.read(seen) == desk.Run("--ledger l checkpoint").out);
  }
  SECTION("a damaged memory is no memory of nothing") {
    desk.write(seen, "x");
    const auto damaged = desk.Run("verify l" + with_state);
    CHECK(damaged.exit == 2);
    CHECK_THAT(damaged.err, Contains("remove the file"));
  }
  SECTION("a memory that cannot be looked at is no memory of nothing either") {
    std::filesystem::create_symlink("loop", desk.path("loop"));
    const auto unreadable = desk.Run("verify l --state loop" + kVkey);
    CHECK(unreadable.exit == 3);
    CHECK_THAT(unreadable.err, Contains("whether a checkpoint was seen before cannot be told"));
  }
  SECTION("who verified less at the same time does not set it back") {
    const int lock = open(desk.path("two.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(flock(lock, LOCK_EX) == 0);
    auto slow = std::async(std::launch::async, [&] { return desk.Run("verify backup --state two" + kVkey); });
    CHECK(slow.wait_for(std::chrono::seconds(2)) == std::future_status::timeout);
    CHECK_FALSE(std::filesystem::exists(desk.path("two")));
    desk.write("two", desk.read(seen));  // as the other, which was faster, did
    close(lock);
    CHECK(slow.get().exit == 0);
    CHECK(desk.read("two") == desk.read(seen));
  }
  SECTION("by default it is kept under XDG_STATE_HOME, for each key") {
    CHECK(desk.Run("verify l" + kVkey).exit == 0);
    std::vector<std::size_t> names;
    for (const auto& file : std::filesystem::directory_iterator(desk.path("state/fundtrail/seen")))
      names.push_back(file.path().filename().string().size());
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::size_t>{64, 64 + std::string(".lock").size()});
  }
  SECTION("who can keep nothing may verify, and is told") {
    const auto verified = desk.Run("verify l" + kVkey + " --state /proc/none/seen");
    CHECK(verified.exit == 0);
    CHECK_THAT(verified.err, Contains("is not remembered"));
  }
}

TEST_CASE("verify --policy: no quorum, no yes") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPay + "--receipt r").exit == 0);
  Cosigned(desk, desk.read("r"));
  const auto alone = desk.Run("verify l --policy p" + kVkey);
  CHECK(alone.exit == 1);
  CHECK_THAT(alone.out, Contains("not cosigned by the policy's quorum \"W\""));
  desk.write("none", "quorum none\n");
  CHECK(desk.Run("verify l --policy none" + kVkey).exit == 0);
  desk.write("bad", "quorum none\nquorum none\n");
  const auto bad = desk.Run("verify l --policy bad" + kVkey);
  CHECK(bad.exit == 2);
  CHECK_THAT(bad.err, Contains("bad: line 2: there is a quorum already"));
  desk.Run("init l2 --name example.org/l2 --root-key k");
  desk.write("other", "log " + desk.read("l2/vkey") + "quorum none\n");
  const auto other = desk.Run("verify l --policy other" + kVkey);
  CHECK(other.exit == 2);
  CHECK_THAT(other.err, Contains("the policy lists other logs"));
}

TEST_CASE("bad input to the proof commands is told from what does not hold") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("old", desk.Run("--ledger l checkpoint").out);
  REQUIRE(desk.Run("--ledger l proof 0 --out r").exit == 0);
  const auto witness =
      tree::MakeVerifier("example.org/l", tree::KeyType::kCosignature,
                         crypto::ReadKeyFile(desk.path("clerk"), std::nullopt).value().public_key());
  const std::string witness_vkey = " --vkey " + tree::FormatVkey(witness.value());
  const struct {
    std::string arguments;
    std::string says;
  } kCases[] = {
      {"--ledger l proof x --out y", "names no record"},
      {"--ledger l proof 99 --out y", "no record 99"},
      {"--ledger l proof 0.5 --out y", "record 0 has no transfer 5"},
      {"--ledger l proof 1", "--out"},
      {"--ledger l proof 1 --out r", "r is there already, and nothing is overwritten"},
      {"--ledger l proof 1 --out none/r", "cannot make none/r: No such file or directory"},
      {"proof 1 --out y", "--ledger"},
      {"receipt verify r", "--vkey"},
      {"receipt verify none" + kVkey, "cannot read none"},
      {"receipt verify r --vkey nonsense", "three parts"},
      {"receipt verify r --policy none" + kVkey, "cannot read none"},
      {"receipt verify r --policy r" + kVkey, "line 1"},
      {"receipt check r", "there is no command \"receipt check\""},
      {"--ledger l consistency none", "cannot read none"},
      {"--ledger l consistency r", "not a checkpoint"},
      {"--ledger l consistency old --policy r", "--vkey"},
      {"verify l --since none" + kVkey, "cannot read none"},
      {"verify l" + witness_vkey, "is a witness's: a ledger's is needed"},
      {"clone l copy --follow" + kVkey, "is a ledger's folder, which is read as it is now"},
      {"clone l copy" + witness_vkey, "is a witness's: a ledger's is needed"},
      {"receipt verify r" + witness_vkey, "is a witness's: a ledger's is needed"},
  };
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run(one.arguments);
    INFO(ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  CHECK_FALSE(std::filesystem::exists(desk.path("y")));
}

}  // namespace
}  // namespace fundtrail::testing
