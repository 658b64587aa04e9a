// Statuses on their way over gRPC, and the table of them in the guide.
#include "server/status.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "absl/strings/cord.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/pipeline/elsewhere.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a refusal keeps its code, field and sentence; other errors their code and words") {
  const Status refusal =
      model::Refuse(v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, "actions[0].transfer.amount", "too little");
  const grpc::Status sent = server::ToGrpc(refusal);
  CHECK(sent.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  const auto back = model::RefusalOf(server::FromGrpc(sent));
  REQUIRE(back.has_value());
  CHECK(back->code() == v1::REFUSAL_CODE_INSUFFICIENT_FUNDS);
  CHECK(back->field() == "actions[0].transfer.amount");
  CHECK(back->sentence() == "too little");
  CHECK(server::ToGrpc(absl::OkStatus()).ok());
  const Status plain = absl::DataLossError("a row is gone");
  CHECK(server::FromGrpc(server::ToGrpc(plain)) == plain);
  CHECK(server::FromError(server::ToError(plain)) == plain);
  // Details that are none of ours do no harm.
  CHECK(server::FromGrpc({grpc::StatusCode::NOT_FOUND, "nothing", "\xff\xff"}) ==
        absl::NotFoundError("nothing"));
}

TEST_CASE("who else takes entries travels as google.rpc.ErrorInfo, with how long to wait") {
  const Status elsewhere = pipeline::NotActive("b.example.org:7450", "this server stands by");
  CHECK(absl::IsUnavailable(elsewhere));
  const Status back = server::FromGrpc(server::ToGrpc(elsewhere));
  CHECK(pipeline::ActiveIn(back) == std::optional<std::string>("b.example.org:7450"));
  CHECK(pipeline::RetryDelay(back) == std::optional(std::chrono::milliseconds(1'000)));
  CHECK(server::ToError(elsewhere).details(1).type_url() == "type.googleapis.com/google.rpc.ErrorInfo");
  CHECK(pipeline::ActiveIn(pipeline::NotActive("", "nobody records")) == std::optional<std::string>(""));
  CHECK_FALSE(pipeline::ActiveIn(absl::UnavailableError("away")).has_value());
  Status rubbish = absl::UnavailableError("away");
  rubbish.SetPayload(pipeline::kErrorInfo, absl::Cord("\xff"));
  CHECK_FALSE(pipeline::ActiveIn(rubbish).has_value());
  CHECK(pipeline::ActiveIn(pipeline::NotActive(std::string(1'000, 'a'), "long")) ==
        std::optional<std::string>(""));
}

TEST_CASE("how long to wait travels as google.rpc.RetryInfo, and stays within a minute") {
  using std::chrono::milliseconds;
  const Status full = pipeline::AgainIn(milliseconds(1'250), "the queue is full");
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  const grpc::Status sent = server::ToGrpc(full);
  v1::Error status;  // has the fields of google.rpc.Status
  REQUIRE(status.ParseFromString(sent.error_details()));
  CHECK(status.code() == static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
  REQUIRE(status.details_size() == 1);
  CHECK(status.details(0).type_url() == "type.googleapis.com/google.rpc.RetryInfo");
  // RetryInfo { Duration retry_delay = 1 { int64 seconds = 1; int32 nanos = 2 } }: 1 s and 250,000,000 ns.
  CHECK(status.details(0).value() == std::string("\x0a\x07\x08\x01\x10\x80\xe5\x9a\x77"));
  CHECK(server::FromGrpc(sent) == full);
  CHECK(pipeline::RetryDelay(server::FromGrpc(sent)) == milliseconds(1'250));
  CHECK(pipeline::RetryDelay(server::FromError(server::ToError(full))) == milliseconds(1'250));
  CHECK_FALSE(pipeline::RetryDelay(absl::ResourceExhaustedError("too large")).has_value());
  // A server may say anything.
  CHECK(pipeline::RetryDelay(pipeline::AgainIn(milliseconds(1'000'000'000), "")) == milliseconds(60'000));
  CHECK(pipeline::RetryDelay(pipeline::AgainIn(milliseconds(-5'000), "")) == milliseconds(0));
  Status rubbish = absl::ResourceExhaustedError("");
  rubbish.SetPayload(pipeline::kRetryInfo, absl::Cord("\xff"));
  CHECK_FALSE(pipeline::RetryDelay(rubbish).has_value());
}

TEST_CASE("the guide's table has each refusal in the line of its status") {
  std::ifstream file(FUNDTRAIL_SOURCE_DIR "/docs/services.md");
  std::map<std::string, std::string> lines;  // by status
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| ", 0) == 0) lines[line.substr(2, line.find(' ', 2) - 2)] = line + ",";
  }
  const auto* codes = v1::RefusalCode_descriptor();
  for (int i = 1; i < codes->value_count(); ++i) {
    const auto code = static_cast<v1::RefusalCode>(codes->value(i)->number());
    const Status status = model::Refuse(code, "", "");
    const std::string name = absl::StatusCodeToString(status.code());
    const std::string word = model::WordOf(code);
    INFO(word << " is " << name);
    const std::string& line = lines[name];
    std::size_t found = 0;
    for (const char* end : {",", ";", " |"}) found += line.find(" " + word + end) != std::string::npos;
    CHECK(found == 1);
  }
}

}  // namespace
}  // namespace fundtrail::testing
