// See need_open.h.
#include "ledger/books/money/need_open.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"
#include "ledger/books/state.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;

namespace {

// What others found of the present version; RESULT_UNSPECIFIED while nobody looked.
StatusOr<v1::VerifyNeed> FoundOf(const store::Reader& state, const v1::RegisterRow& need) {
  FT_ASSIGN_OR_RETURN(auto newest,
                      NewestAttestation(state, v1::Action::kDeclareNeed, need.action().declare_need().id(),
                                        v1::Action::kVerifyNeed));
  if (!newest.has_value() || newest->action().verify_need().version() != need.record())
    return v1::VerifyNeed();
  return std::move(*newest->mutable_action()->mutable_verify_need());
}

StatusOr<std::uint32_t> YearsOf(const v1::DeclareNeed& need, Date day) {
  if (!need.recurring() || need.from().empty()) return 1U;
  const auto first = ParseDate(need.from());
  if (!first.ok())
    return model::Damaged(keys::Item(v1::Action::kDeclareNeed, need.id()), "has a day that is not a date");
  return std::max(1U, YearsBegun(*first, day));
}

// What was paid straight for the need in an asset, out of all funds; kMaxInt64 when more came than can be counted.
StatusOr<std::int64_t> PaidStraight(const store::Reader& state, const v1::DeclareNeed& need) {
  const Bytes range = keys::NeedSumsOf(need.id());
  const Bytes end = store::PrefixEnd(range);
  std::int64_t sum = 0;
  for (Bytes at = range;;) {
    const auto cursor = state.Scan(at, end);
    if (!cursor->Valid()) {
      FT_RETURN_IF_ERROR(cursor->status());
      return sum;
    }
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadNeedSums(cursor->key()));
    const std::string fund(of.fund), asset(of.asset);
    if (asset == need.asset()) {
      FT_ASSIGN_OR_RETURN(const auto sums, GetNeedSums(state, need.id(), fund, asset));
      if (sums.beyond || !AddTo(&sum, sums.paid.value())) return kMaxInt64;
    }
    at = store::PrefixEnd(keys::NeedSumsOf(need.id(), fund, asset));
  }
}

std::int64_t Left(Wide asked, Wide gone) {
  return static_cast<std::int64_t>(std::clamp(asked - gone, Wide(0), Wide(kMaxInt64)));
}

}  // namespace

StatusOr<std::optional<std::string>> WhyNotInForce(const store::Reader& state, const v1::RegisterRow& need,
                                                   const Moment& moment) {
  const v1::DeclareNeed& said = need.action().declare_need();
  const auto why = [](std::string words) { return std::optional(std::move(words)); };
  // Days sort as their texts do.
  const std::string day = ToString(moment.recorded);
  if (said.from() > day) return why(absl::StrCat("it begins on ", said.from()));
  if (!said.until().empty() && said.until() < day)
    return why(absl::StrCat("its last day was ", said.until()));
  FT_ASSIGN_OR_RETURN(const auto found, FoundOf(state, need));
  switch (found.result()) {
    case v1::VerifyNeed::RESULT_CONFIRMED:
    case v1::VerifyNeed::RESULT_CORRECTED:
      return std::optional<std::string>();
    case v1::VerifyNeed::RESULT_REFUSED:
      return why(absl::StrCat("it was looked at and refused, in its version of record ", need.record()));
    default:
      return why(absl::StrCat("nobody verified its present version, that of record ", need.record()));
  }
}

StatusOr<NeedOpen> OpenOf(const store::Reader& state, const v1::RegisterRow& need, const Moment& moment) {
  const v1::DeclareNeed& said = need.action().declare_need();
  FT_ASSIGN_OR_RETURN(const auto found, FoundOf(state, need));
  FT_ASSIGN_OR_RETURN(const std::uint32_t years, YearsOf(said, moment.recorded));
  FT_ASSIGN_OR_RETURN(const auto assigned, GetSupply(state, model::Supply::kNeed, said.id()));
  FT_ASSIGN_OR_RETURN(const std::int64_t paid, PaidStraight(state, said));
  const std::int64_t amount =
      found.result() == v1::VerifyNeed::RESULT_CORRECTED ? found.amount() : said.amount();
  const Wide asked = std::min(Wide(amount) * years, Wide(kMaxInt64));
  const Wide quantity = std::min(Wide(said.quantity()) * years, Wide(kMaxInt64));
  return NeedOpen{Amount(Left(asked, Wide(paid) + assigned.assigned())), Left(quantity, assigned.quantity())};
}

Status CheckNeedAmended(const store::Reader& state, const v1::DeclareNeed& before,
                        const v1::DeclareNeed& need, const std::string& field) {
  // Place and category are fixed anyway: the pledges go on covering the need.
  const char* other = nullptr;
  if (before.target_group() != need.target_group()) other = ".target_group";
  if (before.unit() != need.unit()) other = ".unit";
  if (before.asset() != need.asset()) other = ".asset";
  if (other == nullptr) return absl::OkStatus();
  const Bytes prefix = keys::SupplySumsOf(model::Supply::kNeed, need.id());
  FT_ASSIGN_OR_RETURN(const auto last, state.Last(prefix, store::PrefixEnd(prefix)));
  if (!last.has_value()) return absl::OkStatus();
  return model::Refuse(v1::REFUSAL_CODE_FIELD_FIXED, field + other,
                       "is fixed since something was assigned to the need: declare another one");
}

}  // namespace fundtrail::books
