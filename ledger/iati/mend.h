// What publishers of IATI often get wrong in texts and ids, mended; whoever reads is told.
#pragma once

#include <string>
#include <string_view>

namespace fundtrail::iati {

// The text after XML has read it: one that was escaped twice still has references in it. "caf&#xE9; &amp;amp; bar" is
// "café & bar". References to characters that no text may have stay as they are. `mended` says whether there was anything
// to mend; it is never set to false.
std::string MendText(std::string_view text, bool* mended);

}  // namespace fundtrail::iati
