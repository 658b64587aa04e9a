// The store under a server's ledger. It measures each write: how long it took until it was on the disk, and how many
// bytes it had.
#pragma once

#include <memory>
#include <mutex>

#include "ledger/pipeline/histogram.h"
#include "ledger/pipeline/rate.h"
#include "ledger/store/store.h"

namespace fundtrail::server {

struct WriteTimes {
  pipeline::Histogram seconds{{0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5}};
  std::uint64_t bytes = 0;  // keys and values, of writes that succeeded
  std::uint64_t failed = 0;
};

class WriteWatch {
 public:
  void Add(double seconds, std::uint64_t bytes, bool ok);
  WriteTimes times() const;

 private:
  mutable std::mutex mutex_;
  WriteTimes times_;
};

// The same store, watched. `watch` must outlive it.
std::unique_ptr<store::Store> WithWriteTimes(std::unique_ptr<store::Store> store, pipeline::Rate::Seconds now,
                                             WriteWatch* watch);

}  // namespace fundtrail::server
