// The ledger's key is replaced and the root changed, end to end. Two of three sign, and readers with the old vkey, the new
// one and a wrong one find out.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "ledger/crypto/key_file.h"
#include "ledger/tree/checkpoint.h"
#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// A ledger `l` as MakeLedger makes it, and two more root keys, k2 and k3, of which two must sign with k.
struct Aid : Desk {
  Aid() {
    Copied([](const Desk& first) {
      first.MakeLedger();
      for (const std::string key : {"k2", "k3"})
        first.write(key + ".public", first.Run("keygen --out " + key).out.substr(0, 64));
    });
    k2 = read("k2.public");
    k3 = read("k3.public");
    old_vkey = Vkey();
  }
  std::string Vkey() const {
    const std::string text = read("l/vkey");
    return text.substr(0, text.find('\n'));
  }
  Ran Verify(const std::string& vkey, const std::string& more = "", const std::string& dir = "l") const {
    return Run("verify " + dir + " --vkey '" + vkey + "' " + more);
  }
  Ran Receipt(const std::string& file, const std::string& more) const {
    return Run("receipt verify " + file + more);
  }
  std::string Records() const { return Run("--ledger l checkpoint").out; }
  std::string k2, k3, old_vkey;
};

std::string With(const std::string& vkey) { return " --vkey '" + vkey + "'"; }

TEST_CASE("the root's quorum goes from one to two of three, and one alone decides nothing more") {
  const Aid aid;
  const std::string change = "--ledger l root change --threshold 2 --add-key " + aid.k2 + " --add-key " +
                             aid.k3 + " --key k --as root";
  const auto alone = aid.Run(change);
  CHECK(alone.exit == 1);
  CHECK_THAT(alone.err, Contains("QUORUM_MISSING at actions[0].change_root.threshold"));
  CHECK(aid.Run(change + " --cosigner " + aid.k3).exit == 2);  // needs --out: the other has to sign first
  const auto written = aid.Run(change + " --cosigner " + aid.k3 + " --out change.signed");
  CHECK(written.exit == 0);
  CHECK_THAT(written.out, Contains("fundtrail cosign change.signed --key KEY"));
  CHECK(aid.Run(change + " --out change.signed").exit == 2);  // never overwrites
  CHECK(aid.Run(change + " --out x --receipt y").exit == 2);
  CHECK(aid.Run("cosign change.signed --key k3").exit == 0);
  REQUIRE(aid.Run("--ledger l submit change.signed").exit == 0);
  CHECK_THAT(aid.Run("--ledger l show 7").out, Contains("root: 2 must sign, key " + aid.k2 + " decides too"));
  CHECK_THAT(aid.Run("--ledger l key list").out, Contains("with 2 root keys together"));
  // As of the record before, one key decided alone.
  const std::string before = aid.Run("--ledger l key list --as-of 6").out;
  CHECK_THAT(before, Contains("As of record 6:\n"));
  CHECK_THAT(before, Contains("everything, by itself"));
  CHECK_THAT(before, !Contains(aid.k2.substr(0, 32)));
  CHECK(aid.Run("--ledger l key list --as-of 8").exit == 2);
  CHECK(aid.Run("--ledger l key list --as-of yesterday").exit == 2);
  CHECK_THAT(aid.Run("--ledger l asset add EUR --key k --as root").err, Contains("QUORUM_MISSING at author"));
  aid.write("eur.json",
            R"({"ledger":"example.org/l","author":"root","actions":[{"declareAsset":{"code":"EUR"}}]})");
  REQUIRE(aid.Run("sign eur.json --key k2 --cosigner " + aid.k3 + " --out eur.signed").exit == 0);
  REQUIRE(aid.Run("cosign eur.signed --key k3").exit == 0);
  CHECK(aid.Run("--ledger l submit eur.signed").exit == 0);
  CHECK(aid.Run("--ledger l root change --threshold 0 --key k --as root").exit == 1);
  const auto no_key = aid.Run("--ledger l root change --threshold 1 --add-key abc --key k --as root");
  CHECK(no_key.exit == 2);
  CHECK_THAT(no_key.err, Contains("--add-key"));
  CHECK(aid.Verify(aid.old_vkey).exit == 0);
}

TEST_CASE("two of three replace the ledger's key; old and new vkey verify, a wrong one does not") {
  const Aid aid;
  REQUIRE(aid.Run("--ledger l root change --threshold 2 --add-key " + aid.k2 + " --add-key " + aid.k3 +
                  " --key k --as root --cosigner " + aid.k2 + " --out c")
              .exit == 0);
  REQUIRE(aid.Run("cosign c --key k2").exit == 0);
  REQUIRE(aid.Run("--ledger l submit c").exit == 0);
  REQUIRE(aid.Run("--ledger l proof 1 --out old.receipt").exit == 0);
  aid.write("old.checkpoint", aid.Records());
  CHECK_THAT(aid.Run("--ledger l ledger-key list").out, Contains("was never rotated; its ID is "));

  CHECK(aid.Run("ledger-key prepare").exit == 2);
  const auto none = aid.Run("--ledger l ledger-key rotate --key k --as root");
  CHECK(none.exit == 2);
  CHECK_THAT(none.err, Contains("has no prepared key"));
  const auto prepared = aid.Run("--ledger l ledger-key prepare --out rotation.json");
  CHECK(prepared.exit == 0);
  CHECK_THAT(prepared.out, Contains("Nothing is replaced yet"));
  struct stat info {};
  REQUIRE(stat(aid.path("l/signing.key.next").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  const auto again = aid.Run("--ledger l ledger-key prepare");
  CHECK(again.exit == 0);
  CHECK_THAT(again.out, Contains("was prepared before, and stays"));
  const auto json = nlohmann::json::parse(aid.Run("--ledger l ledger-key prepare --json").out);
  const std::string vkey = json["vkey"];
  CHECK(json["made"] == false);
  CHECK(json["endorsed"] == true);
  CHECK_THAT(prepared.out, Contains(vkey));
  CHECK(aid.Vkey() == aid.old_vkey);

  const auto alone = aid.Run("--ledger l ledger-key rotate --key k --as root");
  CHECK(alone.exit == 1);
  CHECK_THAT(alone.err, Contains("QUORUM_MISSING"));
  REQUIRE(aid.Run("sign rotation.json --key k2 --cosigner " + aid.k3 + " --out rotation.signed").exit == 0);
  REQUIRE(aid.Run("cosign rotation.signed --key k3").exit == 0);
  CHECK(aid.Run("--ledger l submit rotation.signed --dry-run").exit == 0);
  REQUIRE(aid.Run("--ledger l submit rotation.signed --receipt rotation.receipt").exit == 0);
  CHECK(aid.Vkey() == vkey);
  CHECK_FALSE(std::filesystem::exists(aid.path("l/signing.key.next")));
  CHECK_THAT(aid.Run("--ledger l show 8").out, Contains("the ledger's key is now "));
  const auto list = nlohmann::json::parse(aid.Run("--ledger l ledger-key list --json").out);
  REQUIRE(list["keys"].size() == 2);
  CHECK(list["keys"][0]["vkey"] == aid.old_vkey);
  CHECK(list["keys"][1]["vkey"] == vkey);
  CHECK(list["keys"][1]["record"] == "8");
  CHECK_THAT(aid.Run("--ledger l ledger-key list --csv").out, Contains("," + vkey + ","));
  CHECK_THAT(vkey, Contains(list["key_id"].get<std::string>()));
  REQUIRE(aid.Run("--ledger l party add x --name X --key k --as root").exit == 1);  // one of two still
  REQUIRE(aid.Run("--ledger l proof 1 --out new.receipt").exit == 0);

  SECTION("verify: the old vkey leads to the new one, which is to be given from then on") {
    const auto by_old = aid.Verify(aid.old_vkey);
    INFO(by_old.out);
    CHECK(by_old.exit == 0);
    CHECK_THAT(by_old.out, Contains("replaced by record 8"));
    CHECK_THAT(by_old.out, Contains(vkey + "\n             which signed the checkpoint"));
    CHECK_THAT(by_old.out, Contains("Give the last one as --vkey from now on"));
    CHECK(aid.Verify(aid.old_vkey).exit == 0);
    const auto by_new = aid.Verify(vkey, "--since old.checkpoint");
    CHECK(by_new.exit == 0);
    CHECK_THAT(by_new.out, !Contains("from now on"));
    CHECK_THAT(by_new.out, Contains("begins     with the 8 records"));
    CHECK_THAT(
        by_new.out,
        Contains("begins     with the 9 records"));  // seen under the old key, and remembered for the new
    REQUIRE(aid.Run("init other --name example.org/l --root-key k").exit == 0);
    const auto by_other = aid.Run("verify l --vkey \"$(cat other/vkey)\"");
    CHECK(by_other.exit == 1);
    CHECK_THAT(by_other.out, Contains("is not one of the keys that the ledger's records name"));
    const auto answer = nlohmann::json::parse(aid.Verify(aid.old_vkey, "--json").out);
    CHECK(answer["vkey"] == vkey);
    CHECK(answer["ledger_keys"].size() == 2);
  }
  SECTION("receipts hold under the vkey of their time, and several can be given") {
    CHECK(aid.Receipt("old.receipt", With(aid.old_vkey)).exit == 0);
    CHECK(aid.Receipt("new.receipt", With(vkey)).exit == 0);
    CHECK(aid.Receipt("rotation.receipt", With(vkey)).exit == 0);
    for (const char* file : {"old.receipt", "new.receipt"})
      CHECK(aid.Receipt(file, With(aid.old_vkey) + With(vkey)).exit == 0);
    CHECK_THAT(aid.Receipt("new.receipt", With(aid.old_vkey) + With(vkey)).out,
               Contains("signed by " + vkey));
    const auto wrong = aid.Receipt("new.receipt", With(aid.old_vkey));
    CHECK(wrong.exit == 1);
    CHECK_THAT(wrong.out, Contains("WRONG_KEY: the checkpoint is not signed by the key that was given"));
    CHECK_THAT(wrong.out,
               Contains("if the ledger's key was rotated, give the one of that time as a further --vkey"));
    CHECK(aid.Receipt("new.receipt", With(vkey) + With(vkey)).exit == 2);
    CHECK(aid.Run("receipt verify" + With(vkey) + " new.receipt").exit == 0);  // it takes one value
  }
  SECTION("consistency of checkpoints on both sides of the rotation") {
    const auto both = aid.Run("--ledger l consistency old.checkpoint" + With(aid.old_vkey) + With(vkey));
    INFO(both.err);
    CHECK(both.exit == 0);
    CHECK_THAT(both.out, Contains("both checked"));
    const auto old_only = aid.Run("--ledger l consistency old.checkpoint" + With(aid.old_vkey));
    CHECK(old_only.exit == 1);
    CHECK_THAT(old_only.err, Contains("the ledger's present checkpoint: it is signed by another key"));
    CHECK_THAT(old_only.err, Contains("as a further --vkey"));
    const auto new_only = aid.Run("--ledger l consistency old.checkpoint" + With(vkey));
    CHECK(new_only.exit == 2);
    CHECK_THAT(new_only.err, Contains("old.checkpoint: it is signed by another key"));
  }
  SECTION("an archive and a clone follow as well") {
    REQUIRE(aid.Run("--ledger l archive www").exit == 0);
    CHECK(aid.Verify(aid.old_vkey, "--state s", "www").exit == 0);
    CHECK(aid.Verify(vkey, "--state s", "www").exit == 0);
    const auto clone = aid.Run("clone www copy" + With(aid.old_vkey));
    INFO(clone.err);
    CHECK(clone.exit == 0);
    CHECK_THAT(clone.out, Contains(vkey));
    CHECK(aid.read("copy/vkey") == vkey + "\n");
    CHECK(aid.Run("clone www copy" + With(vkey)).exit == 0);
    CHECK(aid.Run("--ledger copy ledger-key prepare").exit == 2);
  }
  SECTION("a policy lists both keys") {
    aid.write("p", "log " + aid.old_vkey + "\nlog " + vkey + "\nquorum none\n");
    CHECK(aid.Verify(aid.old_vkey, "--policy p").exit == 0);
    CHECK(aid.Receipt("new.receipt", With(vkey) + " --policy p").exit == 0);
    CHECK(aid.Receipt("old.receipt", With(vkey) + With(aid.old_vkey) + " --policy p").exit == 0);
    aid.write("p", "log " + aid.old_vkey + "\nquorum none\n");
    const auto old_only = aid.Verify(aid.old_vkey, "--policy p");
    CHECK(old_only.exit == 1);
    CHECK_THAT(old_only.out, Contains("the policy lists other logs"));
  }
}

TEST_CASE("one root key rotates by itself, and a stolen old key that signs on is told") {
  const Aid aid;
  std::filesystem::copy(aid.path("l/signing.key"), aid.path("stolen"));
  REQUIRE(aid.Run("--ledger l ledger-key prepare").exit == 0);
  const auto rotated = aid.Run("--ledger l ledger-key rotate --key k");
  INFO(rotated.err);
  REQUIRE(rotated.exit == 0);
  CHECK_THAT(rotated.out, Contains("Publish its verification key:\n" + aid.Vkey()));
  REQUIRE(aid.Run("--ledger l party add x --name X --key k").exit == 0);
  REQUIRE(aid.Run("--ledger l archive www").exit == 0);
  const auto stolen = crypto::ReadKeyFile(aid.path("stolen"), std::nullopt).value();
  const auto note = tree::ParseNote(aid.read("www/checkpoint")).value();
  const auto checkpoint = tree::ParseCheckpoint(note.text).value();
  aid.write("www/checkpoint", tree::SignCheckpoint(checkpoint, stolen).value());
  for (const std::string& vkey : {aid.old_vkey, aid.Vkey()}) {
    const auto verified = aid.Verify(vkey, "", "www");
    CHECK(verified.exit == 1);
    CHECK_THAT(verified.out, Contains("the checkpoint is signed with the key that was replaced by record 7"));
    CHECK(aid.Run("clone www copy" + With(vkey)).exit == 1);
  }
}

TEST_CASE("a lost key is replaced; who has only the old vkey is told what to compare") {
  const Aid aid;
  std::filesystem::remove(aid.path("l/signing.key"));
  CHECK_THAT(aid.Run("--ledger l ledger-key prepare").err, Contains("give --lost"));
  const auto prepared = aid.Run("--ledger l ledger-key prepare --lost");
  CHECK(prepared.exit == 0);
  CHECK_THAT(prepared.out, Contains("cannot endorse it"));
  CHECK_THAT(aid.Run("--ledger l party add x --name X --key k").err, Contains("the ledger's key is lost"));
  REQUIRE(aid.Run("--ledger l ledger-key rotate --key k").exit == 0);
  REQUIRE(aid.Run("--ledger l party add x --name X --key k").exit == 0);
  const auto by_old = aid.Verify(aid.old_vkey);
  CHECK(by_old.exit == 1);
  CHECK_THAT(by_old.out,
             Contains("record 7 gives the ledger a new key without the word of the key before it"));
  CHECK_THAT(by_old.out, Contains(aid.Vkey()));
  CHECK(aid.Verify(aid.Vkey()).exit == 0);
}

TEST_CASE("when the ledger's machine is gone, the root makes a clone the ledger") {
  const Aid aid;
  REQUIRE(aid.Run("clone l copy" + With(aid.old_vkey)).exit == 0);
  std::filesystem::remove_all(aid.path("l"));
  CHECK(aid.Run("--ledger copy party add x --name X --key k").exit == 2);
  REQUIRE(aid.Run("--ledger copy ledger-key prepare --lost").exit == 0);
  REQUIRE(aid.Run("--ledger copy ledger-key rotate --key k").exit == 0);
  CHECK(aid.Run("--ledger copy party add x --name X --key k").exit == 0);
  CHECK(aid.Run("verify copy --vkey \"$(cat copy/vkey)\"").exit == 0);
  CHECK(aid.Verify(aid.old_vkey, "", "copy").exit == 1);
}

TEST_CASE(
    "a reader who kept a checkpoint of the old key follows a rotation that the old key did not endorse") {
  const Aid aid;
  aid.write("old.checkpoint", aid.Records());
  REQUIRE(aid.Verify(aid.old_vkey, "--state seen").exit == 0);
  std::filesystem::remove(aid.path("l/signing.key"));
  REQUIRE(aid.Run("--ledger l ledger-key prepare --lost").exit == 0);
  REQUIRE(aid.Run("--ledger l ledger-key rotate --key k").exit == 0);
  CHECK(aid.Verify(aid.old_vkey, "--state other").exit == 1);
  CHECK(aid.Verify(aid.old_vkey, "--state other --since old.checkpoint").exit == 0);
  CHECK(aid.Verify(aid.old_vkey, "--state seen").exit == 0);
  CHECK(aid.Verify(aid.old_vkey, "--state seen").exit == 0);  // what was accepted stays so
}

TEST_CASE("bad input to ledger-key and root is told") {
  const Aid aid;
  aid.write("asset.json",
            R"({"ledger":"example.org/l","author":"root","actions":[{"declareAsset":{"code":"EUR"}}]})");
  const struct {
    std::string arguments;
    std::string says;
  } kCases[] = {
      {"--server 127.0.0.1:1 ledger-key prepare", "on the ledger's own machine"},
      {"--server 127.0.0.1:1 ledger-key rotate --key k", "give the FILE"},
      {"--ledger l ledger-key rotate asset.json --key k", "does not rotate the ledger's key"},
      {"--ledger l ledger-key rotate k --key k", "not an Entry"},
      {"--ledger l ledger-key prepare --lost", "is not lost"},
      {"--ledger none ledger-key prepare", "is not a ledger"},
      {"--ledger l root change --key k", "--threshold"},
      {"--ledger l ledger-key", "needs one of prepare, rotate, list"},
  };
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = aid.Run(one.arguments);
    INFO(ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  CHECK_FALSE(std::filesystem::exists(aid.path("l/signing.key.next")));
}

}  // namespace
}  // namespace fundtrail::testing
