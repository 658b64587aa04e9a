// The places of a day: which one stands for each, when others succeeded it.
#include "ledger/query/place_successors.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

v1::Action Until(const std::string& last, v1::Action place) {
  place.mutable_declare_place()->set_valid_to(last);
  return place;
}

// cn ─┬─ gz ─┬─ bj        and far, which stands below none. bj and zy were there until the end of 2009.
//     │      └─ zy
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Until("2009-12-31", Place("bj", "gz", 2)),
        Until("2009-12-31", Place("zy", "gz", 2)), Place("far")});
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

TEST_CASE("a place stands for itself while it is there, whoever says to succeed it") {
  Ground ground;
  const auto opened = ground.Do({Place("old", "gz", 2), Until("2026-03-01", Place("going", "gz", 2))});
  ground.Do({Succeeding(Place("new", "sc", 2), {"old", "going"}, "2020-01-01")});
  CHECK(ground.For("old") == "old");
  CHECK(ground.For("going", "2026-03-01") == "going");  // its last day
  CHECK(ground.For("going", "2026-03-02") == "new");
  const auto ended = ground.Do({End("place", "old", opened)});
  CHECK(ground.For("old") == "new");
  CHECK(ground.For("old", "2019-12-31") == "old");
  CHECK(ground.For("old", "2026-03-01", ended - 1) == "old");
}

TEST_CASE("a successor that ended does not count, but for what succeeded it") {
  Ground ground;
  const auto mistaken = ground.Do({Succeeding(Place("wrong", "sc", 2), {"bj"})});
  const auto right = ground.Do({Succeeding(Place("right", "gz", 2), {"bj"})});
  CHECK(ground.For("bj") == "cn");
  ground.Do({End("place", "wrong", mistaken)});
  CHECK(ground.For("bj") == "right");
  CHECK(ground.For("wrong") == "wrong");
  ground.Do({Succeeding(Place("newest", "sc", 2), {"right"})});
  ground.Do({End("place", "right", right)});
  CHECK(ground.For("bj") == "newest");
  CHECK(ground.For("right") == "newest");
}

TEST_CASE("a place whose only successor ended stands for itself") {
  Ground ground;
  const auto mistaken = ground.Do({Succeeding(Place("wrong", "sc", 2), {"bj"})});
  CHECK(ground.For("bj") == "wrong");
  ground.Do({End("place", "wrong", mistaken)});
  CHECK(ground.For("bj") == "bj");
}

TEST_CASE("a successor that is succeeded itself stands for nothing any more") {
  Ground ground;
  ground.Do({Until("2019-12-31", Succeeding(Place("new", "gz", 2), {"bj", "zy"}, "2010-01-01"))});
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
  const std::string over = "2020-12-31";
  const auto one = ground.Do({Until(over, Succeeding(Place("one", "gz", 2), {"bj"}))});
  ground.Do({Until(over, Succeeding(Place("two", "gz", 2), {"one"}))});
  ground.Do({Amending(Until(over, Succeeding(Place("one", "gz", 2), {"bj", "two"})), one)});
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
      actions.push_back(Until("2020-12-31", Succeeding(Place(next, "gz", 2), {last})));
      last = next;
    }
    ground.Do(actions);
  }
  CHECK(ground.For("bj") == "c999");
  CHECK(ground.For("c500") == "c999");
}

}  // namespace
}  // namespace fundtrail::testing
