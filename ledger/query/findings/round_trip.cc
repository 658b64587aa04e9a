// ROUND_TRIP. Units that a party pays away and that come to it again. The pieces of each payment are followed for `hops` payments
// and `days` days from its value date. Nothing that is sent back is followed. The way goes on over what a party moves or pays to
// itself, which counts as a payment. It ends at an EXCHANGE, and passes through no other party twice. Also payments of a party to
// itself. What an import opened, out of `unrecorded`, is no payment and begins no way.
//
//   COMES_BACK    amount  those units, each once for each payment that begins its way   compared  0
//                 count   the pairs of a first and a last payment                       SERIOUS
//   PAYS_ITSELF   amount  the payments    count  how many                               LOOK
//
// One finding for each way (the parties in their order), fund and asset of the first payment. Only parties that pay one another
// in a circle are looked at. So a ledger whose money flows down costs one look at each transfer. At kMaxRoundSteps pieces the
// rule stops, and says so.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ledger/query/findings/circles.h"
#include "ledger/query/findings/rules.h"
#include "ledger/query/walk.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::uint64_t kMaxRoundSteps = 5'000'000;

struct RoundTrips {
  model::AccountNumber account;  // the payer's, of one of the first payments
  Wide amount = 0;
  std::set<std::pair<TransferRef, TransferRef>> pairs;  // the first and the last payment
  v1::Finding days;                                     // their first and last day
};

struct PaidItself {
  model::AccountNumber account;  // of one of them
  Wide amount = 0;
  SeenTransfers seen;
};

class RoundTripRule : public FindingWork {
 public:
  explicit RoundTripRule(const FindingInput& input)
      : view_(input.view),
        as_of_(input.as_of),
        hops_(static_cast<std::size_t>(input.Value("hops"))),
        days_(static_cast<std::int32_t>(input.Value("days"))),
        walker_(input.view, v1::DIRECTION_FROM, input.as_of) {}

  Status Take(const SummedTransfer& transfer) override {
    FT_ASSIGN_OR_RETURN(const int from, Meet(transfer.row.from, *transfer.from.party));
    FT_ASSIGN_OR_RETURN(const int to, Meet(transfer.row.to, *transfer.to.party));
    if (transfer.mints && transfer.from.party->unrecorded) unrecorded_ = from;
    if (!IsPayment(transfer)) return absl::OkStatus();
    if (from == to) {
      PaidItself& of = itself_[{from, transfer.from.fund, transfer.from.asset}];
      of.account = transfer.row.from;
      of.amount += transfer.row.amount.value();
      return kept_.Add(SeeIn(itself_, &of, transfer.ref, transfer.row.date));
    }
    if (pays_.emplace(from, to).second) FT_RETURN_IF_ERROR(kept_.Add(kSlotBytes<decltype(pays_)>));
    return absl::OkStatus();
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(FindTrips(list));
    for (const auto& [key, of] : itself_) {
      v1::Finding finding;
      finding.set_kind(v1::Finding::KIND_PAYS_ITSELF);
      finding.set_grade(v1::Finding::GRADE_LOOK);
      FT_ASSIGN_OR_RETURN(const auto payer, NeedAccountName(view_, of.account));
      finding.add_parties(payer.party());
      finding.set_amount(Capped(of.amount));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(Add(payer, std::move(finding), list));
    }
    for (auto& [key, trips] : back_) {
      v1::Finding finding = std::move(trips.days);
      finding.set_kind(v1::Finding::KIND_COMES_BACK);
      finding.set_grade(v1::Finding::GRADE_SERIOUS);
      for (const int party : std::get<0>(key)) {
        FT_ASSIGN_OR_RETURN(const auto of_party,
                            NeedAccountName(view_, accounts_[static_cast<std::size_t>(party)]));
        finding.add_parties(of_party.party());
      }
      FT_ASSIGN_OR_RETURN(const auto payer, NeedAccountName(view_, trips.account));
      finding.set_amount(Capped(trips.amount));
      finding.set_count(trips.pairs.size());
      std::vector<TransferRef> refs;
      for (const auto& [first, last] : trips.pairs) {
        refs.push_back(first);
        refs.push_back(last);
      }
      SetEvidence(std::move(refs), &finding);
      FT_RETURN_IF_ERROR(Add(payer, std::move(finding), list));
    }
    return absl::OkStatus();
  }

 private:
  // The payment that a way begins with.
  struct Begin {
    TransferRef ref;
    Date date;
    int party = 0;
    model::AccountNumber account;
  };

  // The number of an account's party, which is remembered.
  StatusOr<int> Meet(model::AccountNumber account, const SummedParty& party) {
    const int number = static_cast<int>(party.number);
    if (!parties_.emplace(account.value(), number).second) return number;
    if (party.number >= accounts_.size()) accounts_.resize(party.number + 1);
    accounts_[party.number] = account;
    // A party has at least one account; its way to others takes a list and its numbers once circles are looked for.
    FT_RETURN_IF_ERROR(
        kept_.Add(kSlotBytes<decltype(parties_)> + 2 * sizeof(account) + sizeof(std::vector<int>)));
    return number;
  }

  Status FindTrips(FindingList* list) {
    std::vector<std::vector<int>> next(accounts_.size());
    for (const auto& [from, to] : pays_) next[static_cast<std::size_t>(from)].push_back(to);
    circles_ = CirclesOf(next);
    std::vector<std::size_t> sizes(accounts_.size(), 0);
    bool any = false;
    for (const int circle : circles_) any = ++sizes[static_cast<std::size_t>(circle)] > 1 || any;
    if (!any) return absl::OkStatus();
    const Bytes all = keys::AllOf(keys::kTransferTag);
    const Bytes end =
        as_of_.has_value() ? keys::Transfer({RecordIndex(*as_of_ + 1), 0}) : store::PrefixEnd(all);
    const auto rows = view_.rows->Scan(all, end);
    for (; rows->Valid() && !stopped_; rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(rows->key(), rows->value()));
      if (!IsHandedOn(row)) continue;
      FT_ASSIGN_OR_RETURN(const int from, PartyOf(row.from));
      FT_ASSIGN_OR_RETURN(const int to, PartyOf(row.to));
      if (from == to || from == unrecorded_ || !IsOneCircle(from, to)) continue;
      Begin begin;
      FT_ASSIGN_OR_RETURN(begin.ref, keys::ReadTransfer(rows->key()));
      begin.date = row.date;
      begin.party = from;
      begin.account = row.from;
      std::vector<int> way = {from, to};
      FT_RETURN_IF_ERROR(Follow(begin, row.to, row.receipt(), 1, &way));
    }
    FT_RETURN_IF_ERROR(rows->status());
    if (stopped_) list->Stop(v1::FINDING_RULE_ROUND_TRIP);
    return absl::OkStatus();
  }

  bool IsOneCircle(int one, int other) const {
    return circles_[static_cast<std::size_t>(one)] == circles_[static_cast<std::size_t>(other)];
  }

  // Of an account that a transfer names: the walk over all transfers has met it.
  StatusOr<int> PartyOf(model::AccountNumber account) const {
    const auto found = parties_.find(account.value());
    if (found != parties_.end()) return found->second;
    return model::Damaged(keys::AccountName(account), "is named by a piece, and by no transfer");
  }

  // What became of positions that the way's last payment brought to `account`. `hops`: the payments so far.
  Status Follow(const Begin& begin, model::AccountNumber account, Interval at, std::size_t hops,
                std::vector<int>* way) {
    if (hops >= hops_) return absl::OkStatus();
    std::vector<Step> steps;
    FT_RETURN_IF_ERROR(walker_
                           .Walk(account, at,
                                 [&](const Step& step) -> StatusOr<bool> {
                                   if (++steps_ > kMaxRoundSteps) stopped_ = true;
                                   if (!step.ends) steps.push_back(step);
                                   return !stopped_;
                                 })
                           .status());
    for (const Step& step : steps) {
      if (stopped_) break;
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, step.ref));
      if (row.sends_back() || row.date.days() - begin.date.days() > days_) continue;
      FT_ASSIGN_OR_RETURN(const int party, PartyOf(step.next.account));
      if (party == begin.party) {
        FT_RETURN_IF_ERROR(Close(begin, step, row.date, *way));
      } else if (party == way->back()) {
        FT_RETURN_IF_ERROR(Follow(begin, step.next.account, step.next.at, hops + 1, way));
      } else if (IsOneCircle(party, begin.party) &&
                 std::find(way->begin(), way->end(), party) == way->end()) {
        way->push_back(party);
        FT_RETURN_IF_ERROR(Follow(begin, step.next.account, step.next.at, hops + 1, way));
        way->pop_back();
      }
    }
    return absl::OkStatus();
  }

  Status Close(const Begin& begin, const Step& step, Date date, std::vector<int> way) {
    way.push_back(begin.party);
    FT_ASSIGN_OR_RETURN(const v1::Account* account, walker_.Describe(begin.account));
    const std::size_t bytes = way.size() * sizeof(int) + account->fund().size() + account->asset().size();
    RoundTrips& of = back_[{std::move(way), account->fund(), account->asset()}];
    if (of.pairs.empty()) FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(back_)> + bytes));
    of.account = begin.account;
    of.amount += step.at.length().value();
    SeeDay(begin.date, &of.days);
    SeeDay(date, &of.days);
    const bool is_new = of.pairs.emplace(begin.ref, step.ref).second;
    return is_new ? kept_.Add(kNodeBytes<decltype(of.pairs)>) : absl::OkStatus();
  }

  static Status Add(const v1::AccountName& payer, v1::Finding finding, FindingList* list) {
    finding.set_fund(payer.fund());
    finding.set_asset(payer.asset());
    return list->Add(v1::FINDING_RULE_ROUND_TRIP, std::move(finding));
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::size_t hops_;
  const std::int32_t days_;
  Walker walker_;
  absl::flat_hash_map<std::uint64_t, int> parties_;  // of an account, by the numbers of the walk
  std::vector<model::AccountNumber> accounts_;       // one of each party that has some
  absl::flat_hash_set<std::pair<int, int>> pays_;    // who pays whom
  std::vector<int> circles_;                         // of a party
  int unrecorded_ = -1;                              // the party of that, where anything came from it
  std::uint64_t steps_ = 0;
  bool stopped_ = false;
  std::map<std::tuple<int, std::uint32_t, std::uint32_t>, PaidItself> itself_;  // by party, fund, asset
  std::map<std::tuple<std::vector<int>, std::string, std::string>, RoundTrips> back_;  // by way, fund, asset
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeRoundTripRule(const FindingInput& input) {
  return std::make_unique<RoundTripRule>(input);
}

}  // namespace fundtrail::query
