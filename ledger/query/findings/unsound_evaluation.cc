// UNSOUND_EVALUATION. Evaluations whose verdict stands on D:
//
//   MOST_RECUSED     more than half of the members that the group had then were recused    number  those    expected  the members
//   NOBODY_WENT      it says CONTINUE, and no evaluation of the same, by D and not annulled, has the step FIELD, CROSS or THIRD_PARTY
//   BESIDE_SERIOUS   it says CONTINUE of a project, and another rule finds something SERIOUS about that; or of a party, and one does about
//                    that in general money. The other rules take the parameters that are asked for
//
//   amount  what of the project lies with holders and recipients: one finding for each asset; 0 of all else
//   item  the evaluation    parties  the group, and who is judged or owns what is judged    records  that of the evaluation    LOOK
//
// A group that lacks a kind of member never judges: the ledger refuses it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "ledger/books/standing.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using SubjectKey = std::pair<v1::Action::ActionCase, std::string>;

SubjectKey KeyOf(const v1::Evaluate& evaluation) {
  const books::Subject subject = books::SubjectOf(evaluation);
  return {subject.action, subject.id};
}

bool IsFromElsewhere(v1::Evaluate::Step step) {
  return step == v1::Evaluate::STEP_FIELD || step == v1::Evaluate::STEP_CROSS ||
         step == v1::Evaluate::STEP_THIRD_PARTY;
}

class UnsoundEvaluationRule : public FindingWork {
 public:
  explicit UnsoundEvaluationRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), on_(fundtrail::ToString(input.on)) {}

  Status Finish(FindingList* list) override {
    std::set<SubjectKey> visited;
    std::vector<v1::EvaluationLine> standing;
    v1::EvaluationsRequest request;
    request.set_on(on_);
    if (as_of_.has_value()) request.set_as_of(*as_of_);
    FT_ASSIGN_OR_RETURN(auto pages, Evaluations(view_, request, {}));
    while (!pages.over()) {
      FT_ASSIGN_OR_RETURN(const v1::EvaluationsAnswer page, pages.Next());
      for (const v1::EvaluationLine& line : page.lines()) {
        FT_RETURN_IF_ERROR(kept_.Add(line.ByteSizeLong()));
        const v1::Evaluate& said = line.evaluation().action().evaluate();
        if (!line.annulled() && line.day() <= on_ && IsFromElsewhere(said.step()))
          visited.insert(KeyOf(said));
        if (line.stands() && line.day() <= on_) standing.push_back(line);
      }
    }
    for (const v1::EvaluationLine& line : standing) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const v1::Evaluate& said = line.evaluation().action().evaluate();
      FT_RETURN_IF_ERROR(FindRecused(line, list));
      if (said.verdict() != v1::Evaluate::VERDICT_CONTINUE) continue;
      if (!visited.contains(KeyOf(said)))
        FT_RETURN_IF_ERROR(Add(line, OfKind(v1::Finding::KIND_NOBODY_WENT), list));
      const bool serious = (!said.project().empty() && list->HasSeriousOf(said.project())) ||
                           (!said.party().empty() && list->HasSeriousAbout(said.party()));
      if (serious) FT_RETURN_IF_ERROR(Add(line, OfKind(v1::Finding::KIND_BESIDE_SERIOUS), list));
    }
    return absl::OkStatus();
  }

 private:
  static v1::Finding OfKind(v1::Finding::Kind kind) {
    v1::Finding finding;
    finding.set_kind(kind);
    return finding;
  }

  Status FindRecused(const v1::EvaluationLine& line, FindingList* list) {
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    const RecordIndex record(line.evaluation().record());
    const Bytes from = keys::GroupAct(said.group(), record, 0);
    const auto acts =
        view_.rows->Scan(from, keys::GroupAct(said.group(), RecordIndex(record.value() + 1), 0));
    for (; acts->Valid(); acts->Next()) {
      FT_ASSIGN_OR_RETURN(const auto act, model::DecodeMessage<v1::GroupActRow>(acts->key(), acts->value()));
      if (act.id() != said.id() || act.action() != static_cast<std::uint32_t>(v1::Action::kEvaluate))
        continue;
      if (2 * act.recused_size() <= act.members_size()) continue;
      v1::Finding finding = OfKind(v1::Finding::KIND_MOST_RECUSED);
      finding.set_number(act.recused_size());
      finding.set_expected(act.members_size());
      FT_RETURN_IF_ERROR(Add(line, std::move(finding), list));
    }
    return acts->status();
  }

  Status Add(const v1::EvaluationLine& line, v1::Finding finding, FindingList* list) {
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    finding.set_grade(v1::Finding::GRADE_LOOK);
    finding.add_parties(said.group());
    FT_ASSIGN_OR_RETURN(const std::string judged, JudgedOf(said));
    if (!judged.empty() && judged != said.group()) finding.add_parties(judged);
    finding.set_project(said.project());
    finding.set_item(said.id());
    finding.set_first(line.day());
    finding.set_last(line.day());
    finding.set_count(1);
    SetRecords({line.evaluation().record()}, &finding);
    std::vector<ProjectSums> money;
    if (!said.project().empty()) {
      FT_RETURN_IF_ERROR(EachAssetOf(view_, said.project(), as_of_, [&](const ProjectSums& sums) {
        if (!sums.totals.placed().is_zero()) money.push_back(sums);
        return absl::OkStatus();
      }));
    }
    if (money.empty()) return list->Add(v1::FINDING_RULE_UNSOUND_EVALUATION, std::move(finding));
    for (const ProjectSums& sums : money) {
      finding.set_asset(sums.asset);
      finding.set_amount(sums.totals.placed().value());
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_UNSOUND_EVALUATION, finding));
    }
    return absl::OkStatus();
  }

  // The party that is judged, or that owns what is.
  StatusOr<std::string> JudgedOf(const v1::Evaluate& said) const {
    if (!said.party().empty()) return said.party();
    const auto [action, id] = KeyOf(said);
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, action, id, as_of_));
    if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing, and is judged");
    const v1::Action& judged = row->action();
    if (judged.has_propose_project()) return judged.propose_project().owner();
    if (judged.has_open_programme()) return judged.open_programme().owner();
    return judged.open_policy().owner();
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::string on_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeUnsoundEvaluationRule(const FindingInput& input) {
  return std::make_unique<UnsoundEvaluationRule>(input);
}

}  // namespace fundtrail::query
