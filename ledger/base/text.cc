// See text.h.
#include "ledger/base/text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cassert>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace fundtrail {
namespace {

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

bool IsControl(UChar32 c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

bool IsHidden(UChar32 c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0xfeff;
}

// No white space lies above the ideographic space: most characters need no look at ICU's tables.
bool IsSpace(UChar32 c) { return c <= 0x3000 && u_isUWhiteSpace(c); }

// Visible ASCII with single spaces inside: what most cells are, and what SingleLine leaves as it is.
bool IsPlainLine(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) return false;
    before = c;
  }
  return text.empty() || before != ' ';
}

std::string Named(UChar32 c) {
  char text[24];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
  return text;
}

int Width(UChar32 c) {
  if (c < 0 || c == 0xfffd) return 1;
  if (IsControl(c) || IsHidden(c)) return 0;
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
  bool visible = text.empty();
  CharacterReader reader(text);
  while (!reader.done()) {
    const std::size_t at = reader.at();
    const UChar32 c = reader.Next();
    if (c < 0) return absl::InvalidArgumentError(absl::StrCat(name, " is not valid UTF-8 at byte ", at + 1));
    if (IsControl(c)) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, " contains the control character ", Named(c), " at byte ", at + 1));
    }
    if (IsHidden(c)) {
      return absl::InvalidArgumentError(absl::StrCat(name, " contains ", Named(c), " at byte ", at + 1,
                                                     ", a character that hides or reorders text"));
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
    if (c >= 0 && IsSpace(c)) {
      space = true;
      continue;
    }
    if (c >= 0 && (IsControl(c) || IsHidden(c))) continue;
    if (space && !out.empty()) out.push_back(' ');
    space = false;
    if (c < 0) {
      out += "\xef\xbf\xbd";
    } else {
      out.append(text, at, reader.at() - at);
    }
  }
  return out;
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
    } else if (IsControl(c) || IsHidden(c)) {
      std::snprintf(code, sizeof code, "\\u{%04X}", static_cast<unsigned>(c));
      out += code;
    } else {
      out.append(text, at, reader.at() - at);
    }
  }
  return out;
}

}  // namespace fundtrail
