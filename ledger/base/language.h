// What ICU knows of a reader's language: the form of a word beside a number, the order of names, and how a day is said. A language is
// "en" or "zh", as HTML names it. Where ICU lacks its data, the plain form stands: the number's many, the order of bytes, the day as it is
// written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fundtrail {

// Whether that many take the form of one, as "1 payment" does. Chinese has no such form.
bool TakesFormOfOne(const char* language, std::uint64_t number);

// The positions of the names in the order in which readers look for them: Chinese by pinyin. Names that ICU holds for equal keep their
// order.
std::vector<std::size_t> OrderOfNames(const char* language, const std::vector<std::string>& names);

// "2020-08-27" as "27 August 2020", "2020年8月27日". A text that is no day stays as it is.
std::string DayInWords(const char* language, std::string_view day);

}  // namespace fundtrail
