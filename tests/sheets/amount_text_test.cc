// An amount of a known asset in the forms that people write, and what is not clear enough to be paid.
#include "ledger/sheets/amount_text.h"

#include <catch2/catch.hpp>

#include "ledger/base/decimal.h"

namespace fundtrail::sheets {
namespace {

std::string Read(std::string_view text, const std::string& asset = "CNY", int decimals = 2) {
  const auto amount = ReadAmountOf(text, asset, decimals);
  return amount.ok() ? FormatDecimal(*amount, decimals) : std::string(amount.status().message());
}

TEST_CASE(
    "amount text: of no asset, a word for a large number is written out, and a currency is asked about") {
  const auto written = [](std::string_view text) {
    const auto out = WrittenOut(text);
    return out.ok() ? *out : std::string(out.status().message());
  };
  CHECK(written("").empty());
  CHECK(written("20,000.50") == "20,000.50");
  CHECK(written("3万") == "30000");
  CHECK(written("1.25万") == "12500.00");
  CHECK(written("１．５亿") == "150000000.0");
  CHECK(written("much") == "much");  // told by whoever reads it
  CHECK(written("3万元") ==
        "\"3万元\" names a currency, and the amount is of any asset: write the number alone");
}

TEST_CASE("amount text: thousands, large numbers in words, and the signs of the asset") {
  CHECK(Read("1234.5") == "1,234.50");
  CHECK(Read("1,234.50") == "1,234.50");
  CHECK(Read("0.5万") == "5,000.00");
  CHECK(Read("1.250万元") == "12,500.00");
  CHECK(Read("2亿元") == "200,000,000.00");
  CHECK(Read("5千元") == "5,000.00");
  CHECK(Read("￥12.50") == "12.50");
  CHECK(Read("12.50 cny") == "12.50");
  CHECK(Read("CNY 12.50元") == "12.50");
  CHECK(Read("(12.50)") == "-12.50");
  CHECK(Read("US$ 1,200", "USD") == "1,200.00");
  CHECK(Read("3万美元", "USD") == "30,000.00");
  CHECK(Read("198", "BED", 0) == "198");
  CHECK(Read("198 bed", "BED", 0) == "198");
  CHECK(Read("１，２００．５０") == "1,200.50");
  CHECK(Read("5\u3000元") == "5.00");
  CHECK(Read("5\u00a0CNY") == "5.00");
  CHECK(Read("3万 元") == "30,000.00");
  CHECK(Read(" 5 ") == "5.00");
}

TEST_CASE("amount text: another asset's sign, and a unit that is none, are refused") {
  CHECK(Read("5美元") == "\"5美元\" says 美元, which is no sign of the asset CNY");
  CHECK(Read("USD 5") == "\"USD 5\" says USD, which is no sign of the asset CNY");
  CHECK(Read("5千克") == "\"5千克\" says 千克, which is no sign of the asset CNY");
  CHECK(Read("12%") == "\"12%\" says %, which is no sign of the asset CNY");
  CHECK_THAT(Read("Rs.500", "INR"), Catch::Contains("the point may belong to"));
}

TEST_CASE("amount text: a point that may set off thousands is asked about") {
  CHECK(Read("1.250") == "\"1.250\" may be 1.25 or 1,250.00: write one of them");
  CHECK(Read("1.250", "KWD", 3) == "1.250");
  CHECK(Read("0.250") == "0.25");
  CHECK(Read("1.25") == "1.25");
  CHECK(Read("１．２５０") == "\"１．２５０\" may be 1.25 or 1,250.00: write one of them");
  CHECK(Read("￥1.250") == "\"￥1.250\" may be 1.25 or 1,250.00: write one of them");
  CHECK(Read("(1.250)") == "\"(1.250)\" may be -1.25 or -1,250.00: write one of them");
}

TEST_CASE("amount text: what is no number, or finer than the asset, is refused") {
  for (const char* text : {"", "five", "1.234", "1,5", "1.200,00", "1 200", "1e5", "--5", "5万零3百", "3千5",
                           "1\u202e23", "5\u200b0"}) {
    INFO(text);
    CHECK_FALSE(ReadAmountOf(text, "CNY", 2).ok());
  }
  CHECK_FALSE(ReadAmountOf("1亿亿", "CNY", 2).ok());
  CHECK_FALSE(ReadAmountOf("999999999999999999亿", "CNY", 2).ok());
}

}  // namespace
}  // namespace fundtrail::sheets
