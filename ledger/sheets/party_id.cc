// See party_id.h.
#include "ledger/sheets/party_id.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kMaxId = 48;
constexpr std::size_t kHashDigits = 10;
constexpr std::size_t kLongHashDigits = 20;
constexpr std::size_t kMaxComposedBytes = std::size_t{64} * 1024;

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// ASCII and unified ideographs (U+4E00 to U+9FFF), as most Chinese names are: no normal form changes these. The text is UTF-8.
bool IsPlain(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(at) < 0x80) {
      ++at;
      continue;
    }
    if (text.size() - at < 3) return false;
    const bool ideograph =
        (byte(at) >= 0xe5 && byte(at) <= 0xe9) || (byte(at) == 0xe4 && byte(at + 1) >= 0xb8);
    if (!ideograph) return false;
    at += 3;
  }
  return true;
}

// The composed form, so that "é" and "e" with an accent after it are one name. Text that cannot be composed
// (it cannot be longer than a field, nor be anything but UTF-8 after SingleLine) stays as it is.
std::string ComposedForm(std::string_view text) {
  if (IsPlain(text) || text.size() > kMaxComposedBytes) return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* const composer = unorm2_getNFCInstance(&error);
  std::vector<UChar> wide(text.size() + 1);
  std::int32_t wide_length = 0;
  u_strFromUTF8(wide.data(), static_cast<std::int32_t>(wide.size()), &wide_length, text.data(),
                static_cast<std::int32_t>(text.size()), &error);
  std::vector<UChar> composed(3 * text.size() + 1);  // NFC is at most three times as long in UTF-16
  const std::int32_t composed_length =
      U_FAILURE(error) ? 0
                       : unorm2_normalize(composer, wide.data(), wide_length, composed.data(),
                                          static_cast<std::int32_t>(composed.size()), &error);
  std::string out(3 * static_cast<std::size_t>(composed_length) + 1, '\0');
  std::int32_t out_length = 0;
  u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &out_length, composed.data(),
              composed_length, &error);
  if (U_FAILURE(error)) return std::string(text);
  out.resize(static_cast<std::size_t>(out_length));
  return out;
}

std::string Slug(std::string_view name) {
  std::string slug;
  bool gap = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (IsAlnum(c)) {
      if (gap && !slug.empty()) slug.push_back('-');
      gap = false;
      slug.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (c == '.' && !gap && !slug.empty() && i + 1 < name.size() && IsAlnum(name[i + 1])) {
      slug.push_back('.');
    } else {
      gap = true;
    }
  }
  return slug;
}

std::string WithHash(std::string slug, std::string_view composed, std::size_t digits) {
  if (slug.size() > kMaxId - digits - 1) slug.resize(kMaxId - digits - 1);
  while (!slug.empty() && !IsAlnum(slug.back())) slug.pop_back();
  if (slug.empty()) slug.push_back('n');
  return absl::StrCat(slug, "-", crypto::Sha256(composed).hex().substr(0, digits));
}

// A plain name that reads like an id with a hash would otherwise take the id of another name.
bool LooksHashed(std::string_view slug) {
  const std::size_t dash = slug.rfind('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view tail = slug.substr(dash + 1);
  return (tail.size() == kHashDigits || tail.size() == kLongHashDigits) &&
         std::all_of(tail.begin(), tail.end(),
                     [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

std::string StableId(std::string_view name) {
  const std::string composed = ComposedForm(SingleLine(name));
  std::string slug = Slug(composed);
  if (IsAscii(composed) && !slug.empty() && slug.size() <= kMaxId && !LooksHashed(slug)) return slug;
  return WithHash(std::move(slug), composed, kHashDigits);
}

std::string StableIdLong(std::string_view name) {
  const std::string composed = ComposedForm(SingleLine(name));
  return WithHash(Slug(composed), composed, kLongHashDigits);
}

std::string ReadableId(std::string_view name) {
  const std::string composed = ComposedForm(SingleLine(name));
  if (IsAscii(composed)) return StableId(name);
  std::string slug = Slug(InLatin(composed));
  if (slug.empty()) return StableId(name);
  if (slug.size() <= kMaxId && !LooksHashed(slug)) return slug;
  return WithHash(std::move(slug), composed, kHashDigits);
}

std::string NumberedId(std::string_view id, std::uint32_t number) {
  return std::string(id) + "-" + std::to_string(number);
}

}  // namespace fundtrail::sheets
