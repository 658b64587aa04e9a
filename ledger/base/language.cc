// See language.h.
#include "ledger/base/language.h"

#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/uiter.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "ledger/base/date.h"

namespace fundtrail {
namespace {

// English is that of Britain: the day stands before the month.
const char* LocaleOf(std::string_view language) { return language == "zh" ? "zh_CN" : "en_GB"; }

std::string Utf8Of(const UChar* text, std::int32_t size) {
  std::string utf8(static_cast<std::size_t>(size) * 3, '\0');  // a unit of UTF-16 takes three bytes at most
  std::int32_t used = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strToUTF8(utf8.data(), static_cast<std::int32_t>(utf8.size()), &used, text, size, &error);
  if (U_FAILURE(error) != 0) return "";
  utf8.resize(static_cast<std::size_t>(used));
  return utf8;
}

}  // namespace

bool TakesFormOfOne(const char* language, std::uint64_t number) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UPluralRules, decltype(&uplrules_close)> rules(
      uplrules_open(LocaleOf(language), &error), &uplrules_close);
  if (U_FAILURE(error) != 0) return false;
  UChar form[16];
  const std::int32_t size = uplrules_select(rules.get(), static_cast<double>(number), form, 16, &error);
  return U_FAILURE(error) == 0 && std::u16string_view(form, static_cast<std::size_t>(size)) == u"one";
}

std::vector<std::size_t> OrderOfNames(const char* language, const std::vector<std::string>& names) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCollator, decltype(&ucol_close)> collator(ucol_open(LocaleOf(language), &error),
                                                                   &ucol_close);
  const bool known = U_FAILURE(error) == 0;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    const std::string &a = names[one], &b = names[other];
    if (!known) return a < b;
    UErrorCode failed = U_ZERO_ERROR;
    return ucol_strcollUTF8(collator.get(), a.data(), static_cast<std::int32_t>(a.size()), b.data(),
                            static_cast<std::int32_t>(b.size()), &failed) == UCOL_LESS;
  });
  return order;
}

std::string DayInWords(const char* language, std::string_view day) {
  const auto date = ParseDate(day);
  if (!date.ok()) return std::string(day);
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UDateFormat, decltype(&udat_close)> format(
      udat_open(UDAT_NONE, UDAT_LONG, LocaleOf(language), u"UTC", 3, nullptr, 0, &error), &udat_close);
  if (U_FAILURE(error) != 0) return std::string(day);
  constexpr double kMillisecondsOfDay = 86'400'000;
  UChar text[64];
  const std::int32_t size =
      udat_format(format.get(), kMillisecondsOfDay * date->days(), text, 64, nullptr, &error);
  if (U_FAILURE(error) != 0 || size > 64) return std::string(day);
  return Utf8Of(text, size);
}

}  // namespace fundtrail
