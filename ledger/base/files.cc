// See files.h.
#include "ledger/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace fundtrail {
namespace {

Status SystemError(const char* what, const std::string& path) {
  const int error = errno;
  return absl::UnavailableError(absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error)));
}

std::string FolderOf(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

Status WriteAll(int descriptor, ByteView content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("write", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? absl::OkStatus() : SystemError("sync", path);
}

}  // namespace

Status SyncPath(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("open", path);
  Status synced = ::fsync(descriptor) == 0 ? absl::OkStatus() : SystemError("sync", path);
  ::close(descriptor);
  return synced;
}

Status WriteFileAtomically(const std::string& path, ByteView content, unsigned mode) {
  const std::string part = path + ".part";
  ::unlink(part.c_str());  // of an attempt that was cut short
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) return SystemError("make", part);
  Status written = WriteAll(descriptor, content, part);
  ::close(descriptor);
  if (written.ok() && std::rename(part.c_str(), path.c_str()) != 0) written = SystemError("write", path);
  if (!written.ok()) {
    ::unlink(part.c_str());
    return written;
  }
  return SyncPath(FolderOf(path));
}

bool AreSame(int one, int other) {
  struct stat first {
  }, second{};
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_ino == second.st_ino &&
         first.st_dev == second.st_dev;
}

bool IsNameOf(const std::string& path, int descriptor) {
  struct stat named {
  }, opened{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(descriptor, &opened) == 0 &&
         named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
}

}  // namespace fundtrail
