// How text looks on this terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/render/shown.h"

namespace fundtrail::render {

// Lines have no end, as in a pipe or a file: nothing is cut.
constexpr int kEndless = 1'000'000;
// Then no column is filled further than to so many: one long text must not widen every line.
constexpr int kMaxPadded = 100;

struct Style {
  bool colour = false;
  int width = kEndless;  // columns
  bool endless() const { return width >= kEndless; }
};

enum class Tone { kPlain, kBold, kDim, kGood, kWaiting, kBack, kBad };
// `text` in that tone; without colour, as it is.
Shown Toned(const Style& style, Tone tone, const Shown& text);

// No asset has more decimals than an amount can show, but an answer may come from any server.
int PrintableDecimals(std::uint32_t decimals);

// An amount in the smallest unit, as people write it: "1,234.00".
std::string Money(std::int64_t amount, std::uint32_t decimals);

// Filled with spaces to that many terminal columns.
std::string PadRight(std::string_view text, int columns);
std::string PadLeft(std::string_view text, int columns);

}  // namespace fundtrail::render
