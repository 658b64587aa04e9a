// The keys in a ledger's folder, for open_folder.cc and folder_keys.cc: which is the ledger's, and how the next takes
// its place.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/folder_lock.h"
#include "ledger/log/ledger.h"
#include "ledger/store/store.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::folder {

std::string VkeyOf(const std::string& ledger, const crypto::PublicKey& key);
Status WriteVkey(const std::string& dir, const std::string& vkey);

struct FolderKeys {
  std::optional<crypto::SigningKey> own;  // none: it is lost
  crypto::PublicKey present;              // the public half
};
// The key that the rows name, or that there is when they name none. When the rows name the prepared one, a crash came
// between the record and the files: it is put in its place. For whoever has the folder. INVALID_ARGUMENT when the folder
// has another key than the rows name.
StatusOr<FolderKeys> LoadKeys(const std::string& dir, const store::Reader& rows, FolderLock* lock);

// The checkpoint, signed with the key of the folder that the rows name, or that the file `vkey` states when they name none. No
// file is changed. FAILED_PRECONDITION when the folder does not have it.
StatusOr<std::string> SignAs(const std::string& dir, const store::Reader& rows,
                             const tree::Checkpoint& checkpoint);

// The key ring of a ledger in that folder, for its writer: a key that comes into its place is locked before.
log::KeyRing WritersRing(const std::string& dir, std::shared_ptr<FolderLock> lock);

}  // namespace fundtrail::folder
