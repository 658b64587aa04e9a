// See cosigned.h.
#include "ledger/folder/cosigned.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::folder {
namespace {

std::string PathIn(const std::string& dir) { return dir + "/cosigned"; }

Status Wrong(const std::string& why) {
  return absl::DataLossError(absl::StrCat(
      "the checkpoint that witnesses cosigned (the file `cosigned`) is not this ledger's: ", why));
}

}  // namespace

StatusOr<std::optional<std::string>> ReadCosigned(const std::string& dir) {
  const std::string path = PathIn(dir);
  auto note = ReadFileFront(path, tree::kMaxNoteBytes);
  if (absl::IsNotFound(note.status())) return std::optional<std::string>();
  if (!note.ok() || note->size() == tree::kMaxNoteBytes)
    return absl::DataLossError(absl::StrCat("cannot read ", path, ", or it is too long"));
  return std::optional(*std::move(note));
}

Status WriteCosigned(const std::string& dir, std::string_view note) {
  return WriteFileAtomically(PathIn(dir), note);
}

StatusOr<tree::Checkpoint> CheckCosigned(std::string_view note, std::string_view name,
                                         const store::Reader& rows, std::uint64_t size) {
  const auto parsed = tree::ParseNote(note);
  if (!parsed.ok()) return Wrong(std::string(parsed.status().message()));
  auto checkpoint = tree::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok()) return Wrong(std::string(checkpoint.status().message()));
  if (checkpoint->origin != name) return Wrong(absl::StrCat("it is of ", Escaped(checkpoint->origin)));
  if (checkpoint->size > size) {
    return Wrong(absl::StrCat(
        "it has ", checkpoint->size, " records, and the ledger ", size,
        ": either the ledger was set back to an older state, or this checkpoint was put there. If "
        "it is the ledger's, witnesses will cosign no other history: find the later copy"));
  }
  FT_ASSIGN_OR_RETURN(const Hash root, tree::RootAt(checkpoint->size, log::TreeNodes(rows)));
  if (root != checkpoint->root) {
    return Wrong(absl::StrCat("its root at ", checkpoint->size, " records is ", checkpoint->root.hex(),
                              ", and the ledger's is ", root.hex(),
                              ": one of the two was changed or put there; `verify` tells which the ledger's "
                              "key signed"));
  }
  return checkpoint;
}

}  // namespace fundtrail::folder
