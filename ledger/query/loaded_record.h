// A record as lists read it: decoded, with its transfers one by one, and these as lines of an answer.
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "fundtrail/v1/record.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/date.h"
#include "ledger/query/transfer_facts.h"
#include "ledger/query/view.h"
#include "ledger/store/store.h"

namespace fundtrail::query {

// Its messages lie in the arena that they were read into. A record has hundreds of parts: allotted one by one they take a third of the
// time of a list.
struct LoadedRecord {
  v1::Record* record = nullptr;
  v1::Entry* entry = nullptr;
  struct Line {
    int action = 0;
    Date date;  // that counts
  };
  std::vector<Line> lines;  // its transfers
  std::size_t bytes = 0;    // that it has in the log
};

// The bytes of a record. DATA_LOSS when it is missing.
StatusOr<Bytes> BytesOf(const View& view, RecordIndex index);
// DATA_LOSS when it is missing, or cannot be read.
Status LoadRecord(const View& view, RecordIndex index, google::protobuf::Arena* arena, LoadedRecord* loaded);
// The same of what was looked up.
Status LoadRecord(RecordIndex index, ByteView bytes, google::protobuf::Arena* arena, LoadedRecord* loaded);

// Records one after another, upwards, and now and then one of the last again.
class RecordsUpwards {
 public:
  // `passes`: there may be so many that none of them is to be kept for others who ask. The view must outlive it.
  RecordsUpwards(const View& view, bool passes) : view_(view), passes_(passes) {}
  Status Get(RecordIndex index, google::protobuf::Arena* arena, LoadedRecord* loaded);

 private:
  const View& view_;
  const bool passes_;
  std::unique_ptr<store::Cursor> cursor_;
};

// `line` from 1, and one that the record has.
const v1::Transfer& TransferOf(const LoadedRecord& loaded, std::uint32_t line);
StatusOr<v1::TransferLine> LineOf(const LoadedRecord& loaded, std::uint32_t line, TransferFacts* facts);
// The same of a record that is not looked at again: the line, which is empty, gets what it had of it. Nothing is copied where both lie in
// one arena.
Status TakeLineOf(LoadedRecord* loaded, std::uint32_t line, TransferFacts* facts, v1::TransferLine* out);

}  // namespace fundtrail::query
