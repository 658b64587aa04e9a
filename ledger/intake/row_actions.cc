// See row_actions.h.
#include "ledger/intake/row_actions.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/base/id.h"
#include "ledger/books/money/number_line.h"
#include "ledger/books/state.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/bounds.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::intake {

namespace keys = model::keys;
using model::Refuse;
using sheets::PartyRole;

namespace {

constexpr std::uint32_t kMaxNumberedIds = 1000;

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
  Builder(const store::Reader& state, const sheets::Row& row, const RowContext& context)
      : state_(state), row_(row), context_(context) {}

  StatusOr<RowActions> Build() {
    FT_ASSIGN_OR_RETURN(from_role_, NeedParty(&row_.from, row_.amount > Amount(0)));
    FT_ASSIGN_OR_RETURN(to_role_, NeedParty(&row_.to, false));
    FT_RETURN_IF_ERROR(NeedAsset());
    FT_RETURN_IF_ERROR(NeedFund());
    FT_RETURN_IF_ERROR(NeedPlace());
    FT_RETURN_IF_ERROR(NeedProject(row_.project, &project_));
    FT_RETURN_IF_ERROR(NeedFromProject());
    FT_RETURN_IF_ERROR(CheckNeed());
    FT_RETURN_IF_ERROR(CheckSupply());
    FT_RETURN_IF_ERROR(row_.amount < Amount(0) ? SendBack() : IsOwn() ? BringIn() : Pay());
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

  Status NeedUnrecorded() {
    FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, kUnrecorded));
    if (known.has_value()) return absl::OkStatus();
    if (!context_.register_unknown && !context_.open_missing)
      return Unknown("party", absl::StrCat("party ", kUnrecorded));
    if (!RegisteredHere(kUnrecorded)) Register(kUnrecorded, "Unrecorded origin", context_.author, v1::SOURCE);
    return absl::OkStatus();
  }

  bool RegisteredHere(const std::string& id) const {
    return std::any_of(made_.actions.begin(), made_.actions.end(), [&](const v1::Action& action) {
      return action.has_register_party() && action.register_party().id() == id;
    });
  }

  // The name of a party that this row registers; empty when it registers none with that id.
  std::string NameHere(const std::string& id) const {
    for (const v1::Action& action : made_.actions)
      if (action.has_register_party() && action.register_party().id() == id)
        return action.register_party().name();
    return "";
  }

  // An inferred recipient of which this row says more: that it pays, or that it is a recipient. Its role is stated from now
  // on, by an amendment that names the row. Of a party that this very entry made nothing can be amended.
  StatusOr<v1::Role> State(const sheets::RowParty& party, v1::Role role) {
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

  // The only party that is called so, where no party has that id. What a file gives as an id alone may be a name in other
  // letters; what it gives as a name is one exactly. With no party of that name it is nothing.
  StatusOr<std::optional<std::string>> PartyCalled(const std::string& name, bool exactly) const {
    if (!context_.parties_called) return std::optional<std::string>();
    FT_ASSIGN_OR_RETURN(std::vector<std::string> ids, context_.parties_called(name, exactly));
    if (ids.empty()) return std::optional<std::string>();
    if (ids.size() == 1) return std::optional<std::string>(std::move(ids.front()));
    return Refuse(v1::REFERENCE_UNKNOWN, "party",
                  absl::StrCat("several parties are called ", name, ", ", ids[0], " and ", ids[1],
                               " among them: write the id"));
  }

  // Gives the party the id of the one that is registered with its name. Whether there is one.
  StatusOr<bool> TakeByName(sheets::RowParty* party) {
    const bool id_alone = !party->id_from_name && (party->name.empty() || party->name == party->id);
    if (!id_alone && !party->id_from_name) return false;
    const std::string text = id_alone ? party->id : party->name;
    FT_ASSIGN_OR_RETURN(const auto id, PartyCalled(text, !id_alone));
    if (!id.has_value() || *id == party->id) return false;
    FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, *id));
    if (!known.has_value()) return false;
    made_.by_name.push_back(absl::StrCat(text, " is ", *id));
    party->id = *id;
    return true;
  }

  // Of an id that was made to be read and that a party of another name has: the first number after it that nobody has.
  Status NumberId(sheets::RowParty* party) {
    const std::string made = party->id;
    for (std::uint32_t number = 2; number <= kMaxNumberedIds; ++number) {
      FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, party->id));
      const std::string has = known.has_value() ? known->name() : NameHere(party->id);
      if (has.empty() || has == party->name) return absl::OkStatus();
      party->id = sheets::NumberedId(made, number);
    }
    return Refuse(v1::REFERENCE_UNKNOWN, "party",
                  absl::StrCat("over ", kMaxNumberedIds, " parties have ids like ", made,
                               ": give this one an id under [parties]"));
  }

  StatusOr<v1::Role> NeedParty(sheets::RowParty* named, bool pays) {
    if (named->id_may_be_anothers) FT_RETURN_IF_ERROR(NumberId(named));
    const sheets::RowParty& party = *named;
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
      FT_RETURN_IF_ERROR(NeedUnrecorded());
      return v1::SOURCE;
    }
    const v1::Role role = RoleOf(party.role);
    if (RegisteredHere(party.id)) return role;
    FT_ASSIGN_OR_RETURN(const bool by_name, TakeByName(named));
    if (by_name) return NeedParty(named, pays);
    if (!context_.register_unknown) return Unknown("party", "party " + party.id);
    std::string parent = party.parent.empty() ? context_.author : party.parent;
    FT_ASSIGN_OR_RETURN(const auto above, books::GetParty(state_, parent));
    if (!above.has_value() && !RegisteredHere(parent)) {
      FT_ASSIGN_OR_RETURN(const auto called, PartyCalled(parent, false));
      if (called.has_value()) {
        made_.by_name.push_back(absl::StrCat(parent, " is ", *called));
        parent = *called;
      } else {
        Register(parent, parent, context_.author, v1::HOLDER);
      }
    }
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
    for (const std::string& id : {row_.place, sheets::StableId(row_.place)}) {
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

  // A project is named by its id, or else by its name. None is ever made: somebody else must have approved it.
  Status NeedProject(const std::string& named, std::string* project) {
    if (named.empty()) return absl::OkStatus();
    const std::string made = sheets::StableId(named);
    for (const std::string& id : {named, made}) {
      if (!model::IsValidId(id)) continue;
      FT_ASSIGN_OR_RETURN(const auto known, books::GetItem(state_, v1::Action::kProposeProject, id));
      if (!known.has_value()) continue;
      *project = id;
      return absl::OkStatus();
    }
    if (context_.ignore_unknown_projects) {
      made_.project_left_out = true;
      return absl::OkStatus();
    }
    return Refuse(v1::REFERENCE_UNKNOWN, "project",
                  absl::StrCat("there is no project ", named,
                               made == named ? "" : absl::StrCat(" (with the id ", made, ")"),
                               "; add it and have it approved first, or empty the cell"));
  }

  // Where the row says which of its money the payer takes. A project that the map has left out says nothing.
  Status NeedFromProject() {
    if (row_.from_project.empty()) return absl::OkStatus();
    std::string project;
    if (row_.from_project != sheets::kGeneralMoney) {
      FT_RETURN_IF_ERROR(NeedProject(row_.from_project, &project));
      if (project.empty()) return absl::OkStatus();
    }
    from_project_ = std::move(project);
    return absl::OkStatus();
  }

  // Whether, after the actions so far, nobody has stated the party's role.
  StatusOr<bool> IsInferred(const std::string& id) const {
    for (auto action = made_.actions.rbegin(); action != made_.actions.rend(); ++action)
      if (action->has_register_party() && action->register_party().id() == id)
        return action->register_party().role_inferred();
    FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, id));
    return known.has_value() && known->role_inferred();
  }

  // A need is named by its id. None is ever made: its owner says what it is. What is paid for it goes to a recipient whose
  // role somebody stated.
  Status CheckNeed() const {
    if (row_.need.empty()) return absl::OkStatus();
    if (!project_.empty()) {
      return Refuse(v1::SCOPE_MISMATCH, "need",
                    absl::StrCat("the row is in project ", project_,
                                 ", and money of a project meets the needs that the project names"));
    }
    bool there = false;
    if (model::IsValidId(row_.need)) {
      FT_ASSIGN_OR_RETURN(const auto known, books::GetItem(state_, v1::Action::kDeclareNeed, row_.need));
      there = known.has_value();
    }
    if (!there) {
      return Refuse(v1::REFERENCE_UNKNOWN, "need",
                    absl::StrCat("there is no need ", row_.need, "; declare it first, or empty the cell"));
    }
    FT_ASSIGN_OR_RETURN(const bool inferred, IsInferred(row_.to.id));
    if (!inferred || row_.amount < Amount(0)) return absl::OkStatus();
    return Refuse(v1::SCOPE_MISMATCH, "need",
                  absl::StrCat("nobody stated that ", row_.to.id,
                               " is a RECIPIENT: state its role in the file or the map and give --register, "
                               "or amend the party first"));
  }

  // A pledge, an assignment and a commitment are named by their ids. None is ever made, and the rules say whether they fit.
  Status CheckSupply() const {
    for (const auto& [action, field, id] :
         {std::tuple(v1::Action::kPledge, "pledge", &row_.pledge),
          std::tuple(v1::Action::kAssign, "assignment", &row_.assignment),
          std::tuple(v1::Action::kCommit, "commitment", &row_.commitment)}) {
      if (id->empty()) continue;
      if (row_.amount < Amount(0) || IsOwn()) {
        return Refuse(v1::KIND_MISMATCH, field,
                      row_.amount < Amount(0)
                          ? "the row takes a payment back, which is taken off by itself: empty the cell"
                          : "the row is a body's own money: empty the cell");
      }
      bool there = false;
      if (IsValidId(*id)) {
        FT_ASSIGN_OR_RETURN(const auto known, books::GetItem(state_, action, *id));
        there = known.has_value();
      }
      if (!there) {
        return Refuse(v1::REFERENCE_UNKNOWN, field,
                      absl::StrCat("there is no ", field, " ", *id, "; add it first, or empty the cell"));
      }
    }
    return absl::OkStatus();
  }

  // Whether a body pays itself, in a project, and the map says that such money comes from outside.
  bool IsOwn() const {
    return context_.own_is_unrecorded && !project_.empty() && row_.from.id == row_.to.id &&
           from_role_ != v1::SOURCE;
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

  // What the row says of its own payments, beside the amount.
  void Describe(v1::Transfer* transfer) const {
    transfer->set_project_words(row_.project_words);
    transfer->set_place(place_);
    transfer->set_purpose(row_.purpose);
  }

  // Out of the payer's money of that project; general money is put in the row's one.
  v1::Transfer* AddPayment(Amount amount, v1::TransferKind kind, const std::string& project) {
    auto* transfer = AddTransfer(row_.from.id, row_.to.id, amount, kind);
    transfer->set_project(project);
    if (project != project_) transfer->set_to_project(project_);
    transfer->set_need(row_.need);
    transfer->set_pledge(row_.pledge);
    transfer->set_assignment(row_.assignment);
    transfer->set_commitment(row_.commitment);
    Describe(transfer);
    return transfer;
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
        absl::StrCat("\"", row_.kind, "\" is not one of APPROPRIATION, DONATION, ALLOCATION, DISBURSEMENT"));
  }

  StatusOr<Amount> Undrawn(model::AccountNumber account, Interval receipt) const {
    store::Overlay scratch(state_);
    FT_ASSIGN_OR_RETURN(auto line, books::NumberLine::Load(&scratch, account));
    std::vector<Interval> pieces;
    return line.Draw(receipt, receipt.length(), &pieces);
  }

  // What the payer has for this row in one account, and what the row takes of it.
  struct Pot {
    std::string project;
    std::optional<model::AccountNumber> account;
    Amount held;
    std::vector<TransferRef> draws;  // receipts that the row draws on and that still hold something
    Amount drawable;                 // what they hold
    Amount earmarked, rest;          // what the row takes: of these receipts, and of what is first in line
  };

  // Money of the project goes first, then general money, unless the row is paid from that. Of a row that names a commitment,
  // only what that keeps goes.
  StatusOr<std::vector<Pot>> Pots() const {
    std::vector<Pot> pots(project_.empty() || !row_.commitment.empty() ? 1 : 2);
    pots.front().project = project_;
    if (!row_.commitment.empty()) {
      FT_ASSIGN_OR_RETURN(const auto kept, books::GetItem(state_, v1::Action::kCommit, row_.commitment));
      // General money that is kept may be put in the row's project.
      if (kept.has_value() && kept->action().commit().project().empty()) pots.front().project.clear();
    }
    for (Pot& pot : pots) {
      FT_ASSIGN_OR_RETURN(pot.account,
                          books::FindAccount(state_, row_.from.id, fund(), pot.project, row_.asset));
      if (!pot.account.has_value()) continue;
      FT_ASSIGN_OR_RETURN(const auto account, books::GetAccountState(state_, *pot.account));
      pot.held = account.held;
    }
    if (pots.size() == 2 && Moves() && from_project_->empty()) std::swap(pots.front(), pots.back());
    return pots;
  }

  // Finds the receipts that the row draws on.
  Status FindDraws(std::vector<Pot>* pots) const {
    for (const std::string& id : row_.draws) {
      const auto* refs = context_.find_refs(id);
      if (refs == nullptr) {
        if (context_.ignore_unusable_draws) continue;
        return Refuse(v1::EARMARK_UNKNOWN, "draws",
                      absl::StrCat("no row with the id ", id, " was imported before"));
      }
      for (const TransferRef ref : *refs) {
        FT_ASSIGN_OR_RETURN(const auto receipt, books::GetTransfer(state_, ref));
        const auto pot = std::find_if(pots->begin(), pots->end(), [&](const Pot& each) {
          return each.account.has_value() && receipt.has_value() && receipt->to == *each.account;
        });
        if (pot == pots->end()) {
          if (context_.ignore_unusable_draws) continue;
          return Refuse(v1::EARMARK_UNKNOWN, "draws",
                        absl::StrCat("row ", id, " is no receipt of the payer",
                                     project_.empty() ? "" : " in this project or in general money"));
        }
        FT_ASSIGN_OR_RETURN(const Amount left, Undrawn(*pot->account, receipt->receipt()));
        if (left.is_zero() || std::find(pot->draws.begin(), pot->draws.end(), ref) != pot->draws.end())
          continue;
        pot->draws.push_back(ref);
        const auto total = CheckedAdd(pot->drawable, left);
        if (!total.has_value())
          return model::Damaged(keys::Transfer(ref), "brought more than its account can have");
        pot->drawable = *total;
      }
    }
    return absl::OkStatus();
  }

  Status Pay() {
    FT_ASSIGN_OR_RETURN(const v1::TransferKind kind, Kind());
    if (!project_.empty()) made_.in_project = row_.amount;
    if (from_role_ == v1::SOURCE) {
      made_.draws_left_out = !row_.draws.empty();
      AddPayment(row_.amount, kind, project_);
      return absl::OkStatus();
    }
    if (Moves() && row_.from.id == row_.to.id) return MoveOwn();
    FT_ASSIGN_OR_RETURN(const Amount moved, MoveIn());
    FT_ASSIGN_OR_RETURN(std::vector<Pot> pots, Pots());
    if (!moved.is_zero()) pots.front().held = pots.front().held + moved;
    FT_RETURN_IF_ERROR(FindDraws(&pots));
    Amount left = row_.amount;
    for (Pot& pot : pots) {
      pot.earmarked = std::min({pot.drawable, pot.held, left});
      left = left - pot.earmarked;
    }
    if (!row_.draws.empty() && !left.is_zero() && !context_.ignore_unusable_draws) {
      return Refuse(
          v1::EARMARK_SHORT, "draws",
          absl::StrCat("what the row draws on holds ", FormatDecimal(row_.amount - left, row_.decimals)));
    }
    made_.draws_left_out = !row_.draws.empty() && !left.is_zero();
    for (Pot& pot : pots) {
      pot.rest = std::min(pot.held - pot.earmarked, left);
      left = left - pot.rest;
    }
    // What a commitment does not keep, nobody makes up: the rules refuse the row.
    if (row_.commitment.empty()) FT_RETURN_IF_ERROR(MakeUp(left, pots));
    if (!project_.empty()) {
      for (const Pot& pot : pots)
        (pot.project.empty() ? made_.put_in : made_.drawn) = pot.earmarked + pot.rest;
    }
    pots.front().rest = pots.front().rest + left;
    for (const Pot& pot : pots) {
      if (pot.earmarked.is_zero()) continue;
      auto* transfer = AddPayment(pot.earmarked, kind, pot.project);
      for (const TransferRef ref : pot.draws) model::SetRefIn(context_.record, ref, transfer->add_draws());
    }
    for (const Pot& pot : pots)
      if (!pot.rest.is_zero()) AddPayment(pot.rest, kind, pot.project);
    return absl::OkStatus();
  }

  // Whether the row says that other money is paid than that of its project.
  bool Moves() const { return from_project_.has_value() && *from_project_ != project_; }

  StatusOr<Amount> HeldIn(const std::string& project) const {
    FT_ASSIGN_OR_RETURN(const auto account,
                        books::FindAccount(state_, row_.from.id, fund(), project, row_.asset));
    if (!account.has_value()) return Amount(0);
    FT_ASSIGN_OR_RETURN(const auto state, books::GetAccountState(state_, *account));
    return state.held;
  }

  // The payer's money goes from the project that the row is paid from, or from none, to the row's own, or to none.
  void Move(Amount amount) {
    auto* moved = AddTransfer(row_.from.id, row_.from.id, amount, v1::RECLASSIFICATION);
    moved->set_project(*from_project_);
    moved->set_to_project(project_);
    moved->set_to_general(project_.empty());
    Describe(moved);
  }

  // As much of the row as that project has is moved, and lies in the row's own account when it is paid.
  StatusOr<Amount> MoveIn() {
    // General money is put in a project as it is paid.
    if (!Moves() || from_project_->empty() || !row_.commitment.empty()) return Amount(0);
    FT_ASSIGN_OR_RETURN(const Amount held, HeldIn(*from_project_));
    const Amount moved = std::min(row_.amount, held);
    if (!moved.is_zero()) Move(moved);
    return moved;
  }

  // A row in which a body pays itself out of other money. What it lacks there is made up, as for any payment.
  Status MoveOwn() {
    FT_ASSIGN_OR_RETURN(const Amount held, HeldIn(*from_project_));
    const Amount missing = row_.amount - std::min(held, row_.amount);
    if (!missing.is_zero() && context_.open_missing) FT_RETURN_IF_ERROR(Bring(missing, *from_project_));
    Move(row_.amount);
    return absl::OkStatus();
  }

  // Money whose origin nobody told, for the payer.
  Status Bring(Amount missing, const std::string& project) {
    FT_RETURN_IF_ERROR(NeedUnrecorded());
    made_.unrecorded = missing;
    auto* brought = AddTransfer(kUnrecorded, row_.from.id, missing, v1::ALLOCATION);
    brought->set_project(project);
    brought->set_purpose("money whose origin the file does not tell");
    return absl::OkStatus();
  }

  // What the payer lacks for the row. It is paid all the same where nobody may make it up: the rules refuse that, with what
  // the payer holds. Only of two accounts they would know one, and the row is refused here.
  Status MakeUp(Amount missing, const std::vector<Pot>& pots) {
    if (missing.is_zero() || from_role_ == v1::RECIPIENT) return absl::OkStatus();
    if (!context_.open_missing) {
      if (project_.empty()) return absl::OkStatus();
      const auto words = [&](Amount amount) { return FormatDecimal(amount, row_.decimals); };
      const bool swapped = pots.front().project.empty();
      const Pot& in_project = swapped ? pots.back() : pots.front();
      const Pot& general = swapped ? pots.front() : pots.back();
      return Refuse(
          v1::INSUFFICIENT_FUNDS, "amount",
          absl::StrCat(row_.from.id, " holds ", words(in_project.held), " ", row_.asset, " in project ",
                       project_, " and ", words(general.held), " in general money, in fund ", fund(),
                       ", and ", words(row_.amount), " should be paid"));
    }
    return Bring(missing, pots.front().project);
  }

  // What a body has of its own for a project.
  Status BringIn() {
    FT_RETURN_IF_ERROR(NeedUnrecorded());
    made_.draws_left_out = !row_.draws.empty();
    made_.in_project = row_.amount;
    made_.unrecorded = row_.amount;
    auto* brought = AddTransfer(kUnrecorded, row_.to.id, row_.amount, v1::ALLOCATION);
    brought->set_project(project_);
    Describe(brought);
    return absl::OkStatus();
  }

  // Sends back what the payee still has of the payments from these accounts, the latest first.
  Status TakeBack(const std::vector<model::AccountNumber>& payers, model::AccountNumber payee, Amount* left) {
    const Bytes begin = keys::StatementOf(payee);
    Bytes end = store::PrefixEnd(begin);
    SpentReceipts none;
    // An account of the payer that is opened later has paid nothing of what was seen before.
    SpentReceipts& spent =
        context_.spent != nullptr ? (*context_.spent)[{payers.front(), payee, row_.need}] : none;
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
      FT_ASSIGN_OR_RETURN(const bool is_spent, TakeBackOne(payers, payee, last->first, left));
      all = all && is_spent;
      if (all && met) spent = {last->first, newest};
    }
    return absl::OkStatus();
  }

  // True when nothing of this receipt is left after it that such a row could take.
  StatusOr<bool> TakeBackOne(const std::vector<model::AccountNumber>& payers, model::AccountNumber payee,
                             const Bytes& key, Amount* left) {
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(key));
    if (on.side != model::Side::kIn) return true;
    const TransferRef ref = on.ref;
    FT_ASSIGN_OR_RETURN(const auto transfer, books::GetTransfer(state_, ref));
    if (!transfer.has_value() || transfer->exchange() ||
        std::find(payers.begin(), payers.end(), transfer->from) == payers.end())
      return true;
    if (!row_.need.empty()) {
      FT_ASSIGN_OR_RETURN(const auto need, books::GetNeedOfTransfer(state_, ref));
      if (need != row_.need) return true;
    }
    FT_ASSIGN_OR_RETURN(const Amount undrawn, Undrawn(payee, transfer->receipt()));
    if (undrawn.is_zero()) return true;
    const Amount back = std::min(undrawn, *left);
    auto* returned = AddTransfer(row_.to.id, Payer(), back, v1::RETURN);
    returned->set_project(project_);
    Describe(returned);
    model::SetRefIn(context_.record, ref, returned->mutable_returns());
    *left -= back;
    return false;  // this row may yet be refused
  }

  std::string Payer() const { return IsOwn() ? kUnrecorded : row_.from.id; }

  // An amount below zero: what `from` paid to `to` goes back, the latest payment first. What lies in a project came from the
  // payer's account there, or was put in from general money. It goes back to where it came from.
  Status SendBack() {
    if (row_.amount.value() == std::numeric_limits<std::int64_t>::min()) {
      return Refuse(v1::OVERFLOW, "amount", "is too large");
    }
    made_.draws_left_out = !row_.draws.empty();
    Amount left(-row_.amount.value());
    std::vector<model::AccountNumber> payers;
    for (const std::string& project : {project_, std::string()}) {
      // A row that says which money was paid takes back that alone; what came of another project was moved first.
      const bool general = project.empty();
      if (from_project_.has_value() && !project_.empty() && general != from_project_->empty()) continue;
      FT_ASSIGN_OR_RETURN(const auto payer, books::FindAccount(state_, Payer(), fund(), project, row_.asset));
      if (payer.has_value()) payers.push_back(*payer);
      if (project_.empty()) break;
    }
    FT_ASSIGN_OR_RETURN(const auto payee,
                        books::FindAccount(state_, row_.to.id, fund(), project_, row_.asset));
    if (!payers.empty() && payee.has_value()) FT_RETURN_IF_ERROR(TakeBack(payers, *payee, &left));
    if (left.is_zero()) return absl::OkStatus();
    return Refuse(v1::RETURN_SHORT, "amount",
                  absl::StrCat("is below zero, and ", row_.to.id, " holds too little of what ", Payer(),
                               " paid", project_.empty() ? "" : absl::StrCat(" in project ", project_),
                               row_.need.empty() ? "" : absl::StrCat(" for need ", row_.need), ": ",
                               FormatDecimal(left, row_.decimals), " is missing"));
  }

  const store::Reader& state_;
  sheets::Row row_;  // with the ids of the parties that its names mean
  const RowContext& context_;
  RowActions made_;
  v1::Role from_role_ = v1::HOLDER;
  v1::Role to_role_ = v1::HOLDER;
  std::string place_;                        // the id; empty when the row names none
  std::string project_;                      // likewise: general money
  std::optional<std::string> from_project_;  // likewise; nothing where the row does not say
};

}  // namespace

StatusOr<RowActions> ActionsFor(const store::Reader& state, const sheets::Row& row,
                                const RowContext& context) {
  return Builder(state, row, context).Build();
}

}  // namespace fundtrail::intake
