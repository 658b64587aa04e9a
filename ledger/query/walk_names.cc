// See walk_names.h.
#include "ledger/query/walk_names.h"

#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

class PartyNote final : public store::Note {
 public:
  explicit PartyNote(v1::RegisterParty read) : party(std::move(read)) {}
  std::size_t bytes() const override { return sizeof *this + party.SpaceUsedLong(); }
  const v1::RegisterParty party;
};

// On the row of the account's name. What it says of the party and of the asset holds only while these say the same.
class AccountNote final : public store::Note {
 public:
  explicit AccountNote(NamedAccount read) : named(std::move(read)) {}
  std::size_t bytes() const override { return sizeof *this + named.account.SpaceUsedLong(); }
  bool Holds(const v1::RegisterParty& party, std::uint32_t decimals) const {
    return named.account.party_name() == party.name() && named.role == party.role() &&
           named.inferred == party.role_inferred() && named.account.decimals() == decimals;
  }
  const NamedAccount named;
};

}  // namespace

StatusOr<std::shared_ptr<const NamedAccount>> NameReader::Account(model::AccountNumber account) {
  const Bytes key = keys::AccountName(account);
  if (notes_ != nullptr) {
    const auto known = std::static_pointer_cast<const AccountNote>(notes_->Find(key));
    if (known != nullptr) {
      FT_ASSIGN_OR_RETURN(const auto party, Party(known->named.account.party()));
      FT_ASSIGN_OR_RETURN(const auto decimals, DecimalsOf(known->named.account.asset()));
      if (known->Holds(*party, decimals)) return std::shared_ptr<const NamedAccount>(known, &known->named);
    }
  }
  FT_ASSIGN_OR_RETURN(const auto row, names_.Get(key, AreNear(account.value(), last_)));
  if (!row.has_value()) return model::Damaged(key, "is missing");
  last_ = account.value();
  FT_ASSIGN_OR_RETURN(const auto name, model::DecodeMessage<v1::AccountName>(key, *row));
  FT_ASSIGN_OR_RETURN(const auto party, Party(name.party()));
  FT_ASSIGN_OR_RETURN(const auto decimals, DecimalsOf(name.asset()));
  const auto note = std::make_shared<const AccountNote>(
      NamedAccount{Described(name, *party, decimals), party->role(), party->role_inferred()});
  if (notes_ != nullptr) notes_->KeepOfRow(key, note);
  return std::shared_ptr<const NamedAccount>(note, &note->named);
}

StatusOr<std::shared_ptr<const v1::RegisterParty>> NameReader::Party(const std::string& id) {
  // Of an older version the row of the present one says nothing.
  const bool is_noted = notes_ != nullptr && !view_.as_of.has_value();
  const Bytes key = keys::Party(id);
  auto note = is_noted ? std::static_pointer_cast<const PartyNote>(notes_->Find(key)) : nullptr;
  if (note == nullptr) {
    FT_ASSIGN_OR_RETURN(auto party, NeedParty(view_, id));
    note = std::make_shared<const PartyNote>(std::move(party));
    if (is_noted) notes_->KeepOfRow(key, note);
  }
  return std::shared_ptr<const v1::RegisterParty>(note, &note->party);
}

StatusOr<std::uint32_t> NameReader::DecimalsOf(const std::string& asset) {
  const auto found = decimals_.find(asset);
  if (found != decimals_.end()) return found->second;
  FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view_, asset));
  decimals_.emplace(asset, declared.decimals());
  return declared.decimals();
}

}  // namespace fundtrail::query
