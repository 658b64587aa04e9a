// What an operator says of the data: on the page of the data, for search engines, and in every picture.
#include <catch2/catch.hpp>
#include <string>

#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the source and the licence of the data stand on its page, in pictures, and for search engines") {
  const Site site;
  const pages::DataTerms terms{"OCHA <FTS>", "CC BY 4.0"};
  const auto asked = [&](const std::string& path, const pages::DataTerms* of) {
    pages::PageRequest request;
    request.path = path;
    request.terms = of;
    return Need(pages::AnswerPage(site.ledger->store(), request)).body;
  };
  CHECK_THAT(asked("/data/", &terms),
             Contains("OCHA &lt;FTS&gt;") && Contains("CC BY 4.0") && !Contains("states no licence"));
  CHECK_THAT(asked("/data/", nullptr), Contains("states no licence of these data"));
  CHECK_THAT(asked("/zh/data/", &terms), Contains("来源：") && Contains("许可："));
  for (const char* path : {"/party/donor/went.svg", "/party/ministry.svg", "/places.svg", "/idle.svg"}) {
    INFO(path);
    CHECK_THAT(asked(path, &terms), Contains("Licence: CC BY 4.0.") && Contains("Source: OCHA &lt;FTS&gt;."));
    CHECK_THAT(asked(path, nullptr), !Contains("Licence:"));
  }
  CHECK_THAT(asked("/zh/places.svg", &terms), Contains("许可：CC BY 4.0。"));
  CHECK_THAT(asked("/", &terms), Contains("\"license\":\"CC BY 4.0\""));
  CHECK_THAT(asked("/", nullptr), !Contains("\"license\""));
}

}  // namespace
}  // namespace fundtrail::testing
