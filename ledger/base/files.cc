// See files.h.
#include "ledger/base/files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace fundtrail {
namespace {

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

// Two seconds is enough for a command that was started beside us to open its end.
constexpr int kForAWriter = 2'000;

// Closes what it has.
struct Open {
  explicit Open(int file) : descriptor(file) {}
  ~Open() {
    if (descriptor >= 0) ::close(descriptor);
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  const int descriptor;
};

// Of a file that is open and does not block: how many bytes were read into `to`, 0 at the end.
StatusOr<std::size_t> ReadSome(int descriptor, char* to, std::size_t room, const std::string& path,
                               bool first, bool pipe) {
  while (true) {
    pollfd about{descriptor, POLLIN, 0};
    const int ready = pipe ? ::poll(&about, 1, kForAWriter) : 1;
    const ssize_t size = ::read(descriptor, to, room);
    if (size > 0) return static_cast<std::size_t>(size);
    if (size < 0 && errno != EAGAIN && errno != EINTR) return SystemError("read", path);
    if (size < 0) continue;                                   // somebody will write
    if (!pipe || !first || ready > 0) return std::size_t{0};  // the end
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": it is a pipe that nobody writes to"));
  }
}

}  // namespace

Status SystemError(const char* what, const std::string& path) {
  const int error = errno;
  return absl::UnavailableError(absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error)));
}

Status CheckCanMake(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  // With the dot at its end, no file passes for a folder.
  if (::access((folder / ".").c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  const bool is_folder = errno != ENOENT && errno != ENOTDIR;
  Status why = SystemError("make", path);
  return is_folder ? why : absl::InvalidArgumentError(why.message());
}

StatusOr<std::string> ReadFileFront(const std::string& path, std::size_t limit, Pipes pipes) {
  // Without O_NONBLOCK, opening a pipe without a writer would wait for ever.
  const Open file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
    return absl::NotFoundError(absl::StrCat("there is no file ", path));
  if (file.descriptor < 0) return SystemError("open", path);
  struct stat about {};
  if (::fstat(file.descriptor, &about) != 0) return SystemError("look at", path);
  if (S_ISDIR(about.st_mode))
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": it is a folder"));
  const bool regular = S_ISREG(about.st_mode);
  if (!regular && pipes == Pipes::kRefused)
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": it is a pipe or a device, and here a file is needed"));
  std::string text;
  std::array<char, 1 << 16> buffer{};
  while (text.size() < limit) {
    const std::size_t room = std::min(limit - text.size(), buffer.size());
    FT_ASSIGN_OR_RETURN(const std::size_t size,
                        ReadSome(file.descriptor, buffer.data(), room, path, text.empty(), !regular));
    if (size == 0) break;
    text.append(buffer.data(), size);
  }
  return text;
}

StatusOr<std::optional<std::string>> ReadKeptFile(const std::string& path, std::size_t limit) {
  auto text = ReadFileFront(path, limit + 1);
  if (absl::IsNotFound(text.status())) return std::optional<std::string>();
  if (absl::IsInvalidArgument(text.status())) return absl::DataLossError(text.status().message());
  FT_RETURN_IF_ERROR(text.status());
  if (text->size() > limit) {
    return absl::DataLossError(absl::StrCat(path, " has more than the ", limit, " bytes that it may have"));
  }
  return std::optional(*std::move(text));
}

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
