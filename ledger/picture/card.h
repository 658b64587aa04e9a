// What is shown where the page of a trace is shared: its sum and its ends in few large letters. Such pictures must be PNG.
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"
#include "ledger/picture/raster.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

inline constexpr int kCardWidth = 1'200, kCardHeight = 630;  // as services that show such pictures cut them

// The title on at most two lines, the sum, the bar of ends (bar.h), of each end its share and its word, and in small letters where it is
// from. Under the bar stands what of it is committed and not paid, if anything is. There are letters for ASCII alone (raster.h): texts
// with others are left out, since whoever shows the card says them beside it. Of `titles` the first that can be written stands there.
// DATA_LOSS when the ends are not what was asked, or nothing was.
StatusOr<Raster> CardOfEnds(const v1::AssetTrace& trace, const std::vector<std::string>& titles,
                            const std::string& from, const Words& words = {});

}  // namespace fundtrail::picture
