// See verify.h.
#include "ledger/audit/verify.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/audit/feed.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/scratch.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::audit {

namespace {

v1::VerifyAnswer Fails(v1::VerifyAnswer answer, std::string problem) {
  answer.set_holds(false);
  answer.set_problem(std::move(problem));
  return answer;
}

}  // namespace

StatusOr<v1::VerifyAnswer> VerifySource(Source* source, const VerifyOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto verifier, tree::ParseVkey(options.vkey));
  FT_ASSIGN_OR_RETURN(const auto scratch, Scratch::Make(options.scratch_dir));
  v1::VerifyAnswer answer;
  answer.set_ledger(verifier.name);

  const auto note = source->Checkpoint();
  if (absl::IsDataLoss(note.status())) return Fails(answer, std::string(note.status().message()));
  FT_RETURN_IF_ERROR(note.status());
  if (!note->has_value()) return Fails(answer, "there is no checkpoint");
  const auto checkpoint = tree::OpenCheckpoint(**note, verifier);
  if (!checkpoint.ok()) {
    return Fails(answer, absl::StrCat("the checkpoint: ", std::string(checkpoint.status().message())));
  }
  answer.set_size(checkpoint->size);
  answer.set_root(std::string(checkpoint->root.view()));

  Replay replay(&scratch->rows(), verifier.name);
  const auto taken = [&](const CheckedRecord& checked) {
    answer.set_signatures(answer.signatures() + checked.entry->signers.size());
    answer.set_transfers(answer.transfers() +
                         static_cast<std::uint64_t>(checked.record->outcome().transfers_size()));
    answer.set_bytes(answer.bytes() + checked.bytes.size());
    if (options.progress) options.progress(replay.tip().tree.size(), checkpoint->size);
  };
  FT_ASSIGN_OR_RETURN(const auto bad, Feed(source, checkpoint->size, checkpoint->root, &replay, taken));
  if (bad.has_value()) {
    if (bad->index == kAllRecords) return Fails(answer, bad->problem);
    answer.set_has_bad_record(true);
    answer.set_bad_record(bad->index);
    return Fails(answer, absl::StrCat("record ", bad->index, ": ", bad->problem));
  }
  const auto comparison = source->Compare(scratch->rows(), checkpoint->size);
  if (absl::IsDataLoss(comparison.status())) return Fails(answer, std::string(comparison.status().message()));
  FT_RETURN_IF_ERROR(comparison.status());
  answer.set_rows(comparison->rows);
  answer.set_tiles(comparison->tiles);
  if (comparison->problem.has_value()) return Fails(answer, *comparison->problem);
  answer.set_holds(true);
  return answer;
}

StatusOr<v1::VerifyAnswer> VerifyStore(const store::Reader& rows, const VerifyOptions& options) {
  return VerifySource(FromStore(rows).get(), options);
}

StatusOr<v1::VerifyAnswer> VerifyFolder(const std::string& dir, const VerifyOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto source, FromFolder(dir));
  return VerifySource(source.get(), options);
}

}  // namespace fundtrail::audit
