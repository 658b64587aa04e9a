// See flow_layout.h. All arithmetic is on whole numbers. A part of a bar ends where the sum so far ends, so parts leave no gaps, and
// bytes are the same everywhere.
#include "ledger/picture/flow_layout.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"

namespace fundtrail::picture {
namespace {

// The whole of what was asked is so high.
constexpr Px kWholeHeight = Pixels(360);
// A name and its amount take two lines.
constexpr Px kLeastSlot = Pixels(30), kGap = Pixels(8);
constexpr int kSweeps = 4;
// Places in a column are compared so finely.
constexpr std::int64_t kFine = 1024;

// By id.
auto KeyOf(const v1::Account& account) {
  return std::tie(account.party(), account.fund(), account.project(), account.asset());
}
struct ById {
  bool operator()(const v1::Account& a, const v1::Account& b) const { return KeyOf(a) < KeyOf(b); }
};

Status Unsound(const std::string& what) {
  return absl::DataLossError("no picture: in the flows by hop, " + what);
}

// One column while its nodes are gathered: amounts of a message may be anything, so they are added wide and compared.
struct Came {
  Wide amount = 0, spent = 0;
  std::map<v1::EndKind, std::int64_t> ends;
};
using Column = std::map<v1::Account, Came, ById>;

const v1::Account& Before(const v1::TraceFlow& flow, bool forward) {
  return forward ? flow.from() : flow.to();
}
const v1::Account& Here(const v1::TraceFlow& flow, bool forward) { return forward ? flow.to() : flow.from(); }

StatusOr<std::vector<Column>> Gather(const v1::AssetTrace& trace, bool forward) {
  if (trace.layers().empty() || trace.asked() <= 0) return Unsound("there is nothing");
  std::vector<Column> columns;
  for (const auto& layer : trace.layers()) {
    if (columns.size() == kMaxColumns) break;
    Column column;
    Wide came = 0;
    for (const auto& flow : layer.flows()) {
      if (flow.amount() <= 0) return Unsound("an amount is not above zero");
      came += flow.amount();
      column[Here(flow, forward)].amount += flow.amount();
      if (columns.empty()) continue;
      const auto before = columns.back().find(Before(flow, forward));
      if (before == columns.back().end()) return Unsound("money comes from where none was");
      before->second.spent += flow.amount();
    }
    if (columns.empty() && came != trace.asked()) return Unsound("the first are not what was asked");
    for (const auto& end : layer.ends()) {
      const auto found = column.find(end.account());
      if (found == column.end() || end.amount() <= 0) return Unsound("money ends where none came");
      found->second.spent += end.amount();
      if (found->second.spent > found->second.amount) return Unsound("more ends than came");
      found->second.ends[end.kind()] += end.amount();
    }
    columns.push_back(std::move(column));
  }
  for (const Column& column : columns)
    for (const auto& [account, came] : column)
      if (came.spent > came.amount) return Unsound("more goes on than came");
  return columns;
}

class Layout {
 public:
  explicit Layout(std::int64_t asked) : asked_(asked) {}

  FlowLayout Made(const std::vector<Column>& columns, const v1::AssetTrace& trace, bool forward) {
    for (const Column& column : columns) AddColumn(column);
    AddRibbons(trace, forward);
    for (int sweep = 0; sweep < kSweeps; ++sweep) Sweep(sweep % 2 == 0);
    Place(forward);
    Tile();
    return Sorted();
  }

 private:
  Px Height(Wide amount) const { return static_cast<Px>(amount * kWholeHeight / asked_); }
  Px Slot(const FlowNode& node) const { return std::max(node.height, kLeastSlot); }

  // The largest first; of those that are equal, by id. The smallest are one node, the last.
  void AddColumn(const Column& column) {
    std::vector<std::pair<const v1::Account*, const Came*>> sorted;
    for (const auto& [account, came] : column) sorted.emplace_back(&account, &came);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second->amount > b.second->amount; });
    const std::size_t hop = order_.size();
    const std::size_t own = sorted.size() > kMaxNodes ? kMaxNodes - 1 : sorted.size();
    std::vector<std::size_t>& order = order_.emplace_back();
    auto& index = index_.emplace_back();
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const v1::Account& account = *sorted[i].first;
      const Came& came = *sorted[i].second;
      if (i <= own) {
        order.push_back(made_.nodes.size());
        made_.nodes.emplace_back().column = hop;
      }
      FlowNode& shown = made_.nodes.back();
      index.emplace(account, made_.nodes.size() - 1);
      shown.amount += static_cast<std::int64_t>(came.amount);
      for (const auto& [kind, amount] : came.ends) shown.ends[kind] += amount;
      if (i < own) {
        shown.account = account;
        continue;
      }
      ++shown.others;
      FlowNode& folded = made_.folded.emplace_back();
      folded.column = hop;
      folded.account = account;
      folded.amount = static_cast<std::int64_t>(came.amount);
      folded.ends = came.ends;
    }
    for (const std::size_t node : order) made_.nodes[node].height = Height(made_.nodes[node].amount);
  }

  void AddRibbons(const v1::AssetTrace& trace, bool forward) {
    std::map<std::pair<std::size_t, std::size_t>, std::int64_t> between;
    for (std::size_t hop = 1; hop < order_.size(); ++hop) {
      for (const auto& flow : trace.layers(static_cast<int>(hop)).flows())
        between[{index_[hop - 1].at(Before(flow, forward)), index_[hop].at(Here(flow, forward))}] +=
            flow.amount();
    }
    for (const auto& [nodes, amount] : between) {
      FlowRibbon ribbon;
      ribbon.from = nodes.first;
      ribbon.to = nodes.second;
      ribbon.amount = amount;
      made_.ribbons.push_back(ribbon);
    }
  }

  // Puts each node of a column where the middle of what it is tied to is, in the column before (or after) it.
  void Sweep(bool onward) {
    for (std::size_t i = 1; i < order_.size(); ++i) {
      const std::size_t column = onward ? i : order_.size() - 1 - i;
      const std::vector<std::int64_t> places = Places();
      std::map<std::size_t, std::pair<Wide, Wide>> ties;  // amounts times places, and amounts
      for (const FlowRibbon& ribbon : made_.ribbons) {
        const std::size_t node = onward ? ribbon.to : ribbon.from;
        const std::size_t other = onward ? ribbon.from : ribbon.to;
        if (made_.nodes[node].column != column) continue;
        auto& [sum, weight] = ties[node];
        sum += Wide{ribbon.amount} * places[other];
        weight += ribbon.amount;
      }
      std::vector<std::pair<std::int64_t, std::size_t>> sorted;
      for (const std::size_t node : order_[column]) {
        const auto tied = ties.find(node);
        const std::int64_t middle = tied == ties.end()
                                        ? places[node]
                                        : static_cast<std::int64_t>(tied->second.first / tied->second.second);
        sorted.emplace_back(middle, node);
      }
      std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) {
        const FlowNode &left = made_.nodes[a.second], &right = made_.nodes[b.second];
        if ((left.others > 0) != (right.others > 0)) return right.others > 0;
        if (a.first != b.first) return a.first < b.first;
        return KeyOf(left.account) < KeyOf(right.account);
      });
      for (std::size_t place = 0; place < sorted.size(); ++place)
        order_[column][place] = sorted[place].second;
    }
  }

  // Of each node, the middle of its place in its column, of which the whole is kFine wide for each of the most nodes.
  std::vector<std::int64_t> Places() const {
    std::vector<std::int64_t> places(made_.nodes.size());
    for (const auto& order : order_) {
      for (std::size_t i = 0; i < order.size(); ++i)
        places[order[i]] = static_cast<std::int64_t>((2 * i + 1) * kMaxNodes * kFine / (2 * order.size()));
    }
    return places;
  }

  void Place(bool forward) {
    std::vector<Px> heights;
    for (const auto& order : order_) {
      Px height = -kGap;
      for (const std::size_t node : order) height += Slot(made_.nodes[node]) + kGap;
      heights.push_back(height);
      made_.height = std::max(made_.height, height);
    }
    made_.columns = order_.size();
    made_.width = static_cast<Px>(order_.size()) * kColumnWidth;
    for (std::size_t column = 0; column < order_.size(); ++column) {
      Px y = (made_.height - heights[column]) / 2;
      const std::size_t from_left = forward ? column : order_.size() - 1 - column;
      for (const std::size_t index : order_[column]) {
        FlowNode& node = made_.nodes[index];
        node.x = static_cast<Px>(from_left) * kColumnWidth;
        node.y = y + (Slot(node) - node.height) / 2;
        y += Slot(node) + kGap;
      }
    }
  }

  // The parts of each bar, and the ends of each ribbon: those of one bar in the order of what is on their other side.
  void Tile() {
    std::vector<Wide> left(made_.nodes.size()), right(made_.nodes.size());
    const auto take = [&](const FlowNode& node, Wide* so_far, std::int64_t amount) {
      const Px begin = Height(*so_far);
      *so_far += amount;
      return FlowNode::Part{node.y + begin, Height(*so_far) - begin};
    };
    const auto by_other_side = [&](bool to) {
      std::vector<FlowRibbon*> ribbons;
      for (FlowRibbon& ribbon : made_.ribbons) ribbons.push_back(&ribbon);
      std::stable_sort(ribbons.begin(), ribbons.end(), [&](const FlowRibbon* a, const FlowRibbon* b) {
        return made_.nodes[to ? a->to : a->from].y < made_.nodes[to ? b->to : b->from].y;
      });
      return ribbons;
    };
    for (FlowRibbon* ribbon : by_other_side(true)) {
      FlowNode& node = made_.nodes[ribbon->from];
      ribbon->at_from = take(node, &right[ribbon->from], ribbon->amount);
      node.parts.push_back(ribbon->at_from);
    }
    for (FlowRibbon* ribbon : by_other_side(false))
      ribbon->at_to = take(made_.nodes[ribbon->to], &left[ribbon->to], ribbon->amount);
    for (std::size_t i = 0; i < made_.nodes.size(); ++i) {
      FlowNode& node = made_.nodes[i];
      for (const auto& [kind, amount] : node.ends) node.parts.push_back(take(node, &right[i], amount));
      node.goes_on = static_cast<std::int64_t>(Wide{node.amount} - right[i]);
      if (node.goes_on > 0) node.parts.push_back(take(node, &right[i], node.goes_on));
      made_.goes_on = made_.goes_on || node.goes_on > 0;
    }
  }

  // The nodes in the order in which they stand.
  FlowLayout Sorted() {
    std::vector<std::size_t> place(made_.nodes.size());
    std::vector<FlowNode> nodes;
    for (const auto& order : order_) {
      for (const std::size_t node : order) {
        place[node] = nodes.size();
        nodes.push_back(std::move(made_.nodes[node]));
      }
    }
    made_.nodes = std::move(nodes);
    for (FlowRibbon& ribbon : made_.ribbons) {
      ribbon.from = place[ribbon.from];
      ribbon.to = place[ribbon.to];
    }
    std::sort(made_.ribbons.begin(), made_.ribbons.end(), [](const FlowRibbon& a, const FlowRibbon& b) {
      return std::tie(a.from, a.to) < std::tie(b.from, b.to);
    });
    return std::move(made_);
  }

  const std::int64_t asked_;
  FlowLayout made_;
  std::vector<std::vector<std::size_t>> order_;                  // by column, nodes from the top
  std::vector<std::map<v1::Account, std::size_t, ById>> index_;  // by column, the node of an account
};

}  // namespace

StatusOr<FlowLayout> LayOut(const v1::AssetTrace& trace, v1::Direction direction) {
  const bool forward = direction == v1::DIRECTION_FROM;
  FT_ASSIGN_OR_RETURN(const auto columns, Gather(trace, forward));
  return Layout(trace.asked()).Made(columns, trace, forward);
}

}  // namespace fundtrail::picture
