// A ledger that went over to newer rules than the programs know: they say so, accuse nobody, and change nothing.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "ledger/crypto/key_file.h"
#include "ledger/log/ledger.h"
#include "ledger/store/rocks.h"
#include "tests/served/daemon.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The desk's ledger `l`, which a newer program has had adopt rules 2, and then written to.
struct Newer {
  Newer() {
    desk.MakeLedger();
    const auto root = Need(crypto::ReadKeyFile(desk.path("k"), std::nullopt));
    const std::array<books::Rules, 2> both{{{1, 64}, {2, 64}}};
    const auto ledger = Need(
        log::Ledger::Open(Need(store::OpenRocks(desk.path("l/store"), store::Access::kWrite)),
                          Need(crypto::ReadKeyFile(desk.path("l/signing.key"), std::nullopt)), {}, both));
    for (const v1::Action& action : {AdoptRules(2), Asset("EUR")}) {
      v1::Entry entry = Entry("root", ledger->size(), {action});
      entry.set_ledger(ledger->name());
      Need(ledger
               ->AppendOne(model::SerialiseDeterministic(Need(model::SignEntry(entry, root))),
                           log::SystemClock())
               .status());
    }
    size = ledger->size();
    vkey = ledger->vkey();
  }
  const Desk desk;
  std::uint64_t size = 0;
  std::string vkey;
};

TEST_CASE("programs that are too old for a ledger's rules say so with exit 3") {
  const Newer newer;
  const Desk& desk = newer.desk;
  const std::string last = std::to_string(newer.size - 1);
  const std::string sentence = "needs rules 2, and this program knows rules 1 to 1: use a newer program";

  const auto verified = desk.Run("verify l --vkey " + newer.vkey);
  INFO(verified.out << verified.err);
  CHECK(verified.exit == 3);
  CHECK(
      verified.out.rfind(
          "CANNOT TELL  record " + last + ": " + sentence + ". The " + last +
              " records before it follow the rules; whether the checkpoint is theirs, that program tells too",
          0) == 0);
  const auto json = desk.Run("verify l --json --vkey " + newer.vkey);
  CHECK(json.exit == 3);
  const auto answer = nlohmann::json::parse(json.out);
  CHECK(answer["holds"] == false);
  CHECK(answer["needs_rules"] == 2);
  CHECK(answer["bad_record"] == last);

  const auto cloned = desk.Run("clone l copy --vkey " + newer.vkey);
  INFO(cloned.err);
  CHECK(cloned.exit == 3);
  CHECK_THAT(cloned.err, Contains("record " + last + ": " + sentence));
  CHECK_FALSE(std::filesystem::exists(desk.path("copy/store")));

  for (const char* command : {"balance hub", "list", "fund list", "asset add USD --key k", "checkpoint"}) {
    const auto ran = desk.Run(std::string("--ledger l ") + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("the ledger: " + sentence));
  }
  const auto served = desk.Shell(ServerProgram() + " --ledger l --listen 127.0.0.1:0");
  INFO(served.err);
  CHECK(served.exit == 3);
  CHECK_THAT(served.err, Contains(sentence));
}

TEST_CASE("the root quorum adopts rules by a command, and only those that the program knows") {
  const Desk desk;
  desk.MakeLedger();
  for (const auto& [version, code] : {std::pair("1", "RULES_NOT_NEWER"), std::pair("2", "RULES_UNKNOWN")}) {
    const auto ran = desk.Run(std::string("--ledger l --json rules adopt ") + version + " --key k");
    INFO(ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.out + ran.err, Contains(code));
  }
}

}  // namespace
}  // namespace fundtrail::testing
