// Lists of what a client would rather have, with their weights. What they mean for gzip: gzip_test.cc.
#include "ledger/net/preferences.h"

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail::testing {
namespace {

// "zh-CN 1000, en 500".
std::string Listed(const net::HttpRequest& request, const std::string& header) {
  std::string text;
  for (const auto& [name, weight] : net::PreferencesIn(request, header))
    text += (text.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(weight);
  return text;
}

TEST_CASE("what a client would rather have is listed in its order, and what is no weight is none") {
  net::HttpRequest request;
  request.headers = {{"accept-language", "zh-CN,zh;q=0.9 , en;Q=0.8,*;q=0.001"},
                     {"accept", "text/html"},
                     {"accept-language", "fr;q=2, de;q=, it;level=1,, ;"}};
  CHECK(Listed(request, "accept-language") == "zh-CN 1000, zh 900, en 800, * 1, fr 0, de 0, it 0,  1000,  0");
  CHECK(Listed(request, "accept") == "text/html 1000");
  CHECK(Listed(request, "accept-encoding").empty());
}

}  // namespace
}  // namespace fundtrail::testing
