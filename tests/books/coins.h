// The rules of money once more, as naively as can be: every cent is a coin that is followed by hand. No
// intervals, no holes, no indexes, so that it can share no mistake with ledger/books.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "fundtrail/v1/refusal.pb.h"

namespace fundtrail::testing {

struct Coin {
  std::uint64_t id = 0;
  bool drawn = false;
};
using AccountKey = std::tuple<std::string, std::string, std::string>;  // party, fund, asset
using RefKey = std::pair<std::uint64_t, std::uint32_t>;

struct CoinTransfer {
  AccountKey from;
  AccountKey to;
  std::vector<std::size_t> drawn;    // positions of the payer, in the order drawn
  std::vector<std::size_t> arrived;  // positions of the payee
  bool exchange = false;
};

struct CoinLedger {
  std::map<std::string, v1::Role> roles;
  std::map<AccountKey, std::vector<Coin>> lines;
  std::map<AccountKey, std::int64_t> minted;  // by sources
  std::map<RefKey, CoinTransfer> transfers;
  std::map<std::string, std::int64_t> made;  // coins of an asset: brought in by sources or by an exchange
  std::map<std::string, std::int64_t> gone;  // given away in an exchange
  std::uint64_t next_coin = 1;

  std::int64_t HeldBy(const AccountKey& account) const {
    std::int64_t held = 0;
    const auto line = lines.find(account);
    if (line == lines.end()) return 0;
    for (const Coin& coin : line->second) held += coin.drawn ? 0 : 1;
    return held;
  }

  // Applies a transfer whose names exist and whose fields fit its kind. Answers the refusal, or nothing.
  std::optional<v1::RefusalCode> Apply(RefKey self, const v1::Transfer& t) {
    const AccountKey from(t.from(), t.fund(), t.asset());
    const AccountKey to(t.to(), t.to_fund().empty() ? t.fund() : t.to_fund(),
                        t.to_asset().empty() ? t.asset() : t.to_asset());
    const bool back = t.kind() == v1::TRANSFER_KIND_RETURN || t.kind() == v1::TRANSFER_KIND_REVERSAL;
    CoinTransfer made_now{from, to, {}, {}, t.kind() == v1::TRANSFER_KIND_EXCHANGE};
    const auto amount = static_cast<std::size_t>(t.amount());
    std::vector<Coin>* own = nullptr;  // found once, since this is done for each coin
    const auto take = [&](std::size_t position) {
      if (own == nullptr) own = &lines[from];
      Coin& coin = (*own)[position];
      if (coin.drawn || made_now.drawn.size() == amount) return;
      coin.drawn = true;
      made_now.drawn.push_back(position);
    };
    const auto resolve = [&](const v1::TransferRef& ref) {
      return RefKey(ref.same_entry() ? self.first : ref.record(), ref.line());
    };

    if (roles.at(t.from()) == v1::ROLE_RECIPIENT && !back) return v1::REFUSAL_CODE_RECIPIENT_CANNOT_PAY;
    if (roles.at(t.from()) == v1::ROLE_SOURCE && !back) {
      std::vector<Coin>& line = lines[from];
      for (std::size_t i = 0; i < amount; ++i) {
        line.push_back({next_coin++, false});
        take(line.size() - 1);
      }
      minted[from] += t.amount();
      made[t.asset()] += t.amount();
    } else if (HeldBy(from) < t.amount()) {
      return v1::REFUSAL_CODE_INSUFFICIENT_FUNDS;
    } else if (back) {
      const auto returned = transfers.find(resolve(t.returns()));
      if (returned == transfers.end() || returned->second.to != from || returned->second.from != to ||
          returned->second.exchange) {
        return v1::REFUSAL_CODE_RETURN_UNKNOWN;
      }
      for (const std::size_t position : returned->second.arrived) take(position);
      if (made_now.drawn.size() < amount) return v1::REFUSAL_CODE_RETURN_SHORT;
    } else if (!t.draws().empty()) {
      for (const auto& ref : t.draws()) {
        const auto receipt = transfers.find(resolve(ref));
        if (receipt == transfers.end() || receipt->second.to != from) return v1::REFUSAL_CODE_EARMARK_UNKNOWN;
        for (const std::size_t position : receipt->second.arrived) take(position);
      }
      if (made_now.drawn.size() < amount) return v1::REFUSAL_CODE_EARMARK_SHORT;
    } else {
      const std::size_t all = lines[from].size();
      for (std::size_t position = 0; position < all; ++position) take(position);
    }

    std::vector<Coin>& theirs = lines[to];  // which may be its own
    if (made_now.exchange) {
      gone[t.asset()] += t.amount();
      made[t.to_asset()] += t.to_amount();
      for (std::int64_t i = 0; i < t.to_amount(); ++i) {
        made_now.arrived.push_back(theirs.size());
        theirs.push_back({next_coin++, false});
      }
    } else {
      const std::vector<Coin>& drawn_from = lines[from];
      for (const std::size_t position : made_now.drawn) {
        const std::uint64_t id = drawn_from[position].id;
        made_now.arrived.push_back(theirs.size());
        theirs.push_back({id, false});
      }
    }
    transfers[self] = made_now;
    return std::nullopt;
  }

  // What the ledger should say of it: neighbours drawn one after the other make one piece.
  v1::TransferOutcome Outcome(RefKey ref) const {
    const CoinTransfer& transfer = transfers.at(ref);
    v1::TransferOutcome outcome;
    outcome.set_to_position(static_cast<std::int64_t>(transfer.arrived.front()));
    for (std::size_t i = 0; i < transfer.drawn.size(); ++i) {
      if (i == 0 || transfer.drawn[i] != transfer.drawn[i - 1] + 1) {
        outcome.add_pieces()->set_from(static_cast<std::int64_t>(transfer.drawn[i]));
      }
      auto* piece = outcome.mutable_pieces(outcome.pieces_size() - 1);
      piece->set_length(piece->length() + 1);
    }
    return outcome;
  }
};

}  // namespace fundtrail::testing
