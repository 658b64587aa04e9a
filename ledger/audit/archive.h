// A ledger's static copy (C2SP tlog-tiles), for any web server: `checkpoint`, the tiles of hashes, and the records in
// bundles, raw. Nothing else that must be checked is in it, since every row of a ledger follows from the records.
// docs/formats.md has it. The command `archive` puts the feed beside it (ledger/pages/atom.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "fundtrail/v1/copy.pb.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

using CopyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Brings the archive in `dir` up to date with the rows. They must stay as they are meanwhile (a snapshot, or a store
// opened to read). An empty folder, or none, becomes one. Only what is new is written. The checkpoint comes last, when
// all else is on the disk, so a reader never finds a checkpoint without its tiles. After a crash the same call goes on.
// Partial tiles stay until the full one is there, and then go. A file that is gone is written again. So is one that does
// not have the size that it must have: of a bundle, two bytes a record at least. What else was changed in one `verify` tells.
// Holds one file at a time in memory.
//
// ALREADY_EXISTS when the folder holds something else, or the archive of another ledger; FAILED_PRECONDITION when its
// history is not the beginning of this one. DATA_LOSS when the rows do not have the checkpoint's root; UNAVAILABLE when
// it cannot be written.
//
// `cosigned`: the checkpoint to publish in place of the rows' own, one that witnesses cosigned; folder::CheckCosigned must
// have taken it.
StatusOr<v1::ArchiveAnswer> WriteArchive(const store::Reader& rows, const std::string& dir,
                                         const CopyProgress& progress,
                                         const std::optional<std::string>& cosigned = std::nullopt);

}  // namespace fundtrail::audit
