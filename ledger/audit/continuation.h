// Whether what a source shows goes on from a copy that is there: for clone.cc and follow.cc, which bring copies up to date.
// What does not is told in words, with who is to blame as far as it is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/audit/replay_feed.h"
#include "ledger/audit/signer.h"
#include "ledger/audit/source.h"
#include "ledger/base/status.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

inline constexpr std::size_t kCopyCacheBytes = std::size_t{16}
                                               << 20;  // of rows, while a copy is replayed into

// ALREADY_EXISTS when the folder has a ledger's own key, and so is no copy.
Status CheckNoOwnKey(const std::string& dir);
// The checkpoint of the copy in `dir`, whose rows these are. ALREADY_EXISTS when it is no copy of that ledger.
StatusOr<PresentedCheckpoint> CheckpointOfCopy(const store::Reader& rows, const std::string& dir,
                                               const tree::Verifier& verifier);
// It, as what later ones are judged by.
KeptCheckpoint AsKept(const PresentedCheckpoint& had);

// What the source shows now, and its note. DATA_LOSS when it is no checkpoint of that ledger, or of no record. Where
// there is none: UNAVAILABLE if there was one before, else DATA_LOSS.
StatusOr<PresentedCheckpoint> PresentedBy(Source* source, const tree::Verifier& verifier, bool was_there,
                                          std::string* note);
// FAILED_PRECONDITION when fewer records are shown than the copy has.
Status CheckNotBehind(const tree::Checkpoint& had, const tree::Checkpoint& shown);

// Has the file `vkey` beside the copy name that key. After the rows that it signed: who has the key before opens the copy
// by them, and who has this one cannot open older rows.
Status KeepVkey(const std::string& vkey, const std::string& dir, folder::FolderWriter* writer);
// Keeps what the source's witnesses cosigned beside the copy with these rows, unless that has a later one. DATA_LOSS when
// it is not of these rows.
Status CopyCosigned(const std::optional<std::string>& note, const std::string& dir, const store::Reader& rows,
                    const tree::Checkpoint& shown, folder::FolderWriter* writer);

// What is wrong with a source that has a bad record. `had`: the records of the copy that is there, 0 for none.
std::string BadRecordWords(const BadRecord& bad, std::uint64_t had);
// A checkpoint over other records than the copy's. What the reader's key signed is kept beside the copy, as evidence.
StatusOr<std::string> WhatForked(const PresentedCheckpoint& had, const PresentedCheckpoint& shown,
                                 const std::string& note, const std::string& dir,
                                 folder::FolderWriter* writer);
// Why a source with that bad record does not go on from the copy: the record may be sound, in another history.
StatusOr<std::string> WhyNotOn(Source* source, const PresentedCheckpoint& had,
                               const PresentedCheckpoint& shown, const std::string& note,
                               const std::string& dir, const BadRecord& bad, folder::FolderWriter* writer);

}  // namespace fundtrail::audit
