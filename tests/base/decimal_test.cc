// Amounts as people write them: what is read as what, what is refused, and that writing and reading are
// inverse.
#include "ledger/base/decimal.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <string>

namespace fundtrail {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

TEST_CASE("decimal: what people write") {
  const struct {
    std::string text;
    int decimals;
    std::int64_t units;
  } cases[] = {
      {"1200", 2, 120000},
      {"1,200.00", 2, 120000},
      {"1,234,567.8", 2, 123456780},
      {"-3.5", 2, -350},
      {"+3.5", 2, 350},
      {"(12.50)", 2, -1250},
      {" ( 12.50 ) ", 2, -1250},
      {"\t0 ", 2, 0},
      {".5", 2, 50},
      {"5.", 2, 500},
      {"007", 0, 7},
      {"1.5000", 2, 150},
      {"１，２００．５０", 2, 120050},
      {"−7", 0, -7},
      {"\u00a0"
       "42\u3000",
       0, 42},
      {"0.123456789", 9, 123456789},
      {"92,233,720,368,547,758.07", 2, kMax},
      {"-9223372036854775807", 0, -kMax},
      {"0000000000000000000000000000000000001", 0, 1},
  };
  for (const auto& c : cases) {
    INFO(c.text);
    const StatusOr<Amount> amount = ParseDecimal(c.text, c.decimals);
    INFO(amount.status());
    REQUIRE(amount.ok());
    CHECK(amount->value() == c.units);
  }
}

TEST_CASE("decimal: what is refused, with the reason") {
  const struct {
    std::string text;
    int decimals;
    std::string reason;
  } cases[] = {
      {"", 2, "is empty"},
      {"   ", 2, "is empty"},
      {".", 2, "no digits"},
      {"-", 2, "no digits"},
      {"12,00", 2, "comma is out of place"},
      {"1,2000", 2, "comma is out of place"},
      {"1200,000", 2, "comma is out of place"},
      {",100", 2, "comma is out of place"},
      {"1,", 2, "comma is out of place"},
      {"0,200", 2, "comma is out of place"},
      {"1,,000", 2, "comma is out of place"},
      {"1.200,00", 2, "after the point"},
      {"1.2.3", 2, "after the point"},
      {"1e5", 2, "expected digits"},
      {"198件", 0, "expected digits"},
      {"--1", 2, "two signs"},
      {"-(1)", 2, "expected digits"},
      {"(-1)", 2, "two signs"},
      {"$1", 2, "expected digits"},  // what it counts is not known here
      {"€5", 2, "expected digits"},
      {"5%", 2, "expected digits"},
      {"(1", 2, "bracket"},
      {"1)", 2, "expected digits"},
      {"1 000", 2, "expected digits"},
      {"0x10", 2, "expected digits"},
      {"1.005", 2, "finer than the asset's 2 decimals"},
      {"0.5", 0, "finer than the asset's 0 decimals"},
      {"92233720368547758.08", 2, "larger than a ledger can hold"},
      {"9223372036854775808", 0, "larger than a ledger can hold"},
      {"99999999999999999999999999", 0, "larger than a ledger can hold"},
      {std::string(61, '1'), 0, "too many digits"},
      {std::string(500, '1'), 0, "too long"},
      {"1\xff", 0, "\\xFF"},
  };
  for (const auto& c : cases) {
    INFO(c.text);
    const StatusOr<Amount> amount = ParseDecimal(c.text, c.decimals);
    REQUIRE_FALSE(amount.ok());
    CHECK_THAT(std::string(amount.status().message()), Catch::Contains(c.reason));
  }
}

TEST_CASE("decimal: columns that count in ten thousands are exact") {
  CHECK(ParseScaled("6,341.39", 2, 10000)->value() == 6341390000);
  CHECK(ParseScaled("6341.390001", 2, 10000)->value() == 6341390001);
  CHECK_FALSE(ParseScaled("6341.3900001", 2, 10000).ok());
  CHECK(ParseScaled("0.1", 0, 10)->value() == 1);
  CHECK(ParseScaled("-5541.36", 2, 10000)->value() == -5541360000);
  // 9223372036854.77580 7 is the last that fits; one more unit does not.
  CHECK(ParseScaled("9223372036854.775807", 2, 10000)->value() == kMax);
  CHECK_FALSE(ParseScaled("9223372036854.775808", 2, 10000).ok());
  CHECK(absl::IsOutOfRange(ParseScaled("9223372036855", 2, 10000).status()));
  CHECK(ParseScaled("1", 6, 1'000'000'000'000)->value() == 1'000'000'000'000'000'000);
  CHECK(absl::IsOutOfRange(ParseScaled("1", 9, 1'000'000'000'000).status()));
}

TEST_CASE("decimal: tails of binary floats are rounded half to even when asked") {
  const auto rounded = [](const std::string& text, int decimals) {
    return ParseScaled(text, decimals, 1, Rounding::kHalfEven)->value();
  };
  CHECK(rounded("4229555418.9280364", 2) == 422955541893);
  CHECK(rounded("0.30000000000000004", 2) == 30);
  CHECK(rounded("0.1000000000000000055511151231257827021181583404541015625", 2) == 10);
  CHECK(rounded("2.5", 0) == 2);
  CHECK(rounded("3.5", 0) == 4);
  CHECK(rounded("2.50000000000000000000000000000000000000001", 0) == 3);
  CHECK(rounded("2.4999999999999999999999999999999999999999", 0) == 2);
  CHECK(rounded("-2.5", 0) == -2);
  CHECK(rounded("-3.5", 0) == -4);
  CHECK(rounded("0.995", 2) == 100);
  CHECK_FALSE(ParseScaled("9223372036854775807.5", 0, 1, Rounding::kHalfEven).ok());
  CHECK(ParseScaled("0.00005", 2, 10000, Rounding::kHalfEven)->value() == 50);
}

TEST_CASE("decimal: written with thousands commas, and without") {
  CHECK(FormatDecimal(Amount(0), 2) == "0.00");
  CHECK(FormatDecimal(Amount(5), 2) == "0.05");
  CHECK(FormatDecimal(Amount(-5), 3) == "-0.005");
  CHECK(FormatDecimal(Amount(100000), 2) == "1,000.00");
  CHECK(FormatDecimal(Amount(99999), 2) == "999.99");
  CHECK(FormatDecimal(Amount(1234567), 0) == "1,234,567");
  CHECK(FormatDecimal(Amount(kMax), 9) == "9,223,372,036.854775807");
  CHECK(FormatDecimal(Amount(std::numeric_limits<std::int64_t>::min()), 2) == "-92,233,720,368,547,758.08");
  CHECK(FormatPlain(Amount(-123456789), 2) == "-1234567.89");
}

TEST_CASE("decimal: reading what was written gives the amount back") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const auto bits = static_cast<std::int64_t>(random()) >> (random() % 63);
    const Amount amount(bits == std::numeric_limits<std::int64_t>::min() ? 0 : bits);
    const int decimals = static_cast<int>(random() % 10);
    INFO(amount.value() << " with " << decimals);
    REQUIRE(ParseDecimal(FormatDecimal(amount, decimals), decimals)->value() == amount.value());
    REQUIRE(ParseDecimal(FormatPlain(amount, decimals), decimals)->value() == amount.value());
    // A number read with a factor is that number of factors.
    const Amount small(bits % 1'000'000'000);
    REQUIRE(ParseScaled(FormatDecimal(small, 2), 2, 10000)->value() == small.value() * 10000);
  }
}

}  // namespace
}  // namespace fundtrail
