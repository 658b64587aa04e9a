// What CheckKinds finds: a row of a kind that no ledger has, wherever it lies among the others.
#include <catch2/catch.hpp>

#include "ledger/log/head.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"

namespace fundtrail::testing {
namespace {

using Catch::Contains;

TEST_CASE("a row of a kind that no ledger has is found below, between and above all others") {
  const bool all_kinds = GENERATE(false, true);
  const auto rows = store::MakeMemoryStore();
  CHECK(log::CheckKinds(*rows).ok());
  store::Batch batch;
  for (const char tag : model::keys::kTags) {
    if (!all_kinds && tag % 3 != 0) continue;
    for (const char* rest : {"", "a", "b", "c", "d", "e", "\xff\xff"}) batch[Bytes(1, tag) + rest] = "row";
  }
  REQUIRE(rows->Write(batch).ok());
  CHECK(log::CheckKinds(*rows).ok());
  int strange = 0;
  for (int first = 0; first < 256; ++first) {
    const auto byte = static_cast<char>(first);
    if (model::keys::kTags.find(byte) != std::string_view::npos) continue;
    ++strange;
    REQUIRE(rows->Write({{Bytes(1, byte) + "x", "row"}}).ok());
    const Status found = log::CheckKinds(*rows);
    CHECK(absl::IsDataLoss(found));
    CHECK_THAT(std::string(found.message()), Contains("is no row of a ledger"));
    REQUIRE(rows->Write({{Bytes(1, byte) + "x", std::nullopt}}).ok());
  }
  CHECK(strange == 256 - static_cast<int>(model::keys::kTags.size()));
  // The first of two is named.
  REQUIRE(rows->Write({{"Z", "row"}, {"~", "row"}}).ok());
  const Status first = log::CheckKinds(*rows);
  REQUIRE(rows->Write({{"~", std::nullopt}}).ok());
  CHECK(log::CheckKinds(*rows).message() == first.message());
  REQUIRE(rows->Write({{"", "row"}}).ok());
  CHECK(absl::IsDataLoss(log::CheckKinds(*rows)));
}

}  // namespace
}  // namespace fundtrail::testing
