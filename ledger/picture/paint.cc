// See paint.h.
#include "ledger/picture/paint.h"

namespace fundtrail::picture {

Paint PaintOf(v1::EndKind kind, const Words& words) {
  switch (kind) {
    case v1::END_KIND_REACHED:
      return {kBlue, words.reached};
    case v1::END_KIND_ENDS_HERE:
      return {kBlueHatched, words.ends_here};
    case v1::END_KIND_HELD:
      return {kOrangeHatched, words.held};
    case v1::END_KIND_RETURNED:
      return {kPinkHatched, words.returned};
    case v1::END_KIND_EXCHANGED:
      return {kGreen, words.exchanged};
    case v1::END_KIND_BROUGHT_IN:
      return {kBlue, words.brought_in};
    case v1::END_KIND_UNRECORDED:
      return {kBlueHatched, words.unrecorded};
    default:
      return {kInk, "?"};
  }
}

Paint PaintOf(v1::CoverageState state, const Words& words) {
  switch (state) {
    case v1::COVERAGE_STATE_UNSPECIFIED:
      return {kPaper, words.no_need};
    case v1::COVERAGE_STATE_VACUUM:
      return {kPinkHatched, words.vacuum};
    case v1::COVERAGE_STATE_UNFUNDED:
      return {kOrangeHatched, words.unfunded};
    case v1::COVERAGE_STATE_UNDER:
      return {kOrange, words.under};
    case v1::COVERAGE_STATE_COVERED:
      return {kBlue, words.covered};
    case v1::COVERAGE_STATE_OVER:
      return {kBlueHatched, words.over};
    case v1::COVERAGE_STATE_UNDECLARED:
      return {kGreyHatched, words.undeclared};
    default:
      return {kInk, "?"};
  }
}

}  // namespace fundtrail::picture
