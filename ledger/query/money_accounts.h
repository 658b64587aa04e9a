// The accounts, parties and transfers of a ledger as a walk over all transfers has them (money_sums.h): by numbers, and without their
// texts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fundtrail/v1/account.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"
#include "ledger/model/rows.h"

namespace fundtrail::query {

// A party with what sums tell apart. It has no texts: there may be a million.
struct SummedParty {
  std::uint32_t number = 0;   // parties that have accounts, in the order of their ids
  std::uint32_t account = 0;  // one of its accounts, or of those under it: MoneyWalk::IdOf says whose it is
  v1::Role role = v1::ROLE_UNSPECIFIED;
  bool inferred = false;    // the role
  bool unrecorded = false;  // stands for an origin that nobody recorded
};

// Numbers of the walk, not of the ledger. The parties live as long as the walk.
struct SummedAccount {
  const SummedParty* party = nullptr;  // the account's own: its role says what moved and what is there
  const SummedParty* under = nullptr;  // where it counts: the party that stands for it, or itself
  std::uint32_t fund = 0, asset = 0;
  std::uint32_t project = 0;  // 0: none
  std::uint32_t body = 0;     // those that count under one party in one asset share it
};

struct SummedTransfer {
  TransferRef ref;
  model::TransferRow row;
  SummedAccount from, to;
  bool mints = false;  // a SOURCE's payment, of money that it brings in
};

struct WalkedAccount {
  Wide left = 0;  // what the transfers leave there
  std::uint32_t party = 0, fund = 0, asset = 0, project = 0, body = 0;
  bool named = false;  // there is such an account
  bool met = false;    // a transfer went to it, or from it
};

struct WalkedParty {
  SummedParty party;
  bool known = false;       // its role was read
  bool own = false;         // the account is its own
  std::uint32_t under = 0;  // where its accounts count: itself, or another one
};

struct WalkedAccounts {
  using Numbers = std::map<std::string, std::uint32_t, std::less<>>;
  std::vector<WalkedAccount> accounts;  // by their numbers
  std::vector<WalkedParty> parties;
  Numbers standing;  // the parties that stand for others
  Numbers funds, asset_numbers;
  std::vector<std::string> assets;
  std::uint32_t bodies = 0;
};

}  // namespace fundtrail::query
