// See state.h.
#include "ledger/books/state.h"

#include "ledger/model/entry.h"
#include "ledger/model/register_table.h"

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
template StatusOr<std::optional<v1::RegisterRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::GrantRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::AccountName>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::AttestationRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::GroupActRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::StandingRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::SupplyRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::CommittedRow>> GetMessage(const store::Reader&, const Bytes&);
template StatusOr<std::optional<v1::TransferNamesRow>> GetMessage(const store::Reader&, const Bytes&);

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

StatusOr<std::optional<v1::RegisterRow>> GetItem(const store::Reader& state, v1::Action::ActionCase action,
                                                 std::string_view id) {
  return GetMessage<v1::RegisterRow>(state, keys::Item(action, id));
}

StatusOr<std::optional<v1::RegisterRow>> AsOf(const store::Reader& state, v1::RegisterRow now,
                                              RecordIndex record) {
  if (now.has_ended() && now.ended().record() > record.value()) now.clear_ended();
  if (now.record() <= record.value()) return std::optional(std::move(now));
  if (now.opened() > record.value()) return std::optional<v1::RegisterRow>();
  // The version that the first record after it replaced.
  const v1::Action::ActionCase action = now.action().action_case();
  const std::string id = model::IdOf(now.action());
  const auto past = state.Scan(keys::PastItem(action, id, RecordIndex(record.value() + 1)),
                               store::PrefixEnd(keys::PastOf(action, id)));
  FT_RETURN_IF_ERROR(past->status());
  if (!past->Valid())
    return model::Damaged(keys::PastItem(action, id, RecordIndex(record.value() + 1)), "is missing");
  FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::RegisterRow>(past->key(), past->value()));
  if (row.record() > record.value()) return model::Damaged(past->key(), "says what cannot be");
  return std::optional(std::move(row));
}

StatusOr<std::optional<v1::RegisterParty>> GetParty(const store::Reader& state, std::string_view party) {
  FT_ASSIGN_OR_RETURN(auto row, GetItem(state, v1::Action::kRegisterParty, party));
  if (!row.has_value()) return std::optional<v1::RegisterParty>();
  return std::optional(std::move(*row->mutable_action()->mutable_register_party()));
}

StatusOr<std::optional<v1::DeclareAsset>> GetAsset(const store::Reader& state, std::string_view code) {
  FT_ASSIGN_OR_RETURN(auto row, GetItem(state, v1::Action::kDeclareAsset, code));
  if (!row.has_value()) return std::optional<v1::DeclareAsset>();
  return std::optional(std::move(*row->mutable_action()->mutable_declare_asset()));
}

StatusOr<std::optional<model::TransferRow>> GetTransfer(const store::Reader& state, TransferRef ref) {
  const Bytes key = keys::Transfer(ref);
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<model::TransferRow>();
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(key, *bytes));
  return std::optional<model::TransferRow>(row);
}

StatusOr<std::optional<model::AccountNumber>> FindAccount(const store::Reader& state, std::string_view party,
                                                          std::string_view fund, std::string_view project,
                                                          std::string_view asset) {
  const Bytes key = keys::AccountByName(party, fund, project, asset);
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<model::AccountNumber>();
  FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(key, *bytes));
  return std::optional<model::AccountNumber>(model::AccountNumber(number));
}

StatusOr<v1::AccountName> NeedAccountName(const store::Reader& state, model::AccountNumber account) {
  const Bytes key = keys::AccountName(account);
  FT_ASSIGN_OR_RETURN(auto name, GetMessage<v1::AccountName>(state, key));
  if (!name.has_value()) return model::Damaged(key, "is missing");
  return *std::move(name);
}

StatusOr<std::optional<v1::AttestationRow>> NewestAttestation(const store::Reader& state,
                                                              v1::Action::ActionCase about,
                                                              std::string_view id,
                                                              v1::Action::ActionCase action) {
  const Bytes prefix = keys::AttestationsOf(about, id, action);
  FT_ASSIGN_OR_RETURN(const auto last, state.Last(prefix, store::PrefixEnd(prefix)));
  if (!last.has_value()) return std::optional<v1::AttestationRow>();
  FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::AttestationRow>(last->first, last->second));
  return std::optional(std::move(row));
}

StatusOr<model::ProjectTotals> GetProjectTotals(const store::Reader& state, std::string_view project,
                                                std::string_view asset) {
  const Bytes prefix = keys::ProjectSumsOf(project, asset);
  FT_ASSIGN_OR_RETURN(const auto last, state.Last(prefix, store::PrefixEnd(prefix)));
  if (!last.has_value()) return model::ProjectTotals();
  return model::DecodeProjectTotals(last->first, last->second);
}

StatusOr<model::NeedSums> GetNeedSums(const store::Reader& state, std::string_view need,
                                      std::string_view fund, std::string_view asset) {
  const Bytes prefix = keys::NeedSumsOf(need, fund, asset);
  FT_ASSIGN_OR_RETURN(const auto last, state.Last(prefix, store::PrefixEnd(prefix)));
  if (!last.has_value()) return model::NeedSums();
  return model::DecodeNeedSums(last->first, last->second);
}

namespace {

// The last row below the prefix, which records end: of those up to `at`.
template <typename Row>
StatusOr<Row> LastRow(const store::Reader& state, const Bytes& prefix, std::optional<RecordIndex> at) {
  Bytes end = store::PrefixEnd(prefix);
  if (at.has_value()) {
    end = prefix;
    AppendBigEndian64(&end, at->value());
    end.push_back('\0');
  }
  FT_ASSIGN_OR_RETURN(const auto last, state.Last(prefix, end));
  if (!last.has_value()) return Row();
  return model::DecodeMessage<Row>(last->first, last->second);
}

}  // namespace

StatusOr<v1::StandingRow> GetStanding(const store::Reader& state, v1::Action::ActionCase action,
                                      std::string_view id, std::optional<RecordIndex> at) {
  return LastRow<v1::StandingRow>(state, keys::StandingsOf(action, id), at);
}

StatusOr<v1::SupplyRow> GetSupply(const store::Reader& state, model::Supply kind, std::string_view id,
                                  std::optional<RecordIndex> at) {
  return LastRow<v1::SupplyRow>(state, keys::SupplySumsOf(kind, id), at);
}

StatusOr<v1::CommittedRow> GetCommittedRow(const store::Reader& state, model::AccountNumber account,
                                           std::optional<RecordIndex> at) {
  return LastRow<v1::CommittedRow>(state, keys::CommittedOf(account), at);
}

StatusOr<Amount> GetCommitted(const store::Reader& state, model::AccountNumber account,
                              std::optional<RecordIndex> at) {
  FT_ASSIGN_OR_RETURN(const auto row, GetCommittedRow(state, account, at));
  return Amount(row.amount());
}

StatusOr<std::optional<v1::TransferNamesRow>> GetTransferNames(const store::Reader& state, TransferRef ref) {
  return GetMessage<v1::TransferNamesRow>(state, keys::TransferNames(ref));
}

StatusOr<std::optional<std::string>> GetNeedOfTransfer(const store::Reader& state, TransferRef ref) {
  const Bytes key = keys::NeedOfTransfer(ref);
  FT_ASSIGN_OR_RETURN(auto need, state.Get(key));
  if (!need.has_value()) return std::optional<std::string>();
  FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kDeclareNeed, *need));
  if (!row.has_value()) return model::Damaged(key, "is not one that the ledger has");
  return std::optional<std::string>(*std::move(need));
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
