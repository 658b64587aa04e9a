// A folder in which something is made before it gets its name: `.part-…` in the folder that it will stand in. Each
// process has its own, locked as long as the process lives, so that what a dead one left can be told from what a living
// one is at work on.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::log {

class PartFolder {
 public:
  // Makes one in `dir` (and `dir`), and removes those there whose process is gone. UNAVAILABLE when the disk refuses.
  static StatusOr<std::unique_ptr<PartFolder>> Make(const std::string& dir);
  ~PartFolder();  // removes it, unless it was renamed
  PartFolder(const PartFolder&) = delete;
  PartFolder& operator=(const PartFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  PartFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  const std::string path_;
  const int lock_;  // the folder, open and locked
};

}  // namespace fundtrail::log
