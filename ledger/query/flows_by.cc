// See flows_by.h.
#include "ledger/query/flows_by.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/log/seal.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/flow_sums.h"
#include "ledger/query/group_names.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

using FlowsAsked = v1::FlowsByRequest;
constexpr std::size_t kYearLetters = 4;

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
    FT_ASSIGN_OR_RETURN(FlowSums* const sums, SumsOfGroup(view_, std::move(group), &groups_));
    sums->Add(transfer.row, transfer.from.under == transfer.to.under);
    return absl::OkStatus();
  }

  Status Answer(v1::FlowsByAnswer* answer) const {
    const auto name = [this](v1::FlowsByLine* line) -> Status {
      FT_ASSIGN_OR_RETURN(*line->mutable_from_name(), NameOf(line->from()));
      FT_ASSIGN_OR_RETURN(*line->mutable_to_name(), NameOf(line->to()));
      FT_ASSIGN_OR_RETURN(*line->mutable_project_name(),
                          names_.NameOf(v1::Action::kProposeProject, line->project()));
      return absl::OkStatus();
    };
    return SayFlows(view_, groups_, request_.top(), name, answer);
  }

 private:
  StatusOr<FlowGroup> GroupOf(const SummedTransfer& transfer) {
    FlowGroup group{walk_.assets()[transfer.from.asset], "", "", ""};
    switch (by_) {
      case FlowsAsked::BY_PLACE: {
        FT_ASSIGN_OR_RETURN(group.from, PlaceOfTransfer(transfer.ref));
        break;
      }
      case FlowsAsked::BY_PROGRAMME: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Programme(transfer.row.from));
        FT_ASSIGN_OR_RETURN(group.to, names_.Programme(transfer.row.to));
        break;
      }
      case FlowsAsked::BY_PROJECT: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Project(transfer.row.from));
        FT_ASSIGN_OR_RETURN(group.to, names_.Project(transfer.row.to));
        break;
      }
      case FlowsAsked::BY_FUND: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Fund(transfer.from, transfer.row.from));
        FT_ASSIGN_OR_RETURN(group.to, names_.Fund(transfer.to, transfer.row.to));
        break;
      }
      case FlowsAsked::BY_PARTY_KIND: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Kind(*transfer.from.under));
        FT_ASSIGN_OR_RETURN(group.to, names_.Kind(*transfer.to.under));
        break;
      }
      case FlowsAsked::BY_YEAR:
        group.from = ToString(transfer.row.date).substr(0, kYearLetters);
        break;
      case FlowsAsked::BY_KIND:
        group.from = model::WordOf(transfer.row.kind);
        break;
      default: {
        FT_ASSIGN_OR_RETURN(group.from, names_.Party(*transfer.from.under));
        FT_ASSIGN_OR_RETURN(group.to, names_.Party(*transfer.to.under));
        if (by_ != FlowsAsked::BY_PARTY_PROJECT) break;
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
      case FlowsAsked::BY_PLACE:
        return names_.NameOf(v1::Action::kDeclarePlace, id);
      case FlowsAsked::BY_PROGRAMME:
        return names_.NameOf(v1::Action::kOpenProgramme, id);
      case FlowsAsked::BY_FUND:
        return names_.NameOf(v1::Action::kOpenFund, id);
      case FlowsAsked::BY_PROJECT:
        return names_.NameOf(v1::Action::kProposeProject, id);
      case FlowsAsked::BY_YEAR:
      case FlowsAsked::BY_KIND:
      case FlowsAsked::BY_PARTY_KIND:
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
  FlowGroups groups_;
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
  const FlowsAsked::By by = request.by() == FlowsAsked::BY_UNSPECIFIED ? FlowsAsked::BY_PARTY : request.by();
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
