// Sums of money: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("bodies by their money: what cannot be true is told") {
  // A holder that received 10 and paid 4, 3 of it committed; another that has 5.
  const auto holder = [](v1::TopLine* line) {
    line->set_party("hub");
    line->set_role(v1::ROLE_HOLDER);
    line->set_asset("CNY");
    line->set_decimals(2);
    line->mutable_sums()->set_received(10);
    line->mutable_sums()->set_paid(4);
    line->mutable_sums()->set_committed_paid(3);
    line->mutable_sums()->set_held(6);
    line->mutable_sums()->set_transfers(2);
  };
  const auto top = [&](const std::function<void(v1::TopAnswer*)>& change) {
    v1::TopAnswer made;
    made.set_of(v1::TopRequest::OF_BODIES);
    holder(made.add_lines());
    holder(made.add_lines());
    made.mutable_lines(1)->set_party("other");
    *made.mutable_lines(1)->mutable_sums() = v1::MoneySums();
    made.mutable_lines(1)->mutable_sums()->set_received(5);
    made.mutable_lines(1)->mutable_sums()->set_held(5);
    v1::TopTotal* total = made.add_totals();
    total->set_bodies(2);
    total->mutable_all()->set_asset("CNY");
    v1::MoneySums* all = total->mutable_all()->mutable_sums();
    all->set_received(15);
    all->set_paid(4);
    all->set_committed_paid(3);
    all->set_held(11);
    all->set_transfers(2);
    change(&made);
    return made;
  };
  const v1::TopRequest asked;
  const auto honest = top([](v1::TopAnswer*) {});
  CanBeTrue(honest, asked, true);
  CanBeTrue(honest, asked, false);
  Untrue("more are shown than there are in all", top([](auto* a) { a->set_in_all(1); }), asked, true);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3), true);
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_asset("USD"); }), true);
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_role(v1::ROLE_SOURCE); }), true);
  Untrue("more bodies are shown than were asked", honest, With(asked, [](auto* r) { r->set_top(1); }), true);
  Untrue("it was not asked for", honest,
         With(asked,
              [](auto* r) {
                r->set_by(v1::TopRequest::BY_PAID);
                r->set_role(v1::ROLE_RECIPIENT);
              }),
         true);
  const std::pair<std::function<void(v1::TopAnswer*)>, const char*> kTopLies[] = {
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->set_held(7); },
       "of hub in CNY, what came in is not what went out and what is there"},
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->set_committed_paid(5); },
       "a part is more than its whole"},
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->set_committed_transfers(3); },
       "a part is more than its whole"},
      {[](auto* a) {
         a->mutable_lines(0)->mutable_sums()->set_held(5);
         a->mutable_lines(0)->mutable_sums()->set_reached(1);
       },
       "there is money that its role does not have"},
      {[](auto* a) {
         a->mutable_lines(0)->mutable_sums()->set_before(1);
         a->mutable_lines(0)->mutable_sums()->set_held(7);
       },
       "something was there before the first record"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it is not in the order"},
      {[](auto* a) { a->mutable_totals(0)->set_bodies(3); }, "the bodies are not as many as is said"},
      {[](auto* a) { a->mutable_totals(0)->set_left_out(1); }, "another number of bodies is left out"},
      {[](auto* a) { a->clear_totals(); }, "there are bodies and no total"},
      {[](auto* a) {
         a->mutable_totals(0)->mutable_all()->mutable_sums()->set_received(16);
         a->mutable_totals(0)->mutable_all()->mutable_sums()->set_held(12);
       },
       "the totals are not those of the bodies"},
  };
  for (const auto& [change, words] : kTopLies) Untrue(words, top(change), asked, true);
  const auto join = [](v1::TopAnswer* a, const char* party, const char* under) {
    a->mutable_as_of()->set_size(9);
    a->add_joined()->set_party(party);
    a->mutable_joined()->rbegin()->set_under(under);
  };
  const auto joined = With(asked, [](auto* r) { r->set_joined(true); });
  const auto twin = top([&](auto* a) { join(a, "twin", "hub"); });
  Untrue("it joins parties, which was not asked for", twin, asked, true);
  CanBeTrue(twin, joined, true);
  Untrue("a party that stands for others is joined itself",
         With(twin, [&](auto* a) { join(a, "hub", "other"); }), joined, true);
  Untrue("a party is joined twice", With(twin, [&](auto* a) { join(a, "twin", "other"); }), joined, true);
  Untrue("a party is joined by a record that is not there",
         With(twin, [](auto* a) { a->mutable_joined(0)->set_record(9); }), joined, true);
}

TEST_CASE("series: what cannot be true is told") {
  const auto series = [&](const std::function<void(v1::SeriesAnswer*)>& change) {
    v1::SeriesAnswer made;
    made.set_by(v1::SeriesRequest::BY_MONTH);
    for (const char* period : {"2026-01", "2026-02"}) {
      v1::SeriesLine* line = made.add_lines();
      line->set_period(period);
      line->mutable_sums()->set_asset("CNY");
      v1::MoneySums* sums = line->mutable_sums()->mutable_sums();
      sums->set_before(made.lines_size() == 1 ? 0 : 7);
      sums->set_brought_in(7);
      sums->set_held(made.lines_size() == 1 ? 7 : 14);
      sums->set_moved(7);
    }
    change(&made);
    return made;
  };
  const v1::SeriesRequest asked;
  const auto honest = series([](v1::SeriesAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another party, another fund or other periods than was asked for", honest,
         With(asked, [](auto* r) { r->set_party("hub"); }));
  Untrue("it is of another party, another fund or other periods than was asked for", honest,
         With(asked, [](auto* r) { r->set_fund("winter"); }));
  Untrue("it is of another party, another fund or other periods than was asked for", honest,
         With(asked, [](auto* r) { r->set_by(v1::SeriesRequest::BY_YEAR); }));
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_asset("USD"); }));
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_since("2026-02-03"); }));
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_until("2026-01-31"); }));
  const std::pair<std::function<void(v1::SeriesAnswer*)>, const char*> kSeriesLies[] = {
      {[](auto* a) { a->mutable_lines(1)->mutable_sums()->mutable_sums()->set_held(15); },
       "of CNY in 2026-02, what came in is not what went out and what is there"},
      {[](auto* a) {
         a->mutable_lines(1)->mutable_sums()->mutable_sums()->set_before(8);
         a->mutable_lines(1)->mutable_sums()->mutable_sums()->set_held(15);
       },
       "it does not begin with what the period before ended with"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it does not begin with"},
      {[](auto* a) { a->mutable_lines(1)->set_period("2026-01"); }, "it is out of order"},
      {[](auto* a) { a->mutable_lines(1)->set_period("2026"); }, "it was not asked for"},
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->mutable_sums()->set_unrecorded(8); },
       "a part is more than its whole"},
  };
  for (const auto& [change, words] : kSeriesLies) Untrue(words, series(change), asked);
}

TEST_CASE("the summary: what cannot be true is told") {
  const auto summary = [&](const std::function<void(v1::SummaryAnswer*)>& change) {
    v1::SummaryAnswer made;
    made.mutable_as_of()->set_size(3);
    made.set_records(3);
    made.set_transfers(1);
    made.add_newest()->mutable_ref()->set_record(2);
    v1::AssetSummary* asset = made.add_assets();
    asset->mutable_all()->set_asset("CNY");
    v1::MoneySums* all = asset->mutable_all()->mutable_sums();
    all->set_brought_in(9);
    all->set_unrecorded(2);
    all->set_reached(9);
    all->set_transfers(1);
    asset->set_donor_count(1);
    v1::TopLine* donor = asset->add_donors();
    donor->set_party("donor");
    donor->set_role(v1::ROLE_SOURCE);
    donor->set_asset("CNY");
    donor->mutable_sums()->set_brought_in(7);
    donor->mutable_sums()->set_paid(7);
    asset->set_recipient_count(1);
    v1::TopLine* recipient = asset->add_recipients();
    recipient->set_party("village");
    recipient->set_role(v1::ROLE_RECIPIENT);
    recipient->set_asset("CNY");
    recipient->mutable_sums()->set_received(9);
    recipient->mutable_sums()->set_reached(9);
    change(&made);
    return made;
  };
  const v1::SummaryRequest asked;
  const auto honest = summary([](v1::SummaryAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 1));
  const std::pair<std::function<void(v1::SummaryAnswer*)>, const char*> kSummaryLies[] = {
      {[](auto* a) { a->set_records(4); }, "another number of records than its checkpoint"},
      {[](auto* a) { a->set_committed_transfers(2); }, "more transfers are committed than there are"},
      {[](auto* a) { a->set_transfers(2); }, "another number of transfers is shown"},
      {[](auto* a) { a->mutable_assets(0)->mutable_all()->mutable_sums()->set_reached(8); },
       "of CNY, what came in is not what went out and what is there"},
      {[](auto* a) { a->mutable_assets(0)->set_donor_count(2); }, "another number of bodies is shown"},
      {[](auto* a) { a->mutable_assets(0)->mutable_all()->mutable_sums()->set_unrecorded(3); },
       "do not have what all of them have"},
      {[](auto* a) { a->mutable_assets(0)->mutable_donors(0)->set_party("unrecorded"); },
       "it is not one of those that are ranked"},
      {[](auto* a) { a->mutable_assets(0)->mutable_donors(0)->set_asset("USD"); },
       "it is not one of those that are ranked"},
      {[](auto* a) { a->mutable_assets(0)->mutable_recipients(0)->set_role_inferred(true); },
       "there is money that its role does not have"},
      {[](auto* a) { *a->add_assets() = a->assets(0); }, "the assets do not stand by their codes"},
      {[](auto* a) { a->add_registers()->set_ended(1); }, "more items have ended than there are"},
  };
  for (const auto& [change, words] : kSummaryLies) Untrue(words, summary(change), asked);
}

TEST_CASE("money that lies idle: what cannot be true is told") {
  const auto held = [&](const std::function<void(v1::IdleAnswer*)>& change) {
    v1::IdleAnswer made;
    made.set_on("2026-03-01");
    for (const char* party : {"hub", "other"}) {
      v1::IdleLine* line = made.add_lines();
      line->mutable_account()->set_party(party);
      line->mutable_account()->set_fund("winter");
      line->mutable_account()->set_asset("CNY");
      line->set_accounts(1);
      line->set_held(10);
      line->mutable_ages()->set_under_90_days(4);
      line->mutable_ages()->set_under_2_years(6);
      line->set_oldest("2025-01-01");
      line->set_newest("2026-02-01");
      line->set_committed(1);
      line->set_kept(2);
    }
    v1::IdleTotal* total = made.add_totals();
    total->set_asset("CNY");
    total->set_lines(2);
    total->set_held(20);
    total->mutable_ages()->set_under_90_days(8);
    total->mutable_ages()->set_under_2_years(12);
    total->set_oldest("2025-01-01");
    total->set_committed(2);
    total->set_kept(4);
    change(&made);
    return made;
  };
  const v1::IdleRequest asked;
  const auto honest = held([](v1::IdleAnswer*) {});
  CanBeTrue(honest, asked, true);
  CanBeTrue(honest, asked, false);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3), true);
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"), true);
  Untrue("of other in CNY, it was not asked for", honest, With(asked, [](auto* r) { r->set_party("hub"); }),
         true);
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_fund("flood"); }), true);
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_asset("USD"); }), true);
  Untrue("it was not asked for", honest, With(asked, [](auto* r) { r->set_of(v1::IdleRequest::OF_PARTY); }),
         true);
  Untrue("more lines are shown than were asked for", honest, With(asked, [](auto* r) { r->set_top(1); }),
         true);
  const std::pair<std::function<void(v1::IdleAnswer*)>, const char*> kHeldLies[] = {
      {[](auto* a) { a->mutable_lines(0)->set_held(11); }, "the ages do not add up to what is held"},
      {[](auto* a) { a->mutable_lines(0)->set_committed(11); }, "more is committed or kept than is held"},
      {[](auto* a) { a->mutable_lines(0)->set_kept(11); }, "more is committed or kept than is held"},
      {[](auto* a) { a->mutable_lines(0)->set_oldest("2023-01-01"); },
       "the oldest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_oldest("2025-12-31"); },
       "the oldest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_newest("2025-06-01"); },
       "the newest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_newest("soon"); }, "the newest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_accounts(2); }, "it is of another number of accounts"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it is not in the order"},
      {[](auto* a) { a->mutable_totals(0)->set_lines(3); }, "the lines are not as many as is said"},
      {[](auto* a) { a->mutable_totals(0)->set_left_out(1); }, "another number of lines is left out"},
      {[](auto* a) { a->mutable_totals(0)->set_kept(5); }, "the total is not that of the lines"},
      {[](auto* a) { a->clear_totals(); }, "there are lines without a total"},
  };
  for (const auto& [change, words] : kHeldLies) Untrue(words, held(change), asked, true);
}

}  // namespace
}  // namespace fundtrail::testing
