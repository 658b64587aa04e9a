// In how many hands help lies, as it is printed.
#include "cli/render/fragmentation.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::FragmentationAnswer Answer() {
  v1::FragmentationAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  answer.set_on("2026-03-01");
  answer.set_place("dafang");
  answer.set_place_name("Dafang");
  answer.set_category("EDU");
  answer.set_category_name("Education");
  answer.set_asset("CNY");
  answer.set_decimals(2);
  answer.set_placed(4'000'00);
  auto* policies = answer.add_lines();
  policies->set_kind(v1::FragmentationLine::KIND_POLICIES);
  policies->set_leads(1);
  auto* teams = answer.add_lines();
  teams->set_kind(v1::FragmentationLine::KIND_TEAMS);
  auto* funds = answer.add_lines();
  funds->set_kind(v1::FragmentationLine::KIND_FUNDS);
  funds->set_count(4);
  funds->set_effective(1'612);
  funds->set_largest(7'500);
  for (const auto& [id, amount] : {std::pair("winter", 3'000'00), std::pair("school", 998'00),
                                   std::pair("a", 1'00), std::pair("=b", 1'00)}) {
    auto* part = funds->add_parts();
    part->set_id(id);
    part->set_name(std::string("Fund ") + id);
    part->set_amount(amount);
  }
  return answer;
}

TEST_CASE("fragmentation, in words") {
  render::Style style;
  style.width = 200;
  const std::string text = render::Text(Answer(), style).str();
  CHECK_THAT(text, Contains("In how many hands: Dafang (dafang), Education (EDU), on 2026-03-01\n"));
  CHECK_THAT(
      text, Contains("1.612   75.00%  Fund winter (winter) 3,000.00; Fund school (school) 998.00; Fund a (a) "
                     "1.00; and 1 more\n"));
  CHECK_THAT(text, Contains("Money that is placed there: 4,000.00 CNY\n"));
  CHECK_THAT(text, Contains("Announcers: in the last 90 days.\n"));
  CHECK_THAT(text, Contains("policies in force, 1 lead"));
}

TEST_CASE("fragmentation, as a spreadsheet") {
  CHECK(WithoutCheckpoint(render::FragmentationCsv(Answer(), sheets::Cells::kGuarded)) ==
        "kind,count,effective,largest,id,name,amount,leads\n"
        "policies,0,,,,,,1\n"
        "teams,0,,,,,,\n"
        "funds,4,1.612,0.7500,winter,Fund winter,3000.00,\n"
        "funds,4,1.612,0.7500,school,Fund school,998.00,\n"
        "funds,4,1.612,0.7500,a,Fund a,1.00,\n"
        "funds,4,1.612,0.7500,'=b,Fund =b,1.00,\n");
}

}  // namespace
}  // namespace fundtrail::testing
