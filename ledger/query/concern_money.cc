// See concern_money.h.
#include "ledger/query/concern_money.h"

#include <algorithm>

#include "ledger/model/references.h"
#include "ledger/query/need_money.h"

namespace fundtrail::query {

Status MoneyUnderConcern::Take(const books::ConcernSubject& subject) {
  FT_RETURN_IF_ERROR(view_.GoOn());
  if (!taken_.emplace(subject.of, subject.id).second) return absl::OkStatus();
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(subject) + subject.id.size()));
  switch (subject.of) {
    case v1::Action::kProposeProject:
      return EachAssetOf(view_, subject.id, as_of_, [this](const ProjectSums& sums) {
        sums_[sums.asset].in_projects += sums.totals.placed().value();
        beyond_ = beyond_ || sums.totals.beyond;
        return absl::OkStatus();
      });
    case v1::Action::kDeclareNeed:
      return EachPaidFor(view_, subject.id, as_of_, [this](const NeedPaid& paid) {
        sums_[paid.asset].for_needs += paid.money.paid;
        beyond_ = beyond_ || paid.money.beyond;
        return absl::OkStatus();
      });
    case v1::Action::kTransfer: {
      FT_ASSIGN_OR_RETURN(const TransferRef ref, model::ParseRef(subject.id));
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, row.to));
      sums_[to.asset()].in_payments += row.to_amount.value();
      return absl::OkStatus();
    }
    default:
      ++without_;
      return absl::OkStatus();
  }
}

Status MoneyUnderConcern::AddTo(v1::ConcernsAnswer* answer) const {
  answer->set_without_money(without_);
  bool beyond = beyond_;
  for (const auto& [asset, sums] : sums_)
    beyond = beyond || std::max({sums.in_projects, sums.for_needs, sums.in_payments}) > kMaxInt64;
  answer->set_money_beyond(beyond);
  if (beyond) return absl::OkStatus();
  for (const auto& [asset, sums] : sums_) {
    if (sums.in_projects == 0 && sums.for_needs == 0 && sums.in_payments == 0) continue;
    FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view_, asset));
    v1::ConcernMoney* line = answer->add_money();
    line->set_asset(asset);
    line->set_decimals(declared.decimals());
    line->set_in_projects(static_cast<std::int64_t>(sums.in_projects));
    line->set_for_needs(static_cast<std::int64_t>(sums.for_needs));
    line->set_in_payments(static_cast<std::int64_t>(sums.in_payments));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
