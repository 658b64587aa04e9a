// See style.h.
#include "cli/render/style.h"

#include <algorithm>

#include "ledger/base/decimal.h"
#include "ledger/base/text.h"

namespace fundtrail::render {

Shown Toned(const Style& style, Tone tone, const Shown& text) {
  const char* code = "";
  switch (tone) {
    case Tone::kPlain:
      break;
    case Tone::kBold:
      code = "1";
      break;
    case Tone::kDim:
      code = "2";
      break;
    case Tone::kGood:
      code = "32";
      break;
    case Tone::kWaiting:
      code = "33";
      break;
    case Tone::kBack:
      code = "36";
      break;
    case Tone::kBad:
      code = "1;31";
      break;
  }
  if (!style.colour || tone == Tone::kPlain) return text;
  return text.Each(
      [&](const std::string& words) { return std::string("\x1b[") + code + "m" + words + "\x1b[0m"; });
}

Shown Safe(std::string_view text) { return Shown::Made(Escaped(text)); }

int PrintableDecimals(std::uint32_t decimals) {
  return static_cast<int>(std::min<std::uint32_t>(decimals, kMaxDecimals));
}

std::string Money(std::int64_t amount, std::uint32_t decimals) {
  return FormatDecimal(Amount(amount), PrintableDecimals(decimals));
}

std::string PadRight(std::string_view text, int columns) {
  return std::string(text) +
         std::string(static_cast<std::size_t>(std::max(0, columns - DisplayWidth(text))), ' ');
}

std::string PadLeft(std::string_view text, int columns) {
  return std::string(static_cast<std::size_t>(std::max(0, columns - DisplayWidth(text))), ' ') +
         std::string(text);
}

}  // namespace fundtrail::render
