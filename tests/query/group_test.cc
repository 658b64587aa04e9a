// Who sits in a group and who comes when it acts, and which places have no group.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/groups.h"
#include "ledger/query/missing_groups.h"
#include "ledger/store/memory.h"
#include "tests/support/groups.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// cn ── gz (1) ── df (3) ─┬─ t1 (4) ── v1 (5)      the need n1 of county in v1; key 2 speaks for the root
//                         ├─ t2 (4)
//                         └─ t3 (4)
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("df", "gz", 3), Place("t1", "df", 4), Place("v1", "t1", 5),
        Place("t2", "df", 4), Place("t3", "df", 4), Category("NUT"), Party("county", "root"),
        Party("judge", "root"), NeedAt("n1", "county", "v1"), Authorise(2, "root", {v1::PERMISSION_PAY})});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions, std::vector<int> signers = {1}) {
    const std::uint64_t record = ledger->size();
    v1::Entry entry = Entry("root", record, actions);
    v1::SignedEntry made;
    for (const int signer : signers) entry.add_signers(PublicKey(signer));
    made.set_entry(model::SerialiseDeterministic(entry));
    for (const int signer : signers)
      made.add_signatures(Bytes(Key(signer).Sign(Bytes(model::kEntryDomain) + made.entry()).view()));
    Need(ledger->AppendOne(model::SerialiseDeterministic(made), clock.Read()).status());
    return record;
  }
  v1::GroupAnswer Ask(const std::string& group, const std::string& on = "", std::uint64_t as_of = 0) const {
    v1::GroupRequest request;
    request.set_group(group);
    request.set_on(on);
    if (as_of > 0) request.set_as_of(as_of);
    return Need(query::Group(Need(query::MakeView(ledger->store())), request));
  }
  // "coop-s1 accepted 2/3 recused 0 6666; ...".
  std::string Seats(const v1::GroupAnswer& answer) const {
    std::string text;
    for (const v1::GroupSeat& seat : answer.seats()) {
      absl::StrAppend(&text, text.empty() ? "" : "; ", seat.seat().action().give_seat().id(), " ",
                      model::WordOf(seat.state()), " ", seat.signed_(), "/", seat.acts(), " recused ",
                      seat.recused(), " ", seat.attendance());
    }
    return text;
  }
  // "places 3, need 1, group 0, wider 0: t1 1 (0)".
  std::string Missing(const v1::MissingGroupsRequest& request) const {
    const auto view = Need(query::MakeView(ledger->store()));
    const auto answer = Need(Whole(query::MissingGroups(view, request, query::PagingOf(request))));
    std::string text = absl::StrCat("places ", answer.places(), ", need ", answer.with_need(), ", group ",
                                    answer.with_group(), ", wider ", answer.wider_needs(), ":");
    for (const v1::MissingGroup& line : answer.lines())
      absl::StrAppend(&text, " ", line.place(), " ", line.needs(), " (", line.severity(), ")");
    return text;
  }
};

TEST_CASE("attendance counts the acts since a seat counted, without those in which its party was recused") {
  Ground ground;
  const std::uint64_t formed = ground.Do(FormedGroup(Group("coop", "df"), 3, 31, ground.ledger->size()));
  CHECK(
      ground.Seats(ground.Ask("coop")) ==
      "coop-s1 ACCEPTED 0/0 recused 0 0; coop-s2 ACCEPTED 0/0 recused 0 0; coop-s3 ACCEPTED 0/0 recused 0 0");
  const v1::Action verify = Verify("n1", 1, "coop");
  ground.Do({verify}, {2, 31, 32});
  ground.Do({verify}, {2, 31, 32, 33});
  const std::uint64_t given = ground.Do({Seat("late", "coop", "county"), Seat("offer", "coop", "judge")});
  ground.Do({AnswerSeat("late", given, "county")});
  const std::uint64_t third = ground.Do({verify, verify}, {2, 31, 33});
  const auto answer = ground.Ask("coop");
  CHECK(ground.Seats(answer) ==
        "coop-s1 ACCEPTED 4/4 recused 0 10000; coop-s2 ACCEPTED 2/4 recused 0 5000; coop-s3 ACCEPTED 3/4 "
        "recused "
        "0 7500; late ACCEPTED 0/0 recused 2 0; offer OFFERED 0/0 recused 0 0");
  CHECK(answer.acts() == 4);
  CHECK(answer.last_act() == third);
  CHECK(answer.members() == 4);
  CHECK(answer.must_sign() == 2);
  CHECK(answer.can_act());
  CHECK(answer.name() == "Party coop");
  CHECK(answer.place_name() == "Place df");
  CHECK(answer.seats(0).party_name() == "Party coop-m1");
  // Rounded down: 2 of 3.
  CHECK(ground.Seats(ground.Ask("coop", "", given)) ==
        "coop-s1 ACCEPTED 2/2 recused 0 10000; coop-s2 ACCEPTED 2/2 recused 0 10000; coop-s3 ACCEPTED 1/2 "
        "recused "
        "0 5000; late OFFERED 0/0 recused 0 0; offer OFFERED 0/0 recused 0 0");
  ground.Do({verify}, {2, 31, 33});
  CHECK(ground.Ask("coop").seats(1).attendance() == 4'000);
  ground.Do({verify}, {2, 31, 33});
  CHECK(ground.Ask("coop").seats(1).attendance() == 3'333);
  CHECK(ground.Ask("coop", "", formed).acts() == 0);
}

TEST_CASE("the states of seats, what is vacant, and whether a group can act") {
  Ground ground;
  v1::Action group =
      Within("2026-01-01", "2026-12-31", Group("coop", "df", v1::FormGroup::KIND_COOPERATIVE, 1, 6'666));
  group.mutable_form_group()->add_required_kinds(v1::GiveSeat::KIND_EXPERT);
  const std::uint64_t formed = ground.Do(FormedGroup(group, 2, 31, ground.ledger->size()));
  CHECK_FALSE(ground.Ask("coop").can_act());
  CHECK(ground.Ask("coop").vacancies(0) == v1::GiveSeat::KIND_EXPERT);
  const std::uint64_t given = ground.Do(
      {Within("2026-03-01", "2026-03-31", Seat("expert", "coop", "judge", v1::GiveSeat::KIND_EXPERT)),
       Seat("gone", "coop", "county")});
  ground.Do({AnswerSeat("expert", given, "judge"),
             AnswerSeat("gone", given, "county", v1::AcceptDuty::REPLY_DECLINED)});
  const auto states = [&](const std::string& on) {
    const auto answer = ground.Ask("coop", on);
    return absl::StrCat(model::WordOf(answer.seats(2).state()), " ", model::WordOf(answer.seats(3).state()),
                        answer.can_act() ? ", can act" : "", ", ", answer.must_sign(), " of ",
                        answer.members());
  };
  CHECK(states("2026-02-28") == "NOT_BEGUN DECLINED, 2 of 2");
  CHECK(states("2026-03-01") == "ACCEPTED DECLINED, can act, 2 of 3");
  CHECK(states("2026-03-31") == "ACCEPTED DECLINED, can act, 2 of 3");
  CHECK(states("2026-04-01") == "OVER DECLINED, 2 of 2");
  ground.Do({End("seat", "gone", given)});
  CHECK(states("2026-03-01") == "ACCEPTED OVER, can act, 2 of 3");
  // Outside its term, and after its end, it cannot.
  ground.Do({Amending(Within("2026-01-01", "2026-03-30", group), formed)});
  CHECK(states("2026-03-30") == "ACCEPTED OVER, can act, 2 of 3");
  CHECK(states("2026-03-31") == "ACCEPTED OVER, 2 of 3");
  ground.Do({End("group", "coop", ground.ledger->size() - 1)});
  CHECK(states("2026-03-01") == "ACCEPTED OVER, 2 of 3");
  // Too few for the number that must sign.
  ground.Do(
      FormedGroup(Group("few", "df", v1::FormGroup::KIND_COOPERATIVE, 3), 2, 41, ground.ledger->size()));
  CHECK_FALSE(ground.Ask("few").can_act());
  // Nor while its party has ended.
  const std::uint64_t both = ground.Do(FormedGroup(Group("both", "df"), 2, 51, ground.ledger->size()));
  CHECK(ground.Ask("both").can_act());
  ground.Do({End("party", "both", both)});
  CHECK_FALSE(ground.Ask("both").can_act());
  CHECK(ground.Ask("both").party_ended());
  CHECK(ground.Ask("both", "", both).can_act());
}

TEST_CASE("places with a verified need and no group of their own") {
  Ground ground;
  v1::MissingGroupsRequest townships;
  townships.set_level(4);
  CHECK(ground.Missing(townships) == "places 3, need 0, group 0, wider 0:");  // nobody verified it
  const auto verify = [&](const std::string& need, std::uint64_t version) {
    v1::Action action = Verify(need, version, "judge");
    ground.Do({action});
  };
  ground.Do({Amending(Seated(Party("judge", "root"), "cn"), 1)});
  verify("n1", 1);
  CHECK(ground.Missing(townships) == "places 3, need 1, group 0, wider 0: t1 1 (0)");
  v1::Action severe = NeedAt("n2", "county", "t2");
  severe.mutable_declare_need()->set_severity(4);
  const std::uint64_t declared = ground.Do(
      {severe, NeedAt("n3", "county", "t2"), NeedAt("n4", "county", "df"), NeedAt("n5", "county", "t3")});
  for (const char* need : {"n2", "n3", "n4"}) verify(need, declared);
  CHECK(ground.Missing(townships) == "places 3, need 2, group 0, wider 1: t1 1 (0) t2 2 (4)");
  // A group of the county, or of another kind, is not the township's own.
  const std::uint64_t formed = ground.Do({Party("a", "root"), Party("b", "root"), Party("c", "root"),
                                          Group("a", "df"), Group("b", "t2", v1::FormGroup::KIND_ASSESSMENT),
                                          Within("2026-03-02", "", Group("c", "t1"))});
  CHECK(ground.Missing(townships) == "places 3, need 2, group 0, wider 1: t1 1 (0) t2 2 (4)");
  townships.set_on("2026-03-02");
  CHECK(ground.Missing(townships) == "places 3, need 2, group 1, wider 1: t2 2 (4)");
  townships.set_kind(v1::FormGroup::KIND_ASSESSMENT);
  CHECK(ground.Missing(townships) == "places 3, need 2, group 1, wider 1: t1 1 (0)");
  ground.Do({End("group", "b", formed)});
  CHECK(ground.Missing(townships) == "places 3, need 2, group 0, wider 1: t1 1 (0) t2 2 (4)");
  townships.set_as_of(formed);
  CHECK(ground.Missing(townships) == "places 3, need 2, group 1, wider 1: t1 1 (0)");
  // Of one place, and of other levels.
  v1::MissingGroupsRequest counties;
  counties.set_level(3);
  CHECK(ground.Missing(counties) == "places 1, need 1, group 1, wider 0:");
  ground.Do({End("party", "a", formed)});  // of a group whose party has ended
  CHECK(ground.Missing(counties) == "places 1, need 1, group 0, wider 0: df 4 (4)");
  v1::MissingGroupsRequest below;
  below.set_level(4);
  below.set_place("t1");
  CHECK(ground.Missing(below) == "places 1, need 1, group 0, wider 0: t1 1 (0)");
  below.set_level(5);
  CHECK(ground.Missing(below) == "places 1, need 1, group 0, wider 0: v1 1 (0)");
  below.set_level(3);
  CHECK(ground.Missing(below) == "places 0, need 0, group 0, wider 0:");
}

TEST_CASE("places without a group: pages cut anywhere give the whole, and equal a count place by place") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Ground ground;
  std::vector<v1::Action> actions{Amending(Seated(Party("judge", "root"), "cn"), 1)};
  std::vector<int> needs(30);
  for (std::size_t n = 0; n < needs.size(); ++n) {
    const std::string place = "p" + std::to_string(n);
    actions.push_back(Place(place, "gz", 4));
    needs[n] = static_cast<int>(random() % 3);
    for (int i = 0; i < needs[n]; ++i)
      actions.push_back(NeedAt(place + "-" + std::to_string(i), "county", place));
  }
  const std::uint64_t record = ground.Do(actions);
  std::vector<v1::Action> said;
  std::map<std::string, std::string> expected;
  for (std::size_t n = 0; n < needs.size(); ++n) {
    const std::string place = "p" + std::to_string(n);
    for (int i = 0; i < needs[n]; ++i)
      said.push_back(Verify(place + "-" + std::to_string(i), record, "judge"));
    const bool has = random() % 3 == 0;
    if (has) {
      said.push_back(Party("coop-" + place, "root"));
      said.push_back(Group("coop-" + place, place));
    }
    if (needs[n] > 0 && !has) expected[place] = place + " " + std::to_string(needs[n]);
  }
  ground.Do(said);
  const auto view = Need(query::MakeView(ground.ledger->store()));
  v1::MissingGroupsRequest request;
  request.set_level(4);
  std::map<std::string, std::string> found;
  for (const std::uint64_t limit : {1U, 2U, 7U, 500U}) {
    found.clear();
    request.clear_after();
    request.set_limit(limit);
    for (bool more = true; more;) {
      const auto page = Need(Whole(query::MissingGroups(view, request, query::PagingOf(request))));
      CHECK(static_cast<std::uint64_t>(page.lines_size()) <= limit);
      for (const v1::MissingGroup& line : page.lines())
        CHECK(found.emplace(line.place(), line.place() + " " + std::to_string(line.needs())).second);
      more = !page.next().empty();
      request.set_after(page.next());
    }
    CHECK(found == expected);
  }
}

TEST_CASE("what cannot be asked of groups is told") {
  Ground ground;
  const auto view = Need(query::MakeView(ground.ledger->store()));
  const auto group = [&](const std::string& id, const std::string& on, bool to_come) {
    v1::GroupRequest request;
    request.set_group(id);
    request.set_on(on);
    if (to_come) request.set_as_of(ground.ledger->size());
    return query::Group(view, request).status().code();
  };
  using Code = absl::StatusCode;
  CHECK(group("nobody", "", false) == Code::kNotFound);
  CHECK(group("county", "", false) == Code::kNotFound);
  CHECK(group("nobody", "2026-02-30", false) == Code::kInvalidArgument);
  CHECK(group("nobody", "", true) == Code::kOutOfRange);
  const auto missing = [&](std::uint32_t level, const std::string& place, int kind,
                           const std::string& after) {
    v1::MissingGroupsRequest request;
    request.set_level(level);
    request.set_place(place);
    request.set_kind(static_cast<v1::FormGroup::Kind>(kind));
    request.set_after(after);
    return query::MissingGroups(view, request, query::PagingOf(request)).status().code();
  };
  CHECK(missing(4, "", 0, "") == Code::kOk);
  CHECK(missing(6, "", 0, "") == Code::kInvalidArgument);
  CHECK(missing(4, "nowhere", 0, "") == Code::kNotFound);
  CHECK(missing(4, "", 9, "") == Code::kInvalidArgument);
  CHECK(missing(4, "", 0, "x") == Code::kInvalidArgument);
}

}  // namespace
}  // namespace fundtrail::testing
