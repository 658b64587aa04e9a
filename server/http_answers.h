// What all answers over HTTP have: headers for everybody, and refusals in words.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/net/http_message.h"

namespace fundtrail::server {

// All of it is public: pages of others may read it, and no browser guesses what it is.
void AddCommonHeaders(net::HttpResponse* response);
// The same for what a page is made of: nobody else asks whether it changed.
void AddHeadersOfPart(net::HttpResponse* response);
// When the error says after how long to ask again, or is one that passes.
void AddRetryAfter(const Status& status, net::HttpResponse* response);

// An answer in one line of plain text, which nobody keeps.
net::HttpResponse TextAnswer(int status, std::string_view sentence);
// What an error of a page or a file is told with: 404, 429 and 503 when it passes, else 500 without the reason.
net::HttpResponse ErrorAnswer(const Status& status);
// To OPTIONS, a browser's question whether a page of others may ask. `allowed`: "GET, HEAD, OPTIONS".
net::HttpResponse Preflight(std::string_view allowed);

}  // namespace fundtrail::server
