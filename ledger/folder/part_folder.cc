// See part_folder.h.
#include "ledger/folder/part_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::log {
namespace {

namespace fs = std::filesystem;

constexpr char kBegin[] = ".part";
constexpr int kMostTries = 100;

// The folder, open and locked; -1 when it is not there or a living process has it.
int Lock(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 || flock(folder, LOCK_EX | LOCK_NB) == 0) return folder;
  close(folder);
  return -1;
}

void RemoveLeft(const std::string& dir) {
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string();
    if (at->path().filename().string().rfind(kBegin, 0) != 0) continue;
    const int lock = Lock(path);
    if (lock < 0) continue;
    std::error_code in_vain;
    fs::remove_all(path, in_vain);
    close(lock);
  }
}

}  // namespace

StatusOr<std::unique_ptr<PartFolder>> PartFolder::Make(const std::string& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", dir, ": ", error.message()));
  RemoveLeft(dir);
  for (int i = 0; i < kMostTries; ++i) {
    const std::string path = absl::StrCat(dir, "/", kBegin, "-", getpid(), "-", i);
    const bool made = fs::create_directory(path, error);
    if (error)
      return absl::UnavailableError(absl::StrCat("cannot make the folder ", path, ": ", error.message()));
    if (!made) continue;  // somebody's in another container, with the same number
    const int lock = Lock(path);
    if (lock < 0) continue;  // somebody removes it, who came before the lock
    if (IsNameOf(path, lock)) return std::unique_ptr<PartFolder>(new PartFolder(path, lock));
    close(lock);
  }
  return absl::UnavailableError(absl::StrCat("cannot make a folder of one's own in ", dir));
}

PartFolder::~PartFolder() {
  std::error_code error;
  if (IsNameOf(path_, lock_)) fs::remove_all(path_, error);
  close(lock_);
}

}  // namespace fundtrail::log
