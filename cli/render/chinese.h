// The Chinese of this program's sentences: chinese.def has a line for each, in the order of the English ones.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace fundtrail::render {

enum class Language : std::uint8_t { kEnglish, kChinese };

struct Translation {
  std::string_view english;
  std::string_view chinese;
};

inline constexpr Translation kTranslations[] = {
#define CHINESE(english, chinese) {english, chinese},
#include "cli/render/chinese.def"
#undef CHINESE
};

constexpr bool InOrder() {
  for (std::size_t i = 1; i < std::size(kTranslations); ++i)
    if (!(kTranslations[i - 1].english < kTranslations[i].english)) return false;
  return true;
}
static_assert(InOrder(),
              "chinese.def: each English text once, sorted by its bytes (tools/check-chinese --sort)");

// The line of a text of this program; null where there is none.
constexpr const Translation* TranslationOf(std::string_view english) {
  std::size_t first = 0;
  std::size_t last = std::size(kTranslations);
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    if (kTranslations[middle].english < english) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first < std::size(kTranslations) && kTranslations[first].english == english ? &kTranslations[first]
                                                                                     : nullptr;
}

// The Chinese of a text of this program; the text itself where there is none.
constexpr std::string_view ChineseOf(std::string_view english) {
  const Translation* const found = TranslationOf(english);
  return found == nullptr ? english : found->chinese;
}

// Whether a text has words, outside its places for values.
constexpr bool HasWords(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if (depth == 0 && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return true;
  }
  return false;
}

constexpr std::size_t Places(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '{'));
}

// Ends the build where a sentence has no Chinese, or has one with more or fewer places for values.
consteval void CheckChinese(std::string_view english) {
  if (HasWords(english) && TranslationOf(english) == nullptr)
    throw std::logic_error("chinese.def has no Chinese for this sentence");
  if (Places(english) != Places(ChineseOf(english)))
    throw std::logic_error("chinese.def has other places for values");
}

}  // namespace fundtrail::render
