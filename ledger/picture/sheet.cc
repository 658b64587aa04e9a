// See sheet.h.
#include "ledger/picture/sheet.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/picture/paint.h"

namespace fundtrail::picture {
namespace {

constexpr Px kSmallLine = Pixels(17), kHeadingLine = Pixels(22);
// A column of a terminal is about as wide as this, in the small letters and in those of a heading.
constexpr Px kSmallColumn = 690, kHeadingColumn = 920;

int Columns(Px width, Px column) { return static_cast<int>((width - 2 * kMargin) / column); }

// Lines of whole words, as many as are allowed; the last is clipped. A word that is wider than a line has one of its own.
std::vector<std::string> Wrapped(const std::string& text, int columns, int most) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(at, end - at);
    const bool fits = line.empty() || DisplayWidth(line) + 1 + DisplayWidth(word) <= columns;
    if (fits || static_cast<int>(lines.size()) + 1 == most) {
      absl::StrAppend(&line, line.empty() ? "" : " ", word);
    } else {
      lines.push_back(line);
      line = word;
    }
    at = end + 1;
  }
  if (!line.empty()) lines.push_back(line);
  for (std::string& clipped : lines) clipped = ClipToWidth(clipped, columns);
  return lines;
}

// One hatching: lines of this colour on white, of a path in a square of 6.
Svg Hatching(Fixed id, Fixed colour, Fixed way) {
  Element pattern("pattern");
  pattern.Set("id", id).Set("width", "6").Set("height", "6").Set("patternUnits", "userSpaceOnUse");
  pattern.Add(Element("rect").Set("width", "6").Set("height", "6").Set("fill", kPaper).Made());
  pattern.Add(Element("path")
                  .Set("d", way)
                  .Set("stroke", colour)
                  .Set("stroke-width", "2")
                  .Set("fill", "none")
                  .Made());
  return pattern.Made();
}

Svg Hatchings() {
  constexpr Fixed kRising("M-1,1L1,-1M0,6L6,0M5,7L7,5"), kFalling("M-1,5L1,7M0,0L6,6M5,-1L7,1"),
      kLying("M0,3L6,3"), kStanding("M3,0L3,6");
  return Element("defs")
      .Add(Hatching("ft-blue", kBlue, kStanding))
      .Add(Hatching("ft-orange", kOrange, kRising))
      .Add(Hatching("ft-pink", kPink, kFalling))
      .Add(Hatching("ft-grey", kGrey, kLying))
      .Made();
}

}  // namespace

std::string Money(std::int64_t amount, std::uint32_t decimals) {
  return FormatDecimal(Amount(amount), static_cast<int>(std::min<std::uint32_t>(decimals, kMaxDecimals)));
}

std::string Filled(const std::string& words, const std::vector<std::pair<std::string, std::string>>& values) {
  std::vector<std::pair<std::string, std::string>> braced;
  braced.reserve(values.size());
  for (const auto& [name, value] : values) braced.emplace_back(absl::StrCat("{", name, "}"), value);
  return absl::StrReplaceAll(words, braced);
}

std::string AccountName(const v1::Account& account, const Words& words) {
  std::string name = absl::StrCat(account.party_name(), " (", account.party(), ")", words.comma,
                                  Filled(words.fund, {{"fund", account.fund()}}));
  if (!account.project().empty())
    absl::StrAppend(&name, words.comma, Filled(words.project, {{"project", account.project()}}));
  return name;
}

std::string Clipped(const std::string& text, int columns) { return ClipToWidth(Visible(text), columns); }

Element TextAt(Px x, Px y) {
  Element text("text");
  text.SetPx("x", x).SetPx("y", y);
  return text;
}

std::int64_t CommittedIn(const v1::AssetTrace& trace) {
  const v1::TraceSums& of_it = trace.committed();
  const Wide ends = Wide{of_it.reached()} + of_it.ends_here() + of_it.held() + of_it.returned() +
                    of_it.exchanged() + of_it.brought_in() + of_it.unrecorded();
  return of_it.asked() != 0 ? of_it.asked() : Capped(ends);
}

Caption CaptionOf(const v1::TraceAnswer& answer, const v1::AssetTrace& trace, const Words& words) {
  Caption caption;
  caption.question = answer.question();
  caption.method = answer.method();
  caption.as_of = answer.as_of();
  if (answer.has_as_of_record()) caption.as_of_record = answer.as_of_record();
  const auto money = [&](std::int64_t amount) { return Money(amount, trace.decimals()); };
  caption.sum = Filled(words.asked, {{"amount", money(trace.asked())}, {"asset", trace.asset()}});
  bool first = true;
  const auto add = [&](const std::string& part, std::int64_t amount, bool always) {
    if (amount == 0 && !always) return;
    absl::StrAppend(&caption.sum, first ? "" : " + ", Filled(part, {{"amount", money(amount)}}));
    first = false;
  };
  const bool forward = answer.direction() == v1::DIRECTION_FROM;
  add(words.sum_reached, trace.reached(), forward);
  add(words.sum_ends_here, trace.ends_here(), false);
  add(words.sum_held, trace.held(), forward);
  add(words.sum_returned, trace.returned(), forward);
  add(words.sum_brought_in, trace.brought_in(), !forward);
  add(words.sum_unrecorded, trace.unrecorded(), false);
  add(words.sum_exchanged, trace.exchanged(), false);
  caption.sum += ".";
  if (const std::int64_t committed = CommittedIn(trace); committed != 0)
    absl::StrAppend(&caption.sum, " ", Filled(words.committed, {{"amount", money(committed)}}));
  return caption;
}

Sheet::Sheet(const Caption& caption, Px width, const Words& words, bool draws)
    : caption_(caption), width_(width), words_(words), draws_(draws) {
  Lines(caption_.question, Columns(width_, kHeadingColumn), 3, true);
  y_ += Pixels(4);
  Lines(caption_.sum, Columns(width_, kSmallColumn), 4, false);
  y_ += Pixels(12);
}

void Sheet::Lines(const std::string& text, int columns, int most, bool heading) {
  for (const std::string& line : Wrapped(Visible(text), columns, most)) {
    y_ += heading ? kHeadingLine : kSmallLine;
    if (!draws_) continue;
    Element element = TextAt(kMargin, y_);
    if (heading) element.Set("font-size", "16").Set("font-weight", "bold");
    element.Set("fill", heading ? kInk : kGrey);
    drawn_ += element.AddText(line).Made();
  }
}

void Sheet::AddNote(const std::string& text) { Lines(text, Columns(width_, kSmallColumn), 8, false); }

void Sheet::AddLegend(const std::vector<Entry>& entries) {
  constexpr Px kBox = Pixels(12);
  Px x = kMargin;
  y_ += Pixels(20);
  for (const Entry& entry : entries) {
    const std::string words = Clipped(entry.words, Columns(width_, kSmallColumn) - 4);
    const Px width = kBox + Pixels(6) + DisplayWidth(words) * kSmallColumn + Pixels(18);
    if (x > kMargin && x + width > width_ - kMargin) {
      x = kMargin;
      y_ += Pixels(20);
    }
    x += width;
    if (!draws_) continue;
    Element box("rect");
    box.SetPx("x", x - width).SetPx("y", y_ - Pixels(10)).SetPx("width", kBox).SetPx("height", kBox);
    drawn_ += box.Set("fill", entry.fill).Set("stroke", kGrey).Set("stroke-width", "0.5").Made();
    drawn_ += TextAt(x - width + kBox + Pixels(6), y_).Set("fill", kInk).AddText(words).Made();
  }
  y_ += Pixels(6);
}

Svg Sheet::Made() {
  const v1::CheckpointRef& at = caption_.as_of;
  std::vector<std::string> rest;
  if (!caption_.method.empty()) rest.push_back(Filled(words_.method, {{"method", caption_.method}}));
  if (caption_.as_of_record.has_value())
    rest.push_back(Filled(words_.as_of_record, {{"record", absl::StrCat(*caption_.as_of_record)}}));
  if (!caption_.source.empty()) rest.push_back(Filled(words_.source, {{"source", caption_.source}}));
  if (!caption_.licence.empty()) rest.push_back(Filled(words_.licence, {{"licence", caption_.licence}}));
  if (!at.ledger().empty())
    rest.push_back(Filled(words_.as_of, {{"ledger", at.ledger()},
                                         {"records", absl::StrCat(at.size())},
                                         {"root", HexEncode(at.root()).substr(0, 16)}}));
  y_ += Pixels(6);
  AddNote(absl::StrJoin(rest, " "));
  AddNote(caption_.link);
  y_ += kMargin;
  if (!draws_) return {};
  Element box("svg");
  box.Set("xmlns", "http://www.w3.org/2000/svg").SetPx("width", width_).SetPx("height", y_);
  box.SetText("viewBox", absl::StrCat("0 0 ", ToString(width_), " ", ToString(y_)));
  box.Set("role", "img").Set("font-family", "system-ui, Noto Sans, Noto Sans CJK SC, sans-serif");
  box.Set("font-size", "12");
  box.Add(Element("title").AddText(caption_.question).Made());
  box.Add(Element("desc").AddText(absl::StrJoin({caption_.sum, absl::StrJoin(rest, " ")}, " ")).Made());
  box.Add(Hatchings());
  Element paper("rect");
  paper.SetPx("width", width_).SetPx("height", y_).Set("fill", kPaper);
  box.Add(paper.Made()).Add(drawn_);
  return box.Made();
}

}  // namespace fundtrail::picture
