// The picture of a trace, in the words of the page's language.
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"
#include "ledger/picture/flow.h"
#include "ledger/picture/sheet.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::pages {

// The words of pictures in the page's language.
picture::Words PictureWords(const Asking& asking);
// What stands around a picture of the page: its question and sum, as of what it holds, and where it is for good.
picture::Caption PictureCaption(const Asking& asking, const std::string& question, const std::string& sum);
// Where the picture of the page at that path lies, that of one asset where it has `several`. Empty where a folder has none.
std::string PictureLink(const Asking& asking, const std::string& page, const std::string& asset,
                        bool several);
// The pictures of these assets by their addresses, beside the address of the page that has them.
Html PictureChoice(const Asking& asking, const std::vector<std::string>& assets);
// A picture as a file.
std::string PictureText(const picture::Svg& svg);

// The flow of one asset of an answer that has layers. As of a record it never changes: it says the record, and no checkpoint. It is drawn for
// its own file alone: a page needs its size, and what it folds away.
StatusOr<picture::FlowPicture> PictureOfFlow(const Asking& asking, const v1::TraceAnswer& answer,
                                             const v1::AssetTrace& trace, const std::string& title);
// Where the file of it lies, and below it what the picture folds away. `says` is the picture in words.
Html FlowFigure(const Asking& asking, const v1::TraceAnswer& answer, const v1::AssetTrace& trace,
                const picture::FlowPicture& picture, const std::string& says);

}  // namespace fundtrail::pages
