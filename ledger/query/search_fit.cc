// See search_fit.h.
#include "ledger/query/search_fit.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_split.h"
#include "ledger/base/initials.h"
#include "ledger/base/names.h"

namespace fundtrail::query {
namespace {

using SearchHit = v1::SearchHit;

// As text.find(word, from). Words and texts are short, so that to compare them takes less than to call what compares long ones. A word has a
// letter.
std::size_t Find(std::string_view text, std::string_view word, std::size_t from) {
  if (text.size() < from + word.size()) return std::string_view::npos;
  const char* const end = text.data() + (text.size() - word.size() + 1);
  for (const char* at = text.data() + from; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, word.front(), static_cast<std::size_t>(end - at)));
    if (at == nullptr) return std::string_view::npos;
    std::size_t same = 1;
    while (same < word.size() && at[same] == word[same]) ++same;
    if (same == word.size()) return static_cast<std::size_t>(at - text.data());
  }
  return std::string_view::npos;
}

// Whether a word of `text` begins at this byte: nothing, or no letter and no digit stands before it. Of texts that are written
// without spaces only the first letter begins a word: all others are inside.
bool BeginsWord(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const auto before = static_cast<unsigned char>(text[at - 1]);
  const bool letter = (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z') || before >= 0x80;
  return !letter;
}

// Of one text of an item, which is folded. MATCH_UNSPECIFIED: it does not fit. Of a word that many items have most texts lack another one,
// so that these are looked for first: a text that begins with what is sought has all of its words.
HitMatch FitOf(const Sought& sought, std::string_view text, HitMatch whole) {
  if (text.empty()) return SearchHit::MATCH_UNSPECIFIED;
  bool all_begin = true;
  for (const std::string& word : sought.words) {
    std::size_t at = Find(text, word, 0);
    if (at == std::string_view::npos) return SearchHit::MATCH_UNSPECIFIED;
    while (all_begin && !BeginsWord(text, at)) {
      at = Find(text, word, at + 1);
      all_begin = at != std::string_view::npos;
    }
  }
  if (text.front() == sought.text.front() && text.starts_with(sought.text))
    return text.size() == sought.text.size() ? whole : SearchHit::MATCH_BEGINS;
  return all_begin ? SearchHit::MATCH_WORDS : SearchHit::MATCH_INSIDE;
}

// Keeps the better of two.
void Better(HitMatch match, HitMatch* best) {
  if (match == SearchHit::MATCH_UNSPECIFIED) return;
  if (*best == SearchHit::MATCH_UNSPECIFIED || match < *best) *best = match;
}

// `end`: how long the first text is. `wholes`: how a text fits that is what is sought: the first one, the second, and so on. The last is of all others too.
HitMatch FitOfBlock(const Sought& sought, std::string_view block, std::size_t place, std::size_t end,
                    std::span<const HitMatch> wholes) {
  HitMatch best = SearchHit::MATCH_UNSPECIFIED;
  for (std::size_t begin = 0;;) {
    if (place < end) Better(FitOf(sought, block.substr(begin, end - begin), wholes.front()), &best);
    if (wholes.size() > 1) wholes = wholes.subspan(1);
    begin = end + 1;
    if (begin >= block.size()) return best;
    end = std::min(block.find('\0', begin), block.size());
  }
}

}  // namespace

Sought SoughtOf(const std::string& text) {
  Sought sought;
  sought.text = FoldedForSearch(text);
  sought.words = absl::StrSplit(sought.text, ' ', absl::SkipEmpty());
  // A long word is in the fewest texts, and what lacks one need not be looked at further.
  std::stable_sort(
      sought.words.begin(), sought.words.end(),
      [](const std::string& one, const std::string& other) { return one.size() > other.size(); });
  sought.initials = InitialsSought(text);
  return sought;
}

HitMatch FitOfItemBlock(const Sought& sought, std::string_view block, std::size_t id_bytes,
                        std::size_t place) {
  constexpr HitMatch kWholes[] = {SearchHit::MATCH_ID, SearchHit::MATCH_NAME, SearchHit::MATCH_OTHER_ID};
  return FitOfBlock(sought, block, place, id_bytes, kWholes);
}

HitMatch FitOfTransferBlock(const Sought& sought, std::string_view block, std::size_t place) {
  constexpr HitMatch kWholes[] = {SearchHit::MATCH_OTHER_ID, SearchHit::MATCH_BEGINS};
  return FitOfBlock(sought, block, place, std::min(block.find('\0'), block.size()), kWholes);
}

ItemFit FitOfItem(const Sought& sought, std::span<const std::string_view> texts) {
  ItemFit found;
  Better(FitOf(sought, texts[0], SearchHit::MATCH_ID), &found.match);
  Better(FitOf(sought, texts[1], SearchHit::MATCH_NAME), &found.match);
  for (std::size_t at = 2; at + 1 < texts.size(); at += 2) {
    HitMatch fit = SearchHit::MATCH_UNSPECIFIED;
    Better(FitOf(sought, texts[at], SearchHit::MATCH_OTHER_ID), &fit);
    Better(FitOf(sought, texts[at + 1], SearchHit::MATCH_OTHER_ID), &fit);
    if (fit == SearchHit::MATCH_UNSPECIFIED) continue;
    if (found.other == 0 || fit == SearchHit::MATCH_OTHER_ID) found.other = at / 2;
    Better(fit, &found.match);
  }
  return found;
}

HitMatch FitOfTransfer(const Sought& sought, const std::vector<std::string_view>& texts) {
  HitMatch best = SearchHit::MATCH_UNSPECIFIED;
  Better(FitOf(sought, texts[0], SearchHit::MATCH_OTHER_ID), &best);
  Better(FitOf(sought, texts[1], SearchHit::MATCH_BEGINS), &best);
  Better(FitOf(sought, texts[2], SearchHit::MATCH_BEGINS), &best);
  return best;
}

}  // namespace fundtrail::query
