// See archive_files.h.
#include "ledger/audit/archive_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace fundtrail::audit {
namespace {

namespace fs = std::filesystem;

class Folder final : public Files {
 public:
  explicit Folder(std::string dir) : dir_(std::move(dir)) {}

  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const override {
    const std::string full = absl::StrCat(dir_, "/", path);
    // O_NONBLOCK: a pipe of that name would keep us waiting.
    const int file = open(full.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<Bytes>();
    if (file < 0) return Unreadable(full);
    auto bytes = ReadAll(file, full, limit);
    close(file);
    return bytes;
  }

  Status ForEach(const std::function<Status(const std::string& path)>& take) const override {
    std::error_code error;
    const fs::path tiles = fs::path(dir_) / "tile";
    for (fs::recursive_directory_iterator at(tiles, error), end; !error && at != end; at.increment(error)) {
      if (at->is_symlink(error) && at->is_directory(error))
        return absl::UnavailableError(absl::StrCat(at->path().string(),
                                                   " is a link to a folder, which may lead "
                                                   "anywhere: put the folder itself there"));
      if (!at->is_regular_file(error)) continue;
      // By the name that it was reached by: `tile` may be a link to elsewhere.
      FT_RETURN_IF_ERROR(take(at->path().lexically_relative(dir_).generic_string()));
    }
    // One that went away meanwhile was a partial tile whose full one is there now.
    if (!error || error == std::errc::no_such_file_or_directory) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("cannot list ", tiles.string(), ": ", error.message()));
  }

 private:
  static Status Unreadable(const std::string& full) {
    return absl::UnavailableError(
        absl::StrCat("cannot read ", full, ": ", std::generic_category().message(errno)));
  }

  static StatusOr<std::optional<Bytes>> ReadAll(int file, const std::string& full, std::size_t limit) {
    struct stat about {};
    if (fstat(file, &about) != 0) return Unreadable(full);
    if (!S_ISREG(about.st_mode)) return absl::DataLossError(absl::StrCat(full, " is not a file"));
    if (about.st_size < 0 || static_cast<std::size_t>(about.st_size) > limit) {
      return absl::DataLossError(
          absl::StrCat(full, " has ", about.st_size, " bytes, more than the ", limit, " that it may have"));
    }
    Bytes bytes(static_cast<std::size_t>(about.st_size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got = read(file, bytes.data() + done, bytes.size() - done);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Unreadable(full);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return std::optional<Bytes>(std::move(bytes));
  }

  const std::string dir_;
};

}  // namespace

std::unique_ptr<Files> OpenArchiveFolder(const std::string& dir) { return std::make_unique<Folder>(dir); }

}  // namespace fundtrail::audit
