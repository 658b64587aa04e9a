// See verify.h. A pipeline: while one batch of records is replayed in order, the signatures of the next are
// checked, and the rows of earlier ones written.
#include "ledger/audit/verify.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/audit/compare.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/scratch.h"
#include "ledger/log/ledger.h"
#include "ledger/model/keys.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::audit {

namespace keys = model::keys;

namespace {

constexpr std::size_t kBatchRecords = 256;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

using CheckedBatch = std::vector<CheckedRecord>;

CheckedBatch CheckBatch(CheckedBatch batch) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < batch.size(); i = next++) CheckAlone(&batch[i]);
  };
  std::vector<std::thread> threads;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 1; i < std::min(cores, batch.size()); ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  return batch;
}

CheckedBatch ReadBatch(store::Cursor* cursor) {
  CheckedBatch batch;
  std::size_t bytes = 0;
  for (; cursor->Valid() && batch.size() < kBatchRecords && bytes < kBatchBytes; cursor->Next()) {
    CheckedRecord& checked = batch.emplace_back();
    checked.key = Bytes(cursor->key());
    // One byte more than a record may have shows that it is too long.
    checked.bytes = Bytes(cursor->value().substr(0, model::kMaxRecordBytes + 1));
    bytes += checked.bytes.size();
  }
  return batch;
}

v1::VerifyAnswer Fails(v1::VerifyAnswer answer, std::string problem) {
  answer.set_holds(false);
  answer.set_problem(std::move(problem));
  return answer;
}

v1::VerifyAnswer FailsAt(v1::VerifyAnswer answer, std::uint64_t record, const std::string& problem) {
  answer.set_has_bad_record(true);
  answer.set_bad_record(record);
  return Fails(std::move(answer), absl::StrCat("record ", record, ": ", problem));
}

}  // namespace

StatusOr<v1::VerifyAnswer> VerifyStore(const store::Reader& rows, const VerifyOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto verifier, tree::ParseVkey(options.vkey));
  FT_ASSIGN_OR_RETURN(const auto scratch, Scratch::Make(options.scratch_dir));
  v1::VerifyAnswer answer;
  answer.set_ledger(verifier.name);

  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  if (!note.has_value()) return Fails(answer, "there is no checkpoint");
  const auto checkpoint = tree::OpenCheckpoint(*note, verifier);
  if (!checkpoint.ok()) {
    return Fails(answer, absl::StrCat("the checkpoint: ", std::string(checkpoint.status().message())));
  }
  answer.set_size(checkpoint->size);
  answer.set_root(std::string(checkpoint->root.view()));

  Replay replay(&scratch->rows(), verifier.name);
  const Bytes prefix = keys::AllOf(keys::kRecordTag);
  const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
  auto ahead = std::async(std::launch::async, CheckBatch, ReadBatch(cursor.get()));
  while (true) {
    const CheckedBatch batch = ahead.get();
    if (batch.empty()) break;
    ahead = std::async(std::launch::async, CheckBatch, ReadBatch(cursor.get()));
    for (const CheckedRecord& checked : batch) {
      const std::uint64_t at = replay.tip().tree.size();
      if (at >= checkpoint->size) return FailsAt(answer, at, "stands behind the checkpoint's last record");
      FT_ASSIGN_OR_RETURN(const auto problem, replay.Take(checked));
      if (problem.has_value()) return FailsAt(answer, at, *problem);
      answer.set_signatures(answer.signatures() + checked.entry->signers.size());
      answer.set_transfers(answer.transfers() +
                           static_cast<std::uint64_t>(checked.record->outcome().transfers_size()));
      answer.set_bytes(answer.bytes() + checked.bytes.size());
    }
    if (options.progress) options.progress(replay.tip().tree.size(), checkpoint->size);
  }
  FT_RETURN_IF_ERROR(cursor->status());
  FT_RETURN_IF_ERROR(replay.Finish());
  if (replay.tip().tree.size() < checkpoint->size) {
    return FailsAt(answer, replay.tip().tree.size(), "is missing: the checkpoint counts more records");
  }
  if (replay.tip().tree.Root() != checkpoint->root) {
    return Fails(answer,
                 "the records do not have the root that the checkpoint signs: they were changed together");
  }
  FT_ASSIGN_OR_RETURN(const auto comparison, CompareRows(rows, scratch->rows()));
  answer.set_rows(comparison.rows);
  if (comparison.problem.has_value()) return Fails(answer, *comparison.problem);
  answer.set_holds(true);
  return answer;
}

StatusOr<v1::VerifyAnswer> VerifyFolder(const std::string& dir, const VerifyOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto store, log::OpenFolderToRead(dir));
  return VerifyStore(*store, options);
}

}  // namespace fundtrail::audit
