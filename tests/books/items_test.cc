// Items that are kept from one entry to the next: what a row says now, however often it changes, in bounded memory.
#include "ledger/books/items.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

void PutParty(store::Overlay* rows, const std::string& id, const std::string& name, bool ended = false) {
  v1::RegisterRow row;
  *row.mutable_action() = Party(id, "root");
  row.mutable_action()->mutable_register_party()->set_name(name);
  row.set_record(1);
  if (ended) row.mutable_ended()->set_record(2);
  rows->Put(model::keys::Item(v1::Action::kRegisterParty, id), row.SerializeAsString());
}

TEST_CASE("an item that is known is read again when its row is another one, or is gone, in any state") {
  const auto store = store::MakeMemoryStore();
  store::Overlay rows(*store);
  books::Items items;
  const auto get = [&](const store::Reader& state) {
    return Need(items.Get(state, v1::Action::kRegisterParty, "team"));
  };
  CHECK(get(rows) == nullptr);
  PutParty(&rows, "team", "Team");
  const books::SharedItem first = get(rows);
  CHECK(get(rows) == first);
  {
    store::Overlay tried(static_cast<const store::Reader&>(rows));
    PutParty(&tried, "team", "Team", true);
    CHECK(get(tried)->has_ended());
  }
  CHECK_FALSE(get(rows)->has_ended());  // what was only tried is not believed
  rows.Delete(model::keys::Item(v1::Action::kRegisterParty, "team"));
  CHECK(get(rows) == nullptr);
  CHECK(first->action().register_party().name() == "Team");
}

TEST_CASE(
    "genesis that is known is read again when its row is another one, and is not believed when it is gone") {
  const auto store = store::MakeMemoryStore();
  store::Overlay rows(*store);
  books::Items items;
  CHECK(items.Genesis(rows).status().code() == absl::StatusCode::kDataLoss);
  v1::GenesisRow row;
  row.set_ledger("ledger.example/relief");
  row.set_root_party("root");
  row.set_threshold(1);
  row.add_rules()->set_version(1);
  rows.Put(model::keys::Genesis(), row.SerializeAsString());
  const auto first = Need(items.Genesis(rows));
  CHECK(Need(items.Genesis(rows)) == first);
  {
    store::Overlay tried(static_cast<const store::Reader&>(rows));
    row.set_threshold(2);
    tried.Put(model::keys::Genesis(), row.SerializeAsString());
    CHECK(Need(items.Genesis(tried))->threshold() == 2);
  }
  CHECK(Need(items.Genesis(rows))->threshold() == 1);
  rows.Put(model::keys::Genesis(), "");
  CHECK(items.Genesis(rows).status().code() == absl::StatusCode::kDataLoss);
  rows.Delete(model::keys::Genesis());
  CHECK(items.Genesis(rows).status().code() == absl::StatusCode::kDataLoss);
  CHECK(first->root_party() == "root");
}

TEST_CASE("large items that are known take no more memory than small ones") {
  const auto store = store::MakeMemoryStore();
  store::Overlay rows(*store);
  books::Items items;
  constexpr std::size_t kLarge = 60'000;
  std::vector<std::weak_ptr<const v1::RegisterRow>> met;
  for (std::size_t i = 0; i < 2 * books::Items::kMostBytes / kLarge; ++i) {
    const std::string id = absl::StrCat("p", i);
    // Both versions of it: the one before counts no more.
    for (const char sign : {'a', 'b'}) {
      PutParty(&rows, id, std::string(kLarge, sign));
      met.push_back(Need(items.Get(rows, v1::Action::kRegisterParty, id)));
    }
  }
  std::size_t kept = 0;
  for (const auto& item : met) kept += item.expired() ? 0 : 1;
  CHECK(kept > 0);
  CHECK(kept * kLarge <= books::Items::kMostBytes);
}

}  // namespace
}  // namespace fundtrail::testing
