// See standing.h.
#include "ledger/books/standing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/entry.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

StatusOr<Standing> StandingOf(const store::Reader& state, const Moment& moment, const Subject& subject) {
  FT_ASSIGN_OR_RETURN(const auto row, GetStanding(state, subject.action, subject.id));
  return StandingOn(row, moment.recorded);
}

// "evaluation dafang-q4 by group dafang-check (record 12) says SUSPEND over project lunches".
std::string WhatStops(const Standing& standing, const Subject& subject) {
  const bool late = standing.by.verdict() == v1::Evaluate::VERDICT_IMPROVE;
  return absl::StrCat(
      "evaluation ", standing.by.evaluation(), " by group ", standing.by.group(), " (record ",
      standing.by.record(), ") says ", model::WordOf(standing.by.verdict()),
      late ? absl::StrCat(" by ", standing.by.improve_by(), ", which counts as SUSPEND now,") : "", " over ",
      subject.Words());
}

constexpr char kWayOut[] = "an evaluation by that group, or by one above it, lifts that (--lifts)";

Status CheckGoes(const store::Reader& state, const Moment& moment, const Subject& subject,
                 v1::RefusalCode code, const std::string& field, std::string_view what) {
  FT_ASSIGN_OR_RETURN(const Standing standing, StandingOf(state, moment, subject));
  if (!Stops(standing.verdict)) return absl::OkStatus();
  return RefuseItem(code, *model::FindRegister(subject.action), subject.id, field,
                    absl::StrCat(WhatStops(standing, subject), ", so ", std::string(what), ": ", kWayOut),
                    standing.by.record());
}

Status CheckProject(const store::Reader& state, const Moment& moment, const std::string& project,
                    const std::string& field) {
  constexpr std::string_view kFrozen = "money in the project can only be sent back";
  FT_RETURN_IF_ERROR(CheckGoes(state, moment, {v1::Action::kProposeProject, project},
                               v1::REFUSAL_CODE_FUNDS_FROZEN, field, kFrozen));
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kProposeProject, project));
  if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kProposeProject, project), "is missing");
  const std::string& programme = row->action().propose_project().programme();
  if (programme.empty()) return absl::OkStatus();
  return CheckGoes(state, moment, {v1::Action::kOpenProgramme, programme}, v1::REFUSAL_CODE_FUNDS_FROZEN,
                   field, kFrozen);
}

void Put(store::Overlay* state, const Moment& moment, const Subject& subject, const v1::StandingRow& row) {
  PutMessage(state, keys::Standing(subject.action, subject.id, moment.record), row);
}

}  // namespace

std::string Subject::Words() const {
  const model::Register* of = model::FindRegister(action);
  return of == nullptr ? "nothing" : absl::StrCat(std::string(of->name), " ", id);
}

Subject SubjectOf(const v1::Evaluate& evaluation) {
  if (!evaluation.project().empty()) return {v1::Action::kProposeProject, evaluation.project()};
  if (!evaluation.programme().empty()) return {v1::Action::kOpenProgramme, evaluation.programme()};
  if (!evaluation.policy().empty()) return {v1::Action::kOpenPolicy, evaluation.policy()};
  if (!evaluation.party().empty()) return {v1::Action::kRegisterParty, evaluation.party()};
  return {};
}

bool Stops(v1::Evaluate::Verdict verdict) {
  return verdict == v1::Evaluate::VERDICT_SUSPEND || verdict == v1::Evaluate::VERDICT_WITHDRAW;
}

Status AddVerdict(store::Overlay* state, const Moment& moment, const v1::Evaluate& evaluation,
                  const std::string& field) {
  const Subject subject = SubjectOf(evaluation);
  FT_ASSIGN_OR_RETURN(const v1::StandingRow before, GetStanding(*state, subject.action, subject.id));
  const std::set<std::string> lifted(evaluation.lifts().begin(), evaluation.lifts().end());
  v1::StandingRow row;
  row.set_withdrawn(before.withdrawn());
  for (const v1::StandingVerdict& each : before.verdicts()) {
    const bool replaced = each.group() == evaluation.group() && !Stops(each.verdict());
    if (!replaced && lifted.count(each.evaluation()) == 0) *row.add_verdicts() = each;
  }
  if (row.verdicts_size() >= kMaxVerdicts) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                  absl::StrCat(kMaxVerdicts, " verdicts stand over ", subject.Words(),
                               ", and no more can: lift those that no longer hold (--lifts)"));
  }
  v1::StandingVerdict* verdict = row.add_verdicts();
  verdict->set_evaluation(evaluation.id());
  verdict->set_group(evaluation.group());
  verdict->set_verdict(evaluation.verdict());
  verdict->set_improve_by(evaluation.improve_by());
  verdict->set_valid_until(evaluation.valid_until());
  verdict->set_record(moment.record.value());
  if (evaluation.verdict() == v1::Evaluate::VERDICT_WITHDRAW) row.set_withdrawn(moment.record.value() + 1);
  Put(state, moment, subject, row);
  return absl::OkStatus();
}

Status TakeVerdict(store::Overlay* state, const Moment& moment, const v1::Evaluate& evaluation) {
  const Subject subject = SubjectOf(evaluation);
  FT_ASSIGN_OR_RETURN(v1::StandingRow row, GetStanding(*state, subject.action, subject.id));
  auto* verdicts = row.mutable_verdicts();
  const auto kept = std::remove_if(verdicts->begin(), verdicts->end(), [&](const v1::StandingVerdict& each) {
    return each.evaluation() == evaluation.id();
  });
  if (kept == verdicts->end()) return absl::OkStatus();
  verdicts->erase(kept, verdicts->end());
  Put(state, moment, subject, row);
  return absl::OkStatus();
}

v1::Evaluate::Verdict VerdictOn(const v1::StandingVerdict& verdict, Date day) {
  if (Stops(verdict.verdict())) return verdict.verdict();
  const std::string on = fundtrail::ToString(day);  // days sort as their texts do
  if (verdict.verdict() == v1::Evaluate::VERDICT_IMPROVE && on > verdict.improve_by())
    return v1::Evaluate::VERDICT_SUSPEND;
  const bool over = !verdict.valid_until().empty() && on > verdict.valid_until();
  return over ? v1::Evaluate::VERDICT_UNSPECIFIED : verdict.verdict();
}

StatusOr<Standing> StandingOn(const v1::StandingRow& row, Date day) {
  if (row.verdicts_size() > kMaxVerdicts)
    return absl::DataLossError(absl::StrCat("a standing has ", row.verdicts_size(), " verdicts, and at most ",
                                            kMaxVerdicts, " can be"));
  Standing standing;
  for (const v1::StandingVerdict& each : row.verdicts()) {
    // From the mildest to the strictest, as their numbers are.
    const v1::Evaluate::Verdict says = VerdictOn(each, day);
    if (says > standing.verdict) standing = {says, each};
  }
  return standing;
}

Status CheckNotFrozen(const store::Reader& state, const Moment& moment, const v1::Transfer& transfer,
                      const std::optional<model::TransferRow>& returned, const std::string& to_project,
                      const std::string& field) {
  const bool again = returned.has_value() && returned->sends_back();
  if (model::SendsBack(transfer.kind()) && !again) return absl::OkStatus();
  if (!transfer.project().empty())
    FT_RETURN_IF_ERROR(CheckProject(state, moment, transfer.project(), field + ".project"));
  if (to_project.empty() || to_project == transfer.project()) return absl::OkStatus();
  return CheckProject(state, moment, to_project, field + ".to_project");
}

Status CheckNamesInForce(const store::Reader& state, const Moment& moment, const v1::Action& action,
                         const v1::Action* before, const std::string& field) {
  if (action.has_propose_project()) {
    const std::string& programme = action.propose_project().programme();
    const std::string at = field + ".programme";
    if (before != nullptr) {
      const std::string& left = before->propose_project().programme();
      if (left == programme) return absl::OkStatus();
      // Else the project would take its money out of what is frozen.
      if (!left.empty())
        FT_RETURN_IF_ERROR(CheckGoes(state, moment, {v1::Action::kOpenProgramme, left},
                                     v1::REFUSAL_CODE_NOT_IN_FORCE, at, "no project leaves it"));
    }
    if (programme.empty()) return absl::OkStatus();
    return CheckGoes(state, moment, {v1::Action::kOpenProgramme, programme}, v1::REFUSAL_CODE_NOT_IN_FORCE,
                     at, "it takes no new project");
  }
  if (!action.has_open_policy()) return absl::OkStatus();
  const v1::OpenPolicy& policy = action.open_policy();
  if (before == nullptr) {
    if (policy.implements().empty()) return absl::OkStatus();
    return CheckGoes(state, moment, {v1::Action::kOpenPolicy, policy.implements()},
                     v1::REFUSAL_CODE_NOT_IN_FORCE, field + ".implements", "no new policy carries it out");
  }
  const auto& known = before->open_policy().programmes();
  const bool more = std::any_of(
      policy.programmes().begin(), policy.programmes().end(),
      [&](const std::string& each) { return std::find(known.begin(), known.end(), each) == known.end(); });
  if (!more) return absl::OkStatus();
  return CheckGoes(state, moment, {v1::Action::kOpenPolicy, policy.id()}, v1::REFUSAL_CODE_NOT_IN_FORCE,
                   field + ".programmes", "it takes no new programme");
}

}  // namespace fundtrail::books
