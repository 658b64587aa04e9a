// See reflection_service.h.
#include "server/reflection_service.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "ledger/base/text.h"
#include "ledger/pipeline/retry.h"
#include "server/delivery_timeout.h"
#include "server/grpc_caller.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using Request = grpc::reflection::v1::ServerReflectionRequest;
using Response = grpc::reflection::v1::ServerReflectionResponse;

// Of what is asked about, which of its names there is none of.
void SetNotFound(const std::string& what, const std::string& name, Response* response) {
  auto* const error = response->mutable_error_response();
  error->set_error_code(grpc::StatusCode::NOT_FOUND);
  error->set_error_message(absl::StrCat("this server has no ", what, " ", Escaped(name)));
}

void AddFile(const FileDescriptor& file, std::unordered_set<const FileDescriptor*>* sent, bool asked_for,
             grpc::reflection::v1::FileDescriptorResponse* files) {
  if (!sent->insert(&file).second && !asked_for) return;
  google::protobuf::FileDescriptorProto message;
  file.CopyTo(&message);
  files->add_file_descriptor_proto(message.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), sent, false, files);
}

void AnswerExtension(const grpc::reflection::v1::ExtensionRequest& asked,
                     std::unordered_set<const FileDescriptor*>* sent, Response* response) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  const auto* const of = pool.FindMessageTypeByName(asked.containing_type());
  const auto* const field =
      of == nullptr ? nullptr : pool.FindExtensionByNumber(of, asked.extension_number());
  if (field == nullptr)
    return SetNotFound(absl::StrCat("extension ", asked.extension_number(), " of"), asked.containing_type(),
                       response);
  AddFile(*field->file(), sent, true, response->mutable_file_descriptor_response());
}

void AnswerExtensionNumbers(const std::string& type, Response* response) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  const auto* const of = pool.FindMessageTypeByName(type);
  if (of == nullptr) return SetNotFound("message", type, response);
  auto* const answer = response->mutable_all_extension_numbers_response();
  answer->set_base_type_name(type);
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  pool.FindAllExtensions(of, &fields);
  for (const auto* field : fields) answer->add_extension_number(field->number());
  std::sort(answer->mutable_extension_number()->begin(), answer->mutable_extension_number()->end());
}

// `sent`: the files that this stream has sent already.
void AnswerReflection(const Request& request, const std::vector<std::string>& services,
                      std::unordered_set<const FileDescriptor*>* sent, Response* response) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  response->set_valid_host(request.host());
  *response->mutable_original_request() = request;
  const auto send_file = [&](const FileDescriptor* file, const char* what, const std::string& name) {
    if (file == nullptr) return SetNotFound(what, name, response);
    AddFile(*file, sent, true, response->mutable_file_descriptor_response());
  };
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      return send_file(pool.FindFileByName(request.file_by_filename()), "file", request.file_by_filename());
    case Request::kFileContainingSymbol:
      return send_file(pool.FindFileContainingSymbol(request.file_containing_symbol()), "symbol",
                       request.file_containing_symbol());
    case Request::kFileContainingExtension:
      return AnswerExtension(request.file_containing_extension(), sent, response);
    case Request::kAllExtensionNumbersOfType:
      return AnswerExtensionNumbers(request.all_extension_numbers_of_type(), response);
    case Request::kListServices:
      for (const std::string& name : services)
        response->mutable_list_services_response()->add_service()->set_name(name);
      return;
    case Request::MESSAGE_REQUEST_NOT_SET:
      break;
  }
  response->mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
  response->mutable_error_response()->set_error_message("the question asks for nothing that reflection has");
}

StatusOr<Request> ReadReflection(grpc::ByteBuffer* bytes, int number) {
  if (number > kReflectionQuestions)
    return pipeline::AgainIn(
        std::chrono::seconds(1),
        absl::StrCat("one stream of reflection takes ", kReflectionQuestions, " questions: begin another"));
  if (bytes->Length() > kReflectionBytes)
    return absl::InvalidArgumentError(
        absl::StrCat("a question of reflection has at most ", kReflectionBytes, " bytes"));
  Request request;
  if (!grpc::SerializationTraits<Request>::Deserialize(bytes, &request).ok())
    return absl::InvalidArgumentError("this is not a message of type ServerReflectionRequest");
  return request;
}

// Reads a question, answers it, and reads the next: at any time one of these is under way, and one thread has it.
class ReflectionReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // `slot` is given back with the reactor; without one the stream ends at once.
  ReflectionReactor(const std::vector<std::string>& services, pipeline::QuestionAdmission* admission,
                    const Limits& limits, grpc::CallbackServerContext* context, std::shared_ptr<void> slot)
      : services_(services),
        admission_(*admission),
        caller_(CallerOf(context)),
        slot_(std::move(slot)),
        delivery_(context, limits.page_seconds),
        idle_(context, limits.stream_idle_seconds, "no question came") {
    if (slot_ == nullptr) {
      Finish(ToGrpc(pipeline::AgainIn(
          std::chrono::seconds(1),
          "too many streams of reflection are open: ask again when one of them has ended")));
    } else {
      Read();
    }
  }

  void OnReadDone(bool ok) override {
    idle_.Sent();
    if (!ok) return Finish(grpc::Status::OK);
    auto request = ReadReflection(&bytes_, ++asked_);
    bytes_.Clear();
    if (!request.ok()) return Finish(ToGrpc(request.status()));
    admission_.Answer(
        caller_, 1,
        [this, request = *std::move(request)]() -> StatusOr<std::size_t> {
          Response response;
          AnswerReflection(request, services_, &sent_, &response);
          bool own = false;
          grpc::SerializationTraits<Response>::Serialize(response, &bytes_, &own);
          return bytes_.Length();
        },
        [this](const Status& end, std::shared_ptr<void> memory) {
          if (!end.ok()) return Finish(ToGrpc(end));
          memory_ = std::move(memory);
          delivery_.Sending();
          StartWrite(&bytes_);
        });
  }
  void OnWriteDone(bool ok) override {
    delivery_.Sent();
    bytes_.Clear();
    memory_.reset();
    if (!ok) return Finish(ToGrpc(absl::CancelledError("nobody reads the answer")));
    Read();
  }
  void OnDone() override { delete this; }

 private:
  void Read() {
    idle_.Sending();
    StartRead(&bytes_);
  }

  const std::vector<std::string>& services_;
  pipeline::QuestionAdmission& admission_;
  const pipeline::Caller caller_;
  const std::shared_ptr<void> slot_;
  DeliveryTimeout delivery_, idle_;
  grpc::ByteBuffer bytes_;  // of the question that comes, then of its answer
  std::unordered_set<const FileDescriptor*> sent_;
  std::shared_ptr<void> memory_;  // room for the answer until it is taken
  int asked_ = 0;
};

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ReflectionService::ServerReflectionInfo(
    grpc::CallbackServerContext* context) {
  return new ReflectionReactor(services_, &admission_, limits_, context,
                               slots_.Take(CallerOf(context).address));
}

}  // namespace fundtrail::server
