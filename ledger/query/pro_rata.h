// The second method beside first in, first out: in proportion. When an account pays, each part of what it holds leaves in
// proportion.
//
// The parts of an account are: each receipt of its own that some payment names, and all else that it holds. A payment that
// names receipts takes of them first, in the order in which it names them. The rest is divided among all parts by what each
// holds then: by largest remainder, and of equal remainders the earlier part gives first, all else before any receipt. What
// is taken of a part is the question's in the same proportion as the part is. There a half unit is the question's.
//
// Which parts give how much depends on no question. So the answers to two questions fit together but for units that were
// rounded. Within one answer nothing is lost: each unit that was asked about ends once.
#pragma once

#include "ledger/query/replay.h"

namespace fundtrail::query {

// So many parts are looked at for all payments together.
inline constexpr std::uint64_t kMaxPartsLookedAt = 20'000'000;

struct ProRataDraw {
  std::uint32_t part = 0;
  std::int64_t amount = 0;
};
struct ProRataDraws {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> of;  // by payment: its draws, first and end
  std::vector<ProRataDraw> draws;
  std::vector<std::uint32_t> part_of;  // by payment: the part that its receipt went to
  std::vector<std::uint32_t> account;  // by part
  std::vector<std::int64_t> held;      // by part, at the end
};

// In the order of the log. RESOURCE_EXHAUSTED when more than kMaxPartsLookedAt would be looked at.
StatusOr<ProRataDraws> DrawProRata(const Replay& replay, const GoOn& go_on);

// Where the money of the question is by these draws (forward), or where it came from (backward).
StatusOr<ReplayedSums> FollowProRata(const Replay& replay, const ProRataDraws& draws,
                                     const ReplayAsked& asked, bool forward, const GoOn& go_on);

}  // namespace fundtrail::query
