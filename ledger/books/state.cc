// See state.h.
#include "ledger/books/state.h"

#include "ledger/model/entry.h"

namespace fundtrail::books {

namespace keys = model::keys;

template <typename Message>
StatusOr<std::optional<Message>> GetMessage(const store::Reader& state, const Bytes& key) {
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<Message>();
  FT_ASSIGN_OR_RETURN(auto message, model::DecodeMessage<Message>(key, *bytes));
  return std::optional<Message>(std::move(message));
}
template StatusOr<std::optional<v1::GenesisRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::PartyRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::GrantRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::AssetRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::FundRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::AccountName>> GetMessage(const store::Reader&, const Bytes&);

StatusOr<std::optional<v1::GenesisRow>> GetGenesis(const store::Reader& state) {
  return GetMessage<v1::GenesisRow>(state, keys::Genesis());
}

StatusOr<v1::GenesisRow> NeedGenesis(const store::Reader& state) {
  FT_ASSIGN_OR_RETURN(auto genesis, GetGenesis(state));
  if (!genesis.has_value()) return model::Damaged(keys::Genesis(), "is missing");
  return *std::move(genesis);
}

StatusOr<std::uint32_t> RulesInForce(const store::Reader& state) {
  // The row is not checked by the bounds of this program: newer rules may have others, and are told here.
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(keys::Genesis()));
  v1::GenesisRow row;
  if (!bytes.has_value()) return model::Damaged(keys::Genesis(), "is missing");
  if (!row.ParseFromString(*bytes)) return model::Damaged(keys::Genesis(), "cannot be read");
  if (row.rules().empty()) return model::Damaged(keys::Genesis(), "names no rules");
  return row.rules().rbegin()->version();
}

StatusOr<std::uint64_t> CountRootKeys(const store::Reader& state) {
  std::uint64_t count = 0;
  const Bytes grants = keys::AllOf(keys::kGrantTag);
  const auto cursor = state.Scan(grants, store::PrefixEnd(grants));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row, model::DecodeMessage<v1::GrantRow>(cursor->key(), cursor->value()));
    if (row.root()) ++count;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return count;
}

StatusOr<model::LedgerKeys> GetLedgerKeys(const store::Reader& state) {
  model::LedgerKeys all;
  const Bytes tag = keys::AllOf(keys::kLedgerKeyTag);
  const auto cursor = state.Scan(tag, store::PrefixEnd(tag));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto record, keys::ReadLedgerKey(cursor->key()));
    FT_ASSIGN_OR_RETURN(const auto row, model::DecodeLedgerKeyRow(cursor->key(), cursor->value()));
    all.push_back({record, row});
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return all;
}

StatusOr<std::optional<v1::PartyRow>> GetParty(const store::Reader& state, std::string_view party) {
  return GetMessage<v1::PartyRow>(state, keys::Party(party));
}

Status EachAbove(const store::Reader& state, std::string_view party,
                 const std::function<StatusOr<bool>(const std::string& id)>& take) {
  std::string at(party);
  // One more than may be, for a party that is only to be registered.
  for (int above = 0; !at.empty(); ++above) {
    if (above > kMaxPartyDepth + 1) return model::Damaged(keys::Party(at), "stands above itself");
    FT_ASSIGN_OR_RETURN(const bool more, take(at));
    if (!more) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto row, GetParty(state, at));
    if (!row.has_value()) return model::Damaged(keys::Party(at), "is missing");
    at = row->party().parent();
  }
  return absl::OkStatus();
}

StatusOr<std::optional<model::TransferRow>> GetTransfer(const store::Reader& state, TransferRef ref) {
  const Bytes key = keys::Transfer(ref);
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<model::TransferRow>();
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(key, *bytes));
  return std::optional<model::TransferRow>(row);
}

StatusOr<std::optional<model::AccountNumber>> FindAccount(const store::Reader& state, std::string_view party,
                                                          std::string_view fund, std::string_view asset) {
  const Bytes key = keys::AccountByName(party, fund, asset);
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<model::AccountNumber>();
  FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(key, *bytes));
  return std::optional<model::AccountNumber>(model::AccountNumber(number));
}

StatusOr<model::AccountState> GetAccountState(const store::Reader& state, model::AccountNumber account) {
  const Bytes key = keys::AccountState(account);
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return model::AccountState();
  return model::DecodeAccountState(key, *bytes);
}

void PutMessage(store::Overlay* state, Bytes key, const google::protobuf::Message& message) {
  state->Put(std::move(key), model::SerialiseDeterministic(message));
}

}  // namespace fundtrail::books
