// Natural persons, with the real program: the commands of docs/privacy.md, and the numbers that it does not sign.
#include <catch2/catch.hpp>
#include <sstream>

#include "ledger/crypto/sealed_file.h"
#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr char kIdentity[] = "11010519491231002X";
const std::string kStore = " --store persons --store-passphrase-file words";

// The commands of the page, as one script: what one keeps, as `id`, the next ones use.
std::string ScriptOf(const std::string& page) {
  std::istringstream text(FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/" + page));
  std::string script;
  for (std::string line; std::getline(text, line);) {
    const bool command = line.rfind("    fundtrail ", 0) == 0 || line.rfind("    id=$(fundtrail ", 0) == 0;
    if (command) script += line.substr(4) + "\n";
  }
  return script;
}

TEST_CASE("the commands of the page on privacy run, and what is erased can be proved no more") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("words", "correct horse\n");
  desk.write("values", "name=Li Si\nphone=0857 5221234\n");
  // A store keeps the cost with which it was made: the usual one takes a second each time.
  REQUIRE(crypto::Init().ok());
  REQUIRE(crypto::SealedFile::Open(desk.path("persons"), "correct horse", crypto::SystemRandom(), {1, 8192})
              .value()
              ->Write("")
              .ok());
  // The ledger and the store are not where others read: what the script prints is all that is told.
  desk.write("script", "set -e\nfundtrail() { " + Program() + " \"$@\"; }\n" + ScriptOf("privacy.md"));
  const auto ran = desk.Shell("sh ./script");
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  CHECK_THAT(ran.out, Contains("--commitment name="));
  CHECK_THAT(ran.out, Contains("It holds: name of hh-"));
  CHECK_THAT(ran.out, Contains(" is \"Li Si\", bound by record "));
  CHECK_THAT(ran.err, Contains("1 value of hh-"));
  CHECK_THAT(ran.err, Contains("2 values of hh-"));

  // The proof that was handed out still holds, and the ledger says that the body keeps it no more.
  const auto checked = desk.Run("--ledger l personal check for-the-auditor");
  CHECK(checked.exit == 0);
  CHECK_THAT(checked.out, Contains(" says that it was erased where it was kept.\n"));
  const auto shown = desk.Run("personal show" + kStore);
  CHECK_THAT(shown.out, !Contains("Li Si"));
  CHECK_THAT(shown.out, !Contains("case-17"));
  CHECK_THAT(shown.out, !Contains("does not say so yet"));
  CHECK_THAT(desk.Shell("stat -c %a persons for-the-auditor").out, Contains("600\n600\n"));
  CHECK(desk.Run("verify l --vkey " + VkeyOf(desk)).exit == 0);

  // Another value than the one that was bound.
  std::string proof = desk.read("for-the-auditor");
  proof.replace(proof.find("Li Si"), 5, "Li Er");
  desk.write("changed", proof);
  const auto changed = desk.Run("--ledger l personal check changed");
  CHECK(changed.exit == 1);
  CHECK_THAT(changed.out, Contains("It does not hold: "));
  CHECK(desk.Run("personal show --store persons --store-passphrase-file k").exit == 2);
  const auto inside = desk.Run("personal new --store l/persons --store-passphrase-file words");
  CHECK(inside.exit == 2);
  CHECK_THAT(inside.err, Contains("the folder of a ledger"));
}

TEST_CASE("the client signs no text with a number of a person, and says so without the number") {
  const Desk desk;
  desk.MakeLedger();
  const std::string add = "--ledger l party add p --role recipient --parent hub --key k --name ";
  const auto refused = desk.Run(add + "'Li Si " + kIdentity + "'");
  CHECK(refused.exit == 2);
  CHECK(refused.out.empty());
  CHECK_THAT(refused.err, Contains("actions[0].register_party.name holds what reads as an identity number"));
  CHECK_THAT(refused.err, !Contains("19491231"));
  CHECK(
      desk.Run("--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key k --as root "
               "--memo 'ask 13812345678'")
          .exit == 2);
  CHECK(desk.Run(add + "'Stock number 4111111111111111' --not-personal").exit == 0);

  desk.write("parties.csv", std::string("id,name,role,parent\ngood,Good,recipient,hub\nbad,Li ") + kIdentity +
                                ",recipient,hub\n");
  const auto imported = desk.Run("--ledger l import registers party parties.csv --key k --as root");
  CHECK_THAT(imported.out, Contains("1 party added"));
  CHECK_THAT(imported.out, Contains("1 row rejected"));
  CHECK_THAT(desk.read("parties.csv.rejects.csv"),
             Contains("FIELD_INVALID at name: the field name holds what reads as an identity number"));
}

}  // namespace
}  // namespace fundtrail::testing
