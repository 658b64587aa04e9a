// Statements of a body with all below it: what came from others and what stayed within, against the entries themselves.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "ledger/query/statement.h"
#include "tests/support/pages.h"
#include "tests/support/random_ledger.h"

namespace fundtrail::testing {
namespace {

const std::set<std::string> kBelowMinistry = {"ministry", "county", "hamlet"};

v1::StatementRequest BelowMinistry() {
  v1::StatementRequest request;
  request.set_party("ministry");
  request.set_below(true);
  return request;
}

TEST_CASE("a statement of all below a body tells what came from others apart from what stayed within") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, false);
  const query::View view = game.view();
  const auto answer = Need(Whole(query::Statement(view, BelowMinistry(), {})));
  CHECK(answer.bodies() == 3);
  std::int64_t in = 0, out = 0, within_in = 0, within_out = 0, held = 0;
  for (const auto& statement : answer.statements()) {
    CHECK(kBelowMinistry.count(statement.account().party()) == 1);
    for (const auto& line : statement.lines())
      CHECK(line.within() == (kBelowMinistry.count(line.other_party()) == 1));
    in += statement.total_in() - statement.within_in();
    out += statement.total_out() - statement.within_out();
    within_in += statement.within_in();
    within_out += statement.within_out();
    held += statement.held_after();
  }
  std::int64_t naive_in = 0, naive_out = 0, naive_within = 0;
  for (const auto& one : game.made) {
    const bool from = kBelowMinistry.count(one.transfer.from()) == 1;
    const bool to = kBelowMinistry.count(one.transfer.to()) == 1;
    if (from && to) naive_within += one.transfer.amount();
    if (!from && to) naive_in += one.transfer.amount();
    if (from && !to) naive_out += one.transfer.amount();
  }
  CHECK(in == naive_in);
  CHECK(out == naive_out);
  CHECK(within_in == naive_within);
  CHECK(within_out == naive_within);
  CHECK(held == in - out);
  // Cut into pages, it is the same.
  query::Paging small;
  small.page_parts = 3;
  const auto pages = Need(EachPage(query::Statement(view, BelowMinistry(), small)));
  std::int64_t cut = 0;
  for (const auto& page : pages)
    for (const auto& statement : page.statements()) cut += statement.total_in() - statement.within_in();
  CHECK(cut == in);
}

TEST_CASE("what a statement of several cannot be asked is refused") {
  const RandomLedger game(5, false, 10);
  const query::View view = game.view();
  auto request = BelowMinistry();
  request.set_joined(true);
  CHECK(absl::IsInvalidArgument(query::Statement(view, request, {}).status()));
  request = BelowMinistry();
  request.set_party("nobody");
  CHECK(absl::IsNotFound(query::Statement(view, request, {}).status()));
  request.clear_party();
  CHECK(absl::IsInvalidArgument(query::Statement(view, request, {}).status()));
  request.set_below(false);
  CHECK(absl::IsNotFound(query::Statement(view, request, {}).status()));
  request.set_programme("none");
  CHECK(absl::IsNotFound(query::Statement(view, request, {}).status()));
  // A token of a statement of one body does not go on with that of all below it.
  v1::StatementRequest alone;
  alone.set_party("ministry");
  query::Paging first;
  first.limit = 1;
  const auto page = Need(Whole(query::Statement(view, alone, first)));
  if (page.next().empty()) return;
  first.after = page.next();
  CHECK(absl::IsInvalidArgument(query::Statement(view, BelowMinistry(), first).status()));
}

TEST_CASE("a body with more than 1,000 below it is not stated as one") {
  RandomLedger game(5, false, 5);
  for (int batch = 0; batch < 5; ++batch) {
    std::vector<v1::Action> parties;
    for (int i = 0; i < 200; ++i) parties.push_back(Party("p" + std::to_string(batch * 200 + i), "ministry"));
    Need(game.Append(parties));
  }
  const query::View view = game.view();
  CHECK(absl::IsResourceExhausted(query::Statement(view, BelowMinistry(), {}).status()));
  // Before the last of them came, it was.
  auto request = BelowMinistry();
  request.set_as_of(game.ledger->size() - 2);
  CHECK(query::Statement(view, request, {}).ok());
}

}  // namespace
}  // namespace fundtrail::testing
