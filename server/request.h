// What a client sent, out of gRPC's hands: gRPC keeps a request as long as its call, and how long that is, is the client's to
// decide.
#pragma once

#include <google/protobuf/message.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/status.h"

namespace fundtrail::server {

// A question has less, in memory. Fields that are not known take many times their bytes there.
inline constexpr std::size_t kQuestionBytes = std::size_t{64} << 10;

// The handler is given a const pointer to an object that is not const, and nobody reads it again.
template <typename Message>
std::shared_ptr<Message> TakeOut(const Message* request) {
  auto own = std::make_shared<Message>();
  own->Swap(const_cast<Message*>(request));
  return own;
}

inline Status CheckQuestion(const google::protobuf::Message& question) {
  if (question.SpaceUsedLong() <= kQuestionBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("a question takes at most ", kQuestionBytes, " bytes in memory"));
}

}  // namespace fundtrail::server
