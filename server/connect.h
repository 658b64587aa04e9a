// The questions of the service Ledger over the Connect protocol (connectrpc.com, docs/protocol.md), for programs that speak HTTP/1.1.
// POST and GET are for answers of one message, POST for streams of pages. It only reads: the other services are not here.
#pragma once

#include <string_view>

#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"
#include "server/question_desk.h"

namespace fundtrail::server {

// Whether a path is one of this protocol, though perhaps of no method that is there.
bool IsConnectPath(std::string_view path);

// Answers a request whose path is one of this protocol. Its address is whoever asks, as bounds go. Does not wait. The desk must be
// there until the reply is.
void AnswerConnect(QuestionDesk* desk, const net::HttpRequest& request, const net::HttpExchange& reply);

}  // namespace fundtrail::server
