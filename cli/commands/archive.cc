// archive
#include "ledger/audit/archive.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/render/progress.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/base/files.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/folder/folder_writer.h"
#include "ledger/pages/atom.h"
#include "ledger/query/view.h"

namespace fundtrail::cli {
namespace {

render::Shown Text(const v1::ArchiveAnswer& answer, const std::string& dir) {
  if (answer.files() == 0) {
    return render::Say("{} is up to date: {} records of {}, root {}\n", dir, render::Number(answer.size()),
                       answer.ledger(), HexEncode(answer.root()));
  }
  return render::Say("{} records of {} in {}, root {}\n  new        {} records, {} files, {} bytes\n",
                     render::Number(answer.size()), answer.ledger(), dir, HexEncode(answer.root()),
                     render::Number(answer.size() - answer.previous_size()), render::Number(answer.files()),
                     render::Number(answer.bytes()));
}

// Whether a page of the feed is there and was full when it was written: then it is there for good.
bool IsFullPage(const std::string& path) {
  constexpr std::size_t kFront = 4'096;  // its head
  const auto front = ReadFileFront(path, kFront);
  return front.ok() && absl::StrContains(*front, "<fh:archive/>");
}

// The feed as of the checkpoint that was published. A crash leaves some pages unwritten: the same call goes on.
Status WriteFeed(const store::Reader& rows, const std::string& dir, std::uint64_t size) {
  FT_ASSIGN_OR_RETURN(auto view, query::MakeView(rows));
  view.checkpoint.set_size(std::min<std::uint64_t>(size, view.checkpoint.size()));
  if (view.checkpoint.size() == 0) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto writer, folder::FolderWriter::Open(dir));
  const std::uint64_t all = pages::FeedPages(view.checkpoint.size());
  for (std::uint64_t page = 0; page < all; ++page) {
    const std::string path = pages::FeedPagePath(page);
    if (page + 1 < all && IsFullPage(absl::StrCat(dir, "/", path))) continue;
    FT_ASSIGN_OR_RETURN(const std::string xml, pages::FeedPage(view, page));
    FT_RETURN_IF_ERROR(writer->Put(path, xml));
  }
  FT_RETURN_IF_ERROR(writer->Sync());
  FT_ASSIGN_OR_RETURN(const std::string feed, pages::Feed(view));
  FT_RETURN_IF_ERROR(writer->Put(std::string(pages::kFeedPath), feed));
  return writer->Sync();
}

StatusOr<Exit> RunArchive(const Context& context, const std::string& dir) {
  if (!context.server.empty()) {
    return absl::InvalidArgumentError(
        "an archive is made from the ledger's folder: give --ledger DIR, or `fundtrail clone` the server and "
        "archive the copy");
  }
  FT_ASSIGN_OR_RETURN(const std::string ledger, LedgerDir(context));
  FT_ASSIGN_OR_RETURN(const auto cosigned, folder::ReadCosigned(ledger));  // before the rows
  FT_ASSIGN_OR_RETURN(const auto rows, folder::OpenFolderToRead(ledger));
  if (cosigned.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto view, query::MakeView(*rows));
    FT_RETURN_IF_ERROR(
        folder::CheckCosigned(*cosigned, view.checkpoint.ledger(), *rows, view.checkpoint.size()).status());
  }
  render::Progress progress = ProgressOf(context, "writing records");
  const auto said = [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  FT_ASSIGN_OR_RETURN(const auto answer, audit::WriteArchive(*rows, dir, said, cosigned));
  progress.Finish();
  FT_RETURN_IF_ERROR(WriteFeed(*rows, dir, answer.size()));
  return PrintAnswer(context, answer, [&] { return Text(answer, dir); });
}

}  // namespace

void AddArchiveCommand(CLI::App* app, Context* context) {
  auto* archive = app->add_subcommand(
      "archive", "Writes a static copy that any web server can host, or brings it up to date");
  auto dir = std::make_shared<std::string>();
  archive->add_option("DIR", *dir, "The folder to write to: an empty one, or an archive of this ledger")
      ->required();
  archive->footer("Example: fundtrail --ledger demo archive public");
  OnRun(archive, context, [=] { return RunArchive(*context, *dir); });
}

}  // namespace fundtrail::cli
