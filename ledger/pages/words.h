// The words of pages, in each language: words.def has the sentences, enum_words.def the names of values. Both are
// tables with one column a language. A word that lacks one, or has other places for values than the English one, does
// not compile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "ledger/pages/html.h"

namespace fundtrail::pages {

enum class Language : std::uint8_t { kEnglish, kChinese };
inline constexpr Language kLanguages[] = {Language::kEnglish, Language::kChinese};
// As HTML names it: "en", "zh".
const char* LanguageTag(Language language);

enum class Word : std::uint16_t {
#define WORD(name, english, chinese) name,
#define COUNTED(name, one, english, chinese) name,
#include "ledger/pages/words.def"
#undef COUNTED
#undef WORD
};

std::string_view In(Language language, Word word);
// The word with what belongs into {0}, {1} and so on.
Html Say(Language language, Word word, const std::vector<Html>& values);
// The same in the form that the count takes: "1 more row is in the CSV."
Html SayCounted(Language language, Word word, std::uint64_t count, const std::vector<Html>& values);
std::string SayText(Language language, Word word, const std::vector<std::string>& values);
std::string SayTextCounted(Language language, Word word, std::uint64_t count,
                           const std::vector<std::string>& values);

// The name of a value of an enum of ours: "donation". A value that has no word is its own name, as "in-kind"; an
// unknown one is "?".
std::string EnumWord(Language language, const google::protobuf::EnumDescriptor& of, int value);
// What a field of Action does: "decision on the project". One without a word is its own name.
std::string ActionWord(Language language, const std::string& field);
template <typename Enum>
std::string EnumWord(Language language, Enum value) {
  return EnumWord(language, *google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

}  // namespace fundtrail::pages
