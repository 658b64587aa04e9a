// What a row names: found in the ledger by its id or its name, or registered. See row_builder.h.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/id.h"
#include "ledger/books/state.h"
#include "ledger/intake/row_builder.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::intake {

namespace keys = model::keys;
using model::Refuse;
using sheets::PartyRole;

namespace {

constexpr std::uint32_t kMaxNumberedIds = 1000;

const char* PluralOf(v1::Action::ActionCase kind) {
  switch (kind) {
    case v1::Action::kOpenFund:
      return "funds";
    case v1::Action::kProposeProject:
      return "projects";
    case v1::Action::kDeclarePlace:
      return "places";
    case v1::Action::kDeclareAsset:
      return "assets";
    default:
      return "parties";
  }
}

v1::Role RoleOf(PartyRole role) {
  switch (role) {
    case PartyRole::kSource:
      return v1::ROLE_SOURCE;
    case PartyRole::kRecipient:
      return v1::ROLE_RECIPIENT;
    default:
      return v1::ROLE_HOLDER;
  }
}

}  // namespace

Status RowBuilder::Unknown(const std::string& field, const std::string& what) const {
  return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field,
                absl::StrCat("there is no ", what, "; --register makes it"));
}

v1::RegisterParty* RowBuilder::Register(const std::string& id, const std::string& name,
                                        const std::string& parent, v1::Role role) {
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

Status RowBuilder::NeedUnrecorded() {
  FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, kUnrecorded));
  if (known.has_value()) return absl::OkStatus();
  if (!context_.register_unknown && !context_.open_missing)
    return Unknown("party", absl::StrCat("party ", kUnrecorded));
  if (!RegisteredHere(kUnrecorded))
    Register(kUnrecorded, "Unrecorded origin", context_.author, v1::ROLE_SOURCE);
  return absl::OkStatus();
}

bool RowBuilder::RegisteredHere(const std::string& id) const {
  return std::any_of(made_.actions.begin(), made_.actions.end(), [&](const v1::Action& action) {
    return action.has_register_party() && action.register_party().id() == id;
  });
}

std::string RowBuilder::NameHere(const std::string& id) const {
  for (const v1::Action& action : made_.actions)
    if (action.has_register_party() && action.register_party().id() == id)
      return action.register_party().name();
  return "";
}

StatusOr<v1::Role> RowBuilder::State(const sheets::RowParty& party, v1::Role role) {
  FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(state_, v1::Action::kRegisterParty, party.id));
  if (!row.has_value() || row->record() == context_.record.value()) return v1::ROLE_RECIPIENT;
  v1::Action action = row->action();
  action.mutable_register_party()->set_role(role);
  action.mutable_register_party()->set_role_inferred(false);
  action.mutable_amends()->set_record(row->record());
  action.mutable_amends()->set_reason(absl::StrCat("as ", context_.reference, " shows"));
  made_.actions.push_back(std::move(action));
  return role;
}

StatusOr<std::optional<std::string>> RowBuilder::Called(v1::Action::ActionCase kind, const std::string& field,
                                                        const std::string& name, bool exactly) const {
  if (!context_.called) return std::optional<std::string>();
  FT_ASSIGN_OR_RETURN(std::vector<std::string> ids, context_.called(kind, name, exactly));
  if (ids.empty()) return std::optional<std::string>();
  if (ids.size() == 1) return std::optional<std::string>(std::move(ids.front()));
  std::sort(ids.begin(), ids.end());
  return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field,
                absl::StrCat("several ", PluralOf(kind), " are called ", name, ", ", ids[0], " and ", ids[1],
                             " among them: write the id"));
}

StatusOr<bool> RowBuilder::TakeByName(sheets::RowParty* party) {
  const bool id_alone = !party->id_from_name && (party->name.empty() || party->name == party->id);
  if (!id_alone && !party->id_from_name) return false;
  const std::string text = id_alone ? party->id : party->name;
  FT_ASSIGN_OR_RETURN(const auto id, Called(v1::Action::kRegisterParty, "party", text, !id_alone));
  if (!id.has_value() || *id == party->id) return false;
  FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, *id));
  if (!known.has_value()) return false;
  made_.by_name.push_back(absl::StrCat(text, " is ", *id));
  party->id = *id;
  return true;
}

StatusOr<std::string> RowBuilder::Numbered(const std::string& made, const std::string& name,
                                           const NameOf& name_of, const Status& full) {
  std::string id = made;
  for (std::uint32_t number = 2; number <= kMaxNumberedIds; ++number) {
    FT_ASSIGN_OR_RETURN(const std::string has, name_of(id));
    if (has.empty() || has == name) return id;
    id = sheets::NumberedId(made, number);
  }
  return full;
}

StatusOr<v1::Role> RowBuilder::NeedParty(sheets::RowParty* named, bool pays) {
  if (named->id_may_be_anothers) {
    const auto name_of = [&](const std::string& id) -> StatusOr<std::string> {
      FT_ASSIGN_OR_RETURN(const auto has, Item(v1::Action::kRegisterParty, id));
      return has != nullptr ? has->action().register_party().name() : NameHere(id);
    };
    const auto full = Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "party",
                             absl::StrCat("over ", kMaxNumberedIds, " parties have ids like ", named->id,
                                          ": give this one an id under [parties]"));
    FT_ASSIGN_OR_RETURN(named->id, Numbered(named->id, named->name, name_of, full));
  }
  const sheets::RowParty& party = *named;
  FT_ASSIGN_OR_RETURN(const auto item, Item(v1::Action::kRegisterParty, party.id));
  if (item != nullptr) {
    const v1::RegisterParty* const known = &item->action().register_party();
    if (party.id_from_name && known->name() != party.name) {
      made_.same_ids.push_back(
          absl::StrCat(party.id, " is \"", known->name(), "\" and \"", party.name, "\""));
    }
    const bool stated = !party.role_inferred && party.role == PartyRole::kRecipient;
    const bool once = from_.id != to_.id;  // else it would be amended twice
    if (known->role_inferred() && context_.register_unknown && once && (pays || stated))
      return State(party, stated ? v1::ROLE_RECIPIENT : v1::ROLE_HOLDER);
    return known->role();
  }
  // The one that open-missing brings money in from is a SOURCE, whoever names it first.
  if (party.id == kUnrecorded) {
    FT_RETURN_IF_ERROR(NeedUnrecorded());
    return v1::ROLE_SOURCE;
  }
  const v1::Role role = RoleOf(party.role);
  if (RegisteredHere(party.id)) return role;
  FT_ASSIGN_OR_RETURN(const bool by_name, TakeByName(named));
  if (by_name) return NeedParty(named, pays);
  if (!context_.register_unknown) return Unknown("party", "party " + party.id);
  std::string parent = party.parent.empty() ? context_.author : party.parent;
  FT_ASSIGN_OR_RETURN(const auto above, Item(v1::Action::kRegisterParty, parent));
  if (above == nullptr && !RegisteredHere(parent)) {
    FT_ASSIGN_OR_RETURN(const auto called, Called(v1::Action::kRegisterParty, "party", parent, false));
    if (called.has_value()) {
      made_.by_name.push_back(absl::StrCat(parent, " is ", *called));
      parent = *called;
    } else {
      Register(parent, parent, context_.author, v1::ROLE_HOLDER);
    }
  }
  Register(party.id, party.name, parent, role)->set_role_inferred(party.role_inferred);
  return role;
}

Status RowBuilder::NeedAsset() {
  FT_ASSIGN_OR_RETURN(const auto item, Item(v1::Action::kDeclareAsset, row_.asset));
  if (item != nullptr) {
    const v1::DeclareAsset* const known = &item->action().declare_asset();
    if (static_cast<int>(known->decimals()) == row_.decimals) return absl::OkStatus();
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, "asset",
                  absl::StrCat(row_.asset, " has ", known->decimals(), " decimals in this ledger and ",
                               row_.decimals, " in the map"));
  }
  // The name of one asset stands for its code from the beginning. That of several is refused here.
  FT_RETURN_IF_ERROR(Called(v1::Action::kDeclareAsset, "asset", row_.asset, true).status());
  if (!context_.register_unknown) return Unknown("asset", "asset " + row_.asset);
  v1::Action action;
  action.mutable_declare_asset()->set_code(row_.asset);
  action.mutable_declare_asset()->set_decimals(static_cast<std::uint32_t>(row_.decimals));
  made_.actions.push_back(std::move(action));
  return absl::OkStatus();
}

Status RowBuilder::FindFund() {
  const std::string& text = row_.fund_name;
  if (text.empty()) return absl::OkStatus();
  const bool made = fund_ != text;
  const auto name_of = [&](const std::string& id) -> StatusOr<std::string> {
    FT_ASSIGN_OR_RETURN(const auto row, Item(v1::Action::kOpenFund, id));
    return row != nullptr ? row->action().open_fund().name() : "";
  };
  FT_ASSIGN_OR_RETURN(const std::string has, name_of(fund_));
  if (!made && !has.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto called, Called(v1::Action::kOpenFund, "fund", text, made));
  if (called.has_value()) {
    if (*called != fund_) made_.by_name.push_back(absl::StrCat(text, " is ", *called));
    fund_ = *called;
    return absl::OkStatus();
  }
  // What was made to be read may be the id of a fund whose name only sounds alike.
  if (made && fund_ != sheets::StableId(text)) {
    const auto full = Refuse(
        v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "fund",
        absl::StrCat("over ", kMaxNumberedIds, " funds have ids like ", fund_, ": write the id of this one"));
    FT_ASSIGN_OR_RETURN(fund_, Numbered(fund_, text, name_of, full));
  } else if (!has.empty()) {
    made_.by_name.push_back(absl::StrCat(text, " is ", fund_));
  }
  return absl::OkStatus();
}

Status RowBuilder::NeedFund() {
  FT_RETURN_IF_ERROR(FindFund());
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

StatusOr<std::optional<std::string>> RowBuilder::Find(v1::Action::ActionCase kind, const std::string& field,
                                                      const std::string& named) {
  std::optional<std::string> found;
  const bool may_be_id = IsValidId(named);
  if (may_be_id) {
    FT_ASSIGN_OR_RETURN(const auto known, Item(kind, named));
    if (known != nullptr) found = named;
    if (found.has_value()) return found;
  }
  const std::string made = sheets::StableId(named);
  FT_ASSIGN_OR_RETURN(found, Called(kind, field, named, !may_be_id));
  if (found.has_value()) {
    if (*found != made) made_.by_name.push_back(absl::StrCat(named, " is ", *found));
    return found;
  }
  FT_ASSIGN_OR_RETURN(const auto known, Item(kind, made));
  if (known != nullptr) found = made;
  return found;
}

Status RowBuilder::NeedPlace() {
  if (row_.place.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto found, Find(v1::Action::kDeclarePlace, "place", row_.place));
  place_ = found.value_or(sheets::StableId(row_.place));
  if (found.has_value()) return absl::OkStatus();
  if (!context_.register_unknown) return Unknown("place", "place " + row_.place);
  v1::Action action;
  action.mutable_declare_place()->set_id(place_);
  action.mutable_declare_place()->set_name(row_.place);
  made_.actions.push_back(std::move(action));
  return absl::OkStatus();
}

Status RowBuilder::NeedProject(const char* field, const std::string& named, std::string* project) {
  if (named.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto found, Find(v1::Action::kProposeProject, field, named));
  *project = found.value_or("");
  if (found.has_value() || context_.ignore_unknown_projects) return absl::OkStatus();
  const std::string made = sheets::StableId(named);
  return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field,
                absl::StrCat("there is no project ", named,
                             made == named ? "" : absl::StrCat(" (with the id ", made, ")"),
                             "; add it and have it approved first, or empty the cell"));
}

Status RowBuilder::NeedFromProject() {
  if (row_.from_project.empty()) return absl::OkStatus();
  std::string project;
  if (row_.from_project != sheets::kGeneralMoney) {
    FT_RETURN_IF_ERROR(NeedProject("from_project", row_.from_project, &project));
    made_.from_project_left_out = project.empty();
    if (project.empty()) return absl::OkStatus();
  }
  from_project_ = std::move(project);
  return absl::OkStatus();
}

StatusOr<bool> RowBuilder::IsInferred(const std::string& id) const {
  for (auto action = made_.actions.rbegin(); action != made_.actions.rend(); ++action)
    if (action->has_register_party() && action->register_party().id() == id)
      return action->register_party().role_inferred();
  FT_ASSIGN_OR_RETURN(const auto known, books::GetParty(state_, id));
  return known.has_value() && known->role_inferred();
}

Status RowBuilder::CheckNeed() const {
  if (row_.need.empty()) return absl::OkStatus();
  if (MovesOwn() && row_.amount > Amount(0))
    return Refuse(v1::REFUSAL_CODE_KIND_MISMATCH, "need", "the row is a body's own money: empty the cell");
  if (!project_.empty()) {
    return Refuse(v1::REFUSAL_CODE_SCOPE_MISMATCH, "need",
                  absl::StrCat("the row is in project ", project_,
                               ", and money of a project meets the needs that the project names"));
  }
  bool there = false;
  if (IsValidId(row_.need)) {
    FT_ASSIGN_OR_RETURN(const auto known, books::GetItem(state_, v1::Action::kDeclareNeed, row_.need));
    there = known.has_value();
  }
  if (!there) {
    return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "need",
                  absl::StrCat("there is no need ", row_.need, "; declare it first, or empty the cell"));
  }
  FT_ASSIGN_OR_RETURN(const bool inferred, IsInferred(to_.id));
  if (!inferred || row_.amount < Amount(0)) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_SCOPE_MISMATCH, "need",
                absl::StrCat("nobody stated that ", to_.id,
                             " is a RECIPIENT: state its role in the file or the map and give --register, "
                             "or amend the party first"));
}

Status RowBuilder::CheckSupply() const {
  for (const auto& [action, field, id] : {std::tuple(v1::Action::kPledge, "pledge", &row_.pledge),
                                          std::tuple(v1::Action::kAssign, "assignment", &row_.assignment),
                                          std::tuple(v1::Action::kCommit, "commitment", &row_.commitment)}) {
    if (id->empty()) continue;
    if (row_.amount < Amount(0) || IsOwn() || MovesOwn()) {
      return Refuse(v1::REFUSAL_CODE_KIND_MISMATCH, field,
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
      return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field,
                    absl::StrCat("there is no ", field, " ", *id, "; add it first, or empty the cell"));
    }
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::intake
