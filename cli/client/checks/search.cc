// Of the hits of a search: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/decimal.h"
#include "ledger/base/initials.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"

namespace fundtrail::cli {
namespace {

// The texts of a hit that may fit, folded.
std::vector<std::string> TextsOf(const v1::SearchHit& hit) {
  std::vector<std::string> texts = {hit.id(), hit.name(), hit.other_id()};
  if (hit.has_transfer()) {
    texts.push_back(hit.transfer().transfer().reference());
    texts.push_back(hit.transfer().transfer().project_words());
  }
  for (std::string& text : texts) text = FoldedForSearch(text);
  return texts;
}

bool HasAllWords(const v1::SearchHit& hit, const std::vector<std::string>& words) {
  const auto texts = TextsOf(hit);
  return std::any_of(texts.begin(), texts.end(), [&words](const std::string& text) {
    return std::all_of(words.begin(), words.end(),
                       [&text](const std::string& word) { return text.find(word) != std::string::npos; });
  });
}

// Whether the text is initials of its name. What they are in pinyin, another version of ICU may say otherwise.
bool HasInitials(const v1::SearchHit& hit, const std::string& text) {
  const std::string letters = InitialsSought(text);
  if (letters.empty() || hit.match() != v1::SearchHit::MATCH_INITIALS || hit.has_transfer()) return false;
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(hit.name().begin(), hit.name().end(), is_ascii)) return true;
  const auto initials = InitialsReader().Of(hit.name());
  return std::any_of(initials.begin(), initials.end(),
                     [&](const std::string& of) { return of.find(letters) != std::string::npos; });
}

// Whether the text is the amount of the transfer.
bool HasAmount(const v1::SearchHit& hit, const std::string& text) {
  if (hit.match() != v1::SearchHit::MATCH_AMOUNT || !hit.has_transfer()) return false;
  const auto amount =
      ParseDecimal(text, static_cast<int>(std::min<std::uint32_t>(hit.transfer().decimals(), kMaxDecimals)));
  return amount.ok() && amount->value() == hit.transfer().transfer().amount();
}

// Whether one of its texts, or the id in the other register without its scheme, is the text.
bool IsTheText(const v1::SearchHit& hit, const std::string& text) {
  auto texts = TextsOf(hit);
  const std::size_t colon = hit.other_id().find(':');
  if (colon != std::string::npos) texts.push_back(FoldedForSearch(hit.other_id().substr(colon + 1)));
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace

Status CheckAnswer(const v1::SearchAnswer& answer, const v1::SearchRequest& request, bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.hits_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const std::string text = FoldedForSearch(request.text());
  const std::vector<std::string> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  const std::set<std::string> kinds(request.kinds().begin(), request.kinds().end());
  std::set<std::pair<std::string, std::string>> seen;
  std::map<std::string, std::uint64_t> counts;
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.hits_size()) > request.limit())
    return Bad("more hits are shown than were asked for");
  for (int i = 0; i < answer.hits_size(); ++i) {
    const v1::SearchHit& hit = answer.hits(i);
    const std::string of = absl::StrCat("of ", Escaped(hit.kind()), " ", Escaped(hit.id()), ", ");
    if (!kinds.empty() && kinds.count(hit.kind()) == 0) return Bad(of + "it was not asked for");
    if (!seen.emplace(hit.kind(), hit.id()).second) return Bad(of + "it is listed twice");
    if (!v1::SearchHit::Match_IsValid(hit.match()) || hit.match() == v1::SearchHit::MATCH_UNSPECIFIED ||
        (i > 0 && answer.hits(i - 1).match() > hit.match()))
      return Bad(of + "it is out of order");
    const bool transfer = hit.kind() == "transfer";
    if (transfer != hit.has_transfer() || (transfer && (model::RefText(hit.transfer().ref()) != hit.id() ||
                                                        hit.transfer().transfer().purpose() != hit.name())))
      return Bad(of + "it is another transfer than is said, or none");
    if (!HasAllWords(hit, words) && !IsTheText(hit, text) && !HasInitials(hit, text) &&
        !HasAmount(hit, request.text()))
      return Bad(of + "it does not fit what was looked for");
    const bool exact = hit.match() <= v1::SearchHit::MATCH_NAME;
    if (hit.exact() != exact || (exact && !IsTheText(hit, text)))
      return Bad(of + "it is said to be what was looked for, and is not");
    const std::string& day = hit.transfer().date();
    if (transfer && ((!request.since().empty() && day < request.since()) ||
                     (!request.until().empty() && day > request.until())))
      return Bad(of + "it is of another day than was asked for");
    ++counts[hit.kind()];
  }
  const bool all = whole && request.after().empty() && answer.next().empty();
  std::map<std::string, std::uint64_t> said;
  for (const v1::SearchCount& count : answer.counts()) {
    if (!said.emplace(count.kind(), count.hits()).second || count.hits() < counts[count.kind()])
      return Bad("the counts are not those of the hits");
  }
  const auto party = said.find("party");
  std::set<int> of_parties;
  std::uint64_t left = party == said.end() ? 0 : party->second;
  for (const v1::PartyKindCount& count : answer.party_kinds()) {
    if (!of_parties.insert(count.kind()).second || count.hits() > left)
      return Bad("the kinds of parties are not those of the hits");
    left -= count.hits();
  }
  // An earlier server says none.
  if (!of_parties.empty() && left > 0) return Bad("the kinds of parties are not those of the hits");
  const auto transfers = said.find("transfer");
  std::set<std::string> of_years;
  std::uint64_t others = transfers == said.end() ? 0 : transfers->second;
  for (const v1::YearCount& count : answer.years()) {
    const bool in_order = of_years.empty() || count.year() < *of_years.begin();
    if (!in_order || count.hits() == 0 || count.hits() > others)
      return Bad("the years are not those of the hits");
    of_years.insert(count.year());
    others -= count.hits();
  }
  // An earlier server says none.
  if (!of_years.empty() && others > 0) return Bad("the years are not those of the hits");
  std::erase_if(counts, [](const auto& count) { return count.second == 0; });
  return !all || said == counts ? absl::OkStatus() : Bad("the counts are not those of the hits");
}

}  // namespace fundtrail::cli
