// Typed access to the rows that the rules read and write. Nothing here decides anything.
//
// Get* of a missing row is nothing; an error is the engine's, or DATA_LOSS when a row cannot be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/model/ledger_key.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Of a message row (model::DecodeMessage).
template <typename Message>
StatusOr<std::optional<Message>> GetMessage(const store::Reader& state, const Bytes& key);
extern template StatusOr<std::optional<v1::GenesisRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::RegisterRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::GrantRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::AccountName>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::AttestationRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::GroupActRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::StandingRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::SupplyRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::CommittedRow>> GetMessage(const store::Reader&, const Bytes&);
extern template StatusOr<std::optional<v1::TransferNamesRow>> GetMessage(const store::Reader&, const Bytes&);

StatusOr<std::optional<v1::GenesisRow>> GetGenesis(const store::Reader& state);
// The same of a state that has records; DATA_LOSS when it is not there.
StatusOr<v1::GenesisRow> NeedGenesis(const store::Reader& state);
// The version of the rules that judge the next record, of a state that has records.
StatusOr<std::uint32_t> RulesInForce(const store::Reader& state);
// How many root keys there are.
StatusOr<std::uint64_t> CountRootKeys(const store::Reader& state);
// The history of the ledger's own key.
StatusOr<model::LedgerKeys> GetLedgerKeys(const store::Reader& state);
// The present version of an item of a register.
StatusOr<std::optional<v1::RegisterRow>> GetItem(const store::Reader& state, v1::Action::ActionCase action,
                                                 std::string_view id);
// The version of an item that stood after that record, by its present one: `now`. Nothing when it was opened later.
StatusOr<std::optional<v1::RegisterRow>> AsOf(const store::Reader& state, v1::RegisterRow now,
                                              RecordIndex record);
StatusOr<std::optional<v1::RegisterParty>> GetParty(const store::Reader& state, std::string_view party);
StatusOr<std::optional<v1::DeclareAsset>> GetAsset(const store::Reader& state, std::string_view code);
StatusOr<std::optional<model::TransferRow>> GetTransfer(const store::Reader& state, TransferRef ref);
// `project` is empty for general money.
StatusOr<std::optional<model::AccountNumber>> FindAccount(const store::Reader& state, std::string_view party,
                                                          std::string_view fund, std::string_view project,
                                                          std::string_view asset);
// Whose account a number means; DATA_LOSS when it is of none.
StatusOr<v1::AccountName> NeedAccountName(const store::Reader& state, model::AccountNumber account);
// The newest attestation of one action about an item.
StatusOr<std::optional<v1::AttestationRow>> NewestAttestation(const store::Reader& state,
                                                              v1::Action::ActionCase about,
                                                              std::string_view id,
                                                              v1::Action::ActionCase action);
// The sums of a project in an asset, or of general money, as they are now; all zero when it never had any.
StatusOr<model::ProjectTotals> GetProjectTotals(const store::Reader& state, std::string_view project,
                                                std::string_view asset);
// What was paid straight for a need, out of a fund and in an asset, as it is now; all zero when nothing ever was.
StatusOr<model::NeedSums> GetNeedSums(const store::Reader& state, std::string_view need,
                                      std::string_view fund, std::string_view asset);
// The id of the need that a transfer names; nothing when it names none. DATA_LOSS when there is no such need.
StatusOr<std::optional<std::string>> GetNeedOfTransfer(const store::Reader& state, TransferRef ref);
// Each of the next three as it stood after the record `at`, or as it is now; empty when nothing was ever said.
// The verdicts over an item of a register.
StatusOr<v1::StandingRow> GetStanding(const store::Reader& state, v1::Action::ActionCase action,
                                      std::string_view id, std::optional<RecordIndex> at = std::nullopt);
// The sums of a pledge, an assignment, a need or a commitment.
StatusOr<v1::SupplyRow> GetSupply(const store::Reader& state, model::Supply kind, std::string_view id,
                                  std::optional<RecordIndex> at = std::nullopt);
// What of an account is kept by commitments.
StatusOr<v1::CommittedRow> GetCommittedRow(const store::Reader& state, model::AccountNumber account,
                                           std::optional<RecordIndex> at = std::nullopt);
// Its sum alone, with what lapsed and was not taken off yet: money/commitments.h knows what is in force.
StatusOr<Amount> GetCommitted(const store::Reader& state, model::AccountNumber account,
                              std::optional<RecordIndex> at = std::nullopt);
// What a transfer names beside its need; nothing when it names nothing.
StatusOr<std::optional<v1::TransferNamesRow>> GetTransferNames(const store::Reader& state, TransferRef ref);
// The state of an account that exists; of a new one, all zero.
StatusOr<model::AccountState> GetAccountState(const store::Reader& state, model::AccountNumber account);

void PutMessage(store::Overlay* state, Bytes key, const google::protobuf::Message& message);

}  // namespace fundtrail::books
