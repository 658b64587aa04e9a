// What a Chinese page is made of reads as Chinese: between Chinese words stand Chinese marks.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/pages/site_paths.h"
#include "tests/pages/site_world.h"

namespace fundtrail::testing {
namespace {

// The text between the tags, and what attributes say to people, each on a line of its own. No script.
std::string TextOf(const std::string& page) {
  std::string text;
  for (std::size_t at = 0; at < page.size();) {
    if (page.compare(at, 7, "<script") == 0) {
      at = page.find("</script>", at);
    } else if (page[at] == '<') {
      at = page.find('>', at) + 1;
    } else {
      text += page[at++];
    }
  }
  for (const char* attribute : {"alt", "aria-label", "content", "title", "placeholder"})
    for (const std::string& value : ValuesOf(page, attribute)) text += "\n" + value;
  const std::vector<std::pair<std::string, std::string>> entities = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, sign] : entities)
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, entity.size(), sign);
  return text;
}

// Whether a letter of Chinese begins there: those of three bytes from E4 to E9.
bool IsHan(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return false;
  const auto first = static_cast<unsigned char>(text[at]);
  return first >= 0xe4 && first <= 0xe9;
}

// The places where an English mark stands beside a letter of Chinese, with what is around each.
std::vector<std::string> EnglishMarks(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t at = text.find_first_of(",:;"); at != std::string::npos;
       at = text.find_first_of(",:;", at + 1)) {
    const std::size_t next = at + 1 < text.size() && text[at + 1] == ' ' ? at + 2 : at + 1;
    if (!IsHan(text, next) && !(at >= 3 && IsHan(text, at - 3))) continue;
    const std::size_t from = at < 40 ? 0 : at - 40;
    found.push_back(text.substr(from, 80));
  }
  return found;
}

TEST_CASE("the finder of English marks finds them, and no others") {
  CHECK(EnglishMarks("持有, 到达").size() == 1);
  CHECK(EnglishMarks("1.00 CNY, 到达").size() == 1);
  CHECK(EnglishMarks("核实:已确认").size() == 1);
  CHECK(EnglishMarks(TextOf("<p>核实<b>; </b>已确认</p><img alt=\"甲, 乙\"><script>a, 甲</script>")).size() ==
        2);
  CHECK(EnglishMarks("甲，乙：丙；a, b: c; 10:02, 1,000.00 CNY").empty());
}

TEST_CASE("no English comma, colon or semicolon stands beside a Chinese word on a Chinese page") {
  Site site;
  site.Do({Place("lp", "gz", 1), Programme("schools", "county")});
  site.Do({Committed(Pay("ministry", "village", 1'500)), Pay("ministry", "home-7", 200)});
  const std::uint64_t paid = site.Do({Pay("ministry", "village", 2'000)});
  site.Do({Returning(Pay("village", "ministry", 700), Ref(paid))});
  const std::uint64_t roofs = site.Do({InProgramme("schools", Project("roofs", "county"))});
  site.Do({Decide("roofs", roofs)});
  std::size_t looked = 0;
  const auto check = [&](const std::string& path) {
    ++looked;
    INFO(path);
    for (const std::string& around : EnglishMarks(TextOf(site.Body(path)))) {
      INFO(around);
      CHECK(around.empty());
    }
  };
  for (const std::string& path : Need(pages::SitePaths(site.view())))
    if (path.rfind("/zh/", 0) == 0 && (path.back() == '/' || path.ends_with(".svg"))) check(path);
  for (const char* path : {"/zh/payments/?party=ministry", "/zh/parties/?sort=name", "/zh/find/?q=party",
                           "/zh/compare/?by=months", "/zh/committed/?by=fund", "/zh/@4/"})
    check(path);
  CHECK(looked > 40);
}

}  // namespace
}  // namespace fundtrail::testing
