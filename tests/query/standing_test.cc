// How something stands, which evaluations there are, and who takes part: each answer of small ledgers whose figures are known.
#include "ledger/query/standing.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/participation.h"
#include "tests/support/evaluations.h"
#include "tests/support/notices.h"
#include "tests/support/pages.h"
#include "tests/support/supply.h"

namespace fundtrail::testing {
namespace {

constexpr auto kContinue = v1::Evaluate::VERDICT_CONTINUE;
constexpr auto kImprove = v1::Evaluate::VERDICT_IMPROVE;
constexpr auto kSuspend = v1::Evaluate::VERDICT_SUSPEND;

query::View ViewOf(const Court& court) { return Need(query::MakeView(court.rows())); }

v1::StandingRequest OfProject(const std::string& project, const std::string& on = "") {
  v1::StandingRequest request;
  request.set_project(project);
  request.set_on(on);
  return request;
}
v1::StandingAnswer Ask(const Court& court, const v1::StandingRequest& request) {
  return Need(query::Standing(ViewOf(court), request));
}
// "SUSPEND: check SUSPEND, office IMPROVE as SUSPEND": the verdict, and each line.
std::string Told(const v1::StandingAnswer& answer) {
  std::string text = model::WordOf(answer.verdict());
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::StandingLine& line = answer.lines(i);
    CHECK(line.group_name() == "Party " + line.group());
    absl::StrAppend(&text, i == 0 ? ": " : ", ", line.group(), " ", model::WordOf(line.said()));
    if (line.counts_as() != line.said()) absl::StrAppend(&text, " as ", model::WordOf(line.counts_as()));
    if (!line.programme().empty()) absl::StrAppend(&text, " over ", line.programme());
  }
  return text;
}

TEST_CASE("the standing of a project: each group's verdict, since when, and what is frozen") {
  Court court;
  CHECK(Told(Ask(court, OfProject("lunches"))) == "VERDICT_UNSPECIFIED");
  Need(court.Do({In("lunches", Pay("donor", "ministry", 100)), Pay("donor", "ministry", 7)}));
  Need(court.Do({In("lunches", Pay("ministry", "county", 40)),
                 In("lunches", Pay("ministry", "village", 10, v1::TRANSFER_KIND_DISBURSEMENT))}));
  Need(court.Judge(Evaluation("a", "check", "lunches", kContinue)));
  court.OnDay(2);
  Need(court.Judge(Evaluation("b", "office", "lunches", kImprove)));  // by 2026-03-31
  const std::uint64_t then = court.size() - 1;
  auto answer = Ask(court, OfProject("lunches"));
  CHECK(Told(answer) == "IMPROVE: check CONTINUE, office IMPROVE");
  CHECK(answer.on() == "2026-03-03");
  CHECK(answer.name() == "Project lunches");
  CHECK(answer.lines(1).since() == "2026-03-03");
  CHECK_FALSE(answer.frozen());
  CHECK(answer.money().empty());
  // On a later day it is late.
  answer = Ask(court, OfProject("lunches", "2026-04-02"));
  CHECK(Told(answer) == "SUSPEND: check CONTINUE, office IMPROVE as SUSPEND");
  CHECK(answer.lines(1).since() == "2026-04-01");
  CHECK(answer.frozen());
  REQUIRE(answer.money_size() == 1);
  CHECK(answer.money(0).held() == 90);
  REQUIRE(answer.holdings_size() == 2);
  CHECK(answer.holdings(0).account().party() == "ministry");
  CHECK(answer.holdings(0).held() == 50);
  CHECK(answer.holdings(1).held() == 40);
  // What is lifted later stood then.
  Need(court.Judge(Evaluation("c", "office", "lunches", kContinue)));
  CHECK(Told(Ask(court, OfProject("lunches"))) == "CONTINUE: check CONTINUE, office CONTINUE");
  v1::StandingRequest past = OfProject("lunches", "2026-04-02");
  past.set_as_of(then);
  CHECK(Told(Ask(court, past)) == "SUSPEND: check CONTINUE, office IMPROVE as SUSPEND");
}

TEST_CASE("the standing of programmes, policies and parties") {
  Court court;
  Need(court.Do({In("roofs", Pay("donor", "ministry", 60))}));
  Need(court.Judge(OfProgramme("schools", Evaluation("s", "check", "", kSuspend))));
  Need(court.Judge(OfPolicy("warm", Evaluation("p", "check", "", kSuspend))));
  Need(court.Judge(OfParty("charity", Evaluation("c", "check", "", kSuspend))));
  const auto roofs = Ask(court, OfProject("roofs"));
  CHECK(Told(roofs) == "SUSPEND: check SUSPEND over schools");
  CHECK(roofs.frozen());
  v1::StandingRequest request;
  request.set_programme("schools");
  const auto schools = Ask(court, request);
  CHECK(Told(schools) == "SUSPEND: check SUSPEND");
  REQUIRE(schools.money_size() == 1);
  CHECK(schools.money(0).held() == 60);
  CHECK(schools.holdings().empty());
  for (const bool policy : {true, false}) {
    v1::StandingRequest other;
    policy ? other.set_policy("warm") : other.set_party("charity");
    const auto answer = Ask(court, other);
    CHECK(Told(answer) == "SUSPEND: check SUSPEND");
    CHECK_FALSE(answer.frozen());
  }
  CHECK(Told(Ask(court, OfProject("lunches"))) == "VERDICT_UNSPECIFIED");
}

TEST_CASE("what cannot be asked of a standing") {
  Court court;
  const auto code = [&](const v1::StandingRequest& request) {
    return query::Standing(ViewOf(court), request).status().code();
  };
  CHECK(code({}) == absl::StatusCode::kInvalidArgument);
  v1::StandingRequest two = OfProject("lunches");
  two.set_party("charity");
  CHECK(code(two) == absl::StatusCode::kInvalidArgument);
  CHECK(code(OfProject("nobody")) == absl::StatusCode::kNotFound);
  CHECK(code(OfProject("lunches", "yesterday")) == absl::StatusCode::kInvalidArgument);
  v1::StandingRequest early = OfProject("lunches"), late = early;
  early.set_as_of(1);
  late.set_as_of(court.size());
  CHECK(code(early) == absl::StatusCode::kNotFound);
  CHECK(code(late) == absl::StatusCode::kOutOfRange);
}

// --- evaluations ---------------------------------------------------------------------------------------------

v1::EvaluationsAnswer All(const Court& court, const v1::EvaluationsRequest& request) {
  const query::View view = ViewOf(court);
  return Need(Whole(query::Evaluations(view, request, query::PagingOf(request))));
}
std::string Ids(const v1::EvaluationsAnswer& answer) {
  std::string text;
  for (const auto& line : answer.lines()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", line.evaluation().action().evaluate().id(),
                    line.stands()     ? ""
                    : line.annulled() ? "!"
                                      : "-");
  }
  return text;
}

TEST_CASE("evaluations, by subject, group and verdict: totals, grades, appeals, and what stands") {
  Court court;
  v1::Action poor = Evaluation("b", "check", "lunches", kSuspend);
  poor.mutable_evaluate()->mutable_scores(0)->set_score(21);
  poor.mutable_evaluate()->mutable_scores(1)->set_score(40);
  Need(court.Judge(Evaluation("a", "check", "lunches", kContinue)));
  Need(court.Judge(poor));
  Need(court.Judge(Evaluation("c", "office", "roofs", kContinue)));
  Need(court.Judge(OfParty("charity", Evaluation("d", "check", "", kImprove))));
  CHECK(Ids(All(court, {})) == "a- b c d");
  v1::EvaluationsRequest of_lunches, by_check, suspended, standing;
  of_lunches.set_project("lunches");
  by_check.set_group("check");
  suspended.set_verdict(kSuspend);
  standing.set_standing(true);
  CHECK(Ids(All(court, of_lunches)) == "a- b");
  CHECK(Ids(All(court, by_check)) == "a- b d");
  CHECK(Ids(All(court, suspended)) == "b");
  CHECK(Ids(All(court, standing)) == "b c d");
  auto line = All(court, suspended).lines(0);
  CHECK(line.total() == 30);  // 30.5
  CHECK(line.grade() == "poor");
  CHECK(line.day() == "2026-03-01");
  CHECK(line.counts_as() == kSuspend);
  CHECK(line.open_appeals() == 0);
  // A later version of the method changes no grade that was given.
  const auto method = Need(books::GetItem(court.rows(), v1::Action::kSetMethod, "points"));
  v1::Action other = Method("points", "county", {{"A", 10'000}});
  other.mutable_set_method()->set_period_days(30);
  Need(court.Do({Amending(other, method->record())}));
  CHECK(All(court, suspended).lines(0).total() == 30);
  CHECK(All(court, suspended).lines(0).method_version() == method->record());
  Need(court.Do({AppealOf("b", "county")}));
  Need(court.Do({AppealOf("b", "charity")}));
  line = All(court, suspended).lines(0);
  CHECK(line.open_appeals() == 2);
  CHECK(line.evaluation().attestations_size() == 2);
  Need(court.Judge(DecisionOf("b", "office", v1::DecideAppeal::DECISION_UPHELD)));
  CHECK(All(court, suspended).lines(0).open_appeals() == 0);
  CHECK(Ids(All(court, suspended)) == "b");
  Need(court.Do({AppealOf("b", "county")}));
  CHECK(All(court, suspended).lines(0).open_appeals() == 1);
  Need(court.Judge(DecisionOf("b", "capital")));
  CHECK(Ids(All(court, suspended)) == "b!");
  v1::EvaluationsRequest past = suspended;
  past.set_as_of(court.size() - 2);
  CHECK(Ids(All(court, past)) == "b");
}

TEST_CASE("an evaluation is old once the method's days have gone") {
  Court court;
  v1::Action method = Method("yearly", "county", {{"A", 10'000}});
  method.mutable_set_method()->set_period_days(30);
  Need(court.Do({method}));
  v1::Action said = Evaluation("e", "check", "lunches", kContinue);
  said.mutable_evaluate()->set_method("yearly");
  said.mutable_evaluate()->mutable_scores()->RemoveLast();
  Need(court.Judge(said));
  v1::EvaluationsRequest request;
  for (const auto& [day, old] : {std::pair("2026-03-31", false), std::pair("2026-04-01", true)}) {
    request.set_on(day);
    CHECK(All(court, request).lines(0).old() == old);
  }
}

TEST_CASE("pages of evaluations, cut in every way, give the whole") {
  Court court;
  for (int i = 0; i < 7; ++i)
    Need(court.Judge(
        Evaluation("e" + std::to_string(i), i % 3 == 0 ? "office" : "check", "lunches", kSuspend)));
  const query::View view = ViewOf(court);
  v1::EvaluationsRequest by_check;
  by_check.set_group("check");
  for (const v1::EvaluationsRequest& asked : {v1::EvaluationsRequest(), by_check}) {
    const std::string whole = Ids(All(court, asked));
    for (std::uint64_t limit = 1; limit <= 8; ++limit) {
      std::string text, after;
      do {
        v1::EvaluationsRequest request = asked;
        request.set_limit(limit);
        request.set_after(after);
        const auto page = All(court, request);
        CHECK(static_cast<std::uint64_t>(page.lines_size()) <= limit);
        absl::StrAppend(&text, text.empty() || page.lines().empty() ? "" : " ", Ids(page));
        after = page.next();
      } while (!after.empty());
      CHECK(text == whole);
    }
  }
  v1::EvaluationsRequest cut;
  cut.set_limit(1);
  v1::EvaluationsRequest other = by_check;
  other.set_after(All(court, cut).next());
  CHECK(query::Evaluations(view, other, query::PagingOf(other)).status().code() ==
        absl::StatusCode::kInvalidArgument);
  other.set_after("");
  other.set_group("nobody");
  CHECK(query::Evaluations(view, other, query::PagingOf(other)).status().code() ==
        absl::StatusCode::kNotFound);
}

// --- who takes part ------------------------------------------------------------------------------------------

v1::Action OfKind(v1::RegisterParty::Kind kind, v1::Action party) {
  party.mutable_register_party()->set_kind(kind);
  return party;
}

TEST_CASE("who takes part: sources by kind, how long they stay, and what reached somebody") {
  Court court;
  Need(court.Do({OfKind(v1::RegisterParty::KIND_GOVERNMENT, Party("state", "root", v1::ROLE_SOURCE)),
                 OfKind(v1::RegisterParty::KIND_COMPANY, Party("shop", "root", v1::ROLE_SOURCE)),
                 OfKind(v1::RegisterParty::KIND_COMPANY, Party("mill", "root", v1::ROLE_SOURCE)),
                 Party("unrecorded", "root", v1::ROLE_SOURCE), Inferred("hamlet", "root"),
                 Fund("school", "root")}));
  Need(court.Do({Pay("state", "ministry", 100), OnDay("2025-05-01", Pay("state", "ministry", 100)),
                 In("lunches", Pay("shop", "ministry", 60)), Into("lunches", Pay("mill", "ministry", 40)),
                 Pay("unrecorded", "ministry", 50)}));
  const std::uint64_t before = court.size() - 1;
  Need(court.Do({In("lunches", Pay("ministry", "village", 30, v1::TRANSFER_KIND_DISBURSEMENT)),
                 Pay("ministry", "hamlet", 20, v1::TRANSFER_KIND_DISBURSEMENT),
                 Returning(Pay("ministry", "state", 10), Ref(before))}));
  v1::ParticipationRequest request;
  const auto ask = [&] { return Need(query::Participation(ViewOf(court), request)); };
  auto answer = ask();
  REQUIRE(answer.assets_size() == 1);
  v1::AssetParticipation all = answer.assets(0);
  CHECK(all.sources() == 3);
  CHECK(all.lasting() == 1);
  CHECK(all.brought() == 300);
  CHECK(all.unrecorded() == 50);
  CHECK(all.largest() == "state");
  CHECK(all.largest_brought() == 200);
  CHECK(all.reached() == 30);
  CHECK(all.ended() == 20);
  CHECK(all.with_sources() == 10);
  CHECK(all.held() == 290);
  CHECK(all.places() == 1);
  // What came in lies somewhere.
  CHECK(all.brought() + all.unrecorded() == all.held() + all.ended() + all.reached() + all.with_sources());
  REQUIRE(all.kinds_size() == 2);
  CHECK(all.kinds(0).kind() == v1::RegisterParty::KIND_GOVERNMENT);
  CHECK(all.kinds(0).share() == 6'667);
  CHECK(all.kinds(1).sources() == 2);
  CHECK(all.kinds(1).share() == 3'333);
  request.set_project("lunches");
  all = ask().assets(0);
  CHECK(all.sources() == 2);
  CHECK(all.brought() == 100);
  CHECK(all.kinds(0).share() == 10'000);
  CHECK(all.reached() == 30);
  request.set_as_of(before);
  CHECK(ask().assets(0).reached() == 0);
  request.clear_as_of();
  request.clear_project();
  request.set_programme("schools");
  CHECK(ask().assets().empty());
  request.set_project("lunches");
  CHECK(query::Participation(ViewOf(court), request).status().code() == absl::StatusCode::kInvalidArgument);
  request.clear_programme();
  request.clear_project();
  request.set_fund("school");
  CHECK(ask().assets().empty());
  request.set_fund("nobody");
  CHECK(query::Participation(ViewOf(court), request).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("access: the days from a pledge to the first payment under it, of the whole ledger alone") {
  Court court;
  Need(court.Do({Pay("donor", "ministry", 1'000), Fund("school", "root")}));
  v1::ParticipationRequest request;
  const auto told = [&] {
    const v1::AssetParticipation line = Need(query::Participation(ViewOf(court), request)).assets(0);
    return absl::StrCat(line.has_pledges() ? absl::StrCat(line.pledges()) : "-", " ", line.pledges_paid(),
                        " ", line.has_pledge_median_days() ? absl::StrCat(line.pledge_median_days()) : "-");
  };
  CHECK(told() == "0 0 -");
  for (const char* id : {"a", "b", "c", "d"}) Need(court.Do({PledgeOf(id, "donor", 100)}));
  v1::Action goods = PledgeOf("e", "donor", 0);
  goods.mutable_pledge()->set_quantity(5);
  goods.mutable_pledge()->set_unit("sacks");
  Need(court.Do({goods}));
  CHECK(told() == "4 0 -");
  court.OnDay(3);
  Need(court.Do({Keeping("a", "", Pay("donor", "ministry", 10))}));
  const std::uint64_t first = court.size() - 1;
  CHECK(told() == "4 1 3");
  court.OnDay(8);
  Need(court.Do(
      {Keeping("b", "", Pay("donor", "ministry", 10)), Keeping("a", "", Pay("donor", "ministry", 10))}));
  CHECK(told() == "4 2 3");  // of 3 and 8 the lower
  court.OnDay(9);
  Need(court.Do({Keeping("c", "", Pay("donor", "ministry", 10))}));
  CHECK(told() == "4 3 8");
  // What was sent back had been paid.
  Need(court.Do({Returning(Pay("ministry", "donor", 10), Ref(court.size() - 1))}));
  CHECK(told() == "4 3 8");
  request.set_as_of(first);
  CHECK(told() == "4 1 3");
  request.set_as_of(first - 1);
  CHECK(told() == "4 0 -");
  request.clear_as_of();
  request.set_fund("flood");
  CHECK(told() == "- 0 -");
}

TEST_CASE("access: the days from a call to the first pledge that names it, of the whole ledger alone") {
  Court court;
  v1::ParticipationRequest request;
  const auto told = [&] {
    const auto answer = Need(query::Participation(ViewOf(court), request));
    return absl::StrCat(answer.has_calls() ? absl::StrCat(answer.calls()) : "-", " ", answer.calls_answered(),
                        " ", answer.has_call_median_days() ? absl::StrCat(answer.call_median_days()) : "-");
  };
  const auto answering = [](const std::string& call, v1::Action pledge) {
    pledge.mutable_pledge()->set_call(call);
    return pledge;
  };
  CHECK(told() == "0 0 -");
  Need(court.Do({Call("one", "county", "town"), Call("two", "county", "town"),
                 Call("three", "county", "town"), Notice("plan", "county", "town")}));
  CHECK(told() == "3 0 -");
  // One that names no call answers none.
  Need(court.Do({PledgeOf("a", "donor", 100)}));
  CHECK(told() == "3 0 -");
  court.OnDay(4);
  // Of goods, too.
  v1::Action goods = answering("one", PledgeOf("b", "donor", 0));
  goods.mutable_pledge()->set_quantity(5);
  goods.mutable_pledge()->set_unit("sacks");
  Need(court.Do({goods}));
  const std::uint64_t first = court.size() - 1;
  CHECK(told() == "3 1 4");
  court.OnDay(9);
  // By id it comes before the first, and was made after it.
  Need(court.Do(
      {answering("one", PledgeOf("a1", "donor", 10)), answering("two", PledgeOf("c", "donor", 10))}));
  CHECK(told() == "3 2 4");  // of 4 and 9 the lower
  // What was withdrawn was published, and answered.
  Need(court.Do(
      {End("notice", "two", Need(books::GetItem(court.rows(), v1::Action::kAnnounce, "two"))->record())}));
  CHECK(told() == "3 2 4");
  request.set_as_of(first);
  CHECK(told() == "3 1 4");
  request.set_as_of(first - 1);
  CHECK(told() == "3 0 -");
  request.clear_as_of();
  request.set_fund("flood");
  CHECK(told() == "- 0 -");
}

TEST_CASE("shares of random sources are the whole, and each is within one part of what it is exactly") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Court court;
  std::vector<v1::Action> parties, payments;
  std::map<int, std::int64_t> by_kind;
  std::int64_t whole = 0;
  for (int i = 0; i < 40; ++i) {
    const std::string id = "source" + std::to_string(i);
    const int kind = static_cast<int>(random() % 12);
    parties.push_back(OfKind(static_cast<v1::RegisterParty::Kind>(kind), Party(id, "root", v1::ROLE_SOURCE)));
    const auto amount = static_cast<std::int64_t>(1 + random() % 100'000);
    payments.push_back(Pay(id, "ministry", amount));
    by_kind[kind] += amount;
    whole += amount;
  }
  Need(court.Do(parties));
  Need(court.Do(payments));
  const auto answer = Need(query::Participation(ViewOf(court), {}));
  const v1::AssetParticipation& all = answer.assets(0);
  CHECK(all.sources() == 40);
  CHECK(all.brought() == whole);
  std::uint32_t sum = 0;
  std::int64_t last = whole;
  REQUIRE(static_cast<std::size_t>(all.kinds_size()) == by_kind.size());
  for (const v1::KindOfSource& kind : all.kinds()) {
    CHECK(kind.brought() == by_kind.at(kind.kind()));
    CHECK(kind.brought() <= last);
    last = kind.brought();
    const std::int64_t exactly = 10'000 * kind.brought() / whole;
    CHECK((kind.share() == exactly || kind.share() == exactly + 1));
    sum += kind.share();
  }
  CHECK(sum == 10'000);
}

}  // namespace
}  // namespace fundtrail::testing
