// Pages put together, as the command line prints them.
#include "cli/render/pages.h"

#include <catch2/catch.hpp>

#include "cli/render/answers.h"
#include "cli/render/endings.h"
#include "cli/render/keys.h"
#include "cli/render/registers.h"

namespace fundtrail::render {
namespace {

v1::Statement Part(const std::string& fund, std::int64_t before, std::int64_t in, std::int64_t out,
                   std::int64_t minted = 0) {
  v1::Statement part;
  part.mutable_account()->set_party("hub");
  part.mutable_account()->set_fund(fund);
  part.set_held_before(before);
  part.set_total_in(in);
  part.set_total_out(out);
  part.set_minted(minted);
  part.set_held_after(before + in - out);
  part.set_within_in(in);
  part.set_within_out(out);
  part.set_within_minted(minted);
  part.add_lines()->set_amount(in + out);
  return part;
}

TEST_CASE("an account that goes on over pages is one statement again") {
  v1::StatementAnswer whole, page;
  *page.add_statements() = Part("flood", 5, 10, 0);
  *page.add_statements() = Part("winter", 0, 7, 0, 3);
  AddPage(page, &whole);
  page.Clear();
  *page.add_statements() = Part("winter", 7, 0, 2, 4);
  AddPage(page, &whole);
  page.Clear();
  *page.add_statements() = Part("winter", 5, 20, 0);
  *page.add_statements() = Part("school", 0, 1, 1);
  page.set_next("token");
  page.mutable_as_of()->set_size(9);
  AddPage(page, &whole);
  REQUIRE(whole.statements_size() == 3);
  CHECK(whole.statements(0).held_after() == 15);
  const v1::Statement& winter = whole.statements(1);
  CHECK(winter.lines_size() == 3);
  CHECK(winter.held_before() == 0);
  CHECK(winter.total_in() == 27);
  CHECK(winter.total_out() == 2);
  CHECK(winter.minted() == 7);
  CHECK(winter.within_in() == 27);
  CHECK(winter.within_out() == 2);
  CHECK(winter.within_minted() == 7);
  CHECK(winter.held_after() == 25);
  CHECK(whole.statements(2).account().fund() == "school");
  CHECK(whole.next() == "token");
  CHECK(whole.as_of().size() == 9);
}

TEST_CASE("what is left is told, a statement's with the record that makes it its rest") {
  const auto told = [](const std::string& text) {
    const auto at = text.find("--after ");
    return at == std::string::npos ? ""
                                   : text.substr(at, text.find(" for more, --limit 0 for all.\n", at) - at);
  };
  v1::StatementAnswer statement;
  *statement.add_statements() = Part("flood", 5, 10, 0);
  statement.mutable_as_of()->set_size(9);
  CHECK(told(Text(statement, {}).str()).empty());
  statement.set_next("1a2b.3");
  CHECK(told(Text(statement, {}).str()) == "--after 1a2b.3 --as-of 8");
  statement.set_as_of_record(4);
  CHECK(told(Text(statement, {}).str()) == "--after 1a2b.3 --as-of 4");
  CHECK(Text(statement, {}).str().find(", as of record 4\n") != std::string::npos);
  v1::RegistersAnswer parties;
  parties.set_next("1a2b.hub");
  const auto party_table = [&] { return RegisterTable(*model::FindRegister("party"), parties, {}).str(); };
  CHECK(told(party_table()) == "--after 1a2b.hub");
  parties.set_as_of_record(4);
  CHECK(told(party_table()) == "--after 1a2b.hub --as-of 4");
  CHECK(told(RegisterItems(parties, {}).str()) == "--after 1a2b.hub --as-of 4");
  v1::KeyAnswer keys;
  keys.set_next("1a2b.hub");
  CHECK(told(Text(keys, {}).str()) == "--after 1a2b.hub");
  v1::RegistersAnswer funds;
  funds.add_lines()->mutable_action()->mutable_open_fund()->set_id("flood");
  funds.set_next("1a2b.\x1b[2J");  // by a server that could be anybody's
  const std::string more = "--after 1a2b.\\u{001B}[2J";
  CHECK(told(RegisterTable(*model::FindRegister("fund"), funds, {}).str()) == more);
  CHECK(told(RegisterItems(funds, {}).str()) == more);
  v1::ListAnswer list;
  list.add_transfers()->mutable_ref()->set_record(3);
  list.set_next("3.1");
  CHECK(told(Text(list, {}).str()) == "--after 3.1");
  list.set_as_of_record(4);
  CHECK(told(Text(list, {}).str()) == "--after 3.1 --as-of 4");
}

TEST_CASE("a list says how many lines it shows, and of how many where that is known") {
  const Noun payments{"payment", "payments"};
  const struct {
    ListCount count;
    std::string english, chinese;
  } kCases[] = {
      {{0}, "", ""},
      {{1}, "1 payment.\n", "付款：1。\n"},
      {{1'200}, "1,200 payments.\n", "付款：1,200。\n"},
      {{1'200, 1'200}, "1,200 payments.\n", "付款：1,200。\n"},
      {{20, 1'383, RestAfter("7.1", " --as-of 9")},
       "20 of 1,383 payments shown; --after 7.1 --as-of 9 for more, --limit 0 for all.\n",
       "付款：共 1,383，显示 20；--after 7.1 --as-of 9 接着看，--limit 0 看全部。\n"},
      {{1, 2, RestOfTop(true)},
       "1 of 2 payments shown; --top 0 for all.\n",
       "付款：共 2，显示 1；--top 0 看全部。\n"},
      {{20, {}, RestAfter("7.1")},
       "The first 20 payments; more follow: --after 7.1 for more, --limit 0 for all.\n",
       "付款：前 20，后面还有：--after 7.1 接着看，--limit 0 看全部。\n"},
      {{20, {}, RestAfter("7.1"), true},
       "20 payments shown; more follow: --after 7.1 for more, --limit 0 for all.\n",
       "付款：显示 20，后面还有：--after 7.1 接着看，--limit 0 看全部。\n"},
      {{3, {}, {}, true}, "3 payments shown; no more follow.\n", "付款：显示 3，后面没有了。\n"},
      {{3, 23, {}, true}, "3 of 23 payments shown.\n", "付款：共 23，显示 3。\n"},
      {{0, {}, RestAfter("7.1")},
       "More payments follow: --after 7.1 for more, --limit 0 for all.\n",
       "后面还有付款：--after 7.1 接着看，--limit 0 看全部。\n"},
      // A number that cannot be true is not told.
      {{3, 2}, "3 payments.\n", "付款：3。\n"},
  };
  for (const auto& one : kCases) {
    const Shown said = CountText(payments, one.count);
    CHECK(said.In(Language::kEnglish) == one.english);
    CHECK(said.In(Language::kChinese) == one.chinese);
  }
  v1::ListAnswer list;
  list.add_transfers()->mutable_ref()->set_record(3);
  CHECK_THAT(Text(list, {}).str(), Catch::Contains("\n1 transfer.\n"));
  list.set_next("3.1");
  CHECK_THAT(Text(list, {}).str(), Catch::Contains("\nThe first 1 transfer; more follow: --after 3.1 "));
  list.set_in_all(1'383);
  CHECK_THAT(Text(list, {}).str(), Catch::Contains("\n1 of 1,383 transfers shown; --after 3.1 "));
}

TEST_CASE("an answer that is not of now says so above all else, and one that is of now says no such thing") {
  const std::string then = "As of record 4:\n";
  const auto check = [&](const auto& to_text, auto answer) {
    CHECK(to_text(answer).find("As of record") == std::string::npos);
    answer.set_as_of_record(4);
    CHECK(to_text(answer).substr(0, then.size()) == then);
    answer.set_as_of_record(0);  // a record as any other
    CHECK(to_text(answer).substr(0, 15) == "As of record 0:");
  };
  v1::ListAnswer list;
  list.add_transfers()->mutable_ref()->set_record(3);
  check([](const auto& answer) { return Text(answer, {}).str(); }, list);
  v1::RegistersAnswer funds;
  funds.add_lines()->mutable_action()->mutable_open_fund()->set_id("flood");
  const model::Register& fund = *model::FindRegister("fund");
  check([&](const auto& answer) { return RegisterTable(fund, answer, {}).str(); }, funds);
  check([](const auto& answer) { return RegisterItems(answer, {}).str(); }, funds);
}

}  // namespace
}  // namespace fundtrail::render
