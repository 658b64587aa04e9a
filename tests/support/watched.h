// A ledger in memory that an import works on, while other things happen.
#pragma once

#include <functional>
#include <string>

#include "ledger/intake/target.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {

// Before each append something else may happen, and may fail it.
class Watched final : public intake::Target {
 public:
  explicit Watched(log::Ledger* ledger) : ledger_(*ledger) {}
  std::function<Status(int number)> before = [](int) { return absl::OkStatus(); };

  const std::string& name() const override { return ledger_.name(); }
  const store::Reader& rows() const override { return ledger_.store(); }
  std::uint64_t size() const override { return ledger_.size(); }
  StatusOr<log::Receipt> Append(ByteView signed_entry) override {
    FT_RETURN_IF_ERROR(before(++appends_));
    return ledger_.AppendOne(signed_entry, clock_.Read());
  }

 private:
  log::Ledger& ledger_;
  TestClock clock_;
  int appends_ = 0;
};

}  // namespace fundtrail::testing
