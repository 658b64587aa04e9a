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
    case v1::REFUSAL_CODE_SIGNATURE_INVALID:
    case v1::REFUSAL_CODE_KEY_NOT_AUTHORISED:
    case v1::REFUSAL_CODE_QUORUM_MISSING:
    case v1::REFUSAL_CODE_APPROVER_RECUSED:
    case v1::REFUSAL_CODE_NEED_SELF_VERIFIED:
    case v1::REFUSAL_CODE_OUTSIDE_ITS_PLACE:
    case v1::REFUSAL_CODE_NOT_RESPONSIBLE:
    case v1::REFUSAL_CODE_APPROVAL_MISSING:
    case v1::REFUSAL_CODE_GROUP_QUORUM:
    case v1::REFUSAL_CODE_GROUP_LEVEL:
    case v1::REFUSAL_CODE_MEMBER_RECUSED:
    case v1::REFUSAL_CODE_ACK_NOT_PAYEE:
    case v1::REFUSAL_CODE_AGENT_RECUSED:
    case v1::REFUSAL_CODE_VERDICT_STANDS:
      return absl::StatusCode::kPermissionDenied;
    case v1::REFUSAL_CODE_REFERENCE_UNKNOWN:
    case v1::REFUSAL_CODE_KEY_UNKNOWN:
    case v1::REFUSAL_CODE_EARMARK_UNKNOWN:
    case v1::REFUSAL_CODE_RETURN_UNKNOWN:
      return absl::StatusCode::kNotFound;
    case v1::REFUSAL_CODE_ID_TAKEN:
    case v1::REFUSAL_CODE_KEY_EXISTS:
    case v1::REFUSAL_CODE_ID_REUSED:
    case v1::REFUSAL_CODE_ALTERNATIVE_ID_EXISTS:
      return absl::StatusCode::kAlreadyExists;
    case v1::REFUSAL_CODE_INSUFFICIENT_FUNDS:
    case v1::REFUSAL_CODE_EARMARK_SHORT:
    case v1::REFUSAL_CODE_RETURN_SHORT:
    case v1::REFUSAL_CODE_RECIPIENT_CANNOT_PAY:
    case v1::REFUSAL_CODE_ROOT_QUORUM_LOST:
    case v1::REFUSAL_CODE_REFERENCE_ENDED:
    case v1::REFUSAL_CODE_AMEND_STALE:
    case v1::REFUSAL_CODE_FIELD_FIXED:
    case v1::REFUSAL_CODE_WRONG_LEDGER:
    case v1::REFUSAL_CODE_RULES_NOT_NEWER:
    case v1::REFUSAL_CODE_RULES_UNKNOWN:
    case v1::REFUSAL_CODE_PROJECT_NOT_OPEN:
    case v1::REFUSAL_CODE_GROUP_INCOMPLETE:
    case v1::REFUSAL_CODE_TERM_OVER:
    case v1::REFUSAL_CODE_NOT_IN_FORCE:
    case v1::REFUSAL_CODE_PLEDGE_SHORT:
    case v1::REFUSAL_CODE_NEED_FILLED:
    case v1::REFUSAL_CODE_COMMITMENT_SHORT:
    case v1::REFUSAL_CODE_CONCERN_CLOSED:
    case v1::REFUSAL_CODE_VERDICT_UNFOUNDED:
    case v1::REFUSAL_CODE_FUNDS_FROZEN:
    case v1::REFUSAL_CODE_APPEAL_MISSING:
    case v1::REFUSAL_CODE_NOTICE_PENDING:
      return absl::StatusCode::kFailedPrecondition;
    case v1::REFUSAL_CODE_OVERFLOW:
    case v1::REFUSAL_CODE_RECORD_TOO_LARGE:
      return absl::StatusCode::kOutOfRange;
    case v1::REFUSAL_CODE_MALFORMED:
    case v1::REFUSAL_CODE_FIELD_INVALID:
    case v1::REFUSAL_CODE_GENESIS_MISPLACED:
    case v1::REFUSAL_CODE_PERIOD_INVALID:
    case v1::REFUSAL_CODE_KIND_MISMATCH:
    case v1::REFUSAL_CODE_SPLIT_INVALID:
    case v1::REFUSAL_CODE_TARGET_MISSING:
    case v1::REFUSAL_CODE_SCOPE_MISMATCH:
    case v1::REFUSAL_CODE_ROLE_MISSING:
    case v1::REFUSAL_CODE_ROLE_TWICE:
    case v1::REFUSAL_CODE_SEPARATION:
    case v1::REFUSAL_CODE_SCOPE_WIDER:
    case v1::REFUSAL_CODE_ACK_EXCEEDS:
    case v1::REFUSAL_CODE_NOTICE_SHORT:
    case v1::REFUSAL_CODE_SCORES_INCOMPLETE:
    case v1::REFUSAL_CODE_REPORT_MISSING:
    case v1::REFUSAL_CODE_UNSPECIFIED:
    case v1::RefusalCode_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::RefusalCode_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return absl::StatusCode::kInvalidArgument;
}

}  // namespace fundtrail::model
