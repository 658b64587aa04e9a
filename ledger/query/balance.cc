// See balance.h.
#include "ledger/query/balance.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/query/item_names.h"
#include "ledger/query/joins.h"
#include "ledger/query/kept_money.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/project_standing.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/role_ends.h"
#include "ledger/query/walk.h"

namespace fundtrail::query {
namespace {

// What the account still holds of the receipt of this movement.
StatusOr<Amount> StillHeld(Walker* walker, const Movement& movement) {
  const model::StatementRow& row = movement.row;
  if (row.received < row.amount) return model::Damaged(movement.key(), "received more than the account did");
  const Position end(row.received.value());
  Amount held;
  const auto take = [&](const Step& step) -> StatusOr<bool> {
    if (step.ends && step.kind != v1::END_KIND_EXCHANGED) held += step.at.length();
    return true;
  };
  const Interval receipt{Position((row.received - row.amount).value()), end};
  FT_RETURN_IF_ERROR(walker->Walk(movement.account, receipt, take).status());
  return held;
}

// What of that which the account holds is kept, frozen and spendable. The line has its account, and what is held.
Status AddParts(const View& view, model::AccountNumber account, bool is_holder, AsOfRecord as_of,
                v1::BalanceLine* line) {
  FT_RETURN_IF_ERROR(view.GoOn());
  FT_ASSIGN_OR_RETURN(const auto in_force, KeptOfHeld(view, account, as_of, Amount(line->held())));
  const std::int64_t kept = in_force.value_or(Amount()).value();
  const std::string& project = line->account().project();
  bool frozen = false;
  if (is_holder && !project.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string day, DayAsked(view, "", as_of));
    FT_ASSIGN_OR_RETURN(const ProjectStanding standing, StandingOfProject(view, project, day, as_of));
    frozen = standing.Freezes();
  }
  if (in_force.has_value()) line->set_kept(frozen ? 0 : kept);
  if (!is_holder) return absl::OkStatus();
  line->set_frozen(frozen ? line->held() : 0);
  line->set_frozen_kept(frozen ? kept : 0);
  line->set_spendable(frozen ? 0 : line->held() - kept);
  return absl::OkStatus();
}

// What lies at a HOLDER is held, and nothing more is said of it; what lies elsewhere is where it ends, by the party's role.
void SetEnd(const v1::RegisterParty& party, std::int64_t lies, v1::BalanceLine* line) {
  const v1::EndKind end = EndByRole(party);
  if (end == v1::END_KIND_RETURNED) line->set_returned(lies);
  if (end == v1::END_KIND_ENDS_HERE) line->set_ends_here(lies);
  if (end == v1::END_KIND_REACHED) line->set_reached(lies);
}

// As the ledger stood after a record, or by the value dates up to a day. Neither: now.
struct AsOf {
  std::optional<std::uint64_t> record;
  std::optional<Date> date;
};

// Whose balance is asked for: the party, and with it those that are joined with it.
struct AskedAccounts {
  Joins joins;
  std::vector<std::pair<std::string, model::AccountNumber>> accounts;  // with whose they are
  std::map<model::AccountNumber, std::string> owners;                  // the same
};

StatusOr<AskedAccounts> AccountsTogether(const View& view, const v1::BalanceRequest& request,
                                         AsOfRecord as_of) {
  AskedAccounts asked;
  FT_ASSIGN_OR_RETURN(asked.joins, Joins::Read(view, request.joined(), as_of));
  // Of a party that is not there nobody stands for it.
  for (const std::string& party : asked.joins.Together(request.party())) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, request.fund()));
    for (const model::AccountNumber account : accounts) {
      asked.accounts.emplace_back(party, account);
      asked.owners.emplace(account, party);
    }
  }
  return asked;
}

// Lines of one fund, project and asset, of parties that are one, as one. OUT_OF_RANGE where a sum does not fit.
Status AddToLine(const v1::BalanceLine& more, v1::BalanceLine* line) {
  std::int64_t received = line->received(), drawn = line->drawn(), held = line->held();
  if (!AddTo(&received, more.received()) || !AddTo(&drawn, more.drawn()) || !AddTo(&held, more.held()))
    return absl::OutOfRangeError(
        "a sum of joined parties is more than 63 bits can count: ask for each of them");
  line->set_received(received);
  line->set_drawn(drawn);
  line->set_held(held);
  // All others are parts of these, which fit.
  line->set_minted(line->minted() + more.minted());
  line->set_committed_received(line->committed_received() + more.committed_received());
  line->set_committed_drawn(line->committed_drawn() + more.committed_drawn());
  line->set_undone_received(line->undone_received() + more.undone_received());
  line->set_undone_drawn(line->undone_drawn() + more.undone_drawn());
  line->set_reached(line->reached() + more.reached());
  line->set_ends_here(line->ends_here() + more.ends_here());
  line->set_returned(line->returned() + more.returned());
  line->set_between(line->between() + more.between());
  if (more.has_committed_held()) line->set_committed_held(line->committed_held() + more.committed_held());
  if (more.has_kept()) line->set_kept(line->kept() + more.kept());
  line->set_frozen_kept(line->frozen_kept() + more.frozen_kept());
  if (line->has_spendable() && more.has_spendable()) {
    line->set_frozen(line->frozen() + more.frozen());
    line->set_spendable(line->spendable() + more.spendable());
    return absl::OkStatus();
  }
  // Of a HOLDER's money together with another's nobody can say how much may be spent.
  if (line->frozen_kept() != 0) line->set_kept(line->kept() + line->frozen_kept());
  line->clear_frozen();
  line->clear_frozen_kept();
  line->clear_spendable();
  return absl::OkStatus();
}

}  // namespace

StatusOr<v1::BalanceAnswer> Balance(const View& view, const v1::BalanceRequest& request) {
  AsOf as_of;
  if (request.as_of_case() == v1::BalanceRequest::kRecord) as_of.record = request.record();
  FT_ASSIGN_OR_RETURN(as_of.date, Day("date", request.date()));
  v1::BalanceAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.date.has_value()) answer.set_as_of_date(fundtrail::ToString(*as_of.date));
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of.record));
  if (as_of.record.has_value()) answer.set_as_of_record(*as_of.record);
  FT_ASSIGN_OR_RETURN(const AskedAccounts asked, AccountsTogether(view, request, as_of.record));
  Walker walker(view, v1::DIRECTION_FROM, as_of.record);
  const auto together = asked.joins.Together(request.party());
  FT_ASSIGN_OR_RETURN(const auto standing, FindParty(walker.view(), together.front()));
  FT_RETURN_IF_ERROR(asked.joins.Say(view, as_of.record, {together.begin(), together.end()}, &answer));
  std::map<std::tuple<std::string, std::string, std::string>, int> lines;  // by fund, project and asset
  ItemNames names;
  for (const auto& each : asked.accounts) {
    const std::string& owner = each.first;
    const model::AccountNumber account = each.second;
    FT_ASSIGN_OR_RETURN(const auto party, FindParty(walker.view(), owner));
    std::int64_t in = 0, out = 0, minted = 0;
    std::int64_t committed_in = 0, committed_out = 0, committed_held = 0;
    std::int64_t undone_in = 0, undone_out = 0, between = 0;
    const auto add = [&](const Movement& movement) -> StatusOr<bool> {
      if (as_of.date.has_value() && movement.row.date > *as_of.date) return true;
      std::int64_t* const sum = movement.incoming ? &in : movement.mints ? &minted : &out;
      const bool added = AddTo(sum, movement.row.amount.value());
      std::int64_t received = in, drawn = out;
      if (!added || !AddTo(&received, minted) || !AddTo(&drawn, minted)) return TooMuch(movement);
      FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view, movement.ref));
      // No more than the sums above, which fit.
      const auto payer = asked.owners.find(transfer.from);
      if (movement.incoming && payer != asked.owners.end() && payer->second != owner)
        between += movement.row.amount.value();
      if (transfer.kind == v1::TRANSFER_KIND_REVERSAL)
        (movement.incoming ? undone_out : undone_in) += movement.row.amount.value();
      if (!movement.row.committed()) return true;
      // No more than the sums above, which fit; what is held is no more only if the rows are sound.
      const std::int64_t amount = movement.row.amount.value();
      if (movement.incoming || movement.mints) committed_in += amount;
      if (!movement.incoming) committed_out += amount;
      if (!movement.incoming || as_of.date.has_value()) return true;
      FT_ASSIGN_OR_RETURN(const Amount held, StillHeld(&walker, movement));
      if (!AddTo(&committed_held, held.value())) return TooMuch(movement);
      return true;
    };
    FT_RETURN_IF_ERROR(EachMovement(view, account, {{}, as_of.record}, add).status());
    if (in == 0 && out == 0 && minted == 0) continue;
    v1::BalanceLine one;
    auto* line = &one;
    FT_ASSIGN_OR_RETURN(*line->mutable_account(), DescribeAccount(walker.view(), account));
    line->set_received(in + minted);
    line->set_drawn(out + minted);
    line->set_held(in - out);
    SetEnd(party, in - out, line);
    line->set_minted(minted);
    line->set_committed_received(committed_in);
    line->set_committed_drawn(committed_out);
    line->set_undone_received(undone_in);
    line->set_undone_drawn(undone_out);
    line->set_between(between);
    if (!as_of.date.has_value()) {
      line->set_committed_held(committed_held);
      FT_RETURN_IF_ERROR(AddParts(view, account, party.role() == v1::ROLE_HOLDER, as_of.record, line));
    }
    line->mutable_account()->set_party(standing.id());
    line->mutable_account()->set_party_name(standing.name());
    const auto [found, is_new] = lines.try_emplace(
        {line->account().fund(), line->account().project(), line->account().asset()}, answer.lines_size());
    if (!is_new) {
      FT_RETURN_IF_ERROR(AddToLine(*line, answer.mutable_lines(found->second)));
      continue;
    }
    FT_RETURN_IF_ERROR(view.Grow(line->ByteSizeLong()));
    FT_RETURN_IF_ERROR(names.Add(walker.view(), line->account(), answer.mutable_names()).status());
    *answer.add_lines() = std::move(one);
  }
  return answer;
}

}  // namespace fundtrail::query
