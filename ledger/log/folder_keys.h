// The keys in a ledger's folder, for folder.cc and folder_keys.cc: which is the ledger's, and how the next takes its place.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/store/store.h"

namespace fundtrail::log {

std::string KeyPath(const std::string& dir);
std::string NextKeyPath(const std::string& dir);
std::string VkeyPath(const std::string& dir);

std::string VkeyOf(const std::string& ledger, const crypto::PublicKey& key);
Status WriteVkey(const std::string& dir, const std::string& vkey);

struct FolderKeys {
  std::optional<crypto::SigningKey> own;  // none: it is lost
  crypto::PublicKey present;              // the public half
};
// The key that the rows name, or that there is when they name none. When the rows name the prepared one, a crash came
// between the record and the files: it is put in its place. For whoever holds the store to write. INVALID_ARGUMENT when
// the folder has another key than the rows name.
StatusOr<FolderKeys> LoadKeys(const std::string& dir, const store::Reader& rows);

}  // namespace fundtrail::log
