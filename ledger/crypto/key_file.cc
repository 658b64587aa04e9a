// See key_file.h. The text is key_text.h's; here is the disk.
#include "ledger/crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/crypto/key_text.h"

namespace fundtrail::crypto {
namespace {

// A file descriptor that closes itself.
struct File {
  int fd;
  explicit File(int descriptor) : fd(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status WriteAndSync(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("write the key file", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  // The folder too: else a crash could lose the name, and with it the only copy of the key.
  const File folder(::open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (::fsync(fd) != 0 || folder.fd < 0 || ::fsync(folder.fd) != 0) {
    return SystemError("sync the key file", path);
  }
  return absl::OkStatus();
}

// As much of it as a key file may have.
Status ReadText(int fd, const std::string& path, SecretText* text) {
  while (text->free_size() > 0) {
    const ssize_t size = ::read(fd, text->free_space(), text->free_size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return SystemError("read the key file", path);
    if (size == 0) break;
    text->grow(static_cast<std::size_t>(size));
  }
  return absl::OkStatus();
}

}  // namespace

Status WriteKeyFile(const std::string& path, const SigningKey& key,
                    std::optional<std::string_view> passphrase, const RandomSource& random) {
  SecretText text;
  FT_RETURN_IF_ERROR(WriteKeyText(key, passphrase, random, &text));
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.fd < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " exists already, and a key is never overwritten: choose another name"));
  }
  if (file.fd < 0) return SystemError("make the key file", path);
  Status written = WriteAndSync(file.fd, text.view(), path);
  if (!written.ok()) ::unlink(path.c_str());
  return written;
}

StatusOr<SigningKey> ReadKeyFile(const std::string& path, std::optional<std::string_view> passphrase) {
  // Without O_NONBLOCK, opening a named pipe would wait for ever.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0 && errno == ENOENT) return absl::NotFoundError(absl::StrCat("there is no key file ", path));
  if (file.fd < 0) return SystemError("open the key file", path);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) return SystemError("look at the key file", path);
  if (!S_ISREG(info.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path, " is not a file"));
  if ((info.st_mode & 077) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("the key file ", path, " is open to others than its owner: run chmod 600 ", path));
  }
  SecretText text;
  FT_RETURN_IF_ERROR(ReadText(file.fd, path, &text));
  auto key = ReadKeyText(text.view(), passphrase);
  if (!key.ok()) return Annotate(key.status(), path);
  return key;
}

bool IsSealedKeyFile(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.fd < 0 || ::fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode)) return false;
  SecretText text;
  return ReadText(file.fd, path, &text).ok() && text.view().find("\nbox ") != std::string_view::npos;
}

}  // namespace fundtrail::crypto
