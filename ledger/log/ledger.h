// A ledger on this machine: the recipe by which entries become records, and opening after a crash.
//
// A ledger is a folder:  store/  the rows (RocksDB)      signing.key  the ledger's own key, 0600
//                        vkey    its verification key, to publish
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fundtrail/v1/record.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
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

// Guards the one writer's state. Not thread-safe: one thread appends. Readers take Snapshot().
class Ledger {
 public:
  // `store` must be empty; `genesis` a signed entry with the genesis action. Writes record 0.
  static StatusOr<std::unique_ptr<Ledger>> Create(std::unique_ptr<store::Store> store, std::string name,
                                                  crypto::SigningKey key, ByteView genesis,
                                                  const Clock& clock);
  // Opens what a crash or a clean stop left: both are the same. DATA_LOSS when the checkpoint is not by `key`
  // or does not fit the rows.
  static StatusOr<std::unique_ptr<Ledger>> Open(std::unique_ptr<store::Store> store, crypto::SigningKey key);

  // Appends the entries in order, in one synced write, under one checkpoint; only then answers. One result
  // for each: a receipt, a refusal (it does not stop the others), or the failure of the write for all. After
  // a failed write the ledger refuses all further appends (UNAVAILABLE): open it again.
  std::vector<StatusOr<Receipt>> Append(const std::vector<Bytes>& signed_entries, const Clock& clock);
  // The same for entries that were decoded elsewhere (model::DecodeSignedEntry); one that could not be gets its
  // refusal back.
  std::vector<StatusOr<Receipt>> AppendDecoded(const std::vector<StatusOr<model::DecodedEntry>>& decoded,
                                               const Clock& clock);
  StatusOr<Receipt> AppendOne(ByteView signed_entry, const Clock& clock);

  const std::string& name() const { return name_; }
  const crypto::PublicKey& public_key() const { return key_.public_key(); }
  std::string vkey() const;
  std::uint64_t size() const { return tip_.tree.size(); }
  const std::string& checkpoint() const { return checkpoint_; }
  const store::Store& store() const { return *store_; }

 private:
  Ledger(std::unique_ptr<store::Store> store, std::string name, crypto::SigningKey key)
      : store_(std::move(store)), name_(std::move(name)), key_(std::move(key)) {}

  std::unique_ptr<store::Store> store_;
  std::string name_;
  crypto::SigningKey key_;
  Tip tip_;
  std::string checkpoint_;
  Status broken_;  // set by a failed write
};

// What a store stands for, when its checkpoint is signed by `key`, has the tree's root, and names the ledger that
// genesis does. DATA_LOSS when not.
struct Standing {
  std::string name;
  std::string checkpoint;  // a signed note
  Tip tip;
};
StatusOr<Standing> CheckStanding(const store::Reader& rows, const crypto::PublicKey& key);

// What Append would do with this entry on these rows, without doing it: the record it would make, or the refusal.
StatusOr<v1::Record> TryEntry(const store::Reader& rows, ByteView signed_entry, const Clock& clock);

// --- the folder --------------------------------------------------------------------------------------------

// Makes the folder, its own signing key and record 0. ALREADY_EXISTS when DIR exists and is not empty.
// A half-made folder is removed on failure.
StatusOr<std::unique_ptr<Ledger>> CreateFolder(const std::string& dir, const std::string& name,
                                               ByteView genesis, const Clock& clock,
                                               const crypto::RandomSource& random);
// NOT_FOUND when DIR is no ledger; UNAVAILABLE when another process writes to it. `wrap`, when there is one, is given
// the folder's store and gives the one to use.
using WrapStore = std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>)>;
StatusOr<std::unique_ptr<Ledger>> OpenFolder(const std::string& dir, const WrapStore& wrap = {});
// The rows alone, read only, beside a writer or not. Never writes to the folder.
StatusOr<std::unique_ptr<store::Store>> OpenFolderToRead(const std::string& dir);
// A backup of a ledger that may be in use: a folder `dir`/<size> that opens and verifies like the ledger itself, made
// beside its writer, and beside other processes' backups into `dir`. Without the signing key: whoever restores it puts
// the key beside it. Answers the folder's path; what dead processes left half-made is removed, and a folder of that name
// is never half-made. ALREADY_EXISTS when there is a backup of that size.
StatusOr<std::string> BackUpFolder(const Ledger& ledger, const std::string& dir);
// The verification key that the folder states (from its file `vkey`).
StatusOr<std::string> ReadVkey(const std::string& dir);

}  // namespace fundtrail::log
