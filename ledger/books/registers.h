// One way for all registers: an item is opened, amended by a whole new version, and ended. docs/registers.md.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Opens the item in `action`, whose form is good, or amends it when the action says so. One order of checks for all:
//   1. what it names is there and goes on    REFERENCE_UNKNOWN, REFERENCE_ENDED
//   2. whose permission it takes             KEY_NOT_AUTHORISED, QUORUM_MISSING; of what a group decides, books/groups.h
//   3. the id is free; or, of an amendment, the item is there, goes on, and is in the version that is named
//                                            ID_TAKEN; REFERENCE_UNKNOWN, REFERENCE_ENDED, AMEND_STALE
//   4. fixed fields are as they were         FIELD_FIXED
//   5. the register's own rule               register_rules.h, money/supply.h
// An amendment may go on naming what has ended since. A concern and an evaluation may be about what has ended. Of a
// register that stands by place each version is found by the places that it names (rows `v`). `at` is the action's
// place as text, "actions[2]", and `place` the same as a number.
Status ApplyRegister(store::Overlay* state, const Moment& moment, const v1::Action& action,
                     Authority* authority, const std::string& at, std::uint32_t place);

// Ends the item that `action` names, by the checks 2 and 3.
Status ApplyEndItem(store::Overlay* state, const Moment& moment, const v1::Action& action,
                    Authority* authority, const std::string& at, std::uint32_t place);

}  // namespace fundtrail::books
