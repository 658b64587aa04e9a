// Going through far more rows than are asked for again.
#pragma once

#include <memory>

#include "ledger/store/store.h"

namespace fundtrail::store {

// A reader that knows how.
class PassingReader {
 public:
  virtual ~PassingReader() = default;
  virtual std::unique_ptr<Cursor> ScanThrough(ByteView begin, ByteView end) const = 0;
};

// As Reader::Scan, but what is kept of rows that are asked for often makes no room for these. Of a reader that keeps none it is the same.
std::unique_ptr<Cursor> ScanThrough(const Reader& reader, ByteView begin, ByteView end);

}  // namespace fundtrail::store
