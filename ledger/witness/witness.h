// A witness of other people's ledgers. What it cosigned last of each is on the disk, in a folder, before anybody gets
// the cosignature. So it never vouches for two histories, whatever kills it and when.
//
// The folder has a file for each log that was ever cosigned, named by the SHA-256 of its origin in hex. In it is the
// checkpoint with its log's signatures and the witness's own. It is the witness's memory: an older one put in its place, from a
// backup for example, makes it forget what it vouched for. When a log's key is proved to have signed two histories, the
// request that proves it is kept beside that file. It stands under its name and `.fork`: the first one, as it came.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/log/ledger.h"
#include "ledger/tree/witness.h"

namespace fundtrail::witness {

// Any thread may call it.
class Witness {
 public:
  // Makes the folder if need be. UNAVAILABLE when another process has it, or it cannot be read. DATA_LOSS when what was
  // kept of one of the logs is not this witness's cosignature of it: a witness does not begin anew.
  static StatusOr<std::unique_ptr<Witness>> Open(const std::string& dir, tree::Cosigner cosigner,
                                                 std::vector<tree::WitnessedLog> logs, log::Clock clock);

  struct Judged {
    tree::WitnessAnswer answer;
    std::string origin;      // of a log that is followed, and
    std::uint64_t size = 0;  // the checkpoint's size; else empty
    // When the answer says two histories: the file with the request; empty if it was not kept.
    std::string evidence;
  };
  // The answer to the body of an add-checkpoint request. One is judged at a time, and kept before the next.
  Judged Add(std::string_view body);

  // What was cosigned last of the log of that hash, a signed note.
  std::optional<std::string> Latest(const std::string& origin_hash) const;

 private:
  struct Followed {
    tree::WitnessedLog log;
    std::optional<tree::Checkpoint> last;
    std::string note;  // of `last`
  };
  std::string KeepEvidence(const std::string& name, std::string_view body);
  Witness(std::string dir, std::unique_ptr<folder::FolderWriter> folder, tree::Cosigner cosigner,
          log::Clock clock)
      : dir_(std::move(dir)),
        folder_(std::move(folder)),
        cosigner_(std::move(cosigner)),
        clock_(std::move(clock)) {}

  const std::string dir_;
  const std::unique_ptr<folder::FolderWriter> folder_;
  const tree::Cosigner cosigner_;
  const log::Clock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Followed> followed_;  // by the hash of the origin, hex
};

}  // namespace fundtrail::witness
