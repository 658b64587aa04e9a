// Reads the payments of a ledger for replay.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/query/replay.h"
#include "ledger/query/trace_start.h"
#include "ledger/query/walk.h"

namespace fundtrail::query {

// A ledger with more transfers is not replayed. Each takes some 150 bytes while the question lasts.
inline constexpr std::uint64_t kMaxReplayed = 500'000;

// Whether the ledger has more transfers than so many, as it stood after that record: found out without reading more of them.
StatusOr<bool> HasMoreTransfers(const View& view, std::optional<std::uint64_t> as_of, std::uint64_t than);

struct ReadReplay {
  Replay replay;
  std::vector<TransferRef> refs;               // by payment
  std::vector<model::AccountNumber> accounts;  // by the numbers of the replay
};

// All transfers that the walker sees, in the order of the log, with the receipts that their entries name. RESOURCE_EXHAUSTED when
// they are more than kMaxReplayed; DATA_LOSS where a payer does not hold what it pays.
StatusOr<ReadReplay> ReadForReplay(Walker* walker);
// What the question asks about, among them.
StatusOr<ReplayAsked> AskedInReplay(const ReadReplay& read, const std::vector<TraceStart>& asked);

}  // namespace fundtrail::query
