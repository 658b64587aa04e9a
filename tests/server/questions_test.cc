// The list of questions and service.proto say the same: a question in one of them alone would be answered by nobody.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "fundtrail/v1/checkpoint.pb.h"

namespace fundtrail::testing {
namespace {

// "Balance(BalanceRequest) BalanceAnswer"; of pages, "List(ListRequest) stream ListAnswer".
std::string Line(const std::string& name, const std::string& request, bool pages, const std::string& answer) {
  return name + "(" + request + ") " + (pages ? "stream " : "") + answer;
}

TEST_CASE("every question of service.proto stands in server/questions.def, with its messages") {
  const std::set<std::string> listed = {
#define UNARY(NAME, REQUEST, ANSWER) Line(#NAME, #REQUEST, false, #ANSWER),
#define PAGES(NAME, REQUEST, ANSWER) Line(#NAME, #REQUEST, true, #ANSWER),
#include "server/questions.def"
#undef UNARY
#undef PAGES
  };
  const auto* const file = v1::CheckpointRequest::descriptor()->file();
  const auto* const service = file->pool()->FindServiceByName("fundtrail.v1.Ledger");
  REQUIRE(service != nullptr);
  std::set<std::string> served;
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* const method = service->method(i);
    CHECK_FALSE(method->client_streaming());
    // Clients of Connect use GET, which caches keep, for such methods alone; and GET has one answer.
    CHECK((method->options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS) ==
          !method->server_streaming());
    served.insert(Line(method->name(), method->input_type()->name(), method->server_streaming(),
                       method->output_type()->name()));
  }
  CHECK(listed == served);
}

}  // namespace
}  // namespace fundtrail::testing
