// See manual.h.
#include "ledger/manual/manual.h"

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"
#include "ledger/manual/man.h"
#include "ledger/manual/shells.h"
#include "ledger/manual/tree.h"

namespace fundtrail::manual {

std::vector<Page> MakeManual(const CLI::App& app, const Program& program) {
  const Command tree = ReadTree(app);
  const std::string& name = tree.names.front();
  std::vector<Page> pages = ManPages(tree, program);
  pages.push_back({"bash-completion/completions/" + name, BashCompletion(tree)});
  pages.push_back({"zsh/site-functions/_" + name, ZshCompletion(tree)});
  pages.push_back({absl::StrCat("fish/vendor_completions.d/", name, ".fish"), FishCompletion(tree)});
  return pages;
}

Status WriteManual(const CLI::App& app, const Program& program, const std::string& share) {
  for (const Page& page : MakeManual(app, program)) {
    const std::filesystem::path path = std::filesystem::path(share) / page.path;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error)
      return absl::UnavailableError(
          absl::StrCat("cannot make the folder ", path.parent_path().string(), ": ", error.message()));
    Status written = WriteFileAtomically(path.string(), page.text);
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::manual
