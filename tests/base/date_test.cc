// Dates and instants: strict reading, the formats of other people's files, and the calendar against counting
// days.
#include "ledger/base/date.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

namespace fundtrail {
namespace {

TEST_CASE("date: YYYY-MM-DD strictly") {
  CHECK(ParseDate("1970-01-01")->days() == 0);
  CHECK(ParseDate("2026-11-24")->days() == 20781);
  CHECK(ParseDate("2020-02-29")->days() == 18321);
  for (const std::string text :
       {"", "2026-11-4", "2026-1-024", "2026-11-24 ", " 2026-11-24", "2026/11/24", "2026-13-01", "2026-00-10",
        "2026-02-29", "2026-04-31", "1899-12-31", "2201-01-01", "2026-11-2x", "+026-11-24", "20261124"}) {
    INFO(text);
    const StatusOr<Date> date = ParseDate(text);
    REQUIRE_FALSE(date.ok());
    CHECK_THAT(std::string(date.status().message()), Catch::Contains(text));
  }
}

TEST_CASE("date: every day of three centuries, one after the other") {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int32_t days = -25567;  // 1900-01-01
  for (int year = 1900; year <= 2200; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= kDays[month - 1] + (leap && month == 2 ? 1 : 0); ++day) {
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const StatusOr<Date> date = ParseDate(text);
        if (!date.ok() || date->days() != days || ToString(Date(days)) != text)
          FAIL(text << " is not day " << days);
        ++days;
      }
    }
  }
  CHECK(days == 84371);
}

TEST_CASE("date: other formats") {
  const auto read = [](std::string_view text, std::string_view format) {
    const StatusOr<Date> date = ParseDateWith(text, format);
    return date.ok() ? ToString(*date) : std::string(date.status().message());
  };
  CHECK(read("24/11/2026", "%d/%m/%Y") == "2026-11-24");
  CHECK(read("11/24/2026", "%m/%d/%Y") == "2026-11-24");
  CHECK(read("1/2/2026", "%d/%m/%Y") == "2026-02-01");
  CHECK(read("2020.01.22", "%Y.%m.%d") == "2020-01-22");
  CHECK(read("2020年1月22日", "%Y年%m月%d日") == "2020-01-22");
  CHECK(read("20200122", "%Y%m%d") == "2020-01-22");
  CHECK(read("2019", "%Y") == "2019-01-01");
  CHECK(read("2019-07", "%Y-%m") == "2019-07-01");
  CHECK(read("24.11.26", "%d.%m.%y") == "2026-11-24");
  CHECK(read("24.11.69", "%d.%m.%y") == "2069-11-24");
  for (const std::string text : {"24.11.70", "31.12.99"}) {
    const auto either = ParseDateWith(text, "%d.%m.%y");
    REQUIRE_FALSE(either.ok());
    CHECK_THAT(std::string(either.status().message()),
               Catch::Contains("may be 19" + text.substr(6) + " or 20"));
  }
  CHECK_THAT(read("2019-07-01", "%Y-%m"), Catch::Contains("not a date written as %Y-%m"));
  CHECK_THAT(read("2019 ", "%Y"), Catch::Contains("not a date"));
  CHECK_THAT(read("24/11/2026", "%m/%d/%Y"), Catch::Contains("not a day of the calendar"));
  CHECK_THAT(read("1815-06-18", "%Y-%m-%d"), Catch::Contains("outside the years"));
}

TEST_CASE("date: a format must name the year, and each part once") {
  CHECK(CheckDateFormat("%d.%m.%Y").ok());
  for (const std::string format : {"", "%d/%m", "%Y %Y", "%Y %y", "%H %Y", "%Y-%m-%m", "%Y%", "%Y %%"}) {
    INFO(format);
    CHECK_FALSE(CheckDateFormat(format).ok());
    CHECK_FALSE(ParseDateWith("2020", format).ok());
  }
}

TEST_CASE("timestamp: ISO 8601 in UTC with microseconds") {
  CHECK(ToString(Timestamp(0)) == "1970-01-01T00:00:00.000000Z");
  CHECK(ToString(Timestamp(1795514400'000000)) == "2026-11-24T10:00:00.000000Z");
  CHECK(ToString(Timestamp(1795514400'000001)) == "2026-11-24T10:00:00.000001Z");
  CHECK(ToString(Timestamp(-1)) == "1969-12-31T23:59:59.999999Z");
  CHECK(ToString(Timestamp(253402300799'999999)) == "9999-12-31T23:59:59.999999Z");
  CHECK(ToString(Timestamp(253402300800'000000)) == "@253402300800000000");
  CHECK(ToString(Timestamp(std::numeric_limits<std::int64_t>::max())) == "@9223372036854775807");
  CHECK(DateOf(Timestamp(-1)) == Date(-1));
  CHECK(ToString(DateOf(Timestamp(1795514400'000000))) == "2026-11-24");
}

}  // namespace
}  // namespace fundtrail
