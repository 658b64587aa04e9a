// Writes activities as IATI 2.03 has them, so that the standard's own schema takes the file.
//
// What the standard has no word for stands in attributes of the namespace kOwnNamespace (xml.h): ids of the ledger, the fund, the
// asset and the place in the log. Programs that do not know it pass over it; ReadActivities gives the same activities back, but for texts that read as if they were escaped twice:
// these it mends.
#pragma once

#include <string>

#include "ledger/iati/activity.h"

namespace fundtrail::iati {

// The form of the file, before its activities, behind them, and one of them. `day` is the day on which it is made. Each activity
// needs an id, a title, who reports it, a participant, and a day in `from`. Each indicator needs both days and a target.
std::string FileBegin(const std::string& day);
std::string FileEnd();
std::string ActivityText(const Activity& activity);

}  // namespace fundtrail::iati
