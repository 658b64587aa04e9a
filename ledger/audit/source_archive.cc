// An archive as a source. See source.h.
#include "absl/strings/str_cat.h"
#include "ledger/audit/source.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/note.h"
#include "ledger/tree/tiles.h"

namespace fundtrail::audit {

namespace keys = model::keys;

namespace {

class ArchiveSource final : public Source {
 public:
  explicit ArchiveSource(std::unique_ptr<Files> files) : files_(std::move(files)) {}

  StatusOr<std::optional<std::string>> Checkpoint() override {
    return files_->Read(kCheckpointPath, tree::kMaxNoteBytes);
  }

  Status Start(std::uint64_t from, std::uint64_t size) override {
    next_ = from;
    size_ = size;
    is_open_ = false;
    broken_ = absl::OkStatus();
    return absl::OkStatus();
  }

  // What stands before a damage is handed on first, so that the first bad record can be told.
  StatusOr<Records> Next() override {
    FT_RETURN_IF_ERROR(broken_);
    Records records;
    std::size_t bytes = 0;
    while (broken_.ok() && next_ < size_ && records.size() < kBatchRecords && bytes < kBatchBytes) {
      if (!is_open_) {
        if (!records.empty()) break;
        FT_RETURN_IF_ERROR(OpenBundle());
      }
      const auto entry = tree::TakeFromBundle(&rest_);
      if (!entry.has_value()) {
        broken_ = absl::DataLossError(
            rest_.empty() ? absl::StrCat(path_, " holds ", next_ % tree::kTileWidth, " records, not ", width_)
                          : absl::StrCat(path_, " is cut off, or the length of a record is not right"));
        break;
      }
      CheckedRecord& record = records.emplace_back();
      record.key = keys::Record(RecordIndex(next_++));
      record.bytes = Bytes(*entry);
      bytes += record.bytes.size();
      if (next_ % tree::kTileWidth != 0 && next_ < size_) continue;
      is_open_ = false;
      if (exact_ && !rest_.empty())
        broken_ = absl::DataLossError(absl::StrCat(path_, " goes on after its ", width_, " records"));
    }
    if (records.empty()) FT_RETURN_IF_ERROR(broken_);
    return records;
  }

  // An archive has none of the rows that are made of the records, but for the tree.
  Unstored WantsUnstored() const override { return {.summed = "", .dropped = "lioqt"}; }

  StatusOr<Comparison> Compare(const store::Reader& replayed, std::uint64_t size) override {
    Comparison comparison;
    // First what the checkpoint promises, in order; its bundles were replayed. Then what else is there: partial tiles of
    // older checkpoints, and of newer ones that are not published yet.
    FT_RETURN_IF_ERROR(tree::ForEachTile(0, size, [&](const tree::Tile& tile) -> Status {
      if (comparison.problem.has_value() || tree::IsBundle(tile)) return absl::OkStatus();
      return CompareTile(replayed, tile, size, &comparison);
    }));
    FT_RETURN_IF_ERROR(files_->ForEach([&](const std::string& path) -> Status {
      const auto tile = tree::ParseTilePath(path);
      if (!tile.ok() || comparison.problem.has_value())
        return absl::OkStatus();  // no reader asks for such a path
      const bool promised = tree::FilledWidth(FullOf(*tile), size) == tile->width;
      if (promised || tree::FilledWidth(*tile, size) == 0) return absl::OkStatus();
      return CompareTile(replayed, *tile, size, &comparison);
    }));
    return comparison;
  }

 private:
  static tree::Tile FullOf(tree::Tile tile) {
    tile.width = tree::kTileWidth;
    return tile;
  }

  struct Front {
    Bytes bytes;
    bool exact;  // the file of this width; else the full one, of which this many are the front
  };
  // A partial tile may have gone when the full one came.
  StatusOr<std::optional<Front>> ReadTile(const tree::Tile& tile) const {
    FT_ASSIGN_OR_RETURN(auto bytes, files_->Read(tree::TilePath(tile), tree::MaxBytes(tile)));
    const bool exact = bytes.has_value();
    if (!exact && tile.width < tree::kTileWidth) {
      FT_ASSIGN_OR_RETURN(bytes, files_->Read(tree::TilePath(FullOf(tile)), tree::MaxBytes(tile)));
    }
    if (!bytes.has_value()) return std::optional<Front>();
    return std::optional(Front{*std::move(bytes), exact});
  }

  // The bundle with record `next_`, up to that record.
  Status OpenBundle() {
    tree::Tile bundle{tree::kEntriesLevel, next_ / tree::kTileWidth, tree::kTileWidth};
    bundle.width = tree::FilledWidth(bundle, size_);
    FT_ASSIGN_OR_RETURN(auto front, ReadTile(bundle));
    path_ = tree::TilePath(bundle);
    if (!front.has_value()) return absl::NotFoundError(absl::StrCat(path_, " is missing"));
    bundle_ = std::move(front->bytes);
    exact_ = front->exact;
    width_ = bundle.width;
    rest_ = bundle_;
    for (std::uint64_t skipped = next_ % tree::kTileWidth; skipped > 0; --skipped) {
      if (!tree::TakeFromBundle(&rest_).has_value())
        return absl::DataLossError(absl::StrCat(path_, " is cut off"));
    }
    is_open_ = true;
    return absl::OkStatus();
  }

  // What a tree of that size has of the tile must be what the records give.
  Status CompareTile(const store::Reader& replayed, tree::Tile tile, std::uint64_t size,
                     Comparison* comparison) const {
    const std::string path = tree::TilePath(tile);
    FT_ASSIGN_OR_RETURN(const auto front, ReadTile(tile));
    if (!front.has_value()) {
      comparison->problem = absl::StrCat(path, " is missing");
      return absl::OkStatus();
    }
    ++comparison->tiles;
    const int filled = tree::FilledWidth(tile, size);
    const bool whole = front->exact && filled == tile.width;  // else what follows is not published yet
    tile.width = filled;
    FT_ASSIGN_OR_RETURN(const Bytes expected, log::TileBytes(replayed, tile));
    if (whole ? front->bytes != expected : front->bytes.substr(0, expected.size()) != expected)
      comparison->problem = absl::StrCat(path, " is not what the records give");
    return absl::OkStatus();
  }

  const std::unique_ptr<Files> files_;
  std::uint64_t next_ = 0, size_ = 0;
  // The bundle that is read:
  bool is_open_ = false;
  std::string path_;
  Bytes bundle_;
  ByteView rest_;  // of bundle_: record `next_` and those behind it
  int width_ = 0;
  bool exact_ = false;
  Status broken_;  // what Next will say when it has handed on the records before it
};

}  // namespace

std::unique_ptr<Source> FromArchive(std::unique_ptr<Files> files) {
  return std::make_unique<ArchiveSource>(std::move(files));
}

}  // namespace fundtrail::audit
