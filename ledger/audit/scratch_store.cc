// See scratch_store.h.
#include "ledger/audit/scratch_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::audit {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRowCacheBytes = std::size_t{16} << 20;
constexpr char kPrefix[] = "fundtrail-replay-", kLock[] = "lock";

// Whether nobody holds the lock in it any more: whoever made it was interrupted, or killed.
bool IsLeft(const fs::path& folder) {
  struct stat found {};
  if (lstat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid())
    return false;
  const int lock = open((folder / kLock).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (lock < 0) return false;
  const bool left = flock(lock, LOCK_EX | LOCK_NB) == 0;
  close(lock);
  return left;
}

void RemoveLeft(const fs::path& base) {
  std::error_code error;
  for (fs::directory_iterator at(base, error), end; !error && at != end; at.increment(error)) {
    const bool ours = at->path().filename().string().rfind(kPrefix, 0) == 0;
    std::error_code ignored;
    if (ours && IsLeft(at->path())) fs::remove_all(at->path(), ignored);
  }
}

}  // namespace

StatusOr<std::unique_ptr<Scratch>> Scratch::Make(const std::string& where) {
  std::error_code error;
  const fs::path base = where.empty() ? fs::temp_directory_path(error) : fs::path(where);
  const auto cannot =
      absl::UnavailableError(absl::StrCat("cannot make a folder to replay in under ", base.string(),
                                          ": set TMPDIR, or for verify name another with --scratch"));
  if (error) return cannot;
  RemoveLeft(base);
  // It gets the name by which others look for what is left when its lock is held.
  std::string made = (base / "fundtrail-new-XXXXXX").string();
  if (mkdtemp(made.data()) == nullptr) return cannot;
  const std::string name = (base / (kPrefix + made.substr(made.size() - 6))).string();
  const int lock = open((fs::path(made) / kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0 || rename(made.c_str(), name.c_str()) != 0) {
    if (lock >= 0) close(lock);
    fs::remove_all(made, error);
    return cannot;
  }
  std::unique_ptr<Scratch> scratch(new Scratch(name, lock));
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenScratch(name + "/store"));
  scratch->rows_ = store::WithRowCache(std::move(rows), kRowCacheBytes);
  return scratch;
}

Scratch::~Scratch() {
  rows_.reset();
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  close(lock_);
}

}  // namespace fundtrail::audit
