// The store on disk: RocksDB, of which nothing shows here. One directory holds one store.
//
// Memory is bounded, whatever the size on disk. A store has at most about 64 MB of cache, 32 MB where it is a temporary
// one, and 32 MB of unsaved writes. RocksDB writes no LOG file and prints nothing.
//
// Errors are sentences that name the directory: NOT_FOUND (no store there), ALREADY_EXISTS, PERMISSION_DENIED.
// UNAVAILABLE: another process writes, the disk is full, or the disk fails; try again when that is mended.
// DATA_LOSS: it is damaged; the file is named where it is known.
// FAILED_PRECONDITION: not a store that this program can read.
#pragma once

#include <memory>
#include <string>

#include "ledger/store/store.h"

namespace fundtrail::store {

enum class Access {
  // A new store: the directory must not exist or be empty; its parent must exist.
  kCreate,
  // An existing one, to read and to write. One opener at a time, in all processes: a second gets UNAVAILABLE.
  kWrite,
  // An existing one, to read, as it is at this moment. Works beside a live writer, changes no byte in the
  // directory, and needs no right to write there. Keeps a file handle for each of the store's files (one for
  // about 64 MB), so that it reads on whatever the writer removes. Write is FAILED_PRECONDITION.
  kReadOnly,
};

// Every Write is one atomic batch in the write-ahead log, synced before it returns. After a Write that failed, all
// later ones are refused with UNAVAILABLE. Whether the batch is there is known only when the store is opened again.
// Open finds, after a crash or a power cut, every Write that returned OK, and of one that did not all or nothing.
StatusOr<std::unique_ptr<Store>> OpenRocks(const std::string& path, Access access);

// A temporary store for a verifier's replay, always new (`path` must not exist or be empty) and only for this process.
// Writes are neither logged nor synced, and a batch comes in by pieces: what is left after a crash or an error means nothing. Whoever
// reads meanwhile has what is being written in an overlay. The directory is marked, and OpenRocks refuses it with
// FAILED_PRECONDITION. The caller removes the directory after closing.
StatusOr<std::unique_ptr<Store>> OpenScratch(const std::string& path);

}  // namespace fundtrail::store
