// gRPC gets the answer of a call in an arena, and frees all of it at once.
#include "server/arena_messages.h"

#include <catch2/catch.hpp>

namespace fundtrail::testing {
namespace {

TEST_CASE("a call has a request of its own, and an answer in an arena of its own") {
  server::ArenaMessages<v1::TraceRequest, v1::TraceAnswer> messages;
  auto* const one = messages.AllocateMessages();
  auto* const other = messages.AllocateMessages();
  REQUIRE(one->response()->GetArena() != nullptr);
  CHECK(one->response()->GetArena() != other->response()->GetArena());
  one->request()->set_party("county");
  for (int i = 0; i < 1000; ++i)
    one->response()->add_assets()->set_asset("a code that lies beside its message, since it is long");
  CHECK(other->request()->party().empty());
  CHECK(other->response()->assets().empty());
  one->FreeRequest();
  CHECK(one->response()->assets_size() == 1000);
  one->Release();
  other->Release();
}

}  // namespace
}  // namespace fundtrail::testing
