// See evaluations.h.
#include "ledger/books/evaluations.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/books/references.h"
#include "ledger/books/standing.h"
#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

// Whether `above` is the place, or stands above it.
StatusOr<bool> Holds(Ancestors* ancestors, const std::string& above, const std::string& place) {
  bool met = false;
  FT_RETURN_IF_ERROR(
      ancestors->EachAbove(v1::Action::kDeclarePlace, place, [&](const std::string& at) -> StatusOr<bool> {
        met = at == above;
        return !met;
      }));
  return met;
}

Status CheckNoSign(const std::string& text, const std::string& field) {
  if (text.find('=') == std::string::npos) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                "has a \"=\", with which people write it: leave it out");
}

StatusOr<v1::FormGroup> NeedGroup(const store::Reader& state, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kFormGroup, id));
  if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kFormGroup, id), "is missing");
  return row->action().form_group();
}

Status CheckGrades(const v1::SetMethod& method, const std::string& field) {
  std::set<std::uint32_t> taken;
  for (int i = 0; i < method.grades_size(); ++i) {
    const v1::Grade& grade = method.grades(i);
    const std::string at = absl::StrCat(field, "[", i, "]");
    FT_RETURN_IF_ERROR(CheckNoSign(grade.name(), at + ".name"));
    if (!taken.insert(grade.from()).second)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".from",
                    absl::StrCat("another grade takes totals from ", grade.from(), " too"));
  }
  if (taken.count(0) > 0) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                "no grade takes totals from 0: every total has a grade");
}

Status CheckReport(const v1::Evaluate& evaluation, const std::string& field) {
  const std::string& report = evaluation.report();
  if (!report.empty() && !IsHashText(report))
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "is not a SHA-256 in 64 lower-case hex digits");
  return absl::OkStatus();
}

// What the fields say together, without a look at anything else but the group.
Status CheckFields(const store::Reader& state, const v1::Evaluate& evaluation, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto group, NeedGroup(state, evaluation.group()));
  if (group.kind() != v1::FormGroup::KIND_ASSESSMENT && group.kind() != v1::FormGroup::KIND_SUPERVISION) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".group",
                  absl::StrCat(evaluation.group(), " is a group of kind ", model::WordOf(group.kind()),
                               ": only ASSESSMENT and SUPERVISION judge"));
  }
  const int subjects = (evaluation.project().empty() ? 0 : 1) + (evaluation.programme().empty() ? 0 : 1) +
                       (evaluation.policy().empty() ? 0 : 1) + (evaluation.party().empty() ? 0 : 1);
  if (subjects != 1) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                  subjects == 0
                      ? "does not say what is judged: name a project, a programme, a policy or a party"
                      : "judges several: name one, and make another evaluation of each other");
  }
  for (int i = 0; i < evaluation.scores_size(); ++i)
    FT_RETURN_IF_ERROR(
        CheckNoSign(evaluation.scores(i).note(), absl::StrCat(field, ".scores[", i, "].note")));
  FT_RETURN_IF_ERROR(CheckReport(evaluation, field + ".report"));
  const bool improve = evaluation.verdict() == v1::Evaluate::VERDICT_IMPROVE;
  if (improve == evaluation.improve_by().empty()) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".improve_by",
                  improve ? "is missing: IMPROVE says by when" : "is only said of IMPROVE");
  }
  if (evaluation.sample() > evaluation.sample_of()) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".sample",
                  absl::StrCat(evaluation.sample(), " were looked at, of ", evaluation.sample_of()));
  }
  // Else it would be over before it could count as SUSPEND. Days sort as their texts do.
  if (!improve || evaluation.valid_until().empty() || evaluation.valid_until() >= evaluation.improve_by())
    return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_PERIOD_INVALID, field + ".valid_until",
                absl::StrCat(evaluation.valid_until(), " is before improve_by, ", evaluation.improve_by()));
}

Status CheckScores(const v1::SetMethod& method, const v1::Evaluate& evaluation, const std::string& field) {
  std::set<std::string> wanted;
  for (const v1::Criterion& criterion : method.criteria()) wanted.insert(criterion.code());
  for (int i = 0; i < evaluation.scores_size(); ++i) {
    const std::string& code = evaluation.scores(i).criterion();
    if (wanted.erase(code) == 1) continue;
    return Refuse(v1::REFUSAL_CODE_SCORES_INCOMPLETE, absl::StrCat(field, "[", i, "].criterion"),
                  absl::StrCat(code, " is not a criterion of method ", method.id(), ", or is scored twice"));
  }
  if (wanted.empty()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_SCORES_INCOMPLETE, field,
                absl::StrCat("criterion ", *wanted.begin(), " of method ", method.id(), " has no score"));
}

// Whether the group may lift what another one judged.
Status CheckLifts(const store::Reader& state, const v1::Evaluate& evaluation, Ancestors* ancestors,
                  const std::string& field) {
  static const model::Register& evaluations = *model::FindRegister(v1::Action::kEvaluate);
  const Subject subject = SubjectOf(evaluation);
  for (int i = 0; i < evaluation.lifts_size(); ++i) {
    const std::string at = absl::StrCat(field, "[", i, "]");
    FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, evaluations, evaluation.lifts(i), at));
    const v1::Evaluate& lifted = row.action().evaluate();
    if (SubjectOf(lifted) != subject) {
      return Refuse(
          v1::REFUSAL_CODE_FIELD_INVALID, at,
          absl::StrCat("evaluation ", lifted.id(), " judges something else: ", SubjectOf(lifted).Words()));
    }
    if (lifted.group() == evaluation.group()) continue;
    FT_ASSIGN_OR_RETURN(const auto own, NeedGroup(state, evaluation.group()));
    FT_ASSIGN_OR_RETURN(const auto other, NeedGroup(state, lifted.group()));
    FT_ASSIGN_OR_RETURN(const bool within, Holds(ancestors, own.place(), other.place()));
    if (within && own.place() != other.place()) continue;
    return RefuseItem(
        v1::REFUSAL_CODE_VERDICT_STANDS, evaluations, lifted.id(), at,
        absl::StrCat("group ", lifted.group(), " of ", other.place(), " said ",
                     model::WordOf(lifted.verdict()), ": only it, or a group whose place is above ",
                     other.place(), ", lifts that; ", evaluation.group(), " is of ", own.place()),
        row.record());
  }
  return absl::OkStatus();
}

// An appeal of the same record as a decision stands before it.
Status CheckAppealed(const store::Reader& state, const std::string& evaluation, const std::string& field) {
  const model::Register& evaluations = *model::FindRegister(v1::Action::kEvaluate);
  FT_ASSIGN_OR_RETURN(const auto appeal,
                      NewestAttestation(state, evaluations.action, evaluation, v1::Action::kAppeal));
  FT_ASSIGN_OR_RETURN(const auto decided,
                      NewestAttestation(state, evaluations.action, evaluation, v1::Action::kDecideAppeal));
  if (appeal.has_value() && (!decided.has_value() || decided->record() < appeal->record()))
    return absl::OkStatus();
  if (!appeal.has_value()) {
    return RefuseItem(v1::REFUSAL_CODE_APPEAL_MISSING, evaluations, evaluation, field,
                      "nobody appealed against it: a newer evaluation by that group, or by one above it, "
                      "lifts it (--lifts)");
  }
  return RefuseItem(v1::REFUSAL_CODE_APPEAL_MISSING, evaluations, evaluation, field,
                    absl::StrCat("record ", decided->record(), " decided about the appeals that there are"),
                    decided->record());
}

}  // namespace

Status CheckMethod(const v1::SetMethod& method, const std::string& field) {
  std::set<std::string> codes;
  std::uint64_t sum = 0;
  for (int i = 0; i < method.criteria_size(); ++i) {
    const v1::Criterion& criterion = method.criteria(i);
    const std::string at = absl::StrCat(field, ".criteria[", i, "]");
    FT_RETURN_IF_ERROR(CheckNoSign(criterion.name(), at + ".name"));
    if (!codes.insert(criterion.code()).second)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".code",
                    absl::StrCat(criterion.code(), " is listed twice"));
    sum += criterion.basis_points();
  }
  if (sum != kWhole) {
    return Refuse(v1::REFUSAL_CODE_SPLIT_INVALID, field + ".criteria",
                  absl::StrCat("the weights are ", sum, " together, and must be 10,000"));
  }
  return CheckGrades(method, field + ".grades");
}

Status ApplyEvaluation(store::Overlay* state, const Moment& moment, const v1::Evaluate& evaluation,
                       const v1::Action* before, Ancestors* ancestors, const std::string& field) {
  if (before != nullptr) {
    return Refuse(v1::REFUSAL_CODE_FIELD_FIXED, field,
                  "what an evaluation says is never changed: make another one, which takes its place");
  }
  FT_RETURN_IF_ERROR(CheckFields(*state, evaluation, field));
  const v1::Evaluate::Verdict verdict = evaluation.verdict();
  // Days sort as their texts do.
  const bool late =
      verdict == v1::Evaluate::VERDICT_IMPROVE && ToString(moment.recorded) > evaluation.improve_by();
  if ((Stops(verdict) || late) && evaluation.report().empty()) {
    return Refuse(
        v1::REFUSAL_CODE_REPORT_MISSING, field + ".report",
        absl::StrCat(
            model::WordOf(verdict),
            late ? absl::StrCat(" by ", evaluation.improve_by(), " counts as SUSPEND today, and") : "",
            " needs the SHA-256 of a report"));
  }
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(*state, v1::Action::kSetMethod, evaluation.method()));
  if (!row.has_value())
    return model::Damaged(keys::Item(v1::Action::kSetMethod, evaluation.method()), "is missing");
  const v1::SetMethod& method = row->action().set_method();
  FT_RETURN_IF_ERROR(CheckScores(method, evaluation, field + ".scores"));
  const std::uint64_t total = TotalOf(method, evaluation);
  if (verdict == v1::Evaluate::VERDICT_CONTINUE && total < method.floor()) {
    return Refuse(
        v1::REFUSAL_CODE_VERDICT_UNFOUNDED, field + ".verdict",
        absl::StrCat("the total is ", total, ", and method ", method.id(), " lets it say CONTINUE from ",
                     method.floor(), " on: IMPROVE says by when it is better"));
  }
  FT_RETURN_IF_ERROR(CheckLifts(*state, evaluation, ancestors, field + ".lifts"));
  return AddVerdict(state, moment, evaluation, field);
}

Status CheckAppeal(const v1::Appeal& appeal, const v1::Evaluate& judged, const store::Reader& state,
                   const std::string& field) {
  const Subject subject = SubjectOf(judged);
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, subject.action, subject.id));
  if (!row.has_value()) return model::Damaged(keys::Item(subject.action, subject.id), "is missing");
  const model::Message& item = model::ItemOf(row->action());
  const std::string own =
      subject.action == v1::Action::kRegisterParty ? subject.id : model::TextIn(item, "owner");
  const std::string implementer = model::TextIn(item, "implementer");  // of a project
  if (appeal.by() == own || (!implementer.empty() && appeal.by() == implementer)) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                absl::StrCat(appeal.by(), " does not answer for ", subject.Words(), ": ", own,
                             implementer.empty() ? "" : " and ", implementer, " may appeal"));
}

Status ApplyDecision(store::Overlay* state, const Moment& moment, const v1::DecideAppeal& decision,
                     const v1::Evaluate& judged, Authority* authority, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto genesis, NeedGenesis(*state));
  if (decision.by() == genesis.root_party()) {
    FT_RETURN_IF_ERROR(authority->RequireRoot(field + ".by"));
  } else {
    FT_ASSIGN_OR_RETURN(const auto row, GetItem(*state, v1::Action::kFormGroup, decision.by()));
    if (!row.has_value()) {
      return Refuse(
          v1::REFUSAL_CODE_GROUP_LEVEL, field + ".by",
          absl::StrCat(decision.by(), " is not a group: a group above ", judged.group(), " decides"));
    }
    FT_RETURN_IF_ERROR(CheckGoesOn(*row, field + ".by"));
    const std::string& above = row->action().form_group().place();
    FT_ASSIGN_OR_RETURN(const auto judge, NeedGroup(*state, judged.group()));
    FT_ASSIGN_OR_RETURN(const bool holds, Holds(&authority->ancestors(), above, judge.place()));
    if (!holds || above == judge.place()) {
      return Refuse(
          v1::REFUSAL_CODE_GROUP_LEVEL, field + ".by",
          absl::StrCat(decision.by(), " is of ", above, ", which does not stand above ", judge.place(),
                       " of ", judged.group(), ", which judged: a group of a place above decides"));
    }
  }
  FT_RETURN_IF_ERROR(CheckAppealed(*state, judged.id(), field + ".evaluation"));
  if (decision.decision() != v1::DecideAppeal::DECISION_ANNULLED) return absl::OkStatus();
  return TakeVerdict(state, moment, judged);
}

std::uint64_t TotalOf(const v1::SetMethod& method, const v1::Evaluate& evaluation) {
  std::map<std::string, std::uint64_t> weights;
  for (const v1::Criterion& criterion : method.criteria())
    weights[criterion.code()] = criterion.basis_points();
  std::uint64_t sum = 0;
  for (const v1::Score& score : evaluation.scores()) {
    const auto weight = weights.find(score.criterion());
    if (weight != weights.end()) sum += weight->second * score.score();
  }
  return sum / kWhole;
}

std::string GradeOf(const v1::SetMethod& method, std::uint64_t total) {
  const v1::Grade* best = nullptr;
  for (const v1::Grade& grade : method.grades())
    if (grade.from() <= total && (best == nullptr || best->from() < grade.from())) best = &grade;
  return best == nullptr ? "" : best->name();
}

}  // namespace fundtrail::books
