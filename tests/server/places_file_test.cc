// The file of outlines that an operator names in the settings.
#include "server/places_file.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/support/entries.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("outlines of places have a licence, and a licence has outlines") {
  const TempDir dir;
  const std::string path = dir / "places.geojson";
  const auto write = [&path](const std::string& text) { std::ofstream(path) << text; };
  server::Config config;
  CHECK(Need(server::ReadPlaces(config)).outlines == nullptr);
  CHECK(Need(server::ReadPlaces(config)).file_hash.empty());
  config.http_places_review = "GS(2026)1234";
  CHECK(server::ReadPlaces(config).status().code() == absl::StatusCode::kInvalidArgument);
  config.http_places = path;
  CHECK_THAT(std::string(server::ReadPlaces(config).status().message()), Contains("http_places_licence"));
  config.http_places_licence = "CC0";
  CHECK(server::ReadPlaces(config).status().code() == absl::StatusCode::kNotFound);
  write(R"({"type":"FeatureCollection","features":[]})");
  const server::Places places = Need(server::ReadPlaces(config));
  REQUIRE(places.outlines != nullptr);
  CHECK(places.outlines->licence == "CC0");
  CHECK(places.outlines->review == "GS(2026)1234");
  write(R"({"type": "FeatureCollection","features":[]})");
  const server::Places others = Need(server::ReadPlaces(config));
  CHECK(places.file_hash.size() == 64);
  CHECK(others.file_hash != places.file_hash);
  write("[");
  CHECK_THAT(std::string(server::ReadPlaces(config).status().message()),
             Contains("http_places: ") && Contains("the outlines: the file is no JSON"));
  config.http_places_licence = std::string(201, 'x');
  CHECK_THAT(std::string(server::ReadPlaces(config).status().message()), Contains("at most 200 bytes"));
}

}  // namespace
}  // namespace fundtrail::testing
