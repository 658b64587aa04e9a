// The pictures whose bytes are pinned, by the name of their file in tests/golden/. What a reader saved must not look different after the
// next release without somebody having looked at it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/picture/bar.h"
#include "ledger/picture/dot.h"
#include "ledger/picture/flow.h"
#include "ledger/picture/page.h"
#include "ledger/picture/steps.h"
#include "ledger/picture/tiles.h"
#include "tests/picture/traces.h"

namespace fundtrail::testing {

inline picture::Caption CaptionFor(const std::string& question, const std::string& sum) {
  picture::Caption caption;
  caption.question = question;
  caption.sum = sum;
  caption.as_of = AnswerOf(v1::DIRECTION_FROM, {}).as_of();
  caption.as_of_record = 411;
  caption.source = "OCHA FTS";
  caption.licence = "CC BY 4.0";
  caption.link = "https://example.org/@411/idle/";
  return caption;
}

inline std::string FlowSvg(v1::Direction direction, const std::vector<Way>& ways) {
  const auto trace = TraceOf(direction, ways);
  const auto drawn =
      picture::Flow(trace, direction, picture::CaptionOf(AnswerOf(direction, trace), trace, {}));
  return drawn.ok() ? drawn->svg.str() : std::string(drawn.status().message());
}

inline std::string StepsSvg() {
  std::vector<std::string> months;
  picture::Series received{"received", {}}, passed{"passed on", {}}, held{"held", {}};
  std::int64_t left = 0;
  for (int i = 0; i < 30; ++i) {
    months.push_back(std::to_string(2024 + i / 12) + (i % 12 < 9 ? "-0" : "-") + std::to_string(i % 12 + 1));
    const std::int64_t in = i * 7919 % 13 * 1'000'000;
    // In one month more came back than was passed on.
    const std::int64_t out = i == 7 ? -2'000'000 : std::min<std::int64_t>(left, i * 104'729 % 11 * 900'000);
    left += in - out;
    received.amounts.push_back(in);
    passed.amounts.push_back(out);
    held.amounts.push_back(left);
  }
  return picture::Steps(months, {received, passed, held}, {"USD", 2},
                        CaptionFor("World Food Programme: received, passed on and held, by month",
                                   "Held at the end: " + picture::Money(left, 2) + " USD."))
      ->str();
}

inline std::string TilesSvg() {
  std::vector<picture::Tile> tiles;
  for (int i = 0; i < 31; ++i) {
    tiles.push_back({std::to_string(520'000 + i * 100), i == 3 ? "威宁彝族回族苗族自治县" : "County",
                     static_cast<v1::CoverageState>(i % 7), i % 5 == 0});
  }
  return picture::Tiles(tiles, CaptionFor("Where help is missing", "5 of 31 places have nothing.")).svg.str();
}

inline std::vector<std::pair<std::string, std::string>> GoldenPictures() {
  const auto circling = TraceOf(v1::DIRECTION_FROM, CirclingWays());
  const auto answer = AnswerOf(v1::DIRECTION_FROM, circling);
  const auto page = picture::Page(answer);
  const auto ages =
      picture::BarOfAges({{"less than 90 days", 250'000'000},
                          {"90 to 365 days", 400'000'000},
                          {"1 to 2 years", 10'674'900},
                          {"over 2 years", 1}},
                         {"USD", 2}, CaptionFor("How long money has been held", "6,606,749.01 USD is held."));
  return {{"flow_circling.svg", FlowSvg(v1::DIRECTION_FROM, CirclingWays())},
          {"flow_backward.svg", FlowSvg(v1::DIRECTION_TO, OriginWays())},
          {"trace_page.html", *page},
          {"bar_of_ends.svg", picture::BarOfEnds(circling, picture::CaptionOf(answer, circling, {}))->str()},
          {"bar_of_ages.svg", ages->str()},
          {"steps.svg", StepsSvg()},
          {"tiles.svg", TilesSvg()},
          {"trace.dot", picture::Dot(answer)}};
}

}  // namespace fundtrail::testing
