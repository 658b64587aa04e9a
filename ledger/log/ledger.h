// A ledger on this machine: the recipe by which entries become records, and opening after a crash.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/record.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/log/head.h"
#include "ledger/log/replicated.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/store/overlay.h"
#include "ledger/store/store.h"

namespace fundtrail::log {

using Clock = std::function<Timestamp()>;
Clock SystemClock();

// What an author gets for an entry: where it stands, and the checkpoint that commits to it.
struct Receipt {
  RecordIndex record;
  Timestamp recorded;
  Hash leaf_hash;
  std::string checkpoint;  // a signed note
  bool repeated = false;   // the ledger had this entry before
};

// An entry that was looked into before its turn comes. Bytes that the ledger has recorded already have their receipt,
// without a checkpoint still. Their signatures were verified then, and nothing that comes can change it. Of all others,
// what model::DecodeSignedEntry says.
struct Candidate {
  StatusOr<model::DecodedEntry> decoded = absl::UnknownError("not decoded");
  std::optional<Receipt> recorded;
  std::shared_ptr<const Judged> judged = nullptr;  // null: the rules are asked when its turn comes
};
// Safe on many threads, beside the one that appends.
Candidate Examine(const store::Reader& rows, ByteView signed_entry);
// The same for one that was judged, which whoever did so knows to be new.
Candidate ExamineJudged(ByteView signed_entry, std::shared_ptr<const Judged> judged);

// Where a rotation of the ledger's key finds the new one, and what is done when it has become the ledger's.
struct KeyRing {
  // The prepared key with this public half; or an error that says why there is none.
  std::function<StatusOr<crypto::SigningKey>(const crypto::PublicKey&)> prepared;
  // Called when the record is on the disk: the prepared key, of this vkey, is the ledger's from now on.
  std::function<Status(const std::string& vkey)> adopt;
};

// A group of entries that the rules have judged, sealed in memory and not written yet. Ledger::Make makes it.
class Made {
 public:
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

 private:
  friend class Ledger;
  Made(const store::Reader& rows, const Tip& before)
      : changes(rows), from(before.tree.size()), previous(before.previous), tip(before) {}

  std::vector<StatusOr<Receipt>> receipts;    // without a checkpoint still
  store::Overlay changes;                     // over the rows of the ledger, or of the group before
  const std::uint64_t from;                   // the size of the tree before it
  const Hash previous;                        // and the hash of the last record
  Tip tip;                                    // after it
  std::vector<Bytes> records;                 // where others keep the log too
  std::optional<crypto::SigningKey> rotated;  // to this key, by the last entry that does
  std::optional<std::string> checkpoint;      // signed, when it is time
  bool adds() const { return tip.tree.size() > from; }
};

// Guards the one writer's state. Not thread-safe: one thread appends. Readers take Snapshot().
class Ledger {
 public:
  // `store` must be empty; `genesis` a signed entry with the genesis action. Writes record 0.
  static StatusOr<std::unique_ptr<Ledger>> Create(std::unique_ptr<store::Store> store, std::string name,
                                                  crypto::SigningKey key, ByteView genesis,
                                                  const Clock& clock, KeyRing ring = {},
                                                  books::Rulebook known = books::KnownRules());
  // Opens what a crash or a clean stop left: both are the same. DATA_LOSS when the checkpoint is not by `key`
  // or does not fit the rows; UNIMPLEMENTED when its rules are not `known`.
  static StatusOr<std::unique_ptr<Ledger>> Open(std::unique_ptr<store::Store> store, crypto::SigningKey key,
                                                KeyRing ring = {},
                                                books::Rulebook known = books::KnownRules());
  // The same when the ledger's key is lost, of which `key` is the public half. Every append is FAILED_PRECONDITION but
  // one of a group with a rotation to a prepared key.
  static StatusOr<std::unique_ptr<Ledger>> OpenWithoutKey(std::unique_ptr<store::Store> store,
                                                          const crypto::PublicKey& key, KeyRing ring);

  // Appends the entries in order, in one synced write, under one checkpoint; only then answers. One result for each: a
  // receipt, a refusal (it does not stop the others), or the failure of the write for all. After a failed write the
  // ledger refuses all further appends (UNAVAILABLE): open it again. An entry that rotates the ledger's key must name
  // the key that it has (KEY_UNKNOWN), and one that the key ring holds (KEY_UNKNOWN). The group's checkpoint is then
  // signed with that one. Rules that are not `known` are not adopted (RULES_UNKNOWN).
  std::vector<StatusOr<Receipt>> Append(const std::vector<Bytes>& signed_entries, const Clock& clock);
  // The same for entries that were looked into elsewhere (Examine): takes one after another from `next`, until it gives a
  // null pointer, and then writes. Who decides meanwhile what comes next, and when it is enough, is `next`. One that
  // could not be decoded gets its refusal back.
  std::vector<StatusOr<Receipt>> AppendEach(const std::function<const Candidate*()>& next,
                                            const Clock& clock);
  StatusOr<Receipt> AppendOne(ByteView signed_entry, const Clock& clock);

  // AppendEach in two steps, so that a group can be made while the one before it is written, by another thread. Make takes the
  // entries and seals them in memory; WriteMade writes them, and answers. Without `before` Make needs the ledger for itself, as
  // AppendEach does. With it the group goes behind `before`, of which MayGoOnFrom holds: then it may run beside WriteMade of that one.
  std::unique_ptr<Made> Make(const std::function<const Candidate*()>& next, const Clock& clock,
                             const Made* before = nullptr);
  // Whether a group can be made behind this one before it is written.
  bool MayGoOnFrom(const Made& made) const;
  // When the group before it has been dealt with: whether this one goes right behind what the ledger has. Then it lets go of the one
  // before. If not, it means nothing: make it again.
  bool IsNext(Made* made) const;
  std::vector<StatusOr<Receipt>> WriteMade(Made* made);

  // From now on a group of records is in that log, too, before its checkpoint is signed (replicated.h). FAILED_PRECONDITION
  // when the log does not stand where this ledger does.
  Status Replicate(std::unique_ptr<Replicated> log);

  // From now on others confirm the newest checkpoint before anybody gets a receipt: `confirm` gives the note that receipts
  // carry, or says why there are none now. What it does not confirm is recorded all the same, and whoever sends it again is
  // asked for anew. Until then nothing more is recorded. Called by the thread that appends.
  using Confirm = std::function<StatusOr<std::string>(const std::string& checkpoint)>;
  void GiveReceiptsAfter(Confirm confirm) { confirm_ = std::move(confirm); }

  // Lets go of that log: every append is UNAVAILABLE from now on.
  void EndReplication();

  const std::string& name() const { return name_; }
  // The key that signs now: for the thread that appends. What any thread may read is the key at opening.
  const crypto::PublicKey& public_key() const { return public_key_; }
  const crypto::PublicKey& opened_with() const { return opened_with_; }
  std::string vkey() const;
  std::uint64_t size() const { return tip_.tree.size(); }
  const std::string& checkpoint() const { return checkpoint_; }
  const store::Store& store() const { return *store_; }

 private:
  Ledger(std::unique_ptr<store::Store> store, std::string name, const crypto::PublicKey& public_key,
         std::optional<crypto::SigningKey> key, KeyRing ring, books::Rulebook known)
      : store_(std::move(store)),
        name_(std::move(name)),
        public_key_(public_key),
        opened_with_(public_key),
        key_(std::move(key)),
        ring_(std::move(ring)),
        known_(known) {}
  static StatusOr<std::unique_ptr<Ledger>> OpenWith(std::unique_ptr<store::Store> store,
                                                    const crypto::PublicKey& public_key,
                                                    std::optional<crypto::SigningKey> key, KeyRing ring,
                                                    books::Rulebook known);

  StatusOr<Receipt> Take(Made* made, const model::DecodedEntry& decoded, const Judged* judged,
                         const Clock& clock);
  StatusOr<Bytes> SealInto(Made* made, const model::DecodedEntry& decoded, const Judged* judged,
                           Timestamp recorded);
  // Of the group, with the new key if the ledger gets one.
  StatusOr<std::string> Sign(const Made& made) const;
  Status WriteRows(Made* made);
  void Adopt(crypto::SigningKey key);
  Status ConfirmNewest();

  std::unique_ptr<store::Store> store_;
  std::string name_;
  crypto::PublicKey public_key_;
  const crypto::PublicKey opened_with_;
  std::optional<crypto::SigningKey> key_;  // of public_key_; none when it is lost
  KeyRing ring_;
  const books::Rulebook known_;
  Tip tip_;
  std::string checkpoint_;
  std::unique_ptr<Replicated> replicated_;  // null: the log is here alone
  Status broken_;                           // set by a failed write
  books::Items items_;                      // for the rules, from one entry to the next
  Confirm confirm_;                   // empty: what is under a checkpoint of the ledger's own is promised
  std::string confirmed_;             // what it gave for the newest checkpoint
  std::uint64_t confirmed_size_ = 0;  // and the records under that
};

// What Append would do with this entry on these rows, without doing it: the record it would make, or the refusal. Without
// a key ring it is not asked whether the key of a rotation is prepared.
StatusOr<v1::Record> TryEntry(const store::Reader& rows, ByteView signed_entry, const Clock& clock,
                              const KeyRing& ring = {});

}  // namespace fundtrail::log
