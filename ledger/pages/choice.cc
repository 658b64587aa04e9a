// See choice.h.
#include "ledger/pages/choice.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/pages/escapes.h"

namespace fundtrail::pages {

Html ChoiceForm(const Asking& asking, const std::vector<ChoiceField>& fields) {
  if (asking.in_folder()) return {};
  Html inputs;
  for (const auto& [key, value] : asking.address.query) {
    const bool chosen = std::any_of(fields.begin(), fields.end(),
                                    [&name = key](const ChoiceField& field) { return field.key == name; });
    if (!chosen && key != "after")
      inputs += Lone("input", {{"type", "hidden"}, {"name", key}, {"value", value}});
  }
  for (const ChoiceField& field : fields) {
    inputs += Element("label", asking.Shown(field.word) + Text(" ") +
                                   Lone("input", {{"name", std::string(field.key)},
                                                  {"type", std::string(field.type)},
                                                  {"value", asking.asked(field.key)}}));
  }
  return Element("form", {{"method", "get"}}, inputs + Element("button", asking.Shown(Word::kAsk)));
}

Html ChoiceLinks(const Asking& asking, std::string_view key, const std::vector<Choice>& choices) {
  if (asking.in_folder()) return {};
  Html ways;
  for (const Choice& choice : choices) {
    if (!ways.empty()) ways += Text(" · ");
    const Html word = asking.Shown(choice.word);
    ways += asking.asked(key) == choice.value
                ? Element("b", word)
                : asking.Again({{std::string(key), std::string(choice.value)}, {"after", ""}}, word);
  }
  return Element("p", ways);
}

Html FlowsLink(const Asking& asking) {
  std::string path = "flows/";
  char mark = '?';
  for (const char* const key : {"fund", "asset", "since", "until"}) {
    const std::string value = asking.asked(key);
    if (value.empty()) continue;
    absl::StrAppend(&path, std::string(1, mark), key, "=", EscapedPart(value));
    mark = '&';
  }
  return asking.Link(path, Word::kFlowsCompared);
}

}  // namespace fundtrail::pages
