// See committed.h.
#include "ledger/query/committed.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/model/references.h"
#include "ledger/query/group_names.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/records.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

using CommittedAsked = v1::CommittedRequest;
constexpr std::size_t kLettersOfYear = 4;

struct PromiseSums {
  Wide before = 0, committed = 0, taken_back = 0;
  std::uint64_t commitments = 0, withdrawals = 0;
  Wide open() const { return before + committed - taken_back; }

  void Add(Wide amount, bool back, bool begun) {
    if (!begun) {
      before += back ? -amount : amount;
      return;
    }
    (back ? taken_back : committed) += amount;
    ++(back ? withdrawals : commitments);
  }
  PromiseSums& operator+=(const PromiseSums& more) {
    before += more.before;
    committed += more.committed;
    taken_back += more.taken_back;
    commitments += more.commitments;
    withdrawals += more.withdrawals;
    return *this;
  }
  bool empty() const { return before == 0 && commitments == 0 && withdrawals == 0; }
};

Status SetPromises(const PromiseSums& sums, v1::CommittedSums* said) {
  for (const Wide sum : {sums.before, sums.committed, sums.taken_back, sums.open()})
    if (sum > kMaxInt64 || sum < -Wide{kMaxInt64})
      return absl::OutOfRangeError("a sum is more than 63 bits can count: ask by fund or by period");
  said->set_before(static_cast<std::int64_t>(sums.before));
  said->set_committed(static_cast<std::int64_t>(sums.committed));
  said->set_taken_back(static_cast<std::int64_t>(sums.taken_back));
  said->set_open(static_cast<std::int64_t>(sums.open()));
  said->set_commitments(sums.commitments);
  said->set_withdrawals(sums.withdrawals);
  return absl::OkStatus();
}

class PromiseReader {
 public:
  PromiseReader(const View& view, const MoneyWalk& walk, const v1::CommittedRequest& request,
                CommittedAsked::By by, std::optional<std::uint32_t> party, DatePeriod period)
      : view_(view),
        walk_(walk),
        request_(request),
        by_(by),
        period_(period),
        names_(view, walk, request.has_as_of() ? AsOfRecord(request.as_of()) : AsOfRecord()),
        lines_read_(view),
        party_(party),
        fund_(walk.FundNumber(request.fund())),
        asset_(walk.AssetNumber(request.asset())) {}

  Status Take(const SummedTransfer& transfer) {
    if (!transfer.row.committed() || period_.IsOver(transfer.row.date)) return absl::OkStatus();
    // Who promised, and to whom: of what is taken back the other way round.
    FT_ASSIGN_OR_RETURN(const bool swapped, IsSwapped(transfer));
    const SummedAccount& payer = swapped ? transfer.to : transfer.from;
    const SummedAccount& payee = swapped ? transfer.from : transfer.to;
    const model::AccountNumber pays = swapped ? transfer.row.to : transfer.row.from;
    const model::AccountNumber gets = swapped ? transfer.row.from : transfer.row.to;
    const bool counts =
        (request_.party().empty() || payer.under->number == party_ || payee.under->number == party_) &&
        (request_.fund().empty() || payer.fund == fund_) &&
        (request_.asset().empty() || transfer.to.asset == asset_);
    if (!counts) return absl::OkStatus();
    const bool begun = period_.HasBegun(transfer.row.date);
    FT_ASSIGN_OR_RETURN(const std::string id, IdOf(transfer, payer, pays, payee, gets, begun));
    const auto [found, is_new] = sums_[walk_.assets()[transfer.to.asset]].try_emplace(id);
    if (is_new) FT_RETURN_IF_ERROR(view_.Grow(sizeof(*found) + id.size()));
    found->second.Add(transfer.row.to_amount.value(), swapped, begun);
    return absl::OkStatus();
  }

  Status Answer(v1::CommittedAnswer* answer) const {
    for (const auto& [asset, by_id] : sums_) {
      FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view_, asset));
      std::vector<std::pair<std::string, PromiseSums>> sorted(by_id.begin(), by_id.end());
      if (by_ == CommittedAsked::BY_YEAR) Chain(&sorted);
      std::erase_if(sorted, [](const auto& line) { return line.second.empty(); });
      if (by_ != CommittedAsked::BY_YEAR)
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& a, const auto& b) { return a.second.open() > b.second.open(); });
      if (sorted.empty()) continue;
      const std::uint64_t most =
          by_ == CommittedAsked::BY_YEAR || request_.top() == 0 ? UINT64_MAX : request_.top();
      PromiseSums all;
      std::uint64_t lines = 0;
      for (const auto& [id, sums] : sorted) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        const Wide before = all.before;
        all += sums;
        // Each year begins with what the one before ended with.
        if (by_ == CommittedAsked::BY_YEAR && lines > 0) all.before = before;
        if (++lines > most) continue;
        v1::CommittedLine* const line = answer->add_lines();
        line->set_id(id);
        FT_ASSIGN_OR_RETURN(*line->mutable_name(), NameOf(id));
        line->set_asset(asset);
        line->set_decimals(declared.decimals());
        FT_RETURN_IF_ERROR(SetPromises(sums, line->mutable_sums()));
        FT_RETURN_IF_ERROR(view_.Grow(line->ByteSizeLong()));
      }
      v1::CommittedTotal* const total = answer->add_totals();
      total->set_asset(asset);
      total->set_decimals(declared.decimals());
      FT_RETURN_IF_ERROR(SetPromises(all, total->mutable_sums()));
      total->set_lines(lines);
      total->set_left_out(lines > most ? lines - most : 0);
    }
    return absl::OkStatus();
  }

 private:
  using ById = std::map<std::string, PromiseSums>;

  // Whether it takes a commitment back. What sends back what took it back commits anew, and so on. Such a chain may be long: what was
  // found of it once is not looked for again.
  StatusOr<bool> IsSwapped(const SummedTransfer& transfer) {
    bool swapped = false;
    TransferRef ref = transfer.ref;
    for (model::TransferRow row = transfer.row; row.sends_back(); swapped = !swapped) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (const auto known = swapped_.find(ref); known != swapped_.end()) {
        swapped = swapped != known->second;
        break;
      }
      FT_ASSIGN_OR_RETURN(const v1::TransferLine line, lines_read_.Get(ref));
      const TransferRef returned = model::RefIn(ref.record, line.transfer().returns());
      if (returned >= ref) return model::Damaged(model::keys::Transfer(ref), "sends back what came after it");
      ref = returned;
      FT_ASSIGN_OR_RETURN(row, NeedTransfer(view_, ref));
    }
    if (!transfer.row.sends_back()) return swapped;
    const auto [known, is_new] = swapped_.emplace(transfer.ref, swapped);
    if (is_new) FT_RETURN_IF_ERROR(view_.Grow(sizeof(*known)));
    return swapped;
  }

  StatusOr<std::string> IdOf(const SummedTransfer& transfer, const SummedAccount& payer,
                             model::AccountNumber pays, const SummedAccount& payee, model::AccountNumber gets,
                             bool begun) {
    switch (by_) {
      case CommittedAsked::BY_RECIPIENT:
        return names_.Party(*payee.under);
      case CommittedAsked::BY_FUND:
        return names_.Fund(payer, pays);
      case CommittedAsked::BY_PROJECT:
        return names_.Project(gets);
      case CommittedAsked::BY_YEAR:
        // What was open before the first day stands before all years.
        return begun ? ToString(transfer.row.date).substr(0, kLettersOfYear) : std::string();
      default:
        return names_.Party(*payer.under);
    }
  }

  // Years: what is open at the end of one is there before the next.
  static void Chain(std::vector<std::pair<std::string, PromiseSums>>* years) {
    Wide open = 0;
    // Where nothing moved later, it is a line of its own, of no year.
    if (years->size() > 1 && years->front().first.empty()) {
      open = years->front().second.before;
      years->erase(years->begin());
    }
    if (years->front().first.empty()) return;
    for (auto& [year, sums] : *years) {
      sums.before = open;
      open = sums.open();
    }
  }

  StatusOr<std::string> NameOf(const std::string& id) const {
    switch (by_) {
      case CommittedAsked::BY_FUND:
        return names_.NameOf(v1::Action::kOpenFund, id);
      case CommittedAsked::BY_PROJECT:
        return names_.NameOf(v1::Action::kProposeProject, id);
      case CommittedAsked::BY_YEAR:
        return std::string();
      default:
        return names_.NameOf(v1::Action::kRegisterParty, id);
    }
  }

  const View& view_;
  const MoneyWalk& walk_;
  const v1::CommittedRequest& request_;
  const CommittedAsked::By by_;
  const DatePeriod period_;
  GroupNames names_;
  LineReader lines_read_;
  const std::optional<std::uint32_t> party_, fund_, asset_;  // nothing: no account has it
  std::map<TransferRef, bool> swapped_;                      // of what sends commitments back
  std::map<std::string, ById> sums_;                         // by asset
};

}  // namespace

StatusOr<v1::CommittedAnswer> Committed(const View& view, const v1::CommittedRequest& request) {
  if (!CommittedAsked::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  DatePeriod period;
  FT_ASSIGN_OR_RETURN(period.since, Day("since", request.since()));
  FT_ASSIGN_OR_RETURN(period.until, Day("until", request.until()));
  if (!request.party().empty()) FT_RETURN_IF_ERROR(FindParty(Then(view, as_of), request.party()).status());
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  if (!request.asset().empty()) FT_RETURN_IF_ERROR(FindAsset(view, request.asset()).status());
  v1::CommittedAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  const CommittedAsked::By by =
      request.by() == CommittedAsked::BY_UNSPECIFIED ? CommittedAsked::BY_PAYER : request.by();
  answer.set_by(by);
  FT_ASSIGN_OR_RETURN(MoneyWalk walk, MoneyWalk::Open(view, as_of, request.joined()));
  FT_ASSIGN_OR_RETURN(const auto party, walk.PartyNumber(request.party()));
  PromiseReader reader(view, walk, request, by, party, period);
  FT_RETURN_IF_ERROR(walk.Each([&reader](const SummedTransfer& transfer) { return reader.Take(transfer); }));
  FT_RETURN_IF_ERROR(walk.joins().Say(view, as_of, walk.joined(), &answer));
  FT_RETURN_IF_ERROR(reader.Answer(&answer));
  return answer;
}

}  // namespace fundtrail::query
