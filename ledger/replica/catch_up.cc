// See catch_up.h.
#include "ledger/replica/catch_up.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/audit/replay.h"
#include "ledger/base/parallel.h"
#include "ledger/books/state.h"
#include "ledger/log/head.h"
#include "ledger/log/replicated.h"
#include "ledger/log/seal.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/note.h"

namespace fundtrail::replica {

namespace keys = model::keys;

namespace {

// What is held in memory is bounded by what is read at a time (store::kReadLogBytes).
constexpr audit::HoldLimits kAllThatWasRead{SIZE_MAX, SIZE_MAX};

struct Local {
  std::string name, note;
  log::Tip tip;
};

StatusOr<Local> LocalOf(const store::Reader& rows, const store::LogHead& head) {
  Local local;
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(rows));
  local.name = genesis.ledger();
  if (head.ledger != local.name)
    return absl::FailedPreconditionError(
        absl::StrCat("the log is that of ", head.ledger, ", not of ", local.name, ": is the URL right?"));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, log::ReadUnverifiedCheckpoint(rows));
  FT_ASSIGN_OR_RETURN(local.tip, log::LoadTip(rows, checkpoint.size));
  if (local.tip.tree.Root() != checkpoint.root)
    return model::Damaged("the tree does not have the checkpoint's root");
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  local.note = note.value_or("");
  return local;
}

// Some of the log's records from `from` on, and none from `end` on.
StatusOr<std::vector<Bytes>> ReadSome(store::GroupLog* log, std::uint64_t from, std::uint64_t end) {
  FT_ASSIGN_OR_RETURN(auto records, log->Read(from));
  if (records.empty())
    return absl::DataLossError(
        absl::StrCat("the log says that it has ", end, " records, and has none from ", from, " on"));
  if (records.size() > end - from) records.resize(end - from);
  return records;
}

Status NotItsRoot() {
  return absl::DataLossError("the records of the log do not have the root that it states");
}

Status CheckIsByOneOf(const std::vector<crypto::PublicKey>& held, ByteView note, const std::string& origin) {
  for (const crypto::PublicKey& key : held) {
    FT_ASSIGN_OR_RETURN(const auto verifier, tree::MakeVerifier(origin, tree::KeyType::kEd25519, key));
    if (tree::OpenCheckpoint(note, verifier).ok()) return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "the newest checkpoint in the log is signed by no key in this folder: bring signing.key from the "
      "machine that signed last, unless somebody else put the checkpoint there");
}

// The roots at the end of each part that is read, by size, of the tree that grows from the rows to that checkpoint.
StatusOr<std::map<std::uint64_t, Hash>> RootsUpTo(const tree::Checkpoint& shown, std::uint64_t size,
                                                  const store::Reader& rows, store::GroupLog* log) {
  FT_ASSIGN_OR_RETURN(auto tree, tree::Frontier::Load(size, log::TreeNodes(rows)));
  std::map<std::uint64_t, Hash> roots;
  while (tree.size() < shown.size) {
    FT_ASSIGN_OR_RETURN(const auto records, ReadSome(log, tree.size(), shown.size));
    for (const Bytes& record : records) tree.Append(tree::LeafHash(record));
    roots.emplace(tree.size(), tree.Root());
  }
  if (tree.Root() != shown.root) return NotItsRoot();
  return roots;
}

// That the log is a beginning of the rows, or all of them.
Status CheckBeginning(const store::Reader& rows, const store::LogHead& head) {
  FT_ASSIGN_OR_RETURN(const Hash root, tree::RootAt(head.size, log::TreeNodes(rows)));
  return root == head.root ? absl::OkStatus() : log::LogIsAnother(absl::StrCat("up to record ", head.size));
}

Status TakeAll(std::vector<Bytes> records, audit::Replay* replay) {
  std::vector<audit::CheckedRecord> checked(records.size());
  const std::uint64_t first = replay->tip().tree.size();
  OnAllCores(records.size(), [&](std::size_t i) {
    checked[i].key = keys::Record(RecordIndex(first + i));
    checked[i].bytes = std::move(records[i]);
    audit::CheckAlone(&checked[i]);
  });
  for (std::size_t i = 0; i < checked.size(); ++i) {
    FT_ASSIGN_OR_RETURN(const auto problem, replay->Take(checked[i]));
    if (problem.has_value())
      return absl::DataLossError(absl::StrCat("record ", first + i, " of the log ", *problem,
                                              ". Nothing is recorded; keep the log and this folder"));
  }
  return absl::OkStatus();
}

}  // namespace

Status CatchUp(store::Store* rows, store::GroupLog* log, const store::LogHead& head,
               const folder::SignRows& sign, const Progress& progress, std::uint64_t hold) {
  FT_ASSIGN_OR_RETURN(Local local, LocalOf(*rows, head));
  log::Tip tip = std::move(local.tip);
  if (head.size <= tip.tree.size()) {
    FT_RETURN_IF_ERROR(CheckBeginning(*rows, head));
    if (head.size < tip.tree.size()) return log::LogIsBehind(head.size, tip.tree.size());
    // A write that is synced: with it all before is on the disk, which was not.
    return rows->Write({{keys::Checkpoint(), local.note}});
  }
  std::unique_ptr<audit::Replay> replay;  // of what is not in the store yet
  std::uint64_t in_store = tip.tree.size();
  while (tip.tree.size() < head.size) {
    FT_ASSIGN_OR_RETURN(auto records, ReadSome(log, tip.tree.size(), head.size));
    if (replay == nullptr) {
      replay = std::make_unique<audit::Replay>(rows, local.name, tip);
      replay->HoldAtMost(kAllThatWasRead);
    }
    FT_RETURN_IF_ERROR(TakeAll(std::move(records), replay.get()));
    tip = replay->tip();
    const bool is_last = tip.tree.size() == head.size;
    if (is_last && tip.tree.Root() != head.root) return NotItsRoot();
    if (!is_last && tip.tree.size() - in_store < hold) continue;
    const auto note = sign(replay->rows(), {local.name, tip.tree.size(), tip.tree.Root(), {}});
    // A key that was replaced further on may be gone: then all up to its rotation comes in together.
    if (absl::IsFailedPrecondition(note.status()) && !is_last) continue;
    FT_RETURN_IF_ERROR(note.status());
    FT_RETURN_IF_ERROR(replay->FinishUnder(*note));
    replay.reset();
    in_store = tip.tree.size();
    if (progress) progress(tip.tree.size(), head.size);
  }
  return absl::OkStatus();
}

Status Follow(store::Store* rows, store::GroupLog* log, ByteView note, const Signing& own,
              std::uint64_t hold) {
  FT_ASSIGN_OR_RETURN(const auto parsed, tree::ParseNote(note));
  FT_ASSIGN_OR_RETURN(const auto shown, tree::ParseCheckpoint(parsed.text));
  store::LogHead head;
  head.ledger = shown.origin;
  head.size = shown.size;
  head.root = shown.root;
  // A part is signed and shown before the rest is replayed. So it must be known first that the whole is what was signed.
  std::map<std::uint64_t, Hash> roots;
  FT_ASSIGN_OR_RETURN(const auto present, log::ReadUnverifiedCheckpoint(*rows));
  const bool in_parts = shown.size > present.size && shown.size - present.size > hold;
  if (in_parts) {
    FT_RETURN_IF_ERROR(CheckIsByOneOf(own.held, note, shown.origin));
    FT_ASSIGN_OR_RETURN(roots, RootsUpTo(shown, present.size, *rows, log));
  }
  // Ed25519 gives one signature for one text: a note that is not the same was not signed by the ledger.
  const folder::SignRows same = [&](const store::Reader& state,
                                    const tree::Checkpoint& checkpoint) -> StatusOr<std::string> {
    if (in_parts) {
      const auto root = roots.find(checkpoint.size);
      if (root == roots.end() || root->second != checkpoint.root)
        return absl::DataLossError("the records of the log changed while they were read");
    }
    FT_ASSIGN_OR_RETURN(std::string signed_here, own.sign(state, checkpoint));
    if (checkpoint.size == shown.size && signed_here != note)
      return absl::DataLossError("the newest checkpoint in the log is not signed by the ledger");
    return signed_here;
  };
  return CatchUp(rows, log, head, same, {}, hold);
}

StatusOr<store::LogHead> GiveBack(const store::Reader& rows, store::GroupLog* log, store::LogHead head,
                                  const Progress& progress) {
  FT_ASSIGN_OR_RETURN(const Local local, LocalOf(rows, head));
  const std::uint64_t size = local.tip.tree.size();
  if (head.size >= size) return head;
  FT_RETURN_IF_ERROR(CheckBeginning(rows, head));
  FT_ASSIGN_OR_RETURN(auto tree, tree::Frontier::Load(head.size, log::TreeNodes(rows)));
  const auto cursor =
      rows.Scan(head.size == 0 ? keys::AllOf(keys::kRecordTag) : keys::Record(RecordIndex(head.size)),
                store::PrefixEnd(keys::AllOf(keys::kRecordTag)));
  while (head.size < size) {
    std::vector<Bytes> records;
    std::size_t bytes = 0;
    for (; cursor->Valid() && tree.size() < size && records.size() < store::kReadLogRecords &&
           bytes < store::kReadLogBytes;
         cursor->Next()) {
      records.emplace_back(cursor->value());
      tree.Append(tree::LeafHash(records.back()));
      bytes += records.back().size();
    }
    FT_RETURN_IF_ERROR(cursor->status());
    if (records.empty()) return model::Damaged(keys::Record(RecordIndex(head.size)), "is missing");
    const bool is_last = tree.size() == size;
    const Status kept =
        log->Append(head, records, tree.Root(), is_last ? ByteView(local.note) : ByteView(head.note));
    if (absl::IsUnknown(kept))
      return absl::UnavailableError(absl::StrCat("the log has ", head.size, " records of ", size,
                                                 " or more; the next run goes on there (", kept.message(),
                                                 ")"));
    FT_RETURN_IF_ERROR(kept);
    head.size = tree.size();
    head.root = tree.Root();
    if (is_last) head.note = local.note;
    if (progress) progress(head.size, size);
  }
  return head;
}

}  // namespace fundtrail::replica
