// See refusal.h.
#include "ledger/model/refusal.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::model {
namespace {

constexpr char kPayload[] = "fundtrail.org/refusal";

}  // namespace

Status Refuse(v1::RefusalCode code, std::string_view field, std::string_view sentence) {
  v1::Refusal refusal;
  refusal.set_code(code);
  refusal.set_field(std::string(field));
  refusal.set_sentence(std::string(sentence));
  return Refuse(refusal);
}

Status Refuse(const v1::Refusal& refusal) {
  Status status(StatusCodeOf(refusal.code()), refusal.field().empty()
                                                  ? refusal.sentence()
                                                  : absl::StrCat(refusal.field(), ": ", refusal.sentence()));
  status.SetPayload(kPayload, absl::Cord(refusal.SerializeAsString()));
  return status;
}

std::optional<v1::Refusal> RefusalOf(const Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload.has_value()) return std::nullopt;
  v1::Refusal refusal;
  if (!refusal.ParseFromString(std::string(*payload))) return std::nullopt;
  return refusal;
}

absl::StatusCode StatusCodeOf(v1::RefusalCode code) {
  switch (code) {
    case v1::SIGNATURE_INVALID:
    case v1::KEY_NOT_AUTHORISED:
    case v1::QUORUM_MISSING:
    case v1::APPROVER_RECUSED:
    case v1::NEED_SELF_VERIFIED:
    case v1::OUTSIDE_ITS_PLACE:
    case v1::NOT_RESPONSIBLE:
    case v1::APPROVAL_MISSING:
    case v1::GROUP_QUORUM:
    case v1::GROUP_LEVEL:
    case v1::MEMBER_RECUSED:
    case v1::ACK_NOT_PAYEE:
    case v1::AGENT_RECUSED:
    case v1::VERDICT_STANDS:
      return absl::StatusCode::kPermissionDenied;
    case v1::REFERENCE_UNKNOWN:
    case v1::KEY_UNKNOWN:
    case v1::EARMARK_UNKNOWN:
    case v1::RETURN_UNKNOWN:
      return absl::StatusCode::kNotFound;
    case v1::ID_TAKEN:
    case v1::KEY_EXISTS:
    case v1::ID_REUSED:
    case v1::ALTERNATIVE_ID_EXISTS:
      return absl::StatusCode::kAlreadyExists;
    case v1::INSUFFICIENT_FUNDS:
    case v1::EARMARK_SHORT:
    case v1::RETURN_SHORT:
    case v1::RECIPIENT_CANNOT_PAY:
    case v1::ROOT_QUORUM_LOST:
    case v1::REFERENCE_ENDED:
    case v1::AMEND_STALE:
    case v1::FIELD_FIXED:
    case v1::WRONG_LEDGER:
    case v1::RULES_NOT_NEWER:
    case v1::RULES_UNKNOWN:
    case v1::PROJECT_NOT_OPEN:
    case v1::GROUP_INCOMPLETE:
    case v1::TERM_OVER:
    case v1::NOT_IN_FORCE:
    case v1::PLEDGE_SHORT:
    case v1::NEED_FILLED:
    case v1::COMMITMENT_SHORT:
    case v1::CONCERN_CLOSED:
    case v1::VERDICT_UNFOUNDED:
    case v1::FUNDS_FROZEN:
    case v1::APPEAL_MISSING:
    case v1::NOTICE_PENDING:
      return absl::StatusCode::kFailedPrecondition;
    case v1::OVERFLOW:
    case v1::RECORD_TOO_LARGE:
      return absl::StatusCode::kOutOfRange;
    case v1::MALFORMED:
    case v1::FIELD_INVALID:
    case v1::GENESIS_MISPLACED:
    case v1::PERIOD_INVALID:
    case v1::KIND_MISMATCH:
    case v1::SPLIT_INVALID:
    case v1::TARGET_MISSING:
    case v1::SCOPE_MISMATCH:
    case v1::ROLE_MISSING:
    case v1::ROLE_TWICE:
    case v1::SEPARATION:
    case v1::SCOPE_WIDER:
    case v1::ACK_EXCEEDS:
    case v1::NOTICE_SHORT:
    case v1::SCORES_INCOMPLETE:
    case v1::REPORT_MISSING:
    case v1::REFUSAL_UNSPECIFIED:
    case v1::RefusalCode_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::RefusalCode_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return absl::StatusCode::kInvalidArgument;
}

}  // namespace fundtrail::model
