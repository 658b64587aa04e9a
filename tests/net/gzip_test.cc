// Who takes gzip, as RFC 9110 §12.5.3 says, and that what is packed comes out again.
#include "ledger/net/gzip.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/support/gunzip.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a client gets gzip when it takes that, and says of nothing else that it would rather have it") {
  const struct {
    std::vector<std::string> said;  // the values of Accept-Encoding
    bool takes;
  } kCases[] = {
      {{}, false},
      {{""}, false},
      {{"gzip"}, true},
      {{"GZip"}, true},
      {{"x-gzip"}, true},
      {{"gzip, deflate, br, zstd"}, true},
      {{"br;q=1.0, gzip;q=0.8, *;q=0.1"}, true},
      {{"deflate", "gzip"}, true},
      {{"deflate"}, false},
      {{"identity"}, false},
      {{"gzipped"}, false},
      {{"*"}, true},
      {{"*;q=0"}, false},
      {{"*;q=0, gzip"}, true},
      {{"gzip;q=0"}, false},
      {{"gzip;q=0.000"}, false},
      {{"gzip;q=0, *"}, false},
      {{"gzip;q=0.001"}, true},
      {{"gzip ; Q=1.000"}, true},
      {{"\t gzip;q=1\t,br"}, true},
      {{"identity, gzip"}, true},
      {{"identity;q=0.5, gzip;q=0.4"}, false},
      {{"identity;q=0.5", "gzip;q=0.5"}, true},
      {{"identity;q=0, *;q=0"}, false},
      // What is no weight is not taken.
      {{"gzip;q=2"}, false},
      {{"gzip;q=1.001"}, false},
      {{"gzip;q=0.5555"}, false},
      {{"gzip;q=.5"}, false},
      {{"gzip;q=-1"}, false},
      {{"gzip;q="}, false},
      {{"gzip;level=9"}, false},
      {{"gzip;"}, false},
      {{",,;,"}, false},
  };
  for (const auto& one : kCases) {
    net::HttpRequest request;
    request.headers.emplace_back("accept", "gzip");
    for (const std::string& value : one.said) {
      INFO(value);
      request.headers.emplace_back("accept-encoding", value);
    }
    INFO((one.said.empty() ? "" : one.said.front()));
    CHECK(net::TakesGzip(request) == one.takes);
  }
}

TEST_CASE("what is packed comes out again, and the same makes the same bytes") {
  constexpr unsigned kSeed = 17;
  INFO("seed " << kSeed);
  std::mt19937 random(kSeed);
  std::string noise(5'000, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  std::string rows;
  for (int i = 0; rows.size() < (std::size_t{1} << 20) + 1; ++i)
    rows += std::to_string(i) + ",donor,village\n";
  for (const std::string& body : {std::string(), std::string("a"), noise, rows}) {
    const std::string packed = net::Gzipped(body);
    CHECK(Gunzipped(packed) == body);
    CHECK(net::Gzipped(body) == packed);
    CHECK(packed.substr(4, 4) == std::string(4, '\0'));  // no time is in it
  }
  CHECK(net::Gzipped(rows).size() < rows.size() / 4);
}

}  // namespace
}  // namespace fundtrail::testing
