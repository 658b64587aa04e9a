// The pages for everybody: what a ledger says as HTML, CSV and JSON, in English and Chinese. A page is a pure function of its address
// and of the rows. So whoever asks again gets the same bytes, over HTTP or from a folder that `fundtrail site` wrote.
//
//   /party/X/went/         the page; /zh/party/X/went/ the same in Chinese
//   /party/X/went.csv      its rows, for a spreadsheet; .json the answer it is made of; .svg the flow as a picture
//   /find/?q=TEXT          what has that name, id or purpose; the page of the one that is it exactly
//   /@412/party/X/went/    as the ledger stood after record 412; it never changes
//   /embed/party/X/went/   the answer alone, for a frame in another page
//   /payments/2020/        a list that has years: those of one
#pragma once

#include "ledger/base/status.h"
#include "ledger/pages/page.h"
#include "ledger/query/view.h"
#include "ledger/store/store.h"

namespace fundtrail::pages {

// Never an error of what was asked. An address or an id that is not there is a page of its own, with status 404 or 400, and says what to
// do. What comes back as a Status is no fault of whoever asks. DATA_LOSS for damaged rows, RESOURCE_EXHAUSTED for an answer that is too
// large, and what the view's functions say.
StatusOr<Page> AnswerPage(const store::Reader& rows, const PageRequest& request);
// The same as of a view, with its bounds.
StatusOr<Page> AnswerPage(const query::View& view, const PageRequest& request);

}  // namespace fundtrail::pages
