// See flows_by.h.
#include "ledger/query/flows_by.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/log/seal.h"
#include "ledger/query/group_names.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

using FlowsAsked = v1::FlowsByRequest;
constexpr std::size_t kYearLetters = 4;

// The sums of LogMoney, in its order: paid, moved, sent back, committed, withdrawn.
struct FlowSums {
  struct One {
    std::uint64_t transfers = 0;
    Wide amount = 0;
  };
  std::array<One, 5> sums;

  void Add(const SummedTransfer& transfer) {
    const bool back = transfer.row.sends_back(), own = transfer.from.under == transfer.to.under;
    const std::size_t at = transfer.row.committed() ? (back ? 4 : 3) : back ? 2 : own ? 1 : 0;
    ++sums[at].transfers;
    sums[at].amount += transfer.row.amount.value();
  }
  FlowSums& operator+=(const FlowSums& more) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].transfers += more.sums[i].transfers;
      sums[i].amount += more.sums[i].amount;
    }
    return *this;
  }
};

struct FlowGroup {
  std::string asset, from, to, project;
  friend auto operator<=>(const FlowGroup&, const FlowGroup&) = default;
};

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

class FlowReader {
 public:
  FlowReader(const View& view, const MoneyWalk& walk, const v1::FlowsByRequest& request, FlowsAsked::By by,
             AsOfRecord as_of, DatePeriod period)
      : view_(view),
        walk_(walk),
        request_(request),
        by_(by),
        period_(period),
        names_(view, walk, as_of),
        fund_(walk.FundNumber(request.fund())),
        asset_(walk.AssetNumber(request.asset())) {}

  Status Take(const SummedTransfer& transfer) {
    if (period_.IsOver(transfer.row.date) || !period_.HasBegun(transfer.row.date)) return absl::OkStatus();
    if (!request_.fund().empty() && transfer.from.fund != fund_) return absl::OkStatus();
    if (!request_.asset().empty() && transfer.from.asset != asset_) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(FlowGroup group, GroupOf(transfer));
    const auto [found, is_new] = groups_.try_emplace(std::move(group));
    if (is_new)
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(FlowGroup) + sizeof(FlowSums) + found->first.from.size() +
                                    found->first.to.size() + found->first.project.size()));
    found->second.Add(transfer);
    return absl::OkStatus();
  }

  Status Answer(v1::FlowsByAnswer* answer) const {
    std::vector<std::pair<const FlowGroup*, const FlowSums*>> sorted;
    for (const auto& [group, sums] : groups_) sorted.emplace_back(&group, &sums);
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& one, const auto& other) {
      const Wide amount = one.second->sums[0].amount, others = other.second->sums[0].amount;
      return std::tie(one.first->asset, others) < std::tie(other.first->asset, amount);
    });
    for (std::size_t i = 0; i < sorted.size();) {
      const std::string& asset = sorted[i].first->asset;
      FlowSums all;
      std::uint64_t groups = 0, left_out = 0;
      for (; i < sorted.size() && sorted[i].first->asset == asset; ++i) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        all += *sorted[i].second;
        if (++groups > request_.top() && request_.top() > 0) {
          ++left_out;
          continue;
        }
        v1::FlowsByLine* const line = answer->add_lines();
        line->set_from(sorted[i].first->from);
        line->set_to(sorted[i].first->to);
        FT_ASSIGN_OR_RETURN(*line->mutable_from_name(), NameOf(line->from()));
        FT_ASSIGN_OR_RETURN(*line->mutable_to_name(), NameOf(line->to()));
        line->set_project(sorted[i].first->project);
        FT_ASSIGN_OR_RETURN(*line->mutable_project_name(),
                            names_.NameOf(v1::Action::kProposeProject, line->project()));
        FT_ASSIGN_OR_RETURN(*line->mutable_money(), ToLogMoney(view_, asset, *sorted[i].second));
        FT_RETURN_IF_ERROR(view_.Grow(line->ByteSizeLong()));
      }
      v1::FlowsByTotal* const total = answer->add_totals();
      FT_ASSIGN_OR_RETURN(*total->mutable_money(), ToLogMoney(view_, asset, all));
      total->set_groups(groups);
      total->set_left_out(left_out);
    }
    return absl::OkStatus();
  }

 private:
  StatusOr<FlowGroup> GroupOf(const SummedTransfer& transfer) {
    FlowGroup group{walk_.assets()[transfer.from.asset], "", "", ""};
    switch (by_) {
      case FlowsAsked::PLACE: {
        FT_ASSIGN_OR_RETURN(group.from, PlaceOfTransfer(transfer.ref));
        break;
      }
      case FlowsAsked::PROGRAMME: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Programme(transfer.row.from));
        FT_ASSIGN_OR_RETURN(group.to, names_.Programme(transfer.row.to));
        break;
      }
      case FlowsAsked::PROJECT: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Project(transfer.row.from));
        FT_ASSIGN_OR_RETURN(group.to, names_.Project(transfer.row.to));
        break;
      }
      case FlowsAsked::FUND: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Fund(transfer.from, transfer.row.from));
        FT_ASSIGN_OR_RETURN(group.to, names_.Fund(transfer.to, transfer.row.to));
        break;
      }
      case FlowsAsked::PARTY_KIND: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Kind(*transfer.from.under));
        FT_ASSIGN_OR_RETURN(group.to, names_.Kind(*transfer.to.under));
        break;
      }
      case FlowsAsked::YEAR:
        group.from = ToString(transfer.row.date).substr(0, kYearLetters);
        break;
      case FlowsAsked::KIND:
        group.from = v1::TransferKind_Name(transfer.row.kind);
        break;
      default: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Party(*transfer.from.under));
        FT_ASSIGN_OR_RETURN(group.to, names_.Party(*transfer.to.under));
        if (by_ != FlowsAsked::PARTY_PROJECT) break;
        FT_ASSIGN_OR_RETURN(group.project, names_.Project(transfer.row.to));
      }
    }
    return group;
  }

  // Transfers come in the order of the log, so that each record is read once.
  StatusOr<std::string> PlaceOfTransfer(TransferRef ref) {
    if (!record_.has_value() || *record_ != ref.record) {
      FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view_.rows, ref.record));
      v1::Entry entry;
      if (!entry.ParseFromString(stored.record.signed_entry().entry()))
        return model::Damaged(model::keys::Record(ref.record), "holds an entry that cannot be read");
      places_.clear();
      for (const v1::Action& action : entry.actions())
        if (action.has_transfer()) places_.push_back(action.transfer().place());
      record_ = ref.record;
    }
    if (ref.line == 0 || ref.line > places_.size())
      return model::Damaged(model::keys::Transfer(ref), "is not in its record");
    return places_[ref.line - 1];
  }

  StatusOr<std::string> NameOf(const std::string& id) const {
    switch (by_) {
      case FlowsAsked::PLACE:
        return names_.NameOf(v1::Action::kDeclarePlace, id);
      case FlowsAsked::PROGRAMME:
        return names_.NameOf(v1::Action::kOpenProgramme, id);
      case FlowsAsked::FUND:
        return names_.NameOf(v1::Action::kOpenFund, id);
      case FlowsAsked::PROJECT:
        return names_.NameOf(v1::Action::kProposeProject, id);
      case FlowsAsked::YEAR:
      case FlowsAsked::KIND:
      case FlowsAsked::PARTY_KIND:
        return std::string();
      default:
        return names_.NameOf(v1::Action::kRegisterParty, id);
    }
  }

  const View& view_;
  const MoneyWalk& walk_;
  const v1::FlowsByRequest& request_;
  const FlowsAsked::By by_;
  const DatePeriod period_;
  GroupNames names_;
  const std::optional<std::uint32_t> fund_, asset_;  // nothing: no account has it
  std::map<FlowGroup, FlowSums> groups_;
  std::optional<RecordIndex> record_;
  std::vector<std::string> places_;  // of the transfers of that record
};

}  // namespace

StatusOr<v1::FlowsByAnswer> FlowsBy(const View& view, const v1::FlowsByRequest& request) {
  FT_ASSIGN_OR_RETURN(auto answers, FlowsByOfPeriods(view, request, {{request.since(), request.until()}}));
  return std::move(answers.front());
}

StatusOr<std::vector<v1::FlowsByAnswer>> FlowsByOfPeriods(const View& view, const v1::FlowsByRequest& request,
                                                          const std::vector<DaysAsked>& periods) {
  if (!FlowsAsked::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(const std::vector<DatePeriod> days, PeriodsOf(periods));
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  if (!request.asset().empty()) FT_RETURN_IF_ERROR(FindAsset(view, request.asset()).status());
  const FlowsAsked::By by = request.by() == FlowsAsked::BY_UNSPECIFIED ? FlowsAsked::PARTY : request.by();
  FT_ASSIGN_OR_RETURN(MoneyWalk walk, MoneyWalk::Open(view, as_of, request.joined()));
  std::vector<FlowReader> readers;
  readers.reserve(days.size());
  for (const DatePeriod& period : days) readers.emplace_back(view, walk, request, by, as_of, period);
  const auto take = [&readers](const SummedTransfer& transfer) -> Status {
    for (FlowReader& reader : readers) FT_RETURN_IF_ERROR(reader.Take(transfer));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(walk.Each(take));
  std::vector<v1::FlowsByAnswer> answers;
  for (const FlowReader& reader : readers) {
    v1::FlowsByAnswer& answer = answers.emplace_back();
    *answer.mutable_as_of() = view.checkpoint;
    if (as_of.has_value()) answer.set_as_of_record(*as_of);
    answer.set_by(by);
    FT_RETURN_IF_ERROR(walk.joins().Say(view, as_of, walk.joined(), &answer));
    FT_RETURN_IF_ERROR(reader.Answer(&answer));
  }
  return answers;
}

}  // namespace fundtrail::query
