// A copy that is served while it keeps up with its ledger (ledger/audit/follow.h): a thread asks the archive that it is from.
// Readers see the copy as of one checkpoint or as of the next, and nothing in between.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "ledger/audit/follow.h"
#include "ledger/base/status.h"
#include "ledger/copy/http_files.h"
#include "ledger/copy/keeper_figures.h"
#include "ledger/store/store.h"

namespace fundtrail::copy {

struct KeeperSettings {
  std::string dir;      // the copy's folder
  std::string from;     // the URL of the ledger's archive
  std::string ca_file;  // as HttpFiles has it
  std::string vkey;     // whom the operator trusts; empty: whom the copy that is there was made under
};

class Keeper {
 public:
  // All from the thread that keeps the copy, or Open. Any may be empty.
  struct Tell {
    std::function<void(const std::string& words)> note;  // that something is well
    std::function<void(const std::string& words)> warn;  // that something is not
    std::function<void()> grown;                         // records came in, or what witnesses cosigned
    std::function<void(const Status& why)> ended;        // once: no more records come in
  };

  // Opens the copy, or makes it, and has it take in all that there is. That takes as long as it takes, the source being
  // away included. INVALID_ARGUMENT for a URL or key that is none, or no key where there is no copy; else the errors of
  // audit::OpenUpToDate. A copy that is there and far behind a source that does not hold is served as it is: `ended` is
  // told, and Start does nothing.
  static StatusOr<std::unique_ptr<Keeper>> Open(const KeeperSettings& settings, Tell tell);
  ~Keeper();  // as Stop
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Keeps it up from now on.
  void Start();
  // Ends that, and what is on its way.
  void Stop();

  const store::Store& rows() const { return copy_->rows(); }
  // The rest from any thread.
  std::string vkey() const;
  std::optional<std::string> cosigned() const;
  KeeperFigures figures() const;

 private:
  Keeper(KeeperSettings settings, Tell tell) : settings_(std::move(settings)), tell_(std::move(tell)) {}
  audit::FollowHooks Hooks();
  void CaughtUp(const audit::Follower& copy);
  bool Wait(std::chrono::milliseconds pause);
  void Run();
  void Ended(const Status& why);

  const KeeperSettings settings_;
  const Tell tell_;
  HttpFiles* files_ = nullptr;  // of the source
  std::unique_ptr<audit::Source> source_;
  std::unique_ptr<audit::Follower> copy_;

  mutable std::mutex mutex_;  // of all that follows, but the thread
  std::condition_variable wake_;
  bool stopped_ = false, following_ = true, away_ = false;
  std::uint64_t records_ = 0;
  std::chrono::system_clock::time_point up_to_date_;
  std::string vkey_;
  std::optional<std::string> cosigned_;
  std::thread thread_;
};

}  // namespace fundtrail::copy
