// See money_text.h.
#include "ledger/sheets/money_text.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

enum class Sign { kDigit, kPoint, kPlusMinus, kBracket, kSpace, kOther };

struct Letter {
  std::string_view text;
  Sign sign = Sign::kOther;
};

Sign SignOf(std::string_view letter) {
  struct Known {
    std::string_view text;
    Sign sign;
  };
  static constexpr Known kKnown[] = {
      {".", Sign::kPoint},      {",", Sign::kPoint},     {"．", Sign::kPoint},    {"，", Sign::kPoint},
      {"+", Sign::kPlusMinus},  {"-", Sign::kPlusMinus}, {"−", Sign::kPlusMinus}, {"＋", Sign::kPlusMinus},
      {"－", Sign::kPlusMinus}, {"(", Sign::kBracket},   {")", Sign::kBracket},   {"（", Sign::kBracket},
      {"）", Sign::kBracket},   {" ", Sign::kSpace}};
  if (letter.size() == 1 && absl::ascii_isdigit(static_cast<unsigned char>(letter[0]))) return Sign::kDigit;
  if (letter.size() == 3 && letter.substr(0, 2) == "\xef\xbc" && letter[2] >= '\x90' && letter[2] <= '\x99')
    return Sign::kDigit;  // full-width
  const auto* const known =
      std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.text == letter; });
  return known == std::end(kKnown) ? Sign::kOther : known->sign;
}

std::vector<Letter> LettersOf(std::string_view cell) {
  std::vector<Letter> letters;
  letters.reserve(cell.size());
  for (std::size_t at = 0; at < cell.size();) {
    std::size_t end = at + 1;
    while (end < cell.size() && (static_cast<unsigned char>(cell[end]) & 0xc0) == 0x80) ++end;
    const std::string_view letter = cell.substr(at, end - at);
    letters.push_back({letter, SignOf(letter)});
    at = end;
  }
  return letters;
}

std::string Trimmed(std::string_view text) {
  return std::string(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
}

std::string TextOf(const std::vector<Letter>& letters, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) text.append(letters[i].text);
  return text;
}

bool IsNumeric(Sign sign) { return sign == Sign::kDigit || sign == Sign::kPoint; }

// Takes marks off the front; what is left of the number's front goes to `*number`. Returns where the number begins.
StatusOr<std::size_t> TakeFront(std::string_view cell, const std::vector<Letter>& letters, MoneyText* money) {
  std::size_t at = 0;
  while (!IsNumeric(letters[at].sign)) {
    if (letters[at].sign != Sign::kOther) {
      money->number.append(letters[at++].text);
      continue;
    }
    const std::size_t start = at;
    while (letters[at].sign == Sign::kOther || letters[at].sign == Sign::kSpace ||
           (letters[at].sign == Sign::kPoint && letters[at + 1].sign != Sign::kDigit)) {
      ++at;
    }
    money->before.push_back(Trimmed(TextOf(letters, start, at)));
    const char last = letters[at - 1].text.back();
    if (letters[at].sign == Sign::kPoint && absl::ascii_isalpha(static_cast<unsigned char>(last))) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", Escaped(ClipToWidth(cell, 40)), "\" is not clear: the point may belong to ",
          Escaped(ClipToWidth(money->before.back(), 20)), " or to the number; put a space where they part"));
    }
  }
  return at;
}

// The same from the back: where the number ends. What stands behind it and is of the number goes to `*tail`.
std::size_t TakeBack(const std::vector<Letter>& letters, MoneyText* money, std::string* tail) {
  std::size_t end = letters.size();
  const auto is_mark = [&](std::size_t i) {
    return letters[i].sign == Sign::kOther ||
           (letters[i].sign == Sign::kPoint && i > 0 && letters[i - 1].sign == Sign::kOther);
  };
  while (true) {
    const Sign sign = letters[end - 1].sign;
    if (is_mark(end - 1)) {
      const std::size_t last = end;
      while (is_mark(end - 1) || letters[end - 1].sign == Sign::kSpace) --end;
      money->behind.push_back(Trimmed(TextOf(letters, end, last)));
    } else if (sign == Sign::kBracket || sign == Sign::kSpace) {
      --end;
      tail->insert(0, letters[end].text);
    } else {
      return end;
    }
  }
}

struct Currencies {
  std::string_view mark;  // ASCII letters in lower case
  std::string_view codes;
};

constexpr Currencies kCurrencies[] = {
    {"$",
     "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP CVE DOP FJD GYD HKD JMD KYD LRD MOP MXN NAD NIO NZD "
     "SBD SGD SRD "
     "TOP TTD TWD UYU WST XCD ZWL BRL"},
    {"us$", "USD"},
    {"usd$", "USD"},
    {"a$", "AUD"},
    {"au$", "AUD"},
    {"c$", "CAD NIO"},
    {"ca$", "CAD"},
    {"hk$", "HKD"},
    {"nt$", "TWD"},
    {"nz$", "NZD"},
    {"r$", "BRL"},
    {"s$", "SGD"},
    {"＄", "USD AUD CAD HKD NZD SGD TWD"},
    {"€", "EUR"},
    {"£", "GBP EGP FKP GIP LBP SDG SHP SSP SYP"},
    {"￡", "GBP EGP FKP GIP LBP SDG SHP SSP SYP"},
    {"e£", "EGP"},
    {"¥", "CNY JPY"},
    {"￥", "CNY JPY"},
    {"元", "CNY HKD TWD MOP"},
    {"圆", "CNY"},
    {"圓", "HKD TWD MOP"},
    {"円", "JPY"},
    {"rmb", "CNY"},
    {"人民币", "CNY"},
    {"人民幣", "CNY"},
    {"美元", "USD"},
    {"欧元", "EUR"},
    {"歐元", "EUR"},
    {"英镑", "GBP"},
    {"日元", "JPY"},
    {"港元", "HKD"},
    {"港币", "HKD"},
    {"₹", "INR"},
    {"rs", "INR LKR MUR NPR PKR SCR"},
    {"rs.", "INR LKR MUR NPR PKR SCR"},
    {"₨", "INR LKR MUR NPR PKR SCR"},
    {"৳", "BDT"},
    {"₩", "KRW KPW"},
    {"￦", "KRW KPW"},
    {"₽", "RUB"},
    {"₺", "TRY"},
    {"₴", "UAH"},
    {"₦", "NGN"},
    {"₱", "PHP"},
    {"₫", "VND"},
    {"₪", "ILS"},
    {"฿", "THB"},
    {"₡", "CRC SVC"},
    {"₲", "PYG"},
    {"₵", "GHS"},
    {"₸", "KZT"},
    {"₮", "MNT"},
    {"₭", "LAK"},
    {"₼", "AZN"},
    {"₾", "GEL"},
    {"؋", "AFN"},
    {"៛", "KHR"},
    {"﷼", "IRR OMR QAR SAR YER"},
    {"ƒ", "ANG AWG"},
    {"kr", "DKK ISK NOK SEK"},
    {"kr.", "DKK ISK NOK SEK"},
    {"zł", "PLN"},
    {"kč", "CZK"},
    {"fr", "CHF"},
    {"fr.", "CHF"},
    {"sfr.", "CHF"},
    {"ksh", "KES"},
    {"tsh", "TZS"},
    {"ush", "UGX"},
    {"fcfa", "XAF XOF"},
};

}  // namespace

StatusOr<MoneyText> SplitMoney(std::string_view cell) {
  // Most cells are a number and nothing else.
  if (cell.find_first_not_of("0123456789.,") == std::string_view::npos) {
    MoneyText number;
    number.number = std::string(cell);
    return number;
  }
  const std::vector<Letter> letters = LettersOf(cell);
  MoneyText money;
  const bool any =
      std::any_of(letters.begin(), letters.end(), [](const Letter& l) { return l.sign == Sign::kDigit; });
  if (!any) {
    money.number = std::string(cell);
    return money;
  }
  // Both stop at a digit at the latest.
  FT_ASSIGN_OR_RETURN(const std::size_t begin, TakeFront(cell, letters, &money));
  std::string tail;
  const std::size_t end = TakeBack(letters, &money, &tail);
  money.number += TextOf(letters, begin, end);
  money.number += tail;
  return money;
}

std::vector<std::string_view> CurrenciesOf(std::string_view mark) {
  const std::string lower = absl::AsciiStrToLower(absl::string_view(mark.data(), mark.size()));
  std::vector<std::string_view> codes;
  for (const Currencies& known : kCurrencies) {
    if (known.mark != lower) continue;
    for (std::string_view rest = known.codes; !rest.empty();) {
      const std::string_view code = rest.substr(0, rest.find(' '));
      codes.push_back(code);
      rest.remove_prefix(std::min(rest.size(), code.size() + 1));
    }
  }
  return codes;
}

}  // namespace fundtrail::sheets
