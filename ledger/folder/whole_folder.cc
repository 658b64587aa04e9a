// See whole_folder.h.
#include "ledger/folder/whole_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::folder {
namespace {

namespace fs = std::filesystem;

std::string WithoutSlash(std::string dir) {
  while (dir.size() > 1 && dir.back() == '/') dir.pop_back();
  return dir;
}

// Some file systems cannot exchange two names, as NFS. There a new place will do, or an empty folder.
bool MayBeRenamed(int why) { return why == ENOENT || why == EINVAL || why == ENOSYS; }

}  // namespace

StatusOr<std::unique_ptr<WholeFolder>> WholeFolder::Begin(const std::string& dir) {
  std::error_code error;
  const fs::path named = fs::absolute(WithoutSlash(dir), error);
  const fs::path whole = error ? fs::path() : fs::weakly_canonical(named, error);
  const fs::path here = error ? fs::path() : fs::current_path(error);
  if (!error && whole == here)
    return absl::InvalidArgumentError(
        absl::StrCat(dir, " is the folder in which this program runs, and would be replaced: name another"));
  if (!error) fs::create_directories(whole.parent_path(), error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", dir, ": ", error.message()));
  FT_ASSIGN_OR_RETURN(auto part,
                      OwnFolder::Make(whole.parent_path().string(),
                                      absl::StrCat(".", whole.filename().string(), ".part"), 0777));
  return std::unique_ptr<WholeFolder>(new WholeFolder(whole.string(), std::move(part)));
}

Status WholeFolder::Finish() {
  const std::string& part = part_->path();
  std::error_code error;
  for (const auto& file : fs::directory_iterator(part, error))
    FT_RETURN_IF_ERROR(SyncPath(file.path().string()));
  if (error) return absl::UnavailableError(absl::StrCat("cannot read ", part, ": ", error.message()));
  FT_RETURN_IF_ERROR(SyncPath(part));
  if (renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, dir_.c_str(), RENAME_EXCHANGE) == 0) {
    // What was there has the other name now. What cannot be removed of it stays under that.
    fs::remove_all(part, error);
  } else if (!MayBeRenamed(errno) || rename(part.c_str(), dir_.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot put ", dir_, " in place: ", std::generic_category().message(errno)));
  }
  return SyncPath(fs::path(dir_).parent_path().string());
}

}  // namespace fundtrail::folder
