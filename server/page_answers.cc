// See page_answers.h.
#include "server/page_answers.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/pages/files.h"
#include "server/page_headers.h"
#include "server/questions.h"

namespace fundtrail::server {
namespace {

// All that a page is a function of, beside the rows. The language stands in the path. Neither a key nor a maker has a line break, and
// the path's length says where the query begins. What reads no query has none: else anybody could fill the cache with one file.
std::string QuestionOf(const net::HttpRequest& request, const std::string& vkey, const std::string& maker) {
  return absl::StrCat(vkey, "\n", maker, "\n", request.path.size(), "\n", request.path,
                      pages::ReadsQuery(request.path) ? request.query : std::string());
}

// What leads elsewhere or is not there is made in no time, and there is no end of it. What is as of a record changes with the key that
// it names, and without a key here the rows say which that is. Of files, what a browser loads follows from this program alone; proofs
// are read.
pipeline::Keep KeepOf(const std::string& path, const PackedPage& packed, const std::string& vkey) {
  const pages::Page& page = packed.page;
  if (page.status != 200) return pipeline::Keep::kNot;
  if (pages::IsPlainFile(path)) return packed.gzip.empty() ? pipeline::Keep::kNot : pipeline::Keep::kForGood;
  return page.pinned && !vkey.empty() ? pipeline::Keep::kForGood : pipeline::Keep::kUntilMoreIsRecorded;
}

// Somebody looks at a page and waits. What is saved as a file may take as long as a question of a program.
double SecondsFor(const std::string& path, double question_seconds) {
  return path.ends_with('/') ? std::min(kPageSeconds, question_seconds) : question_seconds;
}

}  // namespace

PageAnswers::PageAnswers(QuestionDesk* desk, PageSource source, std::string base,
                         std::function<std::string()> vkey, std::function<PageMaker()> maker)
    : desk_(*desk),
      source_(std::move(source)),
      base_(std::move(base)),
      vkey_(std::move(vkey)),
      maker_(std::move(maker)),
      cache_(desk->limits.page_cache_bytes) {}

void PageAnswers::Answer(const std::shared_ptr<const net::HttpRequest>& request, std::function<bool()> gone,
                         const Done& done) {
  std::unique_ptr<Cache::Work> work;
  auto cosigned = desk_.published.newest();  // before the rows, which must not be behind it
  const auto rows = desk_.store.Snapshot();
  const auto view = BoundedView(
      desk_, *rows, std::move(cosigned), [&work] { return work != nullptr && work->Unwanted(); },
      SecondsFor(request->path, desk_.limits.question_seconds));
  if (!view.ok()) return done(view.status());
  const v1::CheckpointRef checkpoint = view->checkpoint;
  const PageMaker made_by = Maker();
  const std::string vkey = Vkey();
  const std::string& maker = made_by.word;
  if (auto unchanged = IfUnchanged(*request, {checkpoint, vkey, maker}); unchanged.has_value())
    return done(PageAnswer{*std::move(unchanged), std::nullopt});
  work = cache_.Ask(
      QuestionOf(*request, vkey, maker), checkpoint.size(),
      {std::move(gone), [request, checkpoint, vkey, maker, done](const StatusOr<Cache::Made>& page) {
         if (!page.ok()) return done(page.status());
         PageAnswer answer{PageResponse(**page, {checkpoint, vkey, maker}, *request), std::nullopt};
         if ((*page)->page.is_long && answer.response.status == 200)
           answer.in_pieces_as_of = checkpoint.size() - 1;
         done(std::move(answer));
       }});
  if (work == nullptr) return;
  auto page = desk_.admission.Bounded([&] {
    pages::PageRequest asked{request->path, request->query, base_, vkey};
    asked.is_copy = made_by.is_copy;
    asked.in_pieces = true;
    return source_(*view, asked);
  });
  const std::size_t most = desk_.limits.answer_bytes;
  if (page.ok() && page->body.size() > most) page = TooLarge(most);
  if (!page.ok()) return work->Finish(page.status());
  const auto packed = std::make_shared<const PackedPage>(*std::move(page));  // once for all who ask
  work->Finish(packed, packed->bytes(), KeepOf(request->path, *packed, vkey));
}

}  // namespace fundtrail::server
