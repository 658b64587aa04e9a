// Replaying a log: every record is checked and its rows are made again, in a store of the reader's own. A verifier
// compares them with what it was shown; a client that copies a ledger keeps them.
#pragma once

#include <cassert>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fundtrail/v1/record.pb.h"
#include "ledger/crypto/keyed_sum.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/store/overlay.h"

namespace fundtrail::audit {

// A record as it was read, with what can be checked of it without the ones before.
struct CheckedRecord {
  Bytes key;    // under which it was stored
  Bytes bytes;  // the leaf of the log
  // It may be without its outcome: that is made again, and compared byte by byte.
  StatusOr<v1::Record> record = absl::UnknownError("not read");
  StatusOr<model::DecodedEntry> entry = absl::UnknownError("not read");
};

// Parses the record, checks its entry's form and verifies its signatures. Needs no state: safe on many threads.
void CheckAlone(CheckedRecord* checked);

// How many transfers its entry makes. Of a record that was taken.
std::uint64_t TransfersIn(const CheckedRecord& taken);

// What is held in memory while it is replayed: some 60,000 payments, and 150 MB. Rows and what is kept of them grow with
// the bytes of their records.
struct HoldLimits {
  std::size_t rows = 500'000;
  std::size_t record_bytes = std::size_t{64} << 20;
};

// Of a replay that does not hold them: so many rows are written together.
inline constexpr std::size_t kRowsAtOnce = 10'000;

// Rows of a replay that are not stored, by the first byte of their keys. There are those of which only the sum is wanted, and those
// that nobody wants. It may be any of kUnreadKinds, which no rule reads, and of kReadByKeyKinds.
struct Unstored {
  std::string_view summed, dropped;
};
// Records, tree nodes, statements, pieces from either end, and what stands below what.
inline constexpr std::string_view kUnreadKinds = "rnlioq";
// Transfers: they come in the order of their keys, and rules read one by its key, as what is sent back.
inline constexpr std::string_view kReadByKeyKinds = "t";

// How much of a replay stays in memory before its store gets any row: those of some 40,000 parties with an account each. `bytes` are
// of keys and values. A row of a large group has thousands, so that rows alone would be no bound.
struct MemoryLimits {
  std::size_t rows = 200'000;
  std::size_t bytes = std::size_t{48} << 20;
};

// The rows of a replay's store. Before the first is written nobody looks for any there.
class StoredRows final : public store::Reader {
 public:
  StoredRows(const store::Reader& rows, bool has_any) : rows_(rows), has_any_(has_any) {}
  void SetHasAny() { has_any_ = true; }
  bool has_any() const { return has_any_; }

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    return has_any_ ? rows_.Get(key) : std::optional<Bytes>();
  }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    return has_any_ ? rows_.Scan(begin, end) : store::NoRows();
  }
  std::unique_ptr<store::Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return has_any_ ? rows_.ScanAt(begin, at, end) : store::NoRows();
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    if (!has_any_) return std::nullopt;
    return rows_.Last(begin, end);
  }

 private:
  const store::Reader& rows_;
  bool has_any_;
};

class Replay {
 public:
  // Rows are made in `scratch`, for the ledger of that name. It must be empty, or hold the rows of a log up to `tip`.
  Replay(store::Store* scratch, std::string name, log::Tip tip = {},
         books::Rulebook known = books::KnownRules())
      : known_(known),
        scratch_(*scratch),
        name_(std::move(name)),
        stored_(*scratch, tip.tree.size() > 0),
        in_flight_(static_cast<const store::Reader&>(stored_)),
        changes_(static_cast<const store::Reader&>(in_flight_)),
        tip_(std::move(tip)) {}

  // Keeps the rows in memory until Finish, which then is one write: what is in the store stays as it is until all is
  // known to hold. Take is OUT_OF_RANGE above so many rows, or records of so many bytes. Before the first Take.
  void HoldAtMost(const HoldLimits& most) { most_held_ = most; }
  // Before the first Take.
  void WriteAtOnce(std::size_t rows) { rows_at_once_ = rows; }

  // The first rows stay in memory, and are written when there are more of them. Before the first Take, in an empty store, and not with
  // HoldAtMost.
  void KeepInMemory(const MemoryLimits& most) {
    assert(!stored_.has_any());
    in_memory_ = most;
  }

  // Rows of these kinds are not stored. Those that are `summed` are added to a sum under this key. Of those that rules read,
  // `read_by_key` gets all: it must outlive this. Before the first Take, and not with HoldAtMost.
  void DoNotStore(const Unstored& kinds, const crypto::SumKey& key, store::RowsAside* read_by_key);
  // Of all rows that are summed. After Finish, or FinishReading.
  const std::optional<crypto::KeyedSum>& sum() const { return sum_; }

  // Takes the next record; nothing, or what is wrong with it, in words. After that, or an error of the store, the
  // replay is at its end. UNIMPLEMENTED when the record is judged by rules that are not `known`: then nothing is said of it.
  StatusOr<std::optional<std::string>> Take(const CheckedRecord& checked);

  // All rows are in the store, with one more that no record makes: the checkpoint.
  Status FinishUnder(Bytes checkpoint);
  // All rows are in the store.
  Status Finish();
  // For whoever only reads them: all rows, but for those that are not stored. Where none was written yet they stay in memory. They last
  // as long as this.
  StatusOr<const store::Reader*> FinishReading();

  // The version of the rules that the next record needs, when Take ended because they are not known; else 0.
  std::uint32_t needs_rules() const { return needs_rules_; }
  const log::Tip& tip() const { return tip_; }
  // As of the last record taken, whether its rows are in the store yet or not. Until the next Take.
  const store::Reader& rows() const { return changes_; }

 private:
  Status CheckRules(const v1::Record& record);
  // Whether no row needs to be written yet.
  bool StaysInMemory() const { return in_memory_.has_value(); }
  void EndInMemoryWhenFull();
  Status StartFlush();
  Status AddToSum(const store::Overlay::Aside& rows);

  const books::Rulebook known_;
  std::uint32_t needs_rules_ = 0;
  std::optional<HoldLimits> most_held_;
  std::optional<MemoryLimits> in_memory_;  // as long as all stay there
  std::size_t held_bytes_ = 0;             // of records, when they are held
  std::size_t rows_at_once_ = kRowsAtOnce;
  std::string_view summed_;
  std::optional<crypto::KeyedSum> sum_;  // while writing_ goes on, that thread's
  store::Store& scratch_;
  const std::string name_;
  StoredRows stored_;
  store::Overlay in_flight_;
  store::Overlay changes_;
  log::Tip tip_;
  books::Items items_;           // for the rules, from one record to the next
  std::future<Status> writing_;  // of in_flight_; its destructor waits
};

}  // namespace fundtrail::audit
