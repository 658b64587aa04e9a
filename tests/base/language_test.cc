// What ICU knows of a reader's language, as pages say it.
#include "ledger/base/language.h"

#include <catch2/catch.hpp>

namespace fundtrail {
namespace {

TEST_CASE("one alone takes the form of one, and in Chinese nothing does") {
  for (const std::uint64_t number : {0, 1, 2, 11, 21, 101, 1'000'000}) {
    INFO(number);
    CHECK(TakesFormOfOne("en", number) == (number == 1));
    CHECK_FALSE(TakesFormOfOne("zh", number));
  }
}

TEST_CASE("names stand as readers look for them: by letters in English, by pinyin in Chinese") {
  const auto in_order = [&](const char* language, std::vector<std::string> of) {
    std::string text;
    for (const std::size_t at : OrderOfNames(language, of)) text += of[at] + " ";
    return text;
  };
  CHECK(in_order("en", {"Zebra", "Église", "apple", "Edith"}) == "apple Edith Église Zebra ");
  CHECK(in_order("zh", {"中", "阿", "北", "重庆"}) == "阿 北 重庆 中 ");  // ā, běi, chóng, zhōng
  CHECK(OrderOfNames("en", {}).empty());
  // Equal names keep their order, and what is no UTF-8 breaks nothing.
  CHECK(OrderOfNames("en", {"b", "a", "a"}) == std::vector<std::size_t>{1, 2, 0});
  CHECK(OrderOfNames("zh", {"\xff\xfe", "a"}).size() == 2);
}

TEST_CASE("a day in a sentence is said in words, whatever the time zone, and what is no day stays") {
  CHECK(DayInWords("en", "2020-08-27") == "27 August 2020");
  CHECK(DayInWords("zh", "2020-08-27") == "2020年8月27日");
  CHECK(DayInWords("en", "1900-01-01") == "1 January 1900");
  CHECK(DayInWords("zh", "2200-12-31") == "2200年12月31日");
  CHECK(DayInWords("en", "").empty());
  CHECK(DayInWords("en", "soon") == "soon");
}

}  // namespace
}  // namespace fundtrail
