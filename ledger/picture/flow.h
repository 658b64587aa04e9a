// Where money went, or came from, as columns of bars with ribbons between them: each column is one hop, and money flows
// to the right.
#pragma once

#include <cstdint>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"
#include "ledger/picture/sheet.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

// An account that has no bar of its own.
struct Folded {
  std::uint32_t hop = 0;
  v1::Account account;
  std::int64_t amount = 0;
};

struct FlowPicture {
  Svg svg;
  Px width = 0, height = 0;
  std::vector<Folded> folded;  // for the table under the picture: a picture hides nobody
  bool goes_on = false;        // some of the money, behind the last column: the table has it too
};

// So many hops are worth asking for. More layers may be there.
inline constexpr std::uint32_t kFlowHops = 5;

// Each ribbon has data-hop, data-from and data-to: the hop that it leads to, and the ids of the parties that paid and
// received. A row of the table can have the same. Ribbons of folded accounts lack the ids. DATA_LOSS when the layers of
// the trace do not add up to what was asked, or are none.
StatusOr<FlowPicture> Flow(const v1::AssetTrace& trace, v1::Direction direction, const Caption& caption,
                           const Words& words = {});
// All of it but the picture itself, in a part of the time: for a page that shows it from its own file, and leaves room for it.
StatusOr<FlowPicture> MeasuredFlow(const v1::AssetTrace& trace, v1::Direction direction,
                                   const Caption& caption, const Words& words);

}  // namespace fundtrail::picture
