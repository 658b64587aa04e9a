// See bar.h.
#include "ledger/picture/bar.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/base/wide.h"
#include "ledger/picture/paint.h"

namespace fundtrail::picture {
namespace {

constexpr Px kBarSheet = Pixels(720), kBarHeight = Pixels(28), kRow = Pixels(20);
// Where amounts end and shares begin.
constexpr Px kAmountsEnd = Pixels(480), kSharesBegin = Pixels(500);
constexpr int kPartColumns = 36;

struct PaintedPart {
  Part part;
  Fixed fill;
};

Svg Swatch(Px x, Px y, Px width, Px height, Fixed fill) {
  Element box("rect");
  box.SetPx("x", x).SetPx("y", y).SetPx("width", width).SetPx("height", height);
  return box.Set("fill", fill).Set("stroke", kGrey).Set("stroke-width", "0.5").Made();
}

StatusOr<Svg> BarOf(const std::vector<PaintedPart>& parts, const Unit& unit, const Caption& caption,
                    const Words& words) {
  Wide sum = 0;
  std::vector<std::int64_t> amounts;
  for (const PaintedPart& one : parts) {
    if (one.part.amount < 0) return absl::DataLossError("no picture: a part is below zero");
    sum += one.part.amount;
    amounts.push_back(one.part.amount);
  }
  if (sum == 0 || sum > kMaxInt64)
    return absl::DataLossError("no picture: the parts are nothing, or more than 63 bits can count");
  const auto whole = static_cast<std::int64_t>(sum);
  Sheet sheet(caption, kBarSheet, words);
  Wide so_far = 0;
  const auto at = [&](Wide amount) {
    return kMargin + static_cast<Px>(amount * (kBarSheet - 2 * kMargin) / sum);
  };
  for (const PaintedPart& one : parts) {
    const Px begin = at(so_far);
    so_far += one.part.amount;
    if (one.part.amount > 0) sheet.Add(Swatch(begin, sheet.top(), at(so_far) - begin, kBarHeight, one.fill));
  }
  Px y = sheet.top() + kBarHeight + Pixels(24);
  const auto row = [&](const std::string& name, std::int64_t amount, const std::string& share) {
    sheet.Add(TextAt(kMargin + Pixels(20), y).Set("fill", kInk).AddText(Clipped(name, kPartColumns)).Made());
    Element figure = TextAt(kAmountsEnd, y);
    figure.Set("text-anchor", "end").Set("fill", kInk).AddText(Money(amount, unit.decimals));
    sheet.Add(figure.Made());
    if (!share.empty()) sheet.Add(TextAt(kSharesBegin, y).Set("fill", kInk).AddText(share).Made());
    y += kRow;
  };
  const auto shares = Shares(amounts, whole, words);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sheet.Add(Swatch(kMargin, y - Pixels(10), Pixels(12), Pixels(12), parts[i].fill));
    row(parts[i].part.words, parts[i].part.amount, Filled(words.of_each, {{"share", shares[i]}}));
  }
  row(Filled(words.in_all, {{"asset", unit.asset}}), whole, "");
  sheet.GrowTo(y - kRow);
  return sheet.Made();
}

}  // namespace

std::vector<std::string> OfHundred(const std::vector<std::int64_t>& amounts, std::int64_t whole) {
  Wide sum = 0;
  for (const std::int64_t amount : amounts) {
    if (amount < 0) return {};
    sum += amount;
  }
  if (whole <= 0 || sum != whole) return {};
  std::vector<std::int64_t> shares, lost;
  std::int64_t left = kWhole;
  for (const std::int64_t amount : amounts) {
    const Wide product = Wide{amount} * kWhole;
    shares.push_back(static_cast<std::int64_t>(product / whole));
    lost.push_back(static_cast<std::int64_t>(product % whole));
    left -= shares.back();
  }
  std::vector<std::size_t> order(amounts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lost[a] > lost[b]; });
  for (std::size_t i = 0; i < order.size() && left > 0; ++i, --left) ++shares[order[i]];
  std::vector<std::string> texts;
  texts.reserve(shares.size());
  for (const std::int64_t share : shares) texts.push_back(FormatDecimal(Amount(share), 2));
  return texts;
}

std::vector<std::string> Shares(const std::vector<std::int64_t>& amounts, std::int64_t whole,
                                const Words& words) {
  std::vector<std::string> shares = OfHundred(amounts, whole);
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (shares[i] == "0.00" && amounts[i] > 0) shares[i] = words.below_share;
  return shares;
}

StatusOr<std::vector<EndPart>> EndParts(const v1::AssetTrace& trace) {
  std::vector<EndPart> parts;
  Wide sum = 0;
  bool below_zero = false;
  const auto add = [&](v1::EndKind kind, std::int64_t amount) {
    sum += amount;
    below_zero = below_zero || amount < 0;
    if (amount != 0) parts.push_back({kind, amount});
  };
  add(v1::END_KIND_REACHED, trace.reached());
  add(v1::END_KIND_ENDS_HERE, trace.ends_here());
  add(v1::END_KIND_HELD, trace.held());
  add(v1::END_KIND_RETURNED, trace.returned());
  add(v1::END_KIND_BROUGHT_IN, trace.brought_in());
  add(v1::END_KIND_UNRECORDED, trace.unrecorded());
  add(v1::END_KIND_EXCHANGED, trace.exchanged());
  if (sum != trace.asked()) return absl::DataLossError("no picture: what ended is not what was asked");
  if (below_zero) return absl::DataLossError("no picture: a part is below zero");
  if (sum == 0)
    return absl::DataLossError("no picture: the parts are nothing, or more than 63 bits can count");
  return parts;
}

StatusOr<Svg> BarOfEnds(const v1::AssetTrace& trace, const Caption& caption, const Words& words) {
  FT_ASSIGN_OR_RETURN(const std::vector<EndPart> ends, EndParts(trace));
  std::vector<PaintedPart> parts;
  for (const EndPart& end : ends) {
    const Paint paint = PaintOf(end.kind, words);
    parts.push_back({{paint.words, end.amount}, paint.fill});
  }
  return BarOf(parts, {trace.asset(), trace.decimals()}, caption, words);
}

StatusOr<Svg> BarOfAges(const std::vector<Part>& parts, const Unit& unit, const Caption& caption,
                        const Words& words) {
  constexpr Fixed kFills[] = {kBlue, kGreen, kOrange, kPinkHatched};
  if (parts.empty() || parts.size() > std::size(kFills))
    return absl::InvalidArgumentError("a bar of ages has one to four parts");
  std::vector<PaintedPart> painted;
  for (std::size_t i = 0; i < parts.size(); ++i) painted.push_back({parts[i], kFills[i]});
  return BarOf(painted, unit, caption, words);
}

}  // namespace fundtrail::picture
