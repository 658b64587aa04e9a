// A log read with nothing but the store's rows and the published key. Chain, tree and checkpoint are computed
// again as simply as can be, and the rows of the books by replaying the records.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "ledger/crypto/sha256.h"
#include "ledger/log/seal.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "ledger/tree/checkpoint.h"
#include "tests/support/entries.h"
#include "tests/support/rows.h"

namespace fundtrail::testing {

// RFC 6962 §2.1, word by word.
inline Hash NaiveRoot(const std::vector<Bytes>& leaves) {
  if (leaves.empty()) return crypto::Sha256("");
  if (leaves.size() == 1) return crypto::Sha256(Bytes(1, '\0') + leaves[0]);
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(split);
  const Hash left = NaiveRoot({leaves.begin(), middle});
  const Hash right = NaiveRoot({middle, leaves.end()});
  return crypto::Sha256("\x01" + Bytes(left.view()) + Bytes(right.view()));
}

inline std::vector<Bytes> RecordsOf(const store::Reader& state) {
  std::vector<Bytes> records;
  for (const auto& [key, value] : AllRows(state, "r", "s")) {
    if (key != model::keys::Record(RecordIndex(records.size())))
      throw std::runtime_error("records with a gap");
    records.push_back(value);
  }
  return records;
}

inline tree::Checkpoint CheckpointOf(const store::Reader& state, const std::string& vkey) {
  const auto note = Need(state.Get(model::keys::Checkpoint()));
  if (!note.has_value()) throw std::runtime_error("no checkpoint");
  return Need(tree::OpenCheckpoint(*note, Need(tree::ParseVkey(vkey))));
}

// "" when all is well, or the first thing that is not.
inline std::string WhatIsWrong(const store::Reader& state, const std::string& vkey) {
  const std::vector<Bytes> records = RecordsOf(state);
  const tree::Checkpoint checkpoint = CheckpointOf(state, vkey);
  if (checkpoint.size != records.size()) return "the checkpoint's size is not the number of records";
  if (checkpoint.root != NaiveRoot(records)) return "the checkpoint's root is not that of the records";
  Bytes previous(32, '\0');
  std::int64_t recorded = 0;
  const auto empty = store::MakeMemoryStore();
  store::Overlay replayed(static_cast<const store::Reader&>(*empty));
  log::Tip tip;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string at = " in record " + std::to_string(i);
    const v1::Record record = Need(log::ParseRecord(records[i]));
    if (record.index() != i) return "a wrong index" + at;
    if (record.previous() != previous) return "the chain is broken" + at;
    if (record.recorded_micros() <= recorded && i > 0) return "time stands still" + at;
    previous = Bytes(crypto::Sha256(Bytes(1, '\0') + records[i]).view());
    recorded = record.recorded_micros();
    const auto decoded = Need(model::DecodeSignedEntry(model::SerialiseDeterministic(record.signed_entry())));
    if (Need(log::Seal(&replayed, &tip, decoded, Timestamp(recorded))) != records[i])
      return "another outcome" + at;
  }
  Rows rows = AllRows(state);
  rows.erase(model::keys::Checkpoint());
  if (AllRows(replayed) != rows) return "the rows are not those that the records make";
  return "";
}

}  // namespace fundtrail::testing
