// Concerns: their days, who answers, what came of fake help, filters and counts.
#include "ledger/query/concerns.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "ledger/query/concern_days.h"
#include "ledger/store/memory.h"
#include "tests/support/answers.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Line = v1::ConcernLine;

constexpr std::int64_t kDay = 86'400'000'000;

Date Day(const char* text) { return Need(ParseDate(text)); }

TEST_CASE("two working days, Monday to Friday") {
  // 2026-03-02 is a Monday.
  const std::pair<const char*, const char*> kDays[] = {
      {"2026-03-02", "2026-03-04"}, {"2026-03-04", "2026-03-06"}, {"2026-03-05", "2026-03-09"},
      {"2026-03-06", "2026-03-10"}, {"2026-03-07", "2026-03-10"}, {"2026-03-08", "2026-03-10"},
      {"1969-12-31", "1970-01-02"}};
  for (const auto& [raised, due] : kDays) CHECK(query::AfterWorkingDays(Day(raised), 2) == Day(due));
}

TEST_CASE("overdue on the next day, and not before") {
  const Date raised = Day("2026-03-02");
  const auto on = [&](int days, bool received = false) {
    return query::Waiting(raised, received, query::After(raised, days));
  };
  CHECK(on(0) == Line::STATE_OPEN);
  CHECK(on(0, true) == Line::STATE_RECEIVED);
  CHECK(on(20) == Line::STATE_OPEN);
  CHECK(on(21) == Line::STATE_OVERDUE);
  CHECK(on(21, true) == Line::STATE_OVERDUE);
  CHECK(on(40) == Line::STATE_OVERDUE);
  CHECK(on(41) == Line::STATE_VERY_OVERDUE);
  CHECK(on(-1) == Line::STATE_OPEN);
}

// The first day is Sunday, 2026-03-01. cn ─ gz ─┬─ df   The need coats of the county is in df; bureau judges for gz, other for zy.
//                                               └─ zy
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("df", "gz", 3), Place("zy", "gz", 3), Category("NUT"),
        Party("county", "root"), Party("charity", "root"), Party("bureau", "root"), Party("other", "root"),
        NeedAt("coats", "county", "df")});
    Do({AssessmentGroup("bureau", "gz"), AssessmentGroup("other", "zy")});
    // 3.2 to the village.
    Do({Pay("donor", "ministry", 1'000), Pay("ministry", "village", 100)});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  void Wait(int days) { clock.now += days * kDay; }
  // Something that changes nothing, so that the ledger has a record of this day.
  void Go() { Do({Asset(absl::StrCat("X", ledger->size()))}); }
  StatusOr<v1::ConcernsAnswer> Try(const v1::ConcernsRequest& request = {},
                                   const query::Paging& paging = {}) const {
    const auto view = Need(query::MakeView(ledger->store()));
    return Whole(query::Concerns(view, request, paging));
  }
  v1::ConcernLine One(const std::string& id) const {
    const auto answer = Need(Try());
    for (const Line& line : answer.lines())
      if (line.concern().id() == id) return line;
    throw std::runtime_error("no concern " + id);
  }
};

std::string Ids(const v1::ConcernsAnswer& answer) {
  return absl::StrJoin(answer.lines(), " ",
                       [](std::string* out, const Line& line) { absl::StrAppend(out, line.concern().id()); });
}

TEST_CASE("the life of a concern") {
  Ground ground;
  ground.Do({AboutNeed("coats", Concern("c", "charity", v1::RaiseConcern::KIND_DELAY))});
  const Line raised = ground.One("c");
  CHECK(raised.state() == Line::STATE_OPEN);
  CHECK(raised.raised() == "2026-03-01");
  CHECK(raised.receipt_due() == "2026-03-03");
  CHECK(raised.answer_due() == "2026-03-21");
  CHECK_FALSE(raised.receipt_late());
  CHECK(absl::StrJoin(raised.answer(), " ") == "county");
  CHECK(raised.escalated_to().empty());
  ground.Wait(2);
  ground.Go();
  CHECK_FALSE(ground.One("c").receipt_late());
  ground.Wait(1);
  ground.Go();
  CHECK(ground.One("c").receipt_late());
  ground.Do({Respond("c", "county", v1::RespondConcern::KIND_RECEIVED)});
  CHECK(ground.One("c").state() == Line::STATE_RECEIVED);
  CHECK(ground.One("c").receipt_late());  // it came too late
  ground.Wait(17);
  ground.Go();  // the 20th day
  CHECK(ground.One("c").state() == Line::STATE_RECEIVED);
  ground.Wait(1);
  ground.Go();
  CHECK(ground.One("c").state() == Line::STATE_OVERDUE);
  CHECK(absl::StrJoin(ground.One("c").escalated_to(), " ") == "bureau");
  ground.Wait(20);
  ground.Go();
  CHECK(ground.One("c").state() == Line::STATE_VERY_OVERDUE);
  const std::uint64_t answer = ground.Do({Respond("c", "county")});
  CHECK(ground.One("c").state() == Line::STATE_ANSWERED);
  CHECK(ground.One("c").answered_in() == answer);
  CHECK(ground.One("c").escalated_to().empty());
  ground.Do({Respond("c", "county", v1::RespondConcern::KIND_RECEIVED)});  // takes no answer away
  CHECK(ground.One("c").state() == Line::STATE_ANSWERED);
  const std::uint64_t closed = ground.Do({Close("c", "charity", false)});
  CHECK(ground.One("c").state() == Line::STATE_CLOSED);
  CHECK(ground.One("c").closed_in() == closed);
  CHECK_FALSE(ground.One("c").satisfied());
  // As it stood.
  v1::ConcernsRequest then;
  then.set_as_of(answer - 1);
  CHECK(Need(ground.Try(then)).lines(0).state() == Line::STATE_VERY_OVERDUE);
  then.set_as_of(raised.opened() - 1);
  CHECK(Need(ground.Try(then)).lines().empty());
}

TEST_CASE("what was closed in time waits for no receipt") {
  Ground ground;
  ground.Do({AboutNeed("coats", Concern("soon", "charity")), AboutNeed("coats", Concern("late", "charity"))});
  ground.Wait(2);
  ground.Do({Close("soon", "charity")});
  ground.Wait(1);
  ground.Do({Close("late", "charity")});
  ground.Wait(30);
  ground.Go();
  CHECK_FALSE(ground.One("soon").receipt_late());
  CHECK(ground.One("late").receipt_late());
  CHECK(ground.One("soon").state() == Line::STATE_CLOSED);
}

TEST_CASE("fake help that was found right: money comes back in 60 days, or its absence is said") {
  const auto after = [](int days, const std::vector<v1::Action>& then, bool action = true) {
    Ground ground;
    ground.Do({AboutTransfer("3.2", Concern("c", "charity", v1::RaiseConcern::KIND_FAKE_RECIPIENT))});
    ground.Do({Respond("c", "ministry",
                       action ? v1::RespondConcern::KIND_ACTION : v1::RespondConcern::KIND_REJECT)});
    ground.Wait(days);
    if (then.empty()) ground.Go();
    if (!then.empty()) ground.Do(then);
    return ground.One("c");
  };
  const std::vector<v1::Action> back = {Returning(Pay("village", "ministry", 1), Ref(3, 2))};
  CHECK(after(60, {}).fake_help() == Line::FAKE_HELP_AWAITED);
  CHECK(after(60, {}).fake_help_due() == "2026-04-30");
  CHECK(after(61, {}).fake_help() == Line::FAKE_HELP_MISSING);
  CHECK(after(60, back).fake_help() == Line::FAKE_HELP_MADE_GOOD);
  CHECK(after(60, back).money_back() == "6.1");
  CHECK(after(61, back).fake_help() == Line::FAKE_HELP_MISSING);
  CHECK(after(61, back, false).fake_help() == Line::FAKE_HELP_NOT_UPHELD);
  // What was paid on, or went back before anybody said so, is no answer.
  Ground ground;
  ground.Do(back);
  ground.Do({AboutParty("village", Concern("c", "charity", v1::RaiseConcern::KIND_FAKE_RECIPIENT))});
  ground.Do({Respond("c", "village", v1::RespondConcern::KIND_ACTION)});
  CHECK(ground.One("c").fake_help() == Line::FAKE_HELP_AWAITED);
  ground.Do(back);
  CHECK(ground.One("c").fake_help() == Line::FAKE_HELP_MADE_GOOD);
}

TEST_CASE("a fake need: what was paid straight for it comes back") {
  Ground ground;
  ground.Do({Asking(NeedAt("tents", "county", "df"), 500)});
  const std::uint64_t paid = ground.Do({Meeting("tents", Pay("ministry", "village", 50))});
  ground.Do({AboutNeed("tents", Concern("c", "charity", v1::RaiseConcern::KIND_FAKE_NEED))});
  ground.Do({Respond("c", "county", v1::RespondConcern::KIND_ACTION)});
  ground.Do({Returning(Pay("village", "ministry", 1), Ref(3, 2))});  // of another payment
  CHECK(ground.One("c").fake_help() == Line::FAKE_HELP_AWAITED);
  const std::uint64_t record = ground.Do({Returning(Pay("village", "ministry", 50), Ref(paid))});
  CHECK(ground.One("c").fake_help() == Line::FAKE_HELP_MADE_GOOD);
  CHECK(ground.One("c").money_back() == absl::StrCat(record, ".1"));
}

TEST_CASE("filters, counts and pages") {
  Ground ground;
  ground.Do({AboutNeed("coats", Concern("a", "charity", v1::RaiseConcern::KIND_DELAY)),
             AboutNeed("coats", Concern("b", "bureau", v1::RaiseConcern::KIND_FAKE_NEED)),
             AboutParty("village", Concern("c", "charity", v1::RaiseConcern::KIND_DELAY)),
             AboutTransfer("3.2", Concern("d", "charity", v1::RaiseConcern::KIND_DELAY)),
             AboutParty("county", Concern("e", "charity", v1::RaiseConcern::KIND_DELAY))});
  ground.Wait(4);
  ground.Do({Respond("a", "county")});
  ground.Wait(6);
  ground.Do({Respond("c", "village"), Close("c", "charity")});
  ground.Wait(15);
  ground.Go();
  const auto ids = [&](const std::function<void(v1::ConcernsRequest*)>& change) {
    v1::ConcernsRequest request;
    change(&request);
    const auto answer = ground.Try(request);
    return answer.ok() ? Ids(*answer) : absl::StatusCodeToString(answer.status().code());
  };
  CHECK(ids([](auto*) {}) == "a b c d e");
  CHECK(ids([](auto* r) { r->set_about("need"); }) == "a b");
  CHECK(ids([](auto* r) {
          r->set_about("party");
          r->set_id("village");
        }) == "c");
  CHECK(ids([](auto* r) {
          r->set_about("transfer");
          r->set_id("3.2");
        }) == "d");
  CHECK(ids([](auto* r) { r->set_kind(v1::RaiseConcern::KIND_FAKE_NEED); }) == "b");
  CHECK(ids([](auto* r) { r->set_place("gz"); }) == "a b");
  CHECK(ids([](auto* r) { r->set_place("zy"); }).empty());
  CHECK(ids([](auto* r) { r->set_party("county"); }) == "a b e");
  CHECK(ids([](auto* r) { r->set_party("bureau"); }) == "b");
  CHECK(ids([](auto* r) { r->add_states(Line::STATE_OVERDUE); }) == "b d e");
  CHECK(ids([](auto* r) { r->set_about("fund"); }) == "INVALID_ARGUMENT");
  CHECK(ids([](auto* r) { r->set_id("coats"); }) == "INVALID_ARGUMENT");
  CHECK(ids([](auto* r) { r->add_states(Line::STATE_UNSPECIFIED); }) == "INVALID_ARGUMENT");
  CHECK(ids([](auto* r) { r->set_place("nowhere"); }) == "NOT_FOUND");
  CHECK(ids([](auto* r) { r->set_party("nobody"); }) == "NOT_FOUND");

  const auto answer = Need(ground.Try());
  REQUIRE(answer.counts_size() == 2);
  const v1::ConcernCount& delay = answer.counts(1);
  CHECK(delay.kind() == v1::RaiseConcern::KIND_DELAY);
  CHECK(delay.concerns() == 4);
  CHECK(delay.open() == 2);
  CHECK(delay.overdue() == 2);
  CHECK(delay.answered() == 2);
  CHECK(delay.median_days() == 4);  // of 4 and 10 the lower
  CHECK(delay.closed() == 1);
  CHECK(delay.satisfied() == 1);
  CHECK_FALSE(answer.counts(0).has_median_days());

  for (std::size_t parts = 1; parts <= 6; ++parts) {
    query::Paging paging;
    paging.page_parts = parts;
    CHECK(Ids(Need(ground.Try({}, paging))) == "a b c d e");
    query::Paging some;
    some.limit = parts;
    v1::ConcernsAnswer joined;
    do {
      const auto page = Need(ground.Try({}, some));
      joined.MergeFrom(page);
      some.after = page.next();
    } while (!some.after.empty());
    CHECK(Ids(joined) == "a b c d e");
  }
}

// "CNY 1000 20 0, 2 without": of each asset what is in projects, for needs and in payments.
std::string MoneyOf(const v1::ConcernsAnswer& answer) {
  std::string text;
  for (const auto& line : answer.money())
    absl::StrAppend(&text, line.asset(), " ", line.in_projects(), " ", line.for_needs(), " ",
                    line.in_payments(), ", ");
  return absl::StrCat(text, answer.without_money(), " without");
}

TEST_CASE("money under concern: of each subject once, and of what nobody closed") {
  Ground ground;
  CHECK(MoneyOf(Need(ground.Try())) == "0 without");
  const std::uint64_t proposed =
      ground.Do({Where(Project("lunches", "county"), {{"df", 0}}, {}), Seated(Party("auditor", "root"), "cn"),
                 Asset("USD"), Asking(NeedAt("tents", "county", "df"), 500)});
  ground.Do({Decide("lunches", proposed)});
  // Of the 300 in the project 80 reach the village. The need gets 20 of general money.
  const std::uint64_t paid = ground.Do({Into("lunches", Pay("donor", "ministry", 300)),
                                        In("lunches", Pay("ministry", "village", 80)),
                                        Meeting("tents", Pay("ministry", "village", 20))});
  ground.Do({AboutProject("lunches", Concern("a", "charity", v1::RaiseConcern::KIND_DELAY)),
             AboutProject("lunches", Concern("b", "ministry", v1::RaiseConcern::KIND_QUALITY)),
             AboutParty("village", Concern("c", "charity")),
             AboutParty("village", Concern("d", "ministry"))});
  CHECK(MoneyOf(Need(ground.Try())) == "CNY 300 0 0, 1 without");
  ground.Do({AboutNeed("tents", Concern("e", "charity", v1::RaiseConcern::KIND_FAKE_NEED)),
             AboutTransfer("3.2", Concern("f", "charity")),
             AboutTransfer(absl::StrCat(paid, ".2"), Concern("g", "charity"))});
  // The 80 are in the project too, which is why payments stand by themselves.
  CHECK(MoneyOf(Need(ground.Try())) == "CNY 300 20 180, 1 without");
  v1::ConcernsRequest some;
  some.set_kind(v1::RaiseConcern::KIND_QUALITY);
  CHECK(MoneyOf(Need(ground.Try(some))) == "CNY 300 0 0, 0 without");
  some.add_states(Line::STATE_CLOSED);  // as the counts, it is of all that fit but for the states
  CHECK(MoneyOf(Need(ground.Try(some))) == "CNY 300 0 0, 0 without");
  // The project has another concern still when one is closed.
  const std::uint64_t before = ground.Do({Close("a", "charity")});
  CHECK(MoneyOf(Need(ground.Try())) == "CNY 300 20 180, 1 without");
  ground.Do({Close("b", "ministry"), Close("c", "charity"), Close("d", "ministry")});
  CHECK(MoneyOf(Need(ground.Try())) == "CNY 0 20 180, 0 without");
  ground.Do({Close("e", "charity"), Close("f", "charity"), Close("g", "charity")});
  CHECK(MoneyOf(Need(ground.Try())) == "0 without");
  v1::ConcernsRequest then;
  then.set_as_of(before);
  CHECK(MoneyOf(Need(ground.Try(then))) == "CNY 300 20 180, 1 without");
  then.set_as_of(paid);
  CHECK(MoneyOf(Need(ground.Try(then))) == "0 without");
}

TEST_CASE("money under concern: more than 63 bits is said to be so") {
  constexpr std::int64_t kMost = INT64_MAX;
  Ground ground;  // whose donor has paid already, so that another source brings as much as one can
  const std::uint64_t proposed = ground.Do(
      {Where(Project("one", "county"), {{"df", 0}}, {}), Where(Project("two", "county"), {{"df", 0}}, {}),
       Seated(Party("auditor", "root"), "cn"), Party("rich", "root", v1::ROLE_SOURCE)});
  ground.Do({Decide("one", proposed), Decide("two", proposed)});
  ground.Do({Into("one", Pay("rich", "charity", kMost)), Into("two", Pay("donor", "county", 1))});
  ground.Do({AboutProject("one", Concern("a", "charity"))});
  CHECK(MoneyOf(Need(ground.Try())) == absl::StrCat("CNY ", kMost, " 0 0, 0 without"));
  CHECK_FALSE(Need(ground.Try()).money_beyond());
  ground.Do({AboutProject("two", Concern("b", "charity"))});
  CHECK(MoneyOf(Need(ground.Try())) == "0 without");
  CHECK(Need(ground.Try()).money_beyond());
}

}  // namespace
}  // namespace fundtrail::testing
