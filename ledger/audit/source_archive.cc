// An archive as a source. See source.h.
#include "absl/strings/str_cat.h"
#include "ledger/audit/source.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/model/keys.h"
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
    bundle_.clear();
    records_.clear();
    return absl::OkStatus();
  }

  StatusOr<Records> Next() override {
    Records records;
    std::size_t bytes = 0;
    while (next_ < size_ && records.size() < kBatchRecords && bytes < kBatchBytes) {
      const std::size_t at = next_ % tree::kTileWidth;
      if (at == 0 || records_.empty()) {
        if (!records.empty()) break;
        FT_RETURN_IF_ERROR(ReadBundle(next_ / tree::kTileWidth));
      }
      CheckedRecord& record = records.emplace_back();
      record.key = keys::Record(RecordIndex(next_++));
      record.bytes = Bytes(records_[at]);
      bytes += record.bytes.size();
    }
    return records;
  }

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

  Status ReadBundle(std::uint64_t index) {
    tree::Tile bundle{tree::kEntriesLevel, index, tree::kTileWidth};
    bundle.width = tree::FilledWidth(bundle, size_);
    FT_ASSIGN_OR_RETURN(auto front, ReadTile(bundle));
    const std::string path = tree::TilePath(bundle);
    if (!front.has_value()) return absl::DataLossError(absl::StrCat(path, " is missing"));
    bundle_ = std::move(front->bytes);
    const auto records = tree::ParseBundle(bundle_);
    if (!records.ok())
      return absl::DataLossError(
          absl::StrCat(path, " is no bundle of records: ", records.status().message()));
    const std::size_t width = static_cast<std::size_t>(bundle.width);
    if (records->size() < width || (front->exact && records->size() > width))
      return absl::DataLossError(absl::StrCat(path, " holds ", records->size(), " records, not ", width));
    records_ = *records;
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
  Bytes bundle_;
  std::vector<ByteView> records_;  // of bundle_
};

}  // namespace

std::unique_ptr<Source> FromArchive(std::unique_ptr<Files> files) {
  return std::make_unique<ArchiveSource>(std::move(files));
}

}  // namespace fundtrail::audit
