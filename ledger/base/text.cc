// See text.h.
#include "ledger/base/text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cassert>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "ledger/base/text_rule.h"

namespace fundtrail {
namespace {

constexpr UChar32 kBrailleBlank = 0x2800;  // what stands between words in braille

// One step through UTF-8: the character, or a negative number for a byte (or a maximal bad run) that is none.
class CharacterReader {
 public:
  explicit CharacterReader(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  UChar32 Next() {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
    const auto length = static_cast<std::int64_t>(text_.size());
    auto i = static_cast<std::int64_t>(at_);
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    at_ = static_cast<std::size_t>(i);
    return c;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// The bytes of the plain sign at `at`: visible ASCII or a space, one from U+00A1 to U+00FF but the soft hyphen, as "·" and most letters
// of Latin with accents are, or one from U+4000 to U+CFFF, as most Chinese and Korean ones are. All of these fit anywhere
// (text_rule.cc). 0 where another one stands.
std::size_t PlainBytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto goes_on = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char first = byte(at);
  if (first >= ' ' && first <= '~') return 1;
  if (first == 0xc2) return goes_on(at + 1) && byte(at + 1) > 0xa0 && byte(at + 1) != 0xad ? 2 : 0;
  if (first == 0xc3) return goes_on(at + 1) ? 2 : 0;
  return first >= 0xe4 && first <= 0xec && goes_on(at + 1) && goes_on(at + 2) ? 3 : 0;
}

// Plain signs with single spaces inside: what most cells are, and what SingleLine leaves as it is.
bool IsPlainLine(std::string_view text) {
  char before = ' ';
  for (std::size_t at = 0, bytes = 0; at < text.size(); at += bytes) {
    bytes = PlainBytes(text, at);
    if (bytes == 0 || (text[at] == ' ' && before == ' ')) return false;
    before = text[at];
  }
  return text.empty() || before != ' ';
}

// Plain signs, but not spaces alone.
bool IsPlainText(std::string_view text) {
  bool visible = false;
  for (std::size_t at = 0, bytes = 0; at < text.size(); at += bytes) {
    bytes = PlainBytes(text, at);
    if (bytes == 0) return false;
    visible = visible || text[at] != ' ';
  }
  return visible;
}

// What is wrong with the character that stands from `from` to `to`: a joiner is right where it spells a word.
Unfit UnfitAt(std::string_view text, std::size_t from, std::size_t to, UChar32 c) {
  const Unfit unfit = UnfitOf(static_cast<char32_t>(c));
  const bool fits = unfit == Unfit::kHidden && IsJoiner(static_cast<char32_t>(c)) &&
                    JoinerFits(static_cast<char32_t>(c), text.substr(0, from), text.substr(to));
  return fits ? Unfit::kNot : unfit;
}

bool IsSpace(UChar32 c) { return IsWhiteSpace(static_cast<char32_t>(c)); }

std::string Named(UChar32 c) {
  char text[24];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
  return text;
}

std::string Words(Unfit unfit, UChar32 c) {
  switch (unfit) {
    case Unfit::kControl:
      return "the control character " + Named(c);
    case Unfit::kPrivate:
      return "the private-use character " + Named(c);
    default:
      return Named(c);
  }
}

const char* Why(Unfit unfit) {
  switch (unfit) {
    case Unfit::kHidden:
      return ", a character that hides or reorders text";
    case Unfit::kPrivate:
      return ", which every reader may see as another sign";
    case Unfit::kNoCharacter:
      return ", which is no character";
    default:
      return "";
  }
}

int Width(UChar32 c) {
  if (c < 0 || c == 0xfffd) return 1;
  const Unfit unfit = UnfitOf(static_cast<char32_t>(c));
  if (unfit == Unfit::kControl || unfit == Unfit::kHidden) return 0;
  if (c < 0x300) return 1;
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return 0;
    default:
      break;
  }
  // The vowels and finals of a Hangul syllable written in parts join the consonant before them.
  if (c >= 0x1160 && c <= 0x11ff) return 0;
  const int east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  CharacterReader reader(text);
  while (!reader.done()) {
    if (reader.Next() < 0) return false;
  }
  return true;
}

Status CheckText(std::string_view field_name, std::string_view text, std::size_t max_bytes) {
  const absl::string_view name(field_name.data(), field_name.size());
  if (text.size() > max_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has ", text.size(), " bytes; at most ", max_bytes, " are allowed"));
  }
  if (IsPlainText(text)) return absl::OkStatus();
  bool visible = text.empty();
  CharacterReader reader(text);
  while (!reader.done()) {
    const std::size_t at = reader.at();
    const UChar32 c = reader.Next();
    if (c < 0) return absl::InvalidArgumentError(absl::StrCat(name, " is not valid UTF-8 at byte ", at + 1));
    const Unfit unfit = UnfitAt(text, at, reader.at(), c);
    if (unfit != Unfit::kNot) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, " contains ", Words(unfit, c), " at byte ", at + 1, Why(unfit)));
    }
    if (!visible && !IsSpace(c)) visible = true;
  }
  if (!visible) return absl::InvalidArgumentError(absl::StrCat(name, " is only white space"));
  return absl::OkStatus();
}

std::string SingleLine(std::string_view text) {
  if (IsPlainLine(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool space = false;
  CharacterReader reader(text);
  while (!reader.done()) {
    const std::size_t at = reader.at();
    const UChar32 c = reader.Next();
    if (c >= 0 && (IsSpace(c) || c == kBrailleBlank)) {
      space = true;
      continue;
    }
    const Unfit unfit = c < 0 ? Unfit::kNoCharacter : UnfitAt(text, at, reader.at(), c);
    if (unfit == Unfit::kControl || unfit == Unfit::kHidden) continue;
    if (space && !out.empty()) out.push_back(' ');
    space = false;
    if (unfit != Unfit::kNot) {
      out += "\xef\xbf\xbd";
    } else {
      out.append(text, at, reader.at() - at);
    }
  }
  return out;
}

StatusOr<std::size_t> CountHidden(std::string_view cell) {
  if (IsPlainLine(cell)) return std::size_t{0};
  std::size_t hidden = 0;
  CharacterReader reader(cell);
  while (!reader.done()) {
    const std::size_t at = reader.at();
    const UChar32 c = reader.Next();
    if (c < 0 || IsSpace(c) || c == kBrailleBlank) continue;
    const Unfit unfit = UnfitAt(cell, at, reader.at(), c);
    if (unfit == Unfit::kHidden) ++hidden;
    if (unfit == Unfit::kNot || unfit == Unfit::kHidden) continue;
    return absl::InvalidArgumentError(absl::StrCat("has ", Words(unfit, c), " at byte ", at + 1, Why(unfit)));
  }
  return hidden;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  CharacterReader reader(text);
  while (!reader.done()) width += Width(reader.Next());
  return width;
}

std::string ClipToWidth(std::string_view text, int columns) {
  assert(columns >= 1);
  if (DisplayWidth(text) <= columns) return std::string(text);
  int width = 0;
  CharacterReader reader(text);
  while (true) {
    const std::size_t at = reader.at();
    width += Width(reader.Next());
    if (width > columns - 1) return absl::StrCat(absl::string_view(text.data(), at), "…");
  }
}

std::string ClipMiddle(std::string_view text, int columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  const int front = columns / 2, back = columns - 1 - front;
  std::string clipped = ClipToWidth(text, front + 1);  // with the `…`
  CharacterReader reader(text);
  int rest = DisplayWidth(text);
  while (!reader.done() && rest > back) rest -= Width(reader.Next());
  return absl::StrCat(clipped, absl::string_view(text.data() + reader.at(), text.size() - reader.at()));
}

std::string Escaped(std::string_view text) {
  std::string out;
  CharacterReader reader(text);
  char code[24];
  while (!reader.done()) {
    const std::size_t at = reader.at();
    const UChar32 c = reader.Next();
    if (c < 0) {
      for (std::size_t i = at; i < reader.at(); ++i) {
        std::snprintf(code, sizeof code, "\\x%02X",
                      static_cast<unsigned>(static_cast<std::uint8_t>(text[i])));
        out += code;
      }
    } else if (c == '\\') {
      out += "\\\\";
    } else if (UnfitAt(text, at, reader.at(), c) != Unfit::kNot) {
      std::snprintf(code, sizeof code, "\\u{%04X}", static_cast<unsigned>(c));
      out += code;
    } else {
      out.append(text, at, reader.at() - at);
    }
  }
  return out;
}

}  // namespace fundtrail
