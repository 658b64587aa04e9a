// See group.h.
#include "ledger/intake/group.h"

#include "ledger/base/bytes.h"
#include "ledger/books/apply.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/bounds.h"
#include "ledger/model/entry.h"
#include "ledger/model/entry_form.h"

namespace fundtrail::intake {

namespace {

constexpr std::size_t kFieldOverhead = 4;  // tag and length of one embedded message

}  // namespace

std::size_t BytesInGroup(const v1::Action& action) { return action.ByteSizeLong() + kFieldOverhead; }

v1::Entry EmptyEntry(const Target& target, const std::string& author, Date date,
                     const crypto::PublicKey& signer) {
  v1::Entry entry;
  entry.set_ledger(target.name());
  entry.set_author(author);
  entry.set_id(std::string(model::kEntryIdBytes, '\1'));
  entry.set_date(ToString(date));
  entry.add_signers(std::string(signer.view()));
  return entry;
}

Status TryAction(const Target& target, const v1::Entry& empty, const v1::Action& action, Date date,
                 const crypto::PublicKey& signer, store::Overlay* trial) {
  v1::Entry alone = empty;
  *alone.add_actions() = action;
  FT_RETURN_IF_ERROR(model::CheckEntry(alone));
  store::Overlay changes(static_cast<const store::Reader&>(*trial));
  FT_ASSIGN_OR_RETURN(const auto version, books::RulesInForce(changes));
  FT_ASSIGN_OR_RETURN(const auto rules, books::FindRules(books::KnownRules(), version));
  const books::Moment moment{RecordIndex(target.size()), date, rules};
  FT_RETURN_IF_ERROR(books::ApplyActions(&changes, moment, alone, 0, {signer}).status());
  changes.MergeInto(trial);
  return absl::OkStatus();
}

StatusOr<bool> AppendGroup(Target* target, std::string_view domain, const crypto::SigningKey& key,
                           v1::Entry* entry) {
  Bytes text(domain);
  for (const auto& action : entry->actions()) text += model::SerialiseDeterministic(action);
  AppendBigEndian64(&text, target->size());
  entry->set_id(Bytes(crypto::Sha256(text).view().substr(0, model::kEntryIdBytes)));
  FT_ASSIGN_OR_RETURN(const auto signed_entry, model::SignEntry(*entry, key));
  FT_ASSIGN_OR_RETURN(const auto receipt, target->Append(model::SerialiseDeterministic(signed_entry)));
  return receipt.repeated;
}

}  // namespace fundtrail::intake
