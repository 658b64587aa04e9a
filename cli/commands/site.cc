// site
#include "ledger/pages/site.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/base/parallel.h"
#include "ledger/base/text.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/kept_answers.h"
#include "ledger/pages/outlines_file.h"
#include "ledger/pages/site_paths.h"
#include "ledger/pages/sitemap.h"
#include "ledger/query/money_table.h"
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

struct SiteAsked {
  std::string dir, base;
  pages::DataTerms terms;
  std::string places, places_licence, places_review;
  std::uint32_t jobs = 0;  // 0: as many as there are cores
};

constexpr std::size_t kMaxStatedBytes = 200;

// The outlines of places that are given; null where none are.
StatusOr<std::shared_ptr<const pages::Outlines>> OutlinesOf(const SiteAsked& asked) {
  if (asked.places.empty()) return std::shared_ptr<const pages::Outlines>();
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(asked.places, pages::kMaxOutlinesFile + 1));
  auto outlines = pages::ReadOutlines(text);
  if (!outlines.ok()) return Annotate(outlines.status(), absl::StrCat("--places ", Escaped(asked.places)));
  outlines->licence = asked.places_licence;
  outlines->review = asked.places_review;
  return std::make_shared<const pages::Outlines>(*std::move(outlines));
}

// Makes pages and writes them, on several threads.
class SiteWriter {
 public:
  // Of all that the requests of pages share: `any` has no path yet.
  SiteWriter(const query::View& view, pages::PageRequest any, folder::FolderWriter* folder,
             render::Progress* progress)
      : view_(view), any_(std::move(any)), folder_(*folder), progress_(*progress) {}

  Status Write(std::size_t threads) {
    const auto groups = pages::SharingPaths(*any_.folder);
    std::vector<Status> ended(groups.size());
    OnThreads(threads, groups.size(), [&](std::size_t i) {
      if (failed_) return;
      ended[i] = WriteGroup(groups[i]);
      if (!ended[i].ok()) failed_ = true;
    });
    for (const Status& status : ended) FT_RETURN_IF_ERROR(status);
    return absl::OkStatus();
  }
  std::uint64_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  // What its pages share is kept as long as it takes, and what all share from one group of a thread to its next.
  Status WriteGroup(const std::vector<std::string>& group) {
    std::unique_ptr<pages::Keeping> keeping = Take();
    for (const std::string& path : group) FT_RETURN_IF_ERROR(WriteOne(path, keeping.get()));
    keeping->near = pages::KeptAnswers();
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(keeping));
    return absl::OkStatus();
  }

  Status WriteOne(const std::string& path, pages::Keeping* keeping) {
    pages::PageRequest request = any_;
    request.path = path;
    request.keeping = keeping;
    FT_ASSIGN_OR_RETURN(const pages::Page page, pages::AnswerPage(view_, request));
    if (page.status != 200)
      return absl::InternalError(absl::StrCat("the page ", path, " has status ", page.status));
    FT_ASSIGN_OR_RETURN(const std::string file, FileOfPage(path));
    FT_RETURN_IF_ERROR(folder_.Put(file, page.body));
    const std::lock_guard lock(mutex_);
    bytes_ += page.body.size();
    progress_.Update(++files_, any_.folder->size());
    return absl::OkStatus();
  }

  std::unique_ptr<pages::Keeping> Take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<pages::Keeping>();
    std::unique_ptr<pages::Keeping> last = std::move(free_.back());
    free_.pop_back();
    return last;
  }

  const query::View& view_;
  const pages::PageRequest any_;
  folder::FolderWriter& folder_;
  render::Progress& progress_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::vector<std::unique_ptr<pages::Keeping>> free_;
  std::uint64_t files_ = 0, bytes_ = 0;
};

StatusOr<SiteWritten> WriteSite(const Context& context, const std::string& ledger, const SiteAsked& asked) {
  const std::string &dir = asked.dir, &base = asked.base;
  const std::size_t threads = asked.jobs == 0 ? CoreCount() : asked.jobs;
  FT_RETURN_IF_ERROR(CheckSiteFolder(dir));
  FT_ASSIGN_OR_RETURN(const auto outlines, OutlinesOf(asked));
  FT_ASSIGN_OR_RETURN(const auto store, folder::OpenFolderToRead(ledger));
  // Pages of many parties name the same accounts: a snapshot keeps what was made of them, and does not hold other threads up.
  const auto rows = store->Snapshot();
  FT_ASSIGN_OR_RETURN(query::View view, query::MakeView(*rows));
  query::MoneyTables money;
  view.money = &money;
  FT_ASSIGN_OR_RETURN(auto paths, pages::SitePaths(view, pages::kMaxPaymentPages, threads));
  if (!base.empty()) {
    FT_ASSIGN_OR_RETURN(const auto map, pages::SitemapPaths(view));
    paths.insert(map.begin(), map.end());
  }
  FT_ASSIGN_OR_RETURN(const std::string vkey, folder::ReadVkey(ledger));
  FT_ASSIGN_OR_RETURN(const auto writer, folder::FolderWriter::Open(dir, folder::FolderWriter::Syncs::kAll));
  render::Progress progress = ProgressOf(context, "writing pages");
  pages::PageRequest any;
  any.base = base;
  any.vkey = vkey;
  any.folder = &paths;
  any.terms = &asked.terms;
  any.outlines = outlines.get();
  SiteWriter site(view, std::move(any), writer.get(), &progress);
  FT_RETURN_IF_ERROR(site.Write(threads));
  progress.Finish();
  FT_RETURN_IF_ERROR(writer->Sync());
  return SiteWritten{view.checkpoint, site.files(), site.bytes()};
}

StatusOr<Exit> RunSite(const Context& context, const SiteAsked& asked) {
  const std::string& base = asked.base;
  if (!context.server.empty())
    return absl::InvalidArgumentError("a site is made from the ledger's folder: give --ledger DIR");
  if (!base.empty() && (base.back() == '/' || base.find("://") == std::string::npos))
    return absl::InvalidArgumentError("--base: write it as https://HOST, without a / at its end");
  for (const std::string* stated :
       {&asked.terms.source, &asked.terms.licence, &asked.places_licence, &asked.places_review})
    if (stated->size() > kMaxStatedBytes || !IsUtf8(*stated))
      return absl::InvalidArgumentError(
          absl::StrCat("a source, a licence and a review have at most ", kMaxStatedBytes, " bytes"));
  FT_ASSIGN_OR_RETURN(const std::string ledger, LedgerDir(context));
  FT_ASSIGN_OR_RETURN(const SiteWritten written, WriteSite(context, ledger, asked));
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
                                  written.as_of.ledger(), asked.dir, render::Number(written.as_of.size()),
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
  auto asked = std::make_shared<SiteAsked>();
  site->add_option("DIR", asked->dir,
                   "The folder to write to: an empty one, an earlier site, or an archive of this ledger")
      ->required();
  site->add_option("--base", asked->base,
                   "Where the site will be, as https://HOST. sitemap.xml and complete addresses need it");
  site->add_option("--source", asked->terms.source, "Where the data come from, as pages say it");
  site->add_option("--licence", asked->terms.licence,
                   "The licence under which people may use the data, as pages say it");
  auto* places =
      site->add_option("--places", asked->places,
                       "A GeoJSON file with outlines of places: the picture of places is drawn by them");
  auto* licence = site->add_option("--places-licence", asked->places_licence,
                                   "The licence of that file, which the picture names");
  places->needs(licence);
  licence->needs(places);
  site->add_option("--places-review", asked->places_review,
                   "The number under which an authority reviewed that file, which the picture names")
      ->needs(places);
  site->add_option("--jobs", asked->jobs,
                   "How many pages are made at once; else as many as there are cores. The files are the same")
      ->check(CLI::Range(1, 256));
  site->footer("Example: fundtrail --ledger demo site public");
  OnRun(site, context, [=] { return RunSite(*context, *asked); });
}

}  // namespace fundtrail::cli
