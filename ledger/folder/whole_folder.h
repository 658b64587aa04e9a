// A folder of files that appears whole or not at all: it is written beside its place, under another name, and then put there.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "ledger/base/own_folder.h"
#include "ledger/base/status.h"

namespace fundtrail::folder {

class WholeFolder {
 public:
  // Makes a folder beside `dir` to write to, and what `dir` stands in. Where `dir` is a link, the folder that it names is meant.
  // INVALID_ARGUMENT when `dir` is the folder in which this process runs. UNAVAILABLE when the disk refuses.
  static StatusOr<std::unique_ptr<WholeFolder>> Begin(const std::string& dir);
  // Removes what was written, unless it was put in place. What a process leaves that is ended by force, the next one removes
  // that writes to the same place.
  ~WholeFolder() = default;
  WholeFolder(const WholeFolder&) = delete;
  WholeFolder& operator=(const WholeFolder&) = delete;

  // Where a file of that name is to be written.
  std::string PathOf(const std::string& name) const { return part_->path() + "/" + name; }
  // Syncs the files, and puts the folder in its place in one step. What was there is removed after that: whoever calls knows
  // that it may go. UNAVAILABLE when the disk refuses. Then what was there is there still, unless the name alone could not be
  // synced.
  Status Finish();

 private:
  WholeFolder(std::string dir, std::unique_ptr<OwnFolder> part)
      : dir_(std::move(dir)), part_(std::move(part)) {}

  const std::string dir_;  // without links
  const std::unique_ptr<OwnFolder> part_;
};

}  // namespace fundtrail::folder
