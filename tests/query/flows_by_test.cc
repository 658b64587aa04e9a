// Who pays whom, grouped: every transfer in one group, and groups that add up to the whole, however they are made.
#include "ledger/query/flows_by.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

struct GroupedLedger {
  GroupedLedger() {
    v1::Action dated = Pay("donor", "ministry", 40);
    dated.mutable_transfer()->set_value_date("2025-12-31");
    v1::Action placed = Pay("ministry", "village", 30, v1::TRANSFER_KIND_DISBURSEMENT);
    placed.mutable_transfer()->set_place("cn");
    Append({Place("cn")});
    Append({Pay("donor", "ministry", 100), placed});
    Append({dated, Pay("ministry", "village", 5)});
    Append({Returning(Pay("village", "ministry", 10), Ref(2, 2))});
    Append({Committed(Pay("donor", "ministry", 70))});
    view = Need(query::MakeView(ledger->store()));
  }
  void Append(const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", ++id, actions), {1}), clock.Read()).status());
  }
  // "donor>ministry 140", with what is not paid behind it; the total last.
  std::vector<std::string> Lines(v1::FlowsByRequest::By by, std::uint64_t top = 0) const {
    v1::FlowsByRequest request;
    request.set_by(by);
    request.set_top(top);
    const auto answer = Need(query::FlowsBy(view, request));
    std::vector<std::string> lines;
    const auto sums = [](const v1::LogMoney& money) {
      return absl::StrCat(money.paid().amount(), " back ", money.sent_back().amount(), " promised ",
                          money.committed().amount());
    };
    for (const auto& line : answer.lines())
      lines.push_back(absl::StrCat(line.from(), ">", line.to(), " ", sums(line.money())));
    REQUIRE(answer.totals_size() == 1);
    lines.push_back(
        absl::StrCat("all ", sums(answer.totals(0).money()), ", left out ", answer.totals(0).left_out()));
    return lines;
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::uint64_t id = 100;
  query::View view;
};

using Lines = std::vector<std::string>;

TEST_CASE("each transfer counts in one group, and the groups add up to the whole") {
  const GroupedLedger made;
  const std::string all = "all 175 back 10 promised 70, left out 0";
  CHECK(made.Lines(v1::FlowsByRequest::BY_PARTY) == Lines{"donor>ministry 140 back 0 promised 70",
                                                          "ministry>village 35 back 0 promised 0",
                                                          "village>ministry 0 back 10 promised 0", all});
  CHECK(made.Lines(v1::FlowsByRequest::BY_UNSPECIFIED) == made.Lines(v1::FlowsByRequest::BY_PARTY));
  CHECK(made.Lines(v1::FlowsByRequest::BY_PLACE) ==
        Lines{"> 145 back 10 promised 70", "cn> 30 back 0 promised 0", all});
  CHECK(made.Lines(v1::FlowsByRequest::BY_YEAR) ==
        Lines{"2026> 135 back 10 promised 70", "2025> 40 back 0 promised 0", all});
  CHECK(made.Lines(v1::FlowsByRequest::BY_FUND) == Lines{"flood>flood 175 back 10 promised 70", all});
  CHECK(made.Lines(v1::FlowsByRequest::BY_PROJECT) == Lines{"> 175 back 10 promised 70", all});
  CHECK(made.Lines(v1::FlowsByRequest::BY_PROGRAMME) == Lines{"> 175 back 10 promised 70", all});
  CHECK(made.Lines(v1::FlowsByRequest::BY_KIND) == Lines{"ALLOCATION> 145 back 0 promised 70",
                                                         "DISBURSEMENT> 30 back 0 promised 0",
                                                         "RETURN> 0 back 10 promised 0", all});
  // What is left out of the lines is in the total.
  CHECK(made.Lines(v1::FlowsByRequest::BY_PARTY, 1) ==
        Lines{"donor>ministry 140 back 0 promised 70", "all 175 back 10 promised 70, left out 2"});
}

TEST_CASE("days, a record and names narrow the groups; what cannot be asked for is refused") {
  const GroupedLedger made;
  v1::FlowsByRequest request;
  request.set_until("2025-12-31");
  const auto early = Need(query::FlowsBy(made.view, request));
  REQUIRE(early.lines_size() == 1);
  CHECK(early.lines(0).money().paid().amount() == 40);
  CHECK(early.lines(0).from_name() == "Party donor");
  request.clear_until();
  request.set_as_of(2);
  const auto then = Need(query::FlowsBy(made.view, request));
  REQUIRE(then.totals_size() == 1);
  CHECK(then.totals(0).money().paid().amount() == 130);
  CHECK(then.as_of_record() == 2);
  request.set_as_of(99);
  CHECK(absl::IsOutOfRange(query::FlowsBy(made.view, request).status()));
  request.clear_as_of();
  request.set_fund("none");
  CHECK(absl::IsNotFound(query::FlowsBy(made.view, request).status()));
  request.set_fund("flood");
  request.set_asset("none");
  CHECK(absl::IsNotFound(query::FlowsBy(made.view, request).status()));
  request.clear_asset();
  request.set_since("soon");
  CHECK(absl::IsInvalidArgument(query::FlowsBy(made.view, request).status()));
  request.clear_since();
  request.set_by(static_cast<v1::FlowsByRequest::By>(99));
  CHECK(absl::IsInvalidArgument(query::FlowsBy(made.view, request).status()));
}

}  // namespace
}  // namespace fundtrail::testing
