// A replay that does not store the rows which no rule reads: it makes the same records and the same other rows, and its sum is that of
// the rows that it left out, whatever entries there are and however many rows are written at once. And one whose first rows stay in
// memory.
#include <catch2/catch.hpp>
#include <random>

#include "ledger/audit/replay.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/store/row_file.h"
#include "tests/audit/all_kinds.h"
#include "tests/support/random_ledger.h"
#include "tests/support/rows.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

void TakeAll(const log::Ledger& ledger, audit::Replay* replay) {
  for (const auto& [name, bytes] :
       AllRows(ledger.store(), Bytes(1, keys::kRecordTag), store::PrefixEnd(Bytes(1, keys::kRecordTag)))) {
    audit::CheckedRecord record;
    record.key = name;
    record.bytes = bytes;
    audit::CheckAlone(&record);
    CHECK(Need(replay->Take(record)).value_or("") == "");
  }
}

// The rows that a replay of the ledger's records leaves, and its sum.
struct Replayed {
  Rows rows;
  std::optional<crypto::KeyedSum> sum;
};

Replayed ReplayOf(const log::Ledger& ledger, const audit::Unstored& kinds, const crypto::SumKey& key,
                  std::size_t at_once) {
  const auto scratch = store::MakeMemoryStore();
  const TempDir temp;
  const auto in_order = Need(store::RowFile::Make(temp / "rows"));
  audit::Replay replay(scratch.get(), ledger.name());
  replay.WriteAtOnce(at_once);
  replay.DoNotStore(kinds, key, in_order.get());
  TakeAll(ledger, &replay);
  Need(replay.Finish());
  return {AllRows(*scratch), replay.sum()};
}

bool IsOf(std::string_view kinds, const Bytes& key) {
  return !key.empty() && kinds.find(key[0]) != std::string_view::npos;
}

void CheckLeavesOut(const log::Ledger& ledger, const audit::Unstored& kinds, std::uint64_t seed) {
  const crypto::SumKey key = crypto::SumKey::Draw(crypto::SystemRandom());
  std::mt19937_64 random(seed);
  const Replayed replayed = ReplayOf(ledger, kinds, key, 1 + random() % 300);
  crypto::KeyedSum sum(key);
  Rows others;
  for (const auto& [name, value] : AllRows(ledger.store())) {
    if (IsOf(kinds.summed, name)) sum.Add(name, value);
    if (!IsOf(kinds.summed, name) && !IsOf(kinds.dropped, name) && name != keys::Checkpoint())
      others.emplace(name, value);
  }
  CHECK(replayed.rows == others);
  CHECK(*replayed.sum == sum);
  CHECK(replayed.sum->rows() == sum.rows());
}

TEST_CASE("a replay leaves out rows that no rule reads, and adds them up") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  const RandomLedger game(seed, true);
  const auto all_kinds = LedgerOfAllKinds();
  for (const log::Ledger* ledger : {game.ledger.get(), all_kinds.get()}) {
    CheckLeavesOut(*ledger, {}, seed);
    CheckLeavesOut(*ledger, {.summed = "nlioqt", .dropped = "r"}, seed);
    CheckLeavesOut(*ledger, {.summed = "", .dropped = "lioqt"}, seed);
    CheckLeavesOut(*ledger, {.summed = audit::kUnreadKinds, .dropped = ""}, seed);
    CheckLeavesOut(*ledger, {.summed = audit::kReadByKeyKinds, .dropped = ""}, seed);
  }
}

// The rows in memory are those of `others`, or the store has them all: which of the two is the question.
void CheckReads(const log::Ledger& ledger, const audit::MemoryLimits& most, std::size_t at_once,
                bool in_memory) {
  const crypto::SumKey key = crypto::SumKey::Draw(crypto::SystemRandom());
  const audit::Unstored kinds{.summed = "nlioqt", .dropped = "r"};
  const Replayed stored = ReplayOf(ledger, kinds, key, at_once);
  const auto scratch = store::MakeMemoryStore();
  const TempDir temp;
  const auto in_order = Need(store::RowFile::Make(temp / "rows"));
  audit::Replay replay(scratch.get(), ledger.name());
  replay.WriteAtOnce(at_once);
  replay.DoNotStore(kinds, key, in_order.get());
  replay.KeepInMemory(most);
  TakeAll(ledger, &replay);
  CHECK(AllRows(*Need(replay.FinishReading())) == stored.rows);
  CHECK(*replay.sum() == *stored.sum);
  CHECK(AllRows(*scratch).empty() == in_memory);
}

TEST_CASE(
    "a replay whose first rows stay in memory reads as one that stores all, and writes them when they are "
    "many") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const RandomLedger game(seed, true);
  const auto all_kinds = LedgerOfAllKinds();
  for (const log::Ledger* ledger : {game.ledger.get(), all_kinds.get()}) {
    for (const std::size_t at_once : {std::size_t{1}, 1 + random() % 300}) {
      CheckReads(*ledger, {}, at_once, true);
      CheckReads(*ledger, {.rows = 0}, at_once, false);
      CheckReads(*ledger, {.rows = 20 + random() % 20}, at_once, false);
      CheckReads(*ledger, {.bytes = 2'000}, at_once, false);
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
