// See state.h.
#include "ledger/books/state.h"

#include "absl/strings/str_cat.h"
#include "ledger/model/entry.h"

namespace fundtrail::books {

namespace keys = model::keys;

template <typename Message>
StatusOr<std::optional<Message>> GetMessage(const store::Reader& state, const Bytes& key) {
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<Message>();
  Message message;
  if (!message.ParseFromString(*bytes)) {
    return absl::DataLossError(
        absl::StrCat("the store is damaged: ", keys::Describe(key), " cannot be read"));
  }
  return std::optional<Message>(std::move(message));
}
template StatusOr<std::optional<v1::GenesisRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::PartyRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::GrantRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::AssetRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::FundRow>> GetMessage(const store::Reader&, const Bytes&);

StatusOr<std::optional<v1::GenesisRow>> GetGenesis(const store::Reader& state) {
  return GetMessage<v1::GenesisRow>(state, keys::Genesis());
}

StatusOr<std::uint64_t> CountRootKeys(const store::Reader& state) {
  std::uint64_t count = 0;
  const Bytes grants = keys::AllOf(keys::kGrantTag);
  const auto cursor = state.Scan(grants, store::PrefixEnd(grants));
  for (; cursor->Valid(); cursor->Next()) {
    v1::GrantRow row;
    if (row.ParseFromString(Bytes(cursor->value())) && row.root()) ++count;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return count;
}

StatusOr<model::LedgerKeys> GetLedgerKeys(const store::Reader& state) {
  model::LedgerKeys all;
  const Bytes tag = keys::AllOf(keys::kLedgerKeyTag);
  const auto cursor = state.Scan(tag, store::PrefixEnd(tag));
  for (; cursor->Valid(); cursor->Next()) {
    if (cursor->key().size() != 9)
      return absl::DataLossError(
          absl::StrCat("the store is damaged: ", keys::Describe(cursor->key()), " is no key of a row"));
    FT_ASSIGN_OR_RETURN(const auto row, model::DecodeLedgerKeyRow(cursor->value()));
    all.push_back({keys::RecordOfLedgerKey(cursor->key()), row});
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return all;
}

StatusOr<std::optional<v1::PartyRow>> GetParty(const store::Reader& state, std::string_view party) {
  return GetMessage<v1::PartyRow>(state, keys::Party(party));
}

StatusOr<std::optional<model::TransferRow>> GetTransfer(const store::Reader& state, TransferRef ref) {
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(keys::Transfer(ref)));
  if (!bytes.has_value()) return std::optional<model::TransferRow>();
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(*bytes));
  return std::optional<model::TransferRow>(row);
}

StatusOr<std::optional<model::AccountNumber>> FindAccount(const store::Reader& state, std::string_view party,
                                                          std::string_view fund, std::string_view asset) {
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(keys::AccountByName(party, fund, asset)));
  if (!bytes.has_value()) return std::optional<model::AccountNumber>();
  FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(*bytes));
  return std::optional<model::AccountNumber>(model::AccountNumber(number));
}

StatusOr<model::AccountState> GetAccountState(const store::Reader& state, model::AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(keys::AccountState(account)));
  if (!bytes.has_value()) return model::AccountState();
  return model::DecodeAccountState(*bytes);
}

void PutMessage(store::Overlay* state, Bytes key, const google::protobuf::Message& message) {
  state->Put(std::move(key), model::SerialiseDeterministic(message));
}

}  // namespace fundtrail::books
