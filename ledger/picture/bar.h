// One whole as a bar of parts, each with its amount and its share below: how money ended, how long money has been held.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"
#include "ledger/picture/sheet.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

struct Part {
  std::string words;
  std::int64_t amount = 0;
};

// The unit of a picture's amounts.
struct Unit {
  std::string asset;
  std::uint32_t decimals = 0;
};

// How money ended, by kind: those of which there is any, in the order of a bar. DATA_LOSS when the ends are not what was asked, or
// nothing was.
struct EndPart {
  v1::EndKind kind{};
  std::int64_t amount = 0;
};
StatusOr<std::vector<EndPart>> EndParts(const v1::AssetTrace& trace);

// By kind of end. DATA_LOSS when the ends are not what was asked, or nothing was.
StatusOr<Svg> BarOfEnds(const v1::AssetTrace& trace, const Caption& caption, const Words& words = {});
// By age, from the youngest on: one to four parts, as there are colours. INVALID_ARGUMENT for more or none; DATA_LOSS for an
// amount below zero, for nothing in all, or for more than 63 bits can count.
StatusOr<Svg> BarOfAges(const std::vector<Part>& parts, const Unit& unit, const Caption& caption,
                        const Words& words = {});

// Parts of a hundred with two decimals, "68.48", that together are 100.00. What rounding leaves goes to those that lost
// the most, the first of equals first. `amounts` are the parts of `whole`. Nothing where they are not.
std::vector<std::string> OfHundred(const std::vector<std::int64_t>& amounts, std::int64_t whole);
// The same for a picture: of a part that is more than nothing and rounds to it, the words say so.
std::vector<std::string> Shares(const std::vector<std::int64_t>& amounts, std::int64_t whole,
                                const Words& words);

}  // namespace fundtrail::picture
