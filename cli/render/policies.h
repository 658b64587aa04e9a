// Policies, pairs of them and gaps, as a person and a spreadsheet read them. No word says more than the records do.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/policies.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::PoliciesAnswer& answer, const v1::PoliciesRequest& request, const Style& style);
// One line for each party that answers: policy, name, owner, instrument, from, until, role, party, party_name,
// acceptance, duty, accepted_in, record. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw; and
// so below.
std::string PoliciesCsvHeader();
std::string PoliciesCsvLines(const v1::PoliciesAnswer& answer, sheets::Cells cells);

// Each pair with what is common, why they conflict, and the money; then the counts. `request` says what was left out.
Shown Text(const v1::PolicyPairsAnswer& answer, const v1::PolicyPairsRequest& request, const Style& style);
// One line for each pair and asset at stake:
//   one, one_name, one_lead, other, other_name, other_lead, degree, duplication, to_integrate, conflicts, places,
//   categories, asset, at_stake, beyond, one_record, other_record
std::string PolicyPairsCsvHeader();
std::string PolicyPairsCsvLines(const v1::PolicyPairsAnswer& answer, sheets::Cells cells);

Shown Text(const v1::PolicyGapsAnswer& answer, const v1::PolicyGapsRequest& request, const Style& style);
// One line for each gap: place, place_name, category, category_name, target_group, target_group_name, severity, people,
// needs.
std::string PolicyGapsCsvHeader();
std::string PolicyGapsCsvLines(const v1::PolicyGapsAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
