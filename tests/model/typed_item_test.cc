// Items of registers as the types that they are, against what reflection says of them.
#include "ledger/model/typed_item.h"

#include <catch2/catch.hpp>

#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"
#include "ledger/model/register_table.h"
#include "tests/support/items.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("of each register the item, its id and its name are read as reflection reads them") {
  int names = 0;
  for (const model::Register& of : model::Registers()) {
    INFO(of.name);
    const v1::Action action = WholeItem(of, "a", 0);
    const google::protobuf::Message& item =
        action.GetReflection()->GetMessage(action, &model::ActionField(of));
    CHECK(model::ItemIn(action) == &item);
    CHECK(model::ItemId(action) == item.GetReflection()->GetString(item, &model::IdField(of)));
    CHECK_FALSE(model::ItemId(action).empty());
    CHECK(model::ItemName(action) == model::TextIn(item, "name"));
    names += model::ItemName(action).empty() ? 0 : 1;
  }
  CHECK(names > 5);
}

TEST_CASE("an action of no register has no item") {
  v1::Action action;
  for (const bool pays : {false, true}) {
    if (pays) action.mutable_transfer()->set_amount(1);
    CHECK(model::ItemIn(action) == nullptr);
    CHECK(model::ItemId(action).empty());
    CHECK(model::ItemName(action).empty());
  }
}

}  // namespace
}  // namespace fundtrail::testing
