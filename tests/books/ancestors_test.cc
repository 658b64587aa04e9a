// The way up a tree is read once for an entry, however many of its actions ask for it.
#include "ledger/books/ancestors.h"

#include <catch2/catch.hpp>

#include "tests/support/counting_reader.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

constexpr int kDeep = 60;

// A chain of parties below the root: p1, p2, ... each below the one before.
struct Deep : Books {
  Deep() {
    Need(Do({Genesis({1}, 1)}).status());
    std::vector<v1::Action> chain;
    for (int n = 1; n <= kDeep; ++n)
      chain.push_back(Party("p" + std::to_string(n), n == 1 ? "root" : "p" + std::to_string(n - 1)));
    chain.push_back(Authorise(2, "root", {v1::PERMISSION_ADMINISTER, v1::PERMISSION_DECLARE}, true));
    Need(Do(chain).status());
  }
};

std::string Last() { return "p" + std::to_string(kDeep); }

TEST_CASE("what stands above an item, from it to the top") {
  const Deep deep;
  books::Ancestors ancestors(deep.state());
  std::vector<std::string> met;
  const auto take = [&](const std::string& id) -> StatusOr<bool> {
    met.push_back(id);
    return id != "p2";
  };
  Need(ancestors.EachAbove(v1::Action::kRegisterParty, "p3", take));
  CHECK(met == std::vector<std::string>{"p3", "p2"});
  met.clear();
  Need(ancestors.EachAbove(v1::Action::kRegisterParty, "p1", take));
  CHECK(met == std::vector<std::string>{"p1", "root"});
  met.clear();
  Need(ancestors.EachAbove(v1::Action::kRegisterParty, "", take));
  CHECK(met.empty());
  CHECK(absl::IsDataLoss(ancestors.EachAbove(v1::Action::kRegisterParty, "nobody", take)));
}

TEST_CASE("an entry of many parties far down reads the way up once, whoever signs it") {
  const Deep deep;
  for (const int signer : {1, 2}) {
    const CountingReader rows(deep.state());
    store::Overlay changes(rows);
    std::vector<v1::Action> many;
    for (int n = 0; n < 200; ++n) many.push_back(Party("x" + std::to_string(n), Last()));
    const auto keys = std::vector{Key(signer).public_key()};
    Need(
        books::Apply(&changes, {RecordIndex(2), Date(20'000), books::kRules[0]}, Entry("root", 2, many), keys)
            .status());
    // A few for each party, and the way up with the grants on it; not the way up for each of them.
    CHECK(rows.looks < 200 * 10 + kDeep * 5);
  }
}

TEST_CASE("a keeper that an entry changes is asked about anew") {
  Deep deep;
  const auto keeping = [](v1::Action action, const std::string& keeper) {
    action.mutable_declare_place()->set_keeper(keeper);
    return action;
  };
  const std::uint64_t record = deep.next();
  Need(deep.Do({keeping(Place("cn"), "p1"), Authorise(5, "p1", {v1::PERMISSION_DECLARE}),
                Authorise(6, "p2", {v1::PERMISSION_DECLARE}),
                Authorise(6, "root", {v1::PERMISSION_ADMINISTER})})
           .status());
  Need(deep.Do({Place("a", "cn", 1)}, {5}, "p1").status());
  // Key 6 gives the place to p2 and, after it, declares below it in p2's name: the same entry.
  Need(deep.Do({keeping(Amending(Place("cn"), record), "p2"), Place("b", "cn", 1)}, {6}).status());
  CHECK(Verdict(deep.Do({Place("c", "cn", 1)}, {5}, "p1").status()) ==
        "KEY_NOT_AUTHORISED at actions[0].declare_place");
}

}  // namespace
}  // namespace fundtrail::testing
