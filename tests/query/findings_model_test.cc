// The rules that share one pass, against what is counted by hand on random ledgers. IDLE is against coins. Twins, splits, payments to
// itself and money without a source are against loops over all pairs of transfers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/query/idle.h"
#include "ledger/store/memory.h"
#include "tests/support/findings.h"
#include "tests/support/money_game.h"
#include "tests/support/random_ledger.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("IDLE finds each coin that came long ago and lies there") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, false, true);
  const Date on = Need(ParseDate("2026-03-01"));
  constexpr int kDays = 500;
  const Ways ways(game.coins);
  std::map<AccountKey, std::pair<std::int64_t, std::set<RefKey>>> expected;
  for (const auto& [account, line] : game.coins.lines) {
    if (game.coins.roles.at(std::get<0>(account)) != v1::ROLE_HOLDER) continue;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (line[at].drawn) continue;
      const RefKey ref = ways.arrived.at({account, at});
      if (on.days() - Need(ParseDate(game.made.at(ref).value_date())).days() < kDays) continue;
      ++expected[account].first;
      expected[account].second.insert(ref);
    }
  }
  const query::View view = game.view();
  const auto answer = FoundBy(view, v1::FINDING_RULE_IDLE, "2026-03-01", {"IDLE.days=500"});
  REQUIRE(answer.findings_size() == static_cast<int>(expected.size()));
  for (const v1::Finding& finding : answer.findings()) {
    const auto& [amount, refs] = expected.at(AccountKey(finding.parties(0), finding.fund(), finding.asset()));
    CHECK(finding.amount() == amount);
    CHECK(EvidenceOf(finding) == refs);
  }
}

// Payments of few amounts on few days, so that many are alike; nothing is sent back.
struct Crowded {
  struct Paid {
    RefKey ref;
    std::string from, to, reference, purpose;
    std::int64_t amount = 0;
    int day = 0;
  };
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::vector<Paid> paid;

  explicit Crowded(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<std::string> payers = {"donor", "unrecorded", "ministry", "county"};
    const std::vector<std::string> payees = {"ministry", "county", "village"};
    Do({Party("county", "ministry"), Party("unrecorded", "root", v1::ROLE_SOURCE)});
    Do({Pay("donor", "ministry", 1'000'000), Pay("donor", "county", 1'000'000)});
    const auto first = Need(ParseDate("2026-01-01"));
    for (int i = 0; i < 60; ++i) {
      Paid one;
      one.from = payers[random() % payers.size()];
      one.to = payees[random() % payees.size()];
      one.amount = static_cast<std::int64_t>(10 + random() % 3);
      one.day = static_cast<int>(random() % 12);
      if (random() % 2 == 0) one.reference = "INV-" + std::to_string(random() % 3);
      one.purpose = random() % 2 == 0 ? "care" : "meals";
      v1::Action pay =
          OnDay(fundtrail::ToString(Date(first.days() + one.day)), Pay(one.from, one.to, one.amount));
      pay.mutable_transfer()->set_reference(one.reference);
      pay.mutable_transfer()->set_purpose(one.purpose);
      one.ref = {Do({pay}), 1};
      paid.push_back(one);
    }
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
};

TEST_CASE(
    "DUPLICATE finds each set of equal payments, SERIOUS where two have one reference and one purpose") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Crowded crowded(seed);
  std::map<std::tuple<std::string, std::string, std::int64_t, int>, std::vector<Crowded::Paid>> alike;
  for (const auto& one : crowded.paid)
    if (one.from != "unrecorded") alike[{one.from, one.to, one.amount, one.day}].push_back(one);
  std::map<std::set<RefKey>, bool> expected;  // whether it is serious
  for (const auto& [key, payments] : alike) {
    if (payments.size() < 2) continue;
    std::set<RefKey> refs;
    std::multiset<std::pair<std::string, std::string>> words;
    for (const auto& one : payments) {
      refs.insert(one.ref);
      if (!one.reference.empty()) words.emplace(one.reference, one.purpose);
    }
    expected[refs] =
        std::any_of(words.begin(), words.end(), [&](const auto& said) { return words.count(said) > 1; });
  }
  const query::View view = Need(query::MakeView(crowded.ledger->store()));
  // No run is so long.
  const auto answer = FoundBy(view, v1::FINDING_RULE_DUPLICATE, "2026-03-01", {"DUPLICATE.run=500"});
  std::map<std::set<RefKey>, bool> found;
  for (const v1::Finding& finding : answer.findings())
    found[EvidenceOf(finding)] = finding.grade() == v1::Finding::GRADE_SERIOUS;
  CHECK(found == expected);
}

TEST_CASE("SPLIT finds a pair of parties exactly where a window of days comes to the limit") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Crowded crowded(seed);
  constexpr int kWindow = 3, kLimit = 30;
  std::set<std::pair<std::string, std::string>> expected, found;
  for (const auto& begin : crowded.paid) {
    if (begin.from == "unrecorded" || begin.from == begin.to) continue;
    std::int64_t sum = 0;
    for (const auto& one : crowded.paid)
      if (one.from == begin.from && one.to == begin.to && one.day >= begin.day &&
          one.day < begin.day + kWindow)
        sum += one.amount;
    if (sum >= kLimit) expected.insert({begin.from, begin.to});
  }
  const query::View view = Need(query::MakeView(crowded.ledger->store()));
  const auto answer = FoundBy(view, v1::FINDING_RULE_SPLIT, "2026-03-01", {"SPLIT.days=3", "SPLIT.limit=30"});
  std::set<RefKey> used;
  for (const v1::Finding& finding : answer.findings()) {
    found.insert({finding.parties(0), finding.parties(1)});
    std::int64_t sum = 0;
    std::set<int> days;
    for (const RefKey& ref : EvidenceOf(finding)) {
      CHECK(used.insert(ref).second);  // no payment is in two findings
      const auto one = std::find_if(crowded.paid.begin(), crowded.paid.end(),
                                    [&](const auto& paid) { return paid.ref == ref; });
      REQUIRE(one != crowded.paid.end());
      sum += one->amount;
      days.insert(one->day);
    }
    CHECK(sum == finding.amount());
    CHECK(sum >= kLimit);
    CHECK(*days.rbegin() - *days.begin() < kWindow);
    CHECK((finding.grade() == v1::Finding::GRADE_SERIOUS) == (days.size() == 1));
  }
  CHECK(found == expected);
}

TEST_CASE("payments to itself, and money without a source, are all of them") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Crowded crowded(seed);
  std::map<std::string, std::int64_t> itself, unrecorded, found_itself, found_unrecorded;
  for (const auto& one : crowded.paid) {
    if (one.from == one.to) itself[one.from] += one.amount;
    if (one.from == "unrecorded") unrecorded[one.to] += one.amount;
  }
  const query::View view = Need(query::MakeView(crowded.ledger->store()));
  const auto trips = FoundBy(view, v1::FINDING_RULE_ROUND_TRIP, "2026-03-01");
  for (const v1::Finding& finding : trips.findings()) {
    if (finding.kind() == v1::Finding::KIND_PAYS_ITSELF) {
      found_itself[finding.parties(0)] = finding.amount();
    } else {
      CHECK(finding.parties(0) == finding.parties(finding.parties_size() - 1));
      CHECK(finding.parties_size() == 3);  // two holders pay one another
    }
  }
  const auto out = FoundBy(view, v1::FINDING_RULE_OUT_EXCEEDS_IN, "2026-03-01");
  for (const v1::Finding& finding : out.findings()) found_unrecorded[finding.parties(0)] = finding.amount();
  CHECK(found_itself == itself);
  CHECK(found_unrecorded == unrecorded);
}

TEST_CASE("equal payments that differ in their words are never serious, however many there are") {
  const std::uint64_t seed = GENERATE(take(5, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  ViewedLedger equal;
  // Care at one price on one day, each with its own number; and one invoice whose lines are the same but for what they are for.
  std::vector<v1::Action> care, lines;
  for (int i = 0; i < 60; ++i) {
    care.push_back(Pay("donor", "ministry", 1'000));
    care.back().mutable_transfer()->set_reference("C-" + std::to_string(i));
    care.back().mutable_transfer()->set_purpose("care");
    lines.push_back(Pay("donor", "ministry", 70));
    lines.back().mutable_transfer()->set_reference("INV-1");
    lines.back().mutable_transfer()->set_purpose("line " + std::to_string(i));
  }
  std::vector<v1::Action> all = care;
  all.insert(all.end(), lines.begin(), lines.end());
  std::shuffle(all.begin(), all.end(), random);
  equal.Do(all);
  const query::View view = equal.view();
  const auto answer = FoundBy(view, v1::FINDING_RULE_DUPLICATE, "2026-03-01", {"DUPLICATE.run=500"});
  REQUIRE(answer.findings_size() == 2);
  for (const v1::Finding& finding : answer.findings()) {
    CHECK(finding.grade() == v1::Finding::GRADE_LOOK);
    CHECK(finding.count() == 60);
  }
  // One more line with all of its words is what makes it serious.
  equal.Do({lines.front()});
  const query::View later = equal.view();
  CHECK(FoundBy(later, v1::FINDING_RULE_DUPLICATE, "2026-03-01", {"DUPLICATE.run=500"}).rules(0).serious() ==
        1);
}

TEST_CASE("IDLE as of a record finds what each account held then, exchanges and returns among what came") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  RandomLedger made(seed, true);
  const query::View view = Need(query::MakeView(made.ledger->store()));
  for (int i = 0; i < 6; ++i) {
    std::map<std::string, std::int64_t> expected, found;
    const std::uint64_t record = made.Below(made.ledger->size());
    v1::IdleRequest idle;
    idle.set_on("2099-01-01");
    idle.set_as_of(record);
    const auto lying = Need(Whole(query::Idle(view, idle, {})));
    for (const auto& line : lying.lines())
      expected[line.account().party() + " " + line.account().fund() + " " + line.account().project() + " " +
               line.account().asset()] = line.held();
    v1::FindingsRequest request;
    request.add_rules(v1::FINDING_RULE_IDLE);
    request.set_on("2099-01-01");
    request.add_set("IDLE.days=0");
    request.set_as_of(record);
    const auto answer = Need(Whole(query::Findings(view, request, {})));
    for (const v1::Finding& finding : answer.findings()) {
      found[finding.parties(0) + " " + finding.fund() + " " + finding.project() + " " + finding.asset()] =
          finding.amount();
      CHECK(finding.compared() == finding.amount());
    }
    CHECK(found == expected);
  }
}

TEST_CASE("HELD_UPSTREAM finds each receipt of which more than a part of its coins lies there") {
  const std::uint64_t seed = GENERATE(take(20, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, false, true);
  const Date on = Need(ParseDate("2026-03-01"));
  constexpr int kDays = 500;
  const Ways ways(game.coins);
  std::map<RefKey, std::int64_t> left, expected, found;
  for (const auto& [account, line] : game.coins.lines)
    for (std::size_t at = 0; at < line.size(); ++at)
      if (!line[at].drawn && game.coins.roles.at(std::get<0>(account)) == v1::ROLE_HOLDER)
        ++left[ways.arrived.at({account, at})];
  for (const auto& [ref, held] : left) {
    const v1::Transfer& of = game.made.at(ref);
    if (of.kind() != v1::TRANSFER_KIND_APPROPRIATION && of.kind() != v1::TRANSFER_KIND_ALLOCATION) continue;
    if (of.from() == "unrecorded") continue;  // what an import opened
    if (on.days() - Need(ParseDate(of.value_date())).days() < kDays) continue;
    if (held * 2 > of.amount()) expected[ref] = held;
  }
  const query::View view = game.view();
  const auto answer = FoundBy(view, v1::FINDING_RULE_HELD_UPSTREAM, "2026-03-01",
                              {"HELD_UPSTREAM.days=500", "HELD_UPSTREAM.part=5000"});
  for (const v1::Finding& finding : answer.findings()) {
    REQUIRE(finding.evidence_size() == 1);
    const RefKey ref{finding.evidence(0).record(), finding.evidence(0).line()};
    found[ref] = finding.amount();
    CHECK(finding.compared() == game.made.at(ref).amount());
  }
  CHECK(found == expected);
}

TEST_CASE(
    "MAGNITUDE finds each payment far above the median of its payer and kind, and each that is its "
    "reference") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  ViewedLedger game;
  std::map<std::pair<std::string, int>, std::vector<std::int64_t>> amounts;
  std::map<RefKey, v1::Transfer> paid;
  std::set<RefKey> expected_reference, found_reference, found_above, expected_above;
  for (int i = 0; i < 80; ++i) {
    const bool large = random() % 10 == 0;
    const std::string from = random() % 2 == 0 ? "donor" : "ministry";
    const auto amount = static_cast<std::int64_t>(large ? 1'000 + random() % 1'000 : 90 + random() % 30);
    v1::Action pay = Pay(from, "ministry", amount,
                         random() % 2 == 0 ? v1::TRANSFER_KIND_ALLOCATION : v1::TRANSFER_KIND_DISBURSEMENT);
    const bool named = random() % 8 == 0;
    pay.mutable_transfer()->set_reference(named ? "A-" + std::to_string(amount) : "A-7");
    if (!game.Takes({pay})) continue;
    const RefKey ref{game.ledger->size() - 1, 1};
    paid[ref] = pay.transfer();
    amounts[{from, pay.transfer().kind()}].push_back(amount);
    if (named && amount >= 100) expected_reference.insert(ref);
  }
  for (const auto& [ref, of] : paid) {
    std::vector<std::int64_t> all = amounts.at({of.from(), of.kind()});
    std::sort(all.begin(), all.end());
    if (all.size() >= 5 && of.amount() > 5 * all[(all.size() - 1) / 2]) expected_above.insert(ref);
  }
  const query::View view = game.view();
  const auto answer = FoundBy(view, v1::FINDING_RULE_MAGNITUDE, "2026-03-01",
                              {"MAGNITUDE.times=5", "MAGNITUDE.payments=5", "MAGNITUDE.digits=3"});
  for (const v1::Finding& finding : answer.findings()) {
    REQUIRE(finding.evidence_size() == 1);
    const RefKey ref{finding.evidence(0).record(), finding.evidence(0).line()};
    (finding.kind() == v1::Finding::KIND_FAR_ABOVE ? found_above : found_reference).insert(ref);
  }
  CHECK(found_above == expected_above);
  CHECK(found_reference == expected_reference);
}

TEST_CASE("SILENT finds what each payer paid each recipient and got no word of, less what came back") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  ViewedLedger silent;
  REQUIRE(silent.Takes({Party("hamlet", "root", v1::ROLE_RECIPIENT)}));
  std::vector<std::pair<std::uint64_t, v1::Transfer>> paid;
  std::map<std::uint64_t, std::int64_t> kept;  // by record; of what nobody needs to acknowledge 0
  for (int i = 0; i < 80; ++i) {
    const auto amount = static_cast<std::int64_t>(1 + random() % 20);
    if (!paid.empty() && random() % 3 == 0) {
      const auto& [record, of] = paid[random() % paid.size()];
      if (silent.Takes({Returning(Pay(of.to(), of.from(), amount), Ref(record))})) kept[record] -= amount;
      continue;
    }
    v1::Action pay = Pay(random() % 2 == 0 ? "donor" : "ministry",
                         random() % 3 == 0   ? "ministry"
                         : random() % 2 == 0 ? "village"
                                             : "hamlet",
                         amount);
    if (random() % 5 == 0) pay = Committed(pay);
    const std::uint64_t record = silent.ledger->size();
    if (!silent.Takes({pay})) continue;
    paid.emplace_back(record, pay.transfer());
    kept[record] = amount;
  }
  std::map<std::pair<std::string, std::string>, std::int64_t> expected, found;
  for (const auto& [record, of] : paid)
    if (of.stage() != v1::STAGE_COMMITTED && of.to() != "ministry" && kept[record] > 0)
      expected[{of.from(), of.to()}] += kept[record];
  const query::View view = silent.view();
  const auto answer = FoundBy(view, v1::FINDING_RULE_SILENT, "2027-01-01");
  for (const v1::Finding& finding : answer.findings())
    found[{finding.parties(0), finding.parties(1)}] = finding.amount();
  CHECK(found == expected);
  CHECK(FoundBy(view, v1::FINDING_RULE_SILENT, "2026-03-02").findings().empty());  // recorded the day before
}

}  // namespace
}  // namespace fundtrail::testing
