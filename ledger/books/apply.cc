// See apply.h.
#include "ledger/books/apply.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/books/acknowledgements.h"
#include "ledger/books/attestations.h"
#include "ledger/books/authority.h"
#include "ledger/books/genesis.h"
#include "ledger/books/grants.h"
#include "ledger/books/money/transfer.h"
#include "ledger/books/references.h"
#include "ledger/books/registers.h"
#include "ledger/books/root.h"
#include "ledger/books/state.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/entry.h"
#include "ledger/model/refusal.h"

namespace fundtrail::books {

using model::Refuse;

namespace {

// Record 0 begins with genesis, signed by enough of the root keys that it names.
Status CheckGenesis(const v1::Entry& entry, const std::vector<crypto::PublicKey>& signers) {
  if (entry.actions(0).action_case() != v1::Action::kGenesis) {
    return Refuse(v1::REFUSAL_CODE_GENESIS_MISPLACED, "actions[0]",
                  "the first record of a ledger begins with genesis");
  }
  const v1::Genesis& genesis = entry.actions(0).genesis();
  if (entry.author() != genesis.root_party()) {
    return Refuse(v1::REFUSAL_CODE_KEY_NOT_AUTHORISED, "author", "the author of genesis is the root party");
  }
  std::uint32_t signed_by = 0;
  for (const auto& key : genesis.root_keys()) {
    signed_by += std::any_of(signers.begin(), signers.end(),
                             [&](const crypto::PublicKey& signer) { return signer.view() == key; });
  }
  if (signed_by < genesis.threshold()) {
    return Refuse(v1::REFUSAL_CODE_QUORUM_MISSING, "signatures",
                  absl::StrCat(signed_by, " root key(s) signed genesis, and ", genesis.threshold(), " must"));
  }
  return absl::OkStatus();
}

Status CheckAuthor(const store::Reader& state, const v1::Entry& entry, Authority* authority) {
  FT_ASSIGN_OR_RETURN(const auto genesis, authority->items().Genesis(state));
  if (entry.ledger() != genesis->ledger()) {
    return Refuse(v1::REFUSAL_CODE_WRONG_LEDGER, "ledger",
                  absl::StrCat("the entry is for ", entry.ledger(), " and this is ", genesis->ledger()));
  }
  FT_RETURN_IF_ERROR(FindParty(state, &authority->items(), entry.author(), "author").status());
  return authority->Require(entry.author(), v1::PERMISSION_UNSPECIFIED, "author");
}

Status ApplyAction(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                   const v1::Action& action, Authority* authority, const std::string& at, std::uint32_t place,
                   std::uint32_t lines_before, v1::Outcome* outcome) {
  const RecordIndex record = moment.record;
  switch (action.action_case()) {
    case v1::Action::kGenesis:
      return ApplyGenesis(state, entry.ledger(), action.genesis());
    case v1::Action::kAuthoriseKey:
      return ApplyAuthoriseKey(state, record, action.authorise_key(), authority, at + ".authorise_key");
    case v1::Action::kRevokeKey:
      return ApplyRevokeKey(state, record, action.revoke_key(), authority, at + ".revoke_key");
    case v1::Action::kRotateLedgerKey:
      return ApplyRotateLedgerKey(state, record, entry.ledger(), action.rotate_ledger_key(), authority,
                                  at + ".rotate_ledger_key");
    case v1::Action::kChangeRoot:
      return ApplyChangeRoot(state, record, action.change_root(), authority, at + ".change_root");
    case v1::Action::kAdoptRules:
      return ApplyAdoptRules(state, record, action.adopt_rules(), authority, at + ".adopt_rules");
    case v1::Action::kEndItem:
      return ApplyEndItem(state, moment, action, authority, at, place);
    case v1::Action::kTransfer: {
      const TransferRef ref{record, lines_before + static_cast<std::uint32_t>(outcome->transfers_size()) + 1};
      FT_ASSIGN_OR_RETURN(const Date date, model::ValueDate(entry, action.transfer()));
      FT_ASSIGN_OR_RETURN(*outcome->add_transfers(), ApplyTransfer(state, moment, ref, action.transfer(),
                                                                   date, authority, at + ".transfer"));
      return absl::OkStatus();
    }
    case v1::Action::kAcknowledge:
      return ApplyAcknowledge(state, moment, entry, action, authority, at, place);
    default:  // of a register, or about an item of one: model::CheckEntry lets no other through
      if (model::FindAttestation(action.action_case()) != nullptr)
        return ApplyAttestation(state, moment, entry, action, authority, at, place);
      return ApplyRegister(state, moment, action, authority, at, place);
  }
}

// What of the entry was applied before.
struct Before {
  std::uint32_t actions = 0, lines = 0;
};

StatusOr<v1::Outcome> ApplyEach(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                                const Before& before, Authority* authority) {
  v1::Outcome outcome;
  for (int i = 0; i < entry.actions_size(); ++i) {
    const std::string at = absl::StrCat("actions[", i, "]");
    const v1::Action& action = entry.actions(i);
    if (action.action_case() == v1::Action::kGenesis && (moment.record != RecordIndex(0) || i > 0)) {
      return Refuse(v1::REFUSAL_CODE_GENESIS_MISPLACED, at,
                    "genesis is the first action of record 0, and of no other record");
    }
    FT_RETURN_IF_ERROR(ApplyAction(state, moment, entry, action, authority, at,
                                   before.actions + static_cast<std::uint32_t>(i), before.lines, &outcome));
  }
  return outcome;
}

}  // namespace

StatusOr<v1::Outcome> Apply(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                            const std::vector<crypto::PublicKey>& signers, Items* items) {
  Authority authority(*state, signers, items);
  if (moment.record == RecordIndex(0)) {
    FT_RETURN_IF_ERROR(CheckGenesis(entry, signers));
  } else {
    FT_RETURN_IF_ERROR(CheckAuthor(*state, entry, &authority));
  }
  return ApplyEach(state, moment, entry, {}, &authority);
}

StatusOr<v1::Outcome> ApplyActions(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                                   std::uint32_t lines_before,
                                   const std::vector<crypto::PublicKey>& signers) {
  Authority authority(*state, signers);
  return ApplyEach(state, moment, entry, {.actions = 0, .lines = lines_before}, &authority);
}

Status GrowingEntry::CheckHead(const v1::Entry& head) { return CheckAuthor(kept_, head, &*authority_); }

StatusOr<const v1::Outcome*> GrowingEntry::Try(const v1::Entry& more) {
  kept_.Try();
  auto outcome = ApplyEach(&kept_, moment_, more, {actions_, lines()}, &*authority_);
  if (!outcome.ok()) {
    Drop();
    return outcome.status();
  }
  tried_outcome_ = *std::move(outcome);
  tried_actions_ = static_cast<std::uint32_t>(more.actions_size());
  return &tried_outcome_;
}

void GrowingEntry::Keep() {
  kept_.Keep();
  for (auto& transfer : *tried_outcome_.mutable_transfers()) *outcome_.add_transfers() = std::move(transfer);
  tried_outcome_.Clear();
  actions_ += std::exchange(tried_actions_, 0);
}

// What it read of the rows that are dropped it must not go on believing.
void GrowingEntry::Drop() {
  kept_.TakeBack();
  tried_outcome_.Clear();
  tried_actions_ = 0;
  authority_.emplace(kept_, signers_, items_);
}

}  // namespace fundtrail::books
