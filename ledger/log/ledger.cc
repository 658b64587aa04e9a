// See ledger.h.
#include "ledger/log/ledger.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/parallel.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/bounds.h"
#include "ledger/model/ledger_key.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::log {

namespace keys = model::keys;

namespace {

// Decoding and checking signatures needs no state, so a group is spread over the cores.
std::vector<Candidate> DecodeAll(const std::vector<Bytes>& signed_entries) {
  std::vector<Candidate> decoded(signed_entries.size());
  OnAllCores(signed_entries.size(),
             [&](std::size_t i) { decoded[i].decoded = model::DecodeSignedEntry(signed_entries[i]); });
  return decoded;
}

// The record under which this entry was recorded, as its `row` says.
StatusOr<StoredRecord> RecordUnder(const store::Reader& state, const EntryIdRow& row, const v1::Entry& entry,
                                   ByteView entry_bytes) {
  FT_ASSIGN_OR_RETURN(auto stored, NeedRecord(state, row.record));
  if (stored.record.signed_entry().entry() != entry_bytes)
    return model::Damaged(keys::EntryId(entry.author(), entry.id()), "names a record of another entry");
  return stored;
}

Receipt FirstReceipt(const StoredRecord& stored, RecordIndex record) {
  return {record, Timestamp(stored.record.recorded_micros()), tree::LeafHash(stored.bytes), "", true};
}

// The same entry again: its first receipt. The same id with other bytes: refused. New: nothing.
StatusOr<std::optional<Receipt>> FindRepeated(const store::Reader& state,
                                              const model::DecodedEntry& decoded) {
  FT_ASSIGN_OR_RETURN(const auto row, FindEntryId(state, decoded.entry.author(), decoded.entry.id()));
  if (!row.has_value()) return std::optional<Receipt>();
  if (row->entry_hash != crypto::Sha256(decoded.signed_entry.entry())) {
    return model::Refuse(v1::REFUSAL_CODE_ID_REUSED, "id",
                         absl::StrCat("party ", decoded.entry.author(),
                                      " used this id for another entry, record ", row->record.value()));
  }
  FT_ASSIGN_OR_RETURN(const auto stored,
                      RecordUnder(state, *row, decoded.entry, decoded.signed_entry.entry()));
  return std::optional(FirstReceipt(stored, row->record));
}

// The receipt of exactly these bytes, signatures and all, when they are recorded. All else is nothing here: what has
// other signatures must have them verified before anything is said of it.
StatusOr<std::optional<Receipt>> FindRecorded(const store::Reader& rows, const model::DecodedEntry& parsed) {
  const v1::Entry& entry = parsed.entry;
  if (!model::IsValidId(entry.author()) || entry.id().size() != model::kEntryIdBytes)
    return std::optional<Receipt>();
  const std::string& entry_bytes = parsed.signed_entry.entry();
  FT_ASSIGN_OR_RETURN(const auto row, FindEntryId(rows, entry.author(), entry.id()));
  if (!row.has_value() || row->entry_hash != crypto::Sha256(entry_bytes)) return std::optional<Receipt>();
  FT_ASSIGN_OR_RETURN(const auto stored, RecordUnder(rows, *row, entry, entry_bytes));
  if (model::SerialiseDeterministic(stored.record.signed_entry()) != parsed.signed_bytes)
    return std::optional<Receipt>();
  return std::optional(FirstReceipt(stored, row->record));
}

// The key that a rotation replaces the ledger's `present` one with, or the refusal that it cannot.
StatusOr<crypto::SigningKey> NewKey(const model::RotationIn& in, const crypto::PublicKey& present,
                                    const KeyRing& ring) {
  if (in.rotation->old_key() != present.view()) {
    return model::Refuse(v1::REFUSAL_CODE_KEY_UNKNOWN, in.field + ".old_key",
                         absl::StrCat("the ledger's key at this point of the log is ", present.hex()));
  }
  const auto missing = [&](std::string_view why) {
    return model::Refuse(v1::REFUSAL_CODE_KEY_UNKNOWN, in.field + ".new_key", why);
  };
  if (!ring.prepared) return missing("this ledger has no place to keep another key");
  FT_ASSIGN_OR_RETURN(const auto wanted, crypto::PublicKey::FromBytes(in.rotation->new_key()));
  auto key = ring.prepared(wanted);
  if (!key.ok()) return missing(std::string(key.status().message()));
  return key;
}

// A ledger that this program adopted other rules for than it knows could not be gone on with.
Status MayAdopt(const v1::Entry& entry, books::Rulebook known) {
  for (int i = 0; i < entry.actions_size(); ++i) {
    const v1::Action& action = entry.actions(i);
    const std::uint32_t version = action.has_genesis()       ? action.genesis().rules()
                                  : action.has_adopt_rules() ? action.adopt_rules().version()
                                                             : 1;
    const Status found = books::FindRules(known, version).status();
    if (!found.ok())
      return model::Refuse(
          v1::REFUSAL_CODE_RULES_UNKNOWN,
          absl::StrCat("actions[", i, "].", action.has_genesis() ? "genesis.rules" : "adopt_rules.version"),
          std::string(found.message()));
  }
  return absl::OkStatus();
}

Timestamp After(Timestamp last, const Clock& clock) {
  return std::max(clock(), Timestamp(last.micros() + 1));
}

}  // namespace

Candidate Examine(const store::Reader& rows, ByteView signed_entry) {
  Candidate candidate;
  auto parsed = model::ParseSignedEntry(signed_entry);
  if (parsed.ok()) {
    auto recorded = FindRecorded(rows, *parsed);
    // What cannot be looked up is looked up again in its turn, and told then.
    if (recorded.ok()) candidate.recorded = *std::move(recorded);
    if (candidate.recorded.has_value()) return candidate;
    if (Status checked = model::CheckParsed(&*parsed); !checked.ok()) parsed = std::move(checked);
  }
  candidate.decoded = std::move(parsed);
  return candidate;
}

Candidate ExamineJudged(ByteView signed_entry, std::shared_ptr<const Judged> judged) {
  Candidate candidate;
  candidate.decoded = model::DecodeSignedEntry(signed_entry);
  candidate.judged = std::move(judged);
  return candidate;
}

Clock SystemClock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Timestamp(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  };
}

std::string Ledger::vkey() const {
  const auto verifier = tree::MakeVerifier(name_, tree::KeyType::kEd25519, public_key_);
  assert(verifier.ok());  // a ledger's name is a key's: model::IsValidLedgerName
  return tree::FormatVkey(*verifier);
}

StatusOr<std::unique_ptr<Ledger>> Ledger::Create(std::unique_ptr<store::Store> store, std::string name,
                                                 crypto::SigningKey key, ByteView genesis, const Clock& clock,
                                                 KeyRing ring, books::Rulebook known) {
  const crypto::PublicKey public_key = key.public_key();
  std::unique_ptr<Ledger> ledger(
      new Ledger(std::move(store), std::move(name), public_key, std::move(key), std::move(ring), known));
  const auto row = ledger->store_->Scan("", "");
  FT_RETURN_IF_ERROR(row->status());
  if (row->Valid()) return absl::AlreadyExistsError("the store of a new ledger must be empty");
  FT_ASSIGN_OR_RETURN(const auto decoded, model::DecodeSignedEntry(genesis));
  if (decoded.entry.ledger() != ledger->name_) {
    return model::Refuse(v1::REFUSAL_CODE_WRONG_LEDGER, "ledger", "genesis names another ledger");
  }
  FT_RETURN_IF_ERROR(ledger->AppendOne(genesis, clock).status());
  return ledger;
}

StatusOr<std::unique_ptr<Ledger>> Ledger::Open(std::unique_ptr<store::Store> store, crypto::SigningKey key,
                                               KeyRing ring, books::Rulebook known) {
  const crypto::PublicKey public_key = key.public_key();
  return OpenWith(std::move(store), public_key, std::move(key), std::move(ring), known);
}

StatusOr<std::unique_ptr<Ledger>> Ledger::OpenWithoutKey(std::unique_ptr<store::Store> store,
                                                         const crypto::PublicKey& key, KeyRing ring) {
  return OpenWith(std::move(store), key, std::nullopt, std::move(ring), books::KnownRules());
}

StatusOr<std::unique_ptr<Ledger>> Ledger::OpenWith(std::unique_ptr<store::Store> store,
                                                   const crypto::PublicKey& public_key,
                                                   std::optional<crypto::SigningKey> key, KeyRing ring,
                                                   books::Rulebook known) {
  FT_ASSIGN_OR_RETURN(auto head, LoadHead(*store, public_key, known));
  if (head.key != public_key)
    return absl::DataLossError(
        absl::StrCat("the ledger's key was rotated: it is ", head.key.hex(), ", not ", public_key.hex()));
  std::unique_ptr<Ledger> ledger(
      new Ledger(std::move(store), head.name, public_key, std::move(key), std::move(ring), known));
  ledger->tip_ = std::move(head.tip);
  ledger->checkpoint_ = std::move(head.checkpoint);
  return ledger;
}

std::vector<StatusOr<Receipt>> Ledger::Append(const std::vector<Bytes>& signed_entries, const Clock& clock) {
  // 1. Decode and verify signatures, on all cores. A crash until step 4 leaves nothing: no row is written.
  const auto decoded = DecodeAll(signed_entries);
  return AppendEach(
      [&, i = std::size_t{0}]() mutable { return i < decoded.size() ? &decoded[i++] : nullptr; }, clock);
}

std::vector<StatusOr<Receipt>> Ledger::AppendEach(const std::function<const Candidate*()>& next,
                                                  const Clock& clock) {
  const auto made = Make(next, clock);
  return WriteMade(made.get());
}

std::unique_ptr<Made> Ledger::Make(const std::function<const Candidate*()>& next, const Clock& clock,
                                   const Made* before) {
  std::unique_ptr<Made> made(before == nullptr ? new Made(*store_, tip_)
                                               : new Made(before->changes, before->tip));
  // What is beside a write knows nothing of how that ends: IsNext asks.
  const Status broken = before == nullptr ? broken_ : absl::OkStatus();
  const Status old_ones = before == nullptr && broken.ok() ? ConfirmNewest() : absl::OkStatus();
  if (!old_ones.ok()) {
    while (next() != nullptr) made->receipts.push_back(old_ones);
    return made;
  }

  // 2. Sequence, apply the rules and seal, one after another, in memory.
  while (const Candidate* const one = next()) {
    made->receipts.push_back(!broken.ok()                ? broken
                             : one->recorded.has_value() ? StatusOr<Receipt>(*one->recorded)
                             : one->decoded.ok() ? Take(made.get(), *one->decoded, one->judged.get(), clock)
                                                 : one->decoded.status());
  }

  // 3. Sign one checkpoint for all of them. Where others keep the log too, they have the records first.
  if (made->adds() && replicated_ == nullptr) {
    auto checkpoint = Sign(*made);
    if (checkpoint.ok()) {
      made->checkpoint = *std::move(checkpoint);
      made->changes.Put(keys::Checkpoint(), *made->checkpoint);
    } else {  // as if nothing of it had come
      std::unique_ptr<Made> none(before == nullptr ? new Made(*store_, tip_)
                                                   : new Made(before->changes, before->tip));
      none->receipts.assign(made->receipts.size(), checkpoint.status());
      return none;
    }
  }
  return made;
}

StatusOr<Receipt> Ledger::Take(Made* made, const model::DecodedEntry& decoded, const Judged* judged,
                               const Clock& clock) {
  FT_ASSIGN_OR_RETURN(const auto repeated, FindRepeated(made->changes, decoded));
  if (repeated.has_value()) return *repeated;
  FT_RETURN_IF_ERROR(MayAdopt(decoded.entry, known_));
  // What was judged for this very place is not judged again.
  if (judged != nullptr && !IsAt(*judged, made->tip, decoded)) judged = nullptr;
  const Timestamp recorded = judged != nullptr ? judged->place.recorded : After(made->tip.recorded, clock);
  // One that is refused leaves nothing of it.
  const bool is_first = made->changes.pending().empty();
  if (!is_first) made->changes.Try();
  auto record = SealInto(made, decoded, judged, recorded);
  if (!is_first) {
    record.ok() ? made->changes.Keep() : made->changes.TakeBack();
  } else if (!record.ok()) {
    made->changes.Discard();
  }
  if (!record.ok()) return record.status();
  if (replicated_ != nullptr) made->records.push_back(*std::move(record));
  return Receipt{RecordIndex(made->tip.tree.size() - 1), recorded, made->tip.previous, "", false};
}

// When it fails the tip is as it was, and the rows are to be taken back.
StatusOr<Bytes> Ledger::SealInto(Made* made, const model::DecodedEntry& decoded, const Judged* judged,
                                 Timestamp recorded) {
  const auto rotation = model::FindRotation(decoded.entry);
  const std::optional<Tip> before = rotation.has_value() ? std::optional<Tip>(made->tip) : std::nullopt;
  FT_ASSIGN_OR_RETURN(
      Bytes record, judged != nullptr ? SealJudged(&made->changes, &made->tip, decoded, *judged)
                                      : Seal(&made->changes, &made->tip, decoded, recorded, known_, &items_));
  if (rotation.has_value()) {
    auto key =
        NewKey(*rotation, made->rotated.has_value() ? made->rotated->public_key() : public_key_, ring_);
    if (!key.ok()) {
      made->tip = *before;
      return key.status();
    }
    made->rotated = *std::move(key);
  }
  return record;
}

StatusOr<std::string> Ledger::Sign(const Made& made) const {
  const auto& key = made.rotated.has_value() ? made.rotated : key_;
  if (!key.has_value())
    return absl::FailedPreconditionError(
        "the ledger's key is lost: nothing can be recorded before it is rotated");
  return tree::SignCheckpoint({name_, made.tip.tree.size(), made.tip.tree.Root(), {}}, *key);
}

// With another key to sign with, or others to be heard, what comes after a group must wait for its end.
bool Ledger::MayGoOnFrom(const Made& made) const {
  return replicated_ == nullptr && !confirm_ && !made.rotated.has_value();
}

bool Ledger::IsNext(Made* made) const {
  if (!broken_.ok() || made->from != tip_.tree.size() || made->previous != tip_.previous) return false;
  made->changes.LieOn(*store_);
  return true;
}

std::vector<StatusOr<Receipt>> Ledger::WriteMade(Made* made) {
  auto receipts = std::move(made->receipts);
  if (made->adds()) {
    if (const Status written = WriteRows(made); !written.ok()) {
      std::fill(receipts.begin(), receipts.end(), written);
      return receipts;
    }
    tip_ = made->tip;
    checkpoint_ = *made->checkpoint;
    broken_ = absl::OkStatus();
    if (made->rotated.has_value()) Adopt(*std::move(made->rotated));
  }

  // 6. Only now the receipts, where others must confirm them when they have. A refusal waits for nobody.
  if (std::none_of(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.ok(); }))
    return receipts;
  const Status confirmed = ConfirmNewest();
  for (auto& receipt : receipts) {
    if (!receipt.ok()) continue;
    if (confirmed.ok()) {
      receipt->checkpoint = confirm_ ? confirmed_ : checkpoint_;
    } else {
      receipt = confirmed;
    }
  }
  return receipts;
}

Status Ledger::WriteRows(Made* made) {
  // 4. Where others keep the log too, they have the records first: what is signed is never forgotten.
  if (replicated_ != nullptr) {
    if (!made->rotated.has_value() && !key_.has_value()) return Sign(*made).status();
    broken_ = absl::UnavailableError("the ledger was left in the midst of a group; open it again");
    const Status kept = replicated_->Commit(made->records, made->tip.tree.Root(), checkpoint_);
    if (!kept.ok()) {
      broken_ = absl::UnavailableError(
          absl::StrCat("the log that others keep did not acknowledge it, so nothing was promised, though "
                       "it may be there: ",
                       "send the same again when the ledger is open again (", kept.message(), ")"));
      return broken_;
    }
    FT_ASSIGN_OR_RETURN(made->checkpoint, Sign(*made));
    made->changes.Put(keys::Checkpoint(), *made->checkpoint);
  }

  // 5. One atomic, synced write of records, tree, books, indexes and checkpoint. A crash here leaves all of
  // it or nothing; the authors have no receipts yet, and learn which when they send the same ids again. What others
  // keep can be had again, and need not be synced; but files of keys follow a rotation's record.
  broken_ = absl::UnavailableError("the ledger was left in the midst of a write; open it again");
  const bool kept_elsewhere = replicated_ != nullptr && !made->rotated.has_value();
  const store::Batch& rows = made->changes.pending();  // who goes on from it may look at them meanwhile
  const Status written = kept_elsewhere ? store_->WriteUnsynced(rows) : store_->Write(rows);
  if (!written.ok()) {
    broken_ = absl::UnavailableError(absl::StrCat(
        "the ledger could not be written, so nothing was promised; open it again (", written.message(), ")"));
    return broken_;
  }
  return absl::OkStatus();
}

// OK as well where nobody needs to.
Status Ledger::ConfirmNewest() {
  if (!confirm_ || confirmed_size_ == tip_.tree.size()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(confirmed_, confirm_(checkpoint_));
  confirmed_size_ = tip_.tree.size();
  return absl::OkStatus();
}

Status Ledger::Replicate(std::unique_ptr<Replicated> log) {
  const store::LogHead& head = log->head();
  if (head.ledger != name_)
    return absl::FailedPreconditionError(
        absl::StrCat("the log is that of ", head.ledger, ", not of ", name_));
  if (head.size != tip_.tree.size() || head.root != tip_.tree.Root())
    return absl::FailedPreconditionError(absl::StrCat("the log has ", head.size, " records, and the ledger ",
                                                      tip_.tree.size(), ": they are not the same"));
  replicated_ = std::move(log);
  return absl::OkStatus();
}

void Ledger::EndReplication() {
  broken_ = absl::UnavailableError("the server ends: send the same again when the ledger is open again");
  replicated_.reset();
}

// What a crash before the end of it leaves, OpenFolder finishes: the record says whose turn it is.
void Ledger::Adopt(crypto::SigningKey key) {
  public_key_ = key.public_key();
  key_ = std::move(key);
  if (!ring_.adopt) return;
  const Status adopted = ring_.adopt(vkey());
  if (adopted.ok()) return;
  broken_ = absl::UnavailableError(absl::StrCat(
      "the ledger's key was rotated, but the new one is not in its place; open the ledger again (",
      adopted.message(), ")"));
}

StatusOr<Receipt> Ledger::AppendOne(ByteView signed_entry, const Clock& clock) {
  return std::move(Append({Bytes(signed_entry)}, clock).front());
}

StatusOr<v1::Record> TryEntry(const store::Reader& rows, ByteView signed_entry, const Clock& clock,
                              const KeyRing& ring) {
  FT_ASSIGN_OR_RETURN(const auto decoded, model::DecodeSignedEntry(signed_entry));
  store::Overlay changes(rows);
  FT_ASSIGN_OR_RETURN(const auto repeated, FindRepeated(changes, decoded));
  if (repeated.has_value()) {
    FT_ASSIGN_OR_RETURN(auto stored, NeedRecord(changes, repeated->record));
    return std::move(stored.record);
  }
  FT_RETURN_IF_ERROR(MayAdopt(decoded.entry, books::KnownRules()));
  FT_ASSIGN_OR_RETURN(const auto checkpoint, ReadUnverifiedCheckpoint(rows));
  FT_ASSIGN_OR_RETURN(Tip tip, LoadTip(rows, checkpoint.size));
  FT_ASSIGN_OR_RETURN(const auto bytes, Seal(&changes, &tip, decoded, After(tip.recorded, clock)));
  if (const auto rotation = model::FindRotation(decoded.entry); rotation.has_value()) {
    // The rules compared old_key with the rows; before a first rotation, only the checkpoint tells whose it is.
    FT_ASSIGN_OR_RETURN(const auto old_key, crypto::PublicKey::FromBytes(rotation->rotation->old_key()));
    if (!LoadHead(rows, old_key).ok()) {
      return model::Refuse(v1::REFUSAL_CODE_KEY_UNKNOWN, rotation->field + ".old_key",
                           "this is not the ledger's key at this point of the log");
    }
    if (ring.prepared) FT_RETURN_IF_ERROR(NewKey(*rotation, old_key, ring).status());
  }
  return ParseRecord(bytes);
}

}  // namespace fundtrail::log
