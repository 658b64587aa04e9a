// A record of a stream, as a person reads it: one line each. A program reads json.h.
#pragma once

#include "cli/render/shown.h"
#include "fundtrail/v1/watch.pb.h"

namespace fundtrail::render {

// "12  2026-03-01T10:00:00.000000Z  county  announce coats, transfer donor to hub", with its end of line.
Shown WatchedLine(const v1::WatchedRecord& record);

}  // namespace fundtrail::render
