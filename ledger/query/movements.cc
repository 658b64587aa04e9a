// See movements.h.
#include "ledger/query/movements.h"

#include "absl/strings/str_cat.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<bool> EachMovement(const View& view, model::AccountNumber account, const MovementRange& range,
                            const std::function<StatusOr<bool>(const Movement&)>& take) {
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, account));
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(view, name.party()));
  const bool source = party.role() == v1::ROLE_SOURCE;
  const Bytes all = keys::StatementOf(account);
  Bytes begin = all, end = store::PrefixEnd(all);
  if (range.after.has_value()) {
    const auto& [ref, incoming] = *range.after;
    begin = keys::Statement(account, ref, incoming ? model::Side::kIn : model::Side::kOut) + '\0';
  }
  if (range.as_of.has_value())
    end = keys::Statement(account, {RecordIndex(*range.as_of + 1), 0}, model::Side::kOut);
  // What the account had received before the next movement; not known where that is not its first.
  std::optional<Amount> before;
  if (!range.after.has_value()) before = Amount();
  const auto cursor = view.rows->Scan(begin, end);
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    Movement movement;
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(cursor->key()));
    movement.account = account;
    movement.ref = on.ref;
    movement.incoming = on.side == model::Side::kIn;
    FT_ASSIGN_OR_RETURN(movement.row, model::DecodeStatementRow(cursor->key(), cursor->value()));
    if (source && !movement.incoming) {
      // What a source brings in it receives as it pays it; what it sends back it had. So the transfer need not be looked up.
      if (before.has_value()) {
        movement.mints = movement.row.received > *before;
      } else {
        FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view, movement.ref));
        movement.mints = !transfer.sends_back();
      }
    }
    before = movement.row.received;
    FT_ASSIGN_OR_RETURN(const bool more, take(movement));
    if (!more) return false;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return true;
}

Status TooMuch(const Movement& movement) {
  return model::Damaged(movement.key(), "adds up to more than an account can have");
}

Status CheckAsOf(const View& view, std::optional<std::uint64_t> as_of) {
  if (!as_of.has_value() || *as_of < view.checkpoint.size()) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("there is no record ", *as_of, " to ask as of: the ledger has ",
                                            view.checkpoint.size(), ", counted from 0"));
}

StatusOr<std::vector<model::AccountNumber>> AccountsAsked(const View& view, std::string_view party,
                                                          std::string_view fund) {
  FT_RETURN_IF_ERROR(FindParty(view, party).status());
  if (!fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, fund));
  return AccountsOf(view, party, fund);
}

}  // namespace fundtrail::query
