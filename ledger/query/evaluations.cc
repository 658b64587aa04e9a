// See evaluations.h.
#include "ledger/query/evaluations.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/standing.h"
#include "ledger/books/state.h"
#include "ledger/model/register_table.h"
#include "ledger/query/grades.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using books::Subject;

struct Question {
  AsOfRecord as_of;
  std::string on;
  Date day;
  Subject subject;  // of no action: any
  std::string group;
  v1::Evaluate::Verdict verdict = v1::Evaluate::VERDICT_UNSPECIFIED;
  bool standing = false;
};

Status CheckThere(const View& view, const Subject& named, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, named.action, named.id, as_of));
  if (row.has_value()) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("this ledger has no ", std::string(model::FindRegister(named.action)->name), " \"",
                   Escaped(named.id), "\"", as_of.has_value() ? " at that record" : ""));
}

StatusOr<Question> QuestionOf(const View& view, const v1::EvaluationsRequest& request) {
  Question question;
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(question.on, DayAsked(view, request.on(), question.as_of));
  FT_ASSIGN_OR_RETURN(question.day, ParseDate(question.on));
  v1::Evaluate named;
  named.set_project(request.project());
  named.set_programme(request.programme());
  named.set_policy(request.policy());
  named.set_party(request.party());
  const int subjects = (named.project().empty() ? 0 : 1) + (named.programme().empty() ? 0 : 1) +
                       (named.policy().empty() ? 0 : 1) + (named.party().empty() ? 0 : 1);
  if (subjects > 1) return absl::InvalidArgumentError("name one project, programme, policy or party");
  question.subject = books::SubjectOf(named);
  if (subjects == 1) FT_RETURN_IF_ERROR(CheckThere(view, question.subject, question.as_of));
  question.group = request.group();
  if (!question.group.empty())
    FT_RETURN_IF_ERROR(CheckThere(view, {v1::Action::kFormGroup, question.group}, question.as_of));
  if (!v1::Evaluate::Verdict_IsValid(request.verdict()))
    return absl::InvalidArgumentError(
        absl::StrCat("verdict: ", static_cast<int>(request.verdict()), " is not known"));
  question.verdict = request.verdict();
  question.standing = request.standing();
  return question;
}

// Each of one kind that was said of an evaluation, oldest first.
Status EachSaid(const View& view, const std::string& id, v1::Action::ActionCase action, AsOfRecord as_of,
                const std::function<void(const v1::AttestationRow&)>& take) {
  const Bytes all = keys::AttestationsOf(v1::Action::kEvaluate, id, action);
  const Bytes end = as_of.has_value()
                        ? keys::Attestation(v1::Action::kEvaluate, id, action, RecordIndex(*as_of + 1), 0)
                        : store::PrefixEnd(all);
  const auto cursor = view.rows->Scan(all, end);
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::AttestationRow>(cursor->key(), cursor->value()));
    take(row);
  }
  return cursor->status();
}

bool Annuls(const v1::AttestationRow& decision) {
  return decision.action().decide_appeal().decision() == v1::DecideAppeal::DECISION_ANNULLED;
}

class EvaluationsWalk {
 public:
  EvaluationsWalk(const View& view, Question question, PageToken token, std::string after)
      : view_(view),
        then_(Then(view, question.as_of)),
        grades_(view),
        question_(std::move(question)),
        token_(std::move(token)),
        last_(std::move(after)) {}

  StatusOr<std::optional<std::string>> Fill(v1::EvaluationsAnswer* page, PageBudget* budget) {
    if (question_.as_of.has_value()) page->set_as_of_record(*question_.as_of);
    page->set_on(question_.on);
    const Bytes all = Prefix();
    const auto cursor = view_.rows->Scan(last_.empty() ? all : all + last_ + '\0', store::PrefixEnd(all));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const std::string id, IdAt(cursor->key()));
      FT_ASSIGN_OR_RETURN(auto line, LineOf(id));
      if (line.has_value()) {
        if (budget->full()) return std::optional(token_.At(last_));
        budget->TakePart(line->ByteSizeLong());
        *page->add_lines() = *std::move(line);
      }
      last_ = id;
    }
    FT_RETURN_IF_ERROR(cursor->status());
    return std::optional<std::string>();
  }

 private:
  // Of the rows that have the ids: those that name the subject or the group, or else all evaluations.
  Bytes Prefix() const {
    if (question_.subject.action != v1::Action::ACTION_NOT_SET)
      return keys::AllFoundBy(question_.subject.action, question_.subject.id, v1::Action::kEvaluate);
    if (!question_.group.empty())
      return keys::AllFoundBy(v1::Action::kFormGroup, question_.group, v1::Action::kEvaluate);
    return keys::ItemsOf(v1::Action::kEvaluate);
  }
  StatusOr<std::string> IdAt(ByteView key) const {
    const bool found = question_.subject.action != v1::Action::ACTION_NOT_SET || !question_.group.empty();
    if (found) {
      FT_ASSIGN_OR_RETURN(const auto id, keys::ReadFoundBy(key));
      return std::string(id);
    }
    FT_ASSIGN_OR_RETURN(const auto item, keys::ReadItem(key));
    return std::string(item.id);
  }

  // Nothing when it was not there then, or is not asked for.
  StatusOr<std::optional<v1::EvaluationLine>> LineOf(const std::string& id) {
    const std::optional<v1::EvaluationLine> none;
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kEvaluate, id, question_.as_of));
    if (!row.has_value()) {
      FT_ASSIGN_OR_RETURN(const auto now, books::GetItem(*view_.rows, v1::Action::kEvaluate, id));
      if (now.has_value()) return none;
      return model::Damaged(keys::Item(v1::Action::kEvaluate, id), "is missing");
    }
    const v1::Evaluate& said = row->action().evaluate();
    const Subject subject = books::SubjectOf(said);
    const bool asked =
        (question_.subject.action == v1::Action::ACTION_NOT_SET || question_.subject == subject) &&
        (question_.group.empty() || question_.group == said.group()) &&
        (question_.verdict == v1::Evaluate::VERDICT_UNSPECIFIED || question_.verdict == said.verdict());
    if (!asked) return none;
    if (subject.action == v1::Action::ACTION_NOT_SET)
      return model::Damaged(keys::Item(v1::Action::kEvaluate, id), "judges nothing");
    v1::EvaluationLine line;
    FT_RETURN_IF_ERROR(AddStanding(said, subject, &line));
    if (question_.standing && !line.stands()) return none;
    FT_ASSIGN_OR_RETURN(*line.mutable_evaluation(), DescribeItem(view_, *row));
    FT_RETURN_IF_ERROR(AddAttestations(view_, question_.as_of, line.mutable_evaluation()));
    FT_RETURN_IF_ERROR(AddAppeals(id, &line));
    FT_ASSIGN_OR_RETURN(const auto group, NeedParty(then_, said.group()));
    line.set_group_name(group.name());
    FT_ASSIGN_OR_RETURN(const Date day, DayOf(view_, RecordIndex(row->record())));
    line.set_day(fundtrail::ToString(day));
    FT_RETURN_IF_ERROR(AddTotal(said, row->record(), day, &line));
    return std::optional(std::move(line));
  }

  Status AddStanding(const v1::Evaluate& said, const Subject& subject, v1::EvaluationLine* line) const {
    std::optional<RecordIndex> at;
    if (question_.as_of.has_value()) at = RecordIndex(*question_.as_of);
    FT_ASSIGN_OR_RETURN(const auto row, books::GetStanding(*view_.rows, subject.action, subject.id, at));
    for (const v1::StandingVerdict& each : row.verdicts()) {
      if (each.evaluation() != said.id()) continue;
      line->set_stands(true);
      line->set_counts_as(books::VerdictOn(each, question_.day));
    }
    return absl::OkStatus();
  }

  // Whether one decision annulled it, and how many appeals no decision is newer than.
  Status AddAppeals(const std::string& id, v1::EvaluationLine* line) const {
    std::optional<RecordIndex> decided;
    const auto decide = [&](const v1::AttestationRow& row) {
      decided = RecordIndex(row.record());
      if (Annuls(row)) line->set_annulled(true);
    };
    FT_RETURN_IF_ERROR(EachSaid(view_, id, v1::Action::kDecideAppeal, question_.as_of, decide));
    return EachSaid(view_, id, v1::Action::kAppeal, question_.as_of, [&](const v1::AttestationRow& row) {
      if (!decided.has_value() || RecordIndex(row.record()) > *decided)
        line->set_open_appeals(line->open_appeals() + 1);
    });
  }

  Status AddTotal(const v1::Evaluate& said, std::uint64_t record, Date day, v1::EvaluationLine* line) {
    FT_ASSIGN_OR_RETURN(auto graded, grades_.Of(said, RecordIndex(record), day));
    line->set_method_version(graded.method_version);
    line->set_total(graded.total);
    line->set_grade(std::move(graded.grade));
    if (graded.bar.has_value()) *line->mutable_bar() = *std::move(graded.bar);
    const std::int64_t gone = std::int64_t{question_.day.days()} - day.days();
    line->set_old(line->stands() && graded.period_days > 0 && gone > std::int64_t{graded.period_days});
    return absl::OkStatus();
  }

  const View& view_;
  const View then_;
  GradeReader grades_;
  const Question question_;
  const PageToken token_;
  std::string last_;  // the id behind which the walk goes on
};

}  // namespace

StatusOr<Pages<v1::EvaluationsAnswer>> Evaluations(const View& view, const v1::EvaluationsRequest& request,
                                                   const Paging& paging) {
  FT_ASSIGN_OR_RETURN(Question question, QuestionOf(view, request));
  PageToken token{"evaluations",
                  question.subject.Words(),
                  question.group,
                  absl::StrCat(static_cast<int>(question.verdict)),
                  question.standing ? "standing" : "",
                  request.on(),
                  question.as_of.has_value() ? absl::StrCat(*question.as_of) : ""};
  std::string after;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(after, token.Place(paging.after));
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view.rows, v1::Action::kEvaluate, after));
    if (!row.has_value()) return token.Refused(paging.after);  // items are never taken away
  }
  const auto walk =
      std::make_shared<EvaluationsWalk>(view, std::move(question), std::move(token), std::move(after));
  return Pages<v1::EvaluationsAnswer>(view, paging, [walk](v1::EvaluationsAnswer* page, PageBudget* budget) {
    return walk->Fill(page, budget);
  });
}

StatusOr<bool> WasWithdrawn(const View& view, const books::Subject& subject, RecordIndex after, Date until,
                            AsOfRecord as_of) {
  const Bytes all = keys::AllFoundBy(subject.action, subject.id, v1::Action::kEvaluate);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto found, keys::ReadFoundBy(cursor->key()));
    const std::string id(found);
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, v1::Action::kEvaluate, id, as_of));
    if (!row.has_value() || RecordIndex(row->record()) <= after) continue;
    const v1::Evaluate& said = row->action().evaluate();
    if (said.verdict() != v1::Evaluate::VERDICT_WITHDRAW || !(books::SubjectOf(said) == subject)) continue;
    FT_ASSIGN_OR_RETURN(const Date day, DayOf(view, RecordIndex(row->record())));
    if (day > until) continue;
    bool annulled = false;
    const auto decide = [&](const v1::AttestationRow& decision) { annulled = annulled || Annuls(decision); };
    FT_RETURN_IF_ERROR(EachSaid(view, id, v1::Action::kDecideAppeal, as_of, decide));
    if (!annulled) return true;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return false;
}

}  // namespace fundtrail::query
