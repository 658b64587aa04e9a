// See scratch.h.
#include "ledger/audit/scratch.h"

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

}  // namespace

StatusOr<std::unique_ptr<Scratch>> Scratch::Make(const std::string& where) {
  std::error_code error;
  const fs::path base = where.empty() ? fs::temp_directory_path(error) : fs::path(where);
  std::string name = (base / "fundtrail-replay-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot make a folder to replay in under ", base.string(),
                                               ": set TMPDIR, or for verify name another with --scratch"));
  }
  std::unique_ptr<Scratch> scratch(new Scratch(name));
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenScratch(name + "/store"));
  scratch->rows_ = store::WithRowCache(std::move(rows), kRowCacheBytes);
  return scratch;
}

Scratch::~Scratch() {
  rows_.reset();
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace fundtrail::audit
