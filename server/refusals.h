// What the listener refuses by itself, before a page is chosen, told in words: a page where one was asked for, else a line of text.
#pragma once

#include "ledger/net/http_message.h"

namespace fundtrail::server {

// In Chinese where the path says so, or where the client would rather have that; else in English, where a line says what is wrong with
// the request.
net::HttpResponse RefusalAnswer(const net::HttpRefusal& refusal);

}  // namespace fundtrail::server
