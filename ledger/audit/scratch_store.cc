// See scratch_store.h.
#include "ledger/audit/scratch_store.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::audit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kScratchCacheBytes = std::size_t{16} << 20;

}  // namespace

StatusOr<std::unique_ptr<Scratch>> Scratch::Make(const std::string& where) {
  std::error_code error;
  const fs::path base = where.empty() ? fs::temp_directory_path(error) : fs::path(where);
  const auto cannot =
      absl::UnavailableError(absl::StrCat("cannot make a folder to replay in under ", base.string(),
                                          ": set TMPDIR, or for verify name another with --scratch"));
  if (error) return cannot;
  auto folder = OwnFolder::Make(base.string(), "fundtrail-replay", 0700);
  if (!folder.ok()) return cannot;
  FT_ASSIGN_OR_RETURN(auto rows, store::OpenScratch((*folder)->path() + "/store"));
  FT_ASSIGN_OR_RETURN(auto in_order, store::RowFile::Make((*folder)->path() + "/in-order"));
  return std::unique_ptr<Scratch>(new Scratch(
      *std::move(folder), store::WithRowCache(std::move(rows), kScratchCacheBytes), std::move(in_order)));
}

}  // namespace fundtrail::audit
