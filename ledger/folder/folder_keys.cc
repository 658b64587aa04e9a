// See folder_keys.h, and of folder.h what prepares and rotates the ledger's key.
//
// A rotation, step by step, and what a crash before each leaves:
//   prepare   signing.key.next is made         a folder as it was
//   write     the record and its checkpoint    both keys; the rows name signing.key's, which signs on
//   rename    signing.key.next → signing.key   both keys; the rows name signing.key.next's: LoadKeys renames
//   vkey      the file is written anew         the old vkey: OpenFolder writes the new one
// The rename removes the old key in the same step. It may never sign again, and who steals it could still deceive readers
// who have only the old vkey.
#include "ledger/folder/folder_keys.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/books/state.h"
#include "ledger/crypto/key_file.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/folder_paths.h"
#include "ledger/log/ledger.h"
#include "ledger/model/ledger_key.h"
#include "ledger/tree/note.h"

namespace fundtrail::folder {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// Who comes for the new key finds it locked, as the old one was.
Status PutInPlace(const std::string& dir, FolderLock* lock) {
  FT_RETURN_IF_ERROR(lock->Add(NextKeyPath(dir)));
  if (std::rename(NextKeyPath(dir).c_str(), KeyPath(dir).c_str()) != 0)
    return absl::UnavailableError(
        absl::StrCat("cannot put ", NextKeyPath(dir), " in the place of signing.key"));
  return SyncPath(dir);
}

StatusOr<crypto::PublicKey> KeyInVkeyFile(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const std::string vkey, ReadVkey(dir));
  FT_ASSIGN_OR_RETURN(const auto verifier, tree::ParseVkey(vkey));
  return verifier.key;
}

}  // namespace

std::string VkeyOf(const std::string& ledger, const crypto::PublicKey& key) {
  const auto verifier = tree::MakeVerifier(ledger, tree::KeyType::kEd25519, key);
  return verifier.ok() ? tree::FormatVkey(*verifier) : "";  // a ledger's name is a key's
}

Status WriteVkey(const std::string& dir, const std::string& vkey) {
  return WriteFileAtomically(VkeyPath(dir), vkey + "\n");
}

StatusOr<FolderKeys> LoadKeys(const std::string& dir, const store::Reader& rows, FolderLock* lock) {
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(rows));
  FolderKeys keys;
  if (Exists(KeyPath(dir))) {
    FT_ASSIGN_OR_RETURN(keys.own, crypto::ReadKeyFile(KeyPath(dir), std::nullopt));
    keys.present = keys.own->public_key();
    if (history.empty() || keys.present == history.back().row.key) return keys;
  }
  if (history.empty()) {
    FT_ASSIGN_OR_RETURN(keys.present, KeyInVkeyFile(dir));
    return keys;
  }
  keys.present = history.back().row.key;
  if (Exists(NextKeyPath(dir))) {
    FT_ASSIGN_OR_RETURN(auto next, crypto::ReadKeyFile(NextKeyPath(dir), std::nullopt));
    if (next.public_key() == keys.present) {
      FT_RETURN_IF_ERROR(PutInPlace(dir, lock));
      keys.own = std::move(next);
      return keys;
    }
  }
  if (!keys.own.has_value()) return keys;
  return absl::InvalidArgumentError(absl::StrCat(KeyPath(dir), " is not the ledger's key any more: record ",
                                                 history.back().record.value(), " replaced it by ",
                                                 keys.present.hex(), ". Put that one in its place"));
}

StatusOr<std::string> SignAs(const std::string& dir, const store::Reader& rows,
                             const tree::Checkpoint& checkpoint) {
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(rows));
  crypto::PublicKey present;
  if (history.empty()) {
    FT_ASSIGN_OR_RETURN(present, KeyInVkeyFile(dir));
  } else {
    present = history.back().row.key;
  }
  for (const std::string& path : {KeyPath(dir), NextKeyPath(dir)}) {
    if (!Exists(path)) continue;
    FT_ASSIGN_OR_RETURN(const auto key, crypto::ReadKeyFile(path, std::nullopt));
    if (key.public_key() == present) return tree::SignCheckpoint(checkpoint, key);
  }
  return absl::FailedPreconditionError(absl::StrCat("the ledger's key in force at record ", checkpoint.size,
                                                    " is not in ", dir,
                                                    ": bring signing.key from the machine that signed last"));
}

SignRows SignerOf(const std::string& dir) {
  return [dir](const store::Reader& rows, const tree::Checkpoint& checkpoint) {
    return SignAs(dir, rows, checkpoint);
  };
}

Status FollowRotation(const WrittenFolder& folder) {
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*folder.rows));
  FT_ASSIGN_OR_RETURN(const auto keys, LoadKeys(folder.dir, *folder.rows, folder.lock.get()));
  const std::string vkey = VkeyOf(genesis.ledger(), keys.present);
  FT_ASSIGN_OR_RETURN(const std::string stated, ReadVkey(folder.dir));
  return stated == vkey ? absl::OkStatus() : WriteVkey(folder.dir, vkey);
}

StatusOr<std::vector<crypto::PublicKey>> KeysIn(const std::string& dir) {
  std::vector<crypto::PublicKey> keys;
  for (const std::string& path : {KeyPath(dir), NextKeyPath(dir)}) {
    if (!Exists(path)) continue;
    FT_ASSIGN_OR_RETURN(const auto key, crypto::ReadKeyFile(path, std::nullopt));
    keys.push_back(key.public_key());
  }
  return keys;
}

log::KeyRing RingOf(const std::string& dir) {
  log::KeyRing ring;
  ring.prepared = [dir](const crypto::PublicKey& wanted) -> StatusOr<crypto::SigningKey> {
    if (!Exists(NextKeyPath(dir)))
      return absl::NotFoundError(
          "the ledger's operator has prepared no key: `fundtrail --ledger DIR ledger-key prepare` does");
    auto key = crypto::ReadKeyFile(NextKeyPath(dir), std::nullopt);
    if (!key.ok())
      return absl::NotFoundError(absl::StrCat("the prepared key cannot be read: ", key.status().message()));
    if (key->public_key() == wanted) return key;
    return absl::NotFoundError(
        absl::StrCat("the key that the ledger's operator has prepared is ", key->public_key().hex()));
  };
  return ring;
}

log::KeyRing WritersRing(const std::string& dir, std::shared_ptr<FolderLock> lock) {
  log::KeyRing ring = RingOf(dir);
  ring.adopt = [dir, lock = std::move(lock)](const std::string& vkey) -> Status {
    FT_RETURN_IF_ERROR(PutInPlace(dir, lock.get()));
    return WriteVkey(dir, vkey);
  };
  return ring;
}

StatusOr<Prepared> FindPrepared(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const auto rows, OpenFolderToRead(dir));
  if (!Exists(NextKeyPath(dir)))
    return absl::NotFoundError(
        absl::StrCat(dir, " has no prepared key: `fundtrail --ledger DIR ledger-key prepare` makes it"));
  FT_ASSIGN_OR_RETURN(const auto next, crypto::ReadKeyFile(NextKeyPath(dir), std::nullopt));
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(*rows));
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*rows));
  Prepared prepared;
  prepared.ledger = genesis.ledger();
  prepared.root_party = genesis.root_party();
  prepared.vkey = VkeyOf(prepared.ledger, next.public_key());
  crypto::PublicKey present;
  if (Exists(KeyPath(dir))) {
    FT_ASSIGN_OR_RETURN(const auto own, crypto::ReadKeyFile(KeyPath(dir), std::nullopt));
    present = own.public_key();
    prepared.rotation.set_endorsement(
        Bytes(own.Sign(model::EndorsementText(prepared.ledger, next.public_key())).view()));
  } else if (history.empty()) {
    FT_ASSIGN_OR_RETURN(present, KeyInVkeyFile(dir));
  } else {
    present = history.back().row.key;
  }
  if (!history.empty() && present != history.back().row.key)
    return absl::FailedPreconditionError(
        absl::StrCat("signing.key in ", dir, " is not the key that record ", history.back().record.value(),
                     " names: start the server, or write to the ledger, which puts the key in its place"));
  prepared.rotation.set_old_key(Bytes(present.view()));
  prepared.rotation.set_new_key(Bytes(next.public_key().view()));
  return prepared;
}

StatusOr<Prepared> PrepareKey(const std::string& dir, bool old_key_lost, const crypto::RandomSource& random) {
  FT_RETURN_IF_ERROR(OpenFolderToRead(dir).status());
  if (Exists(KeyPath(dir)) == old_key_lost) {
    return absl::InvalidArgumentError(
        old_key_lost
            ? absl::StrCat(KeyPath(dir), " is there: the ledger's key is not lost")
            : absl::StrCat(dir,
                           " has no signing.key: is this a copy? If the ledger's key is lost for good, "
                           "give --lost"));
  }
  const bool there = Exists(NextKeyPath(dir));
  if (!there)
    FT_RETURN_IF_ERROR(
        crypto::WriteKeyFile(NextKeyPath(dir), crypto::SigningKey::Generate(random), std::nullopt, random));
  FT_ASSIGN_OR_RETURN(auto prepared, FindPrepared(dir));
  prepared.made = !there;
  return prepared;
}

}  // namespace fundtrail::folder
