// See flow_sums.h.
#include "ledger/query/flow_sums.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace fundtrail::query {

void FlowSums::Add(const model::TransferRow& row, bool own) {
  const std::size_t at = row.committed() ? (row.sends_back() ? 4 : 3) : row.sends_back() ? 2 : own ? 1 : 0;
  ++sums[at].transfers;
  sums[at].amount += row.amount.value();
}

FlowSums& FlowSums::operator+=(const FlowSums& more) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i].transfers += more.sums[i].transfers;
    sums[i].amount += more.sums[i].amount;
  }
  return *this;
}

namespace {

StatusOr<v1::LogMoney> ToLogMoney(const View& view, const std::string& asset, const FlowSums& sums) {
  v1::LogMoney money;
  FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view, asset));
  money.set_asset(asset);
  money.set_decimals(declared.decimals());
  const std::array<v1::LogSum*, 5> said = {money.mutable_paid(), money.mutable_moved(),
                                           money.mutable_sent_back(), money.mutable_committed(),
                                           money.mutable_withdrawn()};
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (sums.sums[i].amount > kMaxInt64)
      return absl::OutOfRangeError(
          absl::StrCat("in ", asset, ": a sum is more than 63 bits can count: ask by fund or by period"));
    said[i]->set_transfers(sums.sums[i].transfers);
    said[i]->set_amount(static_cast<std::int64_t>(sums.sums[i].amount));
  }
  return money;
}

}  // namespace

StatusOr<FlowSums*> SumsOfGroup(const View& view, FlowGroup group, FlowGroups* groups) {
  const auto [found, is_new] = groups->try_emplace(std::move(group));
  if (is_new) {
    const FlowGroup& of = found->first;
    FT_RETURN_IF_ERROR(
        view.Grow(sizeof(FlowGroup) + sizeof(FlowSums) + of.from.size() + of.to.size() + of.project.size()));
  }
  return &found->second;
}

Status SayFlows(const View& view, const FlowGroups& groups, std::uint64_t top,
                const std::function<Status(v1::FlowsByLine*)>& name, v1::FlowsByAnswer* answer) {
  std::vector<std::pair<const FlowGroup*, const FlowSums*>> sorted;
  for (const auto& [group, sums] : groups) sorted.emplace_back(&group, &sums);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& one, const auto& other) {
    const Wide amount = one.second->paid(), others = other.second->paid();
    return std::tie(one.first->asset, others) < std::tie(other.first->asset, amount);
  });
  for (std::size_t i = 0; i < sorted.size();) {
    const std::string& asset = sorted[i].first->asset;
    FlowSums all;
    std::uint64_t in_asset = 0, left_out = 0;
    for (; i < sorted.size() && sorted[i].first->asset == asset; ++i) {
      FT_RETURN_IF_ERROR(view.GoOn());
      all += *sorted[i].second;
      if (++in_asset > top && top > 0) {
        ++left_out;
        continue;
      }
      v1::FlowsByLine* const line = answer->add_lines();
      line->set_from(sorted[i].first->from);
      line->set_to(sorted[i].first->to);
      line->set_project(sorted[i].first->project);
      FT_RETURN_IF_ERROR(name(line));
      FT_ASSIGN_OR_RETURN(*line->mutable_money(), ToLogMoney(view, asset, *sorted[i].second));
      FT_RETURN_IF_ERROR(view.Grow(line->ByteSizeLong()));
    }
    v1::FlowsByTotal* const total = answer->add_totals();
    FT_ASSIGN_OR_RETURN(*total->mutable_money(), ToLogMoney(view, asset, all));
    total->set_groups(in_asset);
    total->set_left_out(left_out);
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
