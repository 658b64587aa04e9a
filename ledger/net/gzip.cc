// See gzip.h.
#include "ledger/net/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fundtrail::net {
namespace {

constexpr int kWhole = 1'000;  // a weight of 1: it has three digits after the point
constexpr std::size_t kDigits = 3;

// A body takes about 20 ms a megabyte at zlib's usual level, and a third of that at its quickest, which leaves a quarter more bytes.
constexpr int kUsual = 6, kQuickest = 1;
constexpr std::size_t kLong = std::size_t{1} << 20;
constexpr int kGzipWindow = 15 + 16,
              kMemoryLevel = 8;  // deflateInit2: the largest window, with a gzip header

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

bool TakesGzip(const HttpRequest& request) {
  std::optional<int> gzip, any;
  int as_it_is = 0;
  for (const auto& header : request.headers) {
    if (header.first != "accept-encoding") continue;
    std::string_view list = header.second;
    while (!list.empty()) {
      const std::string_view one = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), one.size() + 1));
      const auto semicolon = one.find(';');
      const std::string_view name = WithoutBlanks(one.substr(0, semicolon));
      const int weight = semicolon == std::string_view::npos ? kWhole : WeightIn(one.substr(semicolon + 1));
      const auto is = [&](const char* coding) {
        return absl::EqualsIgnoreCase({name.data(), name.size()}, coding);
      };
      if (is("gzip") || is("x-gzip")) gzip = std::max(gzip.value_or(0), weight);
      if (is("*")) any = weight;
      if (is("identity")) as_it_is = weight;
    }
  }
  const int weight = gzip.value_or(any.value_or(0));
  return weight > 0 && weight >= as_it_is;
}

std::string Gzipped(std::string_view body) {
  if (body.size() > std::numeric_limits<uInt>::max() / 2) return "";
  z_stream stream{};
  const int level = body.size() < kLong ? kUsual : kQuickest;
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
    return "";
  std::string packed(deflateBound(&stream, body.size()), '\0');
  // zlib reads what it is given, and takes a pointer to what may change.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(whole ? stream.total_out : 0);
  packed.shrink_to_fit();
  deflateEnd(&stream);
  return packed;
}

}  // namespace fundtrail::net
