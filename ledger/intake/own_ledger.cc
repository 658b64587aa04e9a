// See own_ledger.h.
#include "ledger/intake/own_ledger.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/log/seal.h"

namespace fundtrail::intake {

StatusOr<log::Receipt> OwnLedger::Append(ByteView signed_entry) {
  FT_RETURN_IF_ERROR(Settle());
  recorded_.reset();
  FT_ASSIGN_OR_RETURN(const auto receipt, way_.append(signed_entry));
  size_ = std::max(size_, receipt.record.value() + 1);
  return receipt;
}

StatusOr<std::optional<log::Place>> OwnLedger::NextPlace() {
  if (!recorded_.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto last, log::NeedRecord(in_flight_, RecordIndex(size_ - 1)));
    recorded_ = Timestamp(last.record.recorded_micros());
  }
  const Timestamp next = std::max(clock_(), Timestamp(recorded_->micros() + 1));
  return std::optional(log::Place{RecordIndex(size_), *recorded_, next});
}

Status OwnLedger::AppendJudged(ByteView signed_entry, log::Judged judged, store::Batch rows) {
  FT_RETURN_IF_ERROR(Settle());
  const log::Place place = judged.place;
  in_flight_.Add(std::move(rows));
  judged.rows = &in_flight_.pending();
  auto answer = std::make_shared<std::promise<StatusOr<log::Receipt>>>();
  auto future = answer->get_future();
  Status taken =
      way_.hand_over(Bytes(signed_entry), std::make_shared<const log::Judged>(std::move(judged)),
                     [answer](StatusOr<log::Receipt> receipt) { answer->set_value(std::move(receipt)); });
  if (!taken.ok()) {
    in_flight_.Discard();
    return taken;
  }
  answer_ = std::move(future);
  recorded_ = place.recorded;
  size_ = place.record.value() + 1;
  return absl::OkStatus();
}

Status OwnLedger::Settle() {
  if (!answer_.valid()) return absl::OkStatus();
  const StatusOr<log::Receipt> receipt = answer_.get();
  in_flight_.Discard();  // the ledger has them, or they are of no use
  if (receipt.ok() && !receipt->repeated && receipt->record.value() + 1 == size_) return absl::OkStatus();
  // Nothing was recorded at the place: it is the next one again.
  recorded_.reset();
  --size_;
  FT_RETURN_IF_ERROR(receipt.status());
  return absl::InternalError(absl::StrCat("the entry for record ", size_, " became record ",
                                          receipt->record.value(),
                                          ", and what was made after it does not fit: run the import again"));
}

}  // namespace fundtrail::intake
