// See paint.h.
#include "ledger/picture/paint.h"

namespace fundtrail::picture {

Paint PaintOf(v1::EndKind kind, const Words& words) {
  switch (kind) {
    case v1::REACHED:
      return {kBlue, words.reached};
    case v1::ENDS_HERE:
      return {kBlueHatched, words.ends_here};
    case v1::HELD:
      return {kOrangeHatched, words.held};
    case v1::RETURNED:
      return {kPinkHatched, words.returned};
    case v1::EXCHANGED:
      return {kGreen, words.exchanged};
    case v1::BROUGHT_IN:
      return {kBlue, words.brought_in};
    case v1::UNRECORDED:
      return {kBlueHatched, words.unrecorded};
    default:
      return {kInk, "?"};
  }
}

Paint PaintOf(v1::CoverageState state, const Words& words) {
  switch (state) {
    case v1::COVERAGE_STATE_UNSPECIFIED:
      return {kPaper, words.no_need};
    case v1::VACUUM:
      return {kPinkHatched, words.vacuum};
    case v1::UNFUNDED:
      return {kOrangeHatched, words.unfunded};
    case v1::UNDER:
      return {kOrange, words.under};
    case v1::COVERED:
      return {kBlue, words.covered};
    case v1::OVER:
      return {kBlueHatched, words.over};
    case v1::UNDECLARED:
      return {kGreyHatched, words.undeclared};
    default:
      return {kInk, "?"};
  }
}

}  // namespace fundtrail::picture
