// An entry that grows, against the same entry applied whole.
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/support/answers.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

struct Growing {
  std::vector<v1::Action> kept;
  v1::Outcome outcome;
  store::Batch rows;
  int refused = 0, dropped = 0;
};

// Tries the parts one after another, and drops some that are good.
Growing Grow(const Books& books, const std::vector<std::vector<v1::Action>>& parts, int signer,
             std::mt19937_64& random) {
  Growing made;
  books::GrowingEntry entry(books.state(), {RecordIndex(books.next()), books.day(), books::kRules[0]},
                            {Key(signer).public_key()});
  Need(entry.CheckHead(Entry("root", books.next(), {})));
  for (const auto& part : parts) {
    const auto outcome = entry.Try(Entry("root", books.next(), part));
    if (!outcome.ok()) {
      REQUIRE(model::RefusalOf(outcome.status()).has_value());
      ++made.refused;
    } else if (random() % 5 == 0) {
      entry.Drop();
      ++made.dropped;
    } else {
      entry.Keep();
      made.kept.insert(made.kept.end(), part.begin(), part.end());
    }
  }
  const std::uint32_t lines = entry.lines();
  made.outcome = entry.TakeOutcome();
  CHECK(lines == static_cast<std::uint32_t>(made.outcome.transfers_size()));
  made.rows = entry.TakeRows();
  return made;
}

TEST_CASE(
    "an entry that grew, with parts that were refused or dropped, has the outcome and the rows of the "
    "whole") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  int refused = 0, dropped = 0;
  for (int round = 0; round < 60; ++round) {
    const int signer = round % 2 == 0 ? 1 : 2;  // the root's key, and one that pays for all below
    World whole, grown;
    std::vector<std::string> parties = {"donor", "ministry", "county", "charity", "village"};
    const auto any = [&]() -> const std::string& { return parties[random() % parties.size()]; };
    std::vector<std::vector<v1::Action>> parts;
    for (int n = 0; n < 40; ++n) {
      std::vector<v1::Action> part;
      // Another time with another parent: what was refused or dropped must not be remembered.
      const std::string made = absl::StrCat("team", random() % 6);
      if (signer == 1 && random() % 3 == 0) {
        part.push_back(Party(made, any()));
        parties.push_back(made);
      }
      for (std::size_t pays = random() % 3; pays > 0; --pays) {
        const auto amount = static_cast<std::int64_t>(1 + random() % 50);
        v1::Action pay = Pay(random() % 3 == 0 ? "donor" : any(), any(), amount);
        if (random() % 6 == 0) pay = Drawing(pay, {ThisEntry(1 + static_cast<std::uint32_t>(random() % 8))});
        part.push_back(pay);
      }
      if (!part.empty()) parts.push_back(part);
    }
    const Growing made = Grow(grown, parts, signer, random);
    refused += made.refused;
    dropped += made.dropped;
    if (made.kept.empty()) continue;
    const auto outcome = Need(whole.Apply(Entry("root", whole.next(), made.kept), {signer}));
    CHECK(model::SerialiseDeterministic(outcome) == model::SerialiseDeterministic(made.outcome));
    store::Overlay rows(static_cast<const store::Reader&>(grown.state()));
    rows.Add(made.rows);
    REQUIRE(AllRows(rows) == AllRows(whole.state()));
  }
  CHECK(refused > 30);
  CHECK(dropped > 30);
}

TEST_CASE("rows that tell the actions of an entry apart do so when it grows") {
  World whole, grown;
  const std::vector<v1::Action> actions = {Pay("donor", "village", 5), Pay("donor", "village", 7)};
  for (World* world : {&whole, &grown}) Need(world->Do(actions).status());
  const std::uint64_t paid = whole.next() - 1;
  const std::vector<v1::Action> both = {Acknowledge(Ref(paid, 1), "village"),
                                        Acknowledge(Ref(paid, 2), "village")};
  Need(whole.Do(both).status());
  books::GrowingEntry entry(grown.state(), {RecordIndex(grown.next()), grown.day(), books::kRules[0]},
                            {Key(1).public_key()});
  for (const v1::Action& action : both) {
    Need(entry.Try(Entry("root", grown.next(), {action})).status());
    entry.Keep();
  }
  store::Overlay rows(static_cast<const store::Reader&>(grown.state()));
  rows.Add(entry.TakeRows());
  CHECK(AllRows(rows) == AllRows(whole.state()));
}

TEST_CASE("the head of an entry is refused as Apply refuses it") {
  World w;
  const auto refusal = [&](v1::Entry head, int signer) {
    books::GrowingEntry entry(w.state(), {RecordIndex(w.next()), w.day(), books::kRules[0]},
                              {Key(signer).public_key()});
    return Verdict(entry.CheckHead(head));
  };
  CHECK(refusal(Entry("root", 9, {}), 1) == "OK");
  CHECK(refusal(Entry("root", 9, {}), 9) == "KEY_NOT_AUTHORISED at author");
  CHECK(refusal(Entry("nobody", 9, {}), 1) == "REFERENCE_UNKNOWN at author");
  v1::Entry other = Entry("root", 9, {});
  other.set_ledger("ledger.example/other");
  CHECK(refusal(other, 1) == "WRONG_LEDGER at ledger");
}

}  // namespace
}  // namespace fundtrail::testing
