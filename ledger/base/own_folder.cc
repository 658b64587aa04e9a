// See own_folder.h.
#include "ledger/base/own_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxTries = 100;

int OpenAt(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool Lock(int folder) { return ::flock(folder, LOCK_EX | LOCK_NB) == 0; }

// Whether a folder of that name is made here: nobody's own folder of a like name is removed.
bool IsMadeHere(const std::string& name, const std::string& begin) {
  return name.rfind(begin + "-", 0) == 0 &&
         name.find_first_not_of("-0123456789abcdef", begin.size()) == std::string::npos;
}

bool IsOfThisUser(int folder) {
  struct stat about {};
  return ::fstat(folder, &about) == 0 && about.st_uid == ::geteuid();
}

void RemoveLeft(const std::string& dir, const std::string& begin) {
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
    if (!IsMadeHere(at->path().filename().string(), begin)) continue;
    const std::string path = at->path().string();
    const int folder = OpenAt(path);
    if (folder < 0) continue;
    std::error_code in_vain;
    if (IsOfThisUser(folder) && Lock(folder) && IsNameOf(path, folder)) fs::remove_all(path, in_vain);
    ::close(folder);
  }
}

}  // namespace

StatusOr<std::unique_ptr<OwnFolder>> OwnFolder::Make(const std::string& dir, const std::string& begin,
                                                     unsigned mode) {
  RemoveLeft(dir, begin);
  std::random_device random;
  for (int i = 0; i < kMaxTries; ++i) {
    // By chance too: in a folder that all may write to, nobody else can take all names beforehand.
    std::string path =
        absl::StrCat(dir, "/", begin, "-", ::getpid(), "-", absl::Hex(random(), absl::kZeroPad8));
    if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0) {
      if (errno == EEXIST) continue;
      return absl::UnavailableError(
          absl::StrCat("cannot make the folder ", path, ": ", std::strerror(errno)));
    }
    const int folder = OpenAt(path);
    if (folder < 0) continue;  // somebody removed it, who came before the lock
    const bool locked = Lock(folder);
    // A lock that another has is that of somebody who removes it, too.
    if ((locked || errno != EWOULDBLOCK) && IsNameOf(path, folder))
      return std::unique_ptr<OwnFolder>(new OwnFolder(std::move(path), folder));
    ::close(folder);
  }
  return absl::UnavailableError(absl::StrCat("cannot make a private folder in ", dir));
}

OwnFolder::~OwnFolder() {
  std::error_code error;
  if (IsNameOf(path_, folder_)) fs::remove_all(path_, error);
  ::close(folder_);
}

}  // namespace fundtrail
