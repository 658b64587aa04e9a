// Divides an amount in proportion to others: whole numbers that add up exactly.
#pragma once

#include <cstdint>
#include <vector>

namespace fundtrail::query {

// The whole, in parts as large as the weights say: by largest remainder, and of equal remainders the first is served
// first. Needs weights that are not negative. Where the whole is no more than all of them together, no part is above
// its weight. Without weights above 0 each part is 0.
std::vector<std::int64_t> Apportion(std::int64_t whole, const std::vector<std::int64_t>& weights);

// The same, and no part is above its number in `most`. What is too much goes to the others, in proportion to the room
// that each has. So it is with all of it where no weight is above 0. Needs a whole that is no more than all in `most`
// together.
std::vector<std::int64_t> ApportionWithin(std::int64_t whole, const std::vector<std::int64_t>& weights,
                                          const std::vector<std::int64_t>& most);

}  // namespace fundtrail::query
