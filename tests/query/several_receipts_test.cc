// Several receipts in one question, and the second method beside the first, on random ledgers with records.
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "ledger/query/trace.h"
#include "ledger/query/trace_question.h"
#include "tests/support/random_ledger.h"

namespace fundtrail::testing {
namespace {

v1::TraceRequest Asking(v1::Direction direction, const std::vector<std::uint64_t>& records) {
  v1::TraceRequest request;
  request.set_direction(direction);
  for (const std::uint64_t record : records) *request.add_refs() = Ref(record);
  return request;
}

TEST_CASE("of several receipts each is told by itself, and all of them once together") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  RandomLedger game(seed, true);
  const query::View view = game.view();
  std::vector<std::uint64_t> records;
  for (const auto& one : game.made)
    if (game.Below(4) == 0) records.push_back(one.record);
  if (records.empty()) records.push_back(game.made.front().record);
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    const auto answer = Need(query::Trace(view, Asking(direction, records)));
    std::map<std::string, std::int64_t> due;
    for (const auto& trace : answer.assets()) due[trace.asset()] = trace.asked() + trace.came_round();
    REQUIRE(answer.receipts_size() == static_cast<int>(records.size()));
    for (int i = 0; i < answer.receipts_size(); ++i) {
      const v1::TraceReceipt& receipt = answer.receipts(i);
      REQUIRE(receipt.ref().record() == records[static_cast<std::size_t>(i)]);
      due[receipt.asset()] -= receipt.asked() + receipt.came_round();
      // The same as a question of its own.
      v1::TraceRequest alone;
      alone.set_direction(direction);
      *alone.mutable_ref() = receipt.ref();
      const auto single = Need(query::Trace(view, alone));
      REQUIRE(single.receipts().empty());
      REQUIRE(single.assets_size() == 1);
      CHECK(receipt.asked() == single.assets(0).asked());
      REQUIRE(receipt.ends_size() == single.assets(0).ends_size());
      for (int end = 0; end < receipt.ends_size(); ++end)
        CHECK(receipt.ends(end).SerializeAsString() == single.assets(0).ends(end).SerializeAsString());
    }
    for (const auto& [asset, left] : due) CHECK(left == 0);
  }
}

TEST_CASE("receipts that come twice count once, and too many are refused") {
  RandomLedger game(7, false);
  const query::View view = game.view();
  const std::uint64_t record = game.made.front().record;
  auto request = Asking(v1::DIRECTION_FROM, {record, record});
  *request.mutable_ref() = Ref(record);
  const auto answer = Need(query::Trace(view, request));
  CHECK(answer.receipts_size() == 1);
  CHECK(answer.question() == "Where the money of 1 receipt went");
  CHECK(answer.assets(0).came_round() == 0);
  // A transfer that is asked about beside the whole of its record is told with that.
  auto whole = Asking(v1::DIRECTION_FROM, {record});
  whole.mutable_refs(0)->set_line(1);
  whole.add_refs()->set_record(record);
  const auto once = Need(query::Trace(view, whole));
  REQUIRE(once.receipts_size() == 1);
  CHECK(once.receipts(0).ref().line() == 0);
  CHECK(once.assets(0).came_round() == 0);
  CHECK(once.assets(0).asked() == answer.assets(0).asked());
  request.set_party("donor");
  CHECK(absl::IsInvalidArgument(query::Trace(view, request).status()));
  request = Asking(v1::DIRECTION_FROM, {record, 9'999});
  CHECK(absl::IsNotFound(query::Trace(view, request).status()));
  request = Asking(v1::DIRECTION_FROM, std::vector<std::uint64_t>(query::kMaxReceipts + 1, record));
  CHECK(absl::IsInvalidArgument(query::Trace(view, request).status()));
}

void CheckBothMethods(const v1::TraceAnswer& answer) {
  for (const v1::AssetTrace& trace : answer.assets()) {
    const v1::ProRata& beside = trace.pro_rata();
    std::int64_t fifo = 0, pro_rata = 0, differs = 0;
    for (const v1::ProRataEnd& end : beside.ends()) {
      fifo += end.fifo();
      pro_rata += end.pro_rata();
      if (end.fifo() > end.pro_rata()) differs += end.fifo() - end.pro_rata();
    }
    CHECK(fifo == trace.asked());
    CHECK(pro_rata == beside.asked());
    CHECK(differs == beside.differs());
    CHECK(beside.asked() + beside.came_round() == trace.asked() + trace.came_round());
    REQUIRE(beside.orders_size() == 3);
    for (const v1::OrderChange& order : beside.orders()) {
      CHECK(order.changed() <= trace.asked());
      CHECK(order.share() == order.changed() * 10'000 / trace.asked());
    }
  }
}

// The first method, played once more, must lead to the recorded pieces: else the answer is an error.
TEST_CASE("both methods answer every question, and add up") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  const bool exchanges = GENERATE(false, true);
  INFO("seed " << seed << (exchanges ? " with exchanges" : ""));
  RandomLedger game(seed, exchanges);
  const query::View view = game.view();
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    v1::TraceRequest request;
    request.set_direction(direction);
    request.set_pro_rata(true);
    for (const auto& one : game.made) {
      INFO("record " << one.record);
      *request.mutable_ref() = Ref(one.record);
      request.clear_as_of();
      CheckBothMethods(Need(query::Trace(view, request)));
      request.set_as_of(game.made.back().record - 5);
      if (one.record <= request.as_of()) CheckBothMethods(Need(query::Trace(view, request)));
    }
    request.Clear();
    request.set_direction(direction);
    request.set_pro_rata(true);
    for (const std::string& party : game.players) {
      INFO(party);
      request.set_party(party);
      CheckBothMethods(Need(query::Trace(view, request)));
    }
  }
}

TEST_CASE("by two methods, side by side") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::uint64_t id = 100;
  const auto append = [&](v1::Action action, const std::string& day) {
    action.mutable_transfer()->set_value_date(day);
    Need(ledger->AppendOne(SignedBytes(Entry("root", ++id, {action}), {1}), clock.Read()).status());
  };
  append(Pay("donor", "ministry", 100), "2026-02-02");                                    // 1.1
  append(Pay("donor", "ministry", 200), "2026-02-02");                                    // 2.1
  append(Pay("ministry", "village", 150, v1::TRANSFER_KIND_DISBURSEMENT), "2026-02-11");  // 3.1
  const query::View view = Need(query::MakeView(ledger->store()));
  v1::TraceRequest request;
  request.set_direction(v1::DIRECTION_FROM);
  *request.mutable_ref() = Ref(1);
  CHECK(!Need(query::Trace(view, request)).assets(0).has_pro_rata());
  request.set_pro_rata(true);
  const auto trace = Need(query::Trace(view, request)).assets(0);
  const v1::ProRata& beside = trace.pro_rata();
  CHECK(beside.method() == "earmarks first, then in proportion");
  CHECK(beside.transfers() == 3);
  REQUIRE(beside.ends_size() == 2);
  CHECK(beside.ends(0).kind() == v1::END_KIND_REACHED);
  CHECK(beside.ends(0).fifo() == 100);
  CHECK(beside.ends(0).pro_rata() == 50);
  CHECK(beside.ends(1).kind() == v1::END_KIND_HELD);
  CHECK(beside.ends(1).fifo() == 0);
  CHECK(beside.ends(1).pro_rata() == 50);
  CHECK(beside.differs() == 50);
  // The gifts of one day change places: then all that reaches the village is of the second.
  CHECK(beside.orders(0).window() == v1::OrderChange::WINDOW_WITHIN_DAY);
  CHECK(beside.orders(0).changed() == 100);
  CHECK(beside.orders(0).share() == 10'000);
  CHECK(beside.orders(0).moved() == 2);
}

}  // namespace
}  // namespace fundtrail::testing
