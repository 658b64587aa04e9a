// See folder_lock.h.
#include "ledger/folder/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/folder/folder_paths.h"
#include "ledger/store/forwarding_store.h"

namespace fundtrail::folder {
namespace {

// The process that has a lock on what is open, as the system tells it; 0 when it does not.
int Holder(int descriptor) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return 0;
  const std::string wanted =
      absl::StrFormat("%02x:%02x:%d", major(about.st_dev), minor(about.st_dev), about.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, advisory, access, file;
    int process = 0;
    if (words >> number >> kind >> advisory >> access >> process >> file && kind == "FLOCK" && file == wanted)
      return std::max(0, process);
  }
  return 0;
}

Status Taken(const std::string& dir, int descriptor) {
  const int process = Holder(descriptor);
  if (process == getpid())
    return absl::UnavailableError(
        absl::StrCat("this process already has the ledger open for writing in ", dir));
  std::string name;
  std::ifstream comm(absl::StrCat("/proc/", process, "/comm"));
  if (process != 0) std::getline(comm, name);
  return absl::UnavailableError(absl::StrCat(
      "another process",
      process == 0 ? "" : absl::StrCat(" (", process, name.empty() ? "" : ", ", Escaped(name), ")"),
      " has this ledger open for writing in ", dir,
      "; stop it first, or send what you have to it (--server HOST:PORT)"));
}

class LockedStore final : public store::ForwardingStore {
 public:
  LockedStore(std::unique_ptr<store::Store> inner, std::shared_ptr<const FolderLock> lock)
      : ForwardingStore(std::move(inner)), lock_(std::move(lock)) {}
  ~LockedStore() override { LetInnerGo(); }  // the lock is held until the store is closed

  Status Write(const store::Batch& batch) override {
    FT_RETURN_IF_ERROR(lock_->CheckInPlace());
    return ForwardingStore::Write(batch);
  }
  Status WriteUnsynced(const store::Batch& batch) override {
    FT_RETURN_IF_ERROR(lock_->CheckInPlace());
    return ForwardingStore::WriteUnsynced(batch);
  }

 private:
  const std::shared_ptr<const FolderLock> lock_;
};

}  // namespace

StatusOr<std::shared_ptr<FolderLock>> FolderLock::Take(const std::string& dir) {
  std::shared_ptr<FolderLock> lock(new FolderLock(dir));
  for (const std::string& path : {dir, StorePath(dir), KeyPath(dir)}) FT_RETURN_IF_ERROR(lock->Add(path));
  return lock;
}

FolderLock::~FolderLock() {
  for (const Held& held : held_) close(held.descriptor);
}

bool FolderLock::Has(int descriptor) const {
  return std::any_of(held_.begin(), held_.end(),
                     [&](const Held& held) { return AreSame(held.descriptor, descriptor); });
}

Status FolderLock::Add(const std::string& path) {
  const auto failed = [&](int error) {
    return absl::UnavailableError(absl::StrCat(
        "cannot lock ", path, " against a second writer: ", std::generic_category().message(error)));
  };
  // Over NFS, what is locked must be open to be written; folders cannot be.
  int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return absl::OkStatus();
  if (descriptor < 0 && errno == EACCES)
    return absl::PermissionDeniedError(absl::StrCat("no permission to read ", path));
  if (descriptor < 0) return failed(errno);
  if (Has(descriptor)) {
    close(descriptor);
    return absl::OkStatus();
  }
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    Status why = errno == EWOULDBLOCK ? Taken(dir_, descriptor) : failed(errno);
    close(descriptor);
    return why;
  }
  held_.push_back({path, descriptor, path == dir_ || path == StorePath(dir_)});
  return absl::OkStatus();
}

Status FolderLock::CheckInPlace() const {
  for (const Held& held : held_) {
    if (held.stays && !IsNameOf(held.path, held.descriptor)) {
      return absl::UnavailableError(absl::StrCat(
          held.path, " was moved or replaced while it was open for writing, so nothing more is written: put ",
          "the ledger's folder back in its place, and start again"));
    }
  }
  return absl::OkStatus();
}

std::unique_ptr<store::Store> WithFolderLock(std::unique_ptr<store::Store> store,
                                             std::shared_ptr<const FolderLock> lock) {
  return std::make_unique<LockedStore>(std::move(store), std::move(lock));
}

}  // namespace fundtrail::folder
