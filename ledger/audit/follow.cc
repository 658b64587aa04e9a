// See follow.h.
#include "ledger/audit/follow.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/audit/continuation.h"
#include "ledger/audit/replay_feed.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/log/head.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"
#include "ledger/store/snapshot_cache.h"
#include "ledger/tree/note.h"

namespace fundtrail::audit {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kAsk{1'000}, kLongest{30'000};

bool IsCopy(const std::string& dir) {
  std::error_code error;
  return fs::is_directory(absl::StrCat(dir, "/store"), error);
}

// How often in a row a source shows fewer records than the copy has until that is believed.
constexpr int kBehindAtMost = 3;

// The note, where others than the ledger signed it too.
std::optional<std::string> IfCosigned(const std::string& note, const std::string& ledger) {
  const auto parsed = tree::ParseNote(note);
  if (!parsed.ok()) return std::nullopt;
  const bool cosigned = std::any_of(parsed->signatures.begin(), parsed->signatures.end(),
                                    [&](const tree::NoteSignature& one) { return one.name != ledger; });
  return cosigned ? std::optional(note) : std::nullopt;
}

// How long until the source is asked again; longer each time that it was away.
class Pause {
 public:
  std::chrono::milliseconds Next(bool away) {
    const auto pause = away ? pause_ : kAsk;
    pause_ = away ? std::min(2 * pause_, kLongest) : kAsk;
    return pause;
  }

 private:
  std::chrono::milliseconds pause_ = kAsk;
};

// Says once that the source is away.
class Absence {
 public:
  explicit Absence(const FollowHooks& hooks) : hooks_(hooks) {}
  void Begin(const Status& why) {
    if (!away_ && hooks_.away) hooks_.away(why);
    away_ = true;
  }
  void End() { away_ = false; }

 private:
  const FollowHooks& hooks_;
  bool away_ = false;
};

}  // namespace

StatusOr<std::unique_ptr<Follower>> Follower::Open(const std::string& dir, const std::string& vkey,
                                                   const HoldLimits& most) {
  std::unique_ptr<Follower> copy(new Follower);
  FT_ASSIGN_OR_RETURN(copy->given_, ParseLedgerVkey(vkey));
  FT_RETURN_IF_ERROR(CheckNoOwnKey(dir));
  if (!IsCopy(dir)) return absl::NotFoundError(absl::StrCat(dir, " is not a copy of a ledger yet"));
  copy->dir_ = dir;
  copy->most_ = most;
  FT_ASSIGN_OR_RETURN(copy->writer_, folder::FolderWriter::Open(dir));
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenRocks(absl::StrCat(dir, "/store"), store::Access::kWrite));
  copy->rows_ =
      store::WithSnapshotCache(store::WithRowCache(std::move(rows), kCopyCacheBytes), kCopyCacheBytes);
  FT_ASSIGN_OR_RETURN(copy->had_, CheckpointOfCopy(*copy->rows_, dir, copy->given_));
  FT_RETURN_IF_ERROR(log::CheckRules(*copy->rows_));
  FT_RETURN_IF_ERROR(log::CheckKinds(*copy->rows_));
  FT_ASSIGN_OR_RETURN(copy->tip_, log::LoadTip(*copy->rows_, copy->had_.checkpoint.size));
  if (copy->tip_.tree.Root() != copy->had_.checkpoint.root)
    return model::Damaged("the tree does not have the checkpoint's root");
  FT_ASSIGN_OR_RETURN(copy->cosigned_, folder::ReadCosigned(dir));
  FT_ASSIGN_OR_RETURN(copy->vkey_, copy->Judge(copy->had_, *copy->rows_));
  FT_RETURN_IF_ERROR(copy->KeepVkey());
  return copy;
}

StatusOr<std::string> Follower::Judge(const PresentedCheckpoint& shown, const store::Reader& rows) const {
  FT_ASSIGN_OR_RETURN(const Signer signer, JudgeSigner(shown, given_, rows, {AsKept(had_)}));
  return tree::FormatVkey(signer.key);
}

// A process that ended between a rotation's rows and its file left the other key there.
Status Follower::KeepVkey() {
  if (vkey_kept_) return absl::OkStatus();
  FT_RETURN_IF_ERROR(audit::KeepVkey(vkey_, dir_, writer_.get()));
  vkey_kept_ = true;
  return absl::OkStatus();
}

StatusOr<std::uint64_t> Follower::CatchUp(Source* source) {
  FT_ASSIGN_OR_RETURN(const auto cosigned, source->Cosigned());
  std::string note;
  FT_ASSIGN_OR_RETURN(const auto shown, PresentedBy(source, given_, true, &note));
  shown_ = shown.checkpoint.size;
  FT_RETURN_IF_ERROR(CheckNotBehind(had_.checkpoint, shown.checkpoint));
  std::uint64_t more = 0;
  if (shown.checkpoint.size > had_.checkpoint.size) {
    FT_ASSIGN_OR_RETURN(more, TakeIn(source, shown, note));
  } else if (shown.checkpoint.root != had_.checkpoint.root) {
    FT_ASSIGN_OR_RETURN(const std::string forked, WhatForked(had_, shown, note, dir_, writer_.get()));
    return absl::DataLossError(forked);
  }
  FT_RETURN_IF_ERROR(KeepVkey());
  FT_RETURN_IF_ERROR(KeepCosigned(cosigned.has_value() ? cosigned : IfCosigned(note, given_.name)));
  return more;
}

StatusOr<std::uint64_t> Follower::TakeIn(Source* source, const PresentedCheckpoint& shown,
                                         const std::string& note) {
  Replay replay(rows_.get(), shown.checkpoint.origin, tip_);
  replay.HoldAtMost(most_);
  FT_ASSIGN_OR_RETURN(const auto bad, FeedUnfinished(source, shown.checkpoint.size, shown.checkpoint.root,
                                                     &replay, [](const CheckedRecord&) {}));
  if (bad.has_value() && bad->missing)
    return absl::UnavailableError(absl::StrCat("record ", bad->index, ": ", bad->problem));
  if (bad.has_value()) {
    FT_ASSIGN_OR_RETURN(const std::string why,
                        WhyNotOn(source, had_, shown, note, dir_, *bad, writer_.get()));
    return absl::DataLossError(why);
  }
  auto signer = Judge(shown, replay.rows());
  if (absl::IsDataLoss(signer.status()))
    return absl::DataLossError(
        BadRecordWords({kAllRecords, std::string(signer.status().message())}, had_.checkpoint.size));
  FT_RETURN_IF_ERROR(signer.status());
  const Status written = replay.FinishUnder(note);
  if (!written.ok()) return absl::AbortedError(written.message());
  const std::uint64_t more = shown.checkpoint.size - had_.checkpoint.size;
  tip_ = replay.tip();
  had_ = shown;
  vkey_kept_ = vkey_kept_ && *signer == vkey_;
  vkey_ = *std::move(signer);
  // What a clone left unfinished is behind the copy from now on.
  FT_RETURN_IF_ERROR(writer_->RemoveFolder("next"));
  return more;
}

Status Follower::KeepCosigned(const std::optional<std::string>& note) {
  if (!note.has_value() || note == cosigned_) return absl::OkStatus();
  FT_RETURN_IF_ERROR(CopyCosigned(note, dir_, *rows_, had_.checkpoint, writer_.get()));
  FT_RETURN_IF_ERROR(writer_->Sync());
  FT_ASSIGN_OR_RETURN(cosigned_, folder::ReadCosigned(dir_));
  return absl::OkStatus();
}

bool Passes(const Status& failed) {
  return absl::IsUnavailable(failed) || absl::IsCancelled(failed) || absl::IsDeadlineExceeded(failed) ||
         absl::IsResourceExhausted(failed);
}

StatusOr<std::unique_ptr<Follower>> OpenUpToDate(Source* source, const std::string& dir,
                                                 const CloneOptions& options, const FollowHooks& hooks,
                                                 const HoldLimits& most) {
  Pause pause;
  Absence absence(hooks);
  while (true) {
    auto copy = Follower::Open(dir, options.vkey, most);
    const bool is_there = copy.ok();
    if (is_there) {
      const auto more = (*copy)->CatchUp(source);
      if (more.ok() && hooks.caught_up) hooks.caught_up(**copy, *more);
      if (!absl::IsOutOfRange(more.status())) return copy;
      copy->reset();
    } else if (!absl::IsNotFound(copy.status())) {
      return copy.status();
    }
    const auto cloned = Clone(source, dir, options);
    if (cloned.ok()) {
      if (hooks.cloned) hooks.cloned(*cloned);
    } else if (is_there) {
      const bool passes = Passes(cloned.status()) || absl::IsFailedPrecondition(cloned.status());
      if (!passes && hooks.refused) hooks.refused(cloned.status());
      return Follower::Open(dir, options.vkey, most);
    } else if (!Passes(cloned.status())) {
      return cloned.status();
    } else {
      absence.Begin(cloned.status());
      if (!hooks.wait(pause.Next(true))) return std::unique_ptr<Follower>();
    }
  }
}

Status KeepUp(Follower* copy, Source* source, const FollowHooks& hooks) {
  Pause pause;
  Absence absence(hooks);
  int behind = 0;
  while (true) {
    const auto more = copy->CatchUp(source);
    behind = absl::IsFailedPrecondition(more.status()) ? behind + 1 : 0;
    if (more.ok()) {
      absence.End();
      if (hooks.caught_up) hooks.caught_up(*copy, *more);
    } else if (Passes(more.status())) {
      absence.Begin(more.status());
    } else if (behind == 0 || behind == kBehindAtMost) {
      return more.status();
    }
    if (!hooks.wait(pause.Next(!more.ok() && behind == 0))) return absl::OkStatus();
  }
}

Status Follow(Source* source, const std::string& dir, const CloneOptions& options, const FollowHooks& hooks,
              const HoldLimits& most) {
  Pause pause;
  Absence absence(hooks);
  int behind = 0;
  while (true) {
    auto copy = Follower::Open(dir, options.vkey, most);
    if (copy.ok()) {
      Status end = KeepUp(copy->get(), source, hooks);
      if (!absl::IsOutOfRange(end)) return end;
      copy->reset();
    } else if (!absl::IsNotFound(copy.status())) {
      return copy.status();
    }
    const auto cloned = Clone(source, dir, options);
    if (cloned.ok()) {
      behind = 0;
      absence.End();
      if (hooks.cloned) hooks.cloned(*cloned);
      continue;
    }
    const bool late = absl::IsFailedPrecondition(cloned.status()) && ++behind < kBehindAtMost;
    if ((!late && !Passes(cloned.status())) || !IsCopy(dir)) return cloned.status();
    if (!late) absence.Begin(cloned.status());
    if (!hooks.wait(pause.Next(true))) return absl::OkStatus();
  }
}

}  // namespace fundtrail::audit
