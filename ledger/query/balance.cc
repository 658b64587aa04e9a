// See balance.h.
#include "ledger/query/balance.h"

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/query/kept_money.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/project_standing.h"
#include "ledger/query/request_fields.h"
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
    if (step.ends && step.kind != v1::EXCHANGED) held += step.at.length();
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

// As the ledger stood after a record, or by the value dates up to a day. Neither: now.
struct AsOf {
  std::optional<std::uint64_t> record;
  std::optional<Date> date;
};

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
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, request.party(), request.fund()));
  Walker walker(view, v1::FROM, as_of.record);
  FT_ASSIGN_OR_RETURN(const auto party, FindParty(walker.view(), request.party()));
  for (const auto account : accounts) {
    std::int64_t in = 0, out = 0, minted = 0;
    std::int64_t committed_in = 0, committed_out = 0, committed_held = 0;
    std::int64_t undone_in = 0, undone_out = 0;
    const auto add = [&](const Movement& movement) -> StatusOr<bool> {
      if (as_of.date.has_value() && movement.row.date > *as_of.date) return true;
      std::int64_t* const sum = movement.incoming ? &in : movement.mints ? &minted : &out;
      const bool added = AddTo(sum, movement.row.amount.value());
      std::int64_t received = in, drawn = out;
      if (!added || !AddTo(&received, minted) || !AddTo(&drawn, minted)) return TooMuch(movement);
      FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view, movement.ref));
      // No more than the sums above, which fit.
      if (transfer.kind == v1::REVERSAL)
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
    auto* line = answer.add_lines();
    FT_ASSIGN_OR_RETURN(*line->mutable_account(), DescribeAccount(walker.view(), account));
    line->set_received(in + minted);
    line->set_drawn(out + minted);
    line->set_held(in - out);
    line->set_minted(minted);
    line->set_committed_received(committed_in);
    line->set_committed_drawn(committed_out);
    line->set_undone_received(undone_in);
    line->set_undone_drawn(undone_out);
    if (!as_of.date.has_value()) {
      line->set_committed_held(committed_held);
      FT_RETURN_IF_ERROR(AddParts(view, account, party.role() == v1::HOLDER, as_of.record, line));
    }
    FT_RETURN_IF_ERROR(view.Grow(line->ByteSizeLong()));
  }
  return answer;
}

}  // namespace fundtrail::query
