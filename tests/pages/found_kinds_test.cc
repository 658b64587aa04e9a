// What a search finds has a word in both languages.
#include "ledger/pages/found_kinds.h"

#include <catch2/catch.hpp>
#include <string>

#include "ledger/model/register_table.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// A register that is added later may have none, and is called by its own name then.
TEST_CASE("the registers of today and payments have a word each") {
  std::set<pages::Word> words;
  for (const char* kind :
       {"party",  "group",  "seat",    "join",         "asset",  "fund",       "place",      "category",
        "policy", "need",   "project", "target-group", "method", "duty",       "deployment", "programme",
        "pledge", "notice", "concern", "commitment",   "sample", "assignment", "evaluation"}) {
    INFO(kind);
    CHECK(model::FindRegister(kind) != nullptr);
    REQUIRE(pages::FoundKindOf(kind) != nullptr);
    CHECK(words.insert(pages::FoundKindOf(kind)->word).second);
  }
  REQUIRE(pages::FoundKindOf(pages::kTransferHit) != nullptr);
  CHECK(words.insert(pages::FoundKindOf(pages::kTransferHit)->word).second);
  CHECK(pages::FoundKindOf("thing") == nullptr);
}

TEST_CASE("what is found of a programme leads to its page, in words of the page's language") {
  Site site;
  v1::Action programme = Programme("winter", "root");
  programme.mutable_open_programme()->set_name("Winter roofs");
  site.Do({programme});
  CHECK_THAT(site.Body("/find/?q=winter+roof"), Contains("Programme 1") && Contains("programme/winter/"));
  CHECK_THAT(site.Body("/zh/find/?q=winter+roof"), Contains("方案 1") && !Contains("programme 1"));
}

}  // namespace
}  // namespace fundtrail::testing
