// Text that may be shown on a terminal. What comes from a ledger, a server, a file or a command line becomes such by being
// escaped, and by nothing else: a std::string does not turn into one by itself, so none is forgotten.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "fmt/format.h"

namespace fundtrail::render {

class Shown {
 public:
  Shown() = default;
  Shown(const char* of_this_program)
      : text_(of_this_program) {}  // NOLINT(google-explicit-constructor): a literal

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  Shown& operator+=(const Shown& more) {
    text_ += more.text_;
    return *this;
  }
  friend Shown operator+(Shown front, const Shown& back) { return front += back; }
  friend bool operator==(const Shown& one, const Shown& other) { return one.text_ == other.text_; }

  // For what is made of shown text, cut or padded: nothing of it may come from elsewhere.
  static Shown Made(std::string text) {
    Shown shown;
    shown.text_ = std::move(text);
    return shown;
  }

 private:
  std::string text_;
};

// Escaped: no control characters, no line breaks, no hidden or reordering ones.
Shown Safe(std::string_view text);

// What of an argument is formatted: of text its escaped form.
template <typename T>
struct Formatted {
  static constexpr bool kIsText = std::is_convertible_v<const T&, std::string_view>;
  using Type = std::conditional_t<kIsText || std::is_same_v<T, Shown>, std::string, T>;
  static Type Of(const T& value) {
    if constexpr (std::is_same_v<T, Shown>) {
      return value.str();
    } else if constexpr (kIsText) {
      return Safe(value).str();
    } else {
      return value;
    }
  }
};

// As fmt::format, with every text among the arguments escaped: Say("party {}: {}", id, name).
template <typename Arg>
using FormattedOf = Formatted<std::decay_t<const Arg&>>;
template <typename... Args>
Shown Say(fmt::format_string<typename FormattedOf<Args>::Type...> format, const Args&... args) {
  const auto values = std::make_tuple(Formatted<std::decay_t<const Args&>>::Of(args)...);
  const fmt::string_view text = format;
  return std::apply(
      [&](const auto&... each) { return Shown::Made(fmt::vformat(text, fmt::make_format_args(each...))); },
      values);
}

}  // namespace fundtrail::render
