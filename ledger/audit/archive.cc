// See archive.h.
#include "ledger/audit/archive.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/audit/archive_files.h"
#include "ledger/base/text.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/log/seal.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::audit {
namespace {

namespace fs = std::filesystem;

StatusOr<tree::Checkpoint> Unverified(std::string_view note) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  return tree::ParseCheckpoint(parsed.text);
}

StatusOr<Hash> RootAt(const store::Reader& rows, std::uint64_t size) {
  FT_ASSIGN_OR_RETURN(const log::Tip tip, log::LoadTip(rows, size));
  return tip.tree.Root();
}

// The checkpoint that the folder has; nothing when it is empty, or a first run was interrupted there.
StatusOr<std::optional<std::string>> FindCheckpoint(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(auto note, OpenArchiveFolder(dir)->Read(kCheckpointPath, tree::kMaxNoteBytes));
  if (note.has_value()) return note;
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name != "tile" && !folder::IsUnfinished(name))
      return absl::AlreadyExistsError(
          absl::StrCat(dir, " holds ", Escaped(name), " and is not an archive: choose an empty folder"));
  }
  return std::optional<std::string>();
}

// That what the folder has is a beginning of what the rows are: its size.
StatusOr<std::uint64_t> SizeOfBeginning(const store::Reader& rows, const tree::Checkpoint& now,
                                        std::string_view note, const std::string& dir) {
  const auto read = Unverified(note);
  if (!read.ok()) {
    return absl::AlreadyExistsError(absl::StrCat(dir, "/checkpoint is not a checkpoint (",
                                                 read.status().message(), "): choose another folder"));
  }
  const tree::Checkpoint& had = *read;
  if (had.origin != now.origin) {
    return absl::AlreadyExistsError(absl::StrCat(dir, " is an archive of the ledger ", Escaped(had.origin),
                                                 ", not of ", now.origin, ": choose another folder"));
  }
  if (had.size > now.size) {
    return absl::FailedPreconditionError(absl::StrCat(
        dir, " has ", had.size, " records and what is to be published ", now.size,
        ": the ledger was set back to an older state, or its witnesses have not cosigned as much "
        "yet, or that folder's checkpoint was changed; nothing was written"));
  }
  FT_ASSIGN_OR_RETURN(const Hash root, RootAt(rows, had.size));
  if (root == had.root) return had.size;
  return absl::FailedPreconditionError(absl::StrCat(
      "the first ", had.size, " records of the ledger are not those in ", dir,
      ": the one or the other was changed, and `verify` on each tells which; nothing was written"));
}

// That the records of a bundle are those that the tree was made of.
Status CheckLeaves(const store::Reader& rows, const tree::Tile& bundle, ByteView bytes) {
  FT_ASSIGN_OR_RETURN(const Bytes hashes, log::TileBytes(rows, {0, bundle.index, bundle.width}));
  FT_ASSIGN_OR_RETURN(const auto records, tree::ParseBundle(bytes));
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (tree::LeafHash(records[i]).view() == ByteView(hashes).substr(i * Hash::kSize, Hash::kSize)) continue;
    return model::Damaged(model::keys::Record(RecordIndex(bundle.index * tree::kTileWidth + i)),
                          "does not have the hash that the tree has");
  }
  return absl::OkStatus();
}

// Whether a tile that an earlier run wrote is still there, as far as its size tells: who lost files gets them again.
bool IsThere(const std::string& dir, tree::Tile tile, std::uint64_t old_size) {
  const std::string path = absl::StrCat(dir, "/", tree::TilePath(tile));
  const int width = tile.width;
  tile.width = tree::kTileWidth;
  if (tree::FilledWidth(tile, old_size) != width) return false;  // it is new
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  const auto entries = static_cast<std::uintmax_t>(width);
  return !error && (tree::IsBundle(tile) ? bytes > 2 * entries : bytes == Hash::kSize * entries);
}

// The partial tiles that a tree of the old size had and that are full in one of the new.
Status RemovePartials(folder::FolderWriter* writer, std::uint64_t old_size, std::uint64_t size) {
  return tree::ForEachTile(0, old_size, [&](tree::Tile tile) -> Status {
    if (tile.width == tree::kTileWidth) return absl::OkStatus();
    tile.width = tree::kTileWidth;
    if (tree::FilledWidth(tile, size) < tree::kTileWidth) return absl::OkStatus();
    return writer->RemoveFolder(tree::TilePath(tile) + ".p");
  });
}

}  // namespace

StatusOr<v1::ArchiveAnswer> WriteArchive(const store::Reader& rows, const std::string& dir,
                                         const CopyProgress& progress,
                                         const std::optional<std::string>& cosigned) {
  FT_ASSIGN_OR_RETURN(const auto own, rows.Get(model::keys::Checkpoint()));
  const std::optional<std::string>& note = cosigned.has_value() ? cosigned : own;
  if (!note.has_value()) return model::Damaged(model::keys::Checkpoint(), "is missing");
  auto stated = Unverified(*note);
  if (!stated.ok()) {
    return absl::DataLossError(absl::StrCat("the checkpoint to be published cannot be read (",
                                            stated.status().message(), "); run verify"));
  }
  const tree::Checkpoint& now = *stated;
  FT_ASSIGN_OR_RETURN(const Hash root, RootAt(rows, now.size));
  if (root != now.root) return model::Damaged("the tree does not have the checkpoint's root");

  FT_ASSIGN_OR_RETURN(const auto writer, folder::FolderWriter::Open(dir));
  FT_ASSIGN_OR_RETURN(const auto had, FindCheckpoint(dir));
  std::uint64_t old_size = 0;
  if (had.has_value()) {
    FT_ASSIGN_OR_RETURN(old_size, SizeOfBeginning(rows, now, *had, dir));
  }

  v1::ArchiveAnswer answer;
  answer.set_ledger(now.origin);
  answer.set_size(now.size);
  answer.set_root(Bytes(now.root.view()));
  answer.set_previous_size(old_size);
  answer.set_checkpoint(*note);
  const auto put = [&](const std::string& path, ByteView bytes) {
    answer.set_files(answer.files() + 1);
    answer.set_bytes(answer.bytes() + bytes.size());
    return writer->Put(path, bytes);
  };
  const Status tiles = tree::ForEachTile(0, now.size, [&](const tree::Tile& tile) -> Status {
    if (IsThere(dir, tile, old_size)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Bytes bytes, log::TileBytes(rows, tile));
    if (tree::IsBundle(tile)) {
      FT_RETURN_IF_ERROR(CheckLeaves(rows, tile, bytes));
      if (progress)
        progress(tile.index * tree::kTileWidth + static_cast<std::uint64_t>(tile.width), now.size);
    }
    return put(tree::TilePath(tile), bytes);
  });
  FT_RETURN_IF_ERROR(tiles);
  FT_RETURN_IF_ERROR(writer->Sync());
  if (had == note) return answer;
  FT_RETURN_IF_ERROR(put(kCheckpointPath, *note));
  FT_RETURN_IF_ERROR(writer->Sync());
  FT_RETURN_IF_ERROR(RemovePartials(writer.get(), old_size, now.size));
  return answer;
}

}  // namespace fundtrail::audit
