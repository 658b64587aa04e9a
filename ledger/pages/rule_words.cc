// See rule_words.h.
#include "ledger/pages/rule_words.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/finding_rules.h"

namespace fundtrail::pages {
namespace {

struct RuleSentence {
  std::string_view english, chinese;
};
constexpr RuleSentence kRuleSentences[] = {
#define RULE_WORDS(english, chinese) {english, chinese},
#include "ledger/pages/rule_words.def"
#undef RULE_WORDS
};
#define RULE_WORDS(english, chinese)                                                      \
  static_assert(!std::string_view(english).empty() && !std::string_view(chinese).empty(), \
                "a sentence of a rule lacks a language");
#include "ledger/pages/rule_words.def"
#undef RULE_WORDS

bool IsOfName(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The parameter as the table of rules has it; null for one that this program does not know.
const model::FindingParameterRule* FindParameter(v1::FindingRule rule, const std::string& name) {
  const model::FindingRuleText* const text = model::FindFindingRule(rule);
  const int at = text == nullptr ? -1 : text->Find(name);
  return at < 0 ? nullptr : &text->parameters[static_cast<std::size_t>(at)];
}

}  // namespace

std::string RuleWords(Language language, std::string_view english) {
  if (language == Language::kChinese)
    for (const RuleSentence& sentence : kRuleSentences)
      if (sentence.english == english) return std::string(sentence.chinese);
  return std::string(english);
}

Html RuleWordsShown(Language language, std::string_view english) {
  const std::string text = RuleWords(language, english);
  if (language == Language::kEnglish) return Text(text);
  Html shown;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    const bool name = IsOfName(text[at]);
    while (end < text.size() && IsOfName(text[end]) == name) ++end;
    const Html part = Text(std::string_view(text).substr(at, end - at));
    shown += name ? Element("code", part) : part;
    at = end;
  }
  return shown;
}

Html ParametersShown(Language language, const v1::FindingRuleLine& line) {
  Html shown;
  for (const v1::FindingParameter& one : line.parameters()) {
    const model::FindingParameterRule* const rule = FindParameter(line.rule(), one.name());
    if (!shown.empty()) shown += Text(In(language, Word::kListComma));
    shown += Element("code", Text(absl::StrCat(one.name(), "=", one.value())));
    if (rule != nullptr) shown += Text(" ") + RuleWordsShown(language, rule->says);
  }
  return shown;
}

std::string ParametersText(Language language, const v1::FindingRuleLine& line) {
  std::string text;
  for (const v1::FindingParameter& one : line.parameters()) {
    const model::FindingParameterRule* const rule = FindParameter(line.rule(), one.name());
    absl::StrAppend(&text, text.empty() ? "" : Abseil(In(language, Word::kListComma)), one.name(), "=",
                    one.value());
    if (rule != nullptr) absl::StrAppend(&text, " ", RuleWords(language, rule->says));
  }
  return text;
}

}  // namespace fundtrail::pages
