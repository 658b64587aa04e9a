// Typed access to the rows that the rules read and write. Nothing here decides anything.
//
// Get* of a missing row is nothing; an error is the engine's, or DATA_LOSS when a row cannot be read.
#pragma once

#include <optional>
#include <string_view>

#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/model/keys.h"
#include "ledger/model/ledger_key.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Parses a message row; DATA_LOSS naming the key when it does not parse.
template <typename Message>
StatusOr<std::optional<Message>> GetMessage(const store::Reader& state, const Bytes& key);
extern template StatusOr<std::optional<v1::GenesisRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::PartyRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::GrantRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::AssetRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::FundRow>> GetMessage(const store::Reader&, const Bytes&);

StatusOr<std::optional<v1::GenesisRow>> GetGenesis(const store::Reader& state);
// How many root keys there are.
StatusOr<std::uint64_t> CountRootKeys(const store::Reader& state);
// The history of the ledger's own key.
StatusOr<model::LedgerKeys> GetLedgerKeys(const store::Reader& state);
StatusOr<std::optional<v1::PartyRow>> GetParty(const store::Reader& state, std::string_view party);
StatusOr<std::optional<model::TransferRow>> GetTransfer(const store::Reader& state, TransferRef ref);
StatusOr<std::optional<model::AccountNumber>> FindAccount(const store::Reader& state, std::string_view party,
                                                          std::string_view fund, std::string_view asset);
// The state of an account that exists; of a new one, all zero.
StatusOr<model::AccountState> GetAccountState(const store::Reader& state, model::AccountNumber account);

void PutMessage(store::Overlay* state, Bytes key, const google::protobuf::Message& message);

}  // namespace fundtrail::books
