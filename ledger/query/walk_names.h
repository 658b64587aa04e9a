// Whose the accounts are: an answer names many of them, and the next answer names many of the same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "ledger/query/view.h"
#include "ledger/query/walk_rows.h"
#include "ledger/store/notes.h"

namespace fundtrail::query {

// An account as answers show it, and the role of its party.
struct NamedAccount {
  v1::Account account;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  bool inferred = false;  // the role
};

// Reads whose an account is. Where the view's rows keep notes (store/notes.h), each account and each party is decoded once for all
// questions. One question's. The view must outlive it.
class NameReader {
 public:
  explicit NameReader(const View& view)
      : view_(view),
        notes_(store::NotesOf(*view.rows)),
        names_(view, model::keys::AllOf(model::keys::kAccountNameTag)) {}

  // With its party in the version that the view shows. DATA_LOSS when the account is missing, or its party or asset.
  StatusOr<std::shared_ptr<const NamedAccount>> Account(model::AccountNumber account);

 private:
  StatusOr<std::shared_ptr<const v1::RegisterParty>> Party(const std::string& id);
  StatusOr<std::uint32_t> DecimalsOf(const std::string& asset);

  const View& view_;
  const store::Notes* const notes_;  // null where none are kept
  NearRows names_;
  std::uint64_t last_ = 0;                                    // the account that was read
  absl::flat_hash_map<std::string, std::uint32_t> decimals_;  // of an asset
};

}  // namespace fundtrail::query
