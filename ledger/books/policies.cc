// See policies.h.
#include "ledger/books/policies.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

using model::Refuse;

namespace {

using Ids = google::protobuf::RepeatedPtrField<std::string>;
using Role = v1::AssignDuty;

bool HasEquals(const std::string& text) { return text.find('=') != std::string::npos; }

std::string Word(Role::Role role) { return absl::AsciiStrToLower(model::WordOf(role)); }

Status CheckResponsible(const v1::OpenPolicy& policy, const std::string& field) {
  std::map<std::string, std::set<Role::Role>> roles;
  std::string lead;
  for (const v1::Responsibility& each : policy.responsible()) {
    roles[each.party()].insert(each.role());
    if (each.role() != Role::ROLE_LEAD) continue;
    if (!lead.empty())
      return Refuse(
          v1::REFUSAL_CODE_ROLE_TWICE, field,
          absl::StrCat(lead, " and ", each.party(), " are both lead: one party answers for all of it"));
    lead = each.party();
  }
  if (lead.empty())
    return Refuse(v1::REFUSAL_CODE_ROLE_MISSING, field,
                  "has no lead: name the party that answers for all of it");
  for (const auto& [party, of_it] : roles) {
    if (of_it.count(Role::ROLE_IMPLEMENT) == 0) continue;
    for (const auto watches : {Role::ROLE_SUPERVISE, Role::ROLE_EVALUATE}) {
      if (of_it.count(watches) == 0) continue;
      return Refuse(v1::REFUSAL_CODE_SEPARATION, field,
                    absl::StrCat(party, " has the roles implement and ", Word(watches),
                                 ": let another party judge what this one does"));
    }
  }
  return absl::OkStatus();
}

Status CheckObjectives(const v1::OpenPolicy& policy, const std::string& field) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const v1::Objective& objective : policy.objectives()) {
    // People write an objective as CATEGORY=INDICATOR, and more behind it.
    if (HasEquals(objective.indicator()) || HasEquals(objective.unit()))
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "an indicator and a unit must not contain =");
    if (!seen.emplace(objective.category(), objective.indicator()).second)
      return Refuse(
          v1::REFUSAL_CODE_FIELD_INVALID, field,
          absl::StrCat("\"", objective.indicator(), "\" is listed twice for ", objective.category()));
  }
  return absl::OkStatus();
}

Status CheckDocument(const std::string& document, const std::string& field) {
  if (document.empty() || IsHashText(document)) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                "is not a SHA-256: write its 64 hex digits in lower case, as sha256sum prints them");
}

// That each of `ids` is in one of `wider`, or `wider` names none.
Status CheckWithin(v1::Action::ActionCase action, const Ids& ids, const Ids& wider, const std::string& above,
                   Ancestors* ancestors, const std::string& field) {
  if (wider.empty()) return absl::OkStatus();
  if (ids.empty())
    return Refuse(v1::REFUSAL_CODE_SCOPE_WIDER, field,
                  absl::StrCat("names none, and so means all; ", above, " names ", wider.size(),
                               ": name some of them, or what is below them"));
  const std::set<std::string> tops(wider.begin(), wider.end());
  for (const std::string& id : ids) {
    bool within = false;
    FT_RETURN_IF_ERROR(ancestors->EachAbove(action, id, [&](const std::string& at) -> StatusOr<bool> {
      within = tops.count(at) > 0;
      return !within;
    }));
    if (!within)
      return Refuse(v1::REFUSAL_CODE_SCOPE_WIDER, field,
                    absl::StrCat(id, " is in none of those that ", above, " names"));
  }
  return absl::OkStatus();
}

Status CheckImplements(const store::Reader& state, const v1::OpenPolicy& policy, Ancestors* ancestors,
                       const std::string& field) {
  const std::string& above = policy.implements();
  if (above.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kOpenPolicy, above));
  if (!row.has_value())
    return model::Damaged(model::keys::Item(v1::Action::kOpenPolicy, above), "is missing");
  const v1::OpenPolicy& wider = row->action().open_policy();
  FT_RETURN_IF_ERROR(CheckWithin(v1::Action::kDeclarePlace, policy.places(), wider.places(), above, ancestors,
                                 field + ".places"));
  FT_RETURN_IF_ERROR(CheckWithin(v1::Action::kDeclareCategory, policy.categories(), wider.categories(), above,
                                 ancestors, field + ".categories"));
  return CheckWithin(v1::Action::kDeclareTargetGroup, policy.target_groups(), wider.target_groups(), above,
                     ancestors, field + ".target_groups");
}

}  // namespace

Status CheckPolicy(const store::Reader& state, const v1::OpenPolicy& policy, Ancestors* ancestors,
                   const std::string& field) {
  FT_RETURN_IF_ERROR(CheckResponsible(policy, field + ".responsible"));
  FT_RETURN_IF_ERROR(CheckObjectives(policy, field + ".objectives"));
  for (const v1::Clause& clause : policy.clauses())
    if (HasEquals(clause.action()))
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".clauses", "an action must not contain =");
  for (const std::string& other : policy.exclusive_with())
    if (other == policy.id())
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".exclusive_with",
                    "a policy does not exclude itself");
  FT_RETURN_IF_ERROR(CheckDocument(policy.document(), field + ".document"));
  return CheckImplements(state, policy, ancestors, field);
}

}  // namespace fundtrail::books
