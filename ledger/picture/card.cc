// See card.h.
#include "ledger/picture/card.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/picture/bar.h"
#include "ledger/picture/paint.h"
#include "ledger/picture/sheet.h"

namespace fundtrail::picture {
namespace {

constexpr int kEdge = 60, kWidth = kCardWidth - 2 * kEdge;
constexpr int kTitleTop = 45, kTitleHigh = 50, kSumTop = 170, kBarTop = 270, kBarHigh = 90, kRowsTop = 395;
constexpr int kFromTop = 580, kFromSide = 3, kCommittedTop = 367, kCommittedSide = 3;
constexpr int kTitleSide = 5, kLargestSum = 9, kRowSide = 4, kRowHigh = 44, kMostRows = 4;
constexpr int kSwatch = 28;
enum Inks : Ink { kPaperInk, kTextInk, kBlueInk, kGreenInk, kPinkInk, kOrangeInk };

// How an end is painted: plain, or with lines of paper (paint.h).
struct CardPaint {
  Ink ink;
  bool hatched;
};
CardPaint CardPaintOf(v1::EndKind kind) {
  switch (kind) {
    case v1::END_KIND_REACHED:
    case v1::END_KIND_BROUGHT_IN:
      return {kBlueInk, false};
    case v1::END_KIND_ENDS_HERE:
    case v1::END_KIND_UNRECORDED:
      return {kBlueInk, true};
    case v1::END_KIND_HELD:
      return {kOrangeInk, true};
    case v1::END_KIND_RETURNED:
      return {kPinkInk, true};
    case v1::END_KIND_EXCHANGED:
      return {kGreenInk, false};
    default:
      return {kTextInk, false};
  }
}

void Cover(int x, int y, int width, int height, v1::EndKind kind, Raster* card) {
  const CardPaint paint = CardPaintOf(kind);
  if (paint.hatched) {
    card->Hatch(x, y, width, height, paint.ink, kPaperInk);
  } else {
    card->Fill(x, y, width, height, paint.ink);
  }
}

// As much of a text as stands in a line.
std::string Fitting(const std::string& text, int side) {
  const auto most = static_cast<std::size_t>(kWidth / (kLetterWidth * side));
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

// On two lines where one is too short: broken at a blank, if there is one.
void WriteTitle(const std::string& title, Raster* card) {
  const auto most = static_cast<std::size_t>(kWidth / (kLetterWidth * kTitleSide));
  std::size_t end = title.size(), next = end;
  if (title.size() > most) {
    const std::size_t blank = title.rfind(' ', most);
    end = blank == std::string::npos || blank == 0 ? most : blank;
    next = title[end] == ' ' ? end + 1 : end;
  }
  card->Write(kEdge, kTitleTop, kTitleSide, title.substr(0, end), kTextInk);
  card->Write(kEdge, kTitleTop + kTitleHigh, kTitleSide, Fitting(title.substr(next), kTitleSide), kTextInk);
}

}  // namespace

StatusOr<Raster> CardOfEnds(const v1::AssetTrace& trace, const std::vector<std::string>& titles,
                            const std::string& from, const Words& words) {
  FT_ASSIGN_OR_RETURN(const std::vector<EndPart> parts, EndParts(trace));
  Raster card(kCardWidth, kCardHeight,
              {{0xFF, 0xFF, 0xFF},
               {0x0B, 0x0C, 0x0C},
               {0x12, 0x43, 0x6D},
               {0x28, 0xA1, 0x97},
               {0x80, 0x16, 0x50},
               {0xF4, 0x6A, 0x25}});
  const auto title = std::find_if(titles.begin(), titles.end(), CanWrite);
  if (title != titles.end()) WriteTitle(*title, &card);
  if (CanWrite(from)) card.Write(kEdge, kFromTop, kFromSide, Fitting(from, kFromSide), kTextInk);
  const std::string sum = absl::StrCat(Money(trace.asked(), trace.decimals()), " ", trace.asset());
  int side = kLargestSum;
  while (side > 1 && WrittenWidth(sum, side) > kWidth) --side;
  card.Write(kEdge, kSumTop, side, sum, kTextInk);
  std::vector<std::int64_t> amounts;
  for (const EndPart& part : parts) amounts.push_back(part.amount);
  const std::vector<std::string> shares = Shares(amounts, trace.asked(), Words());
  Wide so_far = 0;
  const auto at = [&](Wide amount) { return kEdge + static_cast<int>(amount * kWidth / trace.asked()); };
  for (const EndPart& part : parts) {
    const int begin = at(so_far);
    so_far += part.amount;
    Cover(begin, kBarTop, at(so_far) - begin, kBarHigh, part.kind, &card);
  }
  // What is only promised must not look like what was paid.
  if (const std::int64_t amount = CommittedIn(trace); amount != 0) {
    const std::string committed = Filled(
        words.committed, {{"amount", absl::StrCat(Money(amount, trace.decimals()), " ", trace.asset())}});
    const bool fits = WrittenWidth(committed, kCommittedSide) <= kWidth;
    if (CanWrite(committed))
      card.Write(kEdge, kCommittedTop, fits ? kCommittedSide : kCommittedSide - 1, committed, kTextInk);
  }
  // The largest first: what does not fit is the least.
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < parts.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    return parts[one].amount > parts[other].amount;
  });
  int y = kRowsTop;
  for (const std::size_t i : order) {
    if (y >= kRowsTop + kMostRows * kRowHigh) break;
    Cover(kEdge, y, kSwatch, kSwatch, parts[i].kind, &card);
    const std::string word = PaintOf(parts[i].kind, words).words;
    const std::string row =
        CanWrite(word) ? absl::StrCat(shares[i], " % ", word) : absl::StrCat(shares[i], " %");
    card.Write(kEdge + 2 * kSwatch, y, kRowSide, Fitting(row, kRowSide), kTextInk);
    y += kRowHigh;
  }
  return card;
}

}  // namespace fundtrail::picture
