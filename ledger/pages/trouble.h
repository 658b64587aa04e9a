// Pages for when there is no answer. They need no row of the ledger, and say in the reader's language what happened and what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/pages/page.h"
#include "ledger/pages/words.h"

namespace fundtrail::pages {

enum class Trouble : std::uint8_t {
  kTooOften,     // the reader asked for more than one reader may
  kTooLong,      // the time for an answer was over
  kTooLarge,     // the answer does not fit
  kBusy,         // the server takes no question now
  kBroken,       // the ledger cannot be read
  kOnlyRead,     // something was to be sent here: 405
  kBrought,      // what only reads came with a body: 413
  kLongAddress,  // than is read: 414
  kLongHead,     // more headers than are read: 431
  kNoRequest,    // what came cannot be read: 400, 417, 501, 505
};

// For an address that begins with "/". `seconds`: after how long to ask again; 0 where nobody knows. The status is the caller's to set.
// The language is that of the address where none is given.
Page TroublePage(const std::string& path, Trouble trouble, std::uint64_t seconds,
                 std::optional<Language> language = std::nullopt);
// The same in a line, for what is no page.
std::string TroubleText(Trouble trouble, Language language);

}  // namespace fundtrail::pages
