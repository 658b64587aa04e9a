// What stands around each form of a trace: the question, then of each asset the sums, and at the end what the words mean and on
// what it rests.
#pragma once

#include <functional>

#include "cli/render/style.h"
#include "fundtrail/v1/trace.pb.h"

namespace fundtrail::render {

// Whether what ended is what was asked, in that asset.
bool AddsUp(v1::Direction direction, const v1::AssetTrace& trace);

// `body`: of one asset, before its sums. `funds`: whether it shows the ids of funds and projects.
Shown ByAsset(const v1::TraceAnswer& answer, const Style& style,
              const std::function<Shown(const v1::AssetTrace&)>& body, bool funds = true);

}  // namespace fundtrail::render
