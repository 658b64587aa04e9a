// See passing.h.
#include "ledger/store/passing.h"

namespace fundtrail::store {

std::unique_ptr<Cursor> ScanThrough(const Reader& reader, ByteView begin, ByteView end) {
  const auto* const passing = dynamic_cast<const PassingReader*>(&reader);
  return passing == nullptr ? reader.Scan(begin, end) : passing->ScanThrough(begin, end);
}

}  // namespace fundtrail::store
