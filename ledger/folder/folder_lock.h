// Keeps a second writer out of a ledger's folder. RocksDB locks a file of its own, store/LOCK, which tidying may remove
// while it is held. These locks are on what a ledger cannot be without: the folder, its store/ and its signing.key. They
// go with the process, whatever ends it. They hold whichever name a writer comes by: another path, a symbolic link, or a
// copy made of hard links.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::folder {

class FolderLock {
 public:
  // UNAVAILABLE when a writer has the folder, in words that say who and what to do, or when it cannot be locked. Locks what
  // there is: of a new ledger only the folder.
  static StatusOr<std::shared_ptr<FolderLock>> Take(const std::string& dir);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  // Locks a file or folder of it too, if it is there and is not locked by this one yet. What was locked before stays so.
  Status Add(const std::string& path);
  // UNAVAILABLE when the folder or its store are not where they were: files made by name would go to another ledger.
  Status CheckInPlace() const;

 private:
  struct Held {
    std::string path;
    int descriptor;
    bool stays;  // where it was
  };
  explicit FolderLock(std::string dir) : dir_(std::move(dir)) {}
  bool Has(int descriptor) const;

  const std::string dir_;
  std::vector<Held> held_;
};

// The same store, which has the folder as long as it is open, and writes to it only while that is in its place.
std::unique_ptr<store::Store> WithFolderLock(std::unique_ptr<store::Store> store,
                                             std::shared_ptr<const FolderLock> lock);

}  // namespace fundtrail::folder
