// Text that may be shown on a terminal. Text from a ledger, a server, a file or a command line becomes such only by
// being escaped. A std::string does not convert to it, so no text is forgotten.
//
// It is in English and in Chinese until it is printed. Its sentences are written in English here, and chinese.def has
// each in Chinese. Say does not compile without it, nor where a Chinese sentence has other places for values. What a
// ledger says stays as it was signed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "cli/render/chinese.h"
#include "fmt/format.h"

namespace fundtrail::render {

class Shown {
 public:
  Shown() = default;
  // A literal of this program.
  Shown(const char* english) : english_(english) {  // NOLINT(google-explicit-constructor)
    if (const std::string_view chinese = ChineseOf(english_); chinese != english_) chinese_ = chinese;
  }

  const std::string& str() const { return english_; }
  const std::string& In(Language language) const {
    return language == Language::kChinese && chinese_.has_value() ? *chinese_ : english_;
  }
  bool empty() const { return english_.empty(); }
  Shown& operator+=(const Shown& more) {
    if (chinese_.has_value() || more.chinese_.has_value())
      chinese_ = In(Language::kChinese) + more.In(Language::kChinese);
    english_ += more.english_;
    return *this;
  }
  friend Shown operator+(Shown front, const Shown& back) { return front += back; }
  friend bool operator==(const Shown& one, const Shown& other) { return one.english_ == other.english_; }

  // For what is made of shown text, cut or padded: nothing of it may come from elsewhere.
  static Shown Made(std::string text) {
    Shown shown;
    shown.english_ = std::move(text);
    return shown;
  }
  static Shown Made(std::string english, std::string chinese) {
    Shown shown = Made(std::move(english));
    if (chinese != shown.english_) shown.chinese_ = std::move(chinese);
    return shown;
  }
  // Of each language what `make(text)` makes of it.
  template <typename Make>
  Shown Each(const Make& make) const {
    return chinese_.has_value() ? Made(make(english_), make(*chinese_)) : Made(make(english_));
  }

 private:
  std::string english_;
  std::optional<std::string> chinese_;  // where it differs
};

// Escaped: no control characters, no line breaks, no hidden or reordering ones.
Shown Safe(std::string_view text);

// What of an argument is formatted: of text its escaped form, in that language where it is a literal of this program.
template <typename T>
struct Formatted {
  static constexpr bool kIsText = std::is_convertible_v<const T&, std::string_view>;
  using Type = std::conditional_t<kIsText || std::is_same_v<T, Shown>, std::string, T>;
  static Type Of(const T& value, [[maybe_unused]] Language language) {
    if constexpr (std::is_same_v<T, Shown>) {
      return value.In(language);
    } else if constexpr (std::is_same_v<T, const char*>) {
      return Safe(language == Language::kChinese ? ChineseOf(value) : value).str();
    } else if constexpr (kIsText) {
      return Safe(value).str();
    } else {
      return value;
    }
  }
};
template <typename Arg>
using FormattedOf = Formatted<std::decay_t<const Arg&>>;

// A sentence with places for values, as fmt writes them, in both languages.
template <typename... Args>
struct Sentence {
  template <std::size_t N>
  consteval Sentence(const char (&text)[N])  // NOLINT(google-explicit-constructor)
      : english(text), chinese(ChineseOf(std::string_view(text, N - 1))) {
    CheckChinese(std::string_view(text, N - 1));
  }
  fmt::format_string<Args...> english;
  fmt::format_string<Args...> chinese;
};

// As fmt::format, with every text among the arguments escaped: Say("party {}: {}", id, name).
template <typename... Args>
Shown Say(std::type_identity_t<Sentence<typename FormattedOf<Args>::Type...>> sentence, const Args&... args) {
  const auto in = [&]([[maybe_unused]] Language language, fmt::string_view format) {
    const auto values = std::make_tuple(Formatted<std::decay_t<const Args&>>::Of(args, language)...);
    return std::apply(
        [&](const auto&... each) { return fmt::vformat(format, fmt::make_format_args(each...)); }, values);
  };
  return Shown::Made(in(Language::kEnglish, sentence.english), in(Language::kChinese, sentence.chinese));
}

}  // namespace fundtrail::render
