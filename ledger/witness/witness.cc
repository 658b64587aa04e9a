// See witness.h.
#include "ledger/witness/witness.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::witness {

StatusOr<std::unique_ptr<Witness>> Witness::Open(const std::string& dir, tree::Cosigner cosigner,
                                                 std::vector<tree::WitnessedLog> logs, log::Clock clock) {
  FT_ASSIGN_OR_RETURN(auto folder, folder::FolderWriter::Open(dir));
  // The folder's own name must outlast a power cut too.
  const auto parent = std::filesystem::absolute(dir).lexically_normal().parent_path();
  FT_RETURN_IF_ERROR(SyncPath(parent.string()));
  std::unique_ptr<Witness> witness(
      new Witness(dir, std::move(folder), std::move(cosigner), std::move(clock)));
  for (tree::WitnessedLog& log : logs) {
    const std::string name = crypto::Sha256(log.origin).hex();
    Followed followed{std::move(log), std::nullopt, ""};
    FT_ASSIGN_OR_RETURN(auto note, ReadKeptFile(absl::StrCat(dir, "/", name), tree::kMaxAddCheckpointBytes));
    if (note.has_value()) {
      const auto last = tree::OpenCosigned(*note, witness->cosigner_.verifier);
      if (!last.ok() || last->origin != followed.log.origin) {
        return absl::DataLossError(absl::StrCat(
            dir, "/", name, " is not what ", witness->cosigner_.verifier.name, " cosigned of ",
            Escaped(followed.log.origin),
            last.ok() ? "" : absl::StrCat(" (", std::string(last.status().message()), ")"),
            ": it was damaged, or is another witness's. A witness that forgets what it cosigned could vouch "
            "for "
            "two histories, so it does not start; if the file is lost, begin with a new key and folder"));
      }
      followed.last = *last;
      followed.note = *std::move(note);
    }
    witness->followed_.emplace(name, std::move(followed));
  }
  return witness;
}

Witness::Judged Witness::Add(std::string_view body) {
  Judged judged;
  const auto request = tree::ParseAddCheckpoint(body);
  if (!request.ok()) {
    judged.answer = tree::AnswerUnreadable(request.status());
    return judged;
  }
  const std::string& origin = request->checkpoint.origin;
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, clock_().micros() / 1'000'000));
  const std::string name = crypto::Sha256(origin).hex();
  const std::lock_guard lock(mutex_);
  const auto found = followed_.find(name);
  if (found == followed_.end()) {
    judged.answer = tree::AnswerAddCheckpoint(*request, nullptr, std::nullopt, cosigner_, seconds);
    return judged;
  }
  Followed& followed = found->second;
  judged.origin = origin;
  judged.size = request->checkpoint.size;
  judged.answer = tree::AnswerAddCheckpoint(*request, &followed.log, followed.last, cosigner_, seconds);
  if (judged.answer.two_histories) judged.evidence = KeepEvidence(name, body);
  if (!judged.answer.keep.has_value()) return judged;
  Status kept = folder_->Put(name, *judged.answer.keep);
  if (kept.ok()) kept = folder_->Sync();
  if (!kept.ok()) {
    // Nobody gets the cosignature, so nothing was vouched for, whatever has reached the disk.
    judged.answer = {};
    judged.answer.body = absl::StrCat("nothing was cosigned: ", std::string(kept.message()), "\n");
    return judged;
  }
  followed.last = request->checkpoint;
  followed.note = *judged.answer.keep;
  return judged;
}

// The one that is there already stays: it proves as much, and nobody can take it away by sending another.
std::string Witness::KeepEvidence(const std::string& name, std::string_view body) {
  const std::string file = absl::StrCat(name, ".fork");
  std::string path = absl::StrCat(dir_, "/", file);
  std::error_code error;
  if (std::filesystem::exists(path, error)) return path;
  if (folder_->Put(file, body).ok() && folder_->Sync().ok()) return path;
  return "";
}

std::optional<std::string> Witness::Latest(const std::string& origin_hash) const {
  const std::lock_guard lock(mutex_);
  const auto found = followed_.find(origin_hash);
  if (found == followed_.end() || !found->second.last.has_value()) return std::nullopt;
  return found->second.note;
}

}  // namespace fundtrail::witness
