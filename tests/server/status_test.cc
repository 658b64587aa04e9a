// Statuses on their way over gRPC, and the table of them in the guide.
#include "server/status.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "ledger/model/refusal.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a refusal keeps its code, field and sentence; other errors their code and words") {
  const Status refusal = model::Refuse(v1::INSUFFICIENT_FUNDS, "actions[0].transfer.amount", "too little");
  const grpc::Status sent = server::ToGrpc(refusal);
  CHECK(sent.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  const auto back = model::RefusalOf(server::FromGrpc(sent));
  REQUIRE(back.has_value());
  CHECK(back->code() == v1::INSUFFICIENT_FUNDS);
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
    INFO(codes->value(i)->name() << " is " << name);
    const std::string& line = lines[name];
    std::size_t found = 0;
    for (const char* end : {",", ";", " |"})
      found += line.find(" " + codes->value(i)->name() + end) != std::string::npos;
    CHECK(found == 1);
  }
}

}  // namespace
}  // namespace fundtrail::testing
