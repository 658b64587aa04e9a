// See grades.h.
#include "ledger/query/grades.h"

#include "ledger/books/concerns.h"
#include "ledger/books/evaluations.h"
#include "ledger/books/standing.h"
#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<Graded> GradeReader::Of(const v1::Evaluate& said, RecordIndex record, Date day) {
  FT_ASSIGN_OR_RETURN(const auto version,
                      ItemThen(view_, v1::Action::kSetMethod, said.method(), record.value()));
  if (!version.has_value())
    return model::Damaged(keys::Item(v1::Action::kSetMethod, said.method()), "is missing");
  const v1::SetMethod& method = version->action().set_method();
  Graded graded;
  graded.method_version = version->record();
  graded.total = static_cast<std::uint32_t>(books::TotalOf(method, said));
  graded.period_days = method.period_days();
  if (method.bars().empty()) {
    graded.grade = books::GradeOf(method, graded.total);
    return graded;
  }
  FT_ASSIGN_OR_RETURN(const auto* concerns, ConcernsAbout(said));
  books::CappedGrade capped = books::GradeAt(method, graded.total, *concerns, record, day);
  graded.grade = std::move(capped.grade);
  if (capped.by == nullptr) return graded;
  v1::GradeBar& bar = graded.bar.emplace();
  bar.set_earned(std::move(capped.earned));
  bar.set_kind(capped.by->kind);
  bar.set_concern(capped.by->id);
  bar.set_found_right(capped.by->right.has_value() && *capped.by->right <= record);
  return graded;
}

// Of a programme there are none: no concern is about one.
StatusOr<const std::vector<books::ConcernLife>*> GradeReader::ConcernsAbout(const v1::Evaluate& said) {
  const books::Subject subject = books::SubjectOf(said);
  const auto [known, is_new] = concerns_.try_emplace({subject.action, subject.id});
  if (!is_new) return &known->second;
  const Bytes all = keys::AllFoundBy(subject.action, subject.id, v1::Action::kRaiseConcern);
  const auto cursor = view_.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto id, keys::ReadFoundBy(cursor->key()));
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view_.rows, v1::Action::kRaiseConcern, id));
    if (!row.has_value())
      return model::Damaged(keys::Item(v1::Action::kRaiseConcern, std::string(id)), "is missing");
    // Of a party also those are found that it raised.
    const books::ConcernSubject about = books::SubjectOf(row->action().raise_concern());
    if (about.of != subject.action || about.id != subject.id) continue;
    FT_ASSIGN_OR_RETURN(books::ConcernLife life, books::LifeOf(*view_.rows, *row));
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(life) + life.id.size()));
    known->second.push_back(std::move(life));
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return &known->second;
}

}  // namespace fundtrail::query
