// See initials.h.
#include "ledger/base/initials.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ledger/base/names.h"

namespace fundtrail {
namespace {

constexpr std::size_t kLeastInitials = 2, kMostInitials = 20;

void AppendSign(char32_t sign, std::string* text) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(sign));
  text->append(bytes, bytes + length);
}

std::vector<char32_t> SignsOf(std::string_view text) {
  std::vector<char32_t> signs;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    UChar32 sign = 0;
    U8_NEXT(bytes, at, size, sign);
    if (sign > 0) signs.push_back(static_cast<char32_t>(sign));
  }
  return signs;
}

// Part of a word: letters, digits, and what stands inside words as in "Children's".
bool IsOfWord(char32_t sign) {
  const auto of = static_cast<UChar32>(sign);
  return u_isalnum(of) != 0 || sign == U'\'' || sign == U'\u2019' || (U_GET_GC_MASK(of) & U_GC_M_MASK) != 0;
}

bool IsHan(char32_t sign) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(sign), &error) == USCRIPT_HAN && U_SUCCESS(error);
}

// Whether it counts where only capital letters do.
bool IsCapital(char32_t sign) {
  const auto of = static_cast<UChar32>(sign);
  return u_isupper(of) != 0 || u_istitle(of) != 0 || u_tolower(of) == u_toupper(of);
}

}  // namespace

char InitialsReader::Pinyin(char32_t sign) {
  const auto [known, is_new] = pinyin_.try_emplace(sign, '\0');
  if (!is_new) return known->second;
  std::string text;
  AppendSign(sign, &text);
  const std::string latin = InLatin(text);
  if (!latin.empty() && latin.front() >= 'a' && latin.front() <= 'z') known->second = latin.front();
  return known->second;
}

std::vector<std::string> InitialsReader::Of(std::string_view name) {
  std::string capitals, all;
  bool in_word = false;
  for (const char32_t sign : SignsOf(name)) {
    if (IsHan(sign)) {
      in_word = false;
      const char letter = Pinyin(sign);
      if (letter == '\0') continue;
      capitals.push_back(letter);
      all.push_back(letter);
      continue;
    }
    const bool begins = !in_word && u_isalpha(static_cast<UChar32>(sign)) != 0;
    in_word = IsOfWord(sign);
    if (!begins) continue;
    AppendSign(sign, &all);
    if (IsCapital(sign)) AppendSign(sign, &capitals);
  }
  std::vector<std::string> initials;
  for (const std::string* letters : {&capitals, &all}) {
    std::string folded = FoldedForSearch(*letters);
    if (SignsOf(folded).size() < kLeastInitials) continue;
    if (initials.empty() || initials.front() != folded) initials.push_back(std::move(folded));
  }
  return initials;
}

std::string InitialsSought(std::string_view text) {
  const std::string folded = FoldedForSearch(text);
  std::string letters;
  std::size_t count = 0, words = 0, longest = 0, in_word = 0;
  for (const char32_t sign : SignsOf(folded)) {
    if (sign == U' ' || sign == U'.') {
      in_word = 0;
      continue;
    }
    if (u_isalpha(static_cast<UChar32>(sign)) == 0) return "";
    if (in_word++ == 0) ++words;
    longest = std::max(longest, in_word);
    ++count;
    AppendSign(sign, &letters);
  }
  const bool one_by_one = words == 1 || longest == 1;
  return one_by_one && count >= kLeastInitials && count <= kMostInitials ? letters : "";
}

}  // namespace fundtrail
