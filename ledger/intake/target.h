// The ledger that an import works on, in a folder or behind a server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

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

  // The place of the next entry, where nobody else gives out places: what is judged for it is not judged again. Nothing where
  // others write too.
  virtual StatusOr<std::optional<log::Place>> NextPlace() { return std::optional<log::Place>(); }
  // Hands over an entry that was judged for the place that NextPlace gave, with the rows that it makes. It may still be on its
  // way when this returns, and the rows and the size have it already. An error is that of the entry before it, or its own.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who overrides it keeps them
  virtual Status AppendJudged(ByteView /*signed_entry*/, log::Judged /*judged*/, store::Batch /*rows*/) {
    return absl::UnimplementedError("this ledger gives out no places");
  }
  // Returns when what was handed over is in the ledger. After an error rows and size are without it.
  virtual Status Settle() { return absl::OkStatus(); }
};

}  // namespace fundtrail::intake
