// The sums of bodies that are kept: who finds them, and how many there are.
#include "ledger/query/kept_bodies.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/query/top.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

query::KeptBodies::Sums Bodies(std::size_t count) {
  auto sums = std::make_shared<query::BodySums>();
  sums->bodies.resize(count);
  return sums;
}

query::BodyFilter OfFund(const std::string& fund) {
  query::BodyFilter filter;
  filter.fund = fund;
  return filter;
}

TEST_CASE("sums are found by who asks for the same of a ledger of that size") {
  query::KeptBodies kept;
  query::BodyFilter filter;
  filter.as_of = 7;
  filter.fund = "flood";
  filter.asset = "CNY";
  filter.period.since = Need(ParseDate("2024-01-01"));
  const auto sums = Bodies(3);
  kept.Keep(9, filter, sums);
  CHECK(kept.Find(9, filter) == sums);
  CHECK(kept.Find(10, filter) == nullptr);
  const auto is_found = [&](auto change) {
    query::BodyFilter other = filter;
    change(other);
    return kept.Find(9, other) == sums;
  };
  CHECK_FALSE(is_found([](auto& other) { other.as_of = 6; }));
  CHECK_FALSE(is_found([](auto& other) { other.as_of.reset(); }));
  CHECK_FALSE(is_found([](auto& other) { other.fund = "school"; }));
  CHECK_FALSE(is_found([](auto& other) { other.asset = ""; }));
  CHECK_FALSE(is_found([](auto& other) { other.period.until = other.period.since; }));
  CHECK_FALSE(is_found([](auto& other) { other.joined = true; }));
  CHECK_FALSE(is_found([](auto& other) { other.of = v1::TopRequest::OF_KINDS; }));
  // Bodies of all roles are read together. Groups of one role are not those of all.
  CHECK(is_found([](auto& other) { other.role = v1::ROLE_RECIPIENT; }));
  CHECK(is_found([](auto& other) { other.of = v1::TopRequest::OF_UNSPECIFIED; }));
  filter.of = v1::TopRequest::OF_KINDS;
  kept.Keep(9, filter, Bodies(1));
  CHECK(kept.Find(9, filter) != nullptr);
  filter.role = v1::ROLE_RECIPIENT;
  CHECK(kept.Find(9, filter) == nullptr);
}

TEST_CASE("two readings are kept, and what was asked for longest ago goes first") {
  query::KeptBodies kept;
  const auto a = Bodies(1), b = Bodies(2), c = Bodies(3);
  kept.Keep(1, OfFund("a"), a);
  kept.Keep(1, OfFund("b"), b);
  CHECK(kept.Find(1, OfFund("a")) == a);
  kept.Keep(1, OfFund("c"), c);
  CHECK(kept.Find(1, OfFund("a")) == a);
  CHECK(kept.Find(1, OfFund("b")) == nullptr);
  CHECK(kept.Find(1, OfFund("c")) == c);
  // Two who asked for the same at once: the later one's are kept, and nobody else's go.
  const auto again = Bodies(3);
  kept.Keep(1, OfFund("c"), again);
  CHECK(kept.Find(1, OfFund("c")) == again);
  CHECK(kept.Find(1, OfFund("a")) == a);
}

TEST_CASE("no more bodies are kept than memory is given to them") {
  query::KeptBodies kept;
  kept.Keep(1, OfFund("too many"), Bodies(query::kMaxKeptBodies + 1));
  CHECK(kept.Find(1, OfFund("too many")) == nullptr);
  const auto all = Bodies(query::kMaxKeptBodies), one = Bodies(1);
  kept.Keep(1, OfFund("one"), one);
  kept.Keep(1, OfFund("too many"), Bodies(query::kMaxKeptBodies + 1));
  CHECK(kept.Find(1, OfFund("one")) == one);
  kept.Keep(1, OfFund("all"), all);
  CHECK(kept.Find(1, OfFund("all")) == all);
  CHECK(kept.Find(1, OfFund("one")) == nullptr);
}

TEST_CASE("the pages of one answer share what is read, until the ledger grows") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto append = [&](const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", ledger->size() + 1'000, actions), {1}), clock.Read()));
  };
  append({Pay("donor", "ministry", 9), Pay("ministry", "village", 4)});
  query::KeptBodies bodies;
  query::View view = Need(query::MakeView(ledger->store()));
  view.bodies = &bodies;
  const auto read = Need(query::ReadBodies(view, {}));
  CHECK(Need(query::ReadBodies(view, {})) == read);

  v1::TopRequest request;
  const std::string whole = Need(Whole(query::Top(view, request, {}))).SerializeAsString();
  std::vector<std::string> parties;
  query::Paging paging;
  paging.limit = 1;
  do {
    auto asked = Need(query::Top(view, request, paging));
    const v1::TopAnswer page = Need(asked.Next());
    REQUIRE(page.lines_size() == 1);
    parties.push_back(page.lines(0).party());
    paging.after = page.next();
  } while (!paging.after.empty() && parties.size() < 9);
  CHECK(parties == std::vector<std::string>{"ministry", "village", "donor"});
  CHECK(Need(query::ReadBodies(view, {})) == read);  // no page has put another one in its place

  append({Pay("donor", "village", 1)});
  query::View later = Need(query::MakeView(ledger->store()));
  later.bodies = &bodies;
  CHECK(Need(query::ReadBodies(later, {})) != read);
  CHECK(Need(query::ReadBodies(view, {})) == read);
  CHECK(Need(Whole(query::Top(view, request, {}))).SerializeAsString() == whole);
}

}  // namespace
}  // namespace fundtrail::testing
