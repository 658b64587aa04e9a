// A copy (clone.h) that keeps up with its ledger. It is brought up to date in its place: what is new is replayed in memory
// with every check that a clone makes, and comes in with its checkpoint in one synced write. So a copy that is killed, or
// whose source lies, is as it was. That the new checkpoint continues the old one follows from its root, which is reckoned
// from the copy's own tree.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/audit/clone.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/signer.h"
#include "ledger/audit/source.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/log/seal.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

// One thread calls it. `rows` may be read by any.
class Follower {
 public:
  // Opens the copy in `dir`, to write, under the key that the reader trusts (CloneOptions::vkey). NOT_FOUND when there is no
  // copy yet, UNAVAILABLE when another process writes to it. DATA_LOSS when its rows are not those of its checkpoint,
  // UNIMPLEMENTED when this program does not know the rules in force; else as Clone.
  static StatusOr<std::unique_ptr<Follower>> Open(const std::string& dir, const std::string& vkey,
                                                  const HoldLimits& most = {});

  // Takes in what the source shows now; answers how many records are new. UNAVAILABLE, DEADLINE_EXCEEDED and other errors
  // that pass (Passes) when it cannot be told now. OUT_OF_RANGE when the source is too far ahead to do it in memory: Clone
  // does it, when this is gone. DATA_LOSS and FAILED_PRECONDITION as Clone has them. ABORTED when the copy cannot be written.
  // What is not there, a checkpoint or a file of records, may come yet: UNAVAILABLE.
  StatusOr<std::uint64_t> CatchUp(Source* source);

  const store::Store& rows() const { return *rows_; }
  const tree::Checkpoint& checkpoint() const { return had_.checkpoint; }
  // When its last record was.
  Timestamp recorded() const { return tip_.recorded; }
  // How many records the source showed last; from any thread.
  std::uint64_t shown() const { return shown_; }
  // Of the key that signed it.
  const std::string& vkey() const { return vkey_; }
  // What witnesses cosigned, as the source last showed it: a beginning of the copy.
  const std::optional<std::string>& cosigned() const { return cosigned_; }

 private:
  Follower() = default;
  StatusOr<std::uint64_t> TakeIn(Source* source, const PresentedCheckpoint& shown, const std::string& note);
  // The vkey of whose it is.
  StatusOr<std::string> Judge(const PresentedCheckpoint& shown, const store::Reader& rows) const;
  Status KeepVkey();
  Status KeepCosigned(const std::optional<std::string>& note);

  std::string dir_;
  HoldLimits most_;
  tree::Verifier given_;
  std::unique_ptr<folder::FolderWriter> writer_;  // the folder's lock, as long as this lives
  std::unique_ptr<store::Store> rows_;
  PresentedCheckpoint had_;
  std::atomic<std::uint64_t> shown_{0};
  log::Tip tip_;
  std::string vkey_;
  bool vkey_kept_ = false;  // in the file `vkey`
  std::optional<std::string> cosigned_;
};

// Whether what failed may go by itself: a source that is away, slow or full.
bool Passes(const Status& failed);

// What whoever keeps a copy hears, all from the thread that keeps it. Any may be empty but `wait`.
struct FollowHooks {
  // Waits so long; false, perhaps earlier, when it is to end.
  std::function<bool(std::chrono::milliseconds)> wait;
  std::function<void(const v1::CloneAnswer&)> cloned;
  std::function<void(const Follower& copy, std::uint64_t more)>
      caught_up;                                // with what the source shows; `more` may be 0
  std::function<void(const Status& why)> away;  // once, until it is back
  std::function<void(const Status& why)>
      refused;  // by OpenUpToDate: the copy is far behind a source that does not hold
};

// The copy, with all that the source shows. It is made when there is none, however long the source is away meanwhile; null
// when `wait` ends that. One that is there is opened as it is when the source is away or does not hold: KeepUp says so. Of a copy
// that is far behind, where KeepUp would say no more than that, `refused` says why: nothing is to keep it up then.
StatusOr<std::unique_ptr<Follower>> OpenUpToDate(Source* source, const std::string& dir,
                                                 const CloneOptions& options, const FollowHooks& hooks,
                                                 const HoldLimits& most = {});
// Keeps the copy up, asking every second and less often while the source is away. OK when `wait` ends it. Else the error
// that ends it, as CatchUp has it: then the copy is as it was. FAILED_PRECONDITION ends it the third time in a row: one of
// several machines behind an address may be late.
Status KeepUp(Follower* copy, Source* source, const FollowHooks& hooks);
// The same from the beginning: clones when there is no copy, or one that is far behind. While there is none, a source that
// does not answer is UNAVAILABLE.
Status Follow(Source* source, const std::string& dir, const CloneOptions& options, const FollowHooks& hooks,
              const HoldLimits& most = {});

}  // namespace fundtrail::audit
