// Opening a RocksDB store: its settings, and what must hold of the directory. See rocks.h.
#include "ledger/store/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <chrono>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/store/rocks_internal.h"

namespace fundtrail::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr char kScratchMark[] = "SCRATCH";
constexpr int kReadOnlyTries = 10;

// A null info_log would make RocksDB open a file LOG in the directory.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

// A question about a province of a large country looks at some 40 MB of blocks, here and there. With a cache that is smaller they
// go before it is asked again (measured: 63 ms of processor time instead of 42).
constexpr std::size_t kCache = 64 * kMegabyte;
// A replay goes through its rows and hardly comes back.
constexpr std::size_t kScratchCache = 32 * kMegabyte;

rocksdb::Options CommonOptions(std::size_t cache = kCache) {
  rocksdb::BlockBasedTableOptions table;
  // Few shards, and filters and indexes in parts. A filter of a large table does not fit in one of 64 small
  // shards. It would be read and checked again for every look-up (measured: appending was 10 times slower at
  // 1 M transfers).
  table.block_cache = rocksdb::NewLRUCache(cache, 2);
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;  // within the cache's bound, and not beside it
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_size = std::uint64_t{8} * 1024;

  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.info_log = std::make_shared<NoLog>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.create_if_missing = false;
  options.paranoid_checks = true;
  options.write_buffer_size = 16 * kMegabyte;
  options.max_write_buffer_number = 2;
  // A batch comes in the order of its keys: each row of a kind is looked for from where the last one went.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  // Most rows that are looked up are older than what lies there, or are not there at all, as a new account's.
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.max_total_wal_size = 32 * kMegabyte;  // what opening after a crash has to read again
  options.max_open_files = 256;
  options.max_file_opening_threads = 2;
  options.max_background_jobs = 2;
  options.target_file_size_base = 64 * kMegabyte;
  options.max_bytes_for_level_base = 128 * kMegabyte;
  options.level_compaction_dynamic_level_bytes = true;
  options.bytes_per_sync = kMegabyte;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  // A power cut may tear the last, unacknowledged batch: what is whole before it counts, the rest is dropped.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // A failed write ends this opening of the store (rocks_store.cc): RocksDB must not resume behind its back.
  options.max_bgerror_resume_count = 0;
  options.skip_stats_update_on_db_open = true;
  return options;
}

// A store has one column family. Rows in another one would be read by nobody, and no verifier would see them.
Status CheckFamilies(const rocksdb::Options& options, const std::string& path) {
  std::vector<std::string> names;
  const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(options, path, &names);
  if (!listed.ok()) return FromRocks(listed, path);
  for (const std::string& name : names) {
    if (name == rocksdb::kDefaultColumnFamilyName) continue;
    return absl::DataLossError(absl::StrCat(
        "the ledger's files in ", path, " are damaged: they hold rows of a kind (the column family \"",
        Escaped(ClipToWidth(name, 80)), "\") that no ledger has; bring the directory back from a copy"));
  }
  return absl::OkStatus();
}

StatusOr<std::unique_ptr<Store>> OpenDatabase(const rocksdb::Options& options, const std::string& path,
                                              Durability durability) {
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  try {
    if (durability == Durability::kReadOnly) {
      // This one of the two functions, since the other may give a reader that has no iterators.
      std::vector<rocksdb::ColumnFamilyHandle*> handles;
      status = rocksdb::DB::OpenForReadOnly(options, path, {{rocksdb::kDefaultColumnFamilyName, options}},
                                            &handles, &db);
      if (status.ok()) {
        for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
      }
    } else {
      status = rocksdb::DB::Open(options, path, &db);
    }
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("the store in ", path, " cannot be opened: ", error.what()));
  }
  std::unique_ptr<rocksdb::DB> owned(db);
  // A writer that does not know all families is refused by RocksDB, and a reader is not.
  if (status.IsInvalidArgument() || (status.ok() && durability == Durability::kReadOnly))
    FT_RETURN_IF_ERROR(CheckFamilies(options, path));
  if (!status.ok()) return FromRocks(status, path);
  return MakeRocksStore(std::move(owned), path, durability);
}

Status DirectoryError(const char* what, const std::string& path, const std::error_code& error) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, " ", path, ": ", error.message()));
}

// A directory that this call made, or found empty.
Status TakeNewDirectory(const std::string& path) {
  std::error_code error;
  const bool made = fs::create_directory(path, error);
  const bool is_directory = fs::is_directory(path);
  if (!made && is_directory) {
    const bool empty = fs::is_empty(path, error);
    if (error) return DirectoryError("read the directory", path, error);
    if (empty) return absl::OkStatus();
  }
  if (fs::exists(fs::path(path) / "CURRENT")) {
    return absl::AlreadyExistsError(absl::StrCat("there is already a ledger in ", path));
  }
  if (is_directory && !made) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is not empty: a new ledger needs a directory of its own"));
  }
  if (made) return absl::OkStatus();
  if (error == std::errc::no_such_file_or_directory) {
    return absl::NotFoundError(absl::StrCat("cannot make ", path, ": the directory above it does not exist"));
  }
  if (error == std::errc::permission_denied) {
    return absl::PermissionDeniedError(absl::StrCat("no permission to make the directory ", path));
  }
  if (fs::exists(path)) return absl::AlreadyExistsError(absl::StrCat(path, " exists and is not a directory"));
  return DirectoryError("make the directory", path, error);
}

// The write-ahead logs and the name of the manifest: while they stay the same, no row has moved between
// files.
StatusOr<std::set<std::string>> LogFiles(const std::string& path) {
  std::error_code error;
  std::set<std::string> names;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    const fs::path name = at->path().filename();
    if (name.extension() == ".log" || name.string().rfind("MANIFEST-", 0) == 0) names.insert(name.string());
  }
  if (error) return DirectoryError("read the directory", path, error);
  return names;
}

// A live writer moves rows from a log to a table and removes the log. RocksDB reads the manifest first and
// the logs after it. A log that goes in between takes its rows with it, silently when a newer log is
// there. So an opening counts only if the set of logs was the same before and after. A file that vanished
// means: once more.
StatusOr<std::unique_ptr<Store>> OpenReadOnly(const std::string& path) {
  rocksdb::Options options = CommonOptions();
  options.max_open_files = -1;  // opens every file now: a handle still reads what the writer has removed
  Status last;
  // A reader says so when an acknowledged batch in the log is damaged. A writer, that must come up
  // again after a torn write, drops it and what follows. An incomplete last batch is no damage to either.
  for (int attempt = 0; attempt < kReadOnlyTries; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
    FT_ASSIGN_OR_RETURN(const auto before, LogFiles(path));
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    StatusOr<std::unique_ptr<Store>> store = OpenDatabase(options, path, Durability::kReadOnly);
    FT_ASSIGN_OR_RETURN(const auto after, LogFiles(path));
    if (store.ok() && before == after) return store;
    last = store.ok()
               ? absl::UnavailableError(absl::StrCat(
                     "the ledger in ", path,
                     " is being written so fast that no consistent state of it can be read; ", "try again"))
               : store.status();
    if (last.code() == absl::StatusCode::kPermissionDenied) break;
  }
  return last;
}

}  // namespace

StatusOr<std::unique_ptr<Store>> OpenRocks(const std::string& path, Access access) {
  if (access == Access::kCreate) {
    FT_RETURN_IF_ERROR(TakeNewDirectory(path));
    rocksdb::Options options = CommonOptions();
    options.create_if_missing = true;
    options.error_if_exists = true;
    FT_ASSIGN_OR_RETURN(auto store, OpenDatabase(options, path, Durability::kSynced));
    FT_RETURN_IF_ERROR(SyncPath(path));  // what was made in it
    const fs::path absolute = fs::path(path).is_absolute() ? fs::path(path) : fs::path(".") / path;
    FT_RETURN_IF_ERROR(SyncPath((absolute / "..").lexically_normal().string()));
    return store;
  }
  std::error_code error;
  if (fs::exists(fs::path(path) / kScratchMark, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " holds a temporary store that was never meant to last, not a ledger; remove it"));
  }
  if (!fs::exists(fs::path(path) / "CURRENT", error)) {
    if (error == std::errc::permission_denied) {
      return absl::PermissionDeniedError(absl::StrCat("no permission to read the directory ", path));
    }
    return absl::NotFoundError(absl::StrCat("there is no ledger in ", path));
  }
  if (access == Access::kReadOnly) return OpenReadOnly(path);
  return OpenDatabase(CommonOptions(), path, Durability::kSynced);
}

StatusOr<std::unique_ptr<Store>> OpenScratch(const std::string& path) {
  FT_RETURN_IF_ERROR(TakeNewDirectory(path));
  // The mark comes first: from here on OpenRocks refuses the directory, whatever happens.
  std::ofstream mark(fs::path(path) / kScratchMark);
  mark << "A temporary store; remove it when no program uses it.\n";
  mark.close();
  if (!mark) return absl::UnavailableError(absl::StrCat("cannot write to the directory ", path));
  rocksdb::Options options = CommonOptions(kScratchCache);
  options.create_if_missing = true;
  options.error_if_exists = true;
  options.avoid_flush_during_shutdown = true;                           // nobody will read it again
  options.bottommost_compression = rocksdb::kDisableCompressionOption;  // time matters more than room
  return OpenDatabase(options, path, Durability::kScratch);
}

}  // namespace fundtrail::store
