// See tile_bytes.h.
#include "ledger/log/tile_bytes.h"

#include "ledger/model/row_keys.h"

namespace fundtrail::log {

namespace keys = model::keys;

StatusOr<Bytes> TileBytes(const store::Reader& rows, const tree::Tile& tile) {
  const bool bundle = tree::IsBundle(tile);
  const std::uint64_t first = tile.index * tree::kTileWidth;
  const auto key = [&](std::uint64_t index) {
    return bundle ? keys::Record(RecordIndex(index)) : keys::TreeNode(tile.level * tree::kTileHeight, index);
  };
  Bytes bytes;
  const auto cursor = rows.Scan(key(first), key(first + static_cast<std::uint64_t>(tile.width)));
  for (std::uint64_t index = first; index < first + static_cast<std::uint64_t>(tile.width); ++index) {
    FT_RETURN_IF_ERROR(cursor->status());
    if (!cursor->Valid() || cursor->key() != key(index) ||
        (bundle ? cursor->value().size() > tree::kMaxBundleEntryBytes
                : cursor->value().size() != Hash::kSize)) {
      return model::Damaged(key(index), "is missing, or has a wrong length");
    }
    bundle ? tree::AppendToBundle(&bytes, cursor->value()) : void(bytes.append(cursor->value()));
    cursor->Next();
  }
  return bytes;
}

}  // namespace fundtrail::log
