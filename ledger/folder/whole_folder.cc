// See whole_folder.h.
#include "ledger/folder/whole_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::folder {
namespace {

namespace fs = std::filesystem;

std::string WithoutSlash(std::string dir) {
  while (dir.size() > 1 && dir.back() == '/') dir.pop_back();
  return dir;
}

}  // namespace

StatusOr<std::unique_ptr<WholeFolder>> WholeFolder::Begin(const std::string& dir) {
  const std::string name = WithoutSlash(dir);
  const std::string part = name + ".part";
  std::error_code error;
  const fs::path above = fs::path(name).parent_path();
  if (!above.empty()) fs::create_directories(above, error);
  if (!error && !fs::create_directory(part, error) && !error)
    return absl::UnavailableError(absl::StrCat(
        part, " is there: another process writes it, or was ended while it did. Remove it if none does"));
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", part, ": ", error.message()));
  return std::unique_ptr<WholeFolder>(new WholeFolder(name, part));
}

WholeFolder::~WholeFolder() {
  std::error_code error;
  if (ours_) fs::remove_all(part_, error);
}

Status WholeFolder::Finish() {
  std::error_code error;
  for (const auto& file : fs::directory_iterator(part_, error))
    FT_RETURN_IF_ERROR(SyncPath(file.path().string()));
  if (error) return absl::UnavailableError(absl::StrCat("cannot read ", part_, ": ", error.message()));
  FT_RETURN_IF_ERROR(SyncPath(part_));
  const fs::path above = fs::path(dir_).parent_path();
  // What is there changes its place with the new one, and is removed under the other name.
  if (renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, dir_.c_str(), RENAME_EXCHANGE) == 0) {
    FT_RETURN_IF_ERROR(SyncPath(above.empty() ? "." : above.string()));
    return absl::OkStatus();
  }
  if (errno != ENOENT || rename(part_.c_str(), dir_.c_str()) != 0)
    return absl::UnavailableError(
        absl::StrCat("cannot put ", dir_, " in place: ", std::generic_category().message(errno)));
  ours_ = false;
  return SyncPath(above.empty() ? "." : above.string());
}

}  // namespace fundtrail::folder
