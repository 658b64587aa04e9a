// See gzip.h.
#include "ledger/net/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

#include "absl/strings/match.h"
#include "ledger/net/preferences.h"

namespace fundtrail::net {
namespace {

// A body takes about 20 ms a megabyte at zlib's usual level, and a third of that at its quickest, which leaves a quarter more bytes.
constexpr int kUsual = 6, kQuickest = 1;
constexpr std::size_t kLong = std::size_t{1} << 20;
constexpr int kGzipWindow = 15 + 16,
              kMemoryLevel = 8;  // deflateInit2: the largest window, with a gzip header

}  // namespace

bool TakesGzip(const HttpRequest& request) {
  std::optional<int> gzip, any;
  int as_it_is = 0;
  for (const auto& [name, weight] : PreferencesIn(request, "accept-encoding")) {
    const auto is = [&, name = name](const char* coding) {
      return absl::EqualsIgnoreCase({name.data(), name.size()}, coding);
    };
    if (is("gzip") || is("x-gzip")) gzip = std::max(gzip.value_or(0), weight);
    if (is("*")) any = weight;
    if (is("identity")) as_it_is = weight;
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
