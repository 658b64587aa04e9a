// A ledger's folder that a server serves while a thread plays its part in the log that several machines keep (member.h).
// Questions are answered from one store, whatever the role: it stays the same when this machine takes over.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "ledger/base/status.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/replica/member.h"
#include "ledger/store/group_log.h"
#include "ledger/store/store.h"

namespace fundtrail::replica {

using OpenLog = std::function<StatusOr<std::unique_ptr<store::GroupLog>>()>;

class Keeper {
 public:
  // All from the thread of this keeper. Any may be empty.
  struct Tell {
    std::function<void(const std::string& words)> note;  // that something is well
    std::function<void(const std::string& words)> warn;  // that something is not
    std::function<void()> grown;                         // records came in from the log
    std::function<void(log::Ledger* ledger)> active;     // entries may be taken: once
    std::function<void(const Status& why)> left;         // they must not be taken any more: once
  };

  // Opens the folder, and looks neither at the log nor who else serves the ledger. The errors of folder::OpenFolder; DATA_LOSS
  // when the rows are not those of its checkpoint.
  static StatusOr<std::unique_ptr<Keeper>> Open(const std::string& dir, OpenLog open_log,
                                                const folder::WrapStore& wrap, Tell tell);
  ~Keeper();  // Stop, and Leave
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Plays the part from now on.
  void Start(MemberSettings settings);
  // Ends that; what holds the log goes on holding it.
  void Stop();
  // Lets go of the log, so that another may take it at once. Nobody may append to the ledger any more.
  void Leave();

  const store::Store& rows() const { return *folder_.rows; }
  // The ledger, while this machine is active; else null. From any thread, as the next two.
  const log::Ledger* active() const { return active_; }
  MemberFigures figures() const;
  // Member::MayRotateTo.
  Status MayRotateTo(const crypto::PublicKey& key) const;

 private:
  Keeper(folder::WrittenFolder folder, OpenLog open_log, Tell tell)
      : folder_(std::move(folder)), open_log_(std::move(open_log)), tell_(std::move(tell)) {}
  void Run();
  MemberHooks Hooks();
  StatusOr<std::unique_ptr<log::Ledger>> OpenLedger();
  void Followed();
  void Trouble(const Status& why);

  const folder::WrittenFolder folder_;
  const OpenLog open_log_;
  const Tell tell_;
  std::unique_ptr<Member> member_;
  std::atomic<const log::Ledger*> active_{nullptr};
  bool in_trouble_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace fundtrail::replica
