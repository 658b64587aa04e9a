// See row_actions.h.
#include "ledger/intake/row_actions.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/books/money/number_line.h"
#include "ledger/books/state.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::intake {

namespace keys = model::keys;
using exchange::PartyRole;
using model::Refuse;

namespace {

v1::Role RoleOf(PartyRole role) {
  switch (role) {
    case PartyRole::kSource:
      return v1::SOURCE;
    case PartyRole::kRecipient:
      return v1::RECIPIENT;
    default:
      return v1::HOLDER;
  }
}

// Builds the actions of one row against the state as it is before them.
class Builder {
 public:
  Builder(const store::Reader& state, const exchange::Row& row, const RowContext& context)
      : state_(state), row_(row), context_(context) {}

  StatusOr<RowActions> Build() {
    FT_ASSIGN_OR_RETURN(from_role_, NeedParty(row_.from, row_.amount > Amount(0)));
    FT_ASSIGN_OR_RETURN(to_role_, NeedParty(row_.to, false));
    FT_RETURN_IF_ERROR(NeedAsset());
    FT_RETURN_IF_ERROR(NeedFund());
    FT_RETURN_IF_ERROR(NeedPlace());
    FT_RETURN_IF_ERROR(row_.amount > Amount(0) ? Pay() : SendBack());
    return std::move(made_);
  }

 private:
  std::string fund() const { return row_.fund.empty() ? kDefaultFund : row_.fund; }

  Status Unknown(const std::string& field, const std::string& what) const {
    return Refuse(v1::REFERENCE_UNKNOWN, field, absl::StrCat("there is no ", what, "; --register makes it"));
  }

  v1::RegisterParty* Register(const std::string& id, const std::string& name, const std::string& parent,
                              v1::Role role) {
    v1::Action action;
    auto* party = action.mutable_register_party();
    party->set_id(id);
    party->set_name(name.empty() ? id : name);
    party->set_parent(parent);
    party->set_role(role);
    made_.actions.push_back(std::move(action));
    ++made_.parties;
    return made_.actions.back().mutable_register_party();
  }

  void RegisterUnrecorded() {
    if (!RegisteredHere(kUnrecorded)) Register(kUnrecorded, "Unrecorded origin", context_.author, v1::SOURCE);
  }

  bool RegisteredHere(const std::string& id) const {
    return std::any_of(made_.actions.begin(), made_.actions.end(), [&](const v1::Action& action) {
      return action.has_register_party() && action.register_party().id() == id;
    });
  }

  // An inferred recipient of which this row says more: that it pays, or that it is a recipient. Its role is stated from now
  // on, by an amendment that names the row. Of a party that this very entry made nothing can be amended.
  StatusOr<v1::Role> State(const exchange::RowParty& party, v1::Role role) {
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(state_, v1::Action::kRegisterParty, party.id));
    if (!row.has_value() || row->record() == context_.record.value()) return v1::RECIPIENT;
    v1::Action action = row->action();
    action.mutable_register_party()->set_role(role);
    action.mutable_register_party()->set_role_inferred(false);
    action.mutable_amends()->set_record(row->record());
    action.mutable_amends()->set_reason(absl::StrCat("as ", context_.reference, " shows"));
    made_.actions.push_back(std::move(action));
    return role;
  }

  StatusOr<v1::Role> NeedParty(const exchange::RowParty& party, bool pays) {
    FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, party.id));
    if (known.has_value()) {
      if (party.id_from_name && known->name() != party.name) {
        made_.same_ids.push_back(
            absl::StrCat(party.id, " is \"", known->name(), "\" and \"", party.name, "\""));
      }
      const bool stated = !party.role_inferred && party.role == PartyRole::kRecipient;
      const bool once = row_.from.id != row_.to.id;  // else it would be amended twice
      if (known->role_inferred() && context_.register_unknown && once && (pays || stated))
        return State(party, stated ? v1::RECIPIENT : v1::HOLDER);
      return known->role();
    }
    // The one that open-missing brings money in from is a SOURCE, whoever names it first.
    if (party.id == kUnrecorded) {
      if (!context_.register_unknown && !context_.open_missing) return Unknown("party", "party " + party.id);
      RegisterUnrecorded();
      return v1::SOURCE;
    }
    const v1::Role role = RoleOf(party.role);
    if (RegisteredHere(party.id)) return role;
    if (!context_.register_unknown) return Unknown("party", "party " + party.id);
    const std::string parent = party.parent.empty() ? context_.author : party.parent;
    FT_ASSIGN_OR_RETURN(const auto above, books::GetParty(state_, parent));
    if (!above.has_value() && !RegisteredHere(parent)) Register(parent, parent, context_.author, v1::HOLDER);
    Register(party.id, party.name, parent, role)->set_role_inferred(party.role_inferred);
    return role;
  }

  Status NeedAsset() {
    FT_ASSIGN_OR_RETURN(const auto known, books::GetAsset(state_, row_.asset));
    if (known.has_value()) {
      if (static_cast<int>(known->decimals()) == row_.decimals) return absl::OkStatus();
      return Refuse(v1::FIELD_INVALID, "asset",
                    absl::StrCat(row_.asset, " has ", known->decimals(), " decimals in this ledger and ",
                                 row_.decimals, " in the map"));
    }
    if (!context_.register_unknown) return Unknown("asset", "asset " + row_.asset);
    v1::Action action;
    action.mutable_declare_asset()->set_code(row_.asset);
    action.mutable_declare_asset()->set_decimals(static_cast<std::uint32_t>(row_.decimals));
    made_.actions.push_back(std::move(action));
    return absl::OkStatus();
  }

  Status NeedFund() {
    FT_ASSIGN_OR_RETURN(const auto known, state_.Get(keys::Fund(fund())));
    if (known.has_value()) return absl::OkStatus();
    if (!context_.register_unknown) return Unknown("fund", "fund " + fund());
    v1::Action action;
    auto* open = action.mutable_open_fund();
    open->set_id(fund());
    open->set_name(row_.fund_name.empty() ? fund() : row_.fund_name);
    open->set_owner(context_.author);
    made_.actions.push_back(std::move(action));
    return absl::OkStatus();
  }

  // A place is named by its id, or else by its name.
  Status NeedPlace() {
    if (row_.place.empty()) return absl::OkStatus();
    for (const std::string& id : {row_.place, exchange::StableId(row_.place)}) {
      FT_ASSIGN_OR_RETURN(const auto known, books::GetItem(state_, v1::Action::kDeclarePlace, id));
      place_ = id;
      if (known.has_value()) return absl::OkStatus();
    }
    if (!context_.register_unknown) return Unknown("place", "place " + row_.place);
    v1::Action action;
    action.mutable_declare_place()->set_id(place_);
    action.mutable_declare_place()->set_name(row_.place);
    made_.actions.push_back(std::move(action));
    return absl::OkStatus();
  }

  // A transfer with all that rows have in common; added to the actions.
  v1::Transfer* AddTransfer(const std::string& from, const std::string& to, Amount amount,
                            v1::TransferKind kind) {
    auto* transfer = made_.actions.emplace_back().mutable_transfer();
    transfer->set_from(from);
    transfer->set_to(to);
    transfer->set_fund(fund());
    transfer->set_asset(row_.asset);
    transfer->set_amount(amount.value());
    transfer->set_kind(kind);
    transfer->set_value_date(ToString(row_.date));
    transfer->set_reference(context_.reference);
    // What is made up for a commitment is no more paid than the commitment.
    transfer->set_stage(row_.committed ? v1::COMMITTED : v1::PAID);
    return transfer;
  }

  v1::Transfer* AddPayment(Amount amount, v1::TransferKind kind) {
    auto* transfer = AddTransfer(row_.from.id, row_.to.id, amount, kind);
    transfer->set_project(row_.project);
    transfer->set_place(place_);
    transfer->set_purpose(row_.purpose);
    return transfer;
  }

  void SetRef(v1::TransferRef* out, TransferRef ref) const {
    if (ref.record == context_.record) {
      out->set_same_entry(true);
    } else {
      out->set_record(ref.record.value());
    }
    out->set_line(ref.line);
  }

  StatusOr<v1::TransferKind> Kind() const {
    if (row_.kind.empty()) {
      if (from_role_ == v1::SOURCE) return v1::DONATION;
      return to_role_ == v1::RECIPIENT ? v1::DISBURSEMENT : v1::ALLOCATION;
    }
    v1::TransferKind kind;
    if (v1::TransferKind_Parse(absl::AsciiStrToUpper(row_.kind), &kind) &&
        (kind == v1::APPROPRIATION || kind == v1::DONATION || kind == v1::ALLOCATION ||
         kind == v1::DISBURSEMENT)) {
      return kind;
    }
    return Refuse(
        v1::FIELD_INVALID, "kind",
        absl::StrCat("\"", row_.kind, "\" is none of APPROPRIATION, DONATION, ALLOCATION, DISBURSEMENT"));
  }

  StatusOr<Amount> Undrawn(model::AccountNumber account, Interval receipt) const {
    store::Overlay scratch(state_);
    FT_ASSIGN_OR_RETURN(auto line, books::NumberLine::Load(&scratch, account));
    std::vector<Interval> pieces;
    return line.Draw(receipt, receipt.length(), &pieces);
  }

  // The receipts of the payer that the row draws on and that still hold something, and how much.
  StatusOr<Amount> UsableDraws(std::vector<TransferRef>* usable) const {
    Amount sum;
    FT_ASSIGN_OR_RETURN(const auto payer, books::FindAccount(state_, row_.from.id, fund(), row_.asset));
    for (const std::string& id : row_.draws) {
      const auto* refs = context_.find_refs(id);
      if (refs == nullptr) {
        if (context_.ignore_unusable_draws) continue;
        return Refuse(v1::EARMARK_UNKNOWN, "draws",
                      absl::StrCat("no row with the id ", id, " was imported before"));
      }
      for (const TransferRef ref : *refs) {
        FT_ASSIGN_OR_RETURN(const auto receipt, books::GetTransfer(state_, ref));
        if (!payer.has_value() || !receipt.has_value() || receipt->to != *payer) {
          if (context_.ignore_unusable_draws) continue;
          return Refuse(v1::EARMARK_UNKNOWN, "draws",
                        absl::StrCat("row ", id, " is no receipt of the payer"));
        }
        FT_ASSIGN_OR_RETURN(const Amount left, Undrawn(*payer, receipt->receipt()));
        if (left.is_zero() || std::find(usable->begin(), usable->end(), ref) != usable->end()) continue;
        usable->push_back(ref);
        const auto total = CheckedAdd(sum, left);
        if (!total.has_value())
          return model::Damaged(keys::Transfer(ref), "brought more than its account can have");
        sum = *total;
      }
    }
    return sum;
  }

  Status Pay() {
    FT_ASSIGN_OR_RETURN(const v1::TransferKind kind, Kind());
    if (from_role_ == v1::SOURCE) {
      made_.draws_left_out = !row_.draws.empty();
      AddPayment(row_.amount, kind);
      return absl::OkStatus();
    }
    std::vector<TransferRef> draws;
    FT_ASSIGN_OR_RETURN(const Amount usable, UsableDraws(&draws));
    if (!row_.draws.empty() && usable < row_.amount && !context_.ignore_unusable_draws) {
      return Refuse(v1::EARMARK_SHORT, "draws",
                    absl::StrCat("what the row draws on holds ", FormatDecimal(usable, row_.decimals)));
    }
    made_.draws_left_out = !row_.draws.empty() && usable < row_.amount;
    FT_RETURN_IF_ERROR(MakeUpMissing());
    const Amount earmarked = std::min(usable, row_.amount);
    if (!earmarked.is_zero()) {
      auto* transfer = AddPayment(earmarked, kind);
      for (const TransferRef ref : draws) SetRef(transfer->add_draws(), ref);
    }
    if (earmarked < row_.amount) AddPayment(row_.amount - earmarked, kind);
    return absl::OkStatus();
  }

  Status MakeUpMissing() {
    if (!context_.open_missing || from_role_ == v1::RECIPIENT) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto payer, books::FindAccount(state_, row_.from.id, fund(), row_.asset));
    Amount held;
    if (payer.has_value()) {
      FT_ASSIGN_OR_RETURN(const auto account, books::GetAccountState(state_, *payer));
      held = account.held;
    }
    if (held >= row_.amount) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto unrecorded, books::GetParty(state_, kUnrecorded));
    if (!unrecorded.has_value()) RegisterUnrecorded();
    made_.unrecorded = row_.amount - held;
    AddTransfer(kUnrecorded, row_.from.id, made_.unrecorded, v1::ALLOCATION)
        ->set_purpose("money whose origin the file does not tell");
    return absl::OkStatus();
  }

  // Sends back what the payee still has of the payer's payments, the latest first.
  Status TakeBack(model::AccountNumber payer, model::AccountNumber payee, Amount* left) {
    const Bytes begin = keys::StatementOf(payee);
    Bytes end = store::PrefixEnd(begin);
    SpentReceipts none;
    SpentReceipts& spent = context_.spent != nullptr ? (*context_.spent)[{payer, payee}] : none;
    const SpentReceipts before = spent;
    bool met = before.high.empty();  // what was known before, on the way down
    bool all = true;                 // that was seen now is spent
    Bytes newest;
    while (!left->is_zero()) {
      FT_ASSIGN_OR_RETURN(const auto last, state_.Last(begin, end));
      if (!last.has_value()) break;
      if (newest.empty()) newest = last->first;
      if (!met && last->first <= before.high) {
        met = true;
        end = before.low;
        if (all) spent = {before.low, newest};
        continue;
      }
      end = last->first;
      FT_ASSIGN_OR_RETURN(const bool is_spent, TakeBackOne(payer, payee, last->first, left));
      all = all && is_spent;
      if (all && met) spent = {last->first, newest};
    }
    return absl::OkStatus();
  }

  // True when nothing of this receipt is left after it.
  StatusOr<bool> TakeBackOne(model::AccountNumber payer, model::AccountNumber payee, const Bytes& key,
                             Amount* left) {
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(key));
    if (on.side != model::Side::kIn) return true;
    const TransferRef ref = on.ref;
    FT_ASSIGN_OR_RETURN(const auto transfer, books::GetTransfer(state_, ref));
    if (!transfer.has_value() || transfer->from != payer || transfer->exchange()) return true;
    FT_ASSIGN_OR_RETURN(const Amount undrawn, Undrawn(payee, transfer->receipt()));
    if (undrawn.is_zero()) return true;
    const Amount back = std::min(undrawn, *left);
    auto* returned = AddTransfer(row_.to.id, row_.from.id, back, v1::RETURN);
    returned->set_project(row_.project);
    returned->set_place(place_);
    returned->set_purpose(row_.purpose);
    SetRef(returned->mutable_returns(), ref);
    *left -= back;
    return false;  // this row may yet be refused
  }

  // An amount below zero: what `from` paid to `to` goes back, the latest payment first.
  Status SendBack() {
    if (row_.amount.value() == std::numeric_limits<std::int64_t>::min()) {
      return Refuse(v1::OVERFLOW, "amount", "is too large");
    }
    made_.draws_left_out = !row_.draws.empty();
    Amount left(-row_.amount.value());
    FT_ASSIGN_OR_RETURN(const auto payer, books::FindAccount(state_, row_.from.id, fund(), row_.asset));
    FT_ASSIGN_OR_RETURN(const auto payee, books::FindAccount(state_, row_.to.id, fund(), row_.asset));
    if (payer.has_value() && payee.has_value()) FT_RETURN_IF_ERROR(TakeBack(*payer, *payee, &left));
    if (left.is_zero()) return absl::OkStatus();
    return Refuse(v1::RETURN_SHORT, "amount",
                  absl::StrCat("is below zero, and ", row_.to.id, " holds too little of what ", row_.from.id,
                               " paid: ", FormatDecimal(left, row_.decimals), " is missing"));
  }

  const store::Reader& state_;
  const exchange::Row& row_;
  const RowContext& context_;
  RowActions made_;
  v1::Role from_role_ = v1::HOLDER;
  v1::Role to_role_ = v1::HOLDER;
  std::string place_;  // the id; empty when the row names none
};

}  // namespace

StatusOr<RowActions> ActionsFor(const store::Reader& state, const exchange::Row& row,
                                const RowContext& context) {
  return Builder(state, row, context).Build();
}

}  // namespace fundtrail::intake
