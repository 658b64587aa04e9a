// See clone.h.
#include "ledger/audit/clone.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/audit/continuation.h"
#include "ledger/audit/replay_feed.h"
#include "ledger/audit/signer.h"
#include "ledger/base/text.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/log/seal.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::audit {

namespace fs = std::filesystem;
namespace keys = model::keys;

namespace {

constexpr char kStore[] = "store", kNext[] = "next", kCopying[] = "next.new";

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// The copy that is there; nothing when there is none yet.
struct Copy {
  std::unique_ptr<store::Store> rows;
  PresentedCheckpoint had;
};
StatusOr<std::optional<Copy>> FindCopy(const std::string& dir, const tree::Verifier& verifier) {
  FT_RETURN_IF_ERROR(CheckNoOwnKey(dir));
  if (!Exists(absl::StrCat(dir, "/", kStore))) {
    std::error_code error;
    for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (name != kNext && name != kCopying && !folder::IsUnfinished(name) && name != "vkey")
        return absl::AlreadyExistsError(absl::StrCat(
            dir, " holds ", Escaped(name), " and is not a copy of a ledger: choose an empty folder"));
    }
    return std::optional<Copy>();
  }
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenRocks(absl::StrCat(dir, "/", kStore), store::Access::kReadOnly));
  FT_ASSIGN_OR_RETURN(auto had, CheckpointOfCopy(*rows, dir, verifier));
  return std::optional(Copy{std::move(rows), std::move(had)});
}

// The rows of a log so far, and where it stands.
struct Next {
  std::unique_ptr<store::Store> rows;
  log::Tip tip;
};

StatusOr<Next> OpenNext(const std::string& path) {
  Next next;
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenRocks(path, store::Access::kWrite));
  next.rows = store::WithRowCache(std::move(rows), kCopyCacheBytes);
  const Bytes records = keys::AllOf(keys::kRecordTag);
  FT_ASSIGN_OR_RETURN(const auto last, next.rows->Last(records, store::PrefixEnd(records)));
  if (!last.has_value()) return next;
  FT_ASSIGN_OR_RETURN(const RecordIndex at, keys::ReadRecord(last->first));
  if (at.value() == UINT64_MAX) return model::Damaged(last->first, "comes after the last that there can be");
  FT_ASSIGN_OR_RETURN(next.tip, log::LoadTip(*next.rows, at.value() + 1));
  return next;
}

// The rows so far: those of an interrupted run, or of the copy that is there, or none.
StatusOr<Next> PrepareNext(const std::string& dir, std::uint64_t had, std::uint64_t size,
                           folder::FolderWriter* writer) {
  const std::string path = absl::StrCat(dir, "/", kNext), copying = absl::StrCat(dir, "/", kCopying);
  if (Exists(path)) {
    auto next = OpenNext(path);
    if (absl::IsUnavailable(next.status())) return next.status();
    // One behind the copy is of before it went on by itself (follow.h).
    if (next.ok() && next->tip.tree.size() >= had && next->tip.tree.size() <= size) return next;
  }
  FT_RETURN_IF_ERROR(writer->RemoveFolder(kNext));
  FT_RETURN_IF_ERROR(writer->RemoveFolder(kCopying));
  if (had > 0) {
    FT_ASSIGN_OR_RETURN(const auto rows,
                        store::OpenRocks(absl::StrCat(dir, "/", kStore), store::Access::kWrite));
    FT_RETURN_IF_ERROR(rows->CopyTo(copying));
  } else {
    FT_RETURN_IF_ERROR(store::OpenRocks(copying, store::Access::kCreate).status());
  }
  std::error_code error;
  fs::rename(copying, path, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", error.message()));
  return OpenNext(path);
}

// Puts DIR/next in the place of DIR/store, in one step.
Status Exchange(const std::string& dir, bool has_copy, folder::FolderWriter* writer) {
  const std::string next = absl::StrCat(dir, "/", kNext), rows = absl::StrCat(dir, "/", kStore);
  if (renameat2(AT_FDCWD, next.c_str(), AT_FDCWD, rows.c_str(), has_copy ? RENAME_EXCHANGE : 0) != 0)
    return absl::UnavailableError(absl::StrCat("cannot put ", next, " in the place of ", rows, ": ",
                                               std::generic_category().message(errno)));
  FT_RETURN_IF_ERROR(writer->Sync());
  return writer->RemoveFolder(kNext);
}

// Whose checkpoint is shown, by the rows that it has.
using SignerCheck = std::function<StatusOr<Signer>(const store::Reader& rows)>;

// Replays into DIR/next what it has not yet, and gives it the checkpoint; or answers the first bad record.
StatusOr<std::optional<BadRecord>> Load(Source* source, const std::string& dir, const SignerCheck& judge,
                                        const tree::Checkpoint& shown, const CloneOptions& options,
                                        folder::FolderWriter* writer, v1::CloneAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const auto next, PrepareNext(dir, answer->previous_size(), shown.size, writer));
  answer->set_resumed_at(next.tip.tree.size());
  answer->set_signatures(0);
  answer->set_transfers(0);
  Replay replay(next.rows.get(), shown.origin, next.tip);
  replay.WriteAtOnce(options.rows_at_once);
  const auto taken = [&](const CheckedRecord& checked) {
    answer->set_signatures(answer->signatures() + checked.entry->signers.size());
    answer->set_transfers(answer->transfers() + TransfersIn(checked));
    if (options.progress) options.progress(replay.tip().tree.size(), shown.size);
  };
  FT_ASSIGN_OR_RETURN(auto bad, Feed(source, shown.size, shown.root, &replay, taken));
  if (bad.has_value()) return bad;
  const auto signer = judge(*next.rows);
  if (absl::IsDataLoss(signer.status()))
    return std::optional(BadRecord{kAllRecords, std::string(signer.status().message())});
  FT_RETURN_IF_ERROR(signer.status());
  answer->set_vkey(tree::FormatVkey(signer->key));
  FT_RETURN_IF_ERROR(next.rows->Write({{keys::Checkpoint(), answer->checkpoint()}}));
  return bad;
}

}  // namespace

StatusOr<v1::CloneAnswer> Clone(Source* source, const std::string& dir, const CloneOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto verifier, ParseLedgerVkey(options.vkey));
  v1::CloneAnswer answer;
  FT_ASSIGN_OR_RETURN(const auto cosigned, source->Cosigned());
  FT_ASSIGN_OR_RETURN(
      const auto source_shows,
      PresentedBy(source, verifier, Exists(absl::StrCat(dir, "/", kStore)), answer.mutable_checkpoint()));
  const tree::Checkpoint& shown = source_shows.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto writer, folder::FolderWriter::Open(dir));
  FT_ASSIGN_OR_RETURN(auto copy, FindCopy(dir, verifier));
  std::optional<PresentedCheckpoint> had;
  std::vector<KeptCheckpoint> earlier;
  if (copy.has_value()) {
    had = copy->had;
    FT_RETURN_IF_ERROR(CheckNotBehind(had->checkpoint, shown));
    if (had->checkpoint.size == shown.size && had->checkpoint.root != shown.root) {
      FT_ASSIGN_OR_RETURN(const std::string forked,
                          WhatForked(*had, source_shows, answer.checkpoint(), dir, writer.get()));
      return absl::DataLossError(forked);
    }
    earlier.push_back(AsKept(*had));
  }
  const SignerCheck judge = [&](const store::Reader& rows) {
    return JudgeSigner(source_shows, verifier, rows, earlier);
  };
  answer.set_ledger(verifier.name);
  answer.set_size(shown.size);
  answer.set_root(Bytes(shown.root.view()));
  answer.set_previous_size(had.has_value() ? had->checkpoint.size : 0);
  answer.set_resumed_at(answer.previous_size());
  if (had.has_value() && had->checkpoint == shown) {
    FT_ASSIGN_OR_RETURN(const auto signer, judge(*copy->rows));
    answer.set_vkey(tree::FormatVkey(signer.key));
    FT_RETURN_IF_ERROR(KeepVkey(answer.vkey(), dir, writer.get()));  // when a run ended before it
    FT_RETURN_IF_ERROR(CopyCosigned(cosigned, dir, *copy->rows, shown, writer.get()));
    FT_RETURN_IF_ERROR(
        writer->RemoveFolder(kNext));  // the old one, when a run ended right behind the exchange
    FT_RETURN_IF_ERROR(writer->Sync());
    return answer;
  }
  copy.reset();  // its store is opened to be copied

  FT_ASSIGN_OR_RETURN(auto bad, Load(source, dir, judge, shown, options, writer.get(), &answer));
  if (bad.has_value() && bad->missing && had.has_value())
    return absl::UnavailableError(absl::StrCat("record ", bad->index, ": ", bad->problem));
  if (bad.has_value() && answer.resumed_at() > answer.previous_size()) {
    // What an interrupted run left was not under a checkpoint yet: it may have been another source's.
    FT_RETURN_IF_ERROR(writer->RemoveFolder(kNext));
    FT_ASSIGN_OR_RETURN(bad, Load(source, dir, judge, shown, options, writer.get(), &answer));
  }
  if (bad.has_value()) {
    FT_RETURN_IF_ERROR(writer->RemoveFolder(kNext));
    if (!had.has_value()) return absl::DataLossError(BadRecordWords(*bad, 0));
    FT_ASSIGN_OR_RETURN(const std::string why,
                        WhyNotOn(source, *had, source_shows, answer.checkpoint(), dir, *bad, writer.get()));
    return absl::DataLossError(why);
  }
  if (cosigned.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto rows,
                        store::OpenRocks(absl::StrCat(dir, "/", kNext), store::Access::kReadOnly));
    FT_RETURN_IF_ERROR(folder::CheckCosigned(*cosigned, shown.origin, *rows, shown.size).status());
  }
  // A first copy has its key with its rows. One that is there has the files of its old rows until it has the new ones.
  if (!had.has_value()) FT_RETURN_IF_ERROR(KeepVkey(answer.vkey(), dir, writer.get()));
  FT_RETURN_IF_ERROR(Exchange(dir, had.has_value(), writer.get()));
  FT_RETURN_IF_ERROR(KeepVkey(answer.vkey(), dir, writer.get()));
  if (cosigned.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto rows,
                        store::OpenRocks(absl::StrCat(dir, "/", kStore), store::Access::kReadOnly));
    FT_RETURN_IF_ERROR(CopyCosigned(cosigned, dir, *rows, shown, writer.get()));
    FT_RETURN_IF_ERROR(writer->Sync());
  }
  return answer;
}

}  // namespace fundtrail::audit
