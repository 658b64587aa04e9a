// See name_table.h.
#include "ledger/query/name_table.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace fundtrail::query {
namespace {

constexpr std::size_t kFirstPlaces = 64;
// A half that is larger than this gets all of its room at once: it does not lie in memory twice while it grows.
constexpr std::size_t kSmallTexts = std::size_t{64} << 10;
constexpr std::size_t kMostLength = UINT16_MAX;

struct Lengths {
  std::uint16_t id = 0, name = 0;
};

Lengths LengthsAt(const std::string& texts, std::size_t begin) {
  Lengths lengths;
  std::memcpy(&lengths, texts.data() + begin, sizeof lengths);
  return lengths;
}

std::string_view IdAt(const std::string& texts, std::size_t begin) {
  return {texts.data() + begin + sizeof(Lengths), LengthsAt(texts, begin).id};
}

std::size_t HashOf(std::string_view id) { return std::hash<std::string_view>{}(id); }

}  // namespace

std::optional<std::string_view> NameTable::FindIn(const Half& half, std::string_view id, std::size_t hash) {
  if (half.places.empty()) return std::nullopt;
  const std::size_t mask = half.places.size() - 1;
  for (std::size_t at = hash & mask; half.places[at] != 0; at = (at + 1) & mask) {
    const std::size_t begin = half.places[at] - 1;
    if (IdAt(half.texts, begin) != id) continue;
    return std::string_view(half.texts)
        .substr(begin + sizeof(Lengths) + id.size(), LengthsAt(half.texts, begin).name);
  }
  return std::nullopt;
}

std::optional<std::string_view> NameTable::Find(std::string_view id) const {
  const std::size_t hash = HashOf(id);
  const auto found = FindIn(grows_, id, hash);
  return found.has_value() ? found : FindIn(other_, id, hash);
}

void NameTable::SetPlace(Half* half, std::uint32_t begin, std::size_t hash) {
  const std::size_t mask = half->places.size() - 1;
  std::size_t at = hash & mask;
  while (half->places[at] != 0) at = (at + 1) & mask;
  half->places[at] = begin + 1;
}

void NameTable::Widen(Half* half) {
  const std::size_t places = std::max(kFirstPlaces, 2 * half->places.size());
  half->places.clear();
  half->places.resize(places);
  for (std::size_t begin = 0; begin < half->texts.size();) {
    SetPlace(half, static_cast<std::uint32_t>(begin), HashOf(IdAt(half->texts, begin)));
    const Lengths lengths = LengthsAt(half->texts, begin);
    begin += sizeof lengths + lengths.id + lengths.name;
  }
}

void NameTable::Put(std::string_view id, std::string_view name) {
  const std::size_t bytes = sizeof(Lengths) + id.size() + name.size();
  if (id.size() > kMostLength || name.size() > kMostLength || bytes > half_bytes_) return;
  if (grows_.texts.size() + bytes > half_bytes_) other_ = std::exchange(grows_, Half());
  // Three places of four are taken at most.
  if (4 * (grows_.count + 1) > 3 * grows_.places.size()) Widen(&grows_);
  const auto begin = static_cast<std::uint32_t>(grows_.texts.size());
  if (begin + bytes > kSmallTexts && grows_.texts.capacity() < half_bytes_) grows_.texts.reserve(half_bytes_);
  const Lengths lengths{static_cast<std::uint16_t>(id.size()), static_cast<std::uint16_t>(name.size())};
  char head[sizeof lengths];
  std::memcpy(head, &lengths, sizeof lengths);
  grows_.texts.append(head, sizeof head).append(id).append(name);
  SetPlace(&grows_, begin, HashOf(id));
  ++grows_.count;
}

}  // namespace fundtrail::query
