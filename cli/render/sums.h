// A ledger at a glance, who got what, and how money came and went over time, as a person and a spreadsheet read them.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/series.pb.h"
#include "fundtrail/v1/summary.pb.h"
#include "fundtrail/v1/top.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Columns in which nothing moved are left out.
Shown Text(const v1::SummaryAnswer& answer, const Style& style);
Shown Text(const v1::TopAnswer& answer, const v1::TopRequest& request, const Style& style);
Shown Text(const v1::SeriesAnswer& answer, const v1::SeriesRequest& request, const Style& style);

// One line for each body in each asset, and for each period of each asset: with every sum, none of which is left out, and at the end
// the checkpoint.
// Here and below, cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string TopCsvHeader();
std::string TopCsvLines(const v1::TopAnswer& answer, sheets::Cells cells);
std::string SeriesCsv(const v1::SeriesAnswer& answer, sheets::Cells cells);
// One line for each asset: its sums, with how many gave and how many got something.
std::string SummaryCsv(const v1::SummaryAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
