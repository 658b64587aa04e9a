// What was made public where, which places no call reached, and how people can take part.
#include "ledger/query/publicity.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/query/fragmentation.h"
#include "ledger/query/open.h"
#include "ledger/store/memory.h"
#include "tests/support/evaluations.h"
#include "tests/support/ledgers.h"
#include "tests/support/notices.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr char kDay[] = "2026-12-01";

// cn ─┬─ gz ─┬─ bj      EDU, NUT ── OIL      the auditor verifies needs of county and charity
//     │      └─ zy
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("EDU"), Category("NUT"), Category("OIL", "NUT"), Party("county", "root"),
        Party("charity", "root"), Seated(Party("auditor", "root"), "cn")});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  void VerifiedNeed(const std::string& id, const std::string& place, const std::string& category = "NUT") {
    const std::uint64_t record = Do({Asking(NeedAt(id, "county", place, category), 5'000)});
    Do({Verify(id, record)});
  }
  query::View view() const { return Need(query::MakeView(ledger->store())); }
  v1::PublicityAnswer Ask(const v1::PublicityRequest& request) const {
    return Need(query::Publicity(view(), request));
  }
  // "bj 1 need, silent; gz 1 call": of each place that is shown.
  std::string Places(const v1::PublicityRequest& request) const {
    std::string text;
    const auto all_1 = Ask(request);
    for (const auto& line : all_1.places()) {
      absl::StrAppend(&text, text.empty() ? "" : "; ", line.place());
      if (line.needs() > 0) absl::StrAppend(&text, " ", line.needs(), " needs");
      if (line.notices() > 0) absl::StrAppend(&text, " ", line.notices(), " notices");
      if (line.reached_by() > 0) absl::StrAppend(&text, " reached ", line.reached_by());
      if (line.silent()) text += " silent";
    }
    return text;
  }
};

v1::PublicityRequest Of(const std::string& place, const std::string& on = kDay,
                        const std::string& category = "") {
  v1::PublicityRequest request;
  request.set_place(place);
  request.set_on(on);
  request.set_category(category);
  return request;
}

TEST_CASE("a place with a verified need is silent until a call reaches it, there or above") {
  Ground ground;
  ground.Do({NeedAt("unseen", "county", "sc")});  // that nobody verified
  CHECK(ground.Places(Of("")).empty());
  ground.VerifiedNeed("rice", "bj");
  CHECK(ground.Places(Of("")) == "bj 1 needs silent");
  ground.Do({Notice("plan", "county", "bj")});  // a notice that is no call
  CHECK(ground.Places(Of("")) == "bj 1 needs 1 notices silent");
  ground.Do({Call("beside", "county", "zy")});
  CHECK(ground.Places(Of("")) == "bj 1 needs 1 notices silent; zy 1 notices reached 1");
  const std::uint64_t call = ground.Do({Call("above", "charity", "gz")});
  CHECK(ground.Places(Of("")) ==
        "bj 1 needs 1 notices reached 1; gz 1 notices reached 1; zy 1 notices reached 2");
  // Where one place is asked for, a call above it counts, though that place is not shown.
  CHECK(ground.Places(Of("bj")) == "bj 1 needs 1 notices reached 1");
  // As it stood before; and once it is withdrawn.
  v1::PublicityRequest before = Of("bj");
  before.set_as_of(call - 1);
  CHECK(ground.Places(before) == "bj 1 needs 1 notices silent");
  ground.Do({End("notice", "above", call)});
  CHECK(ground.Places(Of("bj")) == "bj 1 needs 1 notices silent");
  v1::PublicityRequest silent = Of("");
  silent.set_silent(true);
  CHECK(ground.Places(silent) == "bj 1 needs 1 notices silent");
  CHECK(ground.Ask(silent).notices().empty());
  CHECK(ground.Ask(Of("")).silent() == 1);
  CHECK(ground.Ask(Of("")).with_need() == 1);
}

TEST_CASE("a call that names a place and one above it reaches what is below once") {
  Ground ground;
  ground.VerifiedNeed("rice", "bj");
  v1::Action call = Call("both", "county", "gz");
  call.mutable_announce()->add_places("bj");
  ground.Do({call});
  CHECK(ground.Places(Of("")) == "bj 1 needs 1 notices reached 1; gz 1 notices reached 1");
  CHECK(ground.Places(Of("bj")) == "bj 1 needs 1 notices reached 1");
}

TEST_CASE("a notice counts on the days on which it stands, and is complete on the day after the last") {
  Ground ground;
  ground.Do({ForDays(Notice("plan", "county", "bj", v1::Announce::KIND_PLAN, "2026-11-01"), 30)});
  const auto state = [&](const std::string& on, std::uint32_t days) -> std::string {
    v1::PublicityRequest request = Of("bj", on);
    request.set_days(days);
    const auto answer = ground.Ask(request);
    if (answer.notices().empty()) return "none";
    CHECK(answer.notices(0).last() == "2026-11-30");
    CHECK(answer.places(0).board() == 1);
    return answer.notices(0).complete() ? "complete" : "stands";
  };
  CHECK(state("2026-10-31", 90) == "none");
  CHECK(state("2026-11-01", 1) == "stands");
  CHECK(state("2026-11-30", 1) == "stands");
  CHECK(state("2026-12-01", 1) == "none");
  CHECK(state("2026-12-01", 2) == "complete");
  CHECK(state("2027-02-27", 90) == "complete");
  CHECK(state("2027-02-28", 90) == "none");
}

TEST_CASE("a place that was added to a notice later was told of it then") {
  Ground ground;
  const std::string first = "2026-03-01";
  const v1::Action notice = ForDays(Notice("plan", "county", "bj", v1::Announce::KIND_PLAN, first), 60);
  const std::uint64_t published = ground.Do({notice});
  CHECK(ground.Ask(Of("bj", first)).notices(0).published() == first);
  ground.clock.now += std::int64_t{86'400'000'000} * 20;
  v1::Action more = Amending(notice, published);
  more.mutable_announce()->add_places("zy");
  const std::uint64_t amended = ground.Do({more});
  const auto answer = ground.Ask(Of("zy", "2026-03-21"));
  REQUIRE(answer.notices_size() == 1);
  CHECK(answer.notices(0).record() == amended);
  CHECK(answer.notices(0).published() == "2026-03-21");
}

TEST_CASE("announcers are counted once, and channels by their kinds") {
  Ground ground;
  v1::Action two = Notice("one", "county", "bj");
  for (const auto kind :
       {v1::NoticeChannel::KIND_WEB, v1::NoticeChannel::KIND_WEB, v1::NoticeChannel::KIND_RADIO}) {
    auto* channel = two.mutable_announce()->add_channels();
    channel->set_kind(kind);
    channel->set_where(absl::StrCat("place ", two.announce().channels_size()));
  }
  ground.Do({two, Notice("other", "county", "bj"), Notice("third", "charity", "zy")});
  const auto answer = ground.Ask(Of("gz"));
  CHECK(answer.announcers() == 2);
  REQUIRE(answer.places_size() == 2);
  CHECK(answer.places(0).place() == "bj");
  CHECK(answer.places(0).announcers() == 1);
  CHECK(answer.places(0).web() == 1);
  CHECK(answer.places(0).board() == 2);
  CHECK(answer.places(0).radio() == 1);
  CHECK(answer.places(0).meeting() == 0);
  CHECK(answer.place_name() == "Place gz");
  v1::FragmentationRequest hands;
  hands.set_place("bj");
  hands.set_on(kDay);
  const auto announcers = [&] {
    const auto lines = Need(query::Fragmentation(ground.view(), hands)).lines();
    const auto& last = lines.Get(lines.size() - 1);
    CHECK(last.kind() == v1::FragmentationLine::KIND_ANNOUNCERS);
    return last.count();
  };
  CHECK(announcers() == 1);
  hands.set_place("gz");
  CHECK(announcers() == 2);
  hands.set_on("2027-06-01");
  CHECK(announcers() == 0);
}

TEST_CASE("a category leaves out what is for another one") {
  Ground ground;
  ground.VerifiedNeed("rice", "bj", "OIL");
  v1::Action call = Call("schools", "county", "bj");
  call.mutable_announce()->set_category("EDU");
  ground.Do({call});
  CHECK(ground.Places(Of("", kDay, "NUT")) == "bj 1 needs silent");
  CHECK(ground.Places(Of("", kDay, "EDU")) == "bj 1 notices reached 1");
  v1::Action food = Call("food", "county", "bj");
  food.mutable_announce()->set_category("NUT");  // above the need's
  ground.Do({food});
  CHECK(ground.Places(Of("", kDay, "OIL")) == "bj 1 needs 1 notices reached 1");
  CHECK(ground.Places(Of("", kDay, "NUT")) == "bj 1 needs 1 notices reached 1");
}

TEST_CASE("publicity: what cannot be asked is told") {
  Ground ground;
  const auto code = [&](const v1::PublicityRequest& request) {
    return query::Publicity(ground.view(), request).status().code();
  };
  CHECK(code(Of("nowhere")) == absl::StatusCode::kNotFound);
  CHECK(code(Of("", kDay, "nothing")) == absl::StatusCode::kNotFound);
  CHECK(code(Of("", "yesterday")) == absl::StatusCode::kInvalidArgument);
  v1::PublicityRequest request;
  request.set_days(36'601);
  CHECK(code(request) == absl::StatusCode::kInvalidArgument);
  request.set_days(36'600);
  CHECK(code(request) == absl::StatusCode::kOk);
  request.set_as_of(1'000);
  CHECK(code(request) == absl::StatusCode::kOutOfRange);
  v1::OpenRequest open;
  open.set_place("nowhere");
  CHECK(query::Open(ground.view(), open).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("how to take part: calls in force, open needs, projects that lack money") {
  Ground ground;
  ground.VerifiedNeed("rice", "bj");
  ground.VerifiedNeed("far", "sc");
  ground.Do({NeedAt("unseen", "county", "bj")});
  const std::uint64_t project = ground.Do({[] {
    v1::Action action = Where(Project("lunches", "county"), {{"bj", 10'000}}, {});
    action.mutable_propose_project()->set_budget(1'000);
    action.mutable_propose_project()->set_asset("CNY");
    return action;
  }()});
  ground.Do({Decide("lunches", project), Into("lunches", Pay("donor", "county", 400))});
  ground.Do({ForDays(Call("soon", "county", "gz", "2026-11-28"), 4),
             Call("later", "charity", "bj", "2026-11-30"), Call("over", "county", "bj", "2026-11-01"),
             Call("to-come", "county", "bj", "2026-12-02"), Call("elsewhere", "county", "sc", "2026-11-30"),
             Notice("plan", "county", "bj", v1::Announce::KIND_PLAN, "2026-11-30")});
  v1::OpenRequest request;
  request.set_place("bj");
  request.set_on(kDay);
  const auto answer = Need(query::Open(ground.view(), request));
  REQUIRE(answer.calls_size() == 2);
  CHECK(answer.calls(0).call().notice().id() == "soon");  // ends first, and is for all above
  CHECK(answer.calls(0).call().last() == "2026-12-01");
  CHECK(answer.calls(1).call().notice().id() == "later");
  CHECK(answer.calls(1).call().owner_name() == "Party charity");
  CHECK(answer.calls(1).complaints_name() == "Party charity");
  REQUIRE(answer.needs_size() == 1);
  CHECK(answer.needs(0).need().id() == "rice");
  CHECK(answer.not_verified() == 1);
  REQUIRE(answer.projects_size() == 1);
  CHECK(answer.projects(0).project() == "lunches");
  CHECK(answer.projects(0).placed() == 400);
  CHECK(answer.projects(0).gap() == 600);
  // The most that is asked for; and a project that has what it needs.
  request.set_top(1);
  CHECK(Need(query::Open(ground.view(), request)).calls_size() == 1);
  CHECK(Need(query::Open(ground.view(), request)).more_calls() == 1);
  ground.Do({Into("lunches", Pay("donor", "county", 600))});
  CHECK(Need(query::Open(ground.view(), request)).projects_size() == 0);
}

TEST_CASE("nobody is called on for a project whose money is frozen") {
  Court court;
  const std::uint64_t proposed = court.size();
  const auto lacking = [](v1::Action project) {
    project.mutable_propose_project()->set_budget(1'000);
    project.mutable_propose_project()->set_asset("CNY");
    return Where(std::move(project), {{"town", 0}}, {});
  };
  Need(court.Do({lacking(Project("wells", "county", "charity")),
                 lacking(InProgramme("schools", Project("halls", "county", "charity")))}));
  Need(court.Do({Decide("wells", proposed), Decide("halls", proposed)}));
  const auto open = [&] {
    std::string ids;
    const auto all_2 = Need(query::Open(Need(query::MakeView(court.rows())), {}));
    for (const auto& line : all_2.projects()) absl::StrAppend(&ids, ids.empty() ? "" : " ", line.project());
    return ids;
  };
  CHECK(open() == "halls wells");
  Need(court.Judge(Evaluation("halt", "check", "wells", v1::Evaluate::VERDICT_SUSPEND)));
  CHECK(open() == "halls");
  Need(court.Judge(OfProgramme("schools", Evaluation("stop", "check", "", v1::Evaluate::VERDICT_SUSPEND))));
  CHECK(open().empty());
  Need(court.Judge(Evaluation("on", "check", "wells", v1::Evaluate::VERDICT_CONTINUE, {"halt"})));
  CHECK(open() == "wells");
}

// Silent zones and reach by another way: for each place, over all notices and needs, by climbing from the place.
TEST_CASE("random notices and needs: the same places are silent as one by one") {
  const auto seed = static_cast<unsigned>(std::random_device{}());
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::vector<std::string> places = {"cn", "gz", "sc", "bj", "zy"};
  const std::map<std::string, std::string> parents = {{"gz", "cn"}, {"sc", "cn"}, {"bj", "gz"}, {"zy", "gz"}};
  const auto any = [&](std::size_t most) { return static_cast<std::size_t>(random() % most); };
  for (int round = 0; round < 5; ++round) {
    Ground ground;
    std::set<std::string> needed;
    std::vector<std::set<std::string>> calls;
    for (std::size_t i = 0, needs = any(4); i < needs; ++i) {
      const std::string place = places[any(places.size())];
      ground.VerifiedNeed("n" + std::to_string(i), place);
      needed.insert(place);
    }
    const std::size_t notices = any(4);
    for (std::size_t i = 0; i < notices; ++i) {
      std::set<std::string> named = {places[any(places.size())], places[any(places.size())]};
      v1::Action action = Call("c" + std::to_string(i), "county", *named.begin());
      if (named.size() > 1) action.mutable_announce()->add_places(*named.rbegin());
      ground.Do({action});
      calls.push_back(named);
    }
    const auto reached = [&](std::string place) {
      std::uint64_t count = 0;
      for (const auto& named : calls) {
        bool reaches = false;
        for (std::string at = place;; at = parents.at(at)) {
          reaches = reaches || named.count(at) > 0;
          if (at == "cn") break;
        }
        if (reaches) ++count;
      }
      return count;
    };
    for (const std::string& top : {std::string(), std::string("gz")}) {
      const auto answer = ground.Ask(Of(top));
      for (const auto& line : answer.places()) {
        INFO(top << " " << line.place());
        CHECK(line.reached_by() == reached(line.place()));
        CHECK((line.needs() > 0) == (needed.count(line.place()) > 0));
        CHECK(line.silent() == (needed.count(line.place()) > 0 && reached(line.place()) == 0));
      }
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
