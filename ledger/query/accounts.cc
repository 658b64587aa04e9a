// See accounts.h.
#include "ledger/query/accounts.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "ledger/query/records.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct Movement {
  TransferRef ref;
  bool incoming = false;
  bool mints = false;  // a SOURCE's payment out, of money that it brings in
  model::StatementRow row;
};

Status EachMovement(const View& view, model::AccountNumber account,
                    const std::function<Status(const Movement&)>& take) {
  FT_ASSIGN_OR_RETURN(const auto name, FindAccountName(view, account));
  FT_ASSIGN_OR_RETURN(const auto party, FindParty(view, name.party()));
  const bool source = party.party().role() == v1::SOURCE;
  const Bytes prefix = keys::StatementOf(account);
  const auto cursor = view.rows->Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    Movement movement;
    movement.ref = keys::StatementRefOf(cursor->key());
    movement.incoming = keys::StatementSideOf(cursor->key()) == model::Side::kIn;
    FT_ASSIGN_OR_RETURN(movement.row, model::DecodeStatementRow(cursor->value()));
    if (source && !movement.incoming) {
      FT_ASSIGN_OR_RETURN(const auto transfer, FindTransfer(view, movement.ref));
      movement.mints = transfer.kind != v1::RETURN && transfer.kind != v1::REVERSAL;
    }
    FT_RETURN_IF_ERROR(take(movement));
  }
  return cursor->status();
}

StatusOr<std::vector<model::AccountNumber>> AccountsAsked(const View& view, std::string_view party,
                                                          std::string_view fund) {
  FT_RETURN_IF_ERROR(FindParty(view, party).status());
  if (!fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, fund));
  return AccountsOf(view, party, fund);
}

}  // namespace

StatusOr<v1::BalanceAnswer> Balance(const View& view, std::string_view party, std::string_view fund,
                                    const AsOf& as_of) {
  v1::BalanceAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.date.has_value()) answer.set_as_of_date(fundtrail::ToString(*as_of.date));
  if (as_of.record.has_value()) {
    if (*as_of.record >= view.checkpoint.size()) {
      return absl::OutOfRangeError(absl::StrCat("there is no record ", *as_of.record,
                                                " to ask as of: the ledger has ", view.checkpoint.size(),
                                                ", counted from 0"));
    }
    answer.set_as_of_record(*as_of.record);
  }
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, fund));
  for (const auto account : accounts) {
    std::int64_t in = 0, out = 0, minted = 0;
    FT_RETURN_IF_ERROR(EachMovement(view, account, [&](const Movement& movement) {
      if (as_of.record.has_value() && movement.ref.record.value() > *as_of.record) return absl::OkStatus();
      if (as_of.date.has_value() && movement.row.date > *as_of.date) return absl::OkStatus();
      const std::int64_t amount =
          movement.row.amount.value();  // sums are bounded by the account's `received`
      (movement.incoming ? in : movement.mints ? minted : out) += amount;
      return absl::OkStatus();
    }));
    if (in == 0 && out == 0 && minted == 0) continue;
    auto* line = answer.add_lines();
    FT_ASSIGN_OR_RETURN(*line->mutable_account(), DescribeAccount(view, account));
    line->set_received(in + minted);
    line->set_drawn(out + minted);
    line->set_held(in - out);
    line->set_minted(minted);
    FT_RETURN_IF_ERROR(view.Grow(line->ByteSizeLong()));
  }
  return answer;
}

StatusOr<v1::StatementAnswer> Statement(const View& view, std::string_view party, std::string_view fund,
                                        std::optional<Date> from, std::optional<Date> to) {
  v1::StatementAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, fund));
  for (const auto account : accounts) {
    auto* statement = answer.add_statements();
    FT_ASSIGN_OR_RETURN(*statement->mutable_account(), DescribeAccount(view, account));
    FT_RETURN_IF_ERROR(view.Grow(statement->ByteSizeLong()));
    // What is before the period may stand behind it in the log, so it is summed up first.
    std::int64_t held = 0;
    FT_RETURN_IF_ERROR(EachMovement(view, account, [&](const Movement& movement) {
      const bool before = from.has_value() && movement.row.date < *from;
      if (before && !movement.mints)
        held += movement.incoming ? movement.row.amount.value() : -movement.row.amount.value();
      return absl::OkStatus();
    }));
    statement->set_held_before(held);
    LineReader lines(view);
    FT_RETURN_IF_ERROR(EachMovement(view, account, [&](const Movement& movement) -> Status {
      if (to.has_value() && movement.row.date > *to) return absl::OkStatus();
      if (from.has_value() && movement.row.date < *from) return absl::OkStatus();
      const std::int64_t amount = movement.row.amount.value();
      if (!movement.mints) held += movement.incoming ? amount : -amount;
      if (movement.incoming) statement->set_total_in(statement->total_in() + amount);
      if (!movement.incoming && !movement.mints) statement->set_total_out(statement->total_out() + amount);
      if (movement.mints) statement->set_minted(statement->minted() + amount);
      FT_ASSIGN_OR_RETURN(const auto transfer, lines.Get(movement.ref));
      auto* line = statement->add_lines();
      *line->mutable_ref() = transfer.ref();
      line->set_date(transfer.date());
      line->set_incoming(movement.incoming);
      line->set_other_party(movement.incoming ? transfer.transfer().from() : transfer.transfer().to());
      line->set_other_name(movement.incoming ? transfer.from_name() : transfer.to_name());
      line->set_amount(amount);
      line->set_held_after(held);
      line->set_purpose(transfer.transfer().purpose());
      line->set_reference(transfer.transfer().reference());
      line->set_kind(transfer.transfer().kind());
      return view.Grow(line->ByteSizeLong());
    }));
    statement->set_held_after(held);
  }
  return answer;
}

}  // namespace fundtrail::query
