// What the rules of findings say of themselves, in each language: what they compare, what their parameters mean, and what would explain
// their findings innocently. English is that of model/finding_rules.h; rule_words.def has the rest.
#pragma once

#include <string>
#include <string_view>

#include "fundtrail/v1/findings.pb.h"
#include "ledger/pages/html.h"
#include "ledger/pages/words.h"

namespace fundtrail::pages {

// A sentence of a rule; one without words in that language as it is.
std::string RuleWords(Language language, std::string_view english);
// The same as markup: names of parameters and of values, which are the same in all languages, are set apart.
Html RuleWordsShown(Language language, std::string_view english);

// "days=365: money that came so many days ago, or before, counts", with the values that the rule used. Empty where it has no parameters.
Html ParametersShown(Language language, const v1::FindingRuleLine& line);
std::string ParametersText(Language language, const v1::FindingRuleLine& line);

}  // namespace fundtrail::pages
