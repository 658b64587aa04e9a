// Whose the accounts are: an answer names many of them, and the next answer names many of the same.
#pragma once

#include <memory>
#include <string>

#include "ledger/query/view.h"
#include "ledger/query/walk_rows.h"
#include "ledger/store/notes.h"

namespace fundtrail::query {

// Reads what names an account, and its party. Where the view's rows keep notes (store/notes.h), each is decoded once for all
// questions. The view must outlive it.
class NameReader {
 public:
  explicit NameReader(const View& view)
      : view_(view),
        notes_(store::NotesOf(*view.rows)),
        names_(view, model::keys::AllOf(model::keys::kAccountNameTag)) {}

  // DATA_LOSS when it is missing, as of the party.
  StatusOr<std::shared_ptr<const v1::AccountName>> Name(model::AccountNumber account);
  // In the version that the view shows.
  StatusOr<std::shared_ptr<const v1::RegisterParty>> Party(const std::string& id);

 private:
  const View& view_;
  const store::Notes* const notes_;  // null where none are kept
  NearRows names_;
  std::uint64_t last_ = 0;  // the account that was read
};

}  // namespace fundtrail::query
