// See grpc_caller.h.
#include "server/grpc_caller.h"

#include <memory>
#include <utility>

#include "ledger/net/address.h"
#include "server/delivery_timeout.h"
#include "server/min_size.h"
#include "server/status.h"

namespace fundtrail::server {

pipeline::Caller CallerOf(grpc::CallbackServerContext* context) {
  return {net::AddressOf(context->peer()), [context] { return context->IsCancelled(); }, context->deadline()};
}

StatusOr<std::uint64_t> MinSizeOf(const grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find(kMinSizeHeader);
  if (found == context.client_metadata().end()) return 0;
  return ReadMinSize({found->second.data(), found->second.size()});
}

grpc::ServerUnaryReactor* AnswerCall(pipeline::QuestionAdmission* admission,
                                     grpc::CallbackServerContext* context, double page_seconds, double cost,
                                     pipeline::QuestionAdmission::Work work) {
  auto* const call = new WatchedCall(context, page_seconds);
  admission->Answer(
      CallerOf(context), cost, std::move(work),
      [call](const Status& end, std::shared_ptr<void> memory) { call->End(ToGrpc(end), std::move(memory)); });
  return call;
}

}  // namespace fundtrail::server
