// What coverage reads: of a place only what names it or a place below, with the same answer as when all is read. As of every
// record it answers what it answered then.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/query/coverage.h"
#include "ledger/query/project_rows.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {
namespace {

using Request = v1::CoverageRequest;

const std::vector<std::string> kCategories = {"EDU", "PRO", "CPN"};
const std::vector<std::string> kAssets = {"", "CNY", "USD"};
const std::vector<Request::By> kBy = {Request::BY_PLACE,     Request::BY_CATEGORY, Request::BY_CELL,
                                      Request::BY_PROGRAMME, Request::BY_PROJECT,  Request::BY_FUND};

// A ledger that grows by chance. Of what is refused nothing is left.
class Country {
 public:
  explicit Country(std::uint64_t seed) : random_(seed) {
    ledger_ = Need(NewLedger(store::MakeMemoryStore(), clock_.Read()));
    REQUIRE(
        Do({Place("cn"), Category("EDU"), Category("PRO"), Category("CPN", "PRO"), Party("county", "root"),
            Party("charity", "root"), Party("team", "charity"), Party("relief", "root"),
            Seated(Party("auditor", "root"), "cn"), Seated(Party("clinic", "root", v1::ROLE_RECIPIENT), "cn"),
            Asset("USD"), Programme("prog", "county"), Fund("school", "root"), Inferred("hamlet", "root")}));
    places_ = {"cn"};
  }

  void Grow() {
    switch (Below(14)) {
      case 0:
        return AddPlace();
      case 1:
      case 2:
        return Declare();
      case 3:
        if (!needs_.empty()) VerifyOne();
        return;
      case 4:
        if (Below(3) == 0 && !needs_.empty()) EndOne("need", &needs_);
        return;
      case 5:
        return Propose();
      case 6:
        if (!projects_.empty()) DecideOne();
        return;
      case 7:
      case 8:
        return Deploy();
      case 9:
      case 10:
        Do({Into(AnyProject(), Paying("donor", "ministry", 1'000))});
        return;
      case 11:
        Do({In(AnyProject(), Paying("ministry", Any({"village", "hamlet", "clinic", "charity"}), 300))});
        return;
      case 12:
        return Meet();
      default:
        return MoveMoney();
    }
  }

  // A new place stands for another one, which ends or does not, in time or by a record. Some stand below none.
  void Succeed() {
    const std::string old = Any(places_), id = absl::StrCat("s", places_.size());
    const std::string parent = Below(3) == 0 ? "" : Any(places_);
    const int level = parent.empty() ? 0 : levels_[parent] + 1;
    v1::Action place = Place(id, parent, static_cast<std::uint32_t>(level));
    place.mutable_declare_place()->add_succeeds(old);
    if (Below(3) == 0) place.mutable_declare_place()->set_valid_to("2026-02-01");
    const std::uint64_t record = ledger_->size();
    if (level > 9 || places_.size() > 16 || !Do({place})) return;
    levels_[id] = level;
    places_.push_back(id);
    of_places_[id] = record;
    if (Below(3) > 0 && of_places_.count(old) > 0) Do({End("place", old, of_places_[old])});
  }

  StatusOr<v1::CoverageAnswer> Ask(const Request& request) const {
    return query::Coverage(Need(query::MakeView(ledger_->store())), request);
  }
  Request Question(const std::string& place) {
    Request request;
    request.set_by(kBy[Below(kBy.size())]);
    request.set_place(place);
    if (Below(3) == 0) request.set_category(Any(kCategories));
    request.set_asset(Any(kAssets));
    request.set_unverified(Below(3) == 0);
    request.set_depth(static_cast<std::uint32_t>(Below(4)));
    return request;
  }

  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  std::string Any(const std::vector<std::string>& some) { return some[Below(some.size())]; }
  const std::vector<std::string>& places() const { return places_; }
  const log::Ledger& ledger() const { return *ledger_; }
  int direct() const { return direct_; }

 private:
  using Versions = std::map<std::string, std::uint64_t>;  // the record of each item's present version

  bool Do(const std::vector<v1::Action>& actions) {
    return ledger_->AppendOne(SignedBytes(Entry("root", next_id_++, actions), {1}), clock_.Read()).ok();
  }
  // One more version, or a first one.
  void Put(const std::string& id, const v1::Action& action, Versions* versions) {
    const std::uint64_t record = ledger_->size();
    const auto known = versions->find(id);
    if (Do({known == versions->end() ? action : Amending(action, known->second)})) (*versions)[id] = record;
  }
  std::string AnyOf(const Versions& versions) {
    auto at = versions.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(Below(versions.size())));
    return at->first;
  }
  std::string AnyProject() { return absl::StrCat("x", Below(7)); }
  v1::Action Paying(const std::string& from, const std::string& to, std::uint64_t most) {
    v1::Action pay = Pay(from, to, 1 + static_cast<std::int64_t>(Below(most)));
    if (Below(3) == 0) pay.mutable_transfer()->set_fund("school");
    if (Below(5) == 0) pay.mutable_transfer()->set_asset("USD");
    if (Below(5) == 0) pay.mutable_transfer()->set_stage(v1::STAGE_COMMITTED);
    return pay;
  }

  void AddPlace() {
    const std::string id = absl::StrCat("p", 99 - places_.size());  // so that a parent may have the higher id
    const std::string parent = Any(places_);
    const auto level = static_cast<std::uint32_t>(levels_[parent] + 1);
    const std::uint64_t record = ledger_->size();
    if (level > 9 || places_.size() > 12 || !Do({Place(id, parent, level)})) return;
    levels_[id] = static_cast<int>(level);
    places_.push_back(id);
    of_places_[id] = record;
  }
  void Declare() {
    const std::string id = absl::StrCat("n", Below(12));
    v1::Action need =
        NeedAt(id, "county", Any(places_), Any(kCategories), static_cast<std::int64_t>(Below(90)));
    need.mutable_declare_need()->set_severity(static_cast<std::uint32_t>(Below(6)));
    if (Below(4) != 0) need = Asking(need, 1 + static_cast<std::int64_t>(Below(900)), Any({"CNY", "USD"}));
    Put(id, need, &needs_);
  }
  void VerifyOne() {
    const std::string id = AnyOf(needs_);
    Do({Verify(id, needs_[id], "auditor",
               Below(4) == 0 ? v1::VerifyNeed::RESULT_REFUSED : v1::VerifyNeed::RESULT_CONFIRMED)});
  }
  void EndOne(const std::string& name, Versions* versions) {
    const std::string id = AnyOf(*versions);
    Do({End(name, id, versions->at(id))});
  }
  void Propose() {
    const std::string id = AnyProject();
    v1::Action project = Project(id, "county", Any({"", "charity", "relief"}));
    auto* to = project.mutable_propose_project();
    if (Below(2) == 0) to->set_programme("prog");
    // One to three places, with shares or without.
    std::vector<std::string> places = places_;
    std::shuffle(places.begin(), places.end(), random_);
    places.resize(std::min<std::size_t>(places.size(), Below(4)));
    const bool shares = Below(2) == 0;
    std::uint32_t left = 10'000;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::uint32_t part =
          i + 1 == places.size() ? left : 1 + static_cast<std::uint32_t>(Below(left / 3));
      auto* share = to->add_places();
      share->set_place(places[i]);
      if (shares) share->set_basis_points(part);
      left -= part;
    }
    for (std::uint64_t n = Below(3); n > 0; --n) to->add_categories()->set_category(kCategories[n]);
    Put(id, project, &projects_);
  }
  void DecideOne() {
    const std::string id = AnyOf(projects_);
    Do({Decide(
        id, projects_[id], "auditor",
        Below(5) == 0 ? v1::ApproveProject::DECISION_REJECTED : v1::ApproveProject::DECISION_APPROVED)});
  }
  void Deploy() {
    const std::string id = absl::StrCat("d", Below(8));
    v1::Action team =
        Deployment(id, "county", Any({"team", "relief", "charity"}), Any(places_), Any(kCategories));
    if (Below(2) == 0 && !projects_.empty()) team.mutable_deploy()->set_project(AnyOf(projects_));
    Put(id, team, &teams_);
  }
  void Meet() {
    if (needs_.empty()) return;
    Do({Paying("donor", "ministry", 200)});
    v1::Action pay = Paying("ministry", Any({"village", "hamlet", "clinic"}), 100);
    pay.mutable_transfer()->set_need(AnyOf(needs_));
    if (Do({pay})) ++direct_;
  }
  void MoveMoney() {
    v1::Action move = Paying("ministry", "ministry", 100);
    move.mutable_transfer()->set_kind(v1::TRANSFER_KIND_RECLASSIFICATION);
    if (Below(2) == 0) {
      Do({In(AnyProject(), Into(AnyProject(), move))});
    } else {
      move.mutable_transfer()->set_to_general(true);
      Do({In(AnyProject(), move)});
    }
  }

  std::mt19937_64 random_;
  TestClock clock_;
  std::unique_ptr<log::Ledger> ledger_;
  std::uint64_t next_id_ = 1;
  std::vector<std::string> places_;
  std::map<std::string, int> levels_;
  Versions needs_, projects_, teams_, of_places_;
  int direct_ = 0;
};

// All that was answered, or why nothing was.
std::string Text(const StatusOr<v1::CoverageAnswer>& answer) {
  return answer.ok() ? answer->DebugString() : answer.status().ToString();
}

TEST_CASE("random ledgers: of each place the answer is the same as when all is read") {
  const std::uint64_t first = std::random_device{}();
  int direct = 0, lines = 0;
  for (std::uint64_t seed = first; seed < first + 4; ++seed) {
    INFO("seed " << seed);
    Country country(seed);
    for (int round = 0; round < 6; ++round) {
      for (int i = 0; i < 30; ++i) country.Grow();
      for (const std::string& place : country.places()) {
        for (int times = 0; times < 3; ++times) {
          Request some = country.Question(place);
          if (country.Below(2) == 0) some.set_as_of(1 + country.Below(country.ledger().size() - 1));
          // No place succeeds another one, so that the places of today are the same: but then all is read.
          Request all = some;
          all.set_places_today(true);
          INFO(some.ShortDebugString());
          const auto answer = country.Ask(some);
          REQUIRE(Text(answer) == Text(country.Ask(all)));
          if (answer.ok()) lines += answer->lines_size();
        }
      }
    }
    direct += country.direct();
  }
  INFO("first seed " << first);
  CHECK(direct > 0);
  CHECK(lines > 0);
}

// What a client demands of a line (cli/client/checks/coverage.cc).
void CheckLine(const v1::CoverageLine& line) {
  INFO(line.ShortDebugString());
  const v1::CoverageFigures& figures = line.figures();
  CHECK(figures.reached() <= figures.placed());
  CHECK(figures.direct() <= figures.reached());
  CHECK(figures.committed() <= figures.placed());
  CHECK(figures.people_at_least() <= figures.people());
  if (line.kind() == v1::CoverageLine::KIND_SHARED || line.kind() == v1::CoverageLine::KIND_UNSPECIFIED) {
    CHECK(line.state() == v1::COVERAGE_STATE_UNSPECIFIED);
  } else if (figures.has_ratio() && figures.placed() > 0) {
    CHECK(line.state() == (figures.ratio() < 5'000     ? v1::COVERAGE_STATE_UNDER
                           : figures.ratio() <= 11'000 ? v1::COVERAGE_STATE_COVERED
                                                       : v1::COVERAGE_STATE_OVER));
  }
}

TEST_CASE("random ledgers with successions: what stands at the places of today adds up, and its states fit") {
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 4; ++seed) {
    INFO("seed " << seed);
    Country country(seed);
    for (int i = 0; i < 200; ++i) {
      country.Grow();
      if (i % 12 == 0) country.Succeed();
      if (i % 10 != 0) continue;
      for (const std::string& place : {std::string(), country.Any(country.places())}) {
        Request today = country.Question(place);
        today.set_places_today(true);
        today.set_by_recipient(country.Below(4) == 0);
        Request then = today;
        then.set_places_today(false);
        INFO(today.ShortDebugString());
        const auto answer = country.Ask(today);
        // What stands somewhere else counts no other money.
        const auto at_old = country.Ask(then);
        if (!answer.ok() || !at_old.ok()) {
          // Of a place, which assets count may change with what stands there.
          CHECK((!place.empty() || answer.status() == at_old.status()));
          if (!answer.ok()) CHECK(answer.status().code() == absl::StatusCode::kInvalidArgument);
          continue;
        }
        std::int64_t asked = 0, placed = 0, reached = 0, direct = 0;
        for (const v1::CoverageLine& line : answer->lines()) {
          CheckLine(line);
          if (line.depth() > 0) continue;
          asked += line.figures().asked();
          placed += line.figures().placed();
          reached += line.figures().reached();
          direct += line.figures().direct();
        }
        CheckLine(answer->total());
        const v1::CoverageFigures& total = answer->total().figures();
        CHECK(asked == total.asked());
        CHECK(placed == total.placed());
        CHECK(reached == total.reached());
        CHECK(direct == total.direct());
        if (place.empty()) {
          CHECK(total.placed() == at_old->total().figures().placed());
          CHECK(total.asked() == at_old->total().figures().asked());
          CHECK(answer->general() == at_old->general());
        }
      }
    }
  }
}

TEST_CASE("random ledgers: as of every record coverage is what it was then") {
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 4; ++seed) {
    INFO("seed " << seed);
    Country country(seed);
    struct Answered {
      Request request;
      std::string text;
    };
    std::vector<Answered> answers;
    const auto without_record = [](StatusOr<v1::CoverageAnswer> answer) {
      if (answer.ok()) {
        answer->clear_as_of();
        answer->clear_as_of_record();
      }
      return Text(answer);
    };
    for (int i = 0; i < 150; ++i) {
      const std::uint64_t size = country.ledger().size();
      country.Grow();
      if (country.ledger().size() == size && i > 0) continue;
      for (const std::string& place : {std::string(), country.Any(country.places())}) {
        Request request = country.Question(place);
        request.set_by_recipient(country.Below(4) == 0);
        const std::string text = without_record(country.Ask(request));
        request.set_as_of(country.ledger().size() - 1);
        answers.push_back({request, text});
      }
    }
    for (const Answered& then : answers) {
      INFO(then.request.ShortDebugString());
      REQUIRE(without_record(country.Ask(then.request)) == then.text);
    }
  }
}

TEST_CASE("random trees: what stands below a place, and one node for all else") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  Country country(seed);
  for (int i = 0; i < 200; ++i) country.Grow();
  const query::View view = Need(query::MakeView(country.ledger().store()));
  const auto whole = Need(query::ReadTree(view, v1::Action::kDeclarePlace, std::nullopt));
  CHECK(whole.rest() == query::kNoItem);
  for (const std::string& top : country.places()) {
    INFO(top);
    const auto part = Need(query::ReadTreeBelow(view, v1::Action::kDeclarePlace, top, std::nullopt));
    CHECK(part.Find(top) == 0);
    CHECK(part.rest() == part.size() - 1);
    CHECK(part.parent(part.rest()) == query::kNoItem);
    CHECK_FALSE(part.IsIn(0, part.rest()));
    for (const std::string& place : country.places()) {
      const int here = part.Find(place), there = whole.Find(place);
      REQUIRE((here != query::kNoItem) == whole.IsIn(whole.Find(top), there));
      if (here == query::kNoItem) continue;
      CHECK(part.name(here) == whole.name(there));
      CHECK(part.Common(here, part.rest()) == query::kNoItem);
      if (place != top) CHECK(part.id(part.parent(here)) == whole.id(whole.parent(there)));
    }
  }
  CHECK(Need(query::ReadTreeBelow(view, v1::Action::kDeclarePlace, "nowhere", std::nullopt)).size() == 0);
}

TEST_CASE("coverage of a place looks at nothing that is elsewhere") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto take = [&](const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
  };
  take({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("zz", "cn", 1), Place("bj", "gz", 2),
        Category("EDU"), NeedAt("a", "ministry", "bj", "EDU"), NeedAt("b", "ministry", "sc", "EDU"),
        NeedAt("c", "ministry", "zz", "EDU"), Where(Project("p", "ministry"), {{"bj", 0}}, {{"EDU", 0}})});
  const auto looks = [&] {
    const CountingReader rows(ledger->store());
    Request request;
    request.set_place("gz");
    request.set_unverified(true);
    const auto answer = Need(query::Coverage(Need(query::MakeView(rows)), request));
    CHECK(answer.total().figures().needs() == 1);
    return rows.looks + rows.steps;
  };
  const std::size_t before = looks();
  for (int n = 0; n < 40; ++n) {
    const std::string number = std::to_string(n);
    take({Place("t" + number, "sc", 2), NeedAt("n" + number, "ministry", "t" + number, "EDU"),
          Where(Project("q" + number, "ministry"), {{"t" + number, 0}}, {{"EDU", 0}}),
          Deployment("d" + number, "root", "ministry", "t" + number, "EDU")});
  }
  CHECK(looks() <= before + 4);
}

}  // namespace
}  // namespace fundtrail::testing
