// Amounts by month, or by another period, as lines of steps. Each period has a flat line, since an amount of a month is
// no slope.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/picture/bar.h"
#include "ledger/picture/sheet.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

struct Series {
  std::string words;
  std::vector<std::int64_t> amounts;  // one for each period; they may be below zero
};

// One to four lines, which have their own colours and dashes. INVALID_ARGUMENT for more or none, without periods, or
// where a line has not an amount for each.
StatusOr<Svg> Steps(const std::vector<std::string>& periods, const std::vector<Series>& lines,
                    const Unit& unit, const Caption& caption, const Words& words = {});

// Marks of an axis: multiples of 1, 2 or 5 times a power of ten that take in both, and 0: two to seven. `least` is at
// most `most`.
std::vector<std::int64_t> Marks(std::int64_t least, std::int64_t most);

}  // namespace fundtrail::picture
