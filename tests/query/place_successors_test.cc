// The places of a day: which one stands for each, when others succeeded it.
#include "ledger/query/place_successors.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

// cn ─┬─ gz ─┬─ bj        and far, which stands below none
//     │      └─ zy
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Place("far")});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // The place that stands for another one; empty: none.
  std::string For(const std::string& id, const std::string& day = "2026-03-01",
                  query::AsOfRecord as_of = std::nullopt) const {
    const query::View view = Need(query::MakeView(ledger->store()));
    const auto places = Need(query::ReadTree(view, v1::Action::kDeclarePlace, as_of));
    const auto stands = Need(query::PlacesOn(view, places, day, as_of));
    REQUIRE(stands.size() == static_cast<std::size_t>(places.size()));
    const int found = stands[static_cast<std::size_t>(places.Find(id))];
    return found == query::kNoItem ? "" : places.id(found);
  }
};

v1::Action Succeeding(v1::Action place, const std::vector<std::string>& before,
                      const std::string& from = "") {
  for (const std::string& id : before) place.mutable_declare_place()->add_succeeds(id);
  place.mutable_declare_place()->set_valid_from(from);
  return place;
}

TEST_CASE("a place that another one succeeded stands there from that one's first day on") {
  Ground ground;
  CHECK(ground.For("bj") == "bj");
  const auto before = ground.ledger->size() - 1;
  ground.Do({Succeeding(Place("new", "sc", 2), {"bj"}, "2026-01-01")});
  CHECK(ground.For("bj") == "new");
  CHECK(ground.For("new") == "new");
  CHECK(ground.For("zy") == "zy");
  CHECK(ground.For("bj", "2026-01-01") == "new");
  CHECK(ground.For("bj", "2025-12-31") == "bj");
  CHECK(ground.For("bj", "2026-03-01", before) == "bj");
}

TEST_CASE("a successor that is succeeded itself stands for nothing any more") {
  Ground ground;
  ground.Do({Succeeding(Place("new", "gz", 2), {"bj", "zy"}, "2010-01-01")});
  CHECK(ground.For("bj") == "new");
  ground.Do({Succeeding(Place("newer", "sc", 2), {"new"}, "2020-01-01")});
  CHECK(ground.For("bj") == "newer");
  CHECK(ground.For("zy") == "newer");
  CHECK(ground.For("bj", "2015-01-01") == "new");
}

TEST_CASE("several successors stand together at the lowest place that has them all, or nowhere") {
  Ground ground;
  ground.Do({Succeeding(Place("east", "gz", 2), {"bj"}), Succeeding(Place("west", "gz", 2), {"bj"})});
  CHECK(ground.For("bj") == "gz");
  ground.Do({Succeeding(Place("north", "sc", 2), {"bj"})});
  CHECK(ground.For("bj") == "cn");
  ground.Do({Succeeding(Place("south", "far", 2), {"bj"})});
  CHECK(ground.For("bj").empty());
}

TEST_CASE("places that succeed each other in a circle end somewhere") {
  Ground ground;
  const auto one = ground.Do({Succeeding(Place("one", "gz", 2), {"bj"})});
  ground.Do({Succeeding(Place("two", "gz", 2), {"one"})});
  ground.Do({Amending(Succeeding(Place("one", "gz", 2), {"bj", "two"}), one)});
  const std::string end = ground.For("bj");
  CHECK((end == "one" || end == "two"));
  CHECK(ground.For("one") == end);
  CHECK(ground.For("two") == end);
}

TEST_CASE("a chain of a thousand places is followed to its end") {
  Ground ground;
  std::string last = "bj";
  for (int part = 0; part < 10; ++part) {
    std::vector<v1::Action> actions;
    for (int n = 0; n < 100; ++n) {
      const std::string next = "c" + std::to_string(100 * part + n);
      actions.push_back(Succeeding(Place(next, "gz", 2), {last}));
      last = next;
    }
    ground.Do(actions);
  }
  CHECK(ground.For("bj") == "c999");
  CHECK(ground.For("c500") == "c999");
}

}  // namespace
}  // namespace fundtrail::testing
