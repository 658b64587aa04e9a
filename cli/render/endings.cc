// See endings.h.
#include "cli/render/endings.h"

#include "cli/render/words.h"

namespace fundtrail::render {
namespace {

// More than this no ledger has.
constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 62;

// Chinese has one form of it.
Shown WordOf(const Noun& of, std::uint64_t number) {
  return Shown::Made(std::string(number == 1 ? of.one : of.many), OwnWord(of.one).In(Language::kChinese));
}

}  // namespace

Shown CountText(const Noun& of, const ListCount& count) {
  if (count.shown == 0 && count.rest.empty()) return {};
  const std::string shown = Number(count.shown);
  // No server shows more than there are; what one says is never believed against what is there.
  const bool counted =
      count.in_all.has_value() && *count.in_all >= count.shown && *count.in_all <= kMostCounted;
  if (counted && (*count.in_all > count.shown || count.continued || !count.rest.empty())) {
    const Shown word = WordOf(of, *count.in_all);
    if (count.rest.empty()) return Say("{} of {} {} shown.\n", shown, Number(*count.in_all), word);
    return Say("{} of {} {} shown; {}.\n", shown, Number(*count.in_all), word, count.rest);
  }
  const Shown word = WordOf(of, count.shown);
  if (count.shown == 0) return Say("More {} follow: {}.\n", word, count.rest);
  if (count.rest.empty())
    return count.continued ? Say("{} {} shown; no more follow.\n", shown, word)
                           : Say("{} {}.\n", shown, word);
  return count.continued ? Say("{} {} shown; more follow: {}.\n", shown, word, count.rest)
                         : Say("The first {} {}; more follow: {}.\n", shown, word, count.rest);
}

Shown RestAfter(const std::string& next, const Shown& with) {
  return next.empty() ? Shown() : Say("--after {}{} for more, --limit 0 for all", next, with);
}

Shown RestOfTop(bool left_out) { return left_out ? Shown("--top 0 for all") : Shown(); }

}  // namespace fundtrail::render
