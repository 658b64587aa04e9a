// See folder_writer.h.
#include "ledger/folder/folder_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::folder {
namespace {

namespace fs = std::filesystem;

// A file that is being written; none of an archive's paths. Of several at once all but the first have a number.
constexpr char kNewFile[] = ".new", kNumbered[] = ".new-";

Status Failed(const std::string& what) {
  return absl::UnavailableError(
      absl::StrCat("cannot write ", what, ": ", std::generic_category().message(errno)));
}

bool WriteAll(int file, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

StatusOr<std::unique_ptr<FolderWriter>> FolderWriter::Open(const std::string& dir, Syncs syncs) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", dir, ": ", error.message()));
  const int folder = open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return Failed(dir);
  if (flock(folder, LOCK_EX | LOCK_NB) != 0) {
    close(folder);
    return absl::UnavailableError(
        absl::StrCat("another process writes to ", dir, " now: try again when it is done"));
  }
  return std::unique_ptr<FolderWriter>(new FolderWriter(dir, folder, syncs));
}

FolderWriter::~FolderWriter() { close(lock_); }

StatusOr<std::size_t> FolderWriter::Begin(const std::string& path) {
  const std::lock_guard lock(mutex_);
  FT_RETURN_IF_ERROR(MakeFolders(fs::path(path).parent_path().string()));
  std::size_t number = 0;
  while (!beginning_.insert(number).second) ++number;
  return number;
}

Status FolderWriter::Put(const std::string& path, ByteView bytes) {
  if (!IsNameOf(dir_, lock_))
    return absl::UnavailableError(
        absl::StrCat(dir_, " was moved or replaced meanwhile: nothing more is written to it"));
  FT_ASSIGN_OR_RETURN(const std::size_t number, Begin(path));
  const std::string temporary =
      absl::StrCat(dir_, "/", number == 0 ? std::string(kNewFile) : absl::StrCat(kNumbered, number));
  Status written = WriteNew(temporary, absl::StrCat(dir_, "/", path), bytes);
  const std::lock_guard lock(mutex_);
  beginning_.erase(number);
  return written;
}

Status FolderWriter::WriteNew(const std::string& temporary, const std::string& full, ByteView bytes) const {
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file < 0) return Failed(temporary);
  const bool whole = WriteAll(file, bytes) && (syncs_ == Syncs::kAll || fsync(file) == 0);
  const Status written = whole ? absl::OkStatus() : Failed(full);
  close(file);
  FT_RETURN_IF_ERROR(written);
  if (std::rename(temporary.c_str(), full.c_str()) != 0) return Failed(full);
  return absl::OkStatus();
}

Status FolderWriter::MakeFolders(const std::string& path) {
  const std::string full = path.empty() ? dir_ : absl::StrCat(dir_, "/", path);
  if (!changed_.insert(full).second || path.empty()) return absl::OkStatus();
  std::error_code error;
  if (fs::is_directory(full, error)) return absl::OkStatus();
  FT_RETURN_IF_ERROR(MakeFolders(fs::path(path).parent_path().string()));
  fs::create_directory(full, error);
  return error ? absl::UnavailableError(absl::StrCat("cannot make the folder ", full, ": ", error.message()))
               : absl::OkStatus();
}

Status FolderWriter::Sync() {
  const std::lock_guard lock(mutex_);
  if (syncs_ == Syncs::kAll) {
    // The file system of the folder, and with it the names.
    if (syncfs(lock_) != 0) return Failed(dir_);
    changed_.clear();
    return absl::OkStatus();
  }
  for (const std::string& path : changed_) {
    const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return Failed(path);
    const Status synced = fsync(folder) == 0 ? absl::OkStatus() : Failed(path);
    close(folder);
    FT_RETURN_IF_ERROR(synced);
  }
  changed_.clear();
  return absl::OkStatus();
}

Status FolderWriter::RemoveFolder(const std::string& path) {
  std::error_code error;
  fs::remove_all(fs::path(dir_) / path, error);
  return error
             ? absl::UnavailableError(absl::StrCat("cannot remove ", dir_, "/", path, ": ", error.message()))
             : absl::OkStatus();
}

bool IsUnfinished(std::string_view name) {
  constexpr std::string_view kBefore = kNumbered;
  if (name == kNewFile) return true;
  return name.size() > kBefore.size() && name.substr(0, kBefore.size()) == kBefore &&
         std::all_of(name.begin() + kBefore.size(), name.end(), absl::ascii_isdigit);
}

}  // namespace fundtrail::folder
