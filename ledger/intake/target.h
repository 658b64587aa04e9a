// The ledger that an import works on, in a folder or behind a server.
#pragma once

#include <cstdint>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/log/ledger.h"

namespace fundtrail::intake {

// Its rows as they are after all that was appended, and the way to append.
class Target {
 public:
  virtual ~Target() = default;
  virtual const std::string& name() const = 0;
  virtual const store::Reader& rows() const = 0;
  virtual std::uint64_t size() const = 0;
  // Rows and size are those after it, also when it is refused, and may hold what others wrote meanwhile. `repeated` is
  // said of an entry that somebody else sent: not of one that was sent twice here since no answer came.
  virtual StatusOr<log::Receipt> Append(ByteView signed_entry) = 0;
};

}  // namespace fundtrail::intake
