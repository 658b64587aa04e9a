// What a trace shows beside its sums: receipt by receipt, and by two methods.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/trace.pb.h"

namespace fundtrail::render {

struct EndWords {
  const char* word;
  Tone tone;
};
EndWords WordsOf(v1::EndKind kind);

// "12.3"; of all transfers of a record "12".
std::string RefOrRecord(const v1::TransferRef& ref);
// Nothing where one receipt was asked about.
Shown ReceiptsText(const v1::TraceAnswer& answer, const Style& style);
// Nothing where the second method was not asked for.
Shown ProRataText(const v1::AssetTrace& trace, const Style& style);

}  // namespace fundtrail::render
