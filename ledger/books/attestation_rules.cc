// See attestation_rules.h.
#include "ledger/books/attestation_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/books/concerns.h"
#include "ledger/books/evaluations.h"
#include "ledger/books/groups.h"
#include "ledger/books/personal.h"
#include "ledger/books/register_rules.h"
#include "ledger/books/state.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

using model::Refuse;

namespace {

// Whether `above` is the item, or stands above it.
StatusOr<bool> IsAtOrAbove(Ancestors* ancestors, v1::Action::ActionCase action, const std::string& above,
                           const std::string& id) {
  bool met = false;
  FT_RETURN_IF_ERROR(ancestors->EachAbove(action, id, [&](const std::string& at) -> StatusOr<bool> {
    met = at == above;
    return !met;
  }));
  return met;
}

// Whether one of the two parties stands above the other, or they are the same.
StatusOr<bool> IsOneBody(Ancestors* ancestors, const std::string& one, const std::string& other) {
  FT_ASSIGN_OR_RETURN(const bool above, IsAtOrAbove(ancestors, v1::Action::kRegisterParty, one, other));
  if (above) return true;
  return IsAtOrAbove(ancestors, v1::Action::kRegisterParty, other, one);
}

const std::string& ImplementerOf(const v1::ProposeProject& project) {
  return project.implementer().empty() ? project.owner() : project.implementer();
}

Status CheckAcceptance(const v1::AcceptDuty& said, const v1::AssignDuty& duty, const std::string& field) {
  if (said.by() == duty.party()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                absl::StrCat("the duty is that of ", duty.party(), ", and not of ", said.by()));
}

Status CheckApproval(const v1::ApproveProject& said, const v1::ProposeProject& project, Ancestors* ancestors,
                     const std::string& field) {
  for (const std::string* party : {&project.owner(), &ImplementerOf(project)}) {
    FT_ASSIGN_OR_RETURN(const bool own, IsOneBody(ancestors, said.by(), *party));
    if (own) {
      return Refuse(v1::REFUSAL_CODE_APPROVER_RECUSED, field + ".by",
                    absl::StrCat(said.by(), " belongs to the body that owns or implements the project, ",
                                 *party, ": another one decides"));
    }
  }
  return absl::OkStatus();
}

Status CheckVerification(const v1::VerifyNeed& said, const v1::DeclareNeed& need, Ancestors* ancestors,
                         const store::Reader& state, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const bool own, IsOneBody(ancestors, said.by(), need.owner()));
  if (own) {
    return Refuse(v1::REFUSAL_CODE_NEED_SELF_VERIFIED, field + ".by",
                  absl::StrCat(said.by(), " belongs to the body that declared the need, ", need.owner(),
                               ": another one verifies it"));
  }
  FT_ASSIGN_OR_RETURN(const auto party, GetParty(state, said.by()));
  if (!party.has_value()) return model::Damaged(model::keys::Party(said.by()), "is missing");
  // A group is for a place, wherever its party has its seat.
  FT_ASSIGN_OR_RETURN(std::string place, PlaceOfGroup(state, said.by()));
  if (place.empty()) place = party->place();
  bool there = false;
  if (!place.empty()) {
    FT_ASSIGN_OR_RETURN(there, IsAtOrAbove(ancestors, v1::Action::kDeclarePlace, place, need.place()));
  }
  if (!there) {
    return Refuse(v1::REFUSAL_CODE_OUTSIDE_ITS_PLACE, field + ".by",
                  absl::StrCat(said.by(), place.empty() ? " has no place" : " has its place in ", place,
                               ", and the need is in ", need.place()));
  }
  const bool figures = said.people() > 0 || said.severity() > 0 || said.amount() > 0;
  if (figures && said.result() != v1::VerifyNeed::RESULT_CORRECTED)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".result",
                  "only a CORRECTED need has other figures");
  if (said.amount() > 0 && need.asset().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".amount", "the need names no asset");
  return absl::OkStatus();
}

Status CheckReport(const v1::ReportProgress& said, const v1::ProposeProject& project,
                   const std::string& field) {
  if (said.by() != project.owner() && said.by() != ImplementerOf(project)) {
    return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                  absl::StrCat(project.owner(), " owns the project and ", ImplementerOf(project),
                               " implements it: ", said.by(), " does neither"));
  }
  const auto& targets = project.targets();
  if (std::none_of(targets.begin(), targets.end(),
                   [&](const v1::Target& target) { return target.indicator() == said.indicator(); }))
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".indicator", "is not an indicator of the project");
  return CheckPeriod(said.from(), said.until(), field + ".until");
}

}  // namespace

Status CheckAttestationRule(const v1::Action& action, const v1::RegisterRow& item, Date today,
                            Ancestors* ancestors, const store::Reader& state, const std::string& field) {
  switch (action.action_case()) {
    case v1::Action::kAcceptSeat:
      return CheckSeatReply(action.accept_seat(), item.action().give_seat(), field);
    case v1::Action::kForgetPersonal:
      return CheckForget(action.forget_personal(), item, ancestors, state, field);
    case v1::Action::kAcceptDuty:
      return CheckAcceptance(action.accept_duty(), item.action().assign_duty(), field);
    case v1::Action::kApproveProject:
      return CheckApproval(action.approve_project(), item.action().propose_project(), ancestors, field);
    case v1::Action::kVerifyNeed:
      return CheckVerification(action.verify_need(), item.action().declare_need(), ancestors, state, field);
    case v1::Action::kReportProgress:
      return CheckReport(action.report_progress(), item.action().propose_project(), field);
    case v1::Action::kAppeal:
      return CheckAppeal(action.appeal(), item.action().evaluate(), state, field);
    case v1::Action::kRespondConcern:
      return CheckResponse(state, today, action.respond_concern(), item, ancestors, field);
    case v1::Action::kCloseConcern:
      return CheckClosing(state, action.close_concern(), item.action().raise_concern(), field);
    default:
      return absl::OkStatus();
  }
}

}  // namespace fundtrail::books
