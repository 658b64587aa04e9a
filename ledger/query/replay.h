// The payments of a ledger once more, by another rule or in another order: which receipts each of them spends, and where the
// money of a question is then. Numbers alone: replay_read.h reads them from a ledger.
//
// A receipt is the money that one payment brought, and has the number of that payment. What is spent of it is always its
// lowest units. So what is left of it is one stretch at its end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::query {

struct ReplayedTransfer {
  std::uint32_t from = 0, to = 0;                // accounts, numbered from 0
  std::int64_t amount = 0;                       // that is paid
  std::int64_t to_amount = 0;                    // that is received: equals `amount` but for an exchange
  std::uint32_t first_named = 0, named_end = 0;  // of Replay::named
  std::int32_t day = 0;                          // the value date, in days since 1970-01-01
  std::int32_t month = 0;                        // the same, in months since the year 0
  bool mints = false;                            // the payer is a SOURCE, and brings the money in
  bool exchange = false;
};

// In the order of the log. Each payer holds what it pays, in that order. A receipt that is named came earlier, to the payer.
struct Replay {
  std::vector<ReplayedTransfer> transfers;
  std::vector<std::uint32_t> named;  // the receipts that payments name, as earmarks or to send them back
  std::uint32_t accounts = 0;

  std::span<const std::uint32_t> NamedBy(const ReplayedTransfer& transfer) const {
    return {named.data() + transfer.first_named, named.data() + transfer.named_end};
  }
};

// Asked from time to time; an error ends the work.
using GoOn = std::function<Status()>;

// Which payments a question asks about, each once. Their receipts are the question's money. Forward, what a SOURCE minted is
// that too, where its payment is an exchange: `minted` has those.
struct ReplayAsked {
  std::vector<bool> receipts, minted;  // by payment
};

enum class ReplayEnd : std::uint8_t { kLies, kExchanged, kMinted };  // where nothing else became of it

// Of each account, in its own asset.
struct ReplayedSums {
  std::map<std::pair<ReplayEnd, std::uint32_t>, std::int64_t> ends;
  std::map<std::uint32_t, std::int64_t> asked;  // each unit once
  std::map<std::uint32_t, std::int64_t>
      receipts;  // all that was asked about: `asked`, and what came round again

  void Add(ReplayEnd end, std::uint32_t account, std::int64_t amount) {
    if (amount != 0) ends[{end, account}] += amount;  // each unit ends once: no more than what came in
  }
  friend bool operator==(const ReplayedSums&, const ReplayedSums&) = default;
};

// How long payments are taken to be of one time, by value date.
enum class ReplayWindow : std::uint8_t { kDay, kWeek, kMonth };

// Another order of the payments: each run of them that stand side by side and have value dates in one window is turned
// round. A payment that its payer cannot make yet waits until it can. A run that cannot be made so is cut in two halves, and
// each is turned round by itself.
StatusOr<std::vector<std::uint32_t>> TurnedRound(const Replay& replay, ReplayWindow window,
                                                 const GoOn& go_on);

// What each payment spends, first in, first out, in that order: what it names first, and then the lowest receipts. In the order
// of the log it spends what the ledger's own pieces say.
struct ReplayedPiece {
  std::uint32_t receipt = 0;
  std::int64_t from = 0, amount = 0;  // units of it
};
struct FifoDraws {
  std::vector<std::uint32_t> order;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> of;  // by payment: its pieces, first and end
  std::vector<ReplayedPiece> pieces;
  std::vector<std::int64_t> left;  // of each receipt
};
StatusOr<FifoDraws> DrawFifo(const Replay& replay, std::vector<std::uint32_t> order, const GoOn& go_on);

// Where the money of the question is by these draws (forward), or where it came from (backward).
StatusOr<ReplayedSums> FollowFifo(const Replay& replay, const FifoDraws& draws, const ReplayAsked& asked,
                                  bool forward, const GoOn& go_on);

}  // namespace fundtrail::query
