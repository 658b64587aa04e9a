// The site's map: in one file, or in an index of several.
#include "ledger/pages/sitemap.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <set>
#include <string>

#include "ledger/pages/files.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// What stands at the path in a map of so many pages a file; empty where nothing does.
std::string MapAt(const Site& site, const std::string& path, std::size_t pages_in_file,
                  const std::string& base = "https://aid.example") {
  pages::PageRequest request;
  request.path = path;
  request.base = base;
  return Need(pages::SitemapAt(site.view(), request, pages_in_file)).value_or("");
}

// The lines of all addresses of a file.
std::multiset<std::string> AddressesIn(const std::string& text) {
  std::multiset<std::string> lines;
  for (auto at = text.find("<url>"); at != std::string::npos; at = text.find("<url>", at + 1))
    lines.insert(text.substr(at, text.find('\n', at) - at));
  return lines;
}

TEST_CASE("a map that one file does not hold is an index, and its parts have every page once") {
  const Site site;
  const std::string whole = MapAt(site, "/sitemap.xml", pages::kPagesInSitemap);
  CHECK_THAT(whole, Contains("<urlset"));
  CHECK(whole == site.Body("/sitemap.xml"));
  const std::multiset<std::string> all = AddressesIn(whole);
  REQUIRE(all.size() > 40);
  REQUIRE(all.size() % 2 == 0);
  for (const std::size_t in_file : {std::size_t{1}, std::size_t{7}, all.size() / 2 - 1}) {
    INFO(in_file << " pages a file");
    const std::size_t files = (all.size() / 2 + in_file - 1) / in_file;
    const std::string index = MapAt(site, "/sitemap.xml", in_file);
    CHECK_THAT(index, Catch::StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns="));
    std::multiset<std::string> together;
    std::set<std::string> paths = {"/sitemap.xml"};
    for (std::size_t part = 1; part <= files; ++part) {
      const std::string path = "/sitemap-" + std::to_string(part) + ".xml";
      CHECK_THAT(index, Contains("<sitemap><loc>https://aid.example" + path + "</loc></sitemap>\n"));
      const auto addresses = AddressesIn(MapAt(site, path, in_file));
      CHECK(addresses.size() <= 2 * in_file);
      CHECK_FALSE(addresses.empty());
      together.insert(addresses.begin(), addresses.end());
      paths.insert(path);
    }
    CHECK(together == all);
    CHECK(MapAt(site, "/sitemap-" + std::to_string(files + 1) + ".xml", in_file).empty());
    CHECK(Need(pages::SitemapPaths(site.view(), in_file)) == paths);
  }
}

TEST_CASE("a map that one file holds has no parts, and a site without an address has no map") {
  const Site site;
  CHECK(Need(pages::SitemapPaths(site.view())) == std::set<std::string>{"/sitemap.xml"});
  CHECK(MapAt(site, "/sitemap-1.xml", pages::kPagesInSitemap).empty());
  CHECK(site.Ask("/sitemap-1.xml").status == 404);
  const std::size_t pages = AddressesIn(site.Body("/sitemap.xml")).size() / 2;
  CHECK_THAT(MapAt(site, "/sitemap.xml", pages), Contains("<urlset"));
  CHECK_THAT(MapAt(site, "/sitemap.xml", pages - 1), Contains("<sitemapindex"));
  CHECK(MapAt(site, "/sitemap.xml", 7, "").empty());
  for (const char* path : {"/sitemap-0.xml", "/sitemap-01.xml", "/sitemap-.xml", "/sitemap-1.xml/",
                           "/sitemap-+1.xml", "/zh/sitemap.xml", "/sitemap"}) {
    INFO(path);
    CHECK_FALSE(pages::IsSitemapPath(path));
    CHECK(MapAt(site, path, 7).empty());
  }
  CHECK(pages::IsSitemapPath("/sitemap-12.xml"));
  CHECK_FALSE(pages::ReadsQuery("/sitemap-12.xml"));
}

}  // namespace
}  // namespace fundtrail::testing
