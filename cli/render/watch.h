// A record of a stream, as a person and a program read it: one line each.
#pragma once

#include <string>

#include "cli/render/shown.h"
#include "fundtrail/v1/watch.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::render {

// "12  2026-03-01T10:00:00.000000Z  county  announce coats, transfer donor to hub", with its end of line.
Shown WatchedLine(const v1::WatchedRecord& record);
// Protobuf JSON on one line, without its end.
StatusOr<std::string> WatchedJson(const v1::WatchedRecord& record);

}  // namespace fundtrail::render
