// UNACCOUNTED. Per fund and asset, of money that came on or before D - `days`:
//
//   what holders hold of it, unless the holder acknowledged the transfer that brought it (RECEIVED or PARTLY);
//   and what was paid to recipients whose role nobody stated, less what they paid or sent back, unless they acknowledged it
//
// beside all that sources brought into the fund and other funds and assets moved there. What reached a recipient whose role somebody
// stated, and what went back to sources, is accounted for. So is what nobody can acknowledge: what is only committed, and what came by
// RECLASSIFICATION or REVERSAL.
//
//   amount  that sum    compared  what came into the fund    count  the transfers    LOOK above `part` of 10,000 of what came
//   parties  the owner of the fund    SERIOUS above `serious_part`, in a ledger where anybody acknowledged anything
#include <algorithm>
#include <map>
#include <utility>

#include "ledger/books/acknowledgements.h"
#include "ledger/query/arrival.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct FundMoney {
  Wide came = 0;   // into the fund
  Wide held = 0;   // with holders, old and not acknowledged
  Wide ended = 0;  // came to recipients of inferred role, old and not acknowledged
  Wide left = 0;   // left those again
  SeenTransfers seen;
};

class UnaccountedRule : public FindingWork {
 public:
  explicit UnaccountedRule(const FindingInput& input)
      : view_(input.view),
        as_of_(input.as_of),
        old_(input.Before(input.Value("days"))),
        part_(input.Value("part")),
        serious_part_(input.Value("serious_part")) {
    const Bytes said = keys::AllOf(keys::kAcknowledgedTag);
    has_acknowledgements_ = view_.rows->Scan(said, store::PrefixEnd(said))->Valid();
  }

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount &from = transfer.from, &to = transfer.to;
    const model::TransferRow& row = transfer.row;
    const bool comes =
        !row.sends_back() && (transfer.mints || from.fund != to.fund || from.asset != to.asset);
    const auto ends = [](const SummedAccount& account) {
      return account.party->role == v1::ROLE_RECIPIENT && account.party->inferred;
    };
    if (comes) {
      FT_ASSIGN_OR_RETURN(FundMoney * of, Of(to, row.to));
      of->came += row.to_amount.value();
    }
    if (row.committed()) return absl::OkStatus();
    if (ends(from)) {
      FT_ASSIGN_OR_RETURN(FundMoney * of, Of(from, row.from));
      of->left += row.amount.value();
    }
    if (!ends(to) || !books::CanArrive(row.kind)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(FundMoney * of, Of(to, row.to));
    FT_ASSIGN_OR_RETURN(const bool acknowledged, IsAcknowledged(transfer.ref));
    if (acknowledged || row.date > old_) return absl::OkStatus();
    of->ended += row.to_amount.value();
    return kept_.Add(of->seen.See(transfer.ref, row.date));
  }

  Status TakeHeld(const SummedTransfer& transfer, Amount held, FindingList*) override {
    const model::TransferRow& row = transfer.row;
    if (row.date > old_ || row.committed() || !books::CanArrive(row.kind)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool acknowledged, IsAcknowledged(transfer.ref));
    if (acknowledged) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(FundMoney * of, Of(transfer.to, row.to));
    of->held += held.value();
    return kept_.Add(of->seen.See(transfer.ref, row.date));
  }

  Status Finish(FindingList* list) override {
    FT_ASSIGN_OR_RETURN(const bool habit, HasAcknowledgements());
    for (auto& [name, of] : funds_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      // What left them was what came first, as far as anybody can say.
      const Wide ended = std::clamp<Wide>(of.ended - of.left, 0, of.ended);
      const Wide amount = of.held + ended;
      if (amount * kWhole <= of.came * part_) continue;
      FT_ASSIGN_OR_RETURN(const auto fund, ItemThen(view_, v1::Action::kOpenFund, name.first, as_of_));
      if (!fund.has_value())
        return model::Damaged(keys::Item(v1::Action::kOpenFund, name.first),
                              "is missing, and an account names it");
      v1::Finding finding;
      const bool most = amount * kWhole > of.came * serious_part_;
      finding.set_grade(habit && most ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
      finding.add_parties(fund->action().open_fund().owner());
      finding.set_fund(name.first);
      finding.set_asset(name.second);
      finding.set_amount(Capped(amount));
      finding.set_compared(Capped(of.came));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_UNACCOUNTED, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  StatusOr<FundMoney*> Of(const SummedAccount& account, model::AccountNumber number) {
    const auto found = numbers_.find({account.fund, account.asset});
    if (found != numbers_.end()) return found->second;
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, number));
    FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(funds_)> + kNodeBytes<decltype(numbers_)> +
                                 name.fund().size() + name.asset().size()));
    FundMoney* of = &funds_[{name.fund(), name.asset()}];
    numbers_.emplace(std::pair(account.fund, account.asset), of);
    return of;
  }

  // Whether anybody had acknowledged anything then.
  StatusOr<bool> HasAcknowledgements() const {
    if (!has_acknowledgements_ || !as_of_.has_value()) return has_acknowledgements_;
    const Bytes all = keys::AllOf(keys::kAcknowledgedTag);
    const auto said = view_.rows->Scan(all, store::PrefixEnd(all));
    for (; said->Valid(); said->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto of, keys::ReadAcknowledged(said->key()));
      if (of.record.value() <= *as_of_) return true;
    }
    FT_RETURN_IF_ERROR(said->status());
    return false;
  }

  StatusOr<bool> IsAcknowledged(TransferRef ref) const {
    if (!has_acknowledgements_) return false;
    FT_ASSIGN_OR_RETURN(const auto said, NewestAcknowledgement(view_, ref, as_of_));
    const v1::AcknowledgementLine::Status status = StatusBy(said);
    return status == v1::AcknowledgementLine::STATUS_CONFIRMED ||
           status == v1::AcknowledgementLine::STATUS_PARTLY;
  }

  const View& view_;
  const AsOfRecord as_of_;
  const Date old_;
  const std::int64_t part_, serious_part_;
  bool has_acknowledgements_ = false;
  std::map<std::pair<std::string, std::string>, FundMoney> funds_;  // by fund and asset
  std::map<std::pair<std::uint32_t, std::uint32_t>, FundMoney*> numbers_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeUnaccountedRule(const FindingInput& input) {
  return std::make_unique<UnaccountedRule>(input);
}

}  // namespace fundtrail::query
