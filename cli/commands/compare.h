// `--against`: how two periods differ, for the commands top, series and flows.
#pragma once

#include <string>

#include "cli/context.h"
#include "cli/render/compare.h"

namespace fundtrail::cli {

// An option that takes the other period, "2025-01-01..2025-12-31".
void AddAgainst(CLI::App* command, std::string* against);
// Asks how the period of the question differs from `against`, and prints it.
StatusOr<Exit> AskDifference(const Context& context, v1::CompareRequest request, const std::string& against,
                             bool csv, sheets::Cells cells);

}  // namespace fundtrail::cli
