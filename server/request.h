// What a client sent, out of gRPC's hands. gRPC keeps a request as long as its call, and the client decides how long
// that is.
#pragma once

#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/status.h"
#include "server/limits.h"

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

// What is bounded in every question: its size, and the paths that it asks for if it can ask for any.
template <typename Question>
Status CheckQuestion(const Question& question, const Limits& limits) {
  if (question.SpaceUsedLong() > kQuestionBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a question takes at most ", kQuestionBytes, " bytes in memory"));
  }
  if constexpr (requires { question.path_budget(); }) {
    if (question.path_budget() > limits.trace_paths)
      return absl::InvalidArgumentError(absl::StrCat("path_budget: at most ", limits.trace_paths));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::server
