// See pro_rata.h.
#include "ledger/query/pro_rata.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/query/apportion.h"

namespace fundtrail::query {
namespace {

// How much of `taken` is the question's, where so much of `whole` is. A half unit is.
std::int64_t ShareOf(std::int64_t taken, std::int64_t of_it, std::int64_t whole) {
  if (of_it == 0 || taken == 0) return 0;
  const Wide product = Wide{taken} * of_it;
  const Wide rest = product % whole;
  return static_cast<std::int64_t>(product / whole) + (rest > 0 && rest >= whole - rest ? 1 : 0);
}

class ProRataDrawer {
 public:
  ProRataDrawer(const Replay& replay, const GoOn& go_on) : replay_(replay), go_on_(go_on) {}

  StatusOr<ProRataDraws> Run() {
    NameParts();
    draws_.of.reserve(replay_.transfers.size());
    for (std::uint32_t at = 0; at < replay_.transfers.size(); ++at) {
      FT_RETURN_IF_ERROR(go_on_());
      const ReplayedTransfer& transfer = replay_.transfers[at];
      const auto begin = static_cast<std::uint32_t>(draws_.draws.size());
      if (!transfer.mints) FT_RETURN_IF_ERROR(Pay(transfer));
      draws_.of.emplace_back(begin, static_cast<std::uint32_t>(draws_.draws.size()));
      const std::uint32_t part = draws_.part_of[at];
      draws_.held[part] += transfer.to_amount;
      if (part >= replay_.accounts) receipts_[transfer.to].push_back(part);
    }
    return std::move(draws_);
  }

 private:
  // A part for each account, and one for each receipt that is named.
  void NameParts() {
    std::vector<bool> named(replay_.transfers.size());
    for (const std::uint32_t receipt : replay_.named) named[receipt] = true;
    draws_.account.resize(replay_.accounts);
    for (std::uint32_t account = 0; account < replay_.accounts; ++account) draws_.account[account] = account;
    for (std::uint32_t at = 0; at < replay_.transfers.size(); ++at) {
      const std::uint32_t to = replay_.transfers[at].to;
      draws_.part_of.push_back(named[at] ? static_cast<std::uint32_t>(draws_.account.size()) : to);
      if (named[at]) draws_.account.push_back(to);
    }
    draws_.held.resize(draws_.account.size());
    receipts_.resize(replay_.accounts);
  }

  Status Pay(const ReplayedTransfer& transfer) {
    std::int64_t due = transfer.amount;
    for (const std::uint32_t receipt : replay_.NamedBy(transfer)) {
      const std::uint32_t part = draws_.part_of[receipt];
      const std::int64_t taken = std::min(due, draws_.held[part]);
      Take(part, taken);
      due -= taken;
    }
    std::vector<std::uint32_t>& receipts = receipts_[transfer.from];
    std::erase_if(receipts, [this](std::uint32_t part) { return draws_.held[part] == 0; });
    looked_at_ += receipts.size();
    if (looked_at_ > kMaxPartsLookedAt)
      return absl::ResourceExhaustedError(absl::StrCat(
          "pro rata: more than ", kMaxPartsLookedAt,
          " parts of accounts would be looked at, since payments name so many receipts: ask without it"));
    if (due == 0) return absl::OkStatus();
    if (receipts.empty()) {
      Take(transfer.from, due);
      return absl::OkStatus();
    }
    std::vector<std::int64_t> weights{draws_.held[transfer.from]};
    for (const std::uint32_t part : receipts) weights.push_back(draws_.held[part]);
    const std::vector<std::int64_t> taken = Apportion(due, weights);
    Take(transfer.from, taken[0]);
    for (std::size_t i = 0; i < receipts.size(); ++i) Take(receipts[i], taken[i + 1]);
    return absl::OkStatus();
  }

  void Take(std::uint32_t part, std::int64_t amount) {
    if (amount == 0) return;
    draws_.held[part] -= amount;
    draws_.draws.push_back({part, amount});
  }

  const Replay& replay_;
  const GoOn& go_on_;
  ProRataDraws draws_;
  std::vector<std::vector<std::uint32_t>> receipts_;  // of an account: its parts that are named and not empty
  std::uint64_t looked_at_ = 0;
};

class ProRataFollower {
 public:
  ProRataFollower(const Replay& replay, const ProRataDraws& draws, const ReplayAsked& asked,
                  const GoOn& go_on)
      : replay_(replay), draws_(draws), asked_(asked), go_on_(go_on), marked_(draws.held.size()) {}

  StatusOr<ReplayedSums> Forward() {
    held_.resize(draws_.held.size());
    for (std::uint32_t at = 0; at < replay_.transfers.size(); ++at) {
      FT_RETURN_IF_ERROR(go_on_());
      const ReplayedTransfer& transfer = replay_.transfers[at];
      if (asked_.minted[at]) {
        sums_.asked[transfer.from] += transfer.amount;
        sums_.receipts[transfer.from] += transfer.amount;
        sums_.Add(ReplayEnd::kExchanged, transfer.from, transfer.amount);
      }
      std::int64_t moved = 0;
      for (std::uint32_t i = draws_.of[at].first; i < draws_.of[at].second; ++i) {
        const auto& [part, amount] = draws_.draws[i];
        const std::int64_t share = ShareOf(amount, marked_[part], held_[part]);
        marked_[part] -= share;
        held_[part] -= amount;
        moved += share;
      }
      if (transfer.exchange) {
        sums_.Add(ReplayEnd::kExchanged, transfer.from, moved);
        moved = 0;
      }
      const std::uint32_t part = draws_.part_of[at];
      held_[part] += transfer.to_amount;
      marked_[part] += Asked(at, moved);
    }
    for (std::size_t part = 0; part < marked_.size(); ++part)
      sums_.Add(ReplayEnd::kLies, draws_.account[part], marked_[part]);
    return std::move(sums_);
  }

  StatusOr<ReplayedSums> Backward() {
    held_ = draws_.held;
    for (auto at = static_cast<std::uint32_t>(replay_.transfers.size()); at-- > 0;) {
      FT_RETURN_IF_ERROR(go_on_());
      const ReplayedTransfer& transfer = replay_.transfers[at];
      const std::uint32_t to = draws_.part_of[at];
      const std::int64_t came = ShareOf(transfer.to_amount, marked_[to], held_[to]);
      marked_[to] -= came;
      held_[to] -= transfer.to_amount;
      const std::int64_t wanted = Asked(at, came);
      if (transfer.exchange) sums_.Add(ReplayEnd::kExchanged, transfer.to, wanted);
      if (transfer.mints && !transfer.exchange) sums_.Add(ReplayEnd::kMinted, transfer.from, wanted);
      std::vector<std::int64_t> weights;
      for (std::uint32_t i = draws_.of[at].first; i < draws_.of[at].second; ++i)
        weights.push_back(draws_.draws[i].amount);
      const std::vector<std::int64_t> shares = Apportion(transfer.exchange ? 0 : wanted, weights);
      for (std::uint32_t i = 0; i < shares.size(); ++i) {
        const auto& [part, amount] = draws_.draws[draws_.of[at].first + i];
        held_[part] += amount;
        marked_[part] += shares[i];
      }
    }
    return std::move(sums_);
  }

 private:
  // All of the receipt where it is asked about; else what of it is the question's already.
  std::int64_t Asked(std::uint32_t at, std::int64_t marked) {
    if (!asked_.receipts[at]) return marked;
    const ReplayedTransfer& transfer = replay_.transfers[at];
    sums_.asked[transfer.to] += transfer.to_amount - marked;
    sums_.receipts[transfer.to] += transfer.to_amount;
    return transfer.to_amount;
  }

  const Replay& replay_;
  const ProRataDraws& draws_;
  const ReplayAsked& asked_;
  const GoOn& go_on_;
  std::vector<std::int64_t> held_, marked_;  // of each part: what it holds, and what of it is the question's
  ReplayedSums sums_;
};

}  // namespace

StatusOr<ProRataDraws> DrawProRata(const Replay& replay, const GoOn& go_on) {
  return ProRataDrawer(replay, go_on).Run();
}

StatusOr<ReplayedSums> FollowProRata(const Replay& replay, const ProRataDraws& draws,
                                     const ReplayAsked& asked, bool forward, const GoOn& go_on) {
  ProRataFollower follower(replay, draws, asked, go_on);
  return forward ? follower.Forward() : follower.Backward();
}

}  // namespace fundtrail::query
