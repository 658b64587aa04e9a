// Pages as they are asked for over HTTP. Each is worked out once for all who ask the same at a time, and kept until something is recorded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/net/http_message.h"
#include "ledger/pages/page.h"
#include "ledger/pipeline/answer_cache.h"
#include "ledger/query/view.h"
#include "server/build_id.h"
#include "server/packed_page.h"
#include "server/question_desk.h"

namespace fundtrail::server {

// A page as pages::AnswerPage gives it.
using PageSource =
    std::function<StatusOr<pages::Page>(const query::View& view, const pages::PageRequest& request)>;

// What makes pages, beside the rows and the key. It is asked once for each answer, so that a page and its tag are of one: whether this
// process stands by may change while a page is made.
struct PageMaker {
  std::string word;      // the program and its settings (HttpSettings)
  bool is_copy = false;  // PageRequest has what it means
};

// What is sent, or the head of it.
struct PageAnswer {
  net::HttpResponse response;
  // Of a table that is too long for one answer: the record after which it is to be sent, in pieces (table_stream.h). Then the response is
  // its head alone.
  std::optional<std::uint64_t> in_pieces_as_of;
};

// From any thread.
class PageAnswers {
 public:
  // `base`, `vkey` and `maker` are those of HttpSettings. The desk must outlive it.
  PageAnswers(QuestionDesk* desk, PageSource source, std::string base, std::function<std::string()> vkey,
              std::function<PageMaker()> maker);

  // The page that is asked for, or 304; likewise a file beside the pages (pages::IsPlainFile). Calls `done` once: before it returns, or
  // later from the thread that works the same page out for another. A page takes kPageSeconds at most, and a file as long as a question.
  // It is given up when all who wait for it have `gone`.
  using Done = std::function<void(StatusOr<PageAnswer> answer)>;
  void Answer(const std::shared_ptr<const net::HttpRequest>& request, std::function<bool()> gone,
              const Done& done);
  pipeline::AnswerCacheCounts counts() const { return cache_.counts(); }

 private:
  using Cache = pipeline::AnswerCache<PackedPage>;
  std::string Vkey() const { return vkey_ ? vkey_() : std::string(); }
  PageMaker Maker() const { return maker_ ? maker_() : PageMaker{BuildId()}; }

  QuestionDesk& desk_;
  const PageSource source_;
  const std::string base_;
  const std::function<std::string()> vkey_;
  const std::function<PageMaker()> maker_;
  Cache cache_;
};

}  // namespace fundtrail::server
