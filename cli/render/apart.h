// Texts of one column that are cut, and still told apart: of what begins alike, and ends alike, the part is shown that differs.
#pragma once

#include <string>
#include <vector>

#include "cli/render/shown.h"

namespace fundtrail::render {

struct CutTexts {
  std::vector<std::string> shown;  // one for each text
  bool apart = true;               // whether texts that differ look different
};

// Each text as at most so many columns of a terminal; `middle` cuts in the middle what begins alike. Texts that would look the
// same are cut around the first sign in which they differ. Where even that has no room, they look the same, and that is said.
CutTexts CutApart(const std::vector<std::string>& texts, int columns, bool middle);

// The same of texts that were cut in another way: `shown` has each of them in so many columns. Where two of one room would look
// the same, those of that room are cut anew. Whether all that differ in English look different now.
bool TellApart(const std::vector<Shown>& whole, const std::vector<int>& rooms, std::vector<Shown>* shown);

}  // namespace fundtrail::render
