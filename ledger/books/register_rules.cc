// See register_rules.h.
#include "ledger/books/register_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

Status CheckDepth(Ancestors* ancestors, const Moment& moment, const model::Register& of,
                  const std::string& parent, const std::string& field) {
  int depth = 0;
  FT_RETURN_IF_ERROR(ancestors->EachAbove(of.action, parent, [&](const std::string&) -> StatusOr<bool> {
    ++depth;
    return true;
  }));
  if (depth <= moment.rules.tree_depth) return absl::OkStatus();
  return Refuse(v1::FIELD_INVALID, field + ".parent",
                absl::StrCat("more than ", moment.rules.tree_depth, " ", std::string(of.plural), " above"));
}

void FreeAlternativeIds(store::Overlay* state, const v1::RegisterParty& party) {
  for (const auto& other : party.alternative_ids())
    state->Delete(keys::AlternativeId(other.scheme(), other.id()));
}

Status ApplyParty(store::Overlay* state, const v1::RegisterParty& party, const v1::Action* before,
                  const std::string& field) {
  if (party.parent().empty() && before == nullptr)
    return Refuse(v1::FIELD_INVALID, field + ".parent", "is missing");
  if (party.role_inferred() && party.role() != v1::RECIPIENT)
    return Refuse(v1::FIELD_INVALID, field + ".role_inferred",
                  "is only said of a RECIPIENT: no payment by it was seen");
  if (before != nullptr) {
    const v1::RegisterParty& was = before->register_party();
    const bool found_out = was.role_inferred() && party.role() == v1::HOLDER;
    if (party.role() != was.role() && !found_out) {
      return Refuse(v1::FIELD_FIXED, field + ".role",
                    "is fixed, but that an inferred recipient may turn out to be a holder");
    }
    if (party.role_inferred() && !was.role_inferred())
      return Refuse(v1::FIELD_FIXED, field + ".role_inferred", "somebody stated the role: it stays stated");
    FreeAlternativeIds(state, was);
  }
  for (const auto& other : party.alternative_ids()) {
    const Bytes key = keys::AlternativeId(other.scheme(), other.id());
    FT_ASSIGN_OR_RETURN(const auto taken, state->Get(key));
    if (taken.has_value()) {
      return Refuse(v1::ALTERNATIVE_ID_EXISTS, field + ".alternative_ids",
                    absl::StrCat(other.scheme(), " ", other.id(), " is party ", *taken));
    }
    state->Put(key, party.id());
  }
  return absl::OkStatus();
}

Status CheckPlace(const store::Reader& state, const v1::DeclarePlace& place, const std::string& field) {
  // The form of both is good, and days sort as their texts do.
  if (!place.valid_to().empty() && place.valid_to() < place.valid_from()) {
    return Refuse(v1::PERIOD_INVALID, field + ".valid_to",
                  absl::StrCat(place.valid_to(), " is before ", place.valid_from()));
  }
  if (std::find(place.succeeds().begin(), place.succeeds().end(), place.id()) != place.succeeds().end())
    return Refuse(v1::FIELD_INVALID, field + ".succeeds", "a place does not take its own place");
  if (place.parent().empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto above, GetItem(state, v1::Action::kDeclarePlace, place.parent()));
  if (!above.has_value())
    return model::Damaged(keys::Item(v1::Action::kDeclarePlace, place.parent()), "is missing");
  if (place.level() > above->action().declare_place().level()) return absl::OkStatus();
  return Refuse(v1::FIELD_INVALID, field + ".level",
                absl::StrCat("is ", place.level(), ", and must be above ",
                             above->action().declare_place().level(), ", the level of ", place.parent()));
}

}  // namespace

void EndOwn(store::Overlay* state, const v1::Action& action) {
  if (action.has_register_party()) FreeAlternativeIds(state, action.register_party());
}

Status CheckOwnRule(store::Overlay* state, const Moment& moment, const v1::Action& action,
                    const v1::Action* before, Ancestors* ancestors, const std::string& field) {
  const model::Register& of = *model::FindRegister(action.action_case());
  if (before == nullptr && model::ParentField(of) != nullptr) {
    const std::string parent = model::TextIn(model::ItemOf(action), "parent");
    FT_RETURN_IF_ERROR(CheckDepth(ancestors, moment, of, parent, field));
  }
  switch (of.action) {
    case v1::Action::kRegisterParty:
      return ApplyParty(state, action.register_party(), before, field);
    case v1::Action::kDeclarePlace:
      return CheckPlace(*state, action.declare_place(), field);
    default:
      return absl::OkStatus();
  }
}

}  // namespace fundtrail::books
