// The ledger of a folder that this process alone writes. Nobody else gives out places, so an entry is judged once: as it is made,
// for the place that it will have (docs/decisions/0028-judged-once.md). One entry is written while the next one is made.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/base/date.h"
#include "ledger/intake/target.h"
#include "ledger/store/overlay.h"

namespace fundtrail::intake {

// How entries reach it.
struct WayIn {
  // Waits for the receipt.
  std::function<StatusOr<log::Receipt>(ByteView signed_entry)> append;
  // Does not wait: `done` is called once, from any thread. After an error it is not called.
  using Done = std::function<void(StatusOr<log::Receipt>)>;
  std::function<Status(Bytes signed_entry, std::shared_ptr<const log::Judged> judged, Done done)> hand_over;
};

class OwnLedger final : public Target {
 public:
  // `rows` are the ledger's as they are now, of `size` records, and must outlive it.
  OwnLedger(std::string name, const store::Reader& rows, std::uint64_t size, WayIn way, log::Clock clock)
      : name_(std::move(name)),
        size_(size),
        way_(std::move(way)),
        clock_(std::move(clock)),
        in_flight_(rows) {}
  // Waits: whoever writes reads the rows here until it answers.
  ~OwnLedger() override { (void)Settle(); }
  OwnLedger(const OwnLedger&) = delete;
  OwnLedger& operator=(const OwnLedger&) = delete;

  const std::string& name() const override { return name_; }
  const store::Reader& rows() const override { return in_flight_; }
  std::uint64_t size() const override { return size_; }
  StatusOr<log::Receipt> Append(ByteView signed_entry) override;
  StatusOr<std::optional<log::Place>> NextPlace() override;
  Status AppendJudged(ByteView signed_entry, log::Judged judged, store::Batch rows) override;
  Status Settle() override;

 private:
  const std::string name_;
  std::uint64_t size_;  // with what is on its way
  const WayIn way_;
  const log::Clock clock_;
  std::optional<Timestamp> recorded_;  // of the last of these records; nothing: it was not looked at
  store::Overlay in_flight_;           // the rows of the entry that is on its way
  std::future<StatusOr<log::Receipt>> answer_;
};

}  // namespace fundtrail::intake
