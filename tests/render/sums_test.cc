// Sums and ages as they are printed: the equation with all its parts, columns in which nothing moved, projects, and a narrow
// terminal.
#include "cli/render/sums.h"

#include <catch2/catch.hpp>
#include <string>

#include "cli/render/idle.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a ledger at a glance says each part of the equation, and what is not money yet") {
  v1::SummaryAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(7);
  answer.set_records(7);
  answer.set_last_day("2026-03-01");
  answer.set_transfers(1'234);
  auto* count = answer.add_registers();
  count->set_register_("fund");
  count->set_items(2);
  count->set_ended(1);
  auto* asset = answer.add_assets();
  asset->mutable_all()->set_asset("CNY");
  asset->mutable_all()->set_decimals(2);
  auto* sums = asset->mutable_all()->mutable_sums();
  sums->set_brought_in(1'000'00);
  sums->set_unrecorded(10'00);
  sums->set_received(20'00);
  sums->set_paid(30'00);
  sums->set_held(500'00);
  sums->set_reached(400'00);
  sums->set_ends_here(80'00);
  sums->set_returned(10'00);
  answer.add_assets()->mutable_all()->set_asset("USD");
  const std::string text = render::Text(answer, render::Style()).str();
  CHECK_THAT(text, Contains("example.org/l: 7 records, the last on 2026-03-01\n1,234 transfers.\n"));
  CHECK_THAT(text, Contains("Registers: fund 2 (1 ended).\n"));
  CHECK_THAT(
      text,
      Contains("1,000.00 brought in + 20.00 by exchange = 400.00 reached recipients + 80.00 ends here + "
               "500.00 held + 10.00 came back to sources + 30.00 went by exchange\n"));
  CHECK_THAT(text, Contains("10.00 CNY of what was brought in is of unrecorded origin.\n"));
  CHECK_THAT(text, Contains("\nUSD\nnothing = nothing\n"));
  CHECK_THAT(text, !Contains("largest"));
}

TEST_CASE("columns in which nothing moved are left out, and amounts are never cut") {
  v1::TopAnswer answer;
  auto* line = answer.add_lines();
  line->set_party("hub");
  line->set_party_name("A hub with a name that is longer than the terminal is wide");
  line->set_role(v1::ROLE_RECIPIENT);
  line->set_role_inferred(true);
  line->set_asset("CNY");
  line->mutable_sums()->set_received(123'456'789);
  line->mutable_sums()->set_ends_here(123'456'789);
  line->mutable_sums()->set_transfers(1);
  auto* total = answer.add_totals();
  total->mutable_all()->set_asset("CNY");
  total->mutable_all()->mutable_sums()->set_committed_received(5);
  total->set_bodies(1);
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(7);
  answer.mutable_as_of()->set_root("\x01\xff");
  auto* joined = answer.add_joined();
  joined->set_party("twin");
  joined->set_party_name("A twin");
  joined->set_under("hub");
  joined->set_join("twice");
  joined->set_record(5);
  render::Style style;
  style.width = 80;
  const std::string text = render::Text(answer, {}, style).str();
  CHECK_THAT(text, Contains("body     received    ends here  transfers  name\n"));
  CHECK_THAT(text, Contains("hub   123,456,789  123,456,789          1  A hub with a name that is longer"));
  CHECK_THAT(text, !Contains("terminal is wide"));
  CHECK_THAT(text, Contains("1 body.\n5 CNY of what was received is committed and not paid.\n"));
  CHECK_THAT(text, Contains("Counted under hub: A twin (twin), by join twice of record 5.\n"));
  // Each line of a table for a spreadsheet ends with the checkpoint.
  CHECK_THAT(render::TopCsvHeader(), Catch::EndsWith(",transfers,committed_transfers,ledger,size,root\n"));
  CHECK_THAT(render::TopCsvLines(answer, sheets::Cells::kRaw),
             Catch::EndsWith(",1,0,example.org/l,7,01ff\n"));
  style.width = render::kEndless;
  CHECK_THAT(
      render::Text(answer, {}, style).str(),
      Contains("A hub with a name that is longer than the terminal is wide, recipient by inference\n"));
}

TEST_CASE("ages of accounts in projects, and cells that a spreadsheet would run") {
  v1::IdleAnswer answer;
  answer.set_on("2026-03-01");
  auto* line = answer.add_lines();
  line->mutable_account()->set_party("hub");
  line->mutable_account()->set_party_name("=1+1");
  line->mutable_account()->set_fund("winter");
  line->mutable_account()->set_project("lunches");
  line->mutable_account()->set_asset("CNY");
  line->set_accounts(1);
  line->set_held(7);
  line->mutable_ages()->set_over_2_years(7);
  line->set_oldest("2020-01-01");
  line->set_newest("2020-01-02");
  auto* total = answer.add_totals();
  total->set_asset("CNY");
  total->set_lines(3);
  total->set_left_out(2);
  total->set_held(9);
  total->mutable_ages()->set_over_2_years(9);
  total->set_oldest("2020-01-01");
  const std::string text = render::Text(answer, {}, render::Style()).str();
  CHECK_THAT(
      text,
      Contains("party  fund    project  held  0-89 days  90-364  365-729  730 + days  oldest      name\n"));
  CHECK_THAT(
      text,
      Contains("hub    winter  lunches     7                                       7  2020-01-01  =1+1\n"));
  CHECK_THAT(text, Contains("9 CNY held, the oldest since 2020-01-01; 9 for 730 days or more.\n"));
  CHECK_THAT(text, Contains("1 of 3 accounts shown; --top 0 for all.\n"));
  v1::ItemName* const name = answer.add_names();
  name->set_register_("fund");
  name->set_id("winter");
  name->set_name("Winter relief");
  CHECK_THAT(render::Text(answer, {}, render::Style()).str(), Contains("fund winter: Winter relief\n"));
  const render::ItemNames names(answer.names());
  CHECK(WithoutCheckpoint(render::IdleCsvLines(answer, names, sheets::Cells::kGuarded)) ==
        "hub,'=1+1,winter,lunches,CNY,1,7,0,0,0,7,2020-01-01,2020-01-02,0,0,Winter relief,\n");
  CHECK(WithoutCheckpoint(render::IdleCsvLines(answer, names, sheets::Cells::kRaw)) ==
        "hub,=1+1,winter,lunches,CNY,1,7,0,0,0,7,2020-01-01,2020-01-02,0,0,Winter relief,\n");
}

}  // namespace
}  // namespace fundtrail::testing
