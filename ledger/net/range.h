// Which part of a file a request wants: the header Range, as RFC 9110 §14 has it. Known apart from the network, for tests.
#pragma once

#include <cstddef>
#include <string_view>

namespace fundtrail::net {

struct Part {
  enum class Kind { kWhole, kRange, kNone };  // answered with 200, 206, 416
  Kind kind = Kind::kWhole;
  std::size_t first = 0, last = 0;  // of a kRange, both within the file
};
// `range` is the header's value, of any length and form. What is not a range of bytes is ignored, as the RFC asks.
// More than one is ignored too, as it allows. A range that begins after the end is kNone.
Part PartOf(std::string_view range, std::size_t size);

}  // namespace fundtrail::net
