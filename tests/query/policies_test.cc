// Which policies are in force and who accepted, which of them overlap, say the same or conflict, and which needs have none. It
// is of a made ledger by GAO's definitions (GAO-15-49SP), and against a naive model on random ones.
#include "ledger/query/policies.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/policy_gaps.h"
#include "ledger/query/policy_pairs.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/policies.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Pair = v1::PolicyPair;
using PairsRequest = v1::PolicyPairsRequest;

// cn ─┬─ gz ─┬─ bj     HLP ─┬─ EDU     people ─┬─ poor (CNY 4,000)     and old (60 years), by itself
//     │      └─ zy          └─ JOB             └─ poorer (CNY 3,000)
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("HLP"), Category("EDU", "HLP"), Category("JOB", "HLP"), PeopleGroup("people"),
        PeopleGroup("poor", "people", "", 4'000, "income", "CNY"),
        PeopleGroup("poorer", "people", "", 3'000, "income", "CNY"),
        PeopleGroup("old", "", "", 60, "age", "years"), Party("county", "root"), Party("charity", "root"),
        Seated(Party("auditor", "root"), "cn"), Programme("lunches", "county"),
        Programme("work", "charity")});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  query::View view() const { return Need(query::MakeView(ledger->store())); }
  v1::PolicyPairsAnswer Pairs(const PairsRequest& request = {}) const {
    const query::View now = view();
    return Need(Whole(query::PolicyPairs(now, request, {})));
  }
  // "a b 2500 duplication MODALITY"
  std::string Told(const PairsRequest& request = {}) const {
    std::string text;
    const auto answer = Pairs(request);
    for (const Pair& pair : answer.pairs()) {
      absl::StrAppend(&text, pair.one().id(), " ", pair.other().id(), " ", pair.degree());
      if (pair.to_integrate()) {
        absl::StrAppend(&text, " integrate");
      } else if (pair.duplication()) {
        absl::StrAppend(&text, " duplication");
      }
      for (const auto& conflict : pair.conflicts())
        absl::StrAppend(&text, " ", model::WordOf(conflict.kind()));
      absl::StrAppend(&text, "\n");
    }
    return text;
  }
};

PairsRequest Of(PairsRequest::Kind kind) {
  PairsRequest request;
  request.set_kind(kind);
  return request;
}

TEST_CASE("by GAO's definitions: fragmented, overlapping, duplicative") {
  Ground g;
  // Three leads in one broad area; two train the same people for jobs; the third helps others, elsewhere.
  g.Do({Aiming(For(Policy("a", "county"), {"gz"}, {"JOB"}, {"poor"}), "JOB", "people in work"),
        Aiming(For(Policy("b", "charity"), {"gz"}, {"JOB"}, {"poor"}), "JOB", "people in work"),
        Through(v1::OpenPolicy::INSTRUMENT_LOAN, For(Policy("c", "ministry"), {"cn"}, {"HLP"}, {"people"})),
        For(Policy("d", "county"), {"sc"}, {"EDU"}, {"old"})});
  // c has 3 places, 2 categories and 2 groups: 12 cells; a and b have 2 of them.
  CHECK(g.Told() == "a b 10000 integrate\na c 1666\nb c 1666\n");
  CHECK(g.Told(Of(PairsRequest::KIND_DUPLICATION)) == "a b 10000 integrate\n");
  CHECK(g.Told(Of(PairsRequest::KIND_INTEGRATE)) == "a b 10000 integrate\n");
  CHECK(g.Told(Of(PairsRequest::KIND_CONFLICT)).empty());
  const auto counts = g.Pairs().counts();
  CHECK(counts.policies() == 4);
  CHECK(counts.overlaps() == 3);
  CHECK(counts.duplications() == 1);
  CHECK(counts.to_integrate() == 1);
  CHECK(counts.conflicts() == 0);
  // Another objective, another instrument, another group: no duplication to integrate, none, and no overlap.
  Ground h;
  h.Do({Aiming(For(Policy("a", "county"), {"gz"}, {"JOB"}, {"poor"}), "JOB", "people in work"),
        Aiming(For(Policy("b", "county"), {"bj"}, {"JOB"}, {"poor"}), "JOB", "people in training"),
        Through(v1::OpenPolicy::INSTRUMENT_LOAN, For(Policy("c", "county"), {"bj"}, {"JOB"}, {"poor"})),
        For(Policy("d", "county"), {"bj"}, {"JOB"}, {"old"})});
  CHECK(h.Told(Of(PairsRequest::KIND_OVERLAP)) == "a b 5000 duplication\na c 5000\nb c 10000\n");
}

TEST_CASE("each kind of conflict, and what is beside it") {
  const auto told = [](const v1::Action& one, const v1::Action& other) {
    Ground g;
    g.Do({one, other});
    std::string text = g.Told(Of(PairsRequest::KIND_CONFLICT));
    return text;
  };
  const auto in = [](const std::string& id, const std::string& group = "poor",
                     const std::string& place = "bj") {
    return For(Policy(id, "county"), {place}, {"HLP"}, {group});
  };
  using Clause = v1::Clause;
  CHECK_THAT(told(Saying(in("a"), Clause::MODALITY_FORBID, "cash"),
                  Saying(in("b"), Clause::MODALITY_PERMIT, "cash")),
             Contains("MODALITY"));
  CHECK_THAT(told(Saying(in("a"), Clause::MODALITY_REQUIRE, "cash"),
                  Saying(in("b"), Clause::MODALITY_FORBID, "cash", "EDU")),
             Contains("MODALITY"));
  CHECK(told(Saying(in("a"), Clause::MODALITY_REQUIRE, "cash"),
             Saying(in("b"), Clause::MODALITY_PERMIT, "cash"))
            .empty());
  CHECK(
      told(Saying(in("a"), Clause::MODALITY_FORBID, "cash"), Saying(in("b"), Clause::MODALITY_PERMIT, "rice"))
          .empty());
  CHECK(told(Saying(in("a"), Clause::MODALITY_FORBID, "cash", "JOB"),
             Saying(in("b"), Clause::MODALITY_PERMIT, "cash", "EDU"))
            .empty());
  CHECK(told(Saying(in("a"), Clause::MODALITY_FORBID, "cash"),
             Saying(in("b", "poor", "sc"), Clause::MODALITY_PERMIT, "cash"))
            .empty());
  CHECK_THAT(
      told(Aiming(in("a"), "EDU", "pupils"), Aiming(in("b"), "HLP", "pupils", v1::Objective::DIRECTION_DOWN)),
      Contains("GOAL"));
  CHECK(
      told(Aiming(in("a"), "EDU", "pupils"), Aiming(in("b"), "JOB", "pupils", v1::Objective::DIRECTION_DOWN))
          .empty());
  CHECK(told(Aiming(in("a"), "EDU", "pupils"), Aiming(in("b"), "EDU", "pupils")).empty());
  // Two bounds of one thing: they have no group in common, and the same places and help.
  CHECK(told(in("a"), in("b", "poorer")) == "a b 0 DEFINITION\n");
  CHECK(told(in("a"), in("b", "old")).empty());
  CHECK(told(in("a"), in("b", "poorer", "sc")).empty());
  v1::Action excluding = in("b");
  excluding.mutable_open_policy()->add_exclusive_with("a");
  CHECK_THAT(told(in("a"), excluding), Contains("EXCLUSIVE"));
  excluding = in("b", "poor", "zy");
  excluding.mutable_open_policy()->add_exclusive_with("a");
  CHECK(told(in("a"), excluding).empty());
}

TEST_CASE("two leads that accepted for one cell conflict, and a party that is only named has not accepted") {
  Ground g;
  g.Do({For(Policy("a", "county"), {"gz"}), For(Policy("b", "charity"), {"bj"})});
  const auto acceptances = [&] {
    const query::View now = g.view();
    std::string text;
    const auto all_1 = Need(Whole(query::Policies(now, {}, {})));
    for (const auto& line : all_1.lines())
      for (const auto& party : line.responsible())
        absl::StrAppend(&text, party.party(), " ", model::WordOf(party.acceptance()), "\n");
    return text;
  };
  CHECK(acceptances() == "county NAMED\ncharity NAMED\n");
  const std::uint64_t one = g.Do({DutyAt("d1", "root", "county", "zy", "")});
  const std::uint64_t other = g.Do({DutyAt("d2", "root", "charity", "gz", "EDU")});
  CHECK(acceptances() == "county NAMED\ncharity NAMED\n");
  g.Do({Accept("d1", one, "county"), Accept("d2", other, "charity", v1::AcceptDuty::REPLY_DECLINED)});
  CHECK(acceptances() == "county ACCEPTED\ncharity DECLINED\n");
  g.Do({Accept("d2", other, "charity")});
  CHECK(acceptances() == "county ACCEPTED\ncharity ACCEPTED\n");
  // zy and bj are apart.
  CHECK(g.Told(Of(PairsRequest::KIND_CONFLICT)).empty());
  const std::uint64_t both = g.Do({DutyAt("d3", "root", "county", "bj", "")});
  g.Do({Accept("d3", both, "county")});
  CHECK_THAT(g.Told(Of(PairsRequest::KIND_CONFLICT)), Contains("DUTY"));
  // A duty for another place is none for this policy, and another role is another duty.
  const std::uint64_t far =
      g.Do({For(Policy("c", "ministry"), {"sc"}), DutyAt("d4", "root", "ministry", "gz", ""),
            DutyAt("d5", "root", "ministry", "sc", "", v1::AssignDuty::ROLE_FUND)});
  g.Do({Accept("d4", far, "ministry"), Accept("d5", far, "ministry")});
  CHECK_THAT(acceptances(), Contains("ministry NAMED\n"));
}

TEST_CASE("the money at stake is that of the parts which touch what is common") {
  Ground g;
  const std::uint64_t record = g.Do({Where(InProgramme("lunches", Project("tents", "county")),
                                           {{"bj", 7'500}, {"sc", 2'500}}, {{"EDU", 0}})});
  g.Do({Decide("tents", record)});
  g.Do({Into("tents", Pay("donor", "ministry", 1'000))});
  g.Do({With("lunches", For(Policy("a", "county"), {"gz"}, {"EDU"})),
        For(Policy("b", "charity"), {"bj"}, {"HLP"}), For(Policy("c", "charity"), {"cn"}, {"JOB"})});
  const auto answer = g.Pairs();
  REQUIRE(answer.pairs_size() == 2);  // a and c have no category in common
  REQUIRE(answer.pairs(0).at_stake_size() == 1);
  CHECK(answer.pairs(0).other().id() == "b");
  CHECK(answer.pairs(0).at_stake(0).asset() == "CNY");
  CHECK(answer.pairs(0).at_stake(0).amount() == 750);
  CHECK(answer.pairs(0).places_size() == 1);
  CHECK(answer.pairs(0).places(0) == "bj");
  CHECK(answer.pairs(0).categories(0) == "EDU");
  CHECK(answer.pairs(1).at_stake_size() == 0);
}

TEST_CASE("policies that exclude each other name the first recipient that has money in projects of both") {
  Ground g;
  const auto in_gz = [](const v1::Action& project) { return Where(project, {{"gz", 0}}, {}); };
  const std::uint64_t record =
      g.Do({in_gz(InProgramme("lunches", Project("tents", "county"))),
            in_gz(InProgramme("work", Project("shops", "charity"))), in_gz(Project("alone", "county")),
            Party("abbey", "root", v1::ROLE_RECIPIENT)});
  g.Do({Decide("tents", record), Decide("shops", record), Decide("alone", record)});
  v1::Action excluding = With("work", For(Policy("b", "charity"), {"gz"}, {"EDU"}));
  excluding.mutable_open_policy()->add_exclusive_with("a");
  g.Do({With("lunches", For(Policy("a", "county"), {"gz"}, {"EDU"})), excluding});
  const auto paid = [&](std::optional<std::uint64_t> as_of = std::nullopt) {
    PairsRequest request = Of(PairsRequest::KIND_CONFLICT);
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = g.Pairs(request);
    REQUIRE(answer.pairs_size() == 1);
    REQUIRE(answer.pairs(0).conflicts_size() == 1);
    CHECK(answer.pairs(0).conflicts(0).kind() == v1::PolicyConflict::KIND_EXCLUSIVE);
    return answer.pairs(0).conflicts(0).what();
  };
  CHECK(paid().empty());
  // A holder is in both, a recipient in one and in no project, and another in the one and in a third.
  g.Do({Into("tents", Pay("donor", "ministry", 100)), Into("shops", Pay("donor", "ministry", 100)),
        Into("alone", Pay("donor", "ministry", 100)), Pay("donor", "ministry", 100)});
  g.Do({In("tents", Pay("ministry", "village", 10)), Pay("ministry", "village", 10),
        In("shops", Pay("ministry", "abbey", 10)), In("alone", Pay("ministry", "abbey", 10))});
  CHECK(paid().empty());
  const std::uint64_t back = g.Do({In("shops", Pay("ministry", "village", 10))});
  CHECK(paid() == "village");
  const std::uint64_t both = g.Do({In("tents", Pay("ministry", "abbey", 1))});
  CHECK(paid() == "abbey");
  CHECK(paid(back) == "village");
  CHECK(paid(back - 1).empty());
  // What went back is not there.
  g.Do({Returning(In("tents", Pay("village", "ministry", 10)), Ref(both - 2)),
        Returning(In("tents", Pay("abbey", "ministry", 1)), Ref(both))});
  CHECK(paid().empty());
}

TEST_CASE("a policy is in force from its first day to its last, until it ends, as of a record") {
  Ground g;
  const std::uint64_t record = g.Do({During("2026-02-01", "2026-02-28", Policy("a", "county"))});
  g.Do({Policy("b", "charity")});
  const auto on = [&](const std::string& day, std::optional<std::uint64_t> as_of = std::nullopt) {
    PairsRequest request;
    request.set_on(day);
    if (as_of.has_value()) request.set_as_of(*as_of);
    return g.Pairs(request).pairs_size();
  };
  CHECK(on("2026-01-31") == 0);
  CHECK(on("2026-02-01") == 1);
  CHECK(on("2026-02-28") == 1);
  CHECK(on("2026-03-01") == 0);
  const std::uint64_t last = g.Do({End("policy", "a", record)}) - 1;
  CHECK(on("2026-02-01") == 0);
  CHECK(on("2026-02-01", last) == 1);
}

TEST_CASE("needs without a policy, the worst first") {
  Ground g;
  const auto grave = [](v1::Action need, std::uint32_t severity, const std::string& group = "") {
    need.mutable_declare_need()->set_severity(severity);
    need.mutable_declare_need()->set_target_group(group);
    return need;
  };
  const std::uint64_t record = g.Do(
      {grave(NeedAt("n1", "county", "bj", "EDU", 10), 3), grave(NeedAt("n2", "county", "bj", "EDU", 20), 2),
       grave(NeedAt("n3", "county", "sc", "JOB", 5), 5), grave(NeedAt("n4", "county", "gz", "EDU", 7), 4),
       grave(NeedAt("n5", "county", "bj", "EDU", 8), 4, "old"), NeedAt("n6", "county", "sc", "EDU", 99)});
  for (const char* need : {"n1", "n2", "n3", "n4", "n5"}) g.Do({Verify(need, record)});
  g.Do({For(Policy("a", "county"), {"bj"}, {"EDU"}, {"poor"})});
  const auto told = [&](v1::PolicyGapsRequest request = {}, std::size_t page_parts = 500) {
    query::Paging paging;
    paging.page_parts = page_parts;
    const query::View now = g.view();
    const auto answer = Need(Whole(query::PolicyGaps(now, request, paging)));
    std::string text = absl::StrCat(answer.with_policy(), " of ", answer.needs(), ":");
    for (const auto& gap : answer.gaps())
      absl::StrAppend(&text, " ", gap.place(), "/", gap.category(), "/", gap.target_group(), "=",
                      gap.people(), "*", gap.severity());
    return text;
  };
  // bj has a policy for its needs of anybody, and not for its old; gz as a whole has none.
  CHECK(told() == "2 of 5: sc/JOB/=5*5 bj/EDU/old=8*4 gz/EDU/=7*4");
  CHECK(told({}, 1) == told());
  v1::PolicyGapsRequest request;
  request.set_unverified(true);
  CHECK(told(request) == "2 of 6: sc/JOB/=5*5 bj/EDU/old=8*4 gz/EDU/=7*4 sc/EDU/=99*0");
  request.set_place("gz");
  CHECK(told(request) == "2 of 4: bj/EDU/old=8*4 gz/EDU/=7*4");
  // bj and zy are all of gz.
  g.Do({For(Policy("b", "county"), {"bj", "zy"}, {}, {})});
  CHECK(told() == "4 of 5: sc/JOB/=5*5");
}

TEST_CASE("what is asked for must be there") {
  Ground g;
  const query::View now = g.view();
  PairsRequest request;
  request.set_policy("none");
  CHECK(query::PolicyPairs(now, request, {}).status().code() == absl::StatusCode::kNotFound);
  request.Clear();
  request.set_place("none");
  CHECK(query::PolicyPairs(now, request, {}).status().code() == absl::StatusCode::kNotFound);
  request.Clear();
  request.set_kind(static_cast<PairsRequest::Kind>(77));
  CHECK(query::PolicyPairs(now, request, {}).status().code() == absl::StatusCode::kInvalidArgument);
  request.Clear();
  request.set_as_of(1'000);
  CHECK(query::PolicyPairs(now, request, {}).status().code() == absl::StatusCode::kOutOfRange);
  query::Paging paging;
  paging.after = "none";
  CHECK(query::PolicyPairs(now, {}, paging).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(query::PolicyGaps(now, {}, paging).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(query::Policies(now, {}, paging).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE(
    "random policies: pairs are those of a naive comparison, in pages of any size, and by place or policy") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const std::map<std::string, std::set<std::string>> places = {
      {"cn", {"bj", "zy", "sc"}}, {"gz", {"bj", "zy"}}, {"sc", {"sc"}}, {"bj", {"bj"}}, {"zy", {"zy"}}};
  const std::map<std::string, std::set<std::string>> categories = {
      {"HLP", {"EDU", "JOB"}}, {"EDU", {"EDU"}}, {"JOB", {"JOB"}}};
  const auto any = [&](const auto& of) {
    auto at = of.begin();
    std::advance(at, static_cast<long>(random() % of.size()));
    return *at;
  };
  for (int round = 0; round < 5; ++round) {
    Ground g;
    std::vector<std::set<std::string>> cells;
    std::vector<v1::Action> actions;
    for (int i = 0; i < 12; ++i) {
      const auto place = any(places);
      const auto category = any(categories);
      actions.push_back(For(Policy("p" + std::to_string(10 + i), "county"), {place.first}, {category.first}));
      std::set<std::string>& of = cells.emplace_back();
      for (const auto& p : place.second)
        for (const auto& c : category.second) of.insert(p + c);
    }
    g.Do(actions);
    const auto model = [&](int only, const std::string& in) {
      std::string text;
      for (int one = 0; one < 12; ++one) {
        for (int other = one + 1; other < 12; ++other) {
          std::size_t both = 0, there = 0;
          for (const auto& cell : cells[one]) {
            both += cells[other].count(cell);
            const bool is_in = in.empty() || places.at(in).count(cell.substr(0, 2)) > 0;
            there += is_in ? cells[other].count(cell) : 0;
          }
          if (there == 0 || (only >= 0 && only != one && only != other)) continue;
          absl::StrAppend(&text, "p", 10 + one, " p", 10 + other, " ",
                          both * 10'000 / (cells[one].size() + cells[other].size() - both), "\n");
        }
      }
      return text;
    };
    const auto told = [&](const PairsRequest& request, std::size_t page_parts) {
      std::string text;
      query::Paging paging;
      const query::View now = g.view();
      for (bool more = true; more;) {
        paging.limit = page_parts;
        const auto page = Need(Whole(query::PolicyPairs(now, request, paging)));
        for (const Pair& pair : page.pairs())
          absl::StrAppend(&text, pair.one().id(), " ", pair.other().id(), " ", pair.degree(), "\n");
        paging.after = page.next();
        more = !page.next().empty();
      }
      return text;
    };
    PairsRequest request;
    CHECK(told(request, 0) == model(-1, ""));
    CHECK(told(request, 1) == model(-1, ""));
    CHECK(told(request, 7) == model(-1, ""));
    request.set_place("gz");
    CHECK(told(request, 3) == model(-1, "gz"));
    request.set_policy("p14");
    CHECK(told(request, 2) == model(4, "gz"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
