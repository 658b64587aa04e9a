// A folder that goes with its maker: to make something in before it gets its name, or to work in. It is locked as long as
// the process lives. So what a dead one left can be told from what a living one is at work on.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "ledger/base/status.h"

namespace fundtrail {

class OwnFolder {
 public:
  // Makes one in `dir`, which must be there: its name begins with `begin`. Removes those of that beginning that dead
  // processes of this user left there. `mode` is as for mkdir: 0700 where others may look in. UNAVAILABLE when the disk
  // refuses. On a file system that cannot lock folders, as NFS, what a dead process left stays.
  static StatusOr<std::unique_ptr<OwnFolder>> Make(const std::string& dir, const std::string& begin,
                                                   unsigned mode);
  ~OwnFolder();  // removes it, unless it was renamed
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  OwnFolder(std::string path, int folder) : path_(std::move(path)), folder_(folder) {}
  const std::string path_;
  const int folder_;  // open and locked
};

}  // namespace fundtrail
