// Rules have versions. A ledger that changes them in the middle is replayed by a program that knows both, and by one that
// knows the first only.
#include "ledger/books/rules.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "ledger/audit/clone.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/verify.h"
#include "ledger/books/state.h"
#include "ledger/folder/folder.h"
#include "ledger/log/head.h"
#include "ledger/log/ledger.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

using books::Rules;

// Version 2 lets fewer parties stand above one another.
constexpr std::array<Rules, 2> kBoth{{{1, 64}, {2, 3}}};
constexpr books::Rulebook kOld{kBoth.data(), 1};

// root - p1 - p2 - p3 - p4 by the first rules, which the second would refuse; then those are adopted.
struct Changed {
  Changed() {
    Need(crypto::Init());
    ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey), GenesisBytes(),
                                      clock.Read(), {}, kBoth));
    for (const auto& [child, parent] :
         {std::pair("p1", "root"), std::pair("p2", "p1"), std::pair("p3", "p2"), std::pair("p4", "p3")})
      Need(Do(Party(child, parent)).status());
    Need(Do(AdoptRules(2)).status());  // record 5
  }
  StatusOr<log::Receipt> Do(const v1::Action& action) {
    return ledger->AppendOne(SignedBytes(Entry("root", ++id, {action}), {1}), clock.Read());
  }
  v1::VerifyAnswer VerifiedBy(books::Rulebook known) const {
    audit::VerifyOptions options;
    options.vkey = ledger->vkey();
    options.known_rules = known;
    return Need(audit::VerifyStore(ledger->store(), options));
  }
  TestClock clock;
  std::uint64_t id = 100;
  std::unique_ptr<log::Ledger> ledger;
};

TEST_CASE("the records after it are judged by the rules that were adopted, those before by the ones before") {
  Changed changed;
  CHECK(Need(books::RulesInForce(changed.ledger->store())) == 2);
  const auto genesis = Need(books::NeedGenesis(changed.ledger->store()));
  REQUIRE(genesis.rules_size() == 2);
  CHECK(genesis.rules(0).record() == 0);
  CHECK(genesis.rules(0).version() == 1);
  CHECK(genesis.rules(1).record() == 6);
  CHECK(Verdict(changed.Do(Party("p5", "p4")).status()) ==
        "FIELD_INVALID at actions[0].register_party.parent");
  CHECK(changed.Do(Party("q3", "p2")).ok());
}

TEST_CASE("a program that knows both versions arrives at the same rows") {
  Changed changed;
  Need(changed.Do(Party("q3", "p2")).status());
  const auto answer = changed.VerifiedBy(kBoth);
  CHECK(answer.problem() == "");
  CHECK(answer.holds());
  CHECK(answer.needs_rules() == 0);
  CHECK(answer.size() == 7);
}

TEST_CASE("a program that is too old says so, and accuses nobody") {
  Changed changed;
  // The record that adopts the rules is judged by the ones before: nothing is beyond this program yet.
  CHECK(changed.VerifiedBy(kOld).holds());
  Need(changed.Do(Party("q3", "p2")).status());
  const auto answer = changed.VerifiedBy(kOld);
  CHECK_FALSE(answer.holds());
  CHECK(answer.needs_rules() == 2);
  CHECK(answer.has_bad_record());
  CHECK(answer.bad_record() == 6);
  CHECK(answer.problem() ==
        "record 6: needs rules 2, and this program knows rules 1 to 1: use a newer program");
}

TEST_CASE("what is wrong before the other rules is wrong all the same") {
  Changed changed;
  Need(changed.Do(Party("q3", "p2")).status());
  store::Overlay rows(static_cast<const store::Reader&>(changed.ledger->store()));
  const Bytes key = model::keys::Record(RecordIndex(3));
  Bytes record = *Need(rows.Get(key));
  record[40] = static_cast<char>(record[40] ^ 1);
  rows.Put(key, record);
  audit::VerifyOptions options;
  options.vkey = changed.ledger->vkey();
  options.known_rules = kOld;
  const auto answer = Need(audit::VerifyStore(rows, options));
  CHECK_FALSE(answer.holds());
  CHECK(answer.needs_rules() == 0);
  CHECK(answer.bad_record() == 3);
}

TEST_CASE("a record of newer rules is not read before it is known that they are newer") {
  Changed changed;
  Need(changed.Do(Party("q3", "p2")).status());
  const auto scratch = store::MakeMemoryStore();
  audit::Replay replay(scratch.get(), kLedgerName, {}, kOld);
  const auto records = RecordsOf(changed.ledger->store());
  for (std::size_t i = 0; i < records.size(); ++i) {
    audit::CheckedRecord checked;
    checked.key = model::keys::Record(RecordIndex(i));
    checked.bytes = records[i];
    audit::CheckAlone(&checked);
    // As an action is that this program has no field for.
    if (i == 6) checked.entry = model::Refuse(v1::REFUSAL_CODE_MALFORMED, "", "an unknown field");
    const auto taken = replay.Take(checked);
    if (i < 6) {
      CHECK(Need(taken) == std::nullopt);
    } else {
      CHECK(taken.status().code() == absl::StatusCode::kUnimplemented);
    }
  }
}

TEST_CASE("a ledger that begins with newer rules is told from its first record") {
  Need(crypto::Init());
  TestClock clock;
  v1::Action genesis = Genesis({1}, 1);
  genesis.mutable_genesis()->set_rules(2);
  const Bytes signed_bytes = SignedBytes(Entry("root", 0, {genesis}), {1});
  const auto made = log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey), signed_bytes,
                                        clock.Read(), {}, kBoth);
  const auto& ledger = *Need(made.status().ok() ? StatusOr<log::Ledger*>(made->get()) : made.status());
  audit::VerifyOptions options;
  options.vkey = ledger.vkey();
  options.known_rules = kOld;
  const auto answer = Need(audit::VerifyStore(ledger.store(), options));
  CHECK(answer.needs_rules() == 2);
  CHECK(answer.bad_record() == 0);
  options.known_rules = kBoth;
  CHECK(Need(audit::VerifyStore(ledger.store(), options)).holds());
}

TEST_CASE("no program adopts rules that it does not know, and none opens a ledger that has them") {
  Need(crypto::Init());
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const std::uint32_t newer = books::KnownRules().back().version + 1;
  const Bytes adopt = SignedBytes(Entry("root", 1, {AdoptRules(newer)}), {1});
  const std::string refused = "RULES_UNKNOWN at actions[0].adopt_rules.version";
  CHECK(Verdict(ledger->AppendOne(adopt, clock.Read()).status()) == refused);
  CHECK(Verdict(log::TryEntry(ledger->store(), adopt, clock.Read()).status()) == refused);
  CHECK(ledger->size() == 1);
  v1::Action genesis = Genesis({1}, 1);
  genesis.mutable_genesis()->set_rules(newer);
  CHECK(Verdict(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey),
                                    SignedBytes(Entry("root", 0, {genesis}), {1}), clock.Read())
                    .status()) == "RULES_UNKNOWN at actions[0].genesis.rules");

  Changed changed;
  auto copy = store::MakeMemoryStore();
  store::Batch rows;
  for (const auto& [key, value] : AllRows(changed.ledger->store())) rows[key] = value;
  REQUIRE(copy->Write(rows).ok());
  CHECK(log::CheckRules(*copy, kBoth).ok());
  CHECK(log::CheckRules(*copy, kOld).message() ==
        "the ledger: needs rules 2, and this program knows rules 1 to 1: use a newer program");
  CHECK(log::Ledger::Open(std::move(copy), Key(kLedgerKey), {}, kOld).status().code() ==
        absl::StatusCode::kUnimplemented);
}

TEST_CASE("a clone by a program that is too old leaves the copy as it was") {
  Changed changed;
  TempDir temp;
  audit::CloneOptions options;
  options.vkey = changed.ledger->vkey();
  const auto clone = [&] {
    return audit::Clone(audit::FromStore(changed.ledger->store()).get(), temp / "copy", options);
  };
  Need(clone().status());  // up to the record that adopts them
  Need(changed.Do(Party("q3", "p2")).status());
  const auto late = clone();
  CHECK(late.status().code() == absl::StatusCode::kUnimplemented);
  CHECK(late.status().message() ==
        "record 6: needs rules 2, and this program knows rules 1 to 1: use a newer program");
  const auto kept = Need(folder::OpenFolderToVerify(temp / "copy"));
  CHECK(RecordsOf(*kept).size() == 6);
}

}  // namespace
}  // namespace fundtrail::testing
