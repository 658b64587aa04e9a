// Items of registers as they are printed, with what was said about them.
#include "cli/render/registers.h"

#include <catch2/catch.hpp>
#include <tuple>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

void Say(std::uint64_t version, std::int64_t amount, v1::RegisterLine* line) {
  auto* said = line->add_attestations();
  said->set_record(version + 1);
  said->set_author("county");
  auto* verified = said->mutable_action()->mutable_verify_need();
  verified->set_need("n");
  verified->set_version(version);
  verified->set_by("county");
  verified->set_result(v1::VerifyNeed::RESULT_CORRECTED);
  verified->set_people(350);
  verified->set_amount(amount);
}

TEST_CASE("an amount in what was said counts the item's asset, where it is about the version that is shown") {
  v1::RegisterLine line;
  line.set_record(20);
  line.set_opened(10);
  line.set_decimals(2);
  auto* need = line.mutable_action()->mutable_declare_need();
  need->set_id("n");
  need->set_asset("CNY");
  need->set_amount(110'000);
  Say(20, 90'050, &line);
  Say(10, 12, &line);  // the asset may have been another
  const std::string text = render::RegisterItem(line, {}, {}).str();
  CHECK_THAT(text, Contains("  amount           1,100.00\n"));
  CHECK_THAT(text,
             Contains("record 21, signed by county: verify need n: result corrected; people 350; amount "
                      "900.50; by county; of the version of record 20\n"));
  CHECK_THAT(text,
             Contains("record 11, signed by county: verify need n: result corrected; people 350; amount "
                      "12 (smallest unit); by county; of the version of record 10\n"));
}

TEST_CASE("the words of an action tell amounts in the smallest unit where nobody knows the decimals") {
  v1::Action action;
  auto* need = action.mutable_declare_need();
  need->set_id("n");
  need->set_owner("hub");
  need->set_asset("CNY");
  need->set_amount(110'000);
  CHECK(render::ItemWords(action).str() == "need n: owner hub; asset CNY; amount 110000 (smallest unit)");
  CHECK_THAT(render::ItemWords(action).In(render::Language::kChinese), Contains("110000 (最小单位)"));
  need->set_source("5 (smallest unit)");  // somebody's words stay
  CHECK_THAT(render::ItemWords(action).In(render::Language::kChinese), Contains("5 (smallest unit)"));
  need->clear_source();
  v1::Action closed;
  closed.mutable_close_concern()->set_concern("c");
  closed.mutable_close_concern()->set_by("village");
  CHECK(render::ItemWords(closed).str() == "close concern c: satisfied no; by village");
  closed.mutable_close_concern()->set_satisfied(true);
  CHECK(render::ItemWords(closed).str() == "close concern c: satisfied yes; by village");
  CHECK(render::ItemWords(action, 2).str() == "need n: owner hub; asset CNY; amount 1,100.00");
}

TEST_CASE("amounts in a list are shown with the decimals that the line says of each asset") {
  v1::RegistersAnswer answer;
  v1::RegisterLine& line = *answer.add_lines();
  line.set_record(20);
  line.set_opened(20);
  auto* fund = line.mutable_action()->mutable_open_fund();
  fund->set_id("f");
  fund->set_owner("hub");
  for (const char* asset : {"CNY", "BED", "XAU"}) {
    auto* rule = fund->add_approvals();
    rule->set_asset(asset);
    rule->set_from_amount(110'000);
    rule->set_approvals(2);
  }
  const auto say = [&](const char* asset, std::uint32_t decimals) {
    line.add_asset_decimals()->set_asset(asset);
    line.mutable_asset_decimals()->rbegin()->set_decimals(decimals);
  };
  say("CNY", 2);
  say("BED", 0);
  CHECK_THAT(render::RegisterItem(line, {}, {}).str(),
             Contains("  approvals        CNY=1,100.00=2; BED=110,000=2; XAU=110000 (smallest unit)=2\n"));
  CHECK_THAT(render::RegisterCsvLines(answer, sheets::Cells::kRaw),
             Contains(",CNY=1100.00=2; BED=110000=2; XAU=110000 (smallest unit)=2,"));
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(21);
  CHECK_THAT(render::RegisterCsvHeader(*model::FindRegister("fund")),
             Catch::EndsWith(",record,opened,ended,reason,ledger,size,root\n"));
  CHECK_THAT(render::RegisterCsvLines(answer, sheets::Cells::kRaw),
             Catch::EndsWith(",20,20,,,example.org/l,21,\n"));
  CHECK_THAT(render::ItemWords(line.action(), render::DecimalsOf(line)).str(),
             Contains("approvals CNY=1,100.00=2; BED="));
  // A server that says what no asset has.
  say("XAU", 4'000'000'000);
  CHECK_THAT(render::RegisterItem(line, {}, {}).str(), Contains("XAU="));
}

TEST_CASE("a need, which has no name, is told by those of its place and its category") {
  v1::RegistersAnswer answer;
  v1::RegisterLine& line = *answer.add_lines();
  line.set_record(20);
  line.set_opened(20);
  auto* need = line.mutable_action()->mutable_declare_need();
  need->set_id("coats");
  need->set_owner("hub");
  need->set_place("dafang");
  need->set_category("NFI");
  for (const auto& [of, id, name] :
       {std::tuple("party", "hub", "Red Cross"), std::tuple("place", "dafang", "Dafang"),
        std::tuple("category", "NFI", "Household goods")}) {
    v1::ItemName* added = answer.add_names();
    added->set_register_(of);
    added->set_id(id);
    added->set_name(name);
  }
  const std::string item = render::RegisterItems(answer, {}).str();
  CHECK_THAT(item, Contains("need coats: Dafang, Household goods\n"));
  CHECK_THAT(item, Contains("  owner            Red Cross (hub)\n"));
  CHECK_THAT(item, Contains("  place            Dafang (dafang)\n"));
  render::Style style;
  style.width = render::kEndless;
  CHECK_THAT(render::RegisterTable(*model::FindRegister("need"), answer, style).str(),
             Contains("Dafang (dafang)") && Contains("Household goods (NFI)"));
  // A server that has no names leaves the ids.
  answer.clear_names();
  CHECK_THAT(render::RegisterItems(answer, {}).str(),
             Contains("need coats\n") && Contains("  place            dafang\n"));
}

}  // namespace
}  // namespace fundtrail::testing
