// What a reader may choose on a page that answers several questions: a form, and links to the same page with one choice.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/pages/asking.h"

namespace fundtrail::pages {

struct ChoiceField {
  std::string_view key;   // of the query
  Word word;              // that stands beside it
  std::string_view type;  // of the input: "text", "date"
};

// A form that asks the same page again. What else is in the question stays in it, but for where a list goes on. A folder has none.
Html ChoiceForm(const Asking& asking, const std::vector<ChoiceField>& fields);

// One of several values of a key, the first of which is the usual one and stands in no address.
struct Choice {
  std::string_view value;
  Word word;
};
// Each as a link to the same page with it; the one that is chosen is no link. Nothing in a folder.
Html ChoiceLinks(const Asking& asking, std::string_view key, const std::vector<Choice>& choices);

// The way to the page of who pays whom, with the fund, the asset and the days that this page was asked about.
Html FlowsLink(const Asking& asking);

// INVALID_ARGUMENT for a key of the question that the page, which takes these alone, does not take.
Status CheckKeys(const Asking& asking, std::span<const std::string_view> taken);

}  // namespace fundtrail::pages
