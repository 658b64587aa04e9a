// See rows.h.
#include "ledger/model/rows.h"

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/entry.pb.h"

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

Status CheckLength(ByteView bytes, std::size_t expected, const char* what) {
  if (bytes.size() == expected) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the store is damaged: ", what, " has ", bytes.size(), " bytes instead of ", expected));
}

}  // namespace

bool TransferRow::exchange() const { return kind == v1::EXCHANGE; }

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
  out.reserve(45);
  AppendBigEndian64(&out, row.from.value());
  AppendBigEndian64(&out, row.to.value());
  Put(&out, row.amount.value());
  Put(&out, row.to_position.value());
  Put(&out, row.to_amount.value());
  Put(&out, row.date);
  out.push_back(static_cast<char>(row.kind));
  return out;
}

Bytes Encode(const StatementRow& row) {
  Bytes out;
  out.reserve(28);
  Put(&out, row.amount.value());
  Put(&out, row.received.value());
  Put(&out, row.held.value());
  Put(&out, row.date);
  return out;
}

Bytes Encode(const LedgerKeyRow& row) {
  Bytes out(row.key.view());
  if (row.endorsement.has_value()) out.append(row.endorsement->view());
  return out;
}

Bytes EncodeNumber(std::uint64_t number) {
  Bytes out;
  AppendBigEndian64(&out, number);
  return out;
}

StatusOr<AccountState> DecodeAccountState(ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(bytes, 40, "an account's state"));
  Parts parts(bytes);
  AccountState row;
  row.received = Amount(parts.I64());
  row.held = Amount(parts.I64());
  row.tail = Position(parts.I64());
  row.minted = Amount(parts.I64());
  row.first_hole = Position(parts.I64());
  return row;
}

StatusOr<PieceRow> DecodePieceRow(ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(bytes, 37, "a piece"));
  Parts parts(bytes);
  PieceRow row;
  row.length = Amount(parts.I64());
  row.account = AccountNumber(parts.U64());
  row.position = Position(parts.I64());
  row.ref.record = RecordIndex(parts.U64());
  row.ref.line = parts.U32();
  row.exchange = parts.U8() != 0;
  if (row.length <= Amount(0) || row.position < Position(0) ||
      !CheckedAdd(row.position, row.length).has_value()) {
    return absl::DataLossError("the store is damaged: a piece is no interval; run verify");
  }
  return row;
}

StatusOr<TransferRow> DecodeTransferRow(ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(bytes, 45, "a transfer"));
  Parts parts(bytes);
  TransferRow row;
  row.from = AccountNumber(parts.U64());
  row.to = AccountNumber(parts.U64());
  row.amount = Amount(parts.I64());
  row.to_position = Position(parts.I64());
  row.to_amount = Amount(parts.I64());
  row.date = parts.Day();
  row.kind = parts.U8();
  return row;
}

StatusOr<StatementRow> DecodeStatementRow(ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(bytes, 28, "a statement line"));
  Parts parts(bytes);
  StatementRow row;
  row.amount = Amount(parts.I64());
  row.received = Amount(parts.I64());
  row.held = Amount(parts.I64());
  row.date = parts.Day();
  return row;
}

StatusOr<LedgerKeyRow> DecodeLedgerKeyRow(ByteView bytes) {
  const bool endorsed = bytes.size() > 32;
  FT_RETURN_IF_ERROR(CheckLength(bytes, endorsed ? 96 : 32, "a key of the ledger's"));
  LedgerKeyRow row;
  FT_ASSIGN_OR_RETURN(row.key, crypto::PublicKey::FromBytes(bytes.substr(0, 32)));
  if (endorsed) {
    FT_ASSIGN_OR_RETURN(row.endorsement, crypto::Signature::FromBytes(bytes.substr(32)));
  }
  return row;
}

StatusOr<std::uint64_t> DecodeNumber(ByteView bytes) {
  FT_RETURN_IF_ERROR(CheckLength(bytes, 8, "a number"));
  return ReadBigEndian64(bytes);
}

}  // namespace fundtrail::model
