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
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::audit {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kAsk{1'000}, kLongest{30'000};

bool IsCopy(const std::string& dir) {
  std::error_code error;
  return fs::is_directory(absl::StrCat(dir, "/store"), error);
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
                                                   std::size_t most_rows) {
  std::unique_ptr<Follower> copy(new Follower);
  FT_ASSIGN_OR_RETURN(copy->given_, ParseLedgerVkey(vkey));
  FT_RETURN_IF_ERROR(CheckNoOwnKey(dir));
  if (!IsCopy(dir)) return absl::NotFoundError(absl::StrCat(dir, " is not a copy of a ledger yet"));
  copy->dir_ = dir;
  copy->most_rows_ = most_rows;
  FT_ASSIGN_OR_RETURN(copy->writer_, folder::FolderWriter::Open(dir));
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenRocks(absl::StrCat(dir, "/store"), store::Access::kWrite));
  copy->rows_ = store::WithRowCache(std::move(rows), kCopyCacheBytes);
  FT_ASSIGN_OR_RETURN(copy->had_, CheckpointOfCopy(*copy->rows_, dir, copy->given_));
  FT_ASSIGN_OR_RETURN(copy->tip_, log::LoadTip(*copy->rows_, copy->had_.checkpoint.size));
  FT_ASSIGN_OR_RETURN(copy->cosigned_, folder::ReadCosigned(dir));
  FT_RETURN_IF_ERROR(copy->Judge(copy->had_, *copy->rows_));
  return copy;
}

// Whose the checkpoint is, and the file `vkey` with it: a process that ended between a rotation's rows and its file left
// the other key there.
Status Follower::Judge(const PresentedCheckpoint& shown, const store::Reader& rows) {
  FT_ASSIGN_OR_RETURN(const Signer signer, JudgeSigner(shown, given_, rows, {AsKept(had_)}));
  std::string vkey = tree::FormatVkey(signer.key);
  const auto stated = folder::ReadVkey(dir_);
  if (!stated.ok() || *stated != vkey) {
    FT_RETURN_IF_ERROR(writer_->Put("vkey", absl::StrCat(vkey, "\n")));
    FT_RETURN_IF_ERROR(writer_->Sync());
  }
  vkey_ = std::move(vkey);
  return absl::OkStatus();
}

StatusOr<std::uint64_t> Follower::CatchUp(Source* source) {
  FT_ASSIGN_OR_RETURN(const auto cosigned, source->Cosigned());
  std::string note;
  FT_ASSIGN_OR_RETURN(const auto shown, PresentedBy(source, given_, &note));
  shown_ = shown.checkpoint.size;
  FT_RETURN_IF_ERROR(CheckNotBehind(had_.checkpoint, shown.checkpoint));
  std::uint64_t more = 0;
  if (shown.checkpoint.size > had_.checkpoint.size) {
    FT_ASSIGN_OR_RETURN(more, TakeIn(source, shown, note));
  } else if (shown.checkpoint.root != had_.checkpoint.root) {
    FT_ASSIGN_OR_RETURN(const std::string forked, WhatForked(had_, shown, note, dir_, writer_.get()));
    return absl::DataLossError(forked);
  }
  FT_RETURN_IF_ERROR(KeepCosigned(cosigned));
  return more;
}

StatusOr<std::uint64_t> Follower::TakeIn(Source* source, const PresentedCheckpoint& shown,
                                         const std::string& note) {
  Replay replay(rows_.get(), shown.checkpoint.origin, tip_);
  replay.HoldAtMost(most_rows_);
  FT_ASSIGN_OR_RETURN(const auto bad, FeedUnfinished(source, shown.checkpoint.size, shown.checkpoint.root,
                                                     &replay, [](const CheckedRecord&) {}));
  if (bad.has_value()) {
    FT_ASSIGN_OR_RETURN(const std::string why,
                        WhyNotOn(source, had_, shown, note, dir_, *bad, writer_.get()));
    return absl::DataLossError(why);
  }
  const Status judged = Judge(shown, replay.rows());
  if (absl::IsDataLoss(judged))
    return absl::DataLossError(
        BadRecordWords({kAllRecords, std::string(judged.message())}, had_.checkpoint.size));
  FT_RETURN_IF_ERROR(judged);
  const Status written = replay.FinishUnder(note);
  if (!written.ok()) return absl::AbortedError(written.message());
  const std::uint64_t more = shown.checkpoint.size - had_.checkpoint.size;
  tip_ = replay.tip();
  had_ = shown;
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
                                                 std::size_t most_rows) {
  Pause pause;
  Absence absence(hooks);
  while (true) {
    auto copy = Follower::Open(dir, options.vkey, most_rows);
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
      return Follower::Open(dir, options.vkey, most_rows);
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
  while (true) {
    const auto more = copy->CatchUp(source);
    if (more.ok()) {
      absence.End();
      if (hooks.caught_up) hooks.caught_up(*copy, *more);
    } else if (Passes(more.status())) {
      absence.Begin(more.status());
    } else {
      return more.status();
    }
    if (!hooks.wait(pause.Next(!more.ok()))) return absl::OkStatus();
  }
}

Status Follow(Source* source, const std::string& dir, const CloneOptions& options, const FollowHooks& hooks,
              std::size_t most_rows) {
  Pause pause;
  Absence absence(hooks);
  while (true) {
    auto copy = Follower::Open(dir, options.vkey, most_rows);
    if (copy.ok()) {
      const Status end = KeepUp(copy->get(), source, hooks);
      if (!absl::IsOutOfRange(end)) return end;
      copy->reset();
    } else if (!absl::IsNotFound(copy.status())) {
      return copy.status();
    }
    const auto cloned = Clone(source, dir, options);
    if (cloned.ok()) {
      absence.End();
      if (hooks.cloned) hooks.cloned(*cloned);
      continue;
    }
    if (!Passes(cloned.status()) || !IsCopy(dir)) return cloned.status();
    absence.Begin(cloned.status());
    if (!hooks.wait(pause.Next(true))) return absl::OkStatus();
  }
}

}  // namespace fundtrail::audit
