// Calls that were to write and of which nothing was taken, by why.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fundtrail::server {

enum class WhyNotTaken : std::size_t {
  kQueue,      // no room in it, or none for that address
  kRefusals,   // too much of what this address sent was refused
  kAnswers,    // no room for the answer
  kStreams,    // too many streams are open
  kMalformed,  // no message that this version knows, or too many entries in one
};
inline constexpr std::array<const char*, 5> kWhyNotTaken = {"queue", "refusals", "answers", "streams",
                                                            "malformed"};
using NotTaken = std::array<std::uint64_t, kWhyNotTaken.size()>;  // how many, by why

}  // namespace fundtrail::server
