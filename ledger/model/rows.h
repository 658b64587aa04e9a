// The rows of the books: those that are numbers only, and their bytes (big-endian, fixed length, no padding). How rows
// of every kind are read back from a store is here too.
// The keys are in row_keys.h; docs/formats.md shows both.
#pragma once

#include <cstdint>
#include <optional>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::model {

// a: 40 bytes. One account's line. Undrawn are the holes (rows u) and the tail [tail, received);
// held = their lengths together. Of a SOURCE, `minted` counts what it brought in, and what it holds
// is what came back to it. No hole begins below `first_hole`: whoever looks for the lowest begins there, and
// not among all that were ever filled.
struct AccountState {
  Amount received;
  Amount held;
  Position tail;
  Amount minted;
  Position first_hole;
  Position end() const { return Position(received.value()); }
  Amount tail_length() const { return end() - tail; }
  friend bool operator==(const AccountState&, const AccountState&) = default;
};

// o and i: 37 bytes. `length` positions of this account went to, or came from, [position, …) of `account`.
// For an exchange the other account counts another asset, and o points to the whole receipt there.
// The receipt has one i row, whose position is where the payer's first piece begins.
struct PieceRow {
  Amount length;
  AccountNumber account;
  Position position;
  TransferRef ref;
  bool exchange = false;
  friend bool operator==(const PieceRow&, const PieceRow&) = default;
};

// What a transfer does to the sum `committed_in` of a project, or of general money.
enum class CommittedMove : std::uint8_t {
  kNone = 0,
  kIn = 1,    // its amount counts in the payee's project
  kBack = 2,  // it sends one of kIn back: its amount counts no more in the payer's project
};

// t: 47 bytes. One transfer; its receipt is [to_position, to_position + to_amount) of `to`.
struct TransferRow {
  AccountNumber from;
  AccountNumber to;
  Amount amount;
  Position to_position;
  Amount to_amount;  // equals amount but for an exchange
  Date date;         // the value date
  v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
  v1::Stage stage = v1::STAGE_PAID;
  CommittedMove committed_move = CommittedMove::kNone;
  Interval receipt() const { return {to_position, to_position + to_amount}; }
  bool exchange() const { return kind == v1::TRANSFER_KIND_EXCHANGE; }
  bool committed() const { return stage == v1::STAGE_COMMITTED; }
  bool sends_back() const;  // a RETURN or REVERSAL
  friend bool operator==(const TransferRow&, const TransferRow&) = default;
};

// l: 29 bytes. What one transfer did to one account, and how the account stood after it.
struct StatementRow {
  Amount amount;
  Amount received;
  Amount held;
  Date date;
  v1::Stage stage = v1::STAGE_PAID;  // of the transfer, so that sums need not look it up
  bool committed() const { return stage == v1::STAGE_COMMITTED; }
  friend bool operator==(const StatementRow&, const StatementRow&) = default;
};

// p: 89 bytes. The sums of one project in one asset, or of general money.
// minted + moved_in = held + ended + reached + with_sources + sent_back + taken_out.
struct ProjectTotals {
  Amount minted;        // what sources brought straight in
  Amount moved_in;      // what came in from general money, other projects and other assets, or back from them
  Amount unrecorded;    // the part of `minted` that came from the party `unrecorded`
  Amount committed_in;  // the part of both that is committed and not paid
  Amount held;          // lies at holders
  Amount ended;         // lies at recipients whose role nobody stated
  Amount reached;       // lies at recipients
  Amount with_sources;  // came back to sources
  Amount sent_back;     // went back to where it was put in from, by RETURN or REVERSAL
  Amount taken_out;     // went to general money, other projects and other assets
  Amount committed_minted;  // the part of `minted` that is committed and not paid
  // More than 2^63 - 1 units came in: the sums are not known any more, and all are 0. Payments go on.
  bool beyond = false;
  // What lies with holders and recipients.
  Amount placed() const { return held + ended + reached; }
  friend bool operator==(const ProjectTotals&, const ProjectTotals&) = default;
};

// w: 17 bytes. What was paid straight for one need, out of one fund, in one asset, less what was sent back. It lies with
// recipients whose role somebody stated.
struct NeedSums {
  Amount paid;
  Amount committed;  // the part that is committed and not paid
  // More than 2^63 - 1 units were paid: the sums are not known any more, and all are 0. Payments go on.
  bool beyond = false;
  friend bool operator==(const NeedSums&, const NeedSums&) = default;
};

// K: 32 bytes, or 96 with the endorsement: the key that signs the checkpoints of more records than the one in the row's
// key. ledger_key.h has its history.
struct LedgerKeyRow {
  crypto::PublicKey key;
  std::optional<crypto::Signature> endorsement;  // by the key before it
  friend bool operator==(const LedgerKeyRow&, const LedgerKeyRow&) = default;
};

Bytes Encode(const AccountState& row);
Bytes Encode(const PieceRow& row);
Bytes Encode(const TransferRow& row);
Bytes Encode(const StatementRow& row);
Bytes Encode(const LedgerKeyRow& row);
Bytes Encode(const ProjectTotals& row);
Bytes Encode(const NeedSums& row);
Bytes EncodeNumber(std::uint64_t number);

// --- rows that were read from a store ----------------------------------------------------------------------
// They may be damaged or planted. Each is checked here, by itself and with its key. DATA_LOSS with the row in words when
// it has another length, or when no row that the rules write has these numbers. So what is decoded can be reckoned with:
// no amount is below one, each interval is one, and each date is a day. What several rows together say is for whoever
// adds them up to check (base/quantity.h).

// 0 <= tail <= received, and the tail <= held <= received.
StatusOr<AccountState> DecodeAccountState(ByteView key, ByteView bytes);
// o and i: the piece's positions on the line of the key's account and, but for an exchange, on the other's are intervals.
struct Piece {
  Interval at;
  PieceRow row;
};
StatusOr<Piece> DecodePiece(ByteView key, ByteView bytes);
// u: not empty.
StatusOr<Interval> DecodeHole(ByteView key, ByteView bytes);
StatusOr<TransferRow> DecodeTransferRow(ByteView key, ByteView bytes);
StatusOr<StatementRow> DecodeStatementRow(ByteView key, ByteView bytes);
StatusOr<LedgerKeyRow> DecodeLedgerKeyRow(ByteView key, ByteView bytes);
// What came in is what lies somewhere and what went out, and fits in 63 bits; a part is no more than its whole. Of one
// that is `beyond`, all is 0.
StatusOr<ProjectTotals> DecodeProjectTotals(ByteView key, ByteView bytes);
// The part is no more than the whole. Of one that is `beyond`, both are 0.
StatusOr<NeedSums> DecodeNeedSums(ByteView key, ByteView bytes);
StatusOr<std::uint64_t> DecodeNumber(ByteView key, ByteView bytes);

// Rows that are messages (storage.proto), by the same rules: it can be parsed, and says of itself what its key says of it.
template <typename Message>
StatusOr<Message> DecodeMessage(ByteView key, ByteView bytes);
extern template StatusOr<v1::GenesisRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::RegisterRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::GrantRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::AttestationRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::AccountName> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::GroupActRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::StandingRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::SupplyRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::CommittedRow> DecodeMessage(ByteView, ByteView);
extern template StatusOr<v1::TransferNamesRow> DecodeMessage(ByteView, ByteView);

}  // namespace fundtrail::model
