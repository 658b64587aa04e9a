// Dates of a clear form: what is read, and what is asked about.
#include "ledger/sheets/date_text.h"

#include <catch2/catch.hpp>

namespace fundtrail::sheets {
namespace {

std::string Read(std::string_view cell) {
  const auto date = ParseClearDate(cell);
  return date.ok() ? ToString(*date) : std::string(date.status().message());
}

TEST_CASE("date text: the year first, the name of a month or 年月日 make a date clear") {
  for (const char* cell :
       {"2022-04-29", "2022/4/29", "2022.04.29", "20220429", "2022年4月29日", "2022年04月29号",
        "29 April 2022", "29th April 2022", "April 29, 2022", "Apr. 29, 2022", "APR 29 2022", "29-Apr-2022",
        "2022 Apr 29", "Friday, April 29, 2022", "Fri 29 Apr 2022", "2022-04-29 00:00:00",
        "2022-04-29T00:00:00Z"}) {
    INFO(cell);
    CHECK(Read(cell) == "2022-04-29");
  }
  CHECK(Read("1 Sept 2020") == "2020-09-01");
  CHECK(Read("2020年2月29日") == "2020-02-29");
}

TEST_CASE("date text: a day that is none, and a weekday that is another's, are refused") {
  for (const char* cell : {"2022-13-01", "2022/2/29", "31 April 2022", "1815-06-18", "2022年0月1日"}) {
    INFO(cell);
    CHECK_THAT(Read(cell), Catch::Contains("is not a day of the calendar"));
  }
  CHECK_THAT(Read("Thursday, April 29, 2022"),
             Catch::Contains("names another weekday: 2022-04-29 is a Friday"));
}

TEST_CASE("date text: a date that may be two days is asked about") {
  CHECK_THAT(
      Read("01/02/2026"),
      Catch::Contains("say date_formats = [\"%d/%m/%Y\"] or date_formats = [\"%m/%d/%Y\"] in the map"));
  CHECK_THAT(Read("13.02.2026"), Catch::Contains("say date_formats = [\"%d.%m.%Y\"] in the map"));
  CHECK_THAT(Read("2/13/26"), Catch::Contains("say date_formats = [\"%m/%d/%y\"] in the map"));
  for (const char* cell : {"", "soon", "2022", "April 2022", "2022-04-29 13:05:00", "45000", "2022-04/29",
                           "April April 2022", "5 6 April 2022", "13/13/2026"}) {
    INFO(cell);
    CHECK_THAT(Read(cell), Catch::Contains("is not a date of a clear form"));
  }
  CHECK_THAT(Read(std::string(100'000, '1')), Catch::Contains("is not a date of a clear form"));
}

TEST_CASE("date text: outside a file, a text of no clear form is nothing, and a day that is none a fault") {
  CHECK(ToString(*ReadClearDate("2026/1/5").value()) == "2026-01-05");
  for (const char* text : {"01/02/2026", "13/02/2026", "soon", "", "12", "12.3"}) {
    INFO(text);
    const auto read = ReadClearDate(text);
    REQUIRE(read.ok());
    CHECK_FALSE(read->has_value());
  }
  CHECK_FALSE(ReadClearDate("2026/2/30").ok());
  CHECK_FALSE(ReadClearDate("Monday, January 6, 2026").ok());
}

TEST_CASE("date text: the formats that a date with the year last may have") {
  using Formats = std::vector<std::string>;
  CHECK(YearLastFormats("01/02/2026") == Formats{"%d/%m/%Y", "%m/%d/%Y"});
  CHECK(YearLastFormats("13-02-2026") == Formats{"%d-%m-%Y"});
  CHECK(YearLastFormats("2/13/26") == Formats{"%m/%d/%y"});
  CHECK(YearLastFormats("2026-01-02").empty());
  CHECK(YearLastFormats("1/2-2026").empty());
}

}  // namespace
}  // namespace fundtrail::sheets
