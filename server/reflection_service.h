// grpc.reflection.v1: what the services are, for programs that have none of our files. Answered from the descriptors that are
// compiled in. Each question on a stream counts as one question of its address.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "ledger/pipeline/question_admission.h"
#include "ledger/pipeline/slots.h"
#include "server/limits.h"

namespace fundtrail::server {

// What one stream may ask. A client asks once for each service, each message or each file.
inline constexpr int kReflectionQuestions = 1'000;
inline constexpr std::size_t kReflectionBytes = 4'096;  // of one question, which has a name or two

// It takes bytes and not messages, so that a question which is too long is refused before anything is made of it.
class ReflectionService final
    : public grpc::reflection::v1::ServerReflection::WithRawCallbackMethod_ServerReflectionInfo<
          grpc::reflection::v1::ServerReflection::Service> {
 public:
  // `services`: the names of all that the server has, this one as well. The admission must outlive it.
  ReflectionService(std::vector<std::string> services, pipeline::QuestionAdmission* admission,
                    const Limits& limits)
      : services_(std::move(services)),
        admission_(*admission),
        limits_(limits),
        slots_(limits.page_streams, limits.page_streams_per_address) {}

  // The stream ends with RESOURCE_EXHAUSTED when its address asks too often, has too many streams open, or asked
  // kReflectionQuestions on this one; with INVALID_ARGUMENT at what is no question; with DEADLINE_EXCEEDED when no question
  // comes or no answer is taken for long.
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ServerReflectionInfo(
      grpc::CallbackServerContext* context) override;

 private:
  const std::vector<std::string> services_;
  pipeline::QuestionAdmission& admission_;
  const Limits limits_;
  pipeline::Slots slots_;
};

}  // namespace fundtrail::server
