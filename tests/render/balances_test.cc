// Where the money of a balance lies, by the role of whose account it is; names of items; and what a project's transfers come to.
#include <catch2/catch.hpp>
#include <tuple>

#include "cli/render/answers.h"
#include "cli/render/item_names.h"
#include "tests/support/text.h"

namespace fundtrail::render {
namespace {

using testing::Contains;

v1::BalanceLine* AddLine(v1::BalanceAnswer* answer, const char* fund, std::int64_t received,
                         std::int64_t drawn) {
  v1::BalanceLine* line = answer->add_lines();
  line->mutable_account()->set_party("village");
  line->mutable_account()->set_party_name("Village");
  line->mutable_account()->set_fund(fund);
  line->mutable_account()->set_asset("CNY");
  line->set_received(received);
  line->set_drawn(drawn);
  line->set_held(received - drawn);
  return line;
}

std::string BalanceText(const v1::BalanceAnswer& answer) { return Text(answer, Style()).str(); }

TEST_CASE("a balance says of each party what its role says: held, reached, ends here, came back") {
  v1::BalanceAnswer held;
  AddLine(&held, "winter", 10, 4);
  AddLine(&held, "school", 5, 0);
  CHECK_THAT(BalanceText(held), Contains("received  paid out  held  brought in"));
  CHECK_THAT(BalanceText(held), Contains("Together: 15 CNY received - 4 paid out = 11 held\n"));

  v1::BalanceAnswer reached;
  AddLine(&reached, "winter", 10, 4)->set_reached(6);
  AddLine(&reached, "school", 5, 0)->set_reached(5);
  CHECK_THAT(BalanceText(reached), Contains("received  paid out  reached  brought in"));
  CHECK_THAT(BalanceText(reached), Contains("= 11 reached recipients\n"));
  CHECK_THAT(BalanceText(reached), !Contains("held"));
  CHECK_THAT(BalanceText(reached), !Contains("Ends here"));

  v1::BalanceAnswer ended;
  auto* line = AddLine(&ended, "winter", 10, 4);
  line->set_ends_here(6);
  line->set_committed_received(2);
  line->set_committed_held(2);
  CHECK_THAT(BalanceText(ended), Contains("received  paid out  ends here  brought in"));
  CHECK_THAT(BalanceText(ended), Contains("Ends here: no further payment is recorded."));
  CHECK_THAT(BalanceText(ended), Contains("0 of what went out, 2 of what lies there.\n"));

  v1::BalanceAnswer back;
  AddLine(&back, "winter", 10, 9)->set_returned(1);
  CHECK_THAT(BalanceText(back), Contains("received  paid out  came back  brought in"));

  // Of joined parties of several roles each stands in a column of its own.
  v1::BalanceAnswer mixed;
  AddLine(&mixed, "winter", 10, 0)->set_reached(4);
  CHECK_THAT(BalanceText(mixed), Contains("received  paid out  held  reached  brought in"));

  // Only by value dates may more have gone out than come in.
  v1::BalanceAnswer early;
  AddLine(&early, "winter", 5, 12);
  CHECK_THAT(BalanceText(early), !Contains("Below zero"));
  early.set_as_of_date("2026-06-01");
  CHECK_THAT(BalanceText(early),
             Contains("Below zero in fund winter: by value dates, more CNY had gone out by that day"));

  v1::BalanceAnswer nothing;
  AddLine(&nothing, "winter", 10, 10);
  CHECK_THAT(BalanceText(nothing), Contains("received  paid out  held  brought in"));
  CHECK_THAT(BalanceText({}), Contains("No money: no transfer from it or to it fits the question.\n"));
}

TEST_CASE("a balance as CSV has where its money lies, and the names of the fund and the project") {
  v1::BalanceAnswer answer;
  auto* line = AddLine(&answer, "winter", 10, 4);
  line->set_ends_here(6);
  line->mutable_account()->set_project("coats");
  for (const auto& [of, id, name] :
       {std::tuple("fund", "winter", "Winter relief"), std::tuple("project", "coats", "=Coats")}) {
    auto* said = answer.add_names();
    said->set_register_(of);
    said->set_id(id);
    said->set_name(name);
  }
  const std::string csv = BalanceCsv(answer, sheets::Cells::kGuarded);
  CHECK_THAT(csv, Contains(",reached,ends_here,returned,fund_name,project_name,ledger,size,root\n"));
  CHECK_THAT(csv, Contains(",0,6,0,Winter relief,'=Coats,"));
  CHECK_THAT(BalanceText(answer), Contains("fund winter: Winter relief\nproject coats: =Coats\n"));
}

TEST_CASE("names stand once below an answer: not those that are the id, and every text as text") {
  v1::ListAnswer answer;
  const auto add = [&](const char* of, const char* id, const char* name) {
    auto* said = answer.add_names();
    said->set_register_(of);
    said->set_id(id);
    said->set_name(name);
  };
  add("fund", "winter", "winter");
  CHECK(NamesText(answer.names(), Style()).empty());
  add("place", "dafang", "\u5927\u65b9\u53bf");
  add("unheard-of", "x", "a\nb");
  const Shown text = NamesText(answer.names(), Style());
  CHECK_THAT(text.str(), Contains("place dafang: \u5927\u65b9\u53bf\nunheard-of x: a") && !Contains("a\nb"));
  CHECK_THAT(text.In(Language::kChinese), Contains("\u5730\u70b9 dafang"));
  const ItemNames names(answer.names());
  CHECK(names.Fund("winter") == "winter");
  CHECK(names.Of("place", "dafang") == "\u5927\u65b9\u53bf");
  CHECK(names.Project("winter").empty());
}

TEST_CASE("a list of a project's transfers ends with what they come to, asset by asset") {
  v1::ListAnswer answer;
  CHECK_THAT(Text(answer, Style()).str(), !Contains("In all"));
  auto* money = answer.add_sums();
  money->set_asset("CNY");
  money->set_decimals(2);
  money->mutable_paid()->set_transfers(3);
  money->mutable_paid()->set_amount(1'234'00);
  money->mutable_committed()->set_transfers(1);
  money->mutable_committed()->set_amount(5'00);
  money = answer.add_sums();
  money->set_asset("PCS");
  money->mutable_sent_back()->set_transfers(1);
  money->mutable_sent_back()->set_amount(7);
  CHECK_THAT(Text(answer, Style()).str(),
             Contains("In all, 4 transfers in CNY: 1,234.00 paid, 5.00 committed, not paid\n"
                      "In all, 1 transfer in PCS: 7 sent back\n"
                      "Money that several of these transfers moved, one after another, counts in each.\n"));
  // One transfer moves nothing after another.
  answer.mutable_sums()->DeleteSubrange(0, 1);
  CHECK_THAT(Text(answer, Style()).str(),
             Contains("In all, 1 transfer in PCS: 7 sent back\n") && !Contains("one after another"));
}

TEST_CASE("a list names the funds and projects of its table, and no places, which the table does not have") {
  v1::ListAnswer answer;
  for (const char* const of : {"place", "fund"}) {
    v1::ItemName* const name = answer.add_names();
    name->set_register_(of);
    name->set_id("x");
    name->set_name("X");
  }
  CHECK_THAT(Text(answer, Style()).str(), Contains("fund x: X\n") && !Contains("place"));
}

}  // namespace
}  // namespace fundtrail::render
