// Needs as rows of a table, and what is asked of them: for the pages of needs, of places and of what to give to.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/needs.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// "crisis", of a severity from 1 to 5; empty for none.
std::string SeverityText(const Asking& asking, std::uint32_t severity);
// What came to it: paid straight, and its parts of projects. More than fits in a number is not known, and `beyond` says so.
std::int64_t CameTo(const v1::NeedLine& line);
std::string NeedStateText(const Asking& asking, const v1::NeedLine& line);

Table NeedsTable(const Asking& asking, const std::string& caption);
void AddNeed(const Asking& asking, const v1::NeedLine& line, Table* needs);
// The way to the form with which somebody promises to give to it. Nothing where a folder does not have it.
Html PledgeFormOf(const Asking& asking, const std::string& need);
// Nothing where all were looked at.
Html NotVerifiedNote(const Asking& asking, std::uint64_t number);

// Those of the place and below it, as the address chooses them.
StatusOr<v1::NeedsAnswer> NeedsAsked(const Asking& asking, const std::string& place);

}  // namespace fundtrail::pages
