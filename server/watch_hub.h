// Who waits for the next record: told of each group that is sealed, and of the end. Knows nothing of gRPC.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_set>

namespace fundtrail::server {

class WatchHub {
 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    // Called once for each Wait that answered kWaits, unless Leave came first; from any thread, and must not block.
    // `closed`: no more will come.
    virtual void Resume(bool closed) = 0;
  };
  enum class Waited { kWaits, kAgain, kGone, kClosed };

  // How many groups were sealed: to be read before the rows.
  std::uint64_t seals() const {
    const std::lock_guard lock(mutex_);
    return seals_;
  }
  // The reader has looked at all that was there after `seals`. kAgain: more was sealed since. kGone: `is_gone` says
  // that nobody reads any more. It is asked under the lock that Leave takes, so that none waits for ever.
  template <typename IsGone>
  Waited Wait(Reader* reader, std::uint64_t seals, const IsGone& is_gone) {
    const std::lock_guard lock(mutex_);
    if (is_gone()) return Waited::kGone;
    if (seals != seals_) return Waited::kAgain;
    if (closed_) return Waited::kClosed;
    waiting_.insert(reader);
    return Waited::kWaits;
  }
  // Whether it waited: then nobody resumes it any more, and it is the caller's to end.
  bool Leave(Reader* reader) {
    const std::lock_guard lock(mutex_);
    return waiting_.erase(reader) > 0;
  }
  // A group was sealed.
  void Sealed() { Wake(false); }
  // Nothing more will be sealed.
  void Close() { Wake(true); }

 private:
  void Wake(bool closed) {
    std::unordered_set<Reader*> woken;
    {
      const std::lock_guard lock(mutex_);
      if (closed) {
        closed_ = true;
      } else {
        ++seals_;
      }
      woken.swap(waiting_);
    }
    // Each of them is ours alone now, until it is resumed.
    for (Reader* const reader : woken) reader->Resume(closed);
  }

  mutable std::mutex mutex_;
  std::uint64_t seals_ = 0;
  bool closed_ = false;
  std::unordered_set<Reader*> waiting_;
};

}  // namespace fundtrail::server
