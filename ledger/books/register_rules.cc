// See register_rules.h.
#include "ledger/books/register_rules.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/books/acknowledgements.h"
#include "ledger/books/bars.h"
#include "ledger/books/concerns.h"
#include "ledger/books/evaluations.h"
#include "ledger/books/groups.h"
#include "ledger/books/money/project_totals.h"
#include "ledger/books/notices.h"
#include "ledger/books/personal.h"
#include "ledger/books/policies.h"
#include "ledger/books/standing.h"
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
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".parent",
                absl::StrCat("more than ", moment.rules.tree_depth, " ", std::string(of.plural), " above"));
}

void FreeAlternativeIds(store::Overlay* state, const v1::RegisterParty& party) {
  for (const auto& other : party.alternative_ids())
    state->Delete(keys::AlternativeId(other.scheme(), other.id()));
}

Status ApplyParty(store::Overlay* state, RecordIndex record, const v1::RegisterParty& party,
                  const v1::Action* before, const std::string& field) {
  if (party.parent().empty() && before == nullptr)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".parent", "is missing");
  FT_RETURN_IF_ERROR(CheckCommitments(party, field));
  if (party.role_inferred() && party.role() != v1::ROLE_RECIPIENT)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".role_inferred",
                  "is only said of a RECIPIENT: no payment by it was seen");
  if (before != nullptr) {
    const v1::RegisterParty& was = before->register_party();
    const bool found_out = was.role_inferred() && party.role() == v1::ROLE_HOLDER;
    if (party.role() != was.role() && !found_out) {
      return Refuse(v1::REFUSAL_CODE_FIELD_FIXED, field + ".role",
                    "is fixed, but that an inferred recipient may turn out to be a holder");
    }
    if (party.role_inferred() && !was.role_inferred())
      return Refuse(v1::REFUSAL_CODE_FIELD_FIXED, field + ".role_inferred",
                    "somebody stated the role: it stays stated");
    FreeAlternativeIds(state, was);
  }
  for (const auto& other : party.alternative_ids()) {
    const Bytes key = keys::AlternativeId(other.scheme(), other.id());
    FT_ASSIGN_OR_RETURN(const auto taken, state->Get(key));
    if (taken.has_value()) {
      return Refuse(v1::REFUSAL_CODE_ALTERNATIVE_ID_EXISTS, field + ".alternative_ids",
                    absl::StrCat(other.scheme(), " ", other.id(), " is party ", *taken));
    }
    state->Put(key, party.id());
  }
  if (before != nullptr) {
    // Last: it looks at each account of the party.
    FT_RETURN_IF_ERROR(
        MoveInProjects(state, record, party.id(), LiesAt(before->register_party()), LiesAt(party)));
  }
  return absl::OkStatus();
}

Status CheckApprovalRule(const v1::ApprovalRule& rule, const std::set<std::string>& approvers,
                         const std::string& field) {
  if (!rule.by().empty()) {
    if (rule.approvals() != 1) {
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".approvals",
                    absl::StrCat("is ", rule.approvals(), ", and must be 1: the approval of ", rule.by(),
                                 " is asked for; say more in a rule of its own"));
    }
    if (approvers.count(rule.by()) > 0) return absl::OkStatus();
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".by",
                  absl::StrCat(rule.by(), " is not one of the fund's approvers: name it among them"));
  }
  if (rule.approvals() <= approvers.size()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".approvals",
                absl::StrCat("is ", rule.approvals(), ", and the approvers of the fund are ",
                             approvers.size(), ": name more of them, or ask for fewer approvals"));
}

Status CheckFund(const v1::OpenFund& fund, const std::string& field) {
  const std::set<std::string> approvers(fund.approvers().begin(), fund.approvers().end());
  for (int i = 0; i < fund.approvals_size(); ++i) {
    FT_RETURN_IF_ERROR(
        CheckApprovalRule(fund.approvals(i), approvers, absl::StrCat(field, ".approvals[", i, "]")));
  }
  return absl::OkStatus();
}

Status CheckPlace(const store::Reader& state, const v1::DeclarePlace& place, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckPeriod(place.valid_from(), place.valid_to(), field + ".valid_to"));
  if (std::find(place.succeeds().begin(), place.succeeds().end(), place.id()) != place.succeeds().end())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".succeeds", "a place does not take its own place");
  if (place.parent().empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto above, GetItem(state, v1::Action::kDeclarePlace, place.parent()));
  if (!above.has_value())
    return model::Damaged(keys::Item(v1::Action::kDeclarePlace, place.parent()), "is missing");
  if (place.level() > above->action().declare_place().level()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".level",
                absl::StrCat("is ", place.level(), ", and must be above ",
                             above->action().declare_place().level(), ", the level of ", place.parent()));
}

// The parts of a project for places, or for categories.
Status CheckShares(const std::vector<std::pair<std::string, std::uint32_t>>& shares,
                   const std::string& field) {
  std::set<std::string> seen;
  std::uint64_t sum = 0;
  std::size_t said = 0;
  for (const auto& [id, basis_points] : shares) {
    if (!seen.insert(id).second)
      return Refuse(v1::REFUSAL_CODE_SPLIT_INVALID, field, absl::StrCat(id, " is listed twice"));
    sum += basis_points;
    if (basis_points > 0) ++said;
  }
  if (said == 0) return absl::OkStatus();
  if (said < shares.size())
    return Refuse(v1::REFUSAL_CODE_SPLIT_INVALID, field,
                  "has parts with basis points and parts without: all or none");
  if (sum == kWhole) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_SPLIT_INVALID, field,
                absl::StrCat("the parts are ", sum, " basis points together, and must be ", kWhole));
}

// The parts of a project that are for needs: each is one, and together they are at most the whole.
Status CheckNeedShares(const v1::ProposeProject& project, const std::string& field) {
  std::set<std::string> seen;
  std::uint64_t sum = 0;
  for (const v1::NeedShare& share : project.needs()) {
    if (!seen.insert(share.need()).second)
      return Refuse(v1::REFUSAL_CODE_SPLIT_INVALID, field, absl::StrCat(share.need(), " is listed twice"));
    if (share.basis_points() == 0)
      return Refuse(v1::REFUSAL_CODE_SPLIT_INVALID, field,
                    absl::StrCat("says no basis points for ", share.need(), ": how many of ", kWhole));
    sum += share.basis_points();
  }
  if (sum <= kWhole) return absl::OkStatus();
  return Refuse(
      v1::REFUSAL_CODE_SPLIT_INVALID, field,
      absl::StrCat("the parts are ", sum, " basis points together, and at most ", kWhole, " may be"));
}

Status CheckHouseholds(std::int64_t people, std::int64_t households, const std::string& field) {
  if (people == 0 || households <= people) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".households",
                absl::StrCat("are ", households, ", and people only ", people));
}

// What a project is to reach: reports name an indicator, and become one number by the target's rules.
Status CheckTargets(const v1::ProposeProject& project, const std::string& field) {
  if (project.targets().empty())
    return Refuse(v1::REFUSAL_CODE_TARGET_MISSING, field, "is missing: a project says what it is to reach");
  std::set<std::string> indicators;
  for (const v1::Target& target : project.targets()) {
    // People write a target as INDICATOR=NUMBER=UNIT, and more behind it.
    if ((target.indicator() + target.unit()).find('=') != std::string::npos)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "an indicator and a unit must not contain =");
    const std::string of = absl::StrCat("\"", target.indicator(), "\"");
    if (!indicators.insert(target.indicator()).second)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, of + " is listed twice");
    if (target.across_places() == v1::Target::RULE_LATEST)
      return Refuse(
          v1::REFUSAL_CODE_FIELD_INVALID, field,
          of + " is LATEST across places: it must be SUM, MAX or AVERAGE, since each place has its latest");
    if (target.across_periods() == v1::Target::RULE_AVERAGE)
      return Refuse(
          v1::REFUSAL_CODE_FIELD_INVALID, field,
          of + " is AVERAGE across periods: it must be SUM, MAX or LATEST, since periods differ in length");
  }
  return absl::OkStatus();
}

Status CheckProject(const v1::ProposeProject& project, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckPeriod(project.from(), project.until(), field + ".until"));
  std::vector<std::pair<std::string, std::uint32_t>> places, categories;
  for (const auto& share : project.places()) places.emplace_back(share.place(), share.basis_points());
  for (const auto& share : project.categories())
    categories.emplace_back(share.category(), share.basis_points());
  FT_RETURN_IF_ERROR(CheckShares(places, field + ".places"));
  FT_RETURN_IF_ERROR(CheckShares(categories, field + ".categories"));
  FT_RETURN_IF_ERROR(CheckNeedShares(project, field + ".needs"));
  FT_RETURN_IF_ERROR(CheckHouseholds(project.people(), project.households(), field));
  if (project.budget() > 0 && project.asset().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".asset", "is missing: a budget counts an asset");
  return CheckTargets(project, field + ".targets");
}

Status CheckNeed(const v1::DeclareNeed& need, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckPeriod(need.from(), need.until(), field + ".until"));
  FT_RETURN_IF_ERROR(CheckHouseholds(need.people(), need.households(), field));
  if (need.people() == 0 && need.amount() == 0 && need.quantity() == 0)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                  "says neither people, nor an amount, nor a quantity");
  if (need.amount() > 0 && need.asset().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".asset", "is missing: an amount counts an asset");
  if (need.quantity() > 0 && need.unit().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".unit", "is missing: a quantity counts something");
  return absl::OkStatus();
}

Status CheckDeployment(const v1::Deploy& deployment, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckPeriod(deployment.from(), deployment.to(), field + ".to"));
  if (deployment.on_behalf_of() == deployment.party())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".on_behalf_of",
                  "is the party that is there itself");
  if (deployment.status() == v1::Deploy::STATUS_ENDED && deployment.to().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".to", "is missing: what has ended says when");
  return absl::OkStatus();
}

Status CheckDuty(const v1::AssignDuty& duty, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckPeriod(duty.from(), duty.until(), field + ".until"));
  const bool cell = !duty.place().empty() || !duty.category().empty();
  const int kinds = (duty.programme().empty() ? 0 : 1) + (duty.project().empty() ? 0 : 1) + (cell ? 1 : 0);
  if (kinds == 1) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                kinds == 0 ? "does not say what it is for: a programme, a project, a place or a category"
                           : "has several scopes: name a programme, or a project, or a place and a category");
}

}  // namespace

Status CheckPeriod(const std::string& first, const std::string& last, const std::string& field) {
  // Days sort as their texts do.
  if (last.empty() || last >= first) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_PERIOD_INVALID, field, absl::StrCat(last, " is before ", first));
}

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
  FT_RETURN_IF_ERROR(CheckNamesInForce(*state, moment, action, before, field));
  switch (of.action) {
    case v1::Action::kRegisterParty:
      return ApplyParty(state, moment.record, action.register_party(), before, field);
    case v1::Action::kOpenFund:
      return CheckFund(action.open_fund(), field);
    case v1::Action::kDeclarePlace:
      return CheckPlace(*state, action.declare_place(), field);
    case v1::Action::kOpenProgramme:
      return CheckPeriod(action.open_programme().from(), action.open_programme().until(), field + ".until");
    case v1::Action::kProposeProject:
      return CheckProject(action.propose_project(), field);
    case v1::Action::kDeclareNeed:
      return CheckNeed(action.declare_need(), field);
    case v1::Action::kDeploy:
      return CheckDeployment(action.deploy(), field);
    case v1::Action::kAssignDuty:
      return CheckDuty(action.assign_duty(), field);
    case v1::Action::kOpenPolicy:
      FT_RETURN_IF_ERROR(
          CheckPeriod(action.open_policy().from(), action.open_policy().until(), field + ".until"));
      return CheckPolicy(*state, action.open_policy(), ancestors, field);
    case v1::Action::kFormGroup:
      FT_RETURN_IF_ERROR(
          CheckPeriod(action.form_group().from(), action.form_group().until(), field + ".until"));
      return CheckGroup(action.form_group(), field);
    case v1::Action::kGiveSeat:
      FT_RETURN_IF_ERROR(
          CheckPeriod(action.give_seat().from(), action.give_seat().until(), field + ".until"));
      return CheckSeat(*state, action.give_seat(), before == nullptr, field);
    case v1::Action::kJoinParties:
      if (action.join_parties().party() != action.join_parties().under()) return absl::OkStatus();
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".under",
                    "is the same party: name the one that stands for both");
    case v1::Action::kSetMethod:
      FT_RETURN_IF_ERROR(CheckMethod(action.set_method(), field));
      return CheckBars(action.set_method(), field + ".bars");
    case v1::Action::kEvaluate:
      return ApplyEvaluation(state, moment, action.evaluate(), before, ancestors, field);
    case v1::Action::kRaiseConcern:
      return CheckConcern(*state, action.raise_concern(), before, field);
    case v1::Action::kDrawSample:
      return CheckSample(action.draw_sample(), field);
    case v1::Action::kAnnounce:
      return CheckNotice(action.announce(), field);
    default:
      return absl::OkStatus();
  }
}

}  // namespace fundtrail::books
