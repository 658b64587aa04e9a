// The picture of a trace, in the words of the page's language.
#pragma once

#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"
#include "ledger/picture/flow.h"

namespace fundtrail::pages {

// The flow of one asset of an answer that has layers. As of a record it never changes: it says the record, and no
// checkpoint.
StatusOr<picture::FlowPicture> DrawnFlow(const Asking& asking, const v1::TraceAnswer& answer,
                                         const v1::AssetTrace& trace, const std::string& title);
// Where the file of it lies, and below it what the picture folds away. `says` is the picture in words.
Html FlowFigure(const Asking& asking, const v1::TraceAnswer& answer, const v1::AssetTrace& trace,
                const picture::FlowPicture& picture, const std::string& says);

}  // namespace fundtrail::pages
