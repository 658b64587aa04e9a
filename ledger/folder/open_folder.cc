// Making, opening and backing up a ledger's folder. See folder.h.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/base/own_folder.h"
#include "ledger/crypto/key_file.h"
#include "ledger/folder/attached.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/folder_keys.h"
#include "ledger/folder/folder_lock.h"
#include "ledger/folder/folder_paths.h"
#include "ledger/log/head.h"
#include "ledger/log/ledger.h"
#include "ledger/store/forwarding_store.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"
#include "ledger/store/snapshot_cache.h"

namespace fundtrail::folder {
namespace {

namespace fs = std::filesystem;

bool HoldsLedger(const std::string& dir) {
  std::error_code error;
  return fs::is_directory(StorePath(dir), error) && fs::is_regular_file(VkeyPath(dir), error);
}

Status CheckIsLedger(const std::string& dir) {
  if (HoldsLedger(dir)) return absl::OkStatus();
  if (const std::string below = (fs::path(dir) / "ledger").string(); HoldsLedger(below))
    return absl::NotFoundError(absl::StrCat(dir, " is not a ledger; did you mean ", below, "?"));
  return absl::NotFoundError(absl::StrCat(dir, " is not a ledger: make one with `fundtrail init`"));
}

Status CheckIsAlone(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const auto attached, ReadAttached(dir));
  if (!attached.has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the log of the ledger in ", dir, " is kept in ", attached->url,
                   " too, and this would make a second history: only a server of it adds records, until "
                   "`fundtrail --ledger DIR replicate detach`"));
}

constexpr std::size_t kRowCacheBytes = std::size_t{32} << 20;       // about 100,000 rows, for who writes
constexpr std::size_t kSnapshotCacheBytes = std::size_t{64} << 20;  // about 25,000 accounts, for who asks

StatusOr<std::unique_ptr<log::Ledger>> FillFolder(const std::string& dir, const std::string& name,
                                                  ByteView genesis, const log::Clock& clock,
                                                  const crypto::RandomSource& random,
                                                  const std::shared_ptr<FolderLock>& lock) {
  const crypto::SigningKey key = crypto::SigningKey::Generate(random);
  FT_RETURN_IF_ERROR(crypto::WriteKeyFile(KeyPath(dir), key, std::nullopt, random));
  FT_ASSIGN_OR_RETURN(auto store, store::OpenRocks(StorePath(dir), store::Access::kCreate));
  for (const std::string& made : {StorePath(dir), KeyPath(dir)}) FT_RETURN_IF_ERROR(lock->Add(made));
  store = WithFolderLock(std::move(store), lock);
  FT_ASSIGN_OR_RETURN(auto own_key, crypto::SigningKey::FromSeed(key.seed()));
  FT_ASSIGN_OR_RETURN(auto ledger, log::Ledger::Create(std::move(store), name, std::move(own_key), genesis,
                                                       clock, WritersRing(dir, lock)));
  FT_RETURN_IF_ERROR(WriteVkey(dir, ledger->vkey()));
  return ledger;
}

// Makes it in `part`, looks at what was made, and gives it its name.
StatusOr<std::string> FillBackup(const log::Ledger& ledger, const std::string& dir, const std::string& part,
                                 const std::optional<std::string>& cosigned,
                                 const std::optional<Attached>& attached) {
  FT_RETURN_IF_ERROR(ledger.store().CopyTo(StorePath(part)));
  if (cosigned.has_value()) FT_RETURN_IF_ERROR(WriteCosigned(part, *cosigned));
  if (attached.has_value()) FT_RETURN_IF_ERROR(WriteAttached(part, *attached));
  std::uint64_t size = 0;
  {
    // The key may be rotated while this goes on: the copy's own rows say which it has.
    FT_ASSIGN_OR_RETURN(const auto rows, store::OpenRocks(StorePath(part), store::Access::kReadOnly));
    FT_ASSIGN_OR_RETURN(const auto head, log::LoadHead(*rows, ledger.opened_with()));
    FT_RETURN_IF_ERROR(WriteVkey(part, VkeyOf(head.name, head.key)));
    size = head.tip.tree.size();
  }
  std::string path = absl::StrCat(dir, "/", size);
  std::error_code error;
  if (fs::exists(path, error)) return absl::AlreadyExistsError(absl::StrCat("there is a backup ", path));
  fs::rename(part, path, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", error.message()));
  FT_RETURN_IF_ERROR(SyncPath(dir));
  return path;
}

}  // namespace

StatusOr<std::unique_ptr<log::Ledger>> CreateFolder(const std::string& dir, const std::string& name,
                                                    ByteView genesis, const log::Clock& clock,
                                                    const crypto::RandomSource& random) {
  std::error_code error;
  const auto taken = [&] {
    return fs::exists(dir, error) && (!fs::is_directory(dir, error) || !fs::is_empty(dir, error));
  };
  const Status not_empty =
      absl::AlreadyExistsError(absl::StrCat(dir, " exists already and is not empty: choose another folder"));
  if (taken()) return not_empty;
  const bool made = fs::create_directories(dir, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", dir, ": ", error.message()));
  FT_ASSIGN_OR_RETURN(const auto lock, FolderLock::Take(dir));
  if (taken()) return not_empty;  // by another process, a moment ago
  auto ledger = FillFolder(dir, name, genesis, clock, random, lock);
  if (!ledger.ok()) {
    // What is in the folder now is ours alone: it was empty.
    for (const auto& path : {StorePath(dir), KeyPath(dir), VkeyPath(dir)}) fs::remove_all(path, error);
    if (made) fs::remove(dir, error);
  }
  return ledger;
}

StatusOr<std::unique_ptr<log::Ledger>> OpenFolder(const std::string& dir, const WrapStore& wrap) {
  // Under the folder's lock, since whoever attaches it has it then.
  return OpenFolderAfter(
      dir, [&dir](store::Store* /*rows*/, const SignRows& /*sign*/) { return CheckIsAlone(dir); }, wrap);
}

StatusOr<WrittenFolder> OpenWritten(const std::string& dir, const WrapStore& wrap) {
  FT_RETURN_IF_ERROR(CheckIsLedger(dir));
  std::error_code error;
  if (!fs::exists(KeyPath(dir), error) && !fs::exists(NextKeyPath(dir), error) && !error) {
    return absl::InvalidArgumentError(
        absl::StrCat(dir,
                     " is a copy of a ledger, to read: it has no signing.key (a backup that is restored "
                     "needs it; a lost one is replaced: `fundtrail --ledger ",
                     dir, " ledger-key prepare --lost`), so nothing can be added"));
  }
  WrittenFolder folder{dir, nullptr, nullptr};
  FT_ASSIGN_OR_RETURN(folder.lock, FolderLock::Take(dir));
  FT_ASSIGN_OR_RETURN(auto store, store::OpenRocks(StorePath(dir), store::Access::kWrite));
  store = WithFolderLock(std::move(store), folder.lock);
  FT_RETURN_IF_ERROR(log::CheckRules(*store));  // before anything in the folder is changed
  if (wrap) store = wrap(std::move(store));
  store = store::WithRowCache(std::move(store), kRowCacheBytes);
  folder.rows = store::WithSnapshotCache(std::move(store), kSnapshotCacheBytes);
  return folder;
}

StatusOr<std::unique_ptr<log::Ledger>> LedgerOn(const WrittenFolder& folder, const MayRotateTo& may) {
  FT_ASSIGN_OR_RETURN(auto keys, LoadKeys(folder.dir, *folder.rows, folder.lock.get()));
  log::KeyRing ring = WritersRing(folder.dir, folder.lock);
  if (may) {
    ring.prepared = [in_folder = std::move(ring.prepared),
                     may](const crypto::PublicKey& key) -> StatusOr<crypto::SigningKey> {
      FT_RETURN_IF_ERROR(may(key));
      return in_folder(key);
    };
  }
  auto rows = std::make_unique<store::ForwardingStore>(folder.rows);
  auto ledger = keys.own.has_value()
                    ? log::Ledger::Open(std::move(rows), *std::move(keys.own), std::move(ring))
                    : log::Ledger::OpenWithoutKey(std::move(rows), keys.present, std::move(ring));
  FT_RETURN_IF_ERROR(ledger.status());
  FT_ASSIGN_OR_RETURN(const std::string stated, ReadVkey(folder.dir));
  if (stated != (*ledger)->vkey()) FT_RETURN_IF_ERROR(WriteVkey(folder.dir, (*ledger)->vkey()));
  return ledger;
}

StatusOr<std::unique_ptr<log::Ledger>> OpenFolderAfter(const std::string& dir, const CatchUp& catch_up,
                                                       const WrapStore& wrap) {
  FT_ASSIGN_OR_RETURN(const WrittenFolder folder, OpenWritten(dir, wrap));
  if (catch_up) FT_RETURN_IF_ERROR(catch_up(folder.rows.get(), SignerOf(dir)));
  return LedgerOn(folder);
}

StatusOr<std::unique_ptr<store::Store>> OpenFolderToVerify(const std::string& dir) {
  FT_RETURN_IF_ERROR(CheckIsLedger(dir));
  FT_ASSIGN_OR_RETURN(auto store, store::OpenRocks(StorePath(dir), store::Access::kReadOnly));
  return store::WithRowCache(std::move(store), kRowCacheBytes);
}

StatusOr<std::unique_ptr<store::Store>> OpenFolderToRead(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(auto store, OpenFolderToVerify(dir));
  FT_RETURN_IF_ERROR(log::CheckRules(*store));
  FT_RETURN_IF_ERROR(log::CheckKinds(*store));
  return store::WithSnapshotCache(std::move(store), kSnapshotCacheBytes);
}

StatusOr<std::string> BackUpFolder(const log::Ledger& ledger, const std::string& dir,
                                   const std::optional<std::string>& cosigned,
                                   const std::optional<Attached>& attached) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", dir, ": ", error.message()));
  FT_ASSIGN_OR_RETURN(const auto part, OwnFolder::Make(dir, ".part", 0777));
  return FillBackup(ledger, dir, part->path(), cosigned, attached);
}

StatusOr<std::string> ReadVkey(const std::string& dir) {
  FT_RETURN_IF_ERROR(CheckIsLedger(dir));
  const auto text = ReadFileFront(VkeyPath(dir), 1025);
  const std::size_t size = text.ok() ? std::min(text->find('\n'), text->size()) : 0;
  if (size == 0 || size > 1024) return absl::DataLossError(absl::StrCat("cannot read ", VkeyPath(dir)));
  return text->substr(0, size);
}

}  // namespace fundtrail::folder
