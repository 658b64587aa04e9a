// Receipts and consistency as a person reads them: what was proved, and what was not.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/verdict.pb.h"

namespace fundtrail::render {

Shown Text(const v1::ReceiptAnswer& answer, const Style& style);
Shown Text(const v1::ConsistencyVerdict& verdict, const Style& style);

// "A (2026-11-24T10:00:00Z), B (…)"; empty for none.
Shown Witnesses(const google::protobuf::RepeatedPtrField<v1::Cosignature>& cosignatures);
// "HOLDS" or "DOES NOT HOLD", in its tone.
Shown Verdict(bool holds, const Style& style);

}  // namespace fundtrail::render
