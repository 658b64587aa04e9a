// Which part of a file a request wants, as RFC 9110 §14 says.
#include "ledger/net/range.h"

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail::testing {
namespace {

std::string Asked(const std::string& range, std::size_t size) {
  const net::Part part = net::PartOf(range, size);
  switch (part.kind) {
    case net::Part::Kind::kWhole:
      return "whole";
    case net::Part::Kind::kNone:
      return "none";
    case net::Part::Kind::kRange:
      break;
  }
  return std::to_string(part.first) + " to " + std::to_string(part.last);
}

TEST_CASE(
    "a range is one of bytes and within the file; what is no such range is ignored; one behind the end is "
    "none") {
  struct Case {
    std::string range;
    std::size_t size;
    std::string part;
  };
  const std::string many = "99999999999999999999999", long_list(8000, ',');
  const Case cases[] = {
      // one range
      {"bytes=0-0", 10, "0 to 0"},
      {"bytes=0-9", 10, "0 to 9"},
      {"bytes=3-5", 10, "3 to 5"},
      {"bytes=3-", 10, "3 to 9"},
      {"bytes=9-", 10, "9 to 9"},
      {"bytes=3-10", 10, "3 to 9"},
      {"bytes=3-18446744073709551615", 10, "3 to 9"},
      {"bytes=3-" + many, 10, "3 to 9"},
      {"bytes=-1", 10, "9 to 9"},
      {"bytes=-10", 10, "0 to 9"},
      {"bytes=-11", 10, "0 to 9"},
      {"bytes=-" + many, 10, "0 to 9"},
      {"bytes=00003-0005", 10, "3 to 5"},
      {"Bytes=3-5", 10, "3 to 5"},
      {"BYTES=3-5", 10, "3 to 5"},
      {"bytes= 3-5\t", 10, "3 to 5"},
      // none of the file
      {"bytes=10-", 10, "none"},
      {"bytes=10-12", 10, "none"},
      {"bytes=" + many + "-", 10, "none"},
      {"bytes=-0", 10, "none"},
      {"bytes=0-", 0, "none"},
      {"bytes=-5", 0, "none"},
      // units that are not known
      {"lines=1-2", 10, "whole"},
      {"items=0-1", 10, "whole"},
      {"byte=0-1", 10, "whole"},
      {"none", 10, "whole"},
      {"", 10, "whole"},
      {"=0-1", 10, "whole"},
      {" bytes=0-1", 10, "whole"},
      {"bytes =0-1", 10, "whole"},
      // no ranges
      {"bytes", 10, "whole"},
      {"bytes=", 10, "whole"},
      {"bytes=-", 10, "whole"},
      {"bytes=5", 10, "whole"},
      {"bytes=5-3", 10, "whole"},
      {"bytes=12-11", 10, "whole"},
      {"bytes=a-b", 10, "whole"},
      {"bytes=0x1-5", 10, "whole"},
      {"bytes=+1-5", 10, "whole"},
      {"bytes=1--5", 10, "whole"},
      {"bytes=--5", 10, "whole"},
      {"bytes=1-5-", 10, "whole"},
      {"bytes=1 - 5", 10, "whole"},
      {"bytes=1-5;", 10, "whole"},
      {std::string("bytes=1-5\0", 10), 10, "whole"},
      // several: a server may ignore them
      {"bytes=0-1,3-4", 10, "whole"},
      {"bytes=0-1, -2", 10, "whole"},
      {"bytes=,0-1", 10, "whole"},
      {"bytes=" + long_list, 10, "whole"},
      {"bytes=0-0" + long_list + "1-1", 10, "whole"},
  };
  for (const Case& c : cases) {
    INFO(c.range.substr(0, 60) << " of " << c.size);
    CHECK(Asked(c.range, c.size) == c.part);
  }
}

}  // namespace
}  // namespace fundtrail::testing
