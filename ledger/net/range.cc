// See range.h.
#include "ledger/net/range.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "ledger/net/http_message.h"

namespace fundtrail::net {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

// Digits alone; more than fit are as many as do, since no file has them.
std::optional<std::uint64_t> Number(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return std::nullopt;
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc() ? number : kMost;
}

}  // namespace

Part PartOf(std::string_view range, std::size_t size) {
  constexpr Part kWhole{}, kNone{Part::Kind::kNone};
  const std::size_t equals = range.find('=');
  if (equals == std::string_view::npos) return kWhole;
  const std::string_view unit = range.substr(0, equals);
  if (!absl::EqualsIgnoreCase({unit.data(), unit.size()}, "bytes")) return kWhole;
  const std::string_view spec = WithoutBlanks(range.substr(equals + 1));
  const std::size_t dash = spec.find('-');  // of several ranges, what follows the first is no number
  if (dash == std::string_view::npos) return kWhole;
  const auto first = Number(spec.substr(0, dash)), last = Number(spec.substr(dash + 1));
  const bool open = spec.size() == dash + 1;
  if (dash == 0) {  // the last so many
    if (!last.has_value()) return kWhole;
    if (*last == 0 || size == 0) return kNone;
    return {Part::Kind::kRange, size - std::min<std::size_t>(size, *last), size - 1};
  }
  if (!first.has_value() || (!open && (!last.has_value() || *last < *first))) return kWhole;
  if (*first >= size) return kNone;
  return {Part::Kind::kRange, *first, std::min<std::size_t>(size - 1, last.value_or(kMost))};
}

}  // namespace fundtrail::net
