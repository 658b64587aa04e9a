// See arrival.h.
#include "ledger/query/arrival.h"

#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<std::optional<v1::AttestationRow>> NewestAcknowledgement(const View& view, TransferRef ref,
                                                                  AsOfRecord as_of) {
  const Bytes prefix = keys::AcknowledgedOf(ref);
  const Bytes end =
      as_of.has_value() ? keys::Acknowledged(ref, RecordIndex(*as_of + 1), 0) : store::PrefixEnd(prefix);
  FT_ASSIGN_OR_RETURN(const auto last, view.rows->Last(prefix, end));
  if (!last.has_value()) return std::optional<v1::AttestationRow>();
  FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::AttestationRow>(last->first, last->second));
  return std::optional(std::move(row));
}

v1::AcknowledgementLine::Status StatusBy(const std::optional<v1::AttestationRow>& acknowledgement) {
  if (!acknowledgement.has_value()) return v1::AcknowledgementLine::STATUS_SILENT;
  switch (acknowledgement->action().acknowledge().result()) {
    case v1::Acknowledge::RESULT_RECEIVED:
      return v1::AcknowledgementLine::STATUS_CONFIRMED;
    case v1::Acknowledge::RESULT_PARTLY:
      return v1::AcknowledgementLine::STATUS_PARTLY;
    default:
      return v1::AcknowledgementLine::STATUS_DISPUTED;
  }
}

}  // namespace fundtrail::query
