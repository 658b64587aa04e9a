// Pages for when there is no answer. They need no row of the ledger, and say in the reader's language what happened and what to do.
#pragma once

#include <cstdint>
#include <string>

#include "ledger/pages/page.h"

namespace fundtrail::pages {

enum class Trouble : std::uint8_t {
  kTooOften,  // the reader asked for more than one reader may
  kTooLong,   // the time for an answer was over
  kTooLarge,  // the answer does not fit
  kBusy,      // the server takes no question now
  kBroken,    // the ledger cannot be read
  kOnlyRead,  // something was to be sent here: 405
  kBrought,   // what only reads came with a body: 413
};

// For an address that begins with "/". `seconds`: after how long to ask again; 0 where nobody knows. The status is the caller's to set.
Page TroublePage(const std::string& path, Trouble trouble, std::uint64_t seconds);

}  // namespace fundtrail::pages
