// Tables that are too long for one answer (pages/long_tables.h), over HTTP in pieces.
#pragma once

#include <cstdint>

#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"
#include "server/question_desk.h"

namespace fundtrail::server {

// The table at the path of the request, which has one, as the ledger stood after that record; `head` comes with the first piece. Each other
// piece is worked out when the client has the one before: a slow client holds one piece and no thread. Where the first one cannot be had,
// the answer says why (PageError). Where it cannot go on later it is cut off, so that nobody takes it for whole. Its bounds are those of answers in pages (questions.h). What is asked for was admitted. The desk must outlive it.
void SendInPieces(QuestionDesk* desk, const net::HttpRequest& request, const net::HttpExchange& reply,
                  net::HttpResponse head, std::uint64_t as_of);

}  // namespace fundtrail::server
