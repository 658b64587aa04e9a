// The functions of query/ behind server/questions.def, and the bounds of every question, whichever protocol it comes
// by. They are on its size, on the time, and on the memory of its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/pipeline/question_admission.h"
#include "ledger/pipeline/retry.h"
#include "ledger/query/acknowledgements.h"
#include "ledger/query/balance.h"
#include "ledger/query/checkpoints.h"
#include "ledger/query/committed.h"
#include "ledger/query/compare.h"
#include "ledger/query/concerns.h"
#include "ledger/query/coverage.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/findings/findings.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/fragmentation.h"
#include "ledger/query/groups.h"
#include "ledger/query/idle.h"
#include "ledger/query/idle_teams.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/list.h"
#include "ledger/query/log.h"
#include "ledger/query/match.h"
#include "ledger/query/missing_groups.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"
#include "ledger/query/participation.h"
#include "ledger/query/pledges.h"
#include "ledger/query/policies.h"
#include "ledger/query/policy_gaps.h"
#include "ledger/query/policy_pairs.h"
#include "ledger/query/project_money.h"
#include "ledger/query/proofs.h"
#include "ledger/query/publicity.h"
#include "ledger/query/record_bytes.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/sample.h"
#include "ledger/query/search.h"
#include "ledger/query/series.h"
#include "ledger/query/standing.h"
#include "ledger/query/statement.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/query/trace.h"
#include "ledger/query/who_answers.h"
#include "ledger/store/store.h"
#include "server/min_size.h"
#include "server/question_desk.h"
#include "server/request.h"

namespace fundtrail::server {

// Asking again would not make it smaller.
inline Status TooLarge(std::size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", most,
                   " bytes, the most that is sent: ask by fund, by period, or for fewer paths"));
}

// Of what is kept to make pages of, as needs that are sorted.
inline Status TooMuchToKeep(std::size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("more than ", most,
                   " bytes would be kept while the answer is on its way: ask for a place or a category"));
}

// The view that one answer is worked out on, with the bounds of the desk: it ends with `cancelled`, and after so many
// seconds.
inline StatusOr<query::View> BoundedView(const QuestionDesk& desk, const store::Reader& rows,
                                         std::shared_ptr<const v1::CheckpointRef> cosigned,
                                         std::function<bool()> cancelled, double seconds) {
  FT_ASSIGN_OR_RETURN(auto view, query::MakeView(rows));
  view.cosigned = std::move(cosigned);
  view.search = desk.search.get();
  view.money = desk.money.get();
  view.bodies = desk.bodies.get();
  view.go_on = desk.admission.GoOn(std::move(cancelled), seconds, 256);
  view.grow = [bytes = std::size_t{0}, most = desk.limits.answer_bytes](std::size_t more) mutable {
    bytes += more;
    return bytes <= most ? absl::OkStatus() : TooLarge(most);
  };
  return view;
}

// The function of query/ of that name, as AnswerQuestion asks it. Where one of its forms takes the message, it fills that where it
// lies, which may be an arena. A lambda names the one function of its name that takes such a request.
#define FUNDTRAIL_ASK(NAME)                                                          \
  [](const auto& view, const auto& asked, auto* told) -> fundtrail::Status {         \
    if constexpr (requires { fundtrail::Status(query::NAME(view, asked, told)); }) { \
      return query::NAME(view, asked, told);                                         \
    } else {                                                                         \
      FT_ASSIGN_OR_RETURN(*told, query::NAME(view, asked));                          \
      return absl::OkStatus();                                                       \
    }                                                                                \
  }

// An answer of one message, of so many records at least, and its bytes. `ask` is a FUNDTRAIL_ASK.
template <typename Request, typename Reply, typename Question>
StatusOr<std::size_t> AnswerQuestion(const QuestionDesk& desk, std::function<bool()> cancelled,
                                     double seconds, std::uint64_t min_size, const Request& request,
                                     Reply* answer, Question ask) {
  FT_RETURN_IF_ERROR(CheckQuestion(request, desk.limits));
  auto cosigned = desk.published.newest();  // before the rows, which must not be behind it
  const auto rows = desk.store.Snapshot();
  FT_ASSIGN_OR_RETURN(const auto view,
                      BoundedView(desk, *rows, std::move(cosigned), std::move(cancelled), seconds));
  FT_RETURN_IF_ERROR(CheckNewEnough(view.checkpoint.size(), min_size));
  FT_RETURN_IF_ERROR(ask(view, request, answer));
  const std::size_t bytes = answer->ByteSizeLong();
  if (bytes > desk.limits.answer_bytes) return TooLarge(desk.limits.answer_bytes);
  return bytes;
}

// A page that is a whole answer, and smaller than this, needs no place. Whoever pays asks for a few parties and assets,
// and must not wait for those who read long answers slowly. As of other short answers, the bound on calls bounds them.
inline constexpr std::size_t kShortAnswer = std::size_t{16} << 10;

// An answer in pages, each worked out when Next is called: between them it holds no thread. What is read and sorted
// before the first page is bounded as an answer of one message is, in time and in memory. The memory counts until the
// client has all pages. It takes its place among the desk's with the first page that needs one, and gives it back as it
// goes away.
template <typename Request, typename Page>
class PagedAnswer {
 public:
  using Question = StatusOr<query::Pages<Page>> (*)(const query::View& view, const Request& request);
  // The desk must outlive it.
  PagedAnswer(QuestionDesk* desk, std::string address, std::function<bool()> cancelled,
              std::uint64_t min_size, Question ask)
      : desk_(*desk),
        address_(std::move(address)),
        cancelled_(std::move(cancelled)),
        min_size_(min_size),
        ask_(ask),
        go_on_(desk_.admission.GoOn(cancelled_, 100 * desk_.limits.question_seconds, 1)) {}

  // The next page, into an empty one. Needs !over(). The request must stay where it is until the last.
  Status Next(const Request& request, Page* page) {
    FT_RETURN_IF_ERROR(go_on_());
    if (!pages_.has_value()) FT_RETURN_IF_ERROR(Begin(request));
    FT_RETURN_IF_ERROR(pages_->Next(page));
    if (over()) {
      rows_.reset();  // nothing looks at them any more
    } else {
      FT_RETURN_IF_ERROR(CountKept());
    }
    if (slot_ != nullptr || (over() && page->ByteSizeLong() < kShortAnswer)) return absl::OkStatus();
    slot_ = desk_.pages.Take(address_);
    if (slot_ != nullptr) return absl::OkStatus();
    return pipeline::AgainIn(std::chrono::seconds(1),
                             "too many long answers are on their way: ask again when one is read");
  }
  bool over() const { return pages_.has_value() && pages_->over(); }

 private:
  // All pages are of the ledger as it is now.
  Status Begin(const Request& request) {
    rows_ = desk_.store.Snapshot();
    FT_ASSIGN_OR_RETURN(view_, query::MakeView(*rows_));
    FT_RETURN_IF_ERROR(CheckNewEnough(view_.checkpoint.size(), min_size_));
    view_.search = desk_.search.get();
    view_.money = desk_.money.get();
    view_.bodies = desk_.bodies.get();
    begin_go_on_ = desk_.admission.GoOn(cancelled_, desk_.limits.question_seconds, 256);
    // Whoever asks goes on with this view, page by page.
    view_.go_on = [this] { return begin_go_on_ ? begin_go_on_() : go_on_(); };
    view_.grow = [this](std::size_t more) {
      if (!begin_go_on_) return absl::OkStatus();
      kept_ += more;
      return kept_ <= desk_.limits.answer_bytes ? absl::OkStatus() : TooMuchToKeep(desk_.limits.answer_bytes);
    };
    FT_ASSIGN_OR_RETURN(pages_, ask_(view_, request));
    begin_go_on_ = nullptr;
    return absl::OkStatus();
  }
  // Once, where pages follow.
  Status CountKept() {
    if (kept_ < kShortAnswer || memory_ != nullptr) return absl::OkStatus();
    memory_ = desk_.admission.Memory(address_, kept_);
    return memory_ == nullptr ? pipeline::QuestionAdmission::NoMemory() : absl::OkStatus();
  }

  QuestionDesk& desk_;
  const std::string address_;
  const std::function<bool()> cancelled_;
  const std::uint64_t min_size_;
  const Question ask_;
  const std::function<Status()> go_on_;
  // Since the first page.
  std::unique_ptr<store::Reader> rows_;
  query::View view_;
  std::optional<query::Pages<Page>> pages_;
  std::function<Status()> begin_go_on_;  // while that is worked out which comes before the first page
  std::size_t kept_ = 0;                 // bytes, since then
  std::shared_ptr<void> memory_;         // that they count in
  std::shared_ptr<void> slot_;
};

}  // namespace fundtrail::server
