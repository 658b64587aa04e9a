// See names.h.
#include "ledger/base/names.h"

#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail {
namespace {

using Utf16 = std::u16string;
using Checker = std::unique_ptr<USpoofChecker, decltype(&uspoof_close)>;

// A name is short; what is longer is compared by its front.
constexpr std::size_t kMaxComparedBytes = 1024;
// A syllable in place of each sign is far shorter.
constexpr std::int32_t kMaxLatin = 32 * static_cast<std::int32_t>(kMaxComparedBytes);

// One for each thread: making one takes longer than using it, and it may be used by one thread at a time.
const USpoofChecker* SkeletonChecker() {
  thread_local const Checker checker = [] {
    UErrorCode error = U_ZERO_ERROR;
    return Checker(uspoof_open(&error), &uspoof_close);
  }();
  return checker.get();
}

const USpoofChecker* ScriptChecker() {
  thread_local const Checker checker = [] {
    UErrorCode error = U_ZERO_ERROR;
    Checker made(uspoof_open(&error), &uspoof_close);
    if (made != nullptr) {
      uspoof_setRestrictionLevel(made.get(), USPOOF_HIGHLY_RESTRICTIVE);
      uspoof_setChecks(made.get(), USPOOF_RESTRICTION_LEVEL, &error);
    }
    return made;
  }();
  return checker.get();
}

using LatinWriter = std::unique_ptr<UTransliterator, decltype(&utrans_close)>;

// One for each thread, as above. Null where ICU lacks its data.
const UTransliterator* TheLatinWriter() {
  thread_local const LatinWriter writer = [] {
    constexpr std::u16string_view kRules = u"Any-Latin; Latin-ASCII";
    UErrorCode error = U_ZERO_ERROR;
    UTransliterator* const made = utrans_openU(kRules.data(), static_cast<std::int32_t>(kRules.size()),
                                               UTRANS_FORWARD, nullptr, 0, nullptr, &error);
    return LatinWriter(U_FAILURE(error) ? nullptr : made, &utrans_close);
  }();
  return writer.get();
}

Utf16 Widened(std::string_view text) {
  Utf16 wide(text.size(), u'\0');
  std::int32_t length = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8WithSub(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                       static_cast<std::int32_t>(text.size()), 0xfffd, nullptr, &error);
  wide.resize(U_FAILURE(error) ? 0 : static_cast<std::size_t>(length));
  return wide;
}

std::string Narrowed(const Utf16& wide) {
  std::string text(3 * wide.size(), '\0');
  std::int32_t length = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strToUTF8(text.data(), static_cast<std::int32_t>(text.size()), &length, wide.data(),
              static_cast<std::int32_t>(wide.size()), &error);
  text.resize(U_FAILURE(error) ? 0 : static_cast<std::size_t>(length));
  return text;
}

// Asks ICU for a text with a guess of its length, and again when it is longer. Empty when it cannot say.
template <typename Ask>
Utf16 Asked(const Utf16& text, const Ask& ask) {
  Utf16 out(2 * text.size() + 16, u'\0');
  for (int tries = 0; tries < 2; ++tries) {
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t length = ask(out.data(), static_cast<std::int32_t>(out.size()), &error);
    if (error == U_BUFFER_OVERFLOW_ERROR) {
      out.resize(static_cast<std::size_t>(length));
      continue;
    }
    out.resize(U_FAILURE(error) ? 0 : static_cast<std::size_t>(length));
    return out;
  }
  return {};
}

bool IsAscii(char16_t c) { return c < 0x80; }

// ASCII and unified ideographs, as most Chinese names are. No normal form changes these, nothing joins two of them, and only ASCII
// has capitals. Of one word they mix no scripts either: Latin and Han stand together in every language that has both.
bool IsPlain(const Utf16& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char16_t c) { return IsAscii(c) || (c >= 0x4e00 && c <= 0x9fff); });
}

struct Forms {
  const UNormalizer2* nfkc = nullptr;
  const UNormalizer2* folded = nullptr;  // NFKC, lower case, without default ignorables
  const UNormalizer2* apart = nullptr;   // NFD
};

std::optional<Forms> TheForms() {
  UErrorCode error = U_ZERO_ERROR;
  const Forms forms{unorm2_getNFKCInstance(&error), unorm2_getNFKCCasefoldInstance(&error),
                    unorm2_getNFDInstance(&error)};
  return U_FAILURE(error) ? std::nullopt : std::optional<Forms>(forms);
}

Utf16 Normal(const Utf16& text, const UNormalizer2* form) {
  return Asked(text, [&](UChar* out, std::int32_t room, UErrorCode* error) {
    return unorm2_normalize(form, text.data(), static_cast<std::int32_t>(text.size()), out, room, error);
  });
}

Utf16 AskedSkeleton(const Utf16& text) {
  const USpoofChecker* const checker = SkeletonChecker();
  if (checker == nullptr) return text;
  return Asked(text, [&](UChar* out, std::int32_t room, UErrorCode* error) {
    return uspoof_getSkeleton(checker, 0, text.data(), static_cast<std::int32_t>(text.size()), out, room,
                              error);
  });
}

// Whether its first sign is no mark that would be put in order among those before it.
bool BeginsByItself(const Utf16& text, const Forms& forms) {
  if (text.empty()) return true;
  UChar32 first = 0;
  U16_GET(text.data(), 0, 0, text.size(), first);
  return unorm2_getCombiningClass(forms.apart, first) == 0;
}

// What ICU said of single signs, for one thread.
struct SignSkeleton {
  Utf16 text;
  bool by_itself = false;
};

// A plain text has the skeletons of its signs, one after the other: where each begins by itself, none changes by what is beside it.
// ICU is asked once for each sign. To ask it for each name takes ten times as long.
Utf16 Skeleton(const Utf16& text, const Forms& forms) {
  if (!IsPlain(text)) return AskedSkeleton(text);
  thread_local std::unordered_map<char16_t, SignSkeleton> known;
  Utf16 skeleton;
  for (const char16_t sign : text) {
    const auto [at, is_new] = known.try_emplace(sign);
    if (is_new) {
      at->second.text = AskedSkeleton(Utf16(1, sign));
      at->second.by_itself = BeginsByItself(at->second.text, forms);
    }
    if (!at->second.by_itself) return AskedSkeleton(text);
    skeleton += at->second.text;
  }
  return skeleton;
}

Utf16 Nfkc(const Utf16& text, const Forms& forms) { return IsPlain(text) ? text : Normal(text, forms.nfkc); }

Utf16 Folded(const Utf16& text, const Forms& forms) {
  if (!IsPlain(text)) return Normal(text, forms.folded);
  Utf16 folded = text;
  for (char16_t& c : folded)
    if (c >= u'A' && c <= u'Z') c = static_cast<char16_t>(c + (u'a' - u'A'));
  return folded;
}

// What stands between spaces and between ASCII's signs.
std::vector<Utf16> WordsOf(const Utf16& name) {
  std::vector<Utf16> words(1);
  for (const char16_t c : name) {
    const bool letter =
        c >= 0x80 || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
    if (letter) {
      words.back().push_back(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

}  // namespace

std::vector<std::string> ReadingsOf(std::string_view name) {
  const Utf16 wide = Widened(SingleLine(name.substr(0, kMaxComparedBytes)));
  const std::optional<Forms> forms = TheForms();
  if (!forms.has_value()) return {Narrowed(wide)};
  std::vector<std::string> readings;
  Utf16 before;
  for (const auto& form : {Nfkc, Folded}) {
    Utf16 normal = form(wide, *forms);
    // Names without capitals, as all Chinese ones are, have one form.
    if (!readings.empty() && normal == before) continue;
    // Folded again: the sign that stands for several that look alike may be a capital.
    std::string reading = SingleLine(Narrowed(Folded(Skeleton(normal, *forms), *forms)));
    before = std::move(normal);
    if (std::find(readings.begin(), readings.end(), reading) == readings.end())
      readings.push_back(std::move(reading));
  }
  return readings;
}

namespace {

// What FoldedForSearch is of ASCII, which no normal form changes.
std::string FoldedAscii(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (space && (letters.empty() || letters.back() == ' ')) continue;
    letters += space ? ' ' : absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  if (!letters.empty() && letters.back() == ' ') letters.pop_back();
  return letters;
}

}  // namespace

std::string FoldedForSearch(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return FoldedAscii(text);
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* const folding = unorm2_getNFKCCasefoldInstance(&error);
  const UNormalizer2* const apart = unorm2_getNFDInstance(&error);
  const UNormalizer2* const together = unorm2_getNFCInstance(&error);
  if (U_FAILURE(error)) return std::string(text);
  Utf16 letters;
  for (const char16_t unit : Normal(Normal(Widened(text), folding), apart)) {
    // Combining marks of these scripts. Those of others are letters to their readers.
    if (unit >= 0x0300 && unit <= 0x036f) continue;
    const bool space = unit == u' ' || (unit >= u'\t' && unit <= u'\r');
    if (space && (letters.empty() || letters.back() == u' ')) continue;
    letters += space ? u' ' : unit;
  }
  if (!letters.empty() && letters.back() == u' ') letters.pop_back();
  return Narrowed(Normal(letters, together));
}

std::string InLatin(std::string_view name) {
  std::string line = SingleLine(name.substr(0, kMaxComparedBytes));
  // It would be as it is, and the first writer of a process takes milliseconds to make.
  if (std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return line;
  const UTransliterator* const writer = TheLatinWriter();
  Utf16 text = Widened(line);
  const auto length = static_cast<std::int32_t>(text.size());
  text.resize(kMaxLatin);
  std::int32_t written = length, limit = length;
  UErrorCode error = U_ZERO_ERROR;
  if (writer == nullptr) return "";
  utrans_transUChars(writer, text.data(), &written, kMaxLatin, 0, &limit, &error);
  if (U_FAILURE(error) || written < 0 || written > kMaxLatin) return "";
  text.resize(static_cast<std::size_t>(written));
  std::string latin;
  for (const char16_t c : text)
    if (c < 0x80) latin.push_back(static_cast<char>(c));
  return SingleLine(latin);
}

std::optional<std::string> MixedWord(std::string_view name) {
  const USpoofChecker* const checker = ScriptChecker();
  if (checker == nullptr) return std::nullopt;
  for (const Utf16& word : WordsOf(Widened(SingleLine(name.substr(0, kMaxComparedBytes))))) {
    if (IsPlain(word)) continue;  // none is so too
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t found =
        uspoof_check2(checker, word.data(), static_cast<std::int32_t>(word.size()), nullptr, &error);
    if (U_SUCCESS(error) && (found & USPOOF_RESTRICTION_LEVEL) != 0) return Narrowed(word);
  }
  return std::nullopt;
}

void NameBook::Add(const ReadName& party) {
  if (full()) return;
  ++parties_;
  for (const std::string& reading : party.readings)
    holders_.try_emplace(reading, Holder{party.id, party.name});
}

const NameBook::Holder* NameBook::Other(std::string_view id, const std::vector<std::string>& readings) const {
  for (const std::string& reading : readings) {
    const auto found = holders_.find(reading);
    if (found != holders_.end() && found->second.id != id) return &found->second;
  }
  return nullptr;
}

std::vector<std::string> NameBook::Judge(
    const std::vector<std::pair<std::string, std::string>>& parties) const {
  std::vector<ReadName> read;
  read.reserve(parties.size());
  for (const auto& [id, name] : parties) read.emplace_back(id, name);
  return JudgeRead(read);
}

std::vector<std::string> NameBook::JudgeRead(const std::vector<ReadName>& parties) const {
  std::vector<std::string> told;
  NameBook here;
  for (const ReadName& party : parties) {
    const auto& [id, name, readings] = party;
    const Holder* other = Other(id, readings);
    if (other == nullptr) other = here.Other(id, readings);
    const std::string quoted = absl::StrCat(id, ": the name \"", name, "\" ");
    if (other != nullptr) {
      told.push_back(other->name == name ? absl::StrCat(quoted, "is that of the party ", other->id, " too")
                                         : absl::StrCat(quoted, "reads like \"", other->name,
                                                        "\", the name of the party ", other->id));
    }
    if (const auto word = MixedWord(name))
      told.push_back(absl::StrCat(quoted, "mixes scripts in the word \"", *word, "\""));
    here.Add(party);
  }
  return told;
}

}  // namespace fundtrail
