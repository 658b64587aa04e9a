// See coverage_needs.h.
#include "ledger/query/coverage_needs.h"

#include <memory>
#include <optional>
#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What was found of needs, asked for in the order of their ids: one walk over all that was said about them.
class Verifications {
 public:
  Verifications(const View& view, AsOfRecord as_of) : view_(view), as_of_(as_of) {
    Bytes of_needs = keys::AttestationsAbout(v1::Action::kDeclareNeed, "");
    of_needs.pop_back();  // what ends the id
    rows_ = view.rows->Scan(of_needs, store::PrefixEnd(of_needs));
  }

  // The newest about any version of the need.
  StatusOr<std::optional<v1::VerifyNeed>> NewestOf(const std::string& id) {
    bool found = false;
    for (; rows_->Valid(); rows_->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto said, keys::ReadAttestation(rows_->key()));
      if (said.id > id) break;
      if (said.id != id || said.action != v1::Action::kVerifyNeed) continue;
      if (as_of_.has_value() && said.record.value() > *as_of_) continue;
      key_ = rows_->key();
      value_ = rows_->value();
      found = true;
    }
    FT_RETURN_IF_ERROR(rows_->status());
    if (!found) return std::optional<v1::VerifyNeed>();
    FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::AttestationRow>(key_, value_));
    return std::optional(std::move(*row.mutable_action()->mutable_verify_need()));
  }

 private:
  const View& view_;
  const AsOfRecord as_of_;
  std::unique_ptr<store::Cursor> rows_;
  Bytes key_, value_;
};

}  // namespace

bool Counts(const NeedInForce& need, bool unverified) {
  if (need.found == v1::VerifyNeed::REFUSED) return false;
  if (need.found == v1::VerifyNeed::RESULT_UNSPECIFIED && !unverified) return false;
  return need.people > 0 || need.amount > 0 || need.said->quantity() > 0;
}

Status EachNeedInForce(const View& view, const std::string& day, AsOfRecord as_of,
                       const std::function<Status(const NeedInForce&)>& take) {
  Verifications verifications(view, as_of);
  return EachItem(view, v1::Action::kDeclareNeed, as_of, [&](const v1::RegisterRow& row) -> Status {
    const v1::DeclareNeed& said = row.action().declare_need();
    if (row.has_ended() || !IsInPeriod(day, said.from(), said.until())) return absl::OkStatus();
    NeedInForce need;
    need.said = &said;
    need.people = said.people();
    need.amount = said.amount();
    FT_ASSIGN_OR_RETURN(const auto newest, verifications.NewestOf(said.id()));
    // Each was of the version that was the present one: when the newest is of another, none is of this one.
    if (newest.has_value() && newest->version() == row.record()) {
      need.found = newest->result();
      if (need.found == v1::VerifyNeed::CORRECTED) {
        need.people = newest->people();
        need.amount = newest->amount();
      }
    }
    if (need.people < 0 || need.amount < 0 || said.quantity() < 0)
      return model::Damaged(keys::Item(v1::Action::kDeclareNeed, said.id()), "asks for less than nothing");
    return take(need);
  });
}

}  // namespace fundtrail::query
