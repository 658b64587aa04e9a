// See continuation.h.
#include "ledger/audit/continuation.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/audit/history_comparison.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::audit {

namespace {

constexpr char kEvidence[] = "contradicting.checkpoint";

}  // namespace

Status CheckNoOwnKey(const std::string& dir) {
  std::error_code error;
  if (!std::filesystem::exists(absl::StrCat(dir, "/signing.key"), error)) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat(dir, " is a ledger of its own, not a copy: choose another folder"));
}

StatusOr<PresentedCheckpoint> CheckpointOfCopy(const store::Reader& rows, const std::string& dir,
                                               const tree::Verifier& verifier) {
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(model::keys::Checkpoint()));
  auto had = OpenPresented(note.value_or(""), verifier);
  if (had.ok()) return had;
  return absl::AlreadyExistsError(absl::StrCat(dir, " is not a copy of ", verifier.name, " under this key (",
                                               had.status().message(), "): choose another folder"));
}

KeptCheckpoint AsKept(const PresentedCheckpoint& had) {
  return {had.checkpoint, "the copy's own checkpoint", true, had.unverified};
}

StatusOr<PresentedCheckpoint> PresentedBy(Source* source, const tree::Verifier& verifier, bool was_there,
                                          std::string* note) {
  FT_ASSIGN_OR_RETURN(auto shown, source->Checkpoint());
  if (!shown.has_value() && was_there) return absl::UnavailableError("it shows no checkpoint now");
  if (!shown.has_value())
    return absl::DataLossError("there is no checkpoint: is this an archive or a ledger?");
  *note = *std::move(shown);
  auto opened = OpenPresented(*note, verifier);
  if (!opened.ok()) return absl::DataLossError(absl::StrCat("the checkpoint: ", opened.status().message()));
  if (opened->checkpoint.size == 0)
    return absl::DataLossError(
        "does not hold: the checkpoint counts no record, and every ledger has its first");
  return opened;
}

Status CheckNotBehind(const tree::Checkpoint& had, const tree::Checkpoint& shown) {
  if (shown.size >= had.size) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("it shows ", shown.size, " records, and the copy has ", had.size,
                   " under a checkpoint of the same ledger: it is behind, or was set "
                   "back; the copy stays as it is"));
}

Status KeepVkey(const std::string& vkey, const std::string& dir, folder::FolderWriter* writer) {
  const auto kept = folder::ReadVkey(dir);
  if (kept.ok() && *kept == vkey) return absl::OkStatus();
  FT_RETURN_IF_ERROR(writer->Put("vkey", absl::StrCat(vkey, "\n")));
  return writer->Sync();
}

Status CopyCosigned(const std::optional<std::string>& note, const std::string& dir, const store::Reader& rows,
                    const tree::Checkpoint& shown, folder::FolderWriter* writer) {
  if (!note.has_value()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto had, folder::ReadCosigned(dir));
  if (had == note) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto cosigned, folder::CheckCosigned(*note, shown.origin, rows, shown.size));
  const auto kept = folder::CheckCosigned(had.value_or(""), shown.origin, rows, shown.size);
  if (kept.ok() && kept->size > cosigned.size) return absl::OkStatus();
  return writer->Put("cosigned", *note);
}

std::string BadRecordWords(const BadRecord& bad, std::uint64_t had) {
  const std::string what =
      bad.index == kAllRecords ? bad.problem : absl::StrCat("record ", bad.index, ": ", bad.problem);
  return absl::StrCat("does not hold: ", what,
                      had > 0 ? "; the copy stays as it was" : "; what was loaded was removed");
}

StatusOr<std::string> WhatForked(const PresentedCheckpoint& had, const PresentedCheckpoint& shown,
                                 const std::string& note, const std::string& dir,
                                 folder::FolderWriter* writer) {
  std::string sentence =
      absl::StrCat("does not hold: what is shown does not begin with the copy's ", had.checkpoint.size,
                   " records, and its checkpoint is over the other ones: ", WhoForked(had, shown),
                   "; the copy stays as it was");
  if (!shown.unverified.empty()) return sentence;
  FT_RETURN_IF_ERROR(writer->Put(kEvidence, note));
  FT_RETURN_IF_ERROR(writer->Sync());
  return absl::StrCat(sentence, ", and the other checkpoint is kept in ", dir, "/", kEvidence);
}

StatusOr<std::string> WhyNotOn(Source* source, const PresentedCheckpoint& had,
                               const PresentedCheckpoint& shown, const std::string& note,
                               const std::string& dir, const BadRecord& bad, folder::FolderWriter* writer) {
  const auto begins = CompareBeginning(source, had.checkpoint, shown.checkpoint);
  if (begins.ok() && *begins == Beginning::kForked) return WhatForked(had, shown, note, dir, writer);
  if (!begins.ok() || *begins == Beginning::kSame) return BadRecordWords(bad, had.checkpoint.size);
  return absl::StrCat(
      "does not hold: what is shown does not begin with the copy's ", had.checkpoint.size,
      " records, nor has it the root that the checkpoint signs: records were changed, and not "
      "by who signed it; the copy stays as it was");
}

}  // namespace fundtrail::audit
