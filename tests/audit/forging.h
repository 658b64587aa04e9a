// What can be done to a log by who has its disk, or also its operator's key. Its records become others, and the tree and
// the checkpoint are left as they were or made again. It is shown to a verifier as a store and as an archive.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/audit/verify.h"
#include "ledger/log/seal.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/tiles.h"
#include "tests/audit/honest.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {

using RecordList = std::vector<Bytes>;

inline Bytes Edited(const Bytes& record, const std::function<void(v1::Record*)>& edit) {
  v1::Record edited = Need(log::ParseRecord(record));
  edit(&edited);
  return model::SerialiseDeterministic(edited);
}

inline RecordList Dropped(RecordList records, std::size_t at) {
  records.erase(records.begin() + static_cast<std::ptrdiff_t>(at));
  return records;
}
inline RecordList Doubled(RecordList records, std::size_t at) {
  const Bytes twin = records[at];
  records.insert(records.begin() + static_cast<std::ptrdiff_t>(at), twin);
  return records;
}
inline RecordList Swapped(RecordList records, std::size_t at) {
  std::swap(records[at], records[at + 1]);
  return records;
}
// New times for all, so that none is too early.
inline RecordList Redated(RecordList records) {
  std::int64_t now = 1'600'000'000'000'000;
  for (Bytes& record : records)
    record = Edited(record, [&](v1::Record* dated) { dated->set_recorded_micros(now += 1000); });
  return records;
}

// Numbers and hashes of the record before, as if they had been appended in this order.
inline RecordList Chained(RecordList records) {
  Hash previous;
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i] = Edited(records[i], [&](v1::Record* record) {
      record->set_index(i);
      record->set_previous(Bytes(previous.view()));
    });
    previous = tree::LeafHash(records[i]);
  }
  return records;
}

inline tree::Checkpoint CheckpointOver(const RecordList& records) {
  tree::Frontier tree;
  for (const Bytes& record : records) tree.Append(tree::LeafHash(record));
  return {kLedgerName, tree.size(), tree.Root(), {}};
}

// What a verifier is shown.
struct Shown {
  RecordList records;
  RecordList in_tree;      // of which the tree's nodes are
  std::string checkpoint;  // a signed note
};

inline Shown Untouched(const log::Ledger& ledger) {
  const RecordList records = RecordsOf(ledger.store());
  return {records, records, ledger.checkpoint()};
}
// Other records: by who has the disk.
inline Shown OnDisk(const log::Ledger& ledger, RecordList records) {
  Shown shown = Untouched(ledger);
  shown.records = std::move(records);
  return shown;
}
// Other records with chain, tree and checkpoint to fit: by who has the ledger's key too.
inline Shown ByOperator(RecordList records) {
  records = Chained(std::move(records));
  return {records, records, Need(tree::SignCheckpoint(CheckpointOver(records), Key(9)))};
}

// As a store whose other rows are the honest ledger's.
inline v1::VerifyAnswer VerifyAsStore(const log::Ledger& ledger, const Shown& shown,
                                      const audit::VerifyOptions& options) {
  store::Overlay rows(ledger.store());
  for (const char tag : {model::keys::kRecordTag, model::keys::kNodeTag}) {
    for (const auto& [key, value] :
         AllRows(ledger.store(), Bytes(1, tag), Bytes(1, static_cast<char>(tag + 1))))
      rows.Delete(key);
  }
  for (std::size_t i = 0; i < shown.records.size(); ++i)
    rows.Put(model::keys::Record(RecordIndex(i)), shown.records[i]);
  tree::Frontier tree;
  for (const Bytes& record : shown.in_tree) {
    for (const auto& node : tree.Append(tree::LeafHash(record)))
      rows.Put(model::keys::TreeNode(node.level, node.index), Bytes(node.hash.view()));
  }
  rows.Put(model::keys::Checkpoint(), shown.checkpoint);
  return Need(audit::VerifyStore(rows, options));
}

using FileMap = std::map<std::string, Bytes>;

class MapFiles final : public audit::Files {
 public:
  explicit MapFiles(FileMap files) : files_(std::move(files)) {}
  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t) const override {
    const auto found = files_.find(path);
    return found == files_.end() ? std::optional<Bytes>() : std::optional(found->second);
  }
  Status ForEach(const std::function<Status(const std::string& path)>& take) const override {
    for (const auto& [path, bytes] : files_) {
      if (path != audit::kCheckpointPath) FT_RETURN_IF_ERROR(take(path));
    }
    return absl::OkStatus();
  }

 private:
  const FileMap files_;
};

inline v1::VerifyAnswer VerifyFiles(FileMap files, const audit::VerifyOptions& options) {
  return Need(
      audit::VerifySource(audit::FromArchive(std::make_unique<MapFiles>(std::move(files))).get(), options));
}

// As an archive of fewer than 256 records.
inline v1::VerifyAnswer VerifyAsArchive(const Shown& shown, const audit::VerifyOptions& options) {
  const int width = static_cast<int>(shown.in_tree.size());
  Bytes bundle, hashes;
  for (const Bytes& record : shown.records) tree::AppendToBundle(&bundle, record);
  for (const Bytes& record : shown.in_tree) hashes += tree::LeafHash(record).view();
  return VerifyFiles({{audit::kCheckpointPath, shown.checkpoint},
                      {tree::TilePath({tree::kEntriesLevel, 0, width}), bundle},
                      {tree::TilePath({0, 0, width}), hashes}},
                     options);
}

}  // namespace fundtrail::testing
