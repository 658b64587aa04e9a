// What notices and calls demand beside the form of their fields. docs/publicity.md tells people; PLATFORM 2.12 says why.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::books {

// A notice that is no CALL and no CORRECTION stands at least so many days.
inline constexpr std::uint32_t kFewestNoticeDays = 10;

// The own rule of notices. The form of each field has been checked, and what they name is there.
//   days       fewer than kFewestNoticeDays of a notice that is no CALL and no CORRECTION is NOTICE_SHORT
//   ways       a CALL has at least one, and no other kind has any (FIELD_INVALID); their texts have no "=", and no way stands
//              there twice
//   channels   each stands there once, and none has "=" (FIELD_INVALID)
//   total      it has an asset (FIELD_INVALID)
//   document   64 lower-case hex digits (FIELD_INVALID)
//   corrects   only a CORRECTION names one, and never itself (FIELD_INVALID)
Status CheckNotice(const v1::Announce& notice, const std::string& field);

}  // namespace fundtrail::books
