// See member.h.
#include "ledger/replica/member.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/log/head.h"
#include "ledger/log/seal.h"
#include "ledger/model/row_keys.h"
#include "ledger/replica/catch_up.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/note.h"

namespace fundtrail::replica {

namespace {

// A member whose row is as old serves no more, as far as a rotation goes.
constexpr std::int64_t kLivesMicros = 60'000'000;

// Names that are remembered of a line. Whoever can write to the database may write others each second. One more is never heard.
constexpr std::size_t kMostNames = 16'384;

const store::LogMember* Find(const store::LogView& view, const std::string& holder) {
  const auto found = std::find_if(view.members.begin(), view.members.end(),
                                  [&](const store::LogMember& member) { return member.holder == holder; });
  return found == view.members.end() ? nullptr : &*found;
}

bool Lives(const store::LogView& view, const store::LogMember& member) {
  return view.now_micros - member.seen_micros < kLivesMicros;
}

// How many records the note counts; 0 when it is no checkpoint. Nothing is verified.
std::uint64_t SizeIn(ByteView note) {
  const auto parsed = tree::ParseNote(note);
  const auto checkpoint = parsed.ok() ? tree::ParseCheckpoint(parsed->text) : parsed.status();
  return checkpoint.ok() ? checkpoint->size : 0;
}

Status LogBehindMember(std::uint64_t log_size, const store::LogMember& member) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the log has ", log_size, " records, and the machine ", member.holder, " has ", member.size,
      ": a failover forgot some that have receipts. Nobody takes the log; stop all servers, and `fundtrail "
      "--ledger DIR replicate give-back` there puts them back"));
}

Status MayHaveForgotten(const std::string& unheard) {
  return absl::FailedPreconditionError(
      absl::StrCat("the database failed over, and ", unheard,
                   " was not heard since: some records that have receipts may be forgotten. Start that "
                   "machine; or stop all servers, and "
                   "`fundtrail --ledger DIR replicate give-back` on the machine that has most"));
}

Status SetBack(std::uint64_t log_size, std::uint64_t seen) {
  return absl::FailedPreconditionError(absl::StrCat("the log has ", log_size, " records, and had ", seen,
                                                    " before, on the same line of the database: it was set "
                                                    "back, as by an older disk image. Nobody takes the "
                                                    "log; stop all servers, and `fundtrail --ledger DIR "
                                                    "replicate give-back` on the machine that has most"));
}

Status NotHeard(const std::string& unheard) {
  return absl::FailedPreconditionError(
      absl::StrCat("this folder has no log-line, as one from a backup, and ", unheard,
                   " was not heard: some records that have receipts may be forgotten. Start that machine; or "
                   "stop all servers, and `fundtrail --ledger DIR replicate give-back` on the machine that "
                   "has most"));
}

}  // namespace

Status FolderKnowsNothing() {
  return absl::FailedPreconditionError(
      "this folder has no log-line, as one from a backup, and lacks records of the log: some more that have "
      "receipts may be forgotten. Start it while another server records; or stop all servers, and "
      "`fundtrail --ledger DIR replicate give-back` on the machine that has most");
}

Member::Member(store::Store* rows, MemberSettings settings, MemberHooks hooks)
    : rows_(*rows), settings_(std::move(settings)), hooks_(std::move(hooks)) {
  figures_.is_member = true;
}

Member::~Member() = default;

Role Member::Round() {
  if (!why_left_.ok()) return Role::kLeft;
  store::LogView view;
  Status state = Exchange(&view);
  if (!state.ok()) {
    watched_.reset();  // who was silent meanwhile may have been cut off, too
    {
      const std::lock_guard lock(mutex_);
      view_.reset();  // and who came meanwhile is not known
    }
    Tell(state);
    return ledger_ == nullptr ? Role::kStandby : Role::kActive;
  }
  Watch(view);
  state = Hear(view);
  if (!state.ok()) {
    // What is known cannot be read or kept: then nothing is.
  } else if (ledger_ == nullptr) {
    state = StandBy(view);
  } else if (view.head.holder != settings_.replicated.holder && view.head.epoch >= figures().epoch) {
    // It has the same epoch when a failover forgot that this machine took it.
    why_left_ = absl::FailedPreconditionError(
        absl::StrCat("the log was taken by ", view.head.holder, ", as of epoch ", view.head.epoch));
  } else {
    behind_ = view.head.size < size_;
    state = behind_ ? log::LogIsBehind(view.head.size, size_) : KeepLine(view);
    // A machine that it cannot remember may record later, and this one would not ask for it after a failover.
    if (!behind_ && !state.ok())
      why_left_ = absl::UnavailableError(absl::StrCat(
          "what is known of the log cannot be kept, so nothing more is recorded: ", state.message()));
  }
  Keep(view);
  Tell(state);
  if (!why_left_.ok()) return Role::kLeft;
  return ledger_ == nullptr ? Role::kStandby : Role::kActive;
}

Status Member::Exchange(store::LogView* view) {
  if (to_look_ == nullptr) {
    FT_ASSIGN_OR_RETURN(to_look_, hooks_.open_log());
  }
  const auto rows = rows_.Snapshot();
  store::LogMember own;
  own.holder = settings_.replicated.holder;
  own.address = settings_.address;
  FT_ASSIGN_OR_RETURN(const auto keys, hooks_.keys());
  for (const auto& key : keys) own.keys.push_back(key.hex());
  FT_ASSIGN_OR_RETURN(const auto checkpoint, log::ReadUnverifiedCheckpoint(*rows));
  FT_ASSIGN_OR_RETURN(const auto note, rows->Get(model::keys::Checkpoint()));
  own.size = size_ = checkpoint.size;
  own.note = note.value_or("");
  // Whoever took it in vain is silent for that time: else the others would take it for the one that records.
  if (!Rests() && !took_unknown_) FT_RETURN_IF_ERROR(to_look_->Beat(own));
  FT_ASSIGN_OR_RETURN(*view, to_look_->Look());
  return absl::OkStatus();
}

void Member::Watch(const store::LogView& view) {
  const store::LogMember* const holder = Find(view, view.head.holder);
  const std::int64_t seen = holder == nullptr ? 0 : holder->seen_micros;
  const bool first = !std::exchange(has_looked_, true);
  if (watched_.has_value() && watched_->holder == view.head.holder && watched_->seen_micros == seen) return;
  watched_ = Watched{view.head.holder, seen, settings_.replicated.now()};
  // Whoever comes when the other has been silent for long need not wait. Else it may be that nobody could say anything.
  if (first && holder != nullptr)
    watched_->since -= std::chrono::microseconds(std::max<std::int64_t>(view.now_micros - seen, 0));
}

// Who speaks on the line that the log is on. What was heard on another one tells nothing of this one.
Status Member::Hear(const store::LogView& view) {
  if (line_ != view.head.line) {
    line_ = view.head.line;
    most_seen_ = 0;
    spoke_first_.clear();
    heard_.clear();
    came_whole_ = false;
  }
  most_seen_ = std::max(most_seen_, view.head.size);
  if (!has_read_line_) {
    if (hooks_.known_line) {
      FT_ASSIGN_OR_RETURN(known_, hooks_.known_line());
    }
    has_read_line_ = true;
    came_whole_ = !known_.has_value() && size_ == view.head.size;
  }
  for (const store::LogMember& member : view.members) {
    if (spoke_first_.size() >= kMostNames && spoke_first_.count(member.holder) == 0) continue;
    if (member.size > view.head.size) {
      heard_.erase(member.holder);
    } else if (const auto [first, is_new] = spoke_first_.emplace(member.holder, member.seen_micros);
               !is_new && first->second != member.seen_micros) {
      heard_.insert(member.holder);
    }
  }
  return absl::OkStatus();
}

// The machines that may have more than the log, as far as this one knows.
std::set<std::string> Member::Unheard(const store::LogView& view) const {
  std::set<std::string> unheard;
  if (!known_.has_value() || known_->taken_as != view.head.holder)
    unheard.insert(folder::MachineOf(view.head.holder));
  if (known_.has_value()) unheard.insert(known_->machines.begin(), known_->machines.end());
  for (const store::LogMember& member : view.members) unheard.insert(folder::MachineOf(member.holder));
  unheard.erase(folder::MachineOf(settings_.replicated.holder));
  for (const std::string& holder : heard_) unheard.erase(folder::MachineOf(holder));
  return unheard;
}

// Whether nothing was forgotten on this line that anybody has a receipt for. Whoever holds the log has all that it acknowledged.
bool Member::IsWhole(const store::LogView& view) const {
  if (known_.has_value() && known_->line == view.head.line) return true;
  if (view.head.holder != settings_.replicated.holder && heard_.count(view.head.holder) > 0) return true;
  return (known_.has_value() || came_whole_) && Unheard(view).empty();
}

Status Member::CheckWhole(const store::LogView& view) const {
  if (settings_.goes_on_alone || IsWhole(view)) return absl::OkStatus();
  const std::set<std::string> unheard = Unheard(view);
  if (known_.has_value()) return MayHaveForgotten(absl::StrJoin(unheard, ", "));
  return unheard.empty() ? FolderKnowsNothing() : NotHeard(absl::StrJoin(unheard, ", "));
}

// That this line is whole, and who serves the ledger on it.
Status Member::KeepLine(const store::LogView& view) {
  folder::KnownLine known = known_.value_or(folder::KnownLine());
  known.line = view.head.line;
  for (const store::LogMember& member : view.members)
    if (known.machines.size() < kMostNames) known.machines.insert(folder::MachineOf(member.holder));
  if (known_ == known) return absl::OkStatus();
  if (hooks_.keep_line) FT_RETURN_IF_ERROR(hooks_.keep_line(known));
  known_ = std::move(known);
  return absl::OkStatus();
}

Status Member::StandBy(const store::LogView& view) {
  const Status same = CheckSame(view);
  behind_ = absl::IsFailedPrecondition(same);
  FT_RETURN_IF_ERROR(same);
  FT_RETURN_IF_ERROR(FollowNotes(view));
  const bool whole = IsWhole(view);
  if (whole) FT_RETURN_IF_ERROR(KeepLine(view));
  took_unknown_ = took_unknown_ && !whole && view.head.holder == settings_.replicated.holder;
  if (Rests()) return told_;
  // Nobody that serves the ledger has it: it was never taken, or by a process that left.
  const bool nobody =
      view.head.holder == settings_.replicated.holder || Find(view, view.head.holder) == nullptr;
  const auto silent =
      std::chrono::duration_cast<std::chrono::milliseconds>(settings_.replicated.now() - watched_->since);
  if (!nobody && silent < settings_.silent) return absl::OkStatus();
  const Status known = CheckWhole(view);
  behind_ = !known.ok();
  FT_RETURN_IF_ERROR(known);
  return TakeOver(view, nobody ? std::chrono::milliseconds(0) : silent);
}

// That the log has at least what anybody has, and begins as this machine does.
Status Member::CheckSame(const store::LogView& view) const {
  if (view.head.size < size_) return log::LogIsBehind(view.head.size, size_);
  if (view.head.size < most_seen_) return SetBack(view.head.size, most_seen_);
  for (const store::LogMember& member : view.members)
    if (Lives(view, member) && member.size > view.head.size && member.holder != settings_.replicated.holder)
      return LogBehindMember(view.head.size, member);
  if (view.head.size > size_) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const Hash root, tree::RootAt(view.head.size, log::TreeNodes(rows_)));
  return root == view.head.root ? absl::OkStatus()
                                : log::LogIsAnother(absl::StrCat("up to record ", view.head.size));
}

bool Member::Rests() const { return rests_until_.has_value() && settings_.replicated.now() < *rests_until_; }

// One that counts more than the log has, as of a machine that is gone since the log went back, holds nobody up.
Status Member::FollowNotes(const store::LogView& view) {
  ByteView newest;
  std::uint64_t size = size_;
  const auto look_at = [&](ByteView note) {
    const std::uint64_t counts = SizeIn(note);
    if (counts <= size || counts > view.head.size) return;
    size = counts;
    newest = note;
  };
  look_at(view.head.note);
  for (const store::LogMember& member : view.members) look_at(member.note);
  if (newest.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(auto held, hooks_.keys());
  FT_RETURN_IF_ERROR(Follow(&rows_, to_look_.get(), newest, {hooks_.sign, std::move(held)}));
  size_ = size;
  if (hooks_.followed) hooks_.followed();
  return absl::OkStatus();
}

Status Member::TakeOver(const store::LogView& view, std::chrono::milliseconds silent) {
  // Whoever could not sign would only take it from those who can.
  FT_ASSIGN_OR_RETURN(const auto checkpoint, log::ReadUnverifiedCheckpoint(rows_));
  FT_RETURN_IF_ERROR(hooks_.sign(rows_, checkpoint).status());
  if (to_take_ == nullptr) {
    FT_ASSIGN_OR_RETURN(to_take_, hooks_.open_log());
  }
  auto head = to_take_->Take(settings_.replicated.holder, store::Taking::kAnew);
  if (!head.ok()) {
    to_take_.reset();
    if (absl::IsUnavailable(head.status()) && silent >= settings_.hangs)
      FT_RETURN_IF_ERROR(to_look_->Evict());
    return head.status();
  }
  {
    const std::lock_guard lock(mutex_);
    figures_.epoch = head->epoch;
  }
  took_unknown_ = head->line != view.head.line;
  const Status opened = head->size < view.head.size ? log::LogIsBehind(head->size, view.head.size)
                        : took_unknown_ ? absl::UnavailableError("the database failed over just now")
                                        : Open(*std::move(head), view);
  if (opened.ok()) return opened;
  to_take_.reset();
  rests_until_ = settings_.replicated.now() + settings_.rest;
  return opened;
}

// The line is kept once nothing else can fail, and before anything is recorded: a machine that went on alone in vain waits as before.
Status Member::Open(store::LogHead head, const store::LogView& view) {
  FT_RETURN_IF_ERROR(CatchUp(&rows_, to_take_.get(), head, hooks_.sign));
  FT_ASSIGN_OR_RETURN(auto ledger, hooks_.open_ledger());
  FT_RETURN_IF_ERROR(ledger->Replicate(
      std::make_unique<log::Replicated>(std::move(to_take_), std::move(head), settings_.replicated)));
  FT_RETURN_IF_ERROR(KeepLine(view));
  size_ = ledger->size();
  ledger_ = std::move(ledger);
  return absl::OkStatus();
}

void Member::Keep(const store::LogView& view) {
  const bool active = ledger_ != nullptr;
  const store::LogMember* const holder = Find(view, view.head.holder);
  const bool is_own = view.head.holder == settings_.replicated.holder;
  const bool heard = watched_.has_value() && settings_.replicated.now() - watched_->since < settings_.hangs;
  const std::lock_guard lock(mutex_);
  figures_.role = !why_left_.ok() ? Role::kLeft : active ? Role::kActive : Role::kStandby;
  figures_.epoch = std::max(figures_.epoch, view.head.epoch);
  figures_.lag_records = active || view.head.size < size_ ? 0 : view.head.size - size_;
  figures_.active = active ? settings_.replicated.holder : heard && !is_own ? view.head.holder : "";
  figures_.active_address = active                                  ? settings_.address
                            : heard && !is_own && holder != nullptr ? holder->address
                                                                    : "";
  figures_.synchronous_standbys = view.synchronous_standbys;
  view_ = view;
}

void Member::Tell(const Status& state) {
  {
    const std::lock_guard lock(mutex_);
    figures_.behind = behind_ || absl::IsDataLoss(state);
  }
  if (state == told_) return;
  told_ = state;
  if (hooks_.trouble) hooks_.trouble(state);
}

void Member::Leave() {
  if (ledger_ != nullptr) ledger_->EndReplication();
  to_take_.reset();
  if (to_look_ != nullptr) (void)to_look_->Leave(settings_.replicated.holder);
  to_look_.reset();
}

MemberFigures Member::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

Status Member::MayRotateTo(const crypto::PublicKey& key) const {
  const std::lock_guard lock(mutex_);
  if (!view_.has_value()) return absl::UnavailableError("it is not known who else serves the ledger");
  for (const store::LogMember& member : view_->members) {
    if (!Lives(*view_, member) || member.holder == settings_.replicated.holder) continue;
    if (std::find(member.keys.begin(), member.keys.end(), key.hex()) == member.keys.end())
      return absl::FailedPreconditionError(absl::StrCat("the machine ", member.holder,
                                                        " serves the ledger too and does not hold the key ",
                                                        key.hex(), ": copy signing.key.next to it"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::replica
