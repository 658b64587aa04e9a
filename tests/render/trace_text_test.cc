// A trace as it is printed: pinned word for word, since people will quote it.
#include <catch2/catch.hpp>
#include <fstream>

#include "cli/render/csv.h"
#include "cli/render/trace.h"
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
    Need(Do({Pay("donor", "ministry", 1'000'00)}).status());                                     // 2
    Need(Do({Pay("ministry", "county", 600'00), Pay("ministry", "charity", 100'00)}).status());  // 3
    Need(Do({Pay("county", "village", 450'50)}).status());                                       // 4
    Need(Do({Returning(Pay("ministry", "donor", 50'00), Ref(2), v1::RETURN)}).status());         // 5
  }
};

std::string Golden() {
  std::ifstream file(std::string(FUNDTRAIL_GOLDEN) + "/trace_texts.txt");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("trees, flows, paths and CSV read as in tests/golden/trace_texts.txt") {
  const Relief relief;
  const auto from = Answer(relief, v1::FROM, {RecordIndex(2), 1});
  const auto to = Answer(relief, v1::TO, {RecordIndex(4), 1});
  const std::string text =
      std::string("== tree\n") + render::TraceTree(from, {}).str() + "== tree of depth 1\n" +
      render::TraceTree(Answer(relief, v1::FROM, {RecordIndex(2), 1}, 1), {}).str() + "== flows\n" +
      render::TraceFlows(from, {}).str() + "== paths\n" + render::TracePaths(from, {}).str() +
      "== tree, backward\n" + render::TraceTree(to, {}).str() + "== CSV, backward\n" +
      render::TraceCsv(to, exchange::Cells::kGuarded);
  INFO(text);
  CHECK(text == Golden());
}

TEST_CASE("JSON has every number as a text") {
  const Relief relief;
  const std::string json = Need(render::Json(Answer(relief, v1::TO, {RecordIndex(4), 1})));
  CHECK(json.find("\"asked\": \"45050\"") != std::string::npos);
  CHECK(json.find("\"brought_in\": \"45050\"") != std::string::npos);
  CHECK(json.back() == '\n');
}

}  // namespace
}  // namespace fundtrail::testing
