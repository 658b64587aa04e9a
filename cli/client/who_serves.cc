// See who_serves.h.
#include "cli/client/who_serves.h"

#include <grpcpp/generic/generic_stub.h>

#include <deque>
#include <optional>

#include "absl/strings/str_cat.h"

namespace fundtrail::cli {

namespace {

struct Asked {
  grpc::ClientContext context;
  grpc::ByteBuffer answer;
  grpc::Status status;
  std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> call;
};

// HealthCheckRequest has the service's name as field 1.
grpc::ByteBuffer RequestFor(const std::string& service) {
  const grpc::Slice slice(absl::StrCat("\n", std::string(1, static_cast<char>(service.size())), service));
  return {&slice, 1};
}

// HealthCheckResponse has its status as field 1: 1 is SERVING.
bool Serves(const grpc::ByteBuffer& answer) {
  grpc::Slice bytes;
  return answer.TrySingleSlice(&bytes).ok() && bytes.size() == 2 && bytes.begin()[0] == 0x08 &&
         bytes.begin()[1] == 0x01;
}

}  // namespace

std::size_t WhoServes(const std::vector<std::shared_ptr<grpc::Channel>>& servers, const std::string& service,
                      std::chrono::milliseconds most) {
  grpc::CompletionQueue queue;
  std::deque<Asked> asked;
  const grpc::ByteBuffer request = RequestFor(service);
  for (const auto& server : servers) {
    Asked& one = asked.emplace_back();
    one.context.set_deadline(std::chrono::system_clock::now() + most);
    one.call = grpc::GenericStub(server).PrepareUnaryCall(&one.context, "/grpc.health.v1.Health/Check",
                                                          request, &queue);
    one.call->StartCall();
    one.call->Finish(&one.answer, &one.status, &one);
  }
  std::optional<std::size_t> serves, answers;
  for (std::size_t ended = 0; ended < asked.size(); ++ended) {
    void* tag = nullptr;
    bool ok = false;
    if (!queue.Next(&tag, &ok)) break;
    if (serves.has_value()) continue;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (&asked[i] != tag || !ok || !asked[i].status.ok()) continue;
      if (!answers.has_value()) answers = i;
      if (Serves(asked[i].answer)) serves = i;
    }
    if (serves.has_value())
      for (Asked& other : asked) other.context.TryCancel();
  }
  queue.Shutdown();
  return serves.value_or(answers.value_or(0));
}

}  // namespace fundtrail::cli
