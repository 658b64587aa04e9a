// What the parts of the RocksDB store share. For rocks*.cc only: no other file includes this.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>

#include "ledger/store/store.h"

namespace fundtrail::store {

// RocksDB's error as a sentence about the store in `path`, with the codes that rocks.h lists.
Status FromRocks(const rocksdb::Status& status, const std::string& path);

enum class Durability { kSynced, kReadOnly, kScratch };

// Takes over an open database.
std::unique_ptr<Store> MakeRocksStore(std::unique_ptr<rocksdb::DB> db, std::string path,
                                      Durability durability);

}  // namespace fundtrail::store
