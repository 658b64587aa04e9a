// See words.h.
#include "ledger/pages/words.h"

#include <cstddef>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/language.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"

namespace fundtrail::pages {
namespace {

struct InBoth {
  std::string_view english, chinese;
  std::string_view english_of_one = "";  // of what is counted
};

constexpr InBoth kWords[] = {
#define WORD(name, english, chinese) {english, chinese},
#define COUNTED(name, one, english, chinese) {english, chinese, one},
#include "ledger/pages/words.def"
#undef COUNTED
#undef WORD
};

// Which of the places {0} to {9} a sentence has, as bits. -1 for a brace that is part of none.
constexpr int PlacesIn(std::string_view text) {
  int places = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}') return -1;
    if (text[i] != '{') continue;
    if (i + 2 >= text.size() || text[i + 1] < '0' || text[i + 1] > '9' || text[i + 2] != '}') return -1;
    places |= 1 << (text[i + 1] - '0');
    i += 2;
  }
  return places;
}

// One assertion a word, so that the compiler names the one that is wrong.
#define WORD(name, english, chinese)                                                      \
  static_assert(!std::string_view(english).empty() && !std::string_view(chinese).empty(), \
                #name " lacks a language");                                               \
  static_assert(PlacesIn(english) >= 0 && PlacesIn(english) == PlacesIn(chinese),         \
                #name " has other places for values in one language than in the other");
#define COUNTED(name, one, english, chinese) \
  WORD(name, english, chinese)               \
  static_assert(PlacesIn(one) == PlacesIn(english), #name " of one has other places for values");
#include "ledger/pages/words.def"
#undef COUNTED
#undef WORD

struct ValueWords {
  std::string_view of, value, english, chinese;
};
constexpr ValueWords kValues[] = {
#define VALUE(of, value, english, chinese) {of, value, english, chinese},
#include "ledger/pages/enum_words.def"
#undef VALUE
};
#define VALUE(of, value, english, chinese)                                                \
  static_assert(!std::string_view(english).empty() && !std::string_view(chinese).empty(), \
                of "." value " lacks a language");
#include "ledger/pages/enum_words.def"
#undef VALUE

// Calls `text` with each part of the sentence that stands as it is, and `value` with the number of each place.
template <typename OnText, typename OnValue>
void EachPart(std::string_view sentence, const OnText& text, const OnValue& value) {
  while (!sentence.empty()) {
    const std::size_t at = sentence.find('{');
    text(sentence.substr(0, at));
    if (at == std::string_view::npos) return;
    value(static_cast<std::size_t>(sentence[at + 1] - '0'));
    sentence.remove_prefix(at + 3);
  }
}

std::string Filled(std::string_view sentence, const std::vector<std::string>& values) {
  std::string out;
  EachPart(
      sentence, [&](std::string_view text) { out += text; },
      [&](std::size_t place) {
        if (place < values.size()) out += values[place];
      });
  return out;
}

// In the form that the count takes.
std::string_view InCounted(Language language, Word word, std::uint64_t count) {
  const InBoth& words = kWords[static_cast<std::size_t>(word)];
  const bool one = language == Language::kEnglish && !words.english_of_one.empty() &&
                   TakesFormOfOne(LanguageTag(language), count);
  return one ? words.english_of_one : In(language, word);
}

}  // namespace

const char* LanguageTag(Language language) { return language == Language::kChinese ? "zh" : "en"; }

std::string_view In(Language language, Word word) {
  const InBoth& words = kWords[static_cast<std::size_t>(word)];
  return language == Language::kChinese ? words.chinese : words.english;
}

Html SayCounted(Language language, Word word, std::uint64_t count, const std::vector<Html>& values) {
  Html out;
  EachPart(
      InCounted(language, word, count), [&](std::string_view text) { out += Text(text); },
      [&](std::size_t place) {
        if (place < values.size()) out += values[place];
      });
  return out;
}

Html Say(Language language, Word word, const std::vector<Html>& values) {
  Html out;
  EachPart(
      In(language, word), [&](std::string_view text) { out += Text(text); },
      [&](std::size_t place) {
        if (place < values.size()) out += values[place];
      });
  return out;
}

std::string SayText(Language language, Word word, const std::vector<std::string>& values) {
  return Filled(In(language, word), values);
}

std::string SayTextCounted(Language language, Word word, std::uint64_t count,
                           const std::vector<std::string>& values) {
  return Filled(InCounted(language, word, count), values);
}

namespace {

// Empty where there is none. A page asks it for each row of a table.
std::string WordOfValue(Language language, std::string_view of, std::string_view value) {
  using Key = std::pair<std::string_view, std::string_view>;
  static const std::map<Key, const ValueWords*> kFound = [] {
    std::map<Key, const ValueWords*> found;
    for (const ValueWords& words : kValues) found.emplace(Key(words.of, words.value), &words);
    return found;
  }();
  const auto found = kFound.find({of, value});
  if (found == kFound.end()) return "";
  return std::string(language == Language::kChinese ? found->second->chinese : found->second->english);
}

}  // namespace

std::string EnumWord(Language language, const google::protobuf::EnumDescriptor& of, int value) {
  const std::string own = model::WordOf(of, value);
  if (own.empty()) return "?";
  const std::string name = of.containing_type() == nullptr
                               ? of.name()
                               : absl::StrCat(of.containing_type()->name(), ".", of.name());
  std::string word = WordOfValue(language, name, own);
  return word.empty() ? model::Dashed(own) : word;
}

std::string ActionWord(Language language, const std::string& field) {
  std::string word = WordOfValue(language, "Action", field);
  return word.empty() ? model::Dashed(field) : word;
}

}  // namespace fundtrail::pages
