// See steps.h.
#include "ledger/picture/steps.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "ledger/base/wide.h"
#include "ledger/picture/paint.h"

namespace fundtrail::picture {
namespace {

constexpr Px kStepsSheet = Pixels(720), kPlotLeft = Pixels(150), kPlotHeight = Pixels(220);
constexpr Px kPlotWidth = kStepsSheet - kMargin - kPlotLeft;
// A period is written below its place where there is room.
constexpr std::size_t kMaxPeriodsWritten = 8;
constexpr int kPeriodColumns = 8;
constexpr Px kPeriodWidth = Pixels(54);

struct Stroke {
  Fixed colour, dashes;
};
constexpr Stroke kStrokes[] = {{kBlue, "none"}, {kOrange, "7 3"}, {kPink, "2 3"}, {kGreen, "9 3 2 3"}};

// Floor and ceiling, of what may be below zero.
Wide Below(Wide amount, Wide step) { return (amount - (amount % step + step) % step); }
Wide Above(Wide amount, Wide step) { return -Below(-amount, step); }

class StepsDrawing {
 public:
  StepsDrawing(std::size_t periods, std::int64_t least, std::int64_t most, Px top)
      : periods_(static_cast<Px>(periods)), least_(least), most_(most), top_(top) {}

  Px X(std::size_t period) const { return kPlotLeft + kPlotWidth * static_cast<Px>(period) / periods_; }
  Px Y(std::int64_t amount) const {
    return top_ + static_cast<Px>((Wide{most_} - amount) * kPlotHeight / (Wide{most_} - least_));
  }

  Svg Mark(std::int64_t amount, const Unit& unit) const {
    Element group("g");
    Path path;
    path.Move(kPlotLeft, Y(amount)).Line(kPlotLeft + kPlotWidth, Y(amount));
    Element line("path");
    line.Set("d", path)
        .Set("stroke", amount == 0 ? kInk : kPale)
        .Set("stroke-width", "1")
        .Set("fill", "none");
    group.Add(line.Made());
    Element text = TextAt(kPlotLeft - Pixels(6), Y(amount) + Pixels(4));
    text.Set("text-anchor", "end").Set("fill", kInk).Set("font-size", "11");
    return group.Add(text.AddText(Money(amount, unit.decimals)).Made()).Made();
  }

  Svg Line(const std::vector<std::int64_t>& amounts, const Stroke& stroke) const {
    Path path;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      i == 0 ? path.Move(X(i), Y(amounts[i])) : path.Line(X(i), Y(amounts[i]));
      path.Line(X(i + 1), Y(amounts[i]));
    }
    Element line("path");
    line.Set("d", path).Set("fill", "none").Set("stroke", stroke.colour).Set("stroke-width", "2");
    return line.Set("stroke-dasharray", stroke.dashes).Made();
  }

 private:
  const Px periods_;
  const std::int64_t least_, most_;
  const Px top_;
};

}  // namespace

std::vector<std::int64_t> Marks(std::int64_t least, std::int64_t most) {
  const Wide low = std::min<std::int64_t>(least, 0), high = std::max<std::int64_t>(most, 0);
  Wide step = 1;
  for (int i = 0; high - low > 5 * step; ++i) step = i % 3 == 1 ? step / 2 * 5 : step * 2;
  std::vector<std::int64_t> marks;
  const Wide last = std::max(Above(high, step), Below(low, step) + step);
  for (Wide mark = Below(low, step); mark <= last; mark += step)
    marks.push_back(static_cast<std::int64_t>(std::clamp(mark, -Wide{kMaxInt64}, Wide{kMaxInt64})));
  return marks;
}

StatusOr<Svg> Steps(const std::vector<std::string>& periods, const std::vector<Series>& lines,
                    const Unit& unit, const Caption& caption, const Words& words) {
  if (lines.empty() || lines.size() > std::size(kStrokes) || periods.empty())
    return absl::InvalidArgumentError("a picture of steps has periods, and one to four lines");
  std::int64_t least = 0, most = 0;
  for (const Series& line : lines) {
    if (line.amounts.size() != periods.size())
      return absl::InvalidArgumentError("a line of steps has an amount for each period");
    least = std::min(least, *std::min_element(line.amounts.begin(), line.amounts.end()));
    most = std::max(most, *std::max_element(line.amounts.begin(), line.amounts.end()));
  }
  Sheet sheet(caption, kStepsSheet, words);
  const std::vector<std::int64_t> marks = Marks(least, most);
  const StepsDrawing drawing(periods.size(), marks.front(), marks.back(), sheet.top() + Pixels(8));
  for (const std::int64_t mark : marks) sheet.Add(drawing.Mark(mark, unit));
  for (std::size_t i = 0; i < lines.size(); ++i) sheet.Add(drawing.Line(lines[i].amounts, kStrokes[i]));
  const Px below = drawing.Y(marks.front()) + Pixels(18);
  const std::size_t each = (periods.size() + kMaxPeriodsWritten - 1) / kMaxPeriodsWritten;
  for (std::size_t i = 0; i < periods.size() && drawing.X(i) <= kStepsSheet - kMargin - kPeriodWidth;
       i += each) {
    Element period = TextAt(drawing.X(i), below);
    period.Set("fill", kInk).Set("font-size", "11").AddText(Clipped(periods[i], kPeriodColumns));
    sheet.Add(period.Made());
  }
  Px y = below + Pixels(24);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Path path;
    path.Move(kPlotLeft, y - Pixels(4)).Line(kPlotLeft + Pixels(36), y - Pixels(4));
    Element key("path");
    key.Set("d", path).Set("stroke", kStrokes[i].colour).Set("stroke-width", "2").Set("fill", "none");
    sheet.Add(key.Set("stroke-dasharray", kStrokes[i].dashes).Made());
    sheet.Add(
        TextAt(kPlotLeft + Pixels(44), y).Set("fill", kInk).AddText(Clipped(lines[i].words, 60)).Made());
    y += Pixels(18);
  }
  sheet.GrowTo(y - Pixels(18));
  return sheet.Made();
}

}  // namespace fundtrail::picture
