// One machine of several that serve a ledger whose log they keep together. One of them is active: it holds the log and appends.
// The others stand by: they follow what it signed, and one takes over when it is silent.
//
//   standby → active   the log was taken, and this machine has all of it
//   active  → left     another took the log, or what is known of it cannot be kept. For good: what was under way here has no
//                      receipt, and the process is to start anew
//
// A failover of the database may forget records. So after one, a machine takes the log by itself only when it knows that nothing was
// forgotten: whoever recorded before it goes on, or everybody that it knows was heard since, and has no more than the log.
//
// No clock of one machine is compared with another's: a machine is silent when its row in the log does not change while this
// one looks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/known_line.h"
#include "ledger/log/ledger.h"
#include "ledger/log/replicated.h"
#include "ledger/store/group_log.h"
#include "ledger/store/store.h"

namespace fundtrail::replica {

enum class Role { kStandby, kActive, kLeft };

// What a member does with its own machine.
struct MemberHooks {
  std::function<StatusOr<std::unique_ptr<store::GroupLog>>()> open_log;  // a way of its own to the log
  folder::SignRows sign;                                                 // as the ledger
  std::function<StatusOr<std::vector<crypto::PublicKey>>()> keys;        // that it can sign with
  // The ledger on the rows, which have all that the log has.
  std::function<StatusOr<std::unique_ptr<log::Ledger>>()> open_ledger;
  // What was known of the log when this machine was last up, and how that is kept. Empty: as long as the process lives.
  std::function<StatusOr<std::optional<folder::KnownLine>>()> known_line;
  std::function<Status(const folder::KnownLine& known)> keep_line;
  // All may be empty. Records came in from the log.
  std::function<void()> followed;
  // Something is not well, or is well again. The same is not said twice in a row.
  std::function<void(const Status& why)> trouble;
};

struct MemberSettings {
  log::ReplicatedSettings replicated;
  std::string address;  // HOST:PORT at which clients reach this machine
  // Whoever holds the log no more, and was silent so long, is replaced: it may be about to take it again.
  std::chrono::milliseconds silent{3'000};
  // Whoever holds it, and was silent so long, hangs: its session is ended.
  std::chrono::milliseconds hangs{10'000};
  // After a failover the log is taken though nobody who may have more was heard: what the failover forgot is lost then.
  bool goes_on_alone = false;
  // After the log was taken in vain, it is left to others so long, and nothing is said to them. Less than a minute: so long they
  // remember what this machine has.
  std::chrono::milliseconds rest{30'000};
};

struct MemberFigures {
  bool is_member = false;  // else nothing below means anything
  Role role = Role::kStandby;
  std::uint64_t epoch = 0;        // of the log, as it was seen last
  std::uint64_t lag_records = 0;  // that the log has, and a standby has not
  // The log has less than somebody has receipts for, or may have after a failover; or it has another history.
  bool behind = false;
  std::string active, active_address;  // who holds the log; empty when it is silent, or not known
  std::optional<std::uint64_t> synchronous_standbys;
};

// Of a folder that lacks records of the log, and has no file of what was known of it, as one from a backup.
Status FolderKnowsNothing();

// One thread calls Round. The rest may be called from any.
class Member {
 public:
  // `rows` must outlive it; as long as it stands by, it alone writes them.
  Member(store::Store* rows, MemberSettings settings, MemberHooks hooks);
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  // Says how this machine stands, looks how the others do, follows, and takes over when it is time. To be called again in
  // a second or less.
  Role Round();
  // Of kActive: the ledger, which this member owns.
  log::Ledger* ledger() { return ledger_.get(); }
  // Of kLeft: why.
  const Status& why_left() const { return why_left_; }
  // Lets go of the log, and takes this machine out of those that serve it. The last thing that is done with it.
  void Leave();

  MemberFigures figures() const;
  // FAILED_PRECONDITION when a machine that serves the ledger does not hold that key: once it is the ledger's, that machine
  // could not go on. UNAVAILABLE when it is not known who serves it.
  Status MayRotateTo(const crypto::PublicKey& key) const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  // Whoever holds the log, and since when its row is the same.
  struct Watched {
    std::string holder;
    std::int64_t seen_micros = 0;
    Time since;
  };
  Status Exchange(store::LogView* view);
  Status StandBy(const store::LogView& view);
  bool Rests() const;
  Status FollowNotes(const store::LogView& view);
  Status CheckSame(const store::LogView& view) const;
  void Watch(const store::LogView& view);
  Status Hear(const store::LogView& view);
  bool IsWhole(const store::LogView& view) const;
  std::set<std::string> Unheard(const store::LogView& view) const;
  Status CheckWhole(const store::LogView& view) const;
  Status KeepLine(const store::LogView& view);
  Status TakeOver(const store::LogView& view, std::chrono::milliseconds silent);
  Status Open(store::LogHead head, const store::LogView& view);
  void Keep(const store::LogView& view);
  void Tell(const Status& state);

  store::Store& rows_;
  const MemberSettings settings_;
  const MemberHooks hooks_;
  std::unique_ptr<store::GroupLog> to_look_, to_take_;
  std::unique_ptr<log::Ledger> ledger_;
  Status why_left_, told_;
  std::optional<Watched> watched_;
  bool has_looked_ = false;
  bool has_read_line_ = false;
  std::optional<folder::KnownLine> known_;  // the line that is whole
  // Of the line that the log is on: when each spoke first, as far as this machine saw, and who spoke since, with no more than the log.
  std::string line_;
  std::uint64_t most_seen_ =
      0;  // records that the log had on it. On one line nothing is forgotten, so it never has fewer
  std::map<std::string, std::int64_t> spoke_first_;
  std::set<std::string> heard_;
  // It knew no line, and had all that the log has when it came, as a folder that an older version served: it may be the one that
  // recorded before.
  bool came_whole_ = false;
  // It took the log on a line that it did not know. Then it says nothing: others would take it for the one that recorded before.
  bool took_unknown_ = false;
  bool behind_ = false;     // the log
  std::uint64_t size_ = 0;  // records of the rows
  std::optional<Time> rests_until_;

  mutable std::mutex mutex_;  // of all that follows
  MemberFigures figures_;
  std::optional<store::LogView> view_;
};

}  // namespace fundtrail::replica
