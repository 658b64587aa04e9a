// Money whose origin nobody recorded. A payer may pay out more than a file shows that it received. The ledger then says
// so with a party of its own, and no question counts that party among the sources that brought money in.
#pragma once

#include <string_view>

namespace fundtrail::model {

// The id of the SOURCE party that stands for an origin that a file does not tell. An import registers it; a party with
// this id that is no SOURCE has no such meaning.
inline constexpr char kUnrecorded[] = "unrecorded";

// Whether a SOURCE with this id stands for an unrecorded origin. Nothing else of a party says so.
inline bool IsUnrecordedOrigin(std::string_view id) { return id == kUnrecorded; }

}  // namespace fundtrail::model
