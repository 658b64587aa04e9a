// See mend.h.
#include "ledger/iati/mend.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"

namespace fundtrail::iati {
namespace {

constexpr int kMaxTimes = 4;  // that a text was escaped once too often
constexpr std::size_t kMaxEscape = 10;

constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
    {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}};

// What stands between & and ; as a character.
std::optional<std::string> Character(std::string_view reference) {
  for (const auto& [name, text] : kNamed)
    if (reference == name) return std::string(text);
  if (reference.size() < 2 || reference[0] != '#') return std::nullopt;
  const bool hex = reference[1] == 'x' || reference[1] == 'X';
  const std::string_view digits = reference.substr(hex ? 2 : 1);
  if (digits.empty()) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : digits) {
    const auto sign = static_cast<unsigned char>(absl::ascii_tolower(static_cast<unsigned char>(c)));
    const bool fits = hex ? absl::ascii_isxdigit(sign) != 0 : absl::ascii_isdigit(sign) != 0;
    if (!fits) return std::nullopt;
    code = code * (hex ? 16 : 10) + (sign <= '9' ? sign - '0' : sign - 'a' + 10);
    if (code > 0x10ffff) return std::nullopt;
  }
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)) return std::nullopt;
  std::string out;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
  } else if (code < 0x10000) {
    out += {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
            static_cast<char>(0x80 | (code & 0x3f))};
  } else {
    out += {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3f)),
            static_cast<char>(0x80 | (code >> 6 & 0x3f)), static_cast<char>(0x80 | (code & 0x3f))};
  }
  return out;
}

std::string MendOnce(std::string_view text, bool* mended) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '&' ? text.substr(at, kMaxEscape).find(';') : std::string_view::npos;
    const auto character =
        end == std::string_view::npos ? std::nullopt : Character(text.substr(at + 1, end - 1));
    if (character.has_value()) {
      out += *character;
      at += end + 1;
      *mended = true;
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace

std::string MendText(std::string_view text, bool* mended) {
  std::string out(text);
  for (int times = 0; times < kMaxTimes; ++times) {
    bool any = false;
    out = MendOnce(out, &any);
    if (!any) break;
    *mended = true;
  }
  return out;
}

}  // namespace fundtrail::iati
