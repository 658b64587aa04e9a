// See archive_files.h.
#include "ledger/audit/archive_files.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::audit {
namespace {

namespace fs = std::filesystem;

class Folder final : public Files {
 public:
  explicit Folder(std::string dir) : dir_(std::move(dir)) {}

  StatusOr<std::optional<Bytes>> Read(const std::string& path, std::size_t limit) const override {
    return ReadKeptFile(absl::StrCat(dir_, "/", path), limit);
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
  const std::string dir_;
};

}  // namespace

std::unique_ptr<Files> OpenArchiveFolder(const std::string& dir) { return std::make_unique<Folder>(dir); }

}  // namespace fundtrail::audit
