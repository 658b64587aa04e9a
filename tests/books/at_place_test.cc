// The rows by place: an item of a register that stands by place is found at each place that any version of it names.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <utility>

#include "tests/support/seeded_books.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;
using Found = std::set<std::pair<std::string, std::string>>;  // place, and item

// Field by field, as somebody says it who knows each register.
std::set<std::string> PlacesOf(const v1::Action& action) {
  std::set<std::string> places;
  if (action.has_declare_need()) places.insert(action.declare_need().place());
  if (action.has_deploy()) places.insert(action.deploy().place());
  if (action.has_assign_duty()) places.insert(action.assign_duty().place());
  if (action.has_form_group()) places.insert(action.form_group().place());
  for (const auto& share : action.propose_project().places()) places.insert(share.place());
  for (const auto& place : action.open_policy().places()) places.insert(place);
  for (const auto& place : action.announce().places()) places.insert(place);
  places.erase("");
  return places;
}

Found FoundAt(const store::Reader& state, v1::Action::ActionCase action) {
  Found found;
  for (int n = 0; n <= kSeeds; ++n) {
    const std::string place = n == 0 ? "elsewhere" : SeedId("place", n);
    const Bytes all = keys::AllAtPlace(place, action);
    for (const auto& [key, value] : AllRows(state, all, store::PrefixEnd(all))) {
      CHECK(value.empty());
      found.emplace(place, Need(keys::ReadAtPlace(key)));
    }
  }
  return found;
}

TEST_CASE("an item that stands by place is found at each place that any version of it names") {
  for (const model::Register& of : model::Registers()) {
    INFO(Name(of));
    SeededBooks books;
    books.Ready(of, {"x"});
    Found expected = FoundAt(books.state(), of.action);
    const auto add = [&](const v1::Action& action) {
      for (const std::string& place : PlacesOf(action)) expected.emplace(place, model::IdOf(action));
    };
    std::uint64_t version = 0;
    // What an evaluation says is never changed.
    for (int variant = 0; variant < (of.action == v1::Action::kEvaluate ? 1 : 3); ++variant) {
      const v1::Action item = WholeItem(of, "x", variant);
      version = books.Take({variant == 0 ? item : Amending(item, version)});
      if (of.by_place) add(item);
      CHECK(FoundAt(books.state(), of.action) == expected);
    }
    if (of.by_place) CHECK(expected.size() > 2);
    if (!of.by_place) CHECK(expected.empty());
    if (!of.ends) continue;
    // What has ended is found too: it was there then.
    books.Take({End(Name(of), "x", version)});
    CHECK(FoundAt(books.state(), of.action) == expected);
  }
}

TEST_CASE("all rows by place are those of the registers that stand by place") {
  SeededBooks books;
  std::size_t rows = 0;
  for (const model::Register& of : model::Registers()) {
    // A group is the party x, which is there by then.
    books.Take({WholeItem(of, "x")});
    rows += FoundAt(books.state(), of.action).size();
  }
  const Bytes all = keys::AllOf(keys::kAtPlaceTag);
  CHECK(AllRows(books.state(), all, store::PrefixEnd(all)).size() == rows);
}

}  // namespace
}  // namespace fundtrail::testing
