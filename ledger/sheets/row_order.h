// In which order rows are taken. Inside sheets/: others use rows.h.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace fundtrail::sheets {

// `order` lists things by number, each once. `needs` are pairs (one, the other that must come before it). Returns the
// same numbers so that each comes as soon as the order lets it, but after all that it needs. Those in a circle keep
// their places in the order, after what is not. O((n + m) log m).
std::vector<std::uint32_t> OrderByNeeds(std::vector<std::uint32_t> order,
                                        const std::vector<std::pair<std::uint32_t, std::uint32_t>>& needs);

}  // namespace fundtrail::sheets
