// See messages.h.
#include "cli/render/messages.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

struct MessageLine {
  std::string_view english;
  std::string_view chinese;
  bool is_name;  // of a thing: its values have no blanks
  bool
      is_short;  // so few words that it would fit other messages: nor have these, where they are no messages themselves
};

constexpr MessageLine kMessages[] = {
#define MESSAGE(english, chinese) {english, chinese, false, false},
#define FOREIGN(english, chinese) {english, chinese, false, false},
#define SHORT(english, chinese) {english, chinese, false, true},
#define NAME(english, chinese) {english, chinese, true, false},
#include "cli/render/messages.def"
#undef NAME
#undef SHORT
#undef FOREIGN
#undef MESSAGE
};

constexpr std::string_view kPlace = "{}";
// No honest message is longer, has messages in messages so deep, or so many words before what it says of them. A server may
// send what it likes.
constexpr std::size_t kMaxMessage = 4000;
constexpr int kMaxDepth = 6;
constexpr int kMaxNameWords = 12;

using MessageValues = std::vector<std::string_view>;

// What stands in the places of the pattern where `text` is made of it. Each part of the pattern is looked for from the left.
std::optional<MessageValues> ValuesIn(std::string_view text, std::string_view pattern) {
  std::size_t place = pattern.find(kPlace);
  if (place == std::string_view::npos) return text == pattern ? std::optional(MessageValues()) : std::nullopt;
  if (!text.starts_with(pattern.substr(0, place))) return std::nullopt;
  text.remove_prefix(place);
  pattern.remove_prefix(place + kPlace.size());
  MessageValues values;
  while ((place = pattern.find(kPlace)) != std::string_view::npos) {
    const std::size_t at = text.find(pattern.substr(0, place));
    if (at == std::string_view::npos) return std::nullopt;
    values.push_back(text.substr(0, at));
    text.remove_prefix(at + place);
    pattern.remove_prefix(place + kPlace.size());
  }
  if (!text.ends_with(pattern)) return std::nullopt;
  values.push_back(text.substr(0, text.size() - pattern.size()));
  return values;
}

// A place of a Chinese line, "{}" or "{1!}": which value stands there, and whether that is told in Chinese too.
struct ValuePlace {
  std::size_t at, end;
  std::size_t value;
  bool is_message;
};

std::vector<ValuePlace> PlacesOf(std::string_view chinese) {
  std::vector<ValuePlace> places;
  for (std::size_t at = chinese.find('{'); at != std::string_view::npos; at = chinese.find('{', at + 1)) {
    const std::size_t end = chinese.find('}', at) + 1;
    const char first = chinese[at + 1];
    const bool numbered = first >= '0' && first <= '9';
    places.push_back(
        {at, end, numbered ? static_cast<std::size_t>(first - '0') : places.size(), chinese[end - 2] == '!'});
  }
  return places;
}

struct MessageFit {
  const MessageLine* line = nullptr;
  MessageValues values;
};

// Values are ids, names, sums and dates; what has a colon is more often a message before or behind another.
bool AreLikely(const MessageFit& fit) {
  const auto places = PlacesOf(fit.line->chinese);
  return std::all_of(places.begin(), places.end(), [&](const ValuePlace& place) {
    const std::string_view value = fit.values[place.value];
    return place.is_message || (value.find(": ") == std::string_view::npos && !value.ends_with(':'));
  });
}

bool HasBlank(std::string_view value) { return value.find(' ') != std::string_view::npos; }

// Whether the values have blanks that the line does not allow.
bool HaveBlanks(const MessageFit& fit) {
  if (fit.line->is_name) return std::any_of(fit.values.begin(), fit.values.end(), HasBlank);
  if (!fit.line->is_short) return false;
  const auto places = PlacesOf(fit.line->chinese);
  return std::any_of(places.begin(), places.end(), [&](const ValuePlace& place) {
    return !place.is_message && HasBlank(fit.values[place.value]);
  });
}

enum class Fits {
  kLikely,
  kLikelyFromTheFront,  // and the line begins with several words of its own
  kAtAll,
};

// The line of which most stands in the text.
std::optional<MessageFit> FindFit(std::string_view text, Fits how) {
  MessageFit best;
  std::size_t most = 0;
  for (const MessageLine& line : kMessages) {
    const std::size_t words = line.english.size() - kPlace.size() * Places(line.english);
    if (words <= most || words > text.size()) continue;
    if (how == Fits::kLikelyFromTheFront && (line.is_name || line.english.starts_with(kPlace) ||
                                             line.english.find(' ') == std::string_view::npos))
      continue;
    auto values = ValuesIn(text, line.english);
    if (!values.has_value()) continue;
    MessageFit fit{&line, *std::move(values)};
    if (HaveBlanks(fit)) continue;
    if (how != Fits::kAtAll && !AreLikely(fit)) continue;
    best = std::move(fit);
    most = words;
  }
  return best.line == nullptr ? std::nullopt : std::optional(std::move(best));
}

std::optional<std::string> InChinese(std::string_view text, int depth);

std::string ChineseOrSame(std::string_view text, int depth) {
  return InChinese(text, depth).value_or(std::string(text));
}

std::string Filled(const MessageFit& fit, int depth) {
  const std::string_view chinese = fit.line->chinese;
  std::string filled;
  std::size_t from = 0;
  for (const ValuePlace& place : PlacesOf(chinese)) {
    const std::string_view value = fit.values[place.value];
    filled += chinese.substr(from, place.at - from);
    filled += place.is_message ? ChineseOrSame(value, depth + 1) : std::string(value);
    from = place.end;
  }
  return filled += chinese.substr(from);
}

// The first ": " that stands in no value in quotation marks.
std::size_t ColonIn(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && text.substr(at).starts_with(": ")) return at;
  }
  return quoted ? text.find(": ") : std::string_view::npos;  // the marks set off no value
}

// "gifts.csv line 7: …": where it was, and then what.
std::optional<std::string> BehindColon(std::string_view text, int depth) {
  const std::size_t at = ColonIn(text);
  if (at == std::string_view::npos) return std::nullopt;
  const auto what = InChinese(text.substr(at + 2), depth + 1);
  if (!what.has_value()) return std::nullopt;
  const std::string_view where = text.substr(0, at);
  // An option or a field has the same name in every language.
  const bool is_message = where.find(' ') != std::string_view::npos;
  // A path stays as it is, with what sets it off, so that it can be copied.
  const bool is_path = !is_message && where.find('/') != std::string_view::npos;
  return (is_message ? ChineseOrSame(where, depth + 1) : std::string(where)) + (is_path ? ": " : "：") +
         *what;
}

// "timeout takes a text": what it is about, and then a message that says no more of that.
std::optional<std::string> BehindName(std::string_view text, int depth) {
  std::size_t at = text.find(' ');
  for (int words = 1; at != std::string_view::npos && words <= kMaxNameWords;
       ++words, at = text.find(' ', at + 1)) {
    const auto fit = FindFit(text.substr(at + 1), Fits::kLikelyFromTheFront);
    if (fit.has_value()) return ChineseOrSame(text.substr(0, at), depth + 1) + " " + Filled(*fit, depth);
  }
  return std::nullopt;
}

std::optional<std::string> InChinese(std::string_view text, int depth) {
  if (depth > kMaxDepth) return std::nullopt;
  if (const auto fit = FindFit(text, Fits::kLikely); fit.has_value()) return Filled(*fit, depth);
  if (const auto* const word = TranslationOf(text); word != nullptr) return std::string(word->chinese);
  if (auto told = BehindColon(text, depth); told.has_value()) return told;
  if (const auto fit = FindFit(text, Fits::kAtAll); fit.has_value()) return Filled(*fit, depth);
  return BehindName(text, depth);
}

}  // namespace

std::string MessageIn(Language language, std::string_view message) {
  if (language == Language::kEnglish || message.size() > kMaxMessage) return std::string(message);
  return ChineseOrSame(message, 0);
}

std::string EscapedMessage(std::string_view message) {
  return absl::StrJoin(
      absl::StrSplit(Abseil(message), '\\'), "\\",
      [](std::string* out, absl::string_view part) { out->append(Escaped(std::string(part))); });
}

Shown Told(std::string_view message) {
  return Shown::Made(EscapedMessage(message), EscapedMessage(MessageIn(Language::kChinese, message)));
}

}  // namespace fundtrail::render
