// Long answers in pages: the one way in which everything that can be long is answered. All pages of an answer are of one
// view, and the place where it stands is kept between them. So however many there are, the rows are walked once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/query/view.h"

namespace fundtrail::query {

// How an answer is cut. It counts parts: transfers, lines, parties, keys, funds, assets, records.
struct Paging {
  std::uint64_t limit = 0;  // 0: all
  std::string after;        // a page token: begins behind it
  // A page ends with the part with which it reaches either. With that part, of at most a record's 64 KiB, it is still
  // below 1 MiB.
  std::size_t page_parts = 500;
  std::size_t page_bytes = std::size_t{14} << 16;
};

// As the request says it. The `after` of List is a transfer and no token, and Records has none.
template <typename Request>
Paging PagingOf(const Request& request) {
  Paging paging;
  paging.limit = request.limit();
  if constexpr (requires { paging.after = request.after(); }) paging.after = request.after();
  return paging;
}

// How many rows are looked at to say how many parts there are in all. Beyond it the answer says only that there are more.
inline constexpr std::uint64_t kMaxInAll = 5'000;

// What a page still takes.
class PageBudget {
 public:
  PageBudget(std::uint64_t parts, std::size_t bytes) : parts_(parts), bytes_(bytes) {}
  bool full() const { return parts_ == 0 || bytes_ == 0; }
  std::uint64_t parts() const { return parts_; }
  void TakePart(std::size_t bytes) {
    --parts_;
    TakeBytes(bytes);
  }
  // Of what is not counted, but sent.
  void TakeBytes(std::size_t bytes) { bytes_ -= std::min(bytes_, bytes); }

 private:
  std::uint64_t parts_;
  std::size_t bytes_;
};

template <typename Page>
class Pages {
 public:
  // Adds to the page until it is full. When there is more, the page token after the last item that was ever added;
  // nothing at the end. It is called again for what comes after.
  using Fill = std::function<StatusOr<std::optional<std::string>>(Page* page, PageBudget* budget)>;
  // The view must outlive it.
  Pages(const View& view, const Paging& paging, Fill fill)
      : view_(&view),
        left_(paging.limit == 0 ? UINT64_MAX : paging.limit),
        page_parts_(paging.page_parts),
        page_bytes_(paging.page_bytes),
        fill_(std::move(fill)) {}

  bool over() const { return over_; }
  const View& view() const { return *view_; }
  // Needs !over(). The first page is there even when nothing is in it.
  StatusOr<Page> Next() {
    Page page;
    FT_RETURN_IF_ERROR(Next(&page));
    return page;
  }
  // The same into an empty one, which may lie in an arena.
  Status Next(Page* page) {
    *page->mutable_as_of() = view_->checkpoint;
    const std::uint64_t parts = std::min<std::uint64_t>(left_, page_parts_);
    PageBudget budget(parts, page_bytes_);
    FT_ASSIGN_OR_RETURN(auto next, fill_(page, &budget));
    left_ -= parts - budget.parts();
    over_ = !next.has_value() || left_ == 0;
    // Records need none: they are numbered.
    if constexpr (requires { page->set_next(std::string()); }) {
      if (over_ && next.has_value()) page->set_next(*std::move(next));
    }
    return absl::OkStatus();
  }

 private:
  const View* view_;
  std::uint64_t left_;  // of the limit
  std::size_t page_parts_, page_bytes_;
  Fill fill_;
  bool over_ = false;
};

// The same pages, of which the first says how many parts there are in all, where that is known.
template <typename Page>
typename Pages<Page>::Fill WithCount(std::optional<std::uint64_t> in_all, typename Pages<Page>::Fill fill) {
  return [in_all, fill = std::move(fill)](Page* page, PageBudget* budget) mutable {
    if (in_all.has_value()) page->set_in_all(*in_all);
    in_all.reset();
    return fill(page, budget);
  };
}

// Page tokens: where an answer goes on, and of which question it is. They are not secret, and nothing in them is
// trusted: what comes back from a client is looked up.
class PageToken {
 public:
  // All of a question that decides what its parts are and in which order.
  explicit PageToken(std::initializer_list<std::string_view> question);
  // `place`: of the letters and signs that ids are made of.
  std::string At(std::string_view place) const;
  // The place in it. INVALID_ARGUMENT when it is not a token, or is one of another question.
  StatusOr<std::string> Place(std::string_view token) const;
  Status Refused(std::string_view token) const;

 private:
  std::string mark_;
};

}  // namespace fundtrail::query
