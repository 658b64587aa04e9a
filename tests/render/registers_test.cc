// Items of registers as they are printed, with what was said about them.
#include "cli/render/registers.h"

#include <catch2/catch.hpp>

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
  verified->set_result(v1::VerifyNeed::CORRECTED);
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
  const std::string text = render::RegisterItem(line, {}).str();
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
  CHECK(render::ItemWords(action, 2).str() == "need n: owner hub; asset CNY; amount 1,100.00");
}

}  // namespace
}  // namespace fundtrail::testing
