// See bars.h.
#include "ledger/books/bars.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/books/concerns.h"
#include "ledger/books/evaluations.h"
#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

// Null when the method has no such grade.
const v1::Grade* FindGrade(const v1::SetMethod& method, const std::string& name) {
  const auto found = std::find_if(method.grades().begin(), method.grades().end(),
                                  [&](const v1::Grade& each) { return each.name() == name; });
  return found == method.grades().end() ? nullptr : &*found;
}

bool IsBy(const std::optional<RecordIndex>& record, RecordIndex at) {
  return record.has_value() && *record <= at;
}

}  // namespace

Status CheckBars(const v1::SetMethod& method, const std::string& field) {
  const auto lower = [](const v1::Grade& one, const v1::Grade& other) { return one.from() < other.from(); };
  std::set<int> kinds;
  for (int i = 0; i < method.bars_size(); ++i) {
    const v1::Bar& bar = method.bars(i);
    const std::string at = absl::StrCat(field, "[", i, "]");
    if (!kinds.insert(bar.kind()).second) {
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".kind",
                    absl::StrCat(model::WordOf(bar.kind()), " has another bar: name each kind once"));
    }
    const auto named = std::count_if(method.grades().begin(), method.grades().end(),
                                     [&](const v1::Grade& each) { return each.name() == bar.max_grade(); });
    if (named != 1) {
      return Refuse(
          v1::REFUSAL_CODE_FIELD_INVALID, at + ".max_grade",
          absl::StrCat(named == 0 ? "is none of" : "is the name of several of", " the method's grades"));
    }
    if (std::max_element(method.grades().begin(), method.grades().end(), lower)->name() == bar.max_grade())
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".max_grade",
                    "is the method's best grade, which caps nothing: name a lower one");
  }
  return absl::OkStatus();
}

StatusOr<ConcernLife> LifeOf(const store::Reader& state, const v1::RegisterRow& row) {
  const v1::RaiseConcern& said = row.action().raise_concern();
  ConcernLife life;
  life.id = said.id();
  life.kind = said.kind();
  life.raised = RecordIndex(row.opened());
  life.raised_day = Date(row.opened_day());
  const Bytes responses =
      keys::AttestationsOf(v1::Action::kRaiseConcern, said.id(), v1::Action::kRespondConcern);
  const auto cursor = state.Scan(responses, store::PrefixEnd(responses));
  for (; cursor->Valid() && !life.right.has_value(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto response,
                        model::DecodeMessage<v1::AttestationRow>(cursor->key(), cursor->value()));
    const auto kind = response.action().respond_concern().kind();
    if (kind == v1::RespondConcern::KIND_RECEIVED) continue;
    if (!life.answered.has_value()) life.answered = RecordIndex(response.record());
    if (kind == v1::RespondConcern::KIND_ACTION) life.right = RecordIndex(response.record());
  }
  FT_RETURN_IF_ERROR(cursor->status());
  // What is closed is closed once.
  FT_ASSIGN_OR_RETURN(const auto closed, NewestAttestation(state, v1::Action::kRaiseConcern, said.id(),
                                                           v1::Action::kCloseConcern));
  if (closed.has_value()) life.closed = RecordIndex(closed->record());
  return life;
}

bool Counts(const ConcernLife& concern, RecordIndex at, Date day) {
  if (concern.raised > at || IsBy(concern.closed, at)) return false;
  if (IsBy(concern.right, at)) return true;
  const bool overdue = std::int64_t{day.days()} - concern.raised_day.days() > kAnswerDays;
  return overdue && !IsBy(concern.answered, at);
}

CappedGrade GradeAt(const v1::SetMethod& method, std::uint64_t total,
                    const std::vector<ConcernLife>& concerns, RecordIndex at, Date day) {
  CappedGrade capped;
  capped.earned = GradeOf(method, total);
  const v1::Grade* best = FindGrade(method, capped.earned);
  for (const v1::Bar& bar : method.bars()) {
    const v1::Grade* left = FindGrade(method, bar.max_grade());
    if (best == nullptr || left == nullptr || left->from() >= best->from()) continue;
    const auto by = std::find_if(concerns.begin(), concerns.end(), [&](const ConcernLife& each) {
      return each.kind == bar.kind() && Counts(each, at, day);
    });
    if (by == concerns.end()) continue;
    best = left;
    capped.by = &*by;
  }
  capped.grade = best == nullptr ? capped.earned : best->name();
  return capped;
}

}  // namespace fundtrail::books
