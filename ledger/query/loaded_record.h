// A record as lists read it: decoded, with its transfers one by one, and these as lines of an answer.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fundtrail/v1/record.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/date.h"
#include "ledger/log/seal.h"
#include "ledger/query/transfer_facts.h"
#include "ledger/query/view.h"
#include "ledger/store/store.h"

namespace fundtrail::query {

struct LoadedRecord {
  Bytes bytes;
  v1::Record record;
  v1::Entry entry;
  struct Line {
    int action = 0;
    Date date;  // that counts
  };
  std::vector<Line> lines;  // its transfers
};

// DATA_LOSS when it is missing, or cannot be read.
StatusOr<LoadedRecord> LoadRecord(const View& view, RecordIndex index);

// Records one after another, upwards, and now and then one of the last again.
class RecordsUpwards {
 public:
  // `passes`: there may be so many that none of them is to be kept for others who ask. The view must outlive it.
  RecordsUpwards(const View& view, bool passes) : view_(view), passes_(passes) {}
  StatusOr<LoadedRecord> Get(RecordIndex index);

 private:
  const View& view_;
  const bool passes_;
  std::unique_ptr<store::Cursor> cursor_;
};

// `line` from 1, and one that the record has.
const v1::Transfer& TransferOf(const LoadedRecord& loaded, std::uint32_t line);
StatusOr<v1::TransferLine> LineOf(const LoadedRecord& loaded, std::uint32_t line, TransferFacts* facts);
// The same of a record that is not looked at again: the line gets what it had of it.
StatusOr<v1::TransferLine> TakeLineOf(LoadedRecord* loaded, std::uint32_t line, TransferFacts* facts);

}  // namespace fundtrail::query
