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
#include "ledger/audit/history_comparison.h"
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

constexpr std::size_t kRowCacheBytes = std::size_t{16} << 20;
constexpr char kStore[] = "store", kNext[] = "next", kCopying[] = "next.new";
constexpr char kEvidence[] = "contradicting.checkpoint";

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
  if (Exists(absl::StrCat(dir, "/signing.key")))
    return absl::AlreadyExistsError(
        absl::StrCat(dir, " is a ledger of its own, not a copy: choose another folder"));
  if (!Exists(absl::StrCat(dir, "/", kStore))) {
    std::error_code error;
    for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (name != kNext && name != kCopying && name != ".new" && name != "vkey")
        return absl::AlreadyExistsError(absl::StrCat(
            dir, " holds ", Escaped(name), " and is not a copy of a ledger: choose an empty folder"));
    }
    return std::optional<Copy>();
  }
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenRocks(absl::StrCat(dir, "/", kStore), store::Access::kReadOnly));
  FT_ASSIGN_OR_RETURN(const auto note, rows->Get(keys::Checkpoint()));
  auto had = OpenPresented(note.value_or(""), verifier);
  if (had.ok()) return std::optional(Copy{std::move(rows), *std::move(had)});
  return absl::AlreadyExistsError(absl::StrCat(dir, " is not a copy of ", verifier.name, " under this key (",
                                               had.status().message(), "): choose another folder"));
}

// The rows of a log so far, and where it stands.
struct Next {
  std::unique_ptr<store::Store> rows;
  log::Tip tip;
};

StatusOr<Next> OpenNext(const std::string& path) {
  Next next;
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenRocks(path, store::Access::kWrite));
  next.rows = store::WithRowCache(std::move(rows), kRowCacheBytes);
  const Bytes records = keys::AllOf(keys::kRecordTag);
  FT_ASSIGN_OR_RETURN(const auto last, next.rows->Last(records, store::PrefixEnd(records)));
  if (!last.has_value()) return next;
  FT_ASSIGN_OR_RETURN(const RecordIndex at, keys::ReadRecord(last->first));
  if (at.value() == UINT64_MAX) return model::Damaged(last->first, "comes after the last that there can be");
  FT_ASSIGN_OR_RETURN(next.tip, log::LoadTip(*next.rows, at.value() + 1));
  return next;
}

// The rows so far: those of an interrupted run, or of the copy that is there, or none.
StatusOr<Next> PrepareNext(const std::string& dir, bool has_copy, std::uint64_t size,
                           folder::FolderWriter* writer) {
  const std::string path = absl::StrCat(dir, "/", kNext), copying = absl::StrCat(dir, "/", kCopying);
  if (Exists(path)) {
    auto next = OpenNext(path);
    if (absl::IsUnavailable(next.status())) return next.status();
    if (next.ok() && next->tip.tree.size() <= size) return next;
  }
  FT_RETURN_IF_ERROR(writer->RemoveFolder(kNext));
  FT_RETURN_IF_ERROR(writer->RemoveFolder(kCopying));
  if (has_copy) {
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

StatusOr<PresentedCheckpoint> CheckpointOf(Source* source, const tree::Verifier& verifier,
                                           std::string* note) {
  FT_ASSIGN_OR_RETURN(auto shown, source->Checkpoint());
  if (!shown.has_value())
    return absl::DataLossError("there is no checkpoint: is this an archive or a ledger?");
  *note = *std::move(shown);
  auto opened = OpenPresented(*note, verifier);
  if (!opened.ok()) return absl::DataLossError(absl::StrCat("the checkpoint: ", opened.status().message()));
  if (opened->checkpoint.size == 0)
    return absl::DataLossError(
        "does not hold: the checkpoint counts no record, and every ledger has its first");
  return opened;
}

Status CheckNotBehind(const tree::Checkpoint& had, const tree::Checkpoint& shown) {
  if (shown.size < had.size) {
    return absl::FailedPreconditionError(
        absl::StrCat("it shows ", shown.size, " records, and the copy has ", had.size,
                     " under a checkpoint of the same ledger: it is behind, or was set "
                     "back; the copy stays as it is"));
  }
  return absl::OkStatus();
}

// Whose checkpoint is shown, by the rows that it has.
using SignerCheck = std::function<StatusOr<Signer>(const store::Reader& rows)>;

// Replays into DIR/next what it has not yet, and gives it the checkpoint; or answers the first bad record.
StatusOr<std::optional<BadRecord>> Load(Source* source, const std::string& dir, const SignerCheck& judge,
                                        const tree::Checkpoint& shown, const CloneOptions& options,
                                        folder::FolderWriter* writer, v1::CloneAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const auto next, PrepareNext(dir, answer->previous_size() > 0, shown.size, writer));
  answer->set_resumed_at(next.tip.tree.size());
  answer->set_signatures(0);
  answer->set_transfers(0);
  Replay replay(next.rows.get(), shown.origin, next.tip);
  const auto taken = [&](const CheckedRecord& checked) {
    answer->set_signatures(answer->signatures() + checked.entry->signers.size());
    answer->set_transfers(answer->transfers() +
                          static_cast<std::uint64_t>(checked.record->outcome().transfers_size()));
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

// Keeps what the source's witnesses cosigned beside the copy in `path`, unless that has a later one.
Status CopyCosigned(const std::optional<std::string>& note, const std::string& dir, const std::string& path,
                    const tree::Checkpoint& shown, folder::FolderWriter* writer) {
  if (!note.has_value()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto rows, store::OpenRocks(path, store::Access::kReadOnly));
  FT_ASSIGN_OR_RETURN(const auto cosigned, folder::CheckCosigned(*note, shown.origin, *rows, shown.size));
  FT_ASSIGN_OR_RETURN(const auto had, folder::ReadCosigned(dir));
  const auto kept = folder::CheckCosigned(had.value_or(""), shown.origin, *rows, shown.size);
  if (kept.ok() && kept->size > cosigned.size) return absl::OkStatus();
  return writer->Put("cosigned", *note);
}

std::string Sentence(const BadRecord& bad, std::uint64_t had) {
  const std::string what =
      bad.index == kAllRecords ? bad.problem : absl::StrCat("record ", bad.index, ": ", bad.problem);
  return absl::StrCat("does not hold: ", what,
                      had > 0 ? "; the copy stays as it was" : "; what was loaded was removed");
}

// A checkpoint over other records than the copy's. What the reader's key signed is kept beside the copy, as evidence.
StatusOr<std::string> Forked(const PresentedCheckpoint& had, const PresentedCheckpoint& shown,
                             const std::string& note, const std::string& dir, folder::FolderWriter* writer) {
  std::string sentence =
      absl::StrCat("does not hold: what is shown does not begin with the copy's ", had.checkpoint.size,
                   " records, and its checkpoint is over the other ones: ", WhoForked(had, shown),
                   "; the copy stays as it was");
  if (!shown.unverified.empty()) return sentence;
  FT_RETURN_IF_ERROR(writer->Put(kEvidence, note));
  FT_RETURN_IF_ERROR(writer->Sync());
  return absl::StrCat(sentence, ", and the other checkpoint is kept in ", dir, "/", kEvidence);
}

// Why a source with that bad record does not go on from the copy: the record may be sound, in another history.
StatusOr<std::string> WhyNotOn(Source* source, const PresentedCheckpoint& had,
                               const PresentedCheckpoint& shown, const std::string& note,
                               const std::string& dir, const BadRecord& bad, folder::FolderWriter* writer) {
  const auto begins = CompareBeginning(source, had.checkpoint, shown.checkpoint);
  if (begins.ok() && *begins == Beginning::kForked) return Forked(had, shown, note, dir, writer);
  if (!begins.ok() || *begins == Beginning::kSame) return Sentence(bad, had.checkpoint.size);
  return absl::StrCat(
      "does not hold: what is shown does not begin with the copy's ", had.checkpoint.size,
      " records, nor has it the root that the checkpoint signs: records were changed, and not "
      "by who signed it; the copy stays as it was");
}

}  // namespace

StatusOr<v1::CloneAnswer> Clone(Source* source, const std::string& dir, const CloneOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto verifier, ParseLedgerVkey(options.vkey));
  v1::CloneAnswer answer;
  FT_ASSIGN_OR_RETURN(const auto cosigned, source->Cosigned());
  FT_ASSIGN_OR_RETURN(const auto source_shows, CheckpointOf(source, verifier, answer.mutable_checkpoint()));
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
                          Forked(*had, source_shows, answer.checkpoint(), dir, writer.get()));
      return absl::DataLossError(forked);
    }
    earlier.push_back({had->checkpoint, "the copy's own checkpoint", true, had->unverified});
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
    FT_RETURN_IF_ERROR(CopyCosigned(cosigned, dir, absl::StrCat(dir, "/", kStore), shown, writer.get()));
    FT_RETURN_IF_ERROR(
        writer->RemoveFolder(kNext));  // the old one, when a run ended right behind the exchange
    FT_RETURN_IF_ERROR(writer->Sync());
    return answer;
  }
  copy.reset();  // its store is opened to be copied

  FT_ASSIGN_OR_RETURN(auto bad, Load(source, dir, judge, shown, options, writer.get(), &answer));
  if (bad.has_value() && answer.resumed_at() > answer.previous_size()) {
    // What an interrupted run left was not under a checkpoint yet: it may have been another source's.
    FT_RETURN_IF_ERROR(writer->RemoveFolder(kNext));
    FT_ASSIGN_OR_RETURN(bad, Load(source, dir, judge, shown, options, writer.get(), &answer));
  }
  if (bad.has_value()) {
    FT_RETURN_IF_ERROR(writer->RemoveFolder(kNext));
    if (!had.has_value()) return absl::DataLossError(Sentence(*bad, 0));
    FT_ASSIGN_OR_RETURN(const std::string why,
                        WhyNotOn(source, *had, source_shows, answer.checkpoint(), dir, *bad, writer.get()));
    return absl::DataLossError(why);
  }
  FT_RETURN_IF_ERROR(writer->Put("vkey", answer.vkey() + "\n"));
  FT_RETURN_IF_ERROR(CopyCosigned(cosigned, dir, absl::StrCat(dir, "/", kNext), shown, writer.get()));
  FT_RETURN_IF_ERROR(Exchange(dir, had.has_value(), writer.get()));
  return answer;
}

}  // namespace fundtrail::audit
