// Where a verifier's records come from: a ledger's store, an archive in a folder or behind a URL, a server. Nothing that
// a source says is believed; what it gives is replayed and compared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/archive_files.h"
#include "ledger/audit/compare.h"
#include "ledger/audit/replay.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

using Records = std::vector<CheckedRecord>;  // with key and bytes alone: nothing is checked yet

// What is handed on at a time, about: bounds the memory of whoever reads ahead.
inline constexpr std::size_t kBatchRecords = 256;
inline constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

// Errors: DATA_LOSS says in words what is missing or damaged there; UNAVAILABLE that it cannot be told now; NOT_FOUND, of
// Next alone, that a file with the next records is not there, or not yet. One thread at a time calls it, but for Stop.
class Source {
 public:
  virtual ~Source() = default;
  // The checkpoint that witnesses cosigned, where it is kept apart from the latest. Nothing when there is none, or the
  // latest is the one that they cosign, as in an archive. Asked before Checkpoint, so that it is not ahead of it.
  virtual StatusOr<std::optional<std::string>> Cosigned() { return std::optional<std::string>(); }
  // The latest checkpoint, a signed note; nothing when there is none.
  virtual StatusOr<std::optional<std::string>> Checkpoint() = 0;
  // Next will begin with record `from` of a log of `size` records.
  virtual Status Start(std::uint64_t from, std::uint64_t size) = 0;
  // The records that follow, some at a time; none at the end. A store goes on after `size` if there is more.
  virtual StatusOr<Records> Next() = 0;
  // No more records are wanted: a Next that waits on another thread returns soon, with an error or without. Start begins
  // anew.
  virtual void Stop() {}
  // Whether all else that there is beside the records is what they give: index rows, tiles. `replayed` has the rows of
  // a log of `size` records, without its checkpoint.
  virtual StatusOr<Comparison> Compare(const store::Reader& replayed, std::uint64_t size) = 0;

  // Rows that CompareSummed does without in `replayed`. None of them summed: Compare does without these, too.
  virtual Unstored WantsUnstored() const { return {}; }
  // As Compare, and the rows that are summed by their `sum`. Where that differs, no row is named: what was replayed does not tell
  // which it is, and Compare of a replay with all rows must.
  virtual StatusOr<Comparison> CompareSummed(const store::Reader& replayed, const crypto::KeyedSum& /*sum*/,
                                             std::uint64_t size) {
    return Compare(replayed, size);
  }
};

// `rows` must outlive the source.
std::unique_ptr<Source> FromStore(const store::Reader& rows);
std::unique_ptr<Source> FromStore(std::unique_ptr<store::Store> rows, std::optional<std::string> cosigned);
std::unique_ptr<Source> FromArchive(std::unique_ptr<Files> files);
// What the folder holds: a ledger or an archive. NOT_FOUND when it is neither.
StatusOr<std::unique_ptr<Source>> FromFolder(const std::string& dir);

}  // namespace fundtrail::audit
