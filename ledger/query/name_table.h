// Names that were looked up lately, by id: in few bytes each, so that a list of many parties finds most of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"

namespace fundtrail::query {

// Two halves: when the one that grows is full it becomes the other, and what that one had is forgotten. What is found in the other one stays
// there, so that ids which come round in one order are all found while they fit. Not for two threads at once.
class NameTable {
 public:
  // Keeps up to so many bytes of ids and names, with four more for each. What it needs beside them is a fifth of that, about.
  explicit NameTable(std::size_t bytes) : half_bytes_(bytes / 2) {}

  // Nothing when it is not known. It lasts until the next Put.
  std::optional<std::string_view> Find(std::string_view id) const {
    const std::size_t hash = HashOf(id);
    const auto found = FindIn(grows_, id, hash);
    return found.has_value() ? found : FindIn(other_, id, hash);
  }

  // Of an id that is not known. What is longer than 64 KiB, or than half of the table, is not kept.
  void Put(std::string_view id, std::string_view name) {
    const std::size_t bytes = sizeof(Lengths) + id.size() + name.size();
    if (id.size() > UINT16_MAX || name.size() > UINT16_MAX || bytes > half_bytes_) return;
    if (grows_.texts.size() + bytes > half_bytes_) other_ = std::exchange(grows_, Half());
    // Three places of four are taken at most.
    if (4 * (grows_.count + 1) > 3 * grows_.places.size()) Widen(&grows_);
    const std::size_t begin = grows_.texts.size();
    if (begin + bytes > kSmallTexts && grows_.texts.capacity() < half_bytes_)
      grows_.texts.reserve(half_bytes_);
    const Lengths lengths{static_cast<std::uint16_t>(id.size()), static_cast<std::uint16_t>(name.size())};
    char head[sizeof lengths];
    std::memcpy(head, &lengths, sizeof lengths);
    grows_.texts.append(head, sizeof head).append(id).append(name);
    SetPlace(&grows_, begin, HashOf(id));
    ++grows_.count;
  }

 private:
  // A half that is larger than this gets all of its room at once: it does not lie in memory twice while it grows.
  static constexpr std::size_t kSmallTexts = std::size_t{64} << 10;
  static constexpr std::size_t kFirstPlaces = 64;

  struct Lengths {
    std::uint16_t id = 0, name = 0;
  };
  struct Half {
    std::string texts;                  // for each: its lengths, the id, the name
    std::vector<std::uint32_t> places;  // by hash: where it begins, and 1; 0: nothing
    std::size_t count = 0;
  };

  static std::size_t HashOf(std::string_view id) { return absl::Hash<std::string_view>{}(id); }
  static Lengths LengthsAt(const std::string& texts, std::size_t begin) {
    Lengths lengths;
    std::memcpy(&lengths, texts.data() + begin, sizeof lengths);
    return lengths;
  }
  static std::string_view IdAt(const std::string& texts, std::size_t begin) {
    return {texts.data() + begin + sizeof(Lengths), LengthsAt(texts, begin).id};
  }
  static std::optional<std::string_view> FindIn(const Half& half, std::string_view id, std::size_t hash) {
    if (half.places.empty()) return std::nullopt;
    const std::size_t mask = half.places.size() - 1;
    for (std::size_t at = hash & mask; half.places[at] != 0; at = (at + 1) & mask) {
      const std::size_t begin = half.places[at] - 1;
      if (IdAt(half.texts, begin) != id) continue;
      const std::size_t name = begin + sizeof(Lengths) + id.size();
      return std::string_view(half.texts).substr(name, LengthsAt(half.texts, begin).name);
    }
    return std::nullopt;
  }
  static void SetPlace(Half* half, std::size_t begin, std::size_t hash) {
    const std::size_t mask = half->places.size() - 1;
    std::size_t at = hash & mask;
    while (half->places[at] != 0) at = (at + 1) & mask;
    half->places[at] = static_cast<std::uint32_t>(begin + 1);
  }
  static void Widen(Half* half) {
    half->places.assign(std::max(kFirstPlaces, 2 * half->places.size()), 0);
    for (std::size_t begin = 0; begin < half->texts.size();) {
      SetPlace(half, begin, HashOf(IdAt(half->texts, begin)));
      const Lengths lengths = LengthsAt(half->texts, begin);
      begin += sizeof lengths + lengths.id + lengths.name;
    }
  }

  std::size_t half_bytes_;
  Half grows_, other_;
};

}  // namespace fundtrail::query
