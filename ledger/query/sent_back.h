// What of the money that one payment brought was sent back.
#pragma once

#include <optional>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/view.h"
#include "ledger/query/walk_pieces.h"

namespace fundtrail::query {

// How many of the transfers that sent back an answer names. The sums are of all of them.
inline constexpr int kMaxBackTransfers = 20;

// The RETURNs and REVERSALs of that transfer, as of the view's record where it has one. Nothing when there is none.
// `ref` names a transfer that there is: DATA_LOSS else. It reads the pieces that left the receipt, so it takes as long as
// the money went many ways. `out`: reads where positions of the view went.
StatusOr<std::optional<v1::SentBack>> SentBackOf(const View& view, TransferRef ref, PieceReader* out);

}  // namespace fundtrail::query
