// One asset of a trace on a page: its sum in words, its bar, its parts, its picture, and the way as a ladder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// A part of the sum, and how it is drawn.
struct TracePart {
  v1::EndKind kind;
  std::int64_t amount;
  std::int64_t committed;
  bool always;  // said even where it is nothing
};
// In the order of bars and tables: all that the direction may have.
std::vector<TracePart> TraceParts(v1::Direction direction, const v1::AssetTrace& trace);

// "850.00 CNY: reached 600.00 CNY, held 250.00 CNY", of each asset; empty where there is no money.
std::string TraceInWords(const Asking& asking, const v1::TraceAnswer& answer);

// The answer must have layers, a tree and ends. `number` tells its bar from those of other assets.
StatusOr<Html> OneAsset(const Asking& asking, const v1::TraceAnswer& answer, const v1::AssetTrace& trace,
                        const std::string& title, int number);

}  // namespace fundtrail::pages
