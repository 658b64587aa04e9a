// A ledger's rows as tlog-tiles has them: the bytes of a tile or bundle, for an archive and for a web server.
#pragma once

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"
#include "ledger/tree/tiles.h"

namespace fundtrail::log {

// The bytes of a tile that is full to its width in a tree of the rows' size (tree::FilledWidth). Its rows never change
// any more, so a live store will do. DATA_LOSS when one is missing or is not what it should be.
StatusOr<Bytes> TileBytes(const store::Reader& rows, const tree::Tile& tile);

}  // namespace fundtrail::log
