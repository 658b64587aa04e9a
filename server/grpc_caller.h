// gRPC's side of admission: a call as whoever asks, and one whose answer goes through QuestionAdmission.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>

#include "ledger/base/status.h"
#include "ledger/pipeline/question_admission.h"

namespace fundtrail::server {

// The context must be there until the call has ended.
pipeline::Caller CallerOf(grpc::CallbackServerContext* context);

// How many records the caller wants its answer to be of at least (min_size.h); 0 when it does not say.
StatusOr<std::uint64_t> MinSizeOf(const grpc::CallbackServerContext& context);

// QuestionAdmission::Answer for a call of one message. Its client must have taken the answer within so many seconds.
grpc::ServerUnaryReactor* AnswerCall(pipeline::QuestionAdmission* admission,
                                     grpc::CallbackServerContext* context, double page_seconds, double cost,
                                     pipeline::QuestionAdmission::Work work);

}  // namespace fundtrail::server
