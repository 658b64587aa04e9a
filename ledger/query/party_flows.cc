// See party_flows.h.
#include "ledger/query/party_flows.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/flow_sums.h"
#include "ledger/query/joins.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

class PartyFlowReader {
 public:
  PartyFlowReader(const View& view, const v1::FlowsByRequest& request, const std::string& party,
                  const Joins& joins, DatePeriod period)
      : view_(view), request_(request), standing_(joins.StandingFor(party)), joins_(joins), period_(period) {}

  Status Take(const Movement& movement) {
    if (period_.IsOver(movement.row.date) || !period_.HasBegun(movement.row.date)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const model::TransferRow row, NeedTransfer(view_, movement.ref));
    FT_ASSIGN_OR_RETURN(const AccountOfFlow* const from, Of(row.from));
    FT_ASSIGN_OR_RETURN(const AccountOfFlow* const to, Of(row.to));
    const bool own = from->party == to->party;
    if (own || (!request_.fund().empty() && from->fund != request_.fund()) ||
        (!request_.asset().empty() && from->asset != request_.asset()))
      return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(FlowSums* const sums, SumsOfGroup(view_, {from->asset, from->party, to->party, ""},
                                                          movement.incoming ? &payers_ : &payees_));
    sums->Add(row, own);
    return absl::OkStatus();
  }

  Status Answer(const View& then, PartyFlows* flows) {
    for (const auto& [groups, answer] :
         {std::pair(&payers_, &flows->payers), std::pair(&payees_, &flows->payees)}) {
      std::set<std::string> named = {standing_};
      const auto name = [&](v1::FlowsByLine* line) -> Status {
        named.insert({line->from(), line->to()});
        FT_ASSIGN_OR_RETURN(const auto from, NeedParty(then, line->from()));
        FT_ASSIGN_OR_RETURN(const auto to, NeedParty(then, line->to()));
        line->set_from_name(from.name());
        line->set_to_name(to.name());
        return absl::OkStatus();
      };
      FT_RETURN_IF_ERROR(SayFlows(view_, *groups, request_.top(), name, answer));
      std::set<std::string> together;
      for (const std::string& party : named)
        for (const std::string& one : joins_.Together(party)) together.insert(one);
      FT_RETURN_IF_ERROR(joins_.Say(view_, then.as_of, together, answer));
    }
    return absl::OkStatus();
  }

 private:
  struct AccountOfFlow {
    std::string party, fund, asset;
  };

  StatusOr<const AccountOfFlow*> Of(model::AccountNumber number) {
    const auto found = accounts_.find(number.value());
    if (found != accounts_.end()) return &found->second;
    FT_ASSIGN_OR_RETURN(const v1::AccountName name, NeedAccountName(view_, number));
    AccountOfFlow of{joins_.StandingFor(name.party()), name.fund(), name.asset()};
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(of) + of.party.size() + of.fund.size()));
    return &accounts_.emplace(number.value(), std::move(of)).first->second;
  }

  const View& view_;
  const v1::FlowsByRequest& request_;
  const std::string standing_;
  const Joins& joins_;
  const DatePeriod period_;
  std::map<std::uint64_t, AccountOfFlow> accounts_;
  FlowGroups payers_, payees_;
};

}  // namespace

StatusOr<PartyFlows> FlowsOfParty(const View& view, const v1::FlowsByRequest& request,
                                  const std::string& party, std::uint64_t most) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(const DatePeriod period, PeriodOf({request.since(), request.until()}));
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  if (!request.asset().empty()) FT_RETURN_IF_ERROR(FindAsset(view, request.asset()).status());
  FT_RETURN_IF_ERROR(FindParty(view, party).status());
  FT_ASSIGN_OR_RETURN(const Joins joins, Joins::Read(view, request.joined(), as_of));
  PartyFlowReader reader(view, request, party, joins, period);
  std::uint64_t movements = 0;
  const auto take = [&](const Movement& movement) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view.GoOn());
    if (++movements > most)
      return absl::ResourceExhaustedError(absl::StrCat("the party has more than ", most, " movements"));
    FT_RETURN_IF_ERROR(reader.Take(movement));
    return true;
  };
  for (const std::string& one : joins.Together(party)) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, one, ""));
    for (const model::AccountNumber account : accounts)
      FT_RETURN_IF_ERROR(EachMovement(view, account, {{}, as_of}, take).status());
  }
  PartyFlows flows;
  for (v1::FlowsByAnswer* const answer : {&flows.payers, &flows.payees}) {
    *answer->mutable_as_of() = view.checkpoint;
    if (as_of.has_value()) answer->set_as_of_record(*as_of);
    answer->set_by(v1::FlowsByRequest::BY_PARTY);
  }
  FT_RETURN_IF_ERROR(reader.Answer(Then(view, as_of), &flows));
  return flows;
}

}  // namespace fundtrail::query
