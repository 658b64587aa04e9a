// See preferences.h.
#include "ledger/net/preferences.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/strings/ascii.h"

namespace fundtrail::net {
namespace {

constexpr int kWhole = 1'000;  // a weight of 1: it has three digits after the point
constexpr std::size_t kDigits = 3;

// "0.5" in thousandths; nothing for what is no weight (RFC 9110 §12.4.2).
std::optional<int> WeightOf(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int weight = text[0] == '1' ? kWhole : 0;
  text.remove_prefix(1);
  if (text.empty()) return weight;
  if (text[0] != '.' || text.size() > kDigits + 1) return std::nullopt;
  int worth = kWhole;
  for (const char digit : text.substr(1)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digit))) return std::nullopt;
    worth /= 10;
    weight += worth * (digit - '0');
  }
  return weight > kWhole ? std::nullopt : std::optional(weight);
}

// What is said of "gzip;q=0.5": its weight. What cannot be read is not taken.
int WeightIn(std::string_view parameters) {
  const std::string_view weight = WithoutBlanks(parameters);
  if (weight.size() < 2 || (weight[0] != 'q' && weight[0] != 'Q') || weight[1] != '=') return 0;
  return WeightOf(weight.substr(2)).value_or(0);
}

}  // namespace

std::vector<Preference> PreferencesIn(const HttpRequest& request, std::string_view header) {
  std::vector<Preference> wanted;
  for (const auto& [name, value] : request.headers) {
    if (name != header) continue;
    std::string_view list = value;
    while (!list.empty()) {
      const std::string_view one = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), one.size() + 1));
      const auto semicolon = one.find(';');
      wanted.push_back({WithoutBlanks(one.substr(0, semicolon)),
                        semicolon == std::string_view::npos ? kWhole : WeightIn(one.substr(semicolon + 1))});
    }
  }
  return wanted;
}

}  // namespace fundtrail::net
