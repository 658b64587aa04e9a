// The geometry of flows, on traces of random ways. What comes to a bar goes on from it or ends in it, to the last hundredth of a pixel.
#include "ledger/picture/flow.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <set>
#include <tuple>

#include "ledger/base/wide.h"
#include "ledger/picture/flow_layout.h"
#include "tests/picture/golden.h"
#include "tests/picture/markup.h"
#include "tests/support/hostile_values.h"

namespace fundtrail::testing {
namespace {

using picture::FlowLayout;
using picture::FlowNode;
using picture::FlowRibbon;

const v1::EndKind kForwardEnds[] = {v1::END_KIND_REACHED, v1::END_KIND_ENDS_HERE, v1::END_KIND_HELD,
                                    v1::END_KIND_RETURNED, v1::END_KIND_EXCHANGED};
const v1::EndKind kBackwardEnds[] = {v1::END_KIND_BROUGHT_IN, v1::END_KIND_UNRECORDED};

std::vector<Way> RandomWays(v1::Direction direction, std::mt19937_64& random) {
  std::vector<Way> ways;
  const std::size_t parties = 1 + random() % 40, count = 1 + random() % 60;
  const std::int64_t sizes[] = {1, 100, 1'000'000, std::int64_t{1} << 56};
  for (std::size_t i = 0; i < count; ++i) {
    Way way;
    way.amount = 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(sizes[random() % 4]));
    for (std::size_t steps = 1 + random() % 9; steps > 0; --steps)
      way.parties.push_back("p" + std::to_string(random() % parties));
    way.end = direction == v1::DIRECTION_FROM ? kForwardEnds[random() % 5] : kBackwardEnds[random() % 2];
    ways.push_back(way);
  }
  return ways;
}

// By hop and party, what came there, told by the ways alone.
std::map<std::pair<std::size_t, std::string>, Wide> NaiveAmounts(const std::vector<Way>& ways) {
  std::map<std::pair<std::size_t, std::string>, Wide> amounts;
  for (const Way& way : ways)
    for (std::size_t i = 0; i < way.parties.size() && i < picture::kMaxColumns; ++i)
      amounts[{i, way.parties[i]}] += way.amount;
  return amounts;
}

void CheckAmounts(const FlowLayout& layout, const std::vector<Way>& ways) {
  auto naive = NaiveAmounts(ways);
  std::map<std::size_t, Wide> folded;
  std::map<std::size_t, std::size_t> how_many;
  for (const FlowNode& node : layout.folded) {
    REQUIRE(naive[{node.column, node.account.party()}] == node.amount);
    naive.erase({node.column, node.account.party()});
    folded[node.column] += node.amount;
    ++how_many[node.column];
  }
  std::map<std::size_t, Wide> least;  // the smallest that has a bar of its own
  for (const FlowNode& node : layout.nodes) {
    if (node.others > 0) {
      REQUIRE(node.amount == folded[node.column]);
      REQUIRE(node.others == how_many[node.column]);
      REQUIRE(node.others > 1);
      continue;
    }
    REQUIRE(naive[{node.column, node.account.party()}] == node.amount);
    naive.erase({node.column, node.account.party()});
    const auto [found, fresh] = least.emplace(node.column, node.amount);
    if (!fresh) found->second = std::min(found->second, Wide{node.amount});
  }
  REQUIRE(naive.empty());  // every account is drawn, or folded
  for (const FlowNode& node : layout.folded) REQUIRE(node.amount <= least.at(node.column));
}

// Parts that follow each other without a gap, from there on.
picture::Px EndOf(picture::Px begin, const std::vector<FlowNode::Part>& parts) {
  for (const FlowNode::Part& part : parts) {
    REQUIRE(part.y == begin);
    REQUIRE(part.height >= 0);
    begin += part.height;
  }
  return begin;
}

void CheckGeometry(const FlowLayout& layout) {
  REQUIRE(layout.columns <= picture::kMaxColumns);
  std::map<std::size_t, std::size_t> in_column;
  std::map<std::size_t, picture::Px> bottom;
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    const FlowNode& node = layout.nodes[i];
    INFO("bar " << i << " in column " << node.column);
    // Inside the box, below the one before it.
    REQUIRE(node.x >= 0);
    REQUIRE(node.x + picture::kBarWidth <= layout.width);
    REQUIRE(node.y >= bottom[node.column]);
    REQUIRE(node.y + node.height <= layout.height);
    bottom[node.column] = node.y + node.height + picture::Pixels(8);
    REQUIRE(++in_column[node.column] <= picture::kMaxNodes);
    // In = out + ends.
    std::vector<FlowNode::Part> came;
    Wide in = 0, out = node.goes_on;
    for (const auto& [kind, amount] : node.ends) out += amount;
    std::vector<const FlowRibbon*> to_it;
    for (const FlowRibbon& ribbon : layout.ribbons) {
      if (ribbon.to == i) {
        to_it.push_back(&ribbon);
        in += ribbon.amount;
      }
      if (ribbon.from == i) out += ribbon.amount;
    }
    REQUIRE(out == node.amount);
    REQUIRE(EndOf(node.y, node.parts) == node.y + node.height);
    if (node.column == 0) {
      REQUIRE(to_it.empty());
      continue;
    }
    REQUIRE(in == node.amount);
    std::sort(to_it.begin(), to_it.end(), [&](const FlowRibbon* a, const FlowRibbon* b) {
      return std::tie(a->at_to.y, a->from) < std::tie(b->at_to.y, b->from);
    });
    for (const FlowRibbon* ribbon : to_it) came.push_back(ribbon->at_to);
    REQUIRE(EndOf(node.y, came) == node.y + node.height);
  }
  for (const FlowRibbon& ribbon : layout.ribbons) {
    REQUIRE(layout.nodes[ribbon.to].column == layout.nodes[ribbon.from].column + 1);
    // As high on one side as on the other, but for where a hundredth of a pixel is cut.
    REQUIRE(std::abs(ribbon.at_from.height - ribbon.at_to.height) <= 1);
  }
}

TEST_CASE("what comes to a bar is what goes on from it and ends in it, and nothing is outside the box") {
  const std::uint64_t base = GENERATE(take(25, random(1, 1'000'000)));
  INFO("seed " << base);
  std::mt19937_64 random(base);
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    const auto ways = RandomWays(direction, random);
    for (const std::uint32_t hops : {40U, picture::kFlowHops, 1U}) {
      const auto trace = TraceOf(direction, ways, hops);
      const auto layout = picture::LayOut(trace, direction);
      REQUIRE(layout.ok());
      if (hops > 1) CheckAmounts(*layout, ways);
      CheckGeometry(*layout);
      const auto drawn =
          picture::Flow(trace, direction, picture::CaptionOf(AnswerOf(direction, trace), trace, {}));
      REQUIRE(drawn.ok());
      REQUIRE(BrokenRule(drawn->svg.str()) == "");
      REQUIRE(drawn->folded.size() == layout->folded.size());
      REQUIRE(drawn->goes_on == layout->goes_on);
    }
  }
}

TEST_CASE("a picture does not depend on the order of an answer, nor on how often it is drawn") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20; ++i) {
    const auto trace = TraceOf(v1::DIRECTION_FROM, RandomWays(v1::DIRECTION_FROM, random));
    v1::AssetTrace other = trace;
    for (auto& layer : *other.mutable_layers()) {
      std::shuffle(layer.mutable_flows()->begin(), layer.mutable_flows()->end(), random);
      std::shuffle(layer.mutable_ends()->begin(), layer.mutable_ends()->end(), random);
    }
    const auto draw = [&](const v1::AssetTrace& of) {
      return picture::Flow(of, v1::DIRECTION_FROM,
                           picture::CaptionOf(AnswerOf(v1::DIRECTION_FROM, of), of, {}))
          ->svg.str();
    };
    CHECK(draw(trace) == draw(trace));
    CHECK(draw(trace) == draw(other));
  }
}

std::vector<std::string> PartiesIn(const FlowLayout& layout, std::size_t column) {
  std::vector<std::string> parties;
  for (const FlowNode& node : layout.nodes)
    if (node.column == column) parties.push_back(node.others > 0 ? "others" : node.account.party());
  return parties;
}

TEST_CASE("money that circles is drawn at each hop anew") {
  const auto layout = picture::LayOut(TraceOf(v1::DIRECTION_FROM, CirclingWays()), v1::DIRECTION_FROM);
  REQUIRE(layout.ok());
  CHECK(layout->columns == 6);
  CHECK(!layout->goes_on);
  CHECK(PartiesIn(*layout, 3) == std::vector<std::string>{"UNICEF"});
  CHECK(PartiesIn(*layout, 4) == std::vector<std::string>{"WHO"});
  std::size_t unicef = 0, who = 0;
  for (const FlowNode& node : layout->nodes) {
    unicef += node.account.party() == "UNICEF";
    who += node.account.party() == "WHO";
  }
  CHECK(unicef == 2);
  CHECK(who == 2);

  // For ever: the last column goes on.
  std::vector<std::string> round{"Sweden"};
  for (int i = 0; i < 30; ++i) round.push_back(i % 2 == 0 ? "UNICEF" : "WHO");
  const auto endless =
      picture::LayOut(TraceOf(v1::DIRECTION_FROM, {{1000, round, v1::END_KIND_HELD}}, picture::kFlowHops),
                      v1::DIRECTION_FROM);
  REQUIRE(endless.ok());
  CHECK(endless->columns == 6);
  CHECK(endless->goes_on);
  CHECK(endless->nodes.back().goes_on == 1000);
}

TEST_CASE("bars stand where what they are tied to stands, and equal ones by id") {
  const auto layout =
      picture::LayOut(TraceOf(v1::DIRECTION_FROM, {{10, {"root", "A", "P"}, v1::END_KIND_HELD},
                                                   {10, {"root", "A", "Q"}, v1::END_KIND_HELD},
                                                   {19, {"root", "B", "R"}, v1::END_KIND_HELD}}),
                      v1::DIRECTION_FROM);
  REQUIRE(layout.ok());
  CHECK(PartiesIn(*layout, 1) == std::vector<std::string>{"A", "B"});
  // By amount alone, R would be first, and cross the others.
  CHECK(PartiesIn(*layout, 2) == std::vector<std::string>{"P", "Q", "R"});
}

TEST_CASE("of more than twelve the smallest are folded, the last bar says how many, and all are told") {
  std::vector<Way> ways;
  for (int i = 0; i < 40; ++i)
    ways.push_back({100 + i, {"fund", "home " + std::to_string(i)}, v1::END_KIND_REACHED});
  const auto trace = TraceOf(v1::DIRECTION_FROM, ways);
  const auto drawn = picture::Flow(trace, v1::DIRECTION_FROM,
                                   picture::CaptionOf(AnswerOf(v1::DIRECTION_FROM, trace), trace, {}));
  REQUIRE(drawn.ok());
  REQUIRE(drawn->folded.size() == 29);
  std::set<std::string> folded;
  for (const auto& one : drawn->folded) {
    CHECK(one.hop == 1);
    CHECK(one.amount < 100 + 29);
    folded.insert(one.account.party());
  }
  CHECK(folded.size() == 29);
  CHECK(drawn->svg.str().find(">29 others<") != std::string::npos);
  const auto layout = picture::LayOut(trace, v1::DIRECTION_FROM);
  CHECK(PartiesIn(*layout, 1).size() == 12);
  CHECK(PartiesIn(*layout, 1).back() == "others");
  // Twelve need no fold.
  ways.resize(12);
  CHECK(picture::LayOut(TraceOf(v1::DIRECTION_FROM, ways), v1::DIRECTION_FROM)->folded.empty());
  // The page lists who is behind the others.
  const auto page = picture::Page(AnswerOf(v1::DIRECTION_FROM, trace));
  REQUIRE(page.ok());
  for (int i = 0; i < 40; ++i) CHECK(page->find(">home " + std::to_string(i) + " (") != std::string::npos);
}

TEST_CASE("layers that do not add up are not drawn") {
  const auto refused = [](const std::function<void(v1::AssetTrace*)>& change) {
    v1::AssetTrace trace = TraceOf(v1::DIRECTION_FROM, CirclingWays());
    change(&trace);
    const auto drawn = picture::Flow(trace, v1::DIRECTION_FROM, {});
    return drawn.ok() ? "drawn" : std::string(drawn.status().message());
  };
  const std::string no = "no picture: in the flows by hop, ";
  CHECK(refused([](v1::AssetTrace*) {}) == "drawn");
  CHECK(refused([](v1::AssetTrace* trace) { trace->clear_layers(); }) == no + "there is nothing");
  CHECK(refused([](v1::AssetTrace* trace) { trace->set_asked(0); }) == no + "there is nothing");
  CHECK(refused([](v1::AssetTrace* trace) { trace->set_asked(trace->asked() + 1); }) ==
        no + "the first are not what was asked");
  CHECK(refused([](v1::AssetTrace* trace) { trace->mutable_layers(1)->mutable_flows(0)->set_amount(0); }) ==
        no + "an amount is not above zero");
  CHECK(refused([](v1::AssetTrace* trace) {
          trace->mutable_layers(1)->mutable_flows(0)->mutable_from()->set_party("nobody");
        }) == no + "money comes from where none was");
  CHECK(refused([](v1::AssetTrace* trace) {
          trace->mutable_layers(1)->mutable_ends(0)->mutable_account()->set_party("nobody");
        }) == no + "money ends where none came");
  CHECK(refused([](v1::AssetTrace* trace) {
          auto* end = trace->mutable_layers(1)->mutable_ends(0);
          end->set_amount(end->amount() + 1);
        }) == no + "more ends than came");
  CHECK(refused([](v1::AssetTrace* trace) {
          auto* flow = trace->mutable_layers(2)->mutable_flows(0);
          flow->set_amount(std::numeric_limits<std::int64_t>::max());
        }) == no + "more goes on than came");
}

TEST_CASE("names that would be markup are names") {
  for (const std::string& name :
       {std::string("</title><script>alert(1)</script>"), std::string("<img src=x onerror=alert(1)>"),
        std::string("\" onload=\"alert(1)"), std::string("]]><!--"), std::string("&lt;b&gt;"),
        std::string("=cmd|' /C calc'!A0"), std::string("منظمة الإغاثة"), std::string("{n} {amount} $0 %s"),
        kControls, kReordering, std::string("\xff\xfe"), std::string(300, '<')}) {
    std::string long_name;
    for (int i = 0; i < 300; ++i) long_name += "文";
    auto trace = TraceOf(v1::DIRECTION_FROM, {{700, {name, long_name, name}, v1::END_KIND_HELD},
                                              {300, {name, "other"}, v1::END_KIND_REACHED}});
    trace.set_asset(name);
    auto answer = AnswerOf(v1::DIRECTION_FROM, trace);
    answer.set_question(name);
    answer.set_method(name);
    answer.mutable_as_of()->set_ledger(name);
    const auto drawn = picture::Flow(trace, v1::DIRECTION_FROM, picture::CaptionOf(answer, trace, {}));
    REQUIRE(drawn.ok());
    INFO(drawn->svg.str());
    CHECK(BrokenRule(drawn->svg.str()) == "");
    CHECK(Obeyed(drawn->svg.str()).empty());
    const auto page = picture::Page(answer);
    REQUIRE(page.ok());
    const std::string doctype = "<!DOCTYPE html>\n";
    REQUIRE(page->substr(0, doctype.size()) == doctype);
    const auto tags = ReadMarkup(std::string_view(*page).substr(doctype.size()));
    REQUIRE(tags.has_value());
    for (const Tag& tag : *tags) {
      CHECK(tag.name != "script");
      CHECK(tag.name != "img");
      for (const auto& [attribute, value] : tag.attributes) {
        CHECK(attribute.substr(0, 2) != "on");
        CHECK(attribute != "href");
        CHECK(attribute != "src");
      }
    }
    // In DOT each line is one of ours, and its quotes are even.
    const std::string dot = picture::Dot(answer);
    CHECK(Obeyed(dot).empty());
    std::size_t quotes = 0;
    for (std::size_t i = 0; i < dot.size(); ++i) {
      if (dot[i] == '\\') {
        ++i;
      } else if (dot[i] == '"') {
        ++quotes;
      } else if (dot[i] == '\n') {
        CHECK(quotes % 2 == 0);
      }
    }
  }
}

TEST_CASE("whatever a server answers, there is a picture or a reason") {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63,
                                     std::numeric_limits<std::uint64_t>::max()}) {
    for (const int count : {1, 2, 3}) {
      v1::TraceAnswer answer;
      Fill(&answer, HostileValues{kControls, number, count, 4});
      INFO(number << " " << count);
      CHECK(Obeyed(picture::Dot(answer)).empty());
      const auto page = picture::Page(answer);
      CHECK((page.ok() || !page.status().message().empty()));
      for (const auto& trace : answer.assets()) {
        const auto caption = picture::CaptionOf(answer, trace, {});
        const auto drawn = picture::Flow(trace, answer.direction(), caption);
        if (drawn.ok()) CHECK(BrokenRule(drawn->svg.str()) == "");
        const auto bar = picture::BarOfEnds(trace, caption);
        if (bar.ok()) CHECK(BrokenRule(bar->str()) == "");
      }
    }
  }
}

TEST_CASE("an answer without money is a page that says so") {
  v1::TraceAnswer answer = AnswerOf(v1::DIRECTION_FROM, {});
  answer.clear_assets();
  const auto page = picture::Page(answer);
  REQUIRE(page.ok());
  CHECK(page->find("<p>No money.</p>") != std::string::npos);
}

}  // namespace
}  // namespace fundtrail::testing
