// An amount's cell taken apart: what is number, what is sign, and what is not clear.
#include "ledger/sheets/money_text.h"

#include <catch2/catch.hpp>

namespace fundtrail::sheets {
namespace {

using Marks = std::vector<std::string>;

TEST_CASE("money text: the number, and the signs beside it") {
  const struct {
    std::string cell, number;
    Marks before, behind;
  } cases[] = {
      {"1,200.50", "1,200.50", {}, {}},
      {"€1", "1", {"€"}, {}},
      {"€ 1", "1", {"€"}, {}},
      {"1 €", "1", {}, {"€"}},
      {"-€1", "-1", {"€"}, {}},
      {"€-1", "-1", {"€"}, {}},
      {"(€5.25)", "(5.25)", {"€"}, {}},
      {"(5.25 €)", "(5.25)", {}, {"€"}},
      {"(5.25) EUR", "(5.25)", {}, {"EUR"}},
      {"US$ 1,200", "1,200", {"US$"}, {}},
      {"USD 1,200 $", "1,200", {"USD"}, {"$"}},
      {"198件", "198", {}, {"件"}},
      {"￥１，２００．５０元", "１，２００．５０", {"￥"}, {"元"}},
      {"Rs. 500", "500", {"Rs."}, {}},
      {"500 Rs.", "500", {}, {"Rs."}},
      {"$.50", ".50", {"$"}, {}},
      {"5.", "5.", {}, {}},
      {"5%", "5", {}, {"%"}},
      {"5-", "5-", {}, {}},
      {"1.5万元", "1.5", {}, {"万元"}},
      {"1e5", "1e5", {}, {}},
      {"1 200 kr", "1 200", {}, {"kr"}},
      {"none", "none", {}, {}},
      {"", "", {}, {}},
  };
  for (const auto& c : cases) {
    INFO(c.cell);
    const auto money = SplitMoney(c.cell);
    REQUIRE(money.ok());
    CHECK(money->number == c.number);
    CHECK(money->before == c.before);
    CHECK(money->behind == c.behind);
  }
}

TEST_CASE("money text: a point that may be of either side is not guessed at") {
  for (const std::string cell : {"Rs.500", "USD.50", "-Kr.5"}) {
    INFO(cell);
    const auto money = SplitMoney(cell);
    REQUIRE_FALSE(money.ok());
    CHECK_THAT(std::string(money.status().message()), Catch::Contains("the point may belong to"));
  }
}

TEST_CASE("money text: what signs stand for") {
  const auto has = [](std::string_view mark, std::string_view code) {
    const auto codes = CurrenciesOf(mark);
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  CHECK(has("€", "EUR"));
  CHECK_FALSE(has("€", "USD"));
  CHECK(has("$", "USD"));
  CHECK(has("$", "MXN"));
  CHECK(has("US$", "USD"));
  CHECK_FALSE(has("US$", "CAD"));
  CHECK(has("¥", "CNY"));
  CHECK(has("¥", "JPY"));
  CHECK(has("元", "CNY"));
  CHECK(has("RMB", "CNY"));
  CHECK(has("Rs.", "INR"));
  CHECK(CurrenciesOf("件").empty());
  CHECK(CurrenciesOf("EUR").empty());  // a code stands for itself
  CHECK(CurrenciesOf("").empty());
}

}  // namespace
}  // namespace fundtrail::sheets
