// What a reader may choose on a page that answers several questions: a form, and links to the same page with one choice.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
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
// By what an answer is grouped: the value of the key `by`, what is asked, and its word.
template <typename By>
struct Grouping {
  std::string_view key;
  By by;
  Word word;
};
// The grouping of that key or of that question; null where there is none.
template <typename By, std::size_t kNumber>
const Grouping<By>* GroupingNamed(const Grouping<By> (&all)[kNumber], std::string_view key) {
  const auto* const end = std::end(all);
  const auto* const found =
      std::find_if(std::begin(all), end, [&](const auto& one) { return one.key == key; });
  return found == end ? nullptr : found;
}
template <typename By, std::size_t kNumber>
const Grouping<By>* GroupingOf(const Grouping<By> (&all)[kNumber], By by) {
  const auto* const end = std::end(all);
  const auto* const found = std::find_if(std::begin(all), end, [&](const auto& one) { return one.by == by; });
  return found == end ? nullptr : found;
}

// Each as a link to the same page with it; the one that is chosen is no link. Nothing in a folder.
Html ChoiceLinks(const Asking& asking, std::string_view key, const std::vector<Choice>& choices);
template <typename By, std::size_t kNumber>
Html GroupingLinks(const Asking& asking, const Grouping<By> (&all)[kNumber]) {
  std::vector<Choice> choices;
  for (const Grouping<By>& one : all) choices.push_back({one.key, one.word});
  return ChoiceLinks(asking, "by", choices);
}

// The money that a page is asked about: of a fund, in an asset, between two days, as of the page's record.
template <typename Request>
void SetMoneyAsked(const Asking& asking, Request* request) {
  request->set_fund(asking.asked("fund"));
  request->set_asset(asking.asked("asset"));
  request->set_since(asking.asked("since"));
  request->set_until(asking.asked("until"));
  SetAsOf(asking, request);
}
// How many rows of an answer in order are asked for; 0 is all. What a page leaves out is said with its number.
inline std::uint64_t TopRows(const Asking& asking) {
  return asking.address.form == Form::kPage ? kRowsOnPage : 0;
}

// The way to the page of who pays whom, with the fund, the asset and the days that this page was asked about.
Html FlowsLink(const Asking& asking);

}  // namespace fundtrail::pages
