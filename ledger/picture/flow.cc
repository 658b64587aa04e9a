// See flow.h.
#include "ledger/picture/flow.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/picture/flow_layout.h"
#include "ledger/picture/paint.h"

namespace fundtrail::picture {
namespace {

static_assert(kFlowHops + 1 == kMaxColumns);

// A sheet is at least so wide, for its caption.
constexpr Px kLeastWidth = Pixels(720);
// What is thinner could not be seen.
constexpr Px kLeastHeight = Pixels(1);

class FlowDrawing {
 public:
  FlowDrawing(const v1::AssetTrace& trace, v1::Direction direction, const Caption& caption,
              const Words& words, const FlowLayout& layout, bool draws)
      : trace_(trace),
        forward_(direction == v1::DIRECTION_FROM),
        words_(words),
        layout_(layout),
        draws_(draws),
        sheet_(caption, std::max(kLeastWidth, 2 * kMargin + layout.width), words, draws) {
    if (!draws) return;
    std::set<std::pair<std::string, std::string>> holdings;
    for (const FlowNode& node : layout.nodes)
      if (node.others == 0) holdings.emplace(node.account.fund(), node.account.project());
    many_ = holdings.size() > 1;
  }

  Svg Made() {
    if (draws_) Draw();
    sheet_.GrowTo(sheet_.top() + layout_.height);
    AddLegend();
    sheet_.AddNote(forward_ ? words_.columns_from : words_.columns_to);
    if (!layout_.folded.empty() || layout_.goes_on) sheet_.AddNote(words_.listed);
    return sheet_.Made();
  }
  // Of what was made.
  Px width() const { return sheet_.width(); }
  Px height() const { return sheet_.top(); }

 private:
  void Draw() {
    Element ribbons("g");
    ribbons.Set("fill", kGrey).Set("fill-opacity", "0.25").Set("stroke", kGrey).Set("stroke-opacity", "0.25");
    ribbons.Set("stroke-width", "0.5");
    for (const FlowRibbon& ribbon : layout_.ribbons) ribbons.Add(Ribbon(ribbon));
    sheet_.Add(ribbons.Made());
    for (const FlowNode& node : layout_.nodes) sheet_.Add(Node(node));
  }

  Px X(Px x) const { return kMargin + x; }
  Px Y(Px y) const { return sheet_.top() + y; }

  Svg Ribbon(const FlowRibbon& ribbon) const {
    const FlowNode &from = layout_.nodes[ribbon.from], &to = layout_.nodes[ribbon.to];
    // Money flows to the right.
    const FlowNode &payer = forward_ ? from : to, &payee = forward_ ? to : from;
    const auto& at_payer = forward_ ? ribbon.at_from : ribbon.at_to;
    const auto& at_payee = forward_ ? ribbon.at_to : ribbon.at_from;
    const Px left = X(payer.x + kBarWidth), right = X(payee.x);
    Path path;
    path.Move(left, Y(at_payer.y)).Curve(left, Y(at_payer.y), right, Y(at_payee.y));
    path.Line(right, Y(at_payee.y + at_payee.height));
    path.Curve(right, Y(at_payee.y + at_payee.height), left, Y(at_payer.y + at_payer.height)).Close();
    Element drawn("path");
    drawn.Set("d", path).SetText("data-hop", absl::StrCat(to.column));
    if (payer.others == 0) drawn.SetText("data-from", payer.account.party());
    if (payee.others == 0) drawn.SetText("data-to", payee.account.party());
    return drawn.Made();
  }

  Svg Node(const FlowNode& node) const {
    Element group("g");
    group.Add(Element("title").AddText(FullName(node)).Made());
    group.Add(Bar(node.x, node.y, std::max(node.height, kLeastHeight), kGrey));
    // The parts behind those that moved on.
    std::size_t part = node.parts.size() - node.ends.size() - (node.goes_on > 0 ? 1 : 0);
    for (const auto& [kind, amount] : node.ends) {
      const auto& [y, height] = node.parts[part++];
      group.Add(Bar(node.x, y, std::max(height, kLeastHeight), PaintOf(kind, words_).fill));
    }
    if (node.goes_on > 0)
      group.Add(
          Bar(node.x, node.parts[part].y, std::max(node.parts[part].height, kLeastHeight), kGreyHatched));
    const Px x = X(node.x + kBarWidth + Pixels(5)), middle = Y(node.y + node.height / 2);
    group.Add(
        TextAt(x, middle - Pixels(2)).Set("fill", kInk).AddText(Clipped(Name(node), kLabelColumns)).Made());
    group.Add(TextAt(x, middle + Pixels(12))
                  .Set("fill", kInk)
                  .Set("font-size", "11")
                  .AddText(Figures(node))
                  .Made());
    return group.Made();
  }

  Svg Bar(Px x, Px y, Px height, Fixed fill) const {
    Element bar("rect");
    bar.SetPx("x", X(x)).SetPx("y", Y(y)).SetPx("width", kBarWidth).SetPx("height", height);
    return bar.Set("fill", fill).Set("stroke", kGrey).Set("stroke-width", "0.5").Made();
  }

  std::string Name(const FlowNode& node) const {
    if (node.others > 0) return Filled(words_.others, {{"n", absl::StrCat(node.others)}});
    std::string name = node.account.party_name();
    if (name.empty()) name = node.account.party();
    if (!many_) return name;
    return absl::StrCat(name, " [", node.account.fund(), node.account.project().empty() ? "" : ", ",
                        node.account.project(), "]");
  }

  std::string FullName(const FlowNode& node) const {
    return node.others > 0 ? Name(node) : AccountName(node.account, words_);
  }

  // "1,000.00", and how it ends when all of it ends in one way.
  std::string Figures(const FlowNode& node) const {
    std::string text = Money(node.amount, trace_.decimals());
    if (node.ends.size() == 1 && node.ends.begin()->second == node.amount)
      absl::StrAppend(&text, " ", PaintOf(node.ends.begin()->first, words_).words);
    if (node.goes_on == node.amount) absl::StrAppend(&text, " ", words_.goes_on);
    return text;
  }

  void AddLegend() {
    std::map<v1::EndKind, Wide> ends;
    Wide goes_on = 0;
    for (const FlowNode& node : layout_.nodes) {
      for (const auto& [kind, amount] : node.ends) ends[kind] += amount;
      goes_on += node.goes_on;
    }
    std::vector<Entry> entries;
    const auto add = [&](Fixed fill, const std::string& how, Wide amount) {
      entries.push_back({fill, absl::StrCat(Money(Capped(amount), trace_.decimals()), " ", how)});
    };
    for (const auto& [kind, amount] : ends) {
      const Paint paint = PaintOf(kind, words_);
      add(paint.fill, paint.words, amount);
    }
    if (goes_on > 0) add(kGreyHatched, words_.goes_on, goes_on);
    sheet_.AddLegend(entries);
  }

  const v1::AssetTrace& trace_;
  const bool forward_;
  const Words& words_;
  const FlowLayout& layout_;
  const bool draws_;
  Sheet sheet_;
  bool many_ = false;  // accounts of several funds or projects
};

StatusOr<FlowPicture> Drawn(const v1::AssetTrace& trace, v1::Direction direction, const Caption& caption,
                            const Words& words, bool draws) {
  FT_ASSIGN_OR_RETURN(const FlowLayout layout, LayOut(trace, direction));
  FlowPicture picture;
  FlowDrawing drawing(trace, direction, caption, words, layout, draws);
  picture.svg = drawing.Made();
  picture.width = drawing.width();
  picture.height = drawing.height();
  for (const FlowNode& node : layout.folded)
    picture.folded.push_back({static_cast<std::uint32_t>(node.column), node.account, node.amount});
  picture.goes_on = layout.goes_on;
  return picture;
}

}  // namespace

StatusOr<FlowPicture> Flow(const v1::AssetTrace& trace, v1::Direction direction, const Caption& caption,
                           const Words& words) {
  return Drawn(trace, direction, caption, words, true);
}

StatusOr<FlowPicture> MeasuredFlow(const v1::AssetTrace& trace, v1::Direction direction,
                                   const Caption& caption, const Words& words) {
  return Drawn(trace, direction, caption, words, false);
}

}  // namespace fundtrail::picture
