// How far two short texts are apart, for whoever offers the nearest of some names.
#pragma once

#include <cstddef>
#include <string_view>

namespace fundtrail {

// How many letters must be put in, taken out, changed, or swapped with the next one, to make one text of the other. Texts are
// compared by their bytes, at most kMaxComparedText of each.
inline constexpr std::size_t kMaxComparedText = 64;
std::size_t Distance(std::string_view one, std::string_view other);

}  // namespace fundtrail
