// The short forms that people make of names: the first letters of words, and of Chinese signs in pinyin.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fundtrail {

// Remembers what it was told of signs: ICU is asked once for each. For one thread.
class InitialsReader {
 public:
  // Of "Office for the Coordination of Humanitarian Affairs": "ocha", of the words with a capital letter, and "oftcoha", of all
  // words. Both as FoldedForSearch writes them, each once, the shorter first; none of fewer than two letters. A script
  // without capitals counts in both, and a Chinese sign by itself: "\u7ea2\u5341\u5b57\u4f1a" has "hszh".
  std::vector<std::string> Of(std::string_view name);

 private:
  char Pinyin(char32_t sign);
  std::unordered_map<char32_t, char> pinyin_;
};

// The text as initials are looked for: the letters alone of "OCHA", "U.K." or "u k"; empty for a text of other signs, of longer
// words beside one another, of one letter or of more than 20.
std::string InitialsSought(std::string_view text);

}  // namespace fundtrail
