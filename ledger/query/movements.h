// What an account received and paid, one movement after another: what balances and statements are made of.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/query/view.h"

namespace fundtrail::query {

struct Movement {
  model::AccountNumber account;
  TransferRef ref;
  bool incoming = false;
  bool mints = false;  // a SOURCE's payment out, of money that it brings in
  model::StatementRow row;

  // Where it stands among those of its account. One transfer from an account to itself is two: out, then in.
  using Place = std::pair<TransferRef, bool>;
  Place place() const { return {ref, incoming}; }
  // Its row's key.
  Bytes key() const {
    return model::keys::Statement(account, ref, incoming ? model::Side::kIn : model::Side::kOut);
  }
  // What it changes in what the account holds.
  std::int64_t change() const { return mints ? 0 : incoming ? row.amount.value() : -row.amount.value(); }
};

// Which of them: after a place in the order, and those that there were after a record.
struct MovementRange {
  std::optional<Movement::Place> after;
  std::optional<std::uint64_t> as_of;
};

// In the order of the log, until `take` answers false: then it answers so itself.
StatusOr<bool> EachMovement(const View& view, model::AccountNumber account, const MovementRange& range,
                            const std::function<StatusOr<bool>(const Movement&)>& take);

// DATA_LOSS: with this movement the account would have had more than an account can have.
Status TooMuch(const Movement& movement);
// OUT_OF_RANGE when the ledger has no such record yet.
Status CheckAsOf(const View& view, std::optional<std::uint64_t> as_of);
// The party's accounts, of one fund when `fund` is not empty. NOT_FOUND when there is no such party or fund.
StatusOr<std::vector<model::AccountNumber>> AccountsAsked(const View& view, std::string_view party,
                                                          std::string_view fund);

}  // namespace fundtrail::query
