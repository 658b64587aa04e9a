// A folder of files that appears whole or not at all: it is written beside its place, under another name, and then put there.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::folder {

class WholeFolder {
 public:
  // Makes the folder `dir`.part to write to. UNAVAILABLE when it is there already, since another process writes it or one
  // was ended while it did, or when it cannot be made.
  static StatusOr<std::unique_ptr<WholeFolder>> Begin(const std::string& dir);
  // Removes what was written, unless it was put in place.
  ~WholeFolder();
  WholeFolder(const WholeFolder&) = delete;
  WholeFolder& operator=(const WholeFolder&) = delete;

  // Where a file of that name is to be written.
  std::string PathOf(const std::string& name) const { return part_ + "/" + name; }
  // Syncs the files, and puts the folder in its place in one step. What was there with these names is removed after that:
  // whoever calls knows that it may go. UNAVAILABLE when the disk refuses; then all is as it was.
  Status Finish();

 private:
  WholeFolder(std::string dir, std::string part) : dir_(std::move(dir)), part_(std::move(part)) {}

  const std::string dir_, part_;
  bool ours_ = true;  // whether `part_` is to be removed
};

}  // namespace fundtrail::folder
