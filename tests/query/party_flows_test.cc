// Who paid a party and whom it paid are the lines that FlowsBy has of it, of any choice and as of any record.
#include "ledger/query/party_flows.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/query/flows_by.h"
#include "tests/support/random_ledger.h"

namespace fundtrail::testing {
namespace {

std::vector<std::string> Of(const v1::FlowsByAnswer& answer, const std::string& from, const std::string& to) {
  std::vector<std::string> lines;
  for (const v1::FlowsByLine& line : answer.lines())
    if (line.from() != line.to() && (from.empty() || line.from() == from) && (to.empty() || line.to() == to))
      lines.push_back(line.SerializeAsString());
  return lines;
}

TEST_CASE("who paid a party, and whom it paid, is what all flows say of it") {
  const std::uint64_t seed = GENERATE(take(6, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, true);
  const query::View view = game.view();
  std::vector<v1::FlowsByRequest> questions(5);
  questions[1].set_fund("school");
  questions[2].set_asset("USD");
  questions[3].set_since("2024-06-01");
  questions[3].set_until("2025-06-30");
  questions[4].set_as_of(view.checkpoint.size() / 2);
  for (const v1::FlowsByRequest& question : questions) {
    const v1::FlowsByAnswer all = Need(query::FlowsBy(view, question));
    for (const std::string& party : game.players) {
      INFO(party << ": " << question.ShortDebugString());
      const query::PartyFlows flows = Need(query::FlowsOfParty(view, question, party));
      CHECK(Of(flows.payers, "", "") == Of(all, "", party));
      CHECK(Of(flows.payees, "", "") == Of(all, party, ""));
    }
  }
}

TEST_CASE(
    "the most that a party was paid come first, what is left out is counted, and a busy party is refused") {
  const RandomLedger game(7, false);
  const query::View view = game.view();
  v1::FlowsByRequest top;
  top.set_top(1);
  const query::PartyFlows all = Need(query::FlowsOfParty(view, {}, "ministry"));
  const query::PartyFlows one = Need(query::FlowsOfParty(view, top, "ministry"));
  REQUIRE(all.payers.lines_size() > 1);
  REQUIRE(one.payers.lines_size() == 1);
  CHECK(one.payers.lines(0).SerializeAsString() == all.payers.lines(0).SerializeAsString());
  CHECK(one.payers.totals(0).left_out() + 1 == all.payers.totals(0).groups());
  CHECK(one.payers.totals(0).money().SerializeAsString() == all.payers.totals(0).money().SerializeAsString());
  CHECK(query::FlowsOfParty(view, {}, "ministry", 1).status().code() == absl::StatusCode::kResourceExhausted);
  CHECK(query::FlowsOfParty(view, {}, "nobody").status().code() == absl::StatusCode::kNotFound);
  v1::FlowsByRequest wrong;
  wrong.set_fund("nothing");
  CHECK(query::FlowsOfParty(view, wrong, "ministry").status().code() == absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace fundtrail::testing
