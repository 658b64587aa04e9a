// See ledger.h.
#include "ledger/log/ledger.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <chrono>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/keys.h"
#include "ledger/model/refusal.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::log {

namespace keys = model::keys;

namespace {

// Decoding and checking signatures needs no state, so a group is spread over the cores.
std::vector<StatusOr<model::DecodedEntry>> DecodeAll(const std::vector<Bytes>& signed_entries) {
  std::vector<StatusOr<model::DecodedEntry>> decoded(signed_entries.size(),
                                                     absl::UnknownError("not decoded"));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < signed_entries.size(); i = next++) {
      decoded[i] = model::DecodeSignedEntry(signed_entries[i]);
    }
  };
  const std::size_t helpers =
      std::min<std::size_t>(std::max(1u, std::thread::hardware_concurrency()), signed_entries.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  return decoded;
}

// The same entry again: its first receipt. The same id with other bytes: refused. New: nothing.
StatusOr<std::optional<Receipt>> FindRepeated(const store::Reader& state,
                                              const model::DecodedEntry& decoded) {
  FT_ASSIGN_OR_RETURN(const auto row, FindEntryId(state, decoded.entry.author(), decoded.entry.id()));
  if (!row.has_value()) return std::optional<Receipt>();
  if (row->entry_hash != crypto::Sha256(decoded.signed_entry.entry())) {
    return model::Refuse(v1::ID_REUSED, "id",
                         absl::StrCat("party ", decoded.entry.author(),
                                      " used this id for another entry, record ", row->record.value()));
  }
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(keys::Record(row->record)));
  if (!bytes.has_value()) return absl::DataLossError("the store is damaged: a record is missing");
  FT_ASSIGN_OR_RETURN(const auto record, ParseRecord(*bytes));
  Receipt receipt;
  receipt.record = row->record;
  receipt.recorded = Timestamp(record.recorded_micros());
  receipt.leaf_hash = tree::LeafHash(*bytes);
  receipt.repeated = true;
  return std::optional<Receipt>(receipt);
}

// What the rows say; nothing is verified. The note is the ledger's own: if it cannot be read, that is damage and
// not somebody's input.
StatusOr<tree::Checkpoint> ReadCheckpoint(const store::Reader& rows) {
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  if (!note.has_value()) return absl::DataLossError("the store is damaged: it has no checkpoint");
  const auto parsed = tree::ParseNote(*note);
  auto unverified = parsed.ok() ? tree::ParseCheckpoint(parsed->text) : parsed.status();
  if (unverified.ok()) return unverified;
  return absl::DataLossError(absl::StrCat("the store is damaged: its checkpoint cannot be read (",
                                          unverified.status().message(), "); run verify"));
}

Timestamp After(Timestamp last, const Clock& clock) {
  return std::max(clock(), Timestamp(last.micros() + 1));
}

}  // namespace

Clock SystemClock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Timestamp(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  };
}

std::string Ledger::vkey() const {
  const auto verifier = tree::MakeVerifier(name_, tree::KeyType::kEd25519, key_.public_key());
  assert(verifier.ok());  // a ledger's name is a key's: model::IsValidLedgerName
  return tree::FormatVkey(*verifier);
}

StatusOr<std::unique_ptr<Ledger>> Ledger::Create(std::unique_ptr<store::Store> store, std::string name,
                                                 crypto::SigningKey key, ByteView genesis,
                                                 const Clock& clock) {
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(store), std::move(name), std::move(key)));
  const auto row = ledger->store_->Scan("", Bytes(1, '\xff'));
  FT_RETURN_IF_ERROR(row->status());
  if (row->Valid()) return absl::AlreadyExistsError("the store of a new ledger must be empty");
  FT_ASSIGN_OR_RETURN(const auto decoded, model::DecodeSignedEntry(genesis));
  if (decoded.entry.ledger() != ledger->name_) {
    return model::Refuse(v1::WRONG_LEDGER, "ledger", "genesis names another ledger");
  }
  FT_RETURN_IF_ERROR(ledger->AppendOne(genesis, clock).status());
  return ledger;
}

StatusOr<Standing> CheckStanding(const store::Reader& rows, const crypto::PublicKey& key) {
  FT_ASSIGN_OR_RETURN(const auto unverified, ReadCheckpoint(rows));
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  FT_ASSIGN_OR_RETURN(const auto verifier,
                      tree::MakeVerifier(unverified.origin, tree::KeyType::kEd25519, key));
  const auto checkpoint = tree::OpenCheckpoint(*note, verifier);
  if (!checkpoint.ok()) {
    return absl::DataLossError("the checkpoint is not signed by this ledger's signing key");
  }
  FT_ASSIGN_OR_RETURN(auto tip, LoadTip(rows, checkpoint->size));
  if (tip.tree.Root() != checkpoint->root) {
    return absl::DataLossError(
        "the store is damaged: the tree does not have the checkpoint's root; run verify");
  }
  FT_ASSIGN_OR_RETURN(const auto genesis, books::GetGenesis(rows));
  if (!genesis.has_value() || genesis->ledger() != checkpoint->origin) {
    return absl::DataLossError(absl::StrCat("the store is damaged: its genesis is not that of ",
                                            checkpoint->origin, ", which its checkpoint names"));
  }
  return Standing{checkpoint->origin, *note, std::move(tip)};
}

StatusOr<std::unique_ptr<Ledger>> Ledger::Open(std::unique_ptr<store::Store> store, crypto::SigningKey key) {
  FT_ASSIGN_OR_RETURN(auto standing, CheckStanding(*store, key.public_key()));
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(store), standing.name, std::move(key)));
  ledger->tip_ = std::move(standing.tip);
  ledger->checkpoint_ = std::move(standing.checkpoint);
  return ledger;
}

std::vector<StatusOr<Receipt>> Ledger::Append(const std::vector<Bytes>& signed_entries, const Clock& clock) {
  // 1. Decode and verify signatures, on all cores. A crash until step 4 leaves nothing: no row is written.
  return AppendDecoded(DecodeAll(signed_entries), clock);
}

std::vector<StatusOr<Receipt>> Ledger::AppendDecoded(
    const std::vector<StatusOr<model::DecodedEntry>>& decoded, const Clock& clock) {
  if (!broken_.ok()) return std::vector<StatusOr<Receipt>>(decoded.size(), broken_);
  std::vector<StatusOr<Receipt>> receipts(decoded.size(), absl::UnknownError("not dealt with"));

  // 2. Sequence, apply the rules and seal, one after another, in memory.
  store::Overlay changes(*store_);
  Tip tip = tip_;
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    if (!decoded[i].ok()) {
      receipts[i] = decoded[i].status();
      continue;
    }
    const auto repeated = FindRepeated(changes, *decoded[i]);
    if (!repeated.ok()) {
      receipts[i] = repeated.status();
    } else if (repeated->has_value()) {
      receipts[i] = **repeated;
    } else {
      const Timestamp recorded = After(tip.recorded, clock);
      store::Overlay of_entry(static_cast<const store::Reader&>(changes));  // over it, not a copy
      const auto sealed = Seal(&of_entry, &tip, *decoded[i], recorded);
      if (sealed.ok()) of_entry.MergeInto(&changes);
      receipts[i] = sealed.ok() ? StatusOr<Receipt>(Receipt{RecordIndex(tip.tree.size() - 1), recorded,
                                                            tip.previous, "", false})
                                : sealed.status();
    }
  }

  // 3. Sign one checkpoint for all of them.
  std::string checkpoint = checkpoint_;
  if (tip.tree.size() > tip_.tree.size()) {
    const auto note = tree::SignCheckpoint({name_, tip.tree.size(), tip.tree.Root(), {}}, key_);
    if (!note.ok()) {
      std::fill(receipts.begin(), receipts.end(), note.status());
      return receipts;
    }
    checkpoint = *note;
    changes.Put(keys::Checkpoint(), checkpoint);

    // 4. One atomic, synced write of records, tree, books, indexes and checkpoint. A crash here leaves all of
    // it or nothing; the authors have no receipts yet, and learn which when they send the same ids again.
    const Status written = store_->Write(changes.TakePending());
    if (!written.ok()) {
      broken_ = absl::UnavailableError(
          absl::StrCat("the ledger could not be written, so nothing was promised; open it again (",
                       written.message(), ")"));
      std::fill(receipts.begin(), receipts.end(), broken_);
      return receipts;
    }
    tip_ = std::move(tip);
    checkpoint_ = checkpoint;
  }

  // 5. Only now the receipts.
  for (auto& receipt : receipts) {
    if (receipt.ok()) receipt->checkpoint = checkpoint;
  }
  return receipts;
}

StatusOr<Receipt> Ledger::AppendOne(ByteView signed_entry, const Clock& clock) {
  return std::move(Append({Bytes(signed_entry)}, clock).front());
}

StatusOr<v1::Record> TryEntry(const store::Reader& rows, ByteView signed_entry, const Clock& clock) {
  FT_ASSIGN_OR_RETURN(const auto decoded, model::DecodeSignedEntry(signed_entry));
  store::Overlay changes(rows);
  FT_ASSIGN_OR_RETURN(const auto repeated, FindRepeated(changes, decoded));
  if (repeated.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto bytes, changes.Get(keys::Record(repeated->record)));
    return ParseRecord(*bytes);
  }
  FT_ASSIGN_OR_RETURN(const auto checkpoint, ReadCheckpoint(rows));
  FT_ASSIGN_OR_RETURN(Tip tip, LoadTip(rows, checkpoint.size));
  FT_ASSIGN_OR_RETURN(const auto bytes, Seal(&changes, &tip, decoded, After(tip.recorded, clock)));
  return ParseRecord(bytes);
}

}  // namespace fundtrail::log
