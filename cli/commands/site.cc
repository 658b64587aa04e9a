// site
#include "ledger/pages/site.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/site_paths.h"
#include "ledger/pages/sitemap.h"
#include "ledger/query/view.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

namespace fs = std::filesystem;

// Where a web server looks for a page: "party/X/index.html". A folder's name is what the %XX of an address stand for.
StatusOr<std::string> FileOfPage(const std::string& path) {
  const auto file = pages::UnescapedUri(path.substr(1));
  if (!file.has_value()) return absl::InternalError(absl::StrCat("the page ", path, " has no file"));
  return file->empty() || file->back() == '/' ? *file + "index.html" : *file;
}

// A site is written into an empty folder, over an earlier one, or beside the files of an archive. Nothing else is written over.
Status CheckSiteFolder(const std::string& dir) {
  std::error_code error;
  if (!fs::exists(dir, error) || fs::is_empty(dir, error)) return absl::OkStatus();
  if (fs::exists(dir + "/web/style.css", error) || fs::exists(dir + "/checkpoint", error))
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(dir, " holds files and is neither a site nor an archive: choose an empty folder"));
}

struct SiteWritten {
  v1::CheckpointRef as_of;
  std::uint64_t files = 0, bytes = 0;
};

StatusOr<SiteWritten> WriteSite(const Context& context, const std::string& ledger, const std::string& dir,
                                const std::string& base) {
  FT_RETURN_IF_ERROR(CheckSiteFolder(dir));
  FT_ASSIGN_OR_RETURN(const auto rows, folder::OpenFolderToRead(ledger));
  FT_ASSIGN_OR_RETURN(const query::View view, query::MakeView(*rows));
  FT_ASSIGN_OR_RETURN(auto paths, pages::SitePaths(view));
  if (!base.empty()) {
    FT_ASSIGN_OR_RETURN(const auto map, pages::SitemapPaths(view));
    paths.insert(map.begin(), map.end());
  }
  FT_ASSIGN_OR_RETURN(const std::string vkey, folder::ReadVkey(ledger));
  FT_ASSIGN_OR_RETURN(const auto writer, folder::FolderWriter::Open(dir));
  render::Progress progress = ProgressOf(context, "writing pages");
  SiteWritten written;
  written.as_of = view.checkpoint;
  for (const std::string& path : paths) {
    pages::PageRequest request;
    request.path = path;
    request.base = base;
    request.vkey = vkey;
    request.folder = &paths;
    FT_ASSIGN_OR_RETURN(const pages::Page page, pages::AnswerPage(view, request));
    if (page.status != 200)
      return absl::InternalError(absl::StrCat("the page ", path, " has status ", page.status));
    FT_ASSIGN_OR_RETURN(const std::string file, FileOfPage(path));
    FT_RETURN_IF_ERROR(writer->Put(file, page.body));
    written.bytes += page.body.size();
    progress.Update(++written.files, paths.size());
  }
  progress.Finish();
  FT_RETURN_IF_ERROR(writer->Sync());
  return written;
}

StatusOr<Exit> RunSite(const Context& context, const std::string& dir, const std::string& base) {
  if (!context.server.empty())
    return absl::InvalidArgumentError("a site is made from the ledger's folder: give --ledger DIR");
  if (!base.empty() && (base.back() == '/' || base.find("://") == std::string::npos))
    return absl::InvalidArgumentError("--base: write it as https://HOST, without a / at its end");
  FT_ASSIGN_OR_RETURN(const std::string ledger, LedgerDir(context));
  FT_ASSIGN_OR_RETURN(const SiteWritten written, WriteSite(context, ledger, dir, base));
  if (context.json) {
    const nlohmann::json json = {{"ledger", written.as_of.ledger()},
                                 {"size", written.as_of.size()},
                                 {"root", HexEncode(written.as_of.root())},
                                 {"files", written.files},
                                 {"bytes", written.bytes}};
    std::printf("%s\n", json.dump().c_str());
  } else {
    std::printf("%s", render::Say("{} files, {} bytes, of {} in {}, as of {} records, root {}\n",
                                  render::Number(written.files), render::Number(written.bytes),
                                  written.as_of.ledger(), dir, render::Number(written.as_of.size()),
                                  HexEncode(written.as_of.root()))
                          .str()
                          .c_str());
  }
  return Exit::kYes;
}

}  // namespace

void AddSiteCommand(CLI::App* app, Context* context) {
  auto* site =
      app->add_subcommand("site", "Writes the ledger's pages into a folder that any web server can host");
  auto dir = std::make_shared<std::string>();
  auto base = std::make_shared<std::string>();
  site->add_option("DIR", *dir,
                   "The folder to write to: an empty one, an earlier site, or an archive of this ledger")
      ->required();
  site->add_option("--base", *base,
                   "Where the site will be, as https://HOST. sitemap.xml and complete addresses need it");
  site->footer("Example: fundtrail --ledger demo site public");
  OnRun(site, context, [=] { return RunSite(*context, *dir, *base); });
}

}  // namespace fundtrail::cli
