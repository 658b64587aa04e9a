// Exit codes, by the error that a command ended with. Scripts read 1 as "refused, or it does not hold".
#include "cli/exit.h"

#include <catch2/catch.hpp>

#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"

namespace fundtrail::testing {
namespace {

using absl::StatusCode;
using cli::Exit;

TEST_CASE("1 is said of refusals and of what does not hold, of nothing else") {
  const struct {
    StatusCode code;
    Exit exit;
  } kCases[] = {
      {StatusCode::kOk, Exit::kYes},
      {StatusCode::kDataLoss, Exit::kNo},
      {StatusCode::kFailedPrecondition, Exit::kNo},
      {StatusCode::kInvalidArgument, Exit::kUsage},
      {StatusCode::kOutOfRange, Exit::kUsage},
      {StatusCode::kNotFound, Exit::kUsage},
      {StatusCode::kAlreadyExists, Exit::kUsage},
      {StatusCode::kUnavailable, Exit::kUnavailable},
      {StatusCode::kDeadlineExceeded, Exit::kUnavailable},
      {StatusCode::kResourceExhausted, Exit::kUnavailable},
      {StatusCode::kPermissionDenied, Exit::kUnavailable},
      {StatusCode::kUnauthenticated, Exit::kUnavailable},
      {StatusCode::kUnimplemented, Exit::kUnavailable},
      {StatusCode::kCancelled, Exit::kUnavailable},
      {StatusCode::kAborted, Exit::kUnavailable},
      {StatusCode::kUnknown, Exit::kUnavailable},
      {StatusCode::kInternal, Exit::kUnavailable},
      {static_cast<StatusCode>(99), Exit::kUnavailable},
  };
  for (const auto& one : kCases) {
    INFO(absl::StatusCodeToString(one.code));
    CHECK(cli::ExitFor(Status(one.code, "x")) == one.exit);
  }
}

TEST_CASE("a refusal is 1, whatever code it travels with") {
  for (int code = v1::RefusalCode_MIN + 1; code <= v1::RefusalCode_MAX; ++code) {
    if (!v1::RefusalCode_IsValid(code)) continue;
    INFO(model::WordOf(static_cast<v1::RefusalCode>(code)));
    CHECK(cli::ExitFor(model::Refuse(static_cast<v1::RefusalCode>(code), "id", "x")) == Exit::kNo);
  }
}

}  // namespace
}  // namespace fundtrail::testing
