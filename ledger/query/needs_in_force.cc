// See needs_in_force.h.
#include "ledger/query/needs_in_force.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using Judged = std::optional<v1::VerifyNeed>;

// What somebody found, as what was said newest about the need.
Judged FoundIn(std::optional<v1::AttestationRow> newest) {
  if (!newest.has_value()) return Judged();
  return Judged(std::move(*newest->mutable_action()->mutable_verify_need()));
}

NeedStanding StandingOf(const v1::RegisterRow& row, const std::string& day) {
  const v1::DeclareNeed& said = row.action().declare_need();
  if (row.has_ended()) return NeedStanding::kEnded;
  // Days sort as their texts do.
  if (!said.until().empty() && said.until() < day) return NeedStanding::kExpired;
  return said.from() <= day ? NeedStanding::kInForce : NeedStanding::kNotBegun;
}

StatusOr<Date> DayIn(const v1::RegisterRow& row, const std::string& text) {
  const auto day = ParseDate(text);
  if (day.ok()) return *day;
  return model::Damaged(keys::Item(v1::Action::kDeclareNeed, row.action().declare_need().id()),
                        "has a day that is not a date");
}

StatusOr<std::uint32_t> YearsOf(const View& view, const v1::RegisterRow& row, const std::string& day) {
  const v1::DeclareNeed& said = row.action().declare_need();
  if (said.from() > day) return 0U;
  if (!said.recurring()) return 1U;
  FT_ASSIGN_OR_RETURN(Date last, ParseDate(day));
  if (!said.until().empty()) {
    FT_ASSIGN_OR_RETURN(const Date until, DayIn(row, said.until()));
    last = std::min(last, until);
  }
  if (row.has_ended()) {
    FT_ASSIGN_OR_RETURN(const Date ended, DayOf(view, RecordIndex(row.ended().record())));
    last = std::min(last, ended);
  }
  Date first;
  if (said.from().empty()) {
    FT_ASSIGN_OR_RETURN(first, DayOf(view, RecordIndex(row.opened())));
  } else {
    FT_ASSIGN_OR_RETURN(first, DayIn(row, said.from()));
  }
  return std::max(1U, YearsBegun(first, last));
}

StatusOr<NeedInForce> NeedFrom(const View& view, const v1::RegisterRow& row, const std::string& day,
                               const Judged& newest) {
  const v1::DeclareNeed& said = row.action().declare_need();
  NeedInForce need;
  need.said = &said;
  need.record = row.record();
  need.opened = row.opened();
  need.standing = StandingOf(row, day);
  need.people = said.people();
  need.amount = said.amount();
  need.severity = said.severity();
  // Each was of the version that was the present one: when the newest is of another, none is of this one.
  if (newest.has_value() && newest->version() == row.record()) {
    need.found = newest->result();
    if (need.found == v1::VerifyNeed::RESULT_CORRECTED) {
      need.people = newest->people();
      need.amount = newest->amount();
      need.severity = newest->severity();
    }
  }
  const Bytes key = keys::Item(v1::Action::kDeclareNeed, said.id());
  if (need.people < 0 || need.amount < 0 || said.quantity() < 0)
    return model::Damaged(key, "asks for less than nothing");
  if (need.severity > kMaxSevere || said.priority() > kLeastUrgent)
    return model::Damaged(key, "has a severity or priority out of its range");
  FT_ASSIGN_OR_RETURN(need.years, YearsOf(view, row, day));
  if (__builtin_mul_overflow(need.amount, std::int64_t{need.years}, &need.asked))
    need.asked = std::numeric_limits<std::int64_t>::max();
  return need;
}

struct Wanted {
  const std::vector<std::string>* ids = nullptr;  // null: all
  bool in_force = false;                          // no others
};

Status EachWanted(const View& view, const std::string& day, AsOfRecord as_of, const Wanted& wanted,
                  const std::function<Status(const NeedInForce&)>& take) {
  const auto skips = [&](const v1::RegisterRow& row) {
    return wanted.in_force && StandingOf(row, day) != NeedStanding::kInForce;
  };
  NewestSaidWalk said(view, v1::Action::kDeclareNeed, v1::Action::kVerifyNeed, as_of);
  const auto take_row = [&](const v1::RegisterRow& row) -> Status {
    if (skips(row)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(auto newest, said.Of(row.action().declare_need().id()));
    FT_ASSIGN_OR_RETURN(const NeedInForce need, NeedFrom(view, row, day, FoundIn(std::move(newest))));
    return take(need);
  };
  return wanted.ids == nullptr ? EachItem(view, v1::Action::kDeclareNeed, as_of, take_row)
                               : EachItemOf(view, v1::Action::kDeclareNeed, *wanted.ids, as_of, take_row);
}

}  // namespace

bool Counts(const NeedInForce& need, bool unverified) {
  if (need.found == v1::VerifyNeed::RESULT_REFUSED) return false;
  if (need.found == v1::VerifyNeed::RESULT_UNSPECIFIED && !unverified) return false;
  return need.people > 0 || need.amount > 0 || need.said->quantity() > 0;
}

Status EachNeedInForce(const View& view, const std::string& day, AsOfRecord as_of,
                       const std::vector<std::string>* ids,
                       const std::function<Status(const NeedInForce&)>& take) {
  return EachWanted(view, day, as_of, {ids, true}, take);
}

Status EachNeed(const View& view, const std::string& day, AsOfRecord as_of,
                const std::vector<std::string>* ids, const std::function<Status(const NeedInForce&)>& take) {
  return EachWanted(view, day, as_of, {ids, false}, take);
}

StatusOr<NeedInForce> NeedOn(const View& view, const v1::RegisterRow& row, const std::string& day,
                             AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(auto newest,
                      NewestSaid(view, v1::Action::kDeclareNeed, row.action().declare_need().id(),
                                 v1::Action::kVerifyNeed, as_of));
  return NeedFrom(view, row, day, FoundIn(std::move(newest)));
}

}  // namespace fundtrail::query
