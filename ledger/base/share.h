// How much one address may have of what all share, such as the places of a queue. The more take part, the less each may
// have. Some is always left for an address that has nothing yet.
#pragma once

#include <cstddef>

namespace fundtrail {

// Whether one who has `own` of `taken` may take `count` more, where there are `most`: then it has at most twice what is
// left free. So one alone has two thirds, two have two fifths each, four two ninths each. Who has nothing may take
// whatever there is.
inline bool MayShare(std::size_t own, std::size_t taken, std::size_t count, std::size_t most) {
  if (taken > most || count > most - taken) return false;
  return own == 0 || own + count <= 2 * (most - taken - count);
}

}  // namespace fundtrail
