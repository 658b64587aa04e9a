// See top.h.
#include "ledger/query/top.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/query/body_sums.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

Wide RankedBy(v1::TopRequest::By by, const AccountSums& sums) {
  switch (by) {
    case v1::TopRequest::BROUGHT_IN:
      return sums.brought_in;
    case v1::TopRequest::PAID:
      return sums.paid;
    case v1::TopRequest::HELD:
      return sums.there();
    default:
      return sums.received;
  }
}

// Of one asset.
struct RankedTotal {
  AccountSums all;
  std::uint64_t bodies = 0, left_out = 0;
};

class TopWalk {
 public:
  TopWalk(const View& view, const v1::TopRequest& request, AsOfRecord as_of, PageToken token)
      : view_(view), as_of_(as_of), by_(request.by()), top_(request.top()), token_(std::move(token)) {}

  // Sorts the bodies of that role, adds them up, and keeps those that are shown.
  void Rank(std::vector<BodySum> bodies, v1::Role role) {
    if (role != v1::ROLE_UNSPECIFIED)
      std::erase_if(bodies, [role](const BodySum& body) { return body.line.role() != role; });
    const v1::TopRequest::By by = by_;
    std::sort(bodies.begin(), bodies.end(), [by](const BodySum& one, const BodySum& other) {
      const Wide amount = RankedBy(by, one.sums), others = RankedBy(by, other.sums);
      return std::tie(one.line.asset(), others, one.line.party()) <
             std::tie(other.line.asset(), amount, other.line.party());
    });
    for (BodySum& body : bodies) {
      RankedTotal& total = totals_[body.line.asset()];
      total.all += body.sums;
      ++total.bodies;
      if (top_ > 0 && total.bodies > top_) {
        ++total.left_out;
      } else {
        bodies_.push_back(std::move(body));
      }
    }
  }

  Status Begin(const std::string& token) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(token));
    const auto found = std::find_if(bodies_.begin(), bodies_.end(),
                                    [&](const BodySum& body) { return PlaceOf(body) == place; });
    if (found == bodies_.end()) return token_.Refused(token);
    at_ = static_cast<std::size_t>(found - bodies_.begin()) + 1;
    return absl::OkStatus();
  }

  StatusOr<std::optional<std::string>> Fill(v1::TopAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    if (!begun_) {
      for (const auto& [asset, total] : totals_) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        v1::TopTotal* said = page->add_totals();
        FT_ASSIGN_OR_RETURN(*said->mutable_all(), ToMessage(view_, asset, total.all));
        said->set_bodies(total.bodies);
        said->set_left_out(total.left_out);
      }
      budget->TakeBytes(page->ByteSizeLong());
      begun_ = true;
    }
    for (; at_ < bodies_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(at_ == 0 ? "/" : PlaceOf(bodies_[at_ - 1])));
      FT_ASSIGN_OR_RETURN(v1::TopLine line, RankedLine(view_, bodies_[at_]));
      budget->TakePart(line.ByteSizeLong());
      *page->add_lines() = std::move(line);
    }
    return std::optional<std::string>();
  }

 private:
  // No id has a slash.
  static std::string PlaceOf(const BodySum& body) {
    return absl::StrCat(body.line.asset(), "/", body.line.party());
  }

  const View& view_;
  const AsOfRecord as_of_;
  const v1::TopRequest::By by_;
  const std::uint64_t top_;
  const PageToken token_;
  std::vector<BodySum> bodies_;
  std::map<std::string, RankedTotal> totals_;
  std::size_t at_ = 0;
  bool begun_ = false;
};

}  // namespace

StatusOr<Pages<v1::TopAnswer>> Top(const View& view, const v1::TopRequest& request, const Paging& paging) {
  if (!v1::TopRequest::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  if (!v1::Role_IsValid(request.role()))
    return absl::InvalidArgumentError(
        absl::StrCat("role: ", static_cast<int>(request.role()), " is not known"));
  BodyFilter filter;
  if (request.has_as_of()) filter.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(filter.period.since, Day("since", request.since()));
  FT_ASSIGN_OR_RETURN(filter.period.until, Day("until", request.until()));
  filter.fund = request.fund();
  filter.asset = request.asset();
  if (!filter.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, filter.fund));
  if (!filter.asset.empty()) FT_RETURN_IF_ERROR(FindAsset(view, filter.asset).status());
  PageToken token{
      "top",
      absl::StrCat(request.by() == v1::TopRequest::BY_UNSPECIFIED ? v1::TopRequest::RECEIVED : request.by()),
      request.fund(),
      request.asset(),
      absl::StrCat(request.role()),
      request.since(),
      request.until(),
      absl::StrCat(request.top()),
      filter.as_of.has_value() ? absl::StrCat(*filter.as_of) : ""};
  const auto walk = std::make_shared<TopWalk>(view, request, filter.as_of, std::move(token));
  FT_ASSIGN_OR_RETURN(BodySums read, ReadBodies(view, filter));
  walk->Rank(std::move(read.bodies), request.role());
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  return Pages<v1::TopAnswer>(
      view, paging, [walk](v1::TopAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); });
}

}  // namespace fundtrail::query
