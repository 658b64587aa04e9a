// See timed_store.h.
#include "server/timed_store.h"

#include <utility>

#include "ledger/store/forwarding_store.h"

namespace fundtrail::server {
namespace {

class TimedStore final : public store::ForwardingStore {
 public:
  TimedStore(std::unique_ptr<store::Store> inner, pipeline::Rate::Seconds now, WriteWatch* watch)
      : ForwardingStore(std::move(inner)), now_(std::move(now)), watch_(*watch) {}

  Status Write(const store::Batch& batch) override {
    return Timed(batch, [&] { return ForwardingStore::Write(batch); });
  }
  Status WriteUnsynced(const store::Batch& batch) override {
    return Timed(batch, [&] { return ForwardingStore::WriteUnsynced(batch); });
  }

 private:
  template <typename Write>
  Status Timed(const store::Batch& batch, const Write& write) {
    std::uint64_t bytes = 0;
    for (const auto& [key, value] : batch) bytes += key.size() + (value ? value->size() : 0);
    const double start = now_();
    Status written = write();
    watch_.Add(now_() - start, bytes, written.ok());
    return written;
  }

  const pipeline::Rate::Seconds now_;
  WriteWatch& watch_;
};

}  // namespace

void WriteWatch::Add(double seconds, std::uint64_t bytes, bool ok) {
  const std::lock_guard lock(mutex_);
  times_.seconds.Add(seconds);
  ok ? times_.bytes += bytes : ++times_.failed;
}

WriteTimes WriteWatch::times() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

std::unique_ptr<store::Store> WithWriteTimes(std::unique_ptr<store::Store> store, pipeline::Rate::Seconds now,
                                             WriteWatch* watch) {
  return std::make_unique<TimedStore>(std::move(store), std::move(now), watch);
}

}  // namespace fundtrail::server
