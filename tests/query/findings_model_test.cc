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

#include "ledger/model/references.h"
#include "ledger/query/findings/findings.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/money_game.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {
namespace {

v1::FindingsAnswer FoundBy(const query::View& view, v1::FindingRule rule, const std::string& on,
                           const std::vector<std::string>& set = {}) {
  v1::FindingsRequest request;
  request.add_rules(rule);
  request.set_on(on);
  for (const std::string& one : set) request.add_set(one);
  return Need(Whole(query::Findings(view, request, {})));
}

std::set<RefKey> EvidenceOf(const v1::Finding& finding) {
  std::set<RefKey> refs;
  for (const v1::TransferRef& ref : finding.evidence()) refs.insert({ref.record(), ref.line()});
  return refs;
}

TEST_CASE("IDLE finds each coin that came long ago and lies there") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, false, true);
  const Date on = Need(ParseDate("2026-03-01"));
  constexpr int kDays = 500;
  const Ways ways(game.coins);
  std::map<AccountKey, std::pair<std::int64_t, std::set<RefKey>>> expected;
  for (const auto& [account, line] : game.coins.lines) {
    if (game.coins.roles.at(std::get<0>(account)) != v1::HOLDER) continue;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (line[at].drawn) continue;
      const RefKey ref = ways.arrived.at({account, at});
      if (on.days() - Need(ParseDate(game.made.at(ref).value_date())).days() < kDays) continue;
      ++expected[account].first;
      expected[account].second.insert(ref);
    }
  }
  const query::View view = game.view();
  const auto answer = FoundBy(view, v1::IDLE, "2026-03-01", {"IDLE.days=500"});
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
    Do({Party("county", "ministry"), Party("unrecorded", "root", v1::SOURCE)});
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
  const auto answer = FoundBy(view, v1::DUPLICATE, "2026-03-01", {"DUPLICATE.run=500"});
  std::map<std::set<RefKey>, bool> found;
  for (const v1::Finding& finding : answer.findings())
    found[EvidenceOf(finding)] = finding.grade() == v1::Finding::SERIOUS;
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
  const auto answer = FoundBy(view, v1::SPLIT, "2026-03-01", {"SPLIT.days=3", "SPLIT.limit=30"});
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
    CHECK((finding.grade() == v1::Finding::SERIOUS) == (days.size() == 1));
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
  const auto trips = FoundBy(view, v1::ROUND_TRIP, "2026-03-01");
  for (const v1::Finding& finding : trips.findings()) {
    if (finding.kind() == v1::Finding::PAYS_ITSELF) {
      found_itself[finding.parties(0)] = finding.amount();
    } else {
      CHECK(finding.parties(0) == finding.parties(finding.parties_size() - 1));
      CHECK(finding.parties_size() == 3);  // two holders pay one another
    }
  }
  const auto out = FoundBy(view, v1::OUT_EXCEEDS_IN, "2026-03-01");
  for (const v1::Finding& finding : out.findings()) found_unrecorded[finding.parties(0)] = finding.amount();
  CHECK(found_itself == itself);
  CHECK(found_unrecorded == unrecorded);
}

}  // namespace
}  // namespace fundtrail::testing
