// Questions with one answer over the Connect protocol (connect.h): a bare message by POST, or by GET in the address.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "ledger/base/status.h"
#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"
#include "server/arena_messages.h"
#include "server/connect_call.h"
#include "server/connect_errors.h"
#include "server/question_desk.h"
#include "server/questions.h"

namespace fundtrail::server {

// The question of a POST or a GET. Nothing when it is none; then the reply has said why.
std::shared_ptr<ConnectCall> ReadUnaryCall(QuestionDesk* desk, const net::HttpRequest& request,
                                           const net::HttpExchange& reply);
// The body of an answer: its message, in gzip where the client takes that and a page of that length would be sent so too
// (packed_page.h).
struct UnaryBody {
  std::string bytes;
  bool in_gzip = false;
};
UnaryBody PackAnswer(const ConnectCall& call, std::string message);
// The answer as it goes out. `memory` is held until the client has it.
void SendUnaryAnswer(const ConnectCall& call, UnaryBody body, std::shared_ptr<void> memory);

// Asks it when its turn comes, and sends the answer. Does not wait.
template <typename Request, typename Reply, typename Question>
void AskOnce(const std::shared_ptr<ConnectCall>& call, Question ask) {
  const auto body = std::make_shared<UnaryBody>();
  call->desk.admission.Answer(
      call->caller, 1,
      [call, body, ask]() -> StatusOr<std::size_t> {
        Request request;
        FT_RETURN_IF_ERROR(DecodeMessage(call->codec, call->message, &request));
        google::protobuf::Arena arena(AnswerArena());
        Reply small;
        Reply* const answer =
            kInArena<Reply> ? google::protobuf::Arena::CreateMessage<Reply>(&arena) : &small;
        FT_RETURN_IF_ERROR(AnswerQuestion(call->desk, call->caller.cancelled, call->seconds, call->min_size,
                                          request, answer, ask)
                               .status());
        FT_ASSIGN_OR_RETURN(std::string message, EncodeMessage(call->codec, *answer));
        if (message.size() > call->desk.limits.answer_bytes) return TooLarge(call->desk.limits.answer_bytes);
        *body = PackAnswer(*call, std::move(message));
        return body->bytes.size();
      },
      [call, body](const Status& end, std::shared_ptr<void> memory) {
        if (!end.ok()) return RefuseCall(call->reply, end);
        SendUnaryAnswer(*call, std::move(*body), std::move(memory));
      });
}

}  // namespace fundtrail::server
