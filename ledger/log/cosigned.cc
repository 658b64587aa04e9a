// See cosigned.h.
#include "ledger/log/cosigned.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::log {
namespace {

std::string PathIn(const std::string& dir) { return dir + "/cosigned"; }

Status Wrong(const std::string& why) {
  return absl::DataLossError(absl::StrCat(
      "the checkpoint that witnesses cosigned (the file `cosigned`) is not this ledger's: ", why));
}

}  // namespace

StatusOr<std::optional<std::string>> ReadCosigned(const std::string& dir) {
  const std::string path = PathIn(dir);
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return std::optional<std::string>();
  std::string note(tree::kMaxNoteBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(note.data(), static_cast<std::streamsize>(note.size()));
  if (!std::filesystem::is_regular_file(path, error) || file.bad() || !file.eof())
    return absl::DataLossError(absl::StrCat("cannot read ", path, ", or it is too long"));
  note.resize(static_cast<std::size_t>(file.gcount()));
  return std::optional(std::move(note));
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
    return Wrong(
        absl::StrCat("it has ", checkpoint->size, " records, and the ledger ", size,
                     ": the ledger was set back to an older state. Witnesses will not cosign another "
                     "history; find the later copy"));
  }
  FT_ASSIGN_OR_RETURN(const Hash root, tree::RootAt(checkpoint->size, TreeNodes(rows)));
  if (root != checkpoint->root) {
    return Wrong(absl::StrCat("its root at ", checkpoint->size, " records is ", checkpoint->root.hex(),
                              ", and the ledger's is ", root.hex(),
                              ": these are two histories under one name"));
  }
  return checkpoint;
}

}  // namespace fundtrail::log
