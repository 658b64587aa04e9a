// A folder that files are written to one by one, each whole or not at all, for a web server that reads at any moment.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::folder {

class FolderWriter {
 public:
  // Makes the folder if need be. UNAVAILABLE when it cannot be written, or another process writes to it now.
  static StatusOr<std::unique_ptr<FolderWriter>> Open(const std::string& dir);
  ~FolderWriter();
  FolderWriter(const FolderWriter&) = delete;
  FolderWriter& operator=(const FolderWriter&) = delete;

  // Writes the file under another name, syncs it, and gives it its name: whoever reads finds the old or the new one.
  // UNAVAILABLE when the folder has its name no more, and another may have it.
  Status Put(const std::string& path, ByteView bytes);
  // Returns when all names that were given since the last call are on the disk.
  Status Sync();
  // Removes a folder and the files in it, if it is there.
  Status RemoveFolder(const std::string& path);

 private:
  FolderWriter(std::string dir, int lock) : dir_(std::move(dir)), lock_(lock) {}
  Status MakeFolders(const std::string& path);

  const std::string dir_;
  const int lock_;                 // the folder itself, locked
  std::set<std::string> changed_;  // folders with new names in them
};

}  // namespace fundtrail::folder
