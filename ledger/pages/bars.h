// Bars: a whole and its parts, drawn without a script and without a style. What a bar shows stands in words beside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/html.h"
#include "ledger/picture/bar.h"

namespace fundtrail::pages {

struct BarPart {
  std::int64_t amount = 0;
  // Of the palette, 0 to 6. Parts differ in hatching too, so that a photocopy still reads.
  int tone = 0;
  std::string words = "";  // what stands beside its colour, under the bar
};
// How an end is painted in the pictures too (ledger/picture/paint.h).
int ToneOf(v1::EndKind kind);

// `name` tells its patterns from those of other bars of the page; `label` says in words what it shows. Under it stands the colour of each
// part that is more than nothing, with its words.
Html Bar(const std::string& name, const std::string& label, const std::vector<BarPart>& parts);
// One length of a whole: for lists that indent. It says nothing that does not stand beside it.
Html SmallBar(std::int64_t amount, std::int64_t whole);

// As the pictures and the card say it.
using picture::OfHundred;

}  // namespace fundtrail::pages
