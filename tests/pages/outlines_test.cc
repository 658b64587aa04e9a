// Outlines of places that an operator gives: what a file may have, what is refused of it, and the picture that is drawn.
#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/pages/outlines_file.h"
#include "ledger/picture/tiles.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::string Collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}
std::string Feature(const std::string& id, const std::string& type, const std::string& coordinates) {
  return absl::StrCat(R"({"type":"Feature","id":)", id, R"(,"properties":{},"geometry":{"type":")", type,
                      R"(","coordinates":)", coordinates, "}}");
}
const char* const kSquare = "[[[106,26],[107,26],[107,27],[106,27],[106,26]]]";
const char* const kTwoSquares = "[[[[106,26],[107,26],[107,27]]],[[[108,26],[109,26],[109,27]]]]";

std::string Fault(const std::string& text) {
  const auto read = pages::ReadOutlines(text);
  CHECK((read.ok() || read.status().code() == absl::StatusCode::kInvalidArgument));
  return read.ok() ? "" : std::string(read.status().message());
}

TEST_CASE("outlines are polygons with the ids of places, as texts, numbers or properties") {
  const pages::Outlines outlines = Need(pages::ReadOutlines(Collection(
      Feature("\"gz\"", "Polygon", kSquare) + "," + Feature("520000", "MultiPolygon", kTwoSquares) +
      R"(,{"type":"Feature","properties":{"id":"p"},"geometry":)"
      R"({"type":"Polygon","coordinates":[[[0,0],[1.5,0,9],[1,-1]]]}})")));
  REQUIRE(outlines.of.size() == 3);
  CHECK(outlines.of.at("gz").size() == 1);
  CHECK(outlines.of.at("520000").size() == 2);
  CHECK(outlines.of.at("p")[0][1] == picture::GeoPoint{150'000, 0});
  CHECK(Need(pages::ReadOutlines(Collection(""))).of.empty());
}

TEST_CASE("a file that is no such file, or has too much, is refused with the feature") {
  const auto of = [](const std::string& feature) { return Fault(Collection(feature)); };
  CHECK(Fault("") == "the outlines: the file is no JSON");
  CHECK(Fault("{\"type\":") == "the outlines: the file is no JSON");
  CHECK(Fault("[]") == "the outlines: the file is no FeatureCollection of GeoJSON");
  CHECK(Fault(R"({"type":"FeatureCollection","features":{}})") ==
        "the outlines: the file is no FeatureCollection of GeoJSON");
  CHECK(Fault("\"\xff\"") == "the outlines: the file is no UTF-8");
  CHECK(Fault(std::string(100'000, '[')) == "the outlines: the file is deeper than 12 levels");
  CHECK(Fault(std::string((std::size_t{4} << 20) + 1, ' ')) ==
        "the outlines: the file has more than 4194304 bytes");
  CHECK(of("7") == "the outlines: features[0]: it has no id, nor a property id, of a place");
  CHECK(of(Feature("null", "Polygon", kSquare)) ==
        "the outlines: features[0]: it has no id, nor a property id, of a place");
  CHECK(of(Feature("\"" + std::string(65, 'x') + "\"", "Polygon", kSquare)) ==
        "the outlines: features[0]: it has no id, nor a property id, of a place");
  CHECK(of(Feature("\"gz\"", "Point", "[1,2]")) ==
        "the outlines: features[0] (gz): its geometry is no Polygon and no MultiPolygon");
  CHECK(of(Feature("\"gz\"", "Polygon", "7")) == "the outlines: features[0] (gz): it has no coordinates");
  CHECK(of(Feature("\"gz\"", "Polygon", "[]")) == "the outlines: features[0] (gz): it has no ring");
  CHECK(of(Feature("\"gz\"", "Polygon", "[[[1,2],[3,4]]]")) ==
        "the outlines: features[0] (gz): a ring has fewer than three points");
  CHECK(of(Feature("\"gz\"", "Polygon", "[[[1,2],[3,4],[\"5\",6]]]")) ==
        "the outlines: features[0] (gz): a point is no pair of numbers");
  for (const char* point : {"[181,0]", "[0,-90.5]"})
    CHECK(
        of(Feature("\"gz\"", "Polygon", absl::StrCat("[[[1,2],[3,4],", point, "]]"))) ==
        "the outlines: features[0] (gz): a point is not within 180 degrees of longitude and 90 of latitude");
  CHECK(of(Feature("\"gz\"", "Polygon", "[[[1,2],[3,4],[1e999,0]]]")) == "the outlines: the file is no JSON");
  CHECK(of(Feature("\"gz\"", "Polygon", kSquare) + "," + Feature("\"gz\"", "Polygon", kSquare)) ==
        "the outlines: features[1] (gz): its id stands twice");
  std::string points = "[[0,0]", features;
  for (int i = 0; i < 30'000; ++i) points += ",[1,1]";
  CHECK(of(Feature("\"gz\"", "Polygon", "[" + points + "]]")) ==
        "the outlines: features[0] (gz): with it there are more than 30000 points");
  for (int i = 0; i < 3'001; ++i) features += i == 0 ? "1" : ",1";
  CHECK(of(features) == "the outlines: there are more than 3000 features");
}

pages::Page Asked(const Site& site, const std::string& path, const pages::Outlines* outlines) {
  pages::PageRequest request;
  request.path = path;
  request.outlines = outlines;
  return Need(pages::AnswerPage(site.ledger->store(), request));
}

TEST_CASE(
    "places are squares, and by the outlines that the operator gives where one of them is of a place here") {
  const Site site;
  pages::Outlines outlines = Need(pages::ReadOutlines(Collection(Feature("\"gz\"", "Polygon", kSquare))));
  outlines.licence = "CC0 <b>";
  outlines.review = "GS(2026)1234";
  const std::string squares = Asked(site, "/places.svg", nullptr).body;
  CHECK_THAT(squares, Contains("<rect") && Contains("no borders are drawn") && !Contains("fill-rule"));
  const std::string drawn = Asked(site, "/places.svg", &outlines).body;
  CHECK_THAT(drawn, Contains("data-place=\"gz\"") && Contains("fill-rule=\"evenodd\"") &&
                        Contains("Outlines of places: CC0 &lt;b&gt;.") &&
                        Contains("Review number of the outlines: GS(2026)1234.") &&
                        !Contains("no borders are drawn"));
  CHECK_THAT(Asked(site, "/zh/places.svg", &outlines).body, Contains("轮廓审图号：GS(2026)1234。"));
  // The same bytes each time.
  CHECK(Asked(site, "/places.svg", &outlines).body == drawn);
  // Of no place here: squares.
  const pages::Outlines others = Need(pages::ReadOutlines(Collection(Feature("\"df\"", "Polygon", kSquare))));
  CHECK(Asked(site, "/places.svg", &others).body == squares);
  CHECK_THAT(Asked(site, "/places/", nullptr).body,
             Contains("<img src=\"../places.svg\"") && Contains("Places by how far their needs are met"));
}

TEST_CASE("of one country its provinces have squares") {
  v1::CoverageAnswer answer;
  const auto add = [&answer](std::uint32_t depth, const std::string& id) {
    v1::CoverageLine* const line = answer.add_lines();
    line->set_kind(v1::CoverageLine::KIND_ITEM);
    line->set_depth(depth);
    line->set_id(id);
  };
  CHECK(picture::TilesOf(answer).empty());
  add(0, "et");
  CHECK(picture::TilesOf(answer).size() == 1);
  add(1, "et01");
  CHECK(picture::TilesOf(answer)[0].id == "et01");
  add(2, "et0101");
  add(1, "et02");
  REQUIRE(picture::TilesOf(answer).size() == 2);
  CHECK(picture::TilesOf(answer)[1].id == "et02");
}

}  // namespace
}  // namespace fundtrail::testing
