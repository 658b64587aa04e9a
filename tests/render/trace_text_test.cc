// A trace as it is printed: pinned word for word, since people will quote it.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "cli/render/json.h"
#include "cli/render/trace.h"
#include "ledger/base/text.h"
#include "ledger/query/trace.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

v1::TraceAnswer Answer(const World& world, v1::Direction direction, TransferRef ref, int depth = 0) {
  query::View view;
  view.rows = &world.state();
  view.checkpoint.set_ledger(kLedgerName);
  view.checkpoint.set_size(6);
  view.checkpoint.set_root(std::string(32, 'r'));
  query::TraceQuestion question;
  question.direction = direction;
  question.ref = ref;
  question.depth = depth;
  question.want_paths = true;
  return Need(query::Trace(view, question));
}

struct Relief : World {
  Relief() {
    Need(Do({Pay("donor", "ministry", 1'000'00)}).status());                                            // 2
    Need(Do({Pay("ministry", "county", 600'00), Pay("ministry", "charity", 100'00)}).status());         // 3
    Need(Do({Pay("county", "village", 450'50)}).status());                                              // 4
    Need(Do({Returning(Pay("ministry", "donor", 50'00), Ref(2), v1::TRANSFER_KIND_RETURN)}).status());  // 5
  }
};

std::string Golden() {
  std::ifstream file(std::string(FUNDTRAIL_GOLDEN) + "/trace_texts.txt");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("trees, flows, paths and CSV read as in tests/golden/trace_texts.txt") {
  const Relief relief;
  const auto from = Answer(relief, v1::DIRECTION_FROM, {RecordIndex(2), 1});
  const auto to = Answer(relief, v1::DIRECTION_TO, {RecordIndex(4), 1});
  const std::string text =
      std::string("== tree\n") + render::TraceTree(from, {}).str() + "== tree of depth 1\n" +
      render::TraceTree(Answer(relief, v1::DIRECTION_FROM, {RecordIndex(2), 1}, 1), {}).str() + "== flows\n" +
      render::TraceFlows(from, {}).str() + "== paths\n" + render::TracePaths(from, {}).str() +
      "== tree, backward\n" + render::TraceTree(to, {}).str() + "== CSV, backward\n" +
      render::TraceCsv(to, sheets::Cells::kGuarded);
  INFO(text);
  CHECK(text == Golden());
}

TEST_CASE("what a party moves between its own accounts is a move in the tree, and no payment") {
  World world;
  Need(world.Do({Fund("winter", "root"), Pay("donor", "ministry", 100'00)}).status());  // 2
  Need(world.Do({Reclassify("ministry", "winter", 60'00)}).status());                   // 3
  const std::string tree =
      render::TraceTree(Answer(world, v1::DIRECTION_FROM, {RecordIndex(2), 1}), {}).str();
  INFO(tree);
  CHECK(absl::StrContains(tree, "1 payment, "));
  CHECK(absl::StrContains(tree, "1 move, "));
  const std::string chinese = render::TraceTree(Answer(world, v1::DIRECTION_FROM, {RecordIndex(2), 1}), {})
                                  .In(render::Language::kChinese);
  CHECK(absl::StrContains(chinese, "1 笔划转, "));
}

TEST_CASE("what nobody stated is called neither reached nor a source, and what came round again is told") {
  World world;
  Need(world.Do({Party("unrecorded", "root", v1::ROLE_SOURCE), Inferred("hamlet", "county")}).status());  // 2
  Need(world.Do({Pay("unrecorded", "ministry", 100'00)}).status());                                       // 3
  Need(world.Do({Committed(Pay("donor", "ministry", 50'00))}).status());                                  // 4
  Need(world.Do({Pay("ministry", "county", 120'00)}).status());                                           // 5
  Need(world.Do({Pay("county", "hamlet", 60'00), Committed(Pay("county", "hamlet", 7'00))}).status());
  Need(world.Do({Pay("county", "village", 1'00), Pay("county", "ministry", 10'00)}).status());
  query::View view;
  view.rows = &world.state();
  view.checkpoint.set_ledger(kLedgerName);
  view.checkpoint.set_size(8);
  view.checkpoint.set_root(std::string(32, 'r'));
  query::TraceQuestion question;
  question.party = "ministry";
  question.want_paths = true;
  const auto from = Need(query::Trace(view, question));
  const std::string legend =
      "Held: not passed on, as far as this ledger has heard.\n"
      "Ends here: no further payment is recorded. Nobody stated that the party is a recipient.\n"
      "fund flood: Fund flood\n"
      "Method: ";
  CHECK_THAT(
      render::TraceTree(from, {}).str(),
      Catch::Contains(
          "150.00 CNY asked = 1.00 reached recipients + 67.00 ends here, no further payment "
          "recorded + 82.00 held + 0.00 returned to source\n"
          "Committed, not paid: 50.00 of what was asked, 7.00 of what ends here, 30.00 of what is "
          "held\n"
          "150.00 asked + 10.00 that came round again, counted once = 160.00 received\n" +
          legend) &&
          Catch::Contains("ends here       67.00  no further payment recorded, 7.00 of it committed, not "
                          "paid\n") &&
          Catch::Contains("2 transfers, 2026-03-01, 50.00 of it committed, not paid\n"));
  CHECK_THAT(render::TraceFlows(from, {}).str(),
             Catch::Contains(" 67.00       7.00  ends here  2026-03-01  2026-03-01  Party hamlet [flood]\n"));
  question.direction = v1::DIRECTION_TO;
  const auto to = Need(query::Trace(view, question));
  CHECK_THAT(
      render::TraceTree(to, {}).str(),
      Catch::Contains("150.00 CNY asked = 50.00 brought in by sources + 100.00 of unrecorded origin\n"
                      "Committed, not paid: 50.00 of what was asked, 50.00 of what was brought in\n"
                      "150.00 asked + 10.00 that came round again, counted once = 160.00 received\n"
                      "Unrecorded origin: a file shows the payment, and not where its money came from.\n"
                      "fund flood: Fund flood\n"
                      "Method: "));
  CHECK_THAT(render::TraceCsv(to, sheets::Cells::kGuarded),
             Catch::Contains("unrecorded origin,,,unrecorded,Party unrecorded,flood,CNY,,,2026-03-01,"
                             "2026-03-01,0.00,,100.00,"));
}

TEST_CASE("JSON has every number as a text") {
  const Relief relief;
  const std::string json = render::Json(Answer(relief, v1::DIRECTION_TO, {RecordIndex(4), 1}));
  CHECK(json.find("\"asked\": \"45050\"") != std::string::npos);
  CHECK(json.find("\"brought_in\": \"45050\"") != std::string::npos);
  CHECK(json.find("\"asked_text\": \"450.50\"") != std::string::npos);
  CHECK(json.back() == '\n');
}

TEST_CASE("on 80 columns lines of one party show the account that tells them apart, and no amount is cut") {
  v1::TraceAnswer answer;
  answer.set_direction(v1::DIRECTION_FROM);
  auto* trace = answer.add_assets();
  trace->set_asset("USD");
  trace->set_decimals(2);
  for (const char* project : {"water-and-sanitation-2020-north", "water-and-sanitation-2020-south"}) {
    auto* root = trace->add_tree();
    root->mutable_account()->set_party_name("Sweden, Government of");
    root->mutable_account()->set_fund("humanitarian-2020");
    root->mutable_account()->set_project(project);
    root->set_amount(4'000'000'000'00);
    root->set_committed(1'756'852'100);
    root->set_transfers(12);
    root->set_first_date("2020-01-01");
    root->set_last_date("2020-12-31");
  }
  const std::string text = render::TraceTree(answer, {false, 80}).str();
  INFO(text);
  std::set<std::string> lines;
  int roots = 0, committed = 0;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    CHECK(DisplayWidth(line) <= 80);
    if (absl::StrContains(line, "17,568,521.00 of it committed, not paid")) ++committed;
    if (!absl::StartsWith(line, "Swed")) continue;
    ++roots;
    CHECK(absl::StrContains(line, "4,000,000,000.00"));
    lines.insert(std::string(line));
  }
  CHECK(roots == 2);
  CHECK(committed == 2);
  CHECK(lines.size() == 2);
}

TEST_CASE("accounts that differ look different in a tree of 80 columns, however alike they begin and end") {
  std::mt19937 random(18);
  const std::string pieces[] = {"north", "south", "water", "-and-", "县民政局", "a", "b", "department-of-"};
  const auto name = [&](const std::string& front, const std::string& back) {
    std::string text = front;
    for (auto i = random() % 4; i > 0; --i) text += pieces[random() % std::size(pieces)];
    return text + back;
  };
  for (int round = 0; round < 300; ++round) {
    v1::TraceAnswer answer;
    answer.set_direction(v1::DIRECTION_FROM);
    auto* trace = answer.add_assets();
    trace->set_asset("USD");
    trace->set_decimals(2);
    std::set<std::string> accounts;
    for (auto i = 2 + random() % 5; i > 0; --i) {
      auto* root = trace->add_tree();
      root->mutable_account()->set_party_name(
          name("Ministry of Public Works and Housing, ", ", office of the county"));
      root->mutable_account()->set_fund("humanitarian-2020");
      root->mutable_account()->set_project(name("water-and-sanitation-2020-", "-second-part"));
      root->set_amount(1'000'00);
      root->set_transfers(1);
      root->set_first_date("2020-01-01");
      root->set_last_date("2020-01-01");
      accounts.insert(root->account().party_name() + "\n" + root->account().project());
    }
    const std::string text = render::TraceTree(answer, {false, 80}).str();
    INFO(text);
    std::set<std::string> lines;
    for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
      if (!absl::StrContains(line, "1,000.00")) continue;
      CHECK(DisplayWidth(line) <= 80);
      lines.insert(line);
    }
    CHECK(lines.size() == accounts.size());
  }
}

}  // namespace
}  // namespace fundtrail::testing
