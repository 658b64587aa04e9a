// A ledger's folder on disk: making, opening and backing it up, and preparing the key that is to replace the ledger's.
//
// A ledger is a folder:  store/  the rows (RocksDB)            signing.key       the ledger's own key, 0600
//                        vkey    its verification key, to      signing.key.next  the one that is prepared to replace it,
//                                publish                                         when there is one; 0600
//                        cosigned  the newest checkpoint that witnesses cosigned, when any did (cosigned.h)
//                        log-url   where else its log is kept, if it is (attached.h)
//                        log-line  what is known of that log (known_line.h)
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/attached.h"
#include "ledger/log/ledger.h"
#include "ledger/store/store.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::folder {

// Makes the folder, its own signing key and record 0. ALREADY_EXISTS when DIR exists and is not empty.
// A half-made folder is removed on failure.
StatusOr<std::unique_ptr<log::Ledger>> CreateFolder(const std::string& dir, const std::string& name,
                                                    ByteView genesis, const log::Clock& clock,
                                                    const crypto::RandomSource& random);
// NOT_FOUND when DIR is not a ledger; UNAVAILABLE when another has it open to write, see folder_lock.h. `wrap`, when
// given, gets the folder's store and gives the one to use. Finishes a rotation of the ledger's key that a crash
// interrupted after its record was written. With signing.key.next and no signing.key, the ledger is opened without its
// key, to rotate it.
// FAILED_PRECONDITION when its log is kept in a database too (attached.h): whoever wrote to the folder alone would make a
// second history.
using WrapStore = std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>)>;
StatusOr<std::unique_ptr<log::Ledger>> OpenFolder(const std::string& dir, const WrapStore& wrap = {});
// The same of a folder whose log is kept elsewhere too, or is to be. `catch_up` brings its rows up to that log, before the
// ledger's key is looked for: the log may have its rotation. It is given how the ledger signs the checkpoint of what it
// makes, with the key that `rows` name.
using SignRows =
    std::function<StatusOr<std::string>(const store::Reader& rows, const tree::Checkpoint& checkpoint)>;
using CatchUp = std::function<Status(store::Store* rows, const SignRows& sign)>;
StatusOr<std::unique_ptr<log::Ledger>> OpenFolderAfter(const std::string& dir, const CatchUp& catch_up,
                                                       const WrapStore& wrap = {});
// The same in steps, for whoever follows that log for a while before the ledger is opened on the rows, if ever.
class FolderLock;
struct WrittenFolder {
  std::string dir;
  std::shared_ptr<FolderLock> lock;    // as long as this or the rows live
  std::shared_ptr<store::Store> rows;  // read by anyone, written by one
};
StatusOr<WrittenFolder> OpenWritten(const std::string& dir, const WrapStore& wrap = {});
// Whether the ledger's key may become this one, beside what its key ring says; empty: it may.
using MayRotateTo = std::function<Status(const crypto::PublicKey& key)>;
// The ledger on these rows, as OpenFolder gives it. Nobody else may write them from then on.
StatusOr<std::unique_ptr<log::Ledger>> LedgerOn(const WrittenFolder& folder, const MayRotateTo& may = {});
// How the ledger signs with the keys in its folder. FAILED_PRECONDITION when the folder does not have the one in force.
SignRows SignerOf(const std::string& dir);
// When a rotation came into the rows: the prepared key takes its place, and the file `vkey` is written anew. The errors of
// OpenFolder when the folder does not have the key that the rows name.
Status FollowRotation(const WrittenFolder& folder);
// The public halves of signing.key and signing.key.next, of those that are there.
StatusOr<std::vector<crypto::PublicKey>> KeysIn(const std::string& dir);
// The rows alone, read only, beside a writer or not. Never writes to the folder. DATA_LOSS when there are rows that no
// ledger has (log::CheckKinds); UNIMPLEMENTED when this program does not know the rules in force (log::CheckRules).
StatusOr<std::unique_ptr<store::Store>> OpenFolderToRead(const std::string& dir);
// The same without a look at the rows, for a verifier, who tells what is wrong with them.
StatusOr<std::unique_ptr<store::Store>> OpenFolderToVerify(const std::string& dir);
// A backup of a ledger that may be in use: a folder `dir`/<size> that opens and verifies like the ledger itself. The
// writer may go on, and other processes may make backups into `dir` too. Without the signing key: whoever restores it
// puts the key beside it. Answers the folder's path; what dead processes left half-made is removed, and a folder of
// that name is never half-made. ALREADY_EXISTS when there is a backup of that size. `cosigned`: the folder's, read
// before, to go with it. So does `attached` (attached.h): what is restored takes the rest from that log, and makes no second
// history.
StatusOr<std::string> BackUpFolder(const log::Ledger& ledger, const std::string& dir,
                                   const std::optional<std::string>& cosigned = std::nullopt,
                                   const std::optional<Attached>& attached = std::nullopt);
// Makes the key that is to replace the ledger's: DIR/signing.key.next. Beside a running writer or not; nothing is
// replaced yet, and one that was prepared before stays. `old_key_lost`: there is no signing.key, and so no endorsement.
struct Prepared {
  std::string ledger, root_party;
  v1::RotateLedgerKey rotation;  // what the root quorum signs
  std::string vkey;              // of the new key, to publish
  bool made = false;             // now; else it was there
};
StatusOr<Prepared> PrepareKey(const std::string& dir, bool old_key_lost, const crypto::RandomSource& random);
// The same of a key that was prepared before. NOT_FOUND when none was.
StatusOr<Prepared> FindPrepared(const std::string& dir);
// The key ring of a ledger in that folder, to ask what is prepared: it adopts nothing.
log::KeyRing RingOf(const std::string& dir);

// The verification key that the folder states (from its file `vkey`).
StatusOr<std::string> ReadVkey(const std::string& dir);

}  // namespace fundtrail::folder
