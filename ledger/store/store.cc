// See store.h.
#include "ledger/store/store.h"

#include <cassert>

namespace fundtrail::store {

Bytes PrefixEnd(ByteView prefix) {
  Bytes end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  assert(!end.empty());
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace fundtrail::store
