// See commitments.h.
#include "ledger/books/money/commitments.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::AccountNumber;
using model::Refuse;
using model::Supply;

namespace {

const model::Register& Commitments() {
  static const model::Register& of = *model::FindRegister(v1::Action::kCommit);
  return of;
}

// The first of two last days, of which an empty one never comes.
std::string FirstOf(const std::string& one, const std::string& other) {
  if (one.empty() || other.empty()) return one.empty() ? other : one;
  return std::min(one, other);
}

// What decides whether commitments of an account have lapsed.
struct Lapse {
  std::string day;
  std::uint64_t withdrawn = 0;  // commitments of records before it are void

  bool Has(const v1::Commit& commit, std::uint64_t opened) const {
    // Days sort as their texts do.
    return (!commit.until().empty() && commit.until() < day) || opened < withdrawn;
  }
  // Whether some of those in the sum may have.
  bool MayBeIn(const v1::CommittedRow& row) const {
    return (!row.until().empty() && row.until() < day) || row.withdrawn() != withdrawn;
  }
};

StatusOr<Lapse> LapseIn(const store::Reader& state, const std::string& project, std::string day,
                        std::optional<RecordIndex> at = std::nullopt) {
  Lapse lapse{std::move(day), 0};
  if (project.empty()) return lapse;
  FT_ASSIGN_OR_RETURN(const auto standing, GetStanding(state, v1::Action::kProposeProject, project, at));
  lapse.withdrawn = standing.withdrawn();
  return lapse;
}

bool IsOf(const v1::Commit& commit, const v1::AccountName& account) {
  return commit.owner() == account.party() && commit.fund() == account.fund() &&
         commit.project() == account.project() && commit.asset() == account.asset();
}

StatusOr<Amount> LeftOf(const v1::SupplyRow& row, const std::string& id) {
  if (row.paid() < 0 || row.assigned() < row.paid())
    return model::Damaged(keys::SupplySumsOf(Supply::kCommitment, id), "has more used than it keeps");
  return Amount(row.assigned() - row.paid());
}

// One commitment that keeps something of an account.
struct Keeping {
  const v1::RegisterRow& row;
  const v1::SupplyRow& sums;
  Amount left;
};

// As the keys `D` have it; an empty one never comes.
StatusOr<Date> LastDay(const std::string& until) {
  if (until.empty()) return keys::kNoLastDay;
  return ParseDate(until);
}

// Those of an account that may have lapsed by the day and are in the sum of the row. With each comes what it kept after the record,
// or keeps now. None in the sum has an earlier last day than the row says. So each is looked at once after its last day, however many went
// before it. Under another verdict that withdraws the project, all that are in the sum may have lapsed.
Status EachLapsing(const store::Reader& state, AccountNumber account, const v1::AccountName& name,
                   const v1::CommittedRow& row, const Lapse& lapse, std::optional<RecordIndex> at,
                   const std::function<Status()>& go_on, const std::function<Status(const Keeping&)>& take) {
  const auto from = LastDay(row.until());
  if (!from.ok()) return model::Damaged(keys::CommittedOf(account), "has a last day that is not a date");
  FT_ASSIGN_OR_RETURN(const Date today, ParseDate(lapse.day));
  const Bytes all = keys::KeepingOf(account);
  const Bytes end =
      row.withdrawn() != lapse.withdrawn ? store::PrefixEnd(all) : keys::KeepingFrom(account, today);
  const Bytes begin = keys::KeepingFrom(account, *from);
  if (begin >= end) return absl::OkStatus();
  for (const auto cursor = state.Scan(begin, end);; cursor->Next()) {
    if (!cursor->Valid()) return cursor->status();
    FT_RETURN_IF_ERROR(go_on());
    FT_ASSIGN_OR_RETURN(const auto key, keys::ReadKeeping(cursor->key()));
    const std::string id(key.commitment);
    FT_ASSIGN_OR_RETURN(const auto item, GetItem(state, v1::Action::kCommit, id));
    if (!item.has_value()) return model::Damaged(keys::Item(v1::Action::kCommit, id), "is missing");
    if (!IsOf(item->action().commit(), name))
      return model::Damaged(cursor->key(), "is not what the commitment says");
    // One that was opened later had no sums then, and of one that has ended nothing is left.
    FT_ASSIGN_OR_RETURN(const auto sums, GetSupply(state, Supply::kCommitment, id, at));
    FT_ASSIGN_OR_RETURN(const Amount left, LeftOf(sums, id));
    if (left.is_zero() || !lapse.Has(item->action().commit(), item->opened())) continue;
    FT_RETURN_IF_ERROR(take({*item, sums, left}));
  }
}

// A last day that none in the sum of an account is before, once those have gone that lapsed before today.
StatusOr<std::string> NextLastDay(const store::Reader& state, AccountNumber account,
                                  const std::string& today) {
  FT_ASSIGN_OR_RETURN(const Date from, ParseDate(today));
  const auto cursor =
      state.Scan(keys::KeepingFrom(account, from), keys::KeepingFrom(account, keys::kNoLastDay));
  if (!cursor->Valid()) {
    FT_RETURN_IF_ERROR(cursor->status());
    return std::string();
  }
  FT_ASSIGN_OR_RETURN(const auto key, keys::ReadKeeping(cursor->key()));
  return fundtrail::ToString(key.last);
}

Status TooMuchKept(AccountNumber account) {
  return model::Damaged(keys::CommittedOf(account), "is not what its commitments keep");
}

void PutSums(store::Overlay* state, RecordIndex record, const std::string& id, const v1::SupplyRow& row) {
  PutMessage(state, keys::SupplySums(Supply::kCommitment, id, record), row);
}

// Takes off what has lapsed, where some may have. Answers the row that counts then.
StatusOr<v1::CommittedRow> Settle(store::Overlay* state, const Moment& moment, AccountNumber account,
                                  const v1::AccountName& name) {
  FT_ASSIGN_OR_RETURN(const Lapse lapse, LapseIn(*state, name.project(), ToString(moment.recorded)));
  FT_ASSIGN_OR_RETURN(v1::CommittedRow row, GetCommittedRow(*state, account));
  if (!lapse.MayBeIn(row)) return row;
  std::vector<std::pair<std::string, v1::SupplyRow>> lapsed;
  Amount gone;
  const auto take = [&](const Keeping& keeping) -> Status {
    if (Amount(row.amount()) - gone < keeping.left) return TooMuchKept(account);
    gone += keeping.left;
    v1::SupplyRow sums = keeping.sums;
    sums.set_assigned(sums.paid());
    lapsed.emplace_back(keeping.row.action().commit().id(), std::move(sums));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(EachLapsing(
      *state, account, name, row, lapse, std::nullopt, [] { return absl::OkStatus(); }, take));
  row.set_amount((Amount(row.amount()) - gone).value());
  FT_ASSIGN_OR_RETURN(*row.mutable_until(), NextLastDay(*state, account, lapse.day));
  row.set_withdrawn(lapse.withdrawn);
  for (const auto& [id, sums] : lapsed) PutSums(state, moment.record, id, sums);
  PutMessage(state, keys::Committed(account, moment.record), row);
  return row;
}

// What an account holds, and how much of it is kept, in a sentence.
StatusOr<std::string> HoldsInWords(const store::Reader& state, const v1::AccountName& account, Amount held,
                                   Amount kept) {
  FT_ASSIGN_OR_RETURN(const auto all, InWords(state, held, account.asset()));
  FT_ASSIGN_OR_RETURN(const auto part, InWords(state, kept, account.asset()));
  return absl::StrCat(account.party(), " holds ", all, " in fund ", account.fund(),
                      account.project().empty() ? "" : ", project ", account.project(), ", of which ", part,
                      " is committed");
}

// What is left of the commitment goes out of the account's sum.
Status TakeOff(store::Overlay* state, RecordIndex record, AccountNumber account, Amount amount) {
  FT_ASSIGN_OR_RETURN(auto row, GetCommittedRow(*state, account));
  if (row.amount() < amount.value()) return TooMuchKept(account);
  row.set_amount(row.amount() - amount.value());
  PutMessage(state, keys::Committed(account, record), row);
  return absl::OkStatus();
}

}  // namespace

Status KeepCommitted(store::Overlay* state, const Moment& moment, const v1::Commit& commit,
                     const std::string& field) {
  if (!commit.until().empty() && commit.until() < ToString(moment.recorded)) {
    return Refuse(v1::REFUSAL_CODE_PERIOD_INVALID, field + ".until",
                  absl::StrCat(commit.until(), " is over: this record is of ", ToString(moment.recorded)));
  }
  FT_ASSIGN_OR_RETURN(const auto owner, GetParty(*state, commit.owner()));
  if (!owner.has_value()) return model::Damaged(keys::Party(commit.owner()), "is missing");
  if (owner->role() != v1::ROLE_HOLDER) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".owner",
                  absl::StrCat(commit.owner(), owner->role() == v1::ROLE_SOURCE
                                                   ? " is a SOURCE: it pays with new money, and keeps none"
                                                   : " is a RECIPIENT: it pays nobody, and keeps nothing"));
  }
  const Amount amount(commit.amount());
  v1::AccountName name;
  name.set_party(commit.owner());
  name.set_fund(commit.fund());
  name.set_project(commit.project());
  name.set_asset(commit.asset());
  FT_ASSIGN_OR_RETURN(const auto account,
                      FindAccount(*state, commit.owner(), commit.fund(), commit.project(), commit.asset()));
  Amount held;
  v1::CommittedRow row;
  if (account.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto now, GetAccountState(*state, *account));
    held = now.held;
    FT_ASSIGN_OR_RETURN(row, Settle(state, moment, *account, name));
  }
  const Amount kept(row.amount());
  if (kept < Amount(0) || kept > held) return TooMuchKept(*account);
  if (held - kept < amount) {
    FT_ASSIGN_OR_RETURN(const auto holds, HoldsInWords(*state, name, held, kept));
    FT_ASSIGN_OR_RETURN(const auto wanted, InWords(*state, amount, commit.asset()));
    return Refuse(v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, field + ".amount",
                  absl::StrCat(holds, ", and ", wanted, " should be kept beside it"));
  }
  row.set_amount((kept + amount).value());
  row.set_until(FirstOf(kept.is_zero() ? "" : row.until(), commit.until()));
  FT_ASSIGN_OR_RETURN(const Lapse lapse, LapseIn(*state, commit.project(), ToString(moment.recorded)));
  // One that its own record withdraws has lapsed already: the sum does not know that verdict.
  row.set_withdrawn(moment.record.value() < lapse.withdrawn ? 0 : lapse.withdrawn);
  PutMessage(state, keys::Committed(*account, moment.record), row);
  FT_ASSIGN_OR_RETURN(const Date last, LastDay(commit.until()));
  state->Put(keys::Keeping(*account, last, commit.id()), "");
  v1::SupplyRow sums;
  sums.set_assigned(commit.amount());
  PutSums(state, moment.record, commit.id(), sums);
  return absl::OkStatus();
}

Status ReleaseCommitted(store::Overlay* state, const Moment& moment, const v1::Commit& commit) {
  FT_ASSIGN_OR_RETURN(auto sums, GetSupply(*state, Supply::kCommitment, commit.id()));
  FT_ASSIGN_OR_RETURN(const Amount left, LeftOf(sums, commit.id()));
  if (left.is_zero()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto account,
                      FindAccount(*state, commit.owner(), commit.fund(), commit.project(), commit.asset()));
  if (!account.has_value()) {
    return model::Damaged(
        keys::AccountByName(commit.owner(), commit.fund(), commit.project(), commit.asset()), "is missing");
  }
  FT_RETURN_IF_ERROR(TakeOff(state, moment.record, *account, left));
  sums.set_assigned(sums.paid());
  PutSums(state, moment.record, commit.id(), sums);
  return absl::OkStatus();
}

Status CheckCommitmentNamed(const store::Reader& state, const Moment& moment, const v1::Transfer& transfer,
                            const std::string& field) {
  if (transfer.commitment().empty()) return absl::OkStatus();
  const std::string& id = transfer.commitment();
  const std::string at = field + ".commitment";
  FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, Commitments(), id, at));
  FT_RETURN_IF_ERROR(CheckGoesOn(row, at));
  const v1::Commit& commit = row.action().commit();
  v1::AccountName account;
  account.set_party(transfer.from());
  account.set_fund(transfer.fund());
  account.set_project(transfer.project());
  account.set_asset(transfer.asset());
  if (!IsOf(commit, account)) {
    return RefuseItem(v1::REFUSAL_CODE_SCOPE_MISMATCH, Commitments(), id, at,
                      absl::StrCat("commitment ", id, " keeps ", commit.asset(), " of ", commit.owner(),
                                   " in fund ", commit.fund(), commit.project().empty() ? "" : ", project ",
                                   commit.project(), ": this payment is out of another account"),
                      row.record());
  }
  if (!commit.payee().empty() && commit.payee() != transfer.to()) {
    return RefuseItem(
        v1::REFUSAL_CODE_SCOPE_MISMATCH, Commitments(), id, field + ".to",
        absl::StrCat("commitment ", id, " is kept for ", commit.payee(), ", and not for ", transfer.to()),
        row.record());
  }
  FT_ASSIGN_OR_RETURN(const Lapse lapse, LapseIn(state, commit.project(), ToString(moment.recorded)));
  if (lapse.Has(commit, row.opened())) {
    return RefuseItem(
        v1::REFUSAL_CODE_COMMITMENT_SHORT, Commitments(), id, at,
        absl::StrCat("commitment ", id, " keeps nothing any more: ",
                     row.opened() < lapse.withdrawn ? "its project was withdrawn" : "its last day was ",
                     row.opened() < lapse.withdrawn ? "" : commit.until(), "; pay without it"),
        row.record());
  }
  FT_ASSIGN_OR_RETURN(const auto sums, GetSupply(state, Supply::kCommitment, id));
  FT_ASSIGN_OR_RETURN(const Amount left, LeftOf(sums, id));
  if (Amount(transfer.amount()) <= left) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto there, InWords(state, left, transfer.asset()));
  FT_ASSIGN_OR_RETURN(const auto wanted, InWords(state, Amount(transfer.amount()), transfer.asset()));
  return RefuseItem(v1::REFUSAL_CODE_COMMITMENT_SHORT, Commitments(), id, field + ".amount",
                    absl::StrCat("of commitment ", id, " ", there, " is left, and ", wanted,
                                 " should be paid: pay the rest without it"),
                    row.record());
}

Status UseCommitted(store::Overlay* state, RecordIndex record, const v1::Transfer& transfer,
                    AccountNumber account) {
  if (transfer.commitment().empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(auto sums, GetSupply(*state, Supply::kCommitment, transfer.commitment()));
  FT_ASSIGN_OR_RETURN(const Amount left, LeftOf(sums, transfer.commitment()));
  const Amount amount(transfer.amount());
  if (left < amount) return TooMuchKept(account);
  FT_RETURN_IF_ERROR(TakeOff(state, record, account, amount));
  sums.set_paid(sums.paid() + amount.value());
  PutSums(state, record, transfer.commitment(), sums);
  return absl::OkStatus();
}

Status RequireSpendable(store::Overlay* state, const Moment& moment, const v1::Transfer& transfer,
                        AccountNumber account, Amount held, const std::string& field) {
  const Amount amount(transfer.amount());
  FT_ASSIGN_OR_RETURN(v1::CommittedRow row, GetCommittedRow(*state, account));
  const auto own = transfer.commitment().empty() ? Amount(0) : amount;
  const auto kept_else = [&](const v1::CommittedRow& of) -> StatusOr<Amount> {
    if (of.amount() < own.value() || of.amount() > held.value()) return TooMuchKept(account);
    return Amount(of.amount()) - own;
  };
  FT_ASSIGN_OR_RETURN(Amount kept, kept_else(row));
  if (held - kept >= amount) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(*state, account));
  FT_ASSIGN_OR_RETURN(row, Settle(state, moment, account, name));
  FT_ASSIGN_OR_RETURN(kept, kept_else(row));
  if (held - kept >= amount) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto holds, HoldsInWords(*state, name, held, kept));
  FT_ASSIGN_OR_RETURN(const auto wanted, InWords(*state, amount, transfer.asset()));
  return Refuse(
      v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, field + ".amount",
      absl::StrCat(holds, ", and ", wanted,
                   " should be paid: name the commitment that is used (--commitment), or release it"));
}

StatusOr<Amount> KeptOn(const store::Reader& state, AccountNumber account, const std::string& day,
                        std::optional<RecordIndex> at, const std::function<Status()>& go_on) {
  FT_ASSIGN_OR_RETURN(const auto row, GetCommittedRow(state, account, at));
  if (row.amount() == 0) return Amount(0);
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(state, account));
  FT_ASSIGN_OR_RETURN(const Lapse lapse, LapseIn(state, name.project(), day, at));
  Amount kept(row.amount());
  if (!lapse.MayBeIn(row)) return kept;
  const auto take = [&](const Keeping& keeping) -> Status {
    if (kept < keeping.left) return TooMuchKept(account);
    kept -= keeping.left;
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(EachLapsing(state, account, name, row, lapse, at, go_on, take));
  return kept;
}

}  // namespace fundtrail::books
