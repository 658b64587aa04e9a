// See decimal.h.
#include "ledger/base/decimal.h"

#include <cassert>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail {
namespace {

using U128 = unsigned __int128;

constexpr std::size_t kMaxBytes = 200;
constexpr std::size_t kMaxDigits = 60;  // of either side of the point; longer is no amount of anything

Status NotANumber(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", Escaped(ClipToWidth(text, 40)), "\" is not an amount: ", Abseil(why)));
}

// Full-width digits and signs, the true minus, and wide spaces, in the ASCII that they stand for.
std::string Narrow(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kSigns[] = {
      {"．", '.'}, {"，", ','}, {"－", '-'},     {"−", '-'},      {"＋", '+'},
      {"（", '('}, {"）", ')'}, {"\u00a0", ' '}, {"\u3000", ' '}, {"\u202f", ' '}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      out.push_back(text[i++]);
      continue;
    }
    const std::string_view rest = text.substr(i);
    bool found = false;
    for (const auto& [wide, narrow] : kSigns) {
      if (rest.substr(0, wide.size()) != wide) continue;
      out.push_back(narrow);
      i += wide.size();
      found = true;
      break;
    }
    if (found) continue;
    // U+FF10 to U+FF19 are EF BC 90 to EF BC 99.
    if (rest.size() >= 3 && rest.substr(0, 2) == "\xef\xbc" && rest[2] >= '\x90' && rest[2] <= '\x99') {
      out.push_back(static_cast<char>('0' + (rest[2] - '\x90')));
      i += 3;
      continue;
    }
    out.push_back(text[i++]);
  }
  return out;
}

std::string_view Trim(std::string_view text) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(Abseil(text));
  return {trimmed.data(), trimmed.size()};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digits of the part before the point, without its commas; false when a comma is out of place.
bool WholeDigits(std::string_view whole, std::string* digits) {
  std::size_t group = 0;
  bool commas = false;
  for (const char c : whole) {
    if (c == ',') {
      if (commas ? group != 3 : (group < 1 || group > 3)) return false;
      commas = true;
      group = 0;
    } else {
      digits->push_back(c);
      ++group;
    }
  }
  if (commas && (group != 3 || digits->front() == '0')) return false;
  return true;
}

struct Parts {
  bool negative = false;
  std::string whole;     // no leading zeros
  std::string fraction;  // no trailing zeros
};

StatusOr<Parts> Split(std::string_view text) {
  if (text.size() > kMaxBytes) return NotANumber(text, "it is far too long");
  const std::string narrow = Narrow(text);
  std::string_view rest = Trim(narrow);
  if (rest.empty()) return absl::InvalidArgumentError("the amount is empty");
  Parts parts;
  const bool brackets = rest.front() == '(';
  if (brackets) {
    if (rest.back() != ')' || rest.size() < 3) return NotANumber(text, "its bracket is not closed");
    rest = Trim(rest.substr(1, rest.size() - 2));
    parts.negative = true;
  }
  bool signed_already = brackets;
  while (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    if (signed_already) return NotANumber(text, "it has two signs");
    signed_already = true;
    if (rest[0] == '-') parts.negative = true;
    rest = Trim(rest.substr(1));
  }
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : rest.substr(point + 1);
  for (const char c : whole) {
    if (!IsDigit(c) && c != ',') return NotANumber(text, "expected digits, as in 1,200.00");
  }
  for (const char c : fraction) {
    if (!IsDigit(c)) return NotANumber(text, "expected only digits after the point, as in 1,200.00");
  }
  if (whole.empty() && fraction.empty()) return NotANumber(text, "it has no digits");
  if (!WholeDigits(whole, &parts.whole)) return NotANumber(text, "a thousands comma is out of place");
  if (parts.whole.size() > kMaxDigits || fraction.size() > kMaxDigits) {
    return NotANumber(text, "it has too many digits");
  }
  parts.whole.erase(0, parts.whole.find_first_not_of('0'));
  parts.fraction = std::string(fraction.substr(0, fraction.find_last_not_of('0') + 1));
  return parts;
}

Status TooLarge(std::string_view text) {
  return absl::OutOfRangeError(
      absl::StrCat("the amount \"", Escaped(ClipToWidth(text, 40)), "\" is larger than a ledger can hold"));
}

}  // namespace

StatusOr<Amount> ParseScaled(std::string_view text, int decimals, std::int64_t factor, Rounding rounding) {
  assert(decimals >= 0 && decimals <= kMaxDecimals);
  assert(factor >= 1 && factor <= kMaxFactor);
  FT_ASSIGN_OR_RETURN(Parts parts, Split(text));
  // units = whole · scale + 0.fraction · scale. No step leaves 128 bits: the whole is held under 2^63, and
  // the fraction's part never goes above 10 · scale.
  U128 scale = static_cast<U128>(factor);
  for (int i = 0; i < decimals; ++i) scale *= 10;
  U128 units = 0;
  constexpr U128 kLimit = static_cast<U128>(std::numeric_limits<std::int64_t>::max());
  for (const char digit : parts.whole) {
    units = units * 10 + static_cast<U128>(digit - '0');
    if (units > kLimit) return TooLarge(text);
  }
  if (units != 0 && scale > kLimit / units) return TooLarge(text);
  units *= scale;
  // Division by ten, digit by digit from the last.
  U128 carry = 0;          // the value of the digits behind, in units
  bool remainder = false;  // whether anything but zeros was cut behind the tenth
  int tenth = 0;           // the first digit cut
  for (std::size_t i = parts.fraction.size(); i-- > 0;) {
    const U128 sum = static_cast<U128>(parts.fraction[i] - '0') * scale + carry;
    remainder = remainder || tenth != 0;
    tenth = static_cast<int>(sum % 10);
    carry = sum / 10;
  }
  units += carry;
  if (tenth != 0 || remainder) {
    if (rounding == Rounding::kRefuse) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the amount \"", Escaped(ClipToWidth(text, 40)), "\" is finer than the asset's ", decimals,
          " decimals; only an import may round it: rounding = \"half-even\" in its map"));
    }
    const bool up = tenth > 5 || (tenth == 5 && (remainder || units % 2 == 1));
    if (up) units += 1;
  }
  if (units > kLimit) return TooLarge(text);
  const auto value = static_cast<std::int64_t>(units);
  return Amount(parts.negative ? -value : value);
}

StatusOr<Amount> ParseDecimal(std::string_view text, int decimals) { return ParseScaled(text, decimals, 1); }

namespace {

std::string Format(Amount amount, int decimals, bool commas) {
  assert(decimals >= 0 && decimals <= kMaxDecimals);
  const bool negative = amount.value() < 0;
  const auto bits = static_cast<std::uint64_t>(amount.value());
  std::string digits = std::to_string(negative ? 0 - bits : bits);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  const std::size_t whole = digits.size() - places;
  std::string out = negative ? "-" : "";
  for (std::size_t i = 0; i < whole; ++i) {
    if (commas && i != 0 && (whole - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  if (places != 0) {
    out.push_back('.');
    out.append(digits, whole, places);
  }
  return out;
}

}  // namespace

std::string FormatDecimal(Amount amount, int decimals) { return Format(amount, decimals, true); }
std::string FormatPlain(Amount amount, int decimals) { return Format(amount, decimals, false); }

}  // namespace fundtrail
