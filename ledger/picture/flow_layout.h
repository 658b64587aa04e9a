// Where the parts of a flow picture stand. A column is a hop and a node is an account at a hop. Money that circles is
// drawn where it is, in another column each time, so there is no circle to draw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"
#include "ledger/picture/svg.h"

namespace fundtrail::picture {

// More columns and more nodes a column nobody can read. What comes after the last column goes on from there, and of
// more nodes the smallest are one.
inline constexpr std::size_t kMaxColumns = 6, kMaxNodes = 12;

struct FlowNode {
  std::size_t column = 0;  // its hop
  v1::Account account;     // of a folded node: empty
  std::size_t others = 0;  // how many accounts are folded in it; 0: it is one account
  std::int64_t amount = 0;
  std::map<v1::EndKind, std::int64_t> ends;
  std::int64_t goes_on = 0;  // to hops that are not drawn
  // Left and top of its bar.
  Px x = 0, y = 0;
  Px height = 0;
  // Where the bar's parts end, from the top: what moved on to each ribbon, then each of `ends`, then what goes on.
  struct Part {
    Px y = 0, height = 0;
  };
  std::vector<Part> parts;
};

// What went from a node to one of the next column (backward: what came from it).
struct FlowRibbon {
  std::size_t from = 0, to = 0;  // nodes, in the order in which the trace meets them
  std::int64_t amount = 0;
  FlowNode::Part at_from, at_to;
};

struct FlowLayout {
  std::vector<FlowNode> nodes;  // column by column, each from the top
  std::vector<FlowRibbon> ribbons;
  std::vector<FlowNode> folded;  // the accounts that are folded: without a place
  std::size_t columns = 0;
  Px width = 0, height = 0;
  bool goes_on = false;  // some of it, behind the last column
};

inline constexpr Px kBarWidth = Pixels(14), kColumnWidth = Pixels(224);

// DATA_LOSS when the layers do not add up to what was asked, or are none: then nothing is drawn.
StatusOr<FlowLayout> LayOut(const v1::AssetTrace& trace, v1::Direction direction);

}  // namespace fundtrail::picture
