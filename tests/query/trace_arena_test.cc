// An answer that is built in an arena is the one that is built outside, to the byte, though parts of it share their accounts.
#include <google/protobuf/arena.h>

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "ledger/query/trace.h"
#include "tests/support/random_ledger.h"

namespace fundtrail::testing {
namespace {

v1::TraceRequest WithAllParts(v1::Direction direction) {
  v1::TraceRequest request;
  request.set_direction(direction);
  request.set_tree(true);
  request.set_paths(true);
  request.set_hops(4);
  request.set_pro_rata(true);
  request.set_joined(true);
  return request;
}

// Whether each account that flows show is one message for all of them.
bool Shares(const v1::TraceAnswer& answer) {
  std::map<std::string, const v1::Account*> shown;
  for (const v1::AssetTrace& trace : answer.assets()) {
    for (const v1::TraceFlow& flow : trace.flows()) {
      for (const v1::Account* account : {&flow.from(), &flow.to()})
        if (shown.try_emplace(account->SerializeAsString(), account).first->second != account) return false;
    }
  }
  return true;
}

TEST_CASE("a trace in an arena is the trace outside, with one message for each account in its flows") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  RandomLedger game(seed, true);
  const query::View view = game.view();
  int compared = 0;
  for (const v1::Direction direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    v1::TraceRequest several = WithAllParts(direction);
    for (const auto& made : game.made) {
      if (game.Below(3) > 0) continue;
      v1::TraceRequest request = WithAllParts(direction);
      *request.mutable_ref() = Ref(made.record);
      if (several.refs_size() < 5) *several.add_refs() = Ref(made.record);
      for (const v1::TraceRequest& asked : {request, several}) {
        const auto plain = query::Trace(view, asked);
        google::protobuf::Arena arena;
        auto* const answer = google::protobuf::Arena::CreateMessage<v1::TraceAnswer>(&arena);
        const Status end = query::Trace(view, asked, answer);
        REQUIRE(end.ToString() == plain.status().ToString());
        if (!end.ok()) continue;
        REQUIRE(answer->SerializeAsString() == plain->SerializeAsString());
        CHECK(Shares(*answer));
        // A copy of it has its own accounts, and outlives the arena.
        v1::TraceAnswer copy = *answer;
        CHECK(copy.SerializeAsString() == plain->SerializeAsString());
        ++compared;
      }
    }
  }
  CHECK(compared > 10);
}

}  // namespace
}  // namespace fundtrail::testing
