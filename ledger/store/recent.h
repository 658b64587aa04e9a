// What was looked at lately, by key, in bounded memory. For the caches of this room only: no other room includes this.
//
// Two generations: when the young one is full it becomes the old one, and the old one goes. What is asked for again in between
// moves to the young one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/base/bytes.h"

namespace fundtrail::store {

// Not thread-safe. Whoever has the hash of a key already gives it: a key that is looked for in several of them is hashed once.
template <typename Value>
class Recent {
 public:
  // Keeps up to about so many bytes.
  explicit Recent(std::size_t bytes) : half_(bytes / 2) {}

  static std::size_t HashOf(ByteView key) { return Hash()(key); }

  // Null when it is not known. It lasts until the next call.
  const Value* Find(ByteView key) { return Find(key, HashOf(key)); }
  const Value* Find(ByteView key, std::size_t hash) {
    const auto found = young_.find(key, hash);
    if (found != young_.end()) return &found->second.value;
    const auto old = old_.find(key, hash);
    if (old == old_.end()) return nullptr;
    Kept kept = std::move(old->second);
    old_.erase(old);
    return &Put(key, std::move(kept.value), kept.bytes);
  }

  // `bytes`: how many the value has.
  const Value& Put(ByteView key, Value value, std::size_t bytes) {
    const std::size_t size = key.size() + bytes + kOverhead;
    if (bytes_ + size > half_) MakeRoom();
    bytes_ += size;
    return young_.insert_or_assign(Bytes(key), Kept{std::move(value), bytes}).first->second.value;
  }

  // In place of what is known; nothing happens when it is not known, and the value is not made. What it grows by counts.
  template <typename Make>
  void Update(ByteView key, std::size_t bytes, const Make& make) {
    Update(key, HashOf(key), bytes, make);
  }
  template <typename Make>
  void Update(ByteView key, std::size_t hash, std::size_t bytes, const Make& make) {
    if (const auto found = young_.find(key, hash); found != young_.end()) {
      bytes_ += bytes - std::min(bytes, found->second.bytes);
      found->second = Kept{make(), bytes};
      if (bytes_ > half_) MakeRoom();
    } else if (const auto old = old_.find(key, hash); old != old_.end()) {
      old_.erase(old);
      (void)Put(key, make(), bytes);
    }
  }

  void Forget(ByteView key, std::size_t hash) {
    if (const auto found = young_.find(key, hash); found != young_.end()) young_.erase(found);
    if (const auto old = old_.find(key, hash); old != old_.end()) old_.erase(old);
  }

  void Clear() {
    young_.clear();
    old_.clear();
    bytes_ = 0;
  }

 private:
  static constexpr std::size_t kOverhead = 100;  // of an entry in a hash map, about
  struct Kept {
    Value value;
    std::size_t bytes = 0;
  };
  // Debian's absl has a string_view of its own, and so no hash of ByteView.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(ByteView key) const { return std::hash<ByteView>{}(key); }
  };
  using Map = absl::flat_hash_map<Bytes, Kept, Hash, std::equal_to<>>;
  void MakeRoom() {
    old_ = std::exchange(young_, {});
    bytes_ = 0;
  }
  const std::size_t half_;
  std::size_t bytes_ = 0;  // of the young ones, with some counted twice
  Map young_;
  Map old_;
};

}  // namespace fundtrail::store
