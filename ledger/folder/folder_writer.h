// A folder that files are written to one by one, each whole or not at all, for a web server that reads at any moment.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::folder {

class FolderWriter {
 public:
  // When a file is on the disk: before it gets its name, or with all others when Sync returns. The latter is for very many files that
  // can be made again. A power cut before Sync may leave some of them empty.
  enum class Syncs { kEach, kAll };

  // Makes the folder if need be. UNAVAILABLE when it cannot be written, or another process writes to it now.
  static StatusOr<std::unique_ptr<FolderWriter>> Open(const std::string& dir, Syncs syncs = Syncs::kEach);
  ~FolderWriter();
  FolderWriter(const FolderWriter&) = delete;
  FolderWriter& operator=(const FolderWriter&) = delete;

  // Writes the file under another name, syncs it where each is, and gives it its name: whoever reads finds the old or the new one.
  // UNAVAILABLE when the folder has its name no more, and another may have it. From any thread; two must not write one path.
  Status Put(const std::string& path, ByteView bytes);
  // Returns when all names that were given since the last call are on the disk, and where not each file is synced, all files too.
  Status Sync();
  // Removes a folder and the files in it, if it is there.
  Status RemoveFolder(const std::string& path);

 private:
  FolderWriter(std::string dir, int lock, Syncs syncs) : dir_(std::move(dir)), lock_(lock), syncs_(syncs) {}
  // Makes the folders of a file, and gives the number of the name that the file has until it is whole: the lowest that is free.
  StatusOr<std::size_t> Begin(const std::string& path);
  Status WriteNew(const std::string& temporary, const std::string& full, ByteView bytes) const;
  Status MakeFolders(const std::string& path);

  const std::string dir_;
  const int lock_;  // the folder itself, locked
  const Syncs syncs_;
  std::mutex mutex_;
  std::set<std::string> changed_;    // folders with new names in them
  std::set<std::size_t> beginning_;  // the numbers of files that are being written
};

// Whether a FolderWriter that was killed may have left a file of that name at the top of its folder: half of some other file.
bool IsUnfinished(std::string_view name);

}  // namespace fundtrail::folder
