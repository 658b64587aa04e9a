// What the questions say of pledges, assignments and commitments: Pledges, Needs, Coverage and Balance, now and as of earlier records.
#include "tests/support/supply.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/balance.h"
#include "ledger/query/coverage.h"
#include "ledger/query/needs.h"
#include "ledger/query/pledges.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

v1::Action ForNeed(const std::string& need, v1::Action pay) {
  pay.mutable_transfer()->set_need(need);
  return pay;
}

// gz ── df; county declares cold (1,000 CNY) for NUT, and the auditor in gz verifies it. donor pledged 800 (gift); donor2 pledged
// 300 until 2026-03-02 (short).
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("gz"), Place("df", "gz", 3), Category("NUT"), Party("county", "root"),
        Party("donor2", "root", v1::ROLE_SOURCE), Seated(Party("auditor", "root"), "gz")});
    Do(FormedCoop(ledger->size()));
    v1::Action brief = PledgeOf("short", "donor2", 300);
    brief.mutable_pledge()->set_until("2026-03-02");
    Do({Asking(NeedAt("cold", "county", "df"), 1'000), Verify("cold", ledger->size()),
        PledgeOf("gift", "donor", 800), brief});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) { return Signed(actions, {1}, "root"); }
  std::uint64_t Assign(const v1::Action& action) { return Signed({action}, {11, 12, 13}, "coop"); }
  std::uint64_t Signed(const std::vector<v1::Action>& actions, std::initializer_list<int> keys,
                       const std::string& author) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry(author, record, actions), keys), clock.Read()).status());
    return record;
  }

  // "gift 800: assigned 300, paid 100, left 500, kept 1250, PLEDGE_IN_FORCE", and what the donor's come to.
  std::string Pledges(const v1::PledgesRequest& request, const query::Paging& paging = {}) const {
    const auto view = Need(query::MakeView(ledger->store()));
    const auto answer = Need(Whole(query::Pledges(view, request, paging)));
    std::string text;
    for (const v1::PledgeLine& line : answer.lines()) {
      absl::StrAppend(&text, text.empty() ? "" : "; ", line.pledge().id(), " ", line.pledged(), ": assigned ",
                      line.assigned(), ", paid ", line.paid(), ", left ", line.left(), ", kept ",
                      line.has_kept() ? absl::StrCat(line.kept()) : "-", ", ", model::WordOf(line.state()));
    }
    for (const v1::DonorPledges& sum : answer.donors()) {
      absl::StrAppend(&text, " | ", sum.donor(), " ", sum.asset(), " ", sum.pledges(), ": ", sum.pledged(),
                      " ", sum.assigned(), " ", sum.paid(), " ", sum.kept());
    }
    return text;
  }
  // "ASSIGNED: asked 1000, direct 0, assigned 1000, open 0", of the need cold.
  std::string Cold(std::optional<std::uint64_t> as_of = std::nullopt) const {
    v1::NeedsRequest request;
    request.add_ids("cold");
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto view = Need(query::MakeView(ledger->store()));
    const auto answer = Need(Whole(query::Needs(view, request, {})));
    const v1::NeedLine& line = answer.lines(0);
    CHECK(answer.counts(0).assigned() == line.assigned());
    return absl::StrCat(model::WordOf(line.state()), ": asked ", line.asked(), ", direct ", line.direct(),
                        ", assigned ", line.assigned(), ", open ", line.open());
  }
  // "UNFUNDED, promised 300"
  std::string Covered(std::optional<std::uint64_t> as_of = std::nullopt,
                      const std::string& place = "") const {
    v1::CoverageRequest request;
    request.set_place(place);
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = Need(query::Coverage(Need(query::MakeView(ledger->store())), request));
    return absl::StrCat(model::WordOf(answer.total().state()), ", promised ",
                        answer.total().figures().promised());
  }
};

TEST_CASE("pledges are shown with what is assigned and paid, now and as of any record") {
  Ground g;
  v1::PledgesRequest all, of_donor, then;
  of_donor.set_donor("donor");
  CHECK(g.Pledges(all) ==
        "gift 800: assigned 0, paid 0, left 800, kept 0, PLEDGE_IN_FORCE; short 300: assigned 0, paid 0, "
        "left 300, "
        "kept 0, PLEDGE_IN_FORCE");
  const std::uint64_t assigned = g.Assign(AssignOf("a", "gift", "cold", 300));
  g.Do({Keeping("gift", "", Pay("donor", "ministry", 500))});
  g.Do({Keeping("", "a", ForNeed("cold", Pay("ministry", "village", 100)))});
  CHECK(g.Pledges(of_donor) ==
        "gift 800: assigned 300, paid 500, left 500, kept 6250, PLEDGE_IN_FORCE | donor CNY 1: 800 300 500 "
        "6250");
  then = of_donor;
  then.set_as_of(assigned);
  CHECK(g.Pledges(then) ==
        "gift 800: assigned 300, paid 0, left 500, kept 0, PLEDGE_IN_FORCE | donor CNY 1: 800 300 0 0");
  // More than was pledged is paid: all of it is kept, and no more.
  g.Do({Keeping("gift", "", Pay("donor", "ministry", 400))});
  CHECK(g.Pledges(of_donor) ==
        "gift 800: assigned 300, paid 900, left 500, kept 10000, PLEDGE_IN_FORCE | donor CNY 1: 800 300 900 "
        "10000");
  // A pledge of time has no money, and is in no sum; one to come is not due.
  v1::Action days = PledgeOf("days", "donor", 0), later = PledgeOf("later", "donor", 100);
  days.mutable_pledge()->set_quantity(30);
  days.mutable_pledge()->set_unit("person-days");
  later.mutable_pledge()->set_from("2026-03-09");
  g.Do({days, later});
  CHECK(g.Pledges(of_donor) ==
        "days 30: assigned 0, paid 0, left 30, kept -, PLEDGE_IN_FORCE; gift 800: assigned 300, paid 900, "
        "left 500, "
        "kept 10000, PLEDGE_IN_FORCE | donor CNY 1: 800 300 900 10000");
  v1::PledgesRequest more = of_donor;
  more.set_all(true);
  CHECK_THAT(g.Pledges(more),
             Catch::Contains("later 100: assigned 0, paid 0, left 100, kept 0, PLEDGE_NOT_BEGUN"));
  // On another day.
  g.clock.now += 2 * kDay;
  g.Do({Party("new", "root"), End("pledge", "gift", 3)});
  all.set_all(true);
  CHECK_THAT(g.Pledges(all),
             Catch::Contains("gift 800: assigned 300, paid 900, left 500, kept 10000, PLEDGE_WITHDRAWN"));
  CHECK_THAT(g.Pledges(all), Catch::Contains("short 300: assigned 0, paid 0, left 300, kept 0, PLEDGE_OVER"));
  v1::PledgesRequest earlier;
  earlier.set_on("2026-03-02");
  CHECK_THAT(g.Pledges(earlier),
             Catch::Contains("short 300: assigned 0, paid 0, left 300, kept 0, PLEDGE_IN_FORCE"));
}

TEST_CASE("pledges come in pages, and a question that has no answer says so") {
  Ground g;
  for (int i = 0; i < 7; ++i) g.Do({PledgeOf(absl::StrCat("p", i), "donor", 10 + i)});
  const auto view = Need(query::MakeView(g.ledger->store()));
  for (const char* donor : {"", "donor"}) {
    v1::PledgesRequest request;
    request.set_donor(donor);
    std::string by_two, whole;
    query::Paging paging;
    paging.limit = 2;
    int pages = 0;
    do {
      const auto page = Need(Whole(query::Pledges(view, request, paging)));
      for (const v1::PledgeLine& line : page.lines()) absl::StrAppend(&by_two, line.pledge().id(), " ");
      paging.after = page.next();
      ++pages;
    } while (!paging.after.empty() && pages < 20);
    const auto answer = Need(Whole(query::Pledges(view, request, {})));
    for (const v1::PledgeLine& line : answer.lines()) absl::StrAppend(&whole, line.pledge().id(), " ");
    CHECK(by_two == whole);
    CHECK(pages >= 4);
  }
  v1::PledgesRequest request;
  request.set_donor("nobody");
  CHECK(query::Pledges(view, request, {}).status().code() == absl::StatusCode::kNotFound);
  request.set_donor("donor");
  request.set_on("some day");
  CHECK(query::Pledges(view, request, {}).status().code() == absl::StatusCode::kInvalidArgument);
  request.clear_on();
  request.set_as_of(999);
  CHECK(query::Pledges(view, request, {}).status().code() == absl::StatusCode::kOutOfRange);
  request.clear_as_of();
  query::Paging wrong;
  wrong.after = "made-up";
  CHECK(query::Pledges(view, request, wrong).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("what is assigned is not open, and a place to which a pledge is assigned is no vacuum") {
  Ground g;
  const std::uint64_t before = g.ledger->size() - 1;
  CHECK(g.Cold() == "OPEN: asked 1000, direct 0, assigned 0, open 1000");
  CHECK(g.Covered() == "VACUUM, promised 0");
  const std::uint64_t some = g.Assign(AssignOf("a", "gift", "cold", 700));
  CHECK(g.Cold() == "PARTLY: asked 1000, direct 0, assigned 700, open 300");
  CHECK(g.Covered() == "UNFUNDED, promised 700");
  CHECK(g.Covered(std::nullopt, "df") == "UNFUNDED, promised 700");
  g.Assign(AssignOf("b", "short", "cold", 300));
  CHECK(g.Cold() == "ASSIGNED: asked 1000, direct 0, assigned 1000, open 0");
  g.Do({Pay("donor", "ministry", 900)});
  const std::uint64_t paid = g.Do({Keeping("", "a", ForNeed("cold", Pay("ministry", "village", 700)))});
  CHECK(g.Cold() == "ASSIGNED: asked 1000, direct 700, assigned 300, open 0");
  CHECK(g.Covered() == "COVERED, promised 300");
  g.Do({Returning(Pay("village", "ministry", 50), Ref(paid))});
  CHECK(g.Cold() == "ASSIGNED: asked 1000, direct 650, assigned 350, open 0");
  g.Do({Keeping("", "a", ForNeed("cold", Pay("ministry", "village", 50)))});
  g.Do({Keeping("short", "b", ForNeed("cold", Pay("donor2", "village", 300)))});
  CHECK(g.Cold() == "MET: asked 1000, direct 1000, assigned 0, open 0");
  CHECK(g.Covered() == "COVERED, promised 0");
  CHECK(g.Cold(before) == "OPEN: asked 1000, direct 0, assigned 0, open 1000");
  CHECK(g.Cold(some) == "PARTLY: asked 1000, direct 0, assigned 700, open 300");
  CHECK(g.Covered(before) == "VACUUM, promised 0");
  CHECK(g.Covered(some) == "UNFUNDED, promised 700");
}

TEST_CASE("a balance says what commitments keep, as of each record and its day") {
  Ground g;
  g.Do({Pay("donor", "ministry", 100)});
  v1::Action brief = CommitOf("brief", "ministry", 30);
  brief.mutable_commit()->set_until("2026-03-01");
  const std::uint64_t committed = g.Do({brief, CommitOf("open", "ministry", 20)});
  const auto kept = [&](const v1::BalanceRequest& request) {
    const auto answer = Need(query::Balance(Need(query::MakeView(g.ledger->store())), request));
    const v1::BalanceLine& line = answer.lines(0);
    return line.has_kept() ? absl::StrCat(line.held(), " of which ", line.kept()) : absl::StrCat(line.held());
  };
  v1::BalanceRequest request, then, by_day;
  request.set_party("ministry");
  then = by_day = request;
  CHECK(kept(request) == "100 of which 50");
  g.Do({Using("open", Pay("ministry", "village", 5))});
  CHECK(kept(request) == "95 of which 45");
  g.clock.now += kDay;
  g.Do({Party("new", "root")});
  CHECK(kept(request) == "95 of which 15");  // no record says that one has lapsed
  then.set_record(committed);
  CHECK(kept(then) == "100 of which 50");
  then.set_record(committed - 1);
  CHECK(kept(then) == "100");  // nothing is kept then
  by_day.set_date("2026-03-01");
  CHECK(kept(by_day) == "95");
}

}  // namespace
}  // namespace fundtrail::testing
