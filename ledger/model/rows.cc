// See rows.h.
#include "ledger/model/rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/decimal.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/bounds.h"
#include "ledger/model/entry.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"

namespace fundtrail::model {
namespace {

void Put(Bytes* out, std::int64_t value) { AppendBigEndian64(out, static_cast<std::uint64_t>(value)); }
void Put(Bytes* out, Date date) { AppendBigEndian32(out, static_cast<std::uint32_t>(date.days())); }

// Reads a row's parts from its bytes, whose length has been checked.
class Parts {
 public:
  explicit Parts(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t U64() {
    const std::uint64_t value = ReadBigEndian64(bytes_);
    bytes_.remove_prefix(8);
    return value;
  }
  std::int64_t I64() { return static_cast<std::int64_t>(U64()); }
  std::uint32_t U32() {
    const std::uint32_t value = ReadBigEndian32(bytes_);
    bytes_.remove_prefix(4);
    return value;
  }
  std::uint8_t U8() {
    const auto value = static_cast<std::uint8_t>(bytes_[0]);
    bytes_.remove_prefix(1);
    return value;
  }
  Date Day() { return Date(static_cast<std::int32_t>(U32())); }

 private:
  ByteView bytes_;
};

Status CheckLength(ByteView key, ByteView bytes, std::size_t expected) {
  if (bytes.size() == expected) return absl::OkStatus();
  return Damaged(key, absl::StrCat("has ", bytes.size(), " bytes instead of ", expected));
}

// Of a row that has its length: what it says cannot be.
Status Impossible(ByteView key) { return Damaged(key, "says what cannot be"); }

// A row of a register has what an action had, and then why the item ended.
constexpr std::size_t kMaxRowBytes = kMaxRecordBytes + kMaxTextBytes + 64;

bool IsInterval(Position from, Amount length) {
  return from >= Position(0) && length > Amount(0) && CheckedAdd(from, length).has_value();
}

// Whether what a message says of itself is what its key says of it, and what whoever reads it relies on.
bool Fits(ByteView /*key*/, const v1::GenesisRow& row) {
  std::uint32_t before = 0;
  for (const v1::RulesFrom& rules : row.rules()) {
    if (rules.version() <= before) return false;
    before = rules.version();
  }
  const auto may_be = [](std::uint32_t threshold) { return threshold >= 1 && threshold <= kMaxSignatures; };
  std::uint64_t until = 0;  // genesis gives the first, and changes none
  for (const v1::ThresholdUntil& past : row.past_thresholds()) {
    if (past.until() <= until || !may_be(past.threshold())) return false;
    until = past.until();
  }
  return before > 0 && IsValidLedgerName(row.ledger()) && IsValidId(row.root_party()) &&
         may_be(row.threshold());
}
bool Fits(ByteView key, const v1::RegisterRow& row) {
  const auto read = keys::ReadItem(key);
  if (!read.ok() || row.action().action_case() != read->action) return false;
  if (row.opened() > row.record()) return false;
  const bool past = key[0] == keys::kPastItemTag;
  if (past && (row.has_ended() || row.record() >= ReadBigEndian64(key.substr(key.size() - 8)))) return false;
  if (row.has_ended() && row.ended().record() <= row.record()) return false;
  switch (read->action) {  // the two that money is reckoned with
    case v1::Action::kRegisterParty: {
      const v1::RegisterParty& party = row.action().register_party();
      return party.id() == read->id && v1::Role_IsValid(party.role()) &&
             party.role() != v1::ROLE_UNSPECIFIED &&
             (!party.role_inferred() || party.role() == v1::ROLE_RECIPIENT);
    }
    case v1::Action::kDeclareAsset: {
      const v1::DeclareAsset& asset = row.action().declare_asset();
      return asset.code() == read->id && asset.decimals() <= kMaxDecimals;
    }
    default:
      return IdOf(row.action()) == read->id;
  }
}
bool Fits(ByteView key, const v1::AttestationRow& row) {
  if (row.action().has_acknowledge()) {
    const auto of = keys::ReadAcknowledged(key);
    return of.ok() && row.record() == of->record.value() && !row.author().empty() &&
           RefOf(row.action().acknowledge().transfer()) == of->transfer;
  }
  const auto read = keys::ReadAttestation(key);
  return read.ok() && row.action().action_case() == read->action && row.record() == read->record.value() &&
         AboutOf(row.action()) == read->id && !row.author().empty();
}
bool Fits(ByteView key, const v1::GrantRow& row) {
  const auto& permissions = row.permissions();
  if (!key.empty() && key[0] == keys::kPastGrantTag) {
    const auto past = keys::ReadPastGrant(key);
    if (!past.ok() || row.record() >= past->until.value()) return false;
  } else if (!keys::ReadGrant(key).ok()) {
    return false;
  }
  return std::all_of(permissions.begin(), permissions.end(),
                     [](int one) { return v1::Permission_IsValid(one); });
}
bool Fits(ByteView /*key*/, const v1::AccountName& row) {
  return !row.party().empty() && !row.fund().empty() && !row.asset().empty();
}

// More verdicts or members never stand in a row: bounds of entry.proto and of books/.
bool Fits(ByteView, const v1::GroupActRow& row) {
  return !row.id().empty() && row.signers_size() <= row.members_size() &&
         row.recused_size() <= row.members_size();
}

bool Fits(ByteView, const v1::StandingRow& row) {
  return std::all_of(row.verdicts().begin(), row.verdicts().end(), [](const v1::StandingVerdict& each) {
    return !each.evaluation().empty() && !each.group().empty() &&
           each.verdict() >= v1::Evaluate::VERDICT_CONTINUE &&
           each.verdict() <= v1::Evaluate::VERDICT_WITHDRAW;
  });
}

bool Fits(ByteView, const v1::SupplyRow& row) { return row.assigned() >= 0 && row.paid() >= 0; }

bool Fits(ByteView, const v1::CommittedRow& row) { return row.amount() >= 0; }

bool Fits(ByteView, const v1::TransferNamesRow& row) {
  return !row.pledge().empty() || !row.assignment().empty() || !row.commitment().empty();
}

}  // namespace

bool TransferRow::sends_back() const { return SendsBack(kind); }

Bytes Encode(const AccountState& row) {
  Bytes out;
  out.reserve(40);
  Put(&out, row.received.value());
  Put(&out, row.held.value());
  Put(&out, row.tail.value());
  Put(&out, row.minted.value());
  Put(&out, row.first_hole.value());
  return out;
}

Bytes Encode(const PieceRow& row) {
  Bytes out;
  out.reserve(37);
  Put(&out, row.length.value());
  AppendBigEndian64(&out, row.account.value());
  Put(&out, row.position.value());
  AppendBigEndian64(&out, row.ref.record.value());
  AppendBigEndian32(&out, row.ref.line);
  out.push_back(row.exchange ? 1 : 0);
  return out;
}

Bytes Encode(const TransferRow& row) {
  Bytes out;
  out.reserve(47);
  AppendBigEndian64(&out, row.from.value());
  AppendBigEndian64(&out, row.to.value());
  Put(&out, row.amount.value());
  Put(&out, row.to_position.value());
  Put(&out, row.to_amount.value());
  Put(&out, row.date);
  out.push_back(static_cast<char>(row.kind));
  out.push_back(static_cast<char>(row.stage));
  out.push_back(static_cast<char>(row.committed_move));
  return out;
}

Bytes Encode(const StatementRow& row) {
  Bytes out;
  out.reserve(29);
  Put(&out, row.amount.value());
  Put(&out, row.received.value());
  Put(&out, row.held.value());
  Put(&out, row.date);
  out.push_back(static_cast<char>(row.stage));
  return out;
}

Bytes Encode(const LedgerKeyRow& row) {
  Bytes out(row.key.view());
  if (row.endorsement.has_value()) out.append(row.endorsement->view());
  return out;
}

Bytes Encode(const ProjectTotals& row) {
  Bytes out;
  out.reserve(89);
  for (const Amount amount :
       {row.minted, row.moved_in, row.unrecorded, row.committed_in, row.held, row.ended, row.reached,
        row.with_sources, row.sent_back, row.taken_out, row.committed_minted})
    Put(&out, amount.value());
  out.push_back(row.beyond ? 1 : 0);
  return out;
}

Bytes Encode(const NeedSums& row) {
  Bytes out;
  out.reserve(17);
  Put(&out, row.paid.value());
  Put(&out, row.committed.value());
  out.push_back(row.beyond ? 1 : 0);
  return out;
}

Bytes EncodeNumber(std::uint64_t number) {
  Bytes out;
  AppendBigEndian64(&out, number);
  return out;
}

StatusOr<AccountState> DecodeAccountState(ByteView key, ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 40));
  Parts parts(bytes);
  AccountState row;
  row.received = Amount(parts.I64());
  row.held = Amount(parts.I64());
  row.tail = Position(parts.I64());
  row.minted = Amount(parts.I64());
  row.first_hole = Position(parts.I64());
  if (row.tail < Position(0) || row.tail > row.end() || row.held < row.tail_length() ||
      row.held > row.received || row.minted < Amount(0) || row.minted > row.received ||
      row.first_hole < Position(0) || row.first_hole > row.end())
    return Impossible(key);
  return row;
}

StatusOr<Piece> DecodePiece(ByteView key, ByteView bytes) {
  FT_ASSIGN_OR_RETURN(const auto on, keys::ReadOnLine(key));
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 37));
  Parts parts(bytes);
  PieceRow row;
  row.length = Amount(parts.I64());
  row.account = AccountNumber(parts.U64());
  row.position = Position(parts.I64());
  row.ref.record = RecordIndex(parts.U64());
  row.ref.line = parts.U32();
  const std::uint8_t exchange = parts.U8();
  row.exchange = exchange != 0;
  // Across an exchange the other account counts other units: its position is one, and not of an interval of that length.
  const bool other = exchange == 1 ? row.position >= Position(0) : IsInterval(row.position, row.length);
  if (!IsInterval(on.position, row.length) || !other || exchange > 1) return Impossible(key);
  return Piece{{on.position, on.position + row.length}, row};
}

StatusOr<Interval> DecodeHole(ByteView key, ByteView bytes) {
  FT_ASSIGN_OR_RETURN(const auto on, keys::ReadOnLine(key));
  FT_ASSIGN_OR_RETURN(const auto number, DecodeNumber(key, bytes));
  const Position to(static_cast<std::int64_t>(number));
  if (to <= on.position) return Impossible(key);
  return Interval{on.position, to};
}

StatusOr<TransferRow> DecodeTransferRow(ByteView key, ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 47));
  Parts parts(bytes);
  TransferRow row;
  row.from = AccountNumber(parts.U64());
  row.to = AccountNumber(parts.U64());
  row.amount = Amount(parts.I64());
  row.to_position = Position(parts.I64());
  row.to_amount = Amount(parts.I64());
  row.date = parts.Day();
  row.kind = static_cast<v1::TransferKind>(parts.U8());
  row.stage = static_cast<v1::Stage>(parts.U8());
  const std::uint8_t move = parts.U8();
  row.committed_move = static_cast<CommittedMove>(move);
  if (row.amount <= Amount(0) || !IsInterval(row.to_position, row.to_amount) ||
      (row.amount != row.to_amount && !row.exchange()) || !IsWithinBounds(row.date) ||
      !v1::TransferKind_IsValid(row.kind) || row.kind == v1::TRANSFER_KIND_UNSPECIFIED ||
      !v1::Stage_IsValid(row.stage) || move > static_cast<std::uint8_t>(CommittedMove::kBack))
    return Impossible(key);
  return row;
}

StatusOr<StatementRow> DecodeStatementRow(ByteView key, ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 29));
  Parts parts(bytes);
  StatementRow row;
  row.amount = Amount(parts.I64());
  row.received = Amount(parts.I64());
  row.held = Amount(parts.I64());
  row.date = parts.Day();
  row.stage = static_cast<v1::Stage>(parts.U8());
  if (row.amount <= Amount(0) || row.held < Amount(0) || row.received < row.held ||
      !IsWithinBounds(row.date) || !v1::Stage_IsValid(row.stage))
    return Impossible(key);
  return row;
}

StatusOr<LedgerKeyRow> DecodeLedgerKeyRow(ByteView key, ByteView bytes) {
  const bool endorsed = bytes.size() > 32;
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, endorsed ? 96 : 32));
  LedgerKeyRow row;
  FT_ASSIGN_OR_RETURN(row.key, crypto::PublicKey::FromBytes(bytes.substr(0, 32)));
  if (endorsed) {
    FT_ASSIGN_OR_RETURN(row.endorsement, crypto::Signature::FromBytes(bytes.substr(32)));
  }
  return row;
}

StatusOr<ProjectTotals> DecodeProjectTotals(ByteView key, ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 89));
  Parts parts(bytes);
  ProjectTotals row;
  for (Amount* amount :
       {&row.minted, &row.moved_in, &row.unrecorded, &row.committed_in, &row.held, &row.ended, &row.reached,
        &row.with_sources, &row.sent_back, &row.taken_out, &row.committed_minted}) {
    *amount = Amount(parts.I64());
    if (*amount < Amount(0)) return Impossible(key);
  }
  const std::uint8_t beyond = parts.U8();
  row.beyond = beyond != 0;
  std::int64_t in = row.minted.value();
  std::int64_t out = row.held.value();
  bool fits = AddTo(&in, row.moved_in.value());
  for (const Amount amount : {row.ended, row.reached, row.with_sources, row.sent_back, row.taken_out})
    fits = fits && AddTo(&out, amount.value());
  if (!fits || in != out || row.unrecorded > row.minted || row.committed_minted > row.minted ||
      row.committed_in.value() > in || beyond > 1 || (row.beyond && in > 0))
    return Impossible(key);
  return row;
}

StatusOr<NeedSums> DecodeNeedSums(ByteView key, ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 17));
  Parts parts(bytes);
  NeedSums row;
  row.paid = Amount(parts.I64());
  row.committed = Amount(parts.I64());
  const std::uint8_t beyond = parts.U8();
  row.beyond = beyond != 0;
  if (row.committed < Amount(0) || row.committed > row.paid || beyond > 1 ||
      (row.beyond && !row.paid.is_zero()))
    return Impossible(key);
  return row;
}

StatusOr<std::uint64_t> DecodeNumber(ByteView key, ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(key, bytes, 8));
  return ReadBigEndian64(bytes);
}

template <typename Message>
StatusOr<Message> DecodeMessage(ByteView key, ByteView bytes) {
  Message row;
  if (bytes.size() > kMaxRowBytes || !row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Damaged(key, "cannot be read");
  if (!Fits(key, row)) return Impossible(key);
  return row;
}
template StatusOr<v1::GenesisRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::RegisterRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::GrantRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::AttestationRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::AccountName> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::GroupActRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::StandingRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::SupplyRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::CommittedRow> DecodeMessage(ByteView, ByteView);
template StatusOr<v1::TransferNamesRow> DecodeMessage(ByteView, ByteView);

}  // namespace fundtrail::model
