// Four colours that can be told apart by most eyes, from the palette of the UK's Analysis Function. Hatchings are for what
// a photocopy would make the same grey.
#pragma once

#include <string>

#include "fundtrail/v1/coverage.pb.h"
#include "fundtrail/v1/trace.pb.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

inline constexpr Fixed kInk("#0b0c0c"), kGrey("#505a5f"), kPale("#b1b4b6"), kPaper("#ffffff"),
    kBlue("#12436d"), kGreen("#28a197"), kPink("#801650"), kOrange("#f46a25");
inline constexpr Fixed kBlueHatched("url(#ft-blue)"), kOrangeHatched("url(#ft-orange)"),
    kPinkHatched("url(#ft-pink)"), kGreyHatched("url(#ft-grey)");

struct Paint {
  Fixed fill;
  std::string words;
};
Paint PaintOf(v1::EndKind kind, const Words& words);
Paint PaintOf(v1::CoverageState state, const Words& words);

}  // namespace fundtrail::picture
