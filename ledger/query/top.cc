// See top.h.
#include "ledger/query/top.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "ledger/query/body_sums.h"
#include "ledger/query/item_names.h"
#include "ledger/query/kept_bodies.h"
#include "ledger/query/parties_at.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

Wide RankedBy(v1::TopRequest::By by, const AccountSums& sums) {
  switch (by) {
    case v1::TopRequest::BY_BROUGHT_IN:
      return sums.brought_in;
    case v1::TopRequest::BY_PAID:
      return sums.paid;
    case v1::TopRequest::BY_HELD:
      return sums.there();
    default:
      return sums.received;
  }
}

namespace {

// The accounts by which the parties are known that are ranked; nothing: all are.
using OnlyAccounts = std::optional<absl::flat_hash_set<std::uint64_t>>;

// Of one asset.
struct RankedTotal {
  AccountSums all;
  std::uint64_t bodies = 0, left_out = 0;
};

class TopWalk {
 public:
  TopWalk(const View& view, const v1::TopRequest& request, AsOfRecord as_of, PageToken token)
      : view_(view),
        as_of_(as_of),
        by_(request.by()),
        of_(request.of() == v1::TopRequest::OF_UNSPECIFIED ? v1::TopRequest::OF_BODIES : request.of()),
        top_(request.top()),
        token_(std::move(token)) {}

  // Adds up the bodies of that role, and keeps those that are shown: at most `most`, after the place in the token.
  Status Rank(const BodySums& read, v1::Role role, const OnlyAccounts& only, const std::string& token,
              std::uint64_t most) {
    assets_ = read.assets;
    joins_ = read.joins;
    joined_ = read.joined;
    Order order;
    std::vector<RankedTotal*> totals(assets_.size());
    for (const BodySum& body : read.bodies) {
      if (only.has_value() && !only->contains(body.party.account)) continue;
      if (of_ == v1::TopRequest::OF_BODIES && role != v1::ROLE_UNSPECIFIED && body.party.role != role)
        continue;
      RankedTotal*& total = totals[body.asset];
      if (total == nullptr) total = &totals_[assets_[body.asset]];
      total->all += body.sums;
      ++total->bodies;
      order.push_back(&body);
    }
    if (top_ > 0) KeepLargest(&order);
    if (!token.empty()) FT_RETURN_IF_ERROR(KeepAfter(token, &order));
    const auto kept = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(order.size(), most));
    FT_RETURN_IF_ERROR(view_.Grow(static_cast<std::size_t>(kept) * sizeof(BodySum)));
    std::partial_sort(
        order.begin(), order.begin() + kept, order.end(),
        [this](const BodySum* one, const BodySum* other) { return StandsBefore(*one, *other); });
    bodies_.reserve(static_cast<std::size_t>(kept));
    for (auto body = order.begin(); body != order.begin() + kept; ++body) bodies_.push_back(**body);
    return absl::OkStatus();
  }

  // All that were ranked, in any asset.
  std::uint64_t InAll() const {
    std::uint64_t bodies = 0;
    for (const auto& [asset, total] : totals_) bodies += total.bodies;
    return bodies;
  }

  StatusOr<std::optional<std::string>> Fill(v1::TopAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    page->set_of(of_);
    if (!begun_) {
      for (const auto& [asset, total] : totals_) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        v1::TopTotal* said = page->add_totals();
        FT_ASSIGN_OR_RETURN(*said->mutable_all(), ToMessage(view_, asset, total.all));
        said->set_bodies(total.bodies);
        said->set_left_out(total.left_out);
      }
      FT_RETURN_IF_ERROR(joins_.Say(view_, as_of_, joined_, page));
      budget->TakeBytes(page->ByteSizeLong());
      begun_ = true;
    }
    for (; at_ < bodies_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(place_));
      const BodySum& body = bodies_[at_];
      v1::TopLine line;
      if (of_ == v1::TopRequest::OF_BODIES) {
        FT_ASSIGN_OR_RETURN(line, RankedLine(view_, as_of_, joins_, assets_[body.asset], body));
      } else {
        FT_ASSIGN_OR_RETURN(line, GroupLine(view_, as_of_, of_, assets_[body.asset], body));
      }
      place_ = PlaceOf(line.asset(), line.party());
      budget->TakePart(line.ByteSizeLong());
      *page->add_lines() = std::move(line);
    }
    return std::optional<std::string>();
  }

 private:
  using Order = std::vector<const BodySum*>;

  // No id has a slash.
  static std::string PlaceOf(const std::string& asset, const std::string& party) {
    return absl::StrCat(asset, "/", party);
  }
  bool StandsBefore(const BodySum& one, const BodySum& other) const {
    if (one.asset != other.asset) return assets_[one.asset] < assets_[other.asset];
    const Wide amount = RankedBy(by_, one.sums), others = RankedBy(by_, other.sums);
    if (amount != others) return amount > others;
    return std::tie(one.party.number, one.group) < std::tie(other.party.number, other.group);
  }

  // The first of each asset.
  void KeepLargest(Order* order) {
    std::sort(order->begin(), order->end(),
              [this](const BodySum* one, const BodySum* other) { return StandsBefore(*one, *other); });
    std::map<std::uint32_t, std::uint64_t> seen;
    std::erase_if(*order, [&](const BodySum* body) { return ++seen[body->asset] > top_; });
    for (auto& [asset, total] : totals_)
      if (total.bodies > top_) total.left_out = total.bodies - top_;
  }

  Status KeepAfter(const std::string& token, Order* order) {
    FT_ASSIGN_OR_RETURN(place_, token_.Place(token));
    const std::size_t slash = place_.find('/');
    if (slash == std::string::npos) return token_.Refused(token);
    const std::string last_id = place_.substr(slash + 1);
    std::set<model::AccountNumber> accounts;
    for (const std::string& party : joins_.Together(last_id)) {
      FT_ASSIGN_OR_RETURN(const auto its_own, AccountsOf(view_, party, ""));
      accounts.insert(its_own.begin(), its_own.end());
    }
    const auto found = std::find_if(order->begin(), order->end(), [&](const BodySum* body) {
      if (assets_[body->asset] != place_.substr(0, slash)) return false;
      return of_ == v1::TopRequest::OF_BODIES ? accounts.count(model::AccountNumber(body->party.account)) > 0
                                              : body->group == last_id;
    });
    if (found == order->end()) return token_.Refused(token);
    const BodySum* const last = *found;
    std::erase_if(*order, [&](const BodySum* body) { return !StandsBefore(*last, *body); });
    return absl::OkStatus();
  }

  const View& view_;
  const AsOfRecord as_of_;
  const v1::TopRequest::By by_;
  const v1::TopRequest::Of of_;
  const std::uint64_t top_;
  const PageToken token_;
  std::vector<std::string> assets_;
  Joins joins_;
  std::set<std::string> joined_;
  std::vector<BodySum> bodies_;  // in order
  std::string place_ = "/";      // of the last that was shown
  std::map<std::string, RankedTotal> totals_;
  std::size_t at_ = 0;
  bool begun_ = false;
};

// What it asks, but for its days. The errors are those of Top.
StatusOr<BodyFilter> BodiesAsked(const View& view, const v1::TopRequest& request) {
  if (!v1::TopRequest::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  if (!v1::Role_IsValid(request.role()))
    return absl::InvalidArgumentError(
        absl::StrCat("role: ", static_cast<int>(request.role()), " is not known"));
  if (!v1::TopRequest::Of_IsValid(request.of()))
    return absl::InvalidArgumentError(absl::StrCat("of: ", static_cast<int>(request.of()), " is not known"));
  BodyFilter filter;
  filter.of = request.of();
  filter.role = request.role();
  if (request.has_as_of()) filter.as_of = request.as_of();
  filter.fund = request.fund();
  filter.asset = request.asset();
  filter.joined = request.joined();
  if (!filter.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, filter.fund));
  if (!filter.asset.empty()) FT_RETURN_IF_ERROR(FindAsset(view, filter.asset).status());
  return filter;
}

// The pages of what was read for the question and its days.
StatusOr<Pages<v1::TopAnswer>> PagesOf(const View& view, const v1::TopRequest& request, AsOfRecord as_of,
                                       const BodySums& read, const Paging& paging,
                                       const std::string& place = "",
                                       const OnlyAccounts& only = std::nullopt) {
  PageToken token{
      "top",
      absl::StrCat(request.by() == v1::TopRequest::BY_UNSPECIFIED ? v1::TopRequest::BY_RECEIVED
                                                                  : request.by()),
      request.fund(),
      request.asset(),
      absl::StrCat(request.role()),
      request.since(),
      request.until(),
      absl::StrCat(request.top()),
      as_of.has_value() ? absl::StrCat(*as_of) : "",
      request.joined() ? "joined" : "",
      absl::StrCat(request.of() == v1::TopRequest::OF_UNSPECIFIED ? "" : absl::StrCat(request.of()),
                   place.empty() ? "" : "/", place)};
  const auto walk = std::make_shared<TopWalk>(view, request, as_of, std::move(token));
  // One more than is shown: then the answer says that there is more.
  const std::uint64_t most = paging.limit == 0 ? UINT64_MAX : paging.limit + 1;
  FT_RETURN_IF_ERROR(walk->Rank(read, request.role(), only, paging.after, std::max(most, paging.limit)));
  FT_ASSIGN_OR_RETURN(const std::string fund_name,
                      NameOfItem(view, v1::Action::kOpenFund, request.fund(), as_of));
  const auto fill = [walk, fund_name](v1::TopAnswer* page, PageBudget* budget) {
    page->set_fund_name(fund_name);
    return walk->Fill(page, budget);
  };
  return Pages<v1::TopAnswer>(view, paging, WithCount<v1::TopAnswer>(walk->InAll(), fill));
}

}  // namespace

StatusOr<Pages<v1::TopAnswer>> Top(const View& view, const v1::TopRequest& request, const Paging& paging) {
  FT_ASSIGN_OR_RETURN(BodyFilter filter, BodiesAsked(view, request));
  FT_ASSIGN_OR_RETURN(filter.period, PeriodOf({request.since(), request.until()}));
  FT_ASSIGN_OR_RETURN(const auto read, ReadBodies(view, filter));
  return PagesOf(view, request, filter.as_of, *read, paging);
}

StatusOr<Pages<v1::TopAnswer>> TopAt(const View& view, const v1::TopRequest& asked, const std::string& place,
                                     const Paging& paging) {
  v1::TopRequest request = asked;
  request.set_of(v1::TopRequest::OF_BODIES);
  FT_ASSIGN_OR_RETURN(BodyFilter filter, BodiesAsked(view, request));
  FT_ASSIGN_OR_RETURN(filter.period, PeriodOf({request.since(), request.until()}));
  // Of a party its accounts alone are kept: there may be a million at a place.
  OnlyAccounts only(std::in_place);
  const auto take = [&](const v1::RegisterParty& party) -> Status {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, party.id(), ""));
    for (const model::AccountNumber account : accounts) only->insert(account.value());
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(EachPartyAt(view, place, filter.as_of, UINT64_MAX, take).status());
  FT_ASSIGN_OR_RETURN(const auto read, ReadBodies(view, filter));
  return PagesOf(view, request, filter.as_of, *read, paging, place, only);
}

StatusOr<std::vector<BodySums>> TopSumsOfPeriods(const View& view, const v1::TopRequest& request,
                                                 const std::vector<DaysAsked>& periods) {
  FT_ASSIGN_OR_RETURN(const BodyFilter filter, BodiesAsked(view, request));
  FT_ASSIGN_OR_RETURN(const std::vector<DatePeriod> days, PeriodsOf(periods));
  FT_ASSIGN_OR_RETURN(std::vector<BodySums> read, ReadBodiesOfPeriods(view, filter, days));
  if (filter.groups() || request.role() == v1::ROLE_UNSPECIFIED) return read;
  for (BodySums& sums : read)
    std::erase_if(sums.bodies, [&request](const BodySum& body) { return body.party.role != request.role(); });
  return read;
}

}  // namespace fundtrail::query
