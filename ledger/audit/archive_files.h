// The files of an archive, wherever they are: a reader asks for them by the paths of tlog-tiles.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::audit {

inline constexpr char kCheckpointPath[] = "checkpoint";

class Files {
 public:
  virtual ~Files() = default;
  // The whole file, or nothing when there is none. `path` is one of an archive's, never anybody's input. DATA_LOSS for
  // a file of more than `limit` bytes or what is not a file; UNAVAILABLE when it cannot be read now.
  virtual StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const = 0;
  // Calls `take` with the path of each file under tile/, in any order, until it does not return OK. Where files cannot
  // be listed, with none.
  virtual Status ForEach(const std::function<Status(const std::string& path)>& take) const = 0;
};

// Those in a folder on this machine.
std::unique_ptr<Files> OpenArchiveFolder(const std::string& dir);

}  // namespace fundtrail::audit
