// Rows of numbers: what is written is read back, in the bytes that rows.h states, and nothing else is read.
#include "ledger/model/rows.h"

#include <catch2/catch.hpp>
#include <limits>

#include "fundtrail/v1/entry.pb.h"

namespace fundtrail::model {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// Each length but the right one is DATA_LOSS.
template <typename Decode>
void CheckLengths(const Bytes& bytes, std::size_t size, const Decode& decode) {
  REQUIRE(bytes.size() == size);
  for (const Bytes& wrong : {Bytes(), bytes.substr(1), bytes + '\0', bytes + bytes}) {
    CHECK(decode(wrong).status().code() == absl::StatusCode::kDataLoss);
  }
}

TEST_CASE("an account's state has 40 bytes") {
  for (const AccountState& row :
       {AccountState{}, AccountState{Amount(100), Amount(40), Position(60), Amount(7), Position(8)},
        AccountState{Amount(kMost), Amount(kMost - 1), Position(kMost - 2), Amount(kMost - 3),
                     Position(kMost - 4)}}) {
    const auto read = DecodeAccountState(Encode(row));
    REQUIRE(read.ok());
    CHECK(*read == row);
  }
  const Bytes bytes = Encode(AccountState{Amount(0x0102), Amount(3), Position(4), Amount(5), Position(6)});
  CHECK(HexEncode(bytes) ==
        "00000000000001020000000000000003000000000000000400000000000000050000000000000006");
  CheckLengths(bytes, 40, DecodeAccountState);
}

TEST_CASE("what a state says of its line") {
  const AccountState row{Amount(100), Amount(40), Position(70), Amount(0), Position(0)};
  CHECK(row.end() == Position(100));
  CHECK(row.tail_length() == Amount(30));
}

TEST_CASE("a piece has 37 bytes") {
  const PieceRow row{Amount(9), AccountNumber(8), Position(7), {RecordIndex(6), 5}, true};
  for (const bool exchange : {false, true}) {
    PieceRow one = row;
    one.exchange = exchange;
    const auto read = DecodePieceRow(Encode(one));
    REQUIRE(read.ok());
    CHECK(*read == one);
  }
  CHECK(HexEncode(Encode(row)) ==
        "00000000000000090000000000000008000000000000000700000000000000060000000501");
  CheckLengths(Encode(row), 37, DecodePieceRow);
}

TEST_CASE("a key of the ledger's has 32 bytes, or 96 with its endorsement") {
  LedgerKeyRow row;
  row.key.bytes.fill(7);
  CHECK(Encode(row) == Bytes(32, '\7'));
  CHECK(*DecodeLedgerKeyRow(Encode(row)) == row);
  row.endorsement.emplace().bytes.fill(9);
  CHECK(Encode(row) == Bytes(32, '\7') + Bytes(64, '\t'));
  CHECK(*DecodeLedgerKeyRow(Encode(row)) == row);
  for (const std::size_t wrong : {0, 31, 33, 64, 95, 97})
    CHECK(DecodeLedgerKeyRow(Bytes(wrong, 'x')).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("a transfer has 45 bytes") {
  const TransferRow row{AccountNumber(1), AccountNumber(2), Amount(kMost), Position(3),
                        Amount(4),        Date(-25'567),    v1::EXCHANGE};
  const auto read = DecodeTransferRow(Encode(row));
  REQUIRE(read.ok());
  CHECK(*read == row);
  CHECK(read->exchange());
  CHECK(read->receipt() == Interval{Position(3), Position(7)});
  CHECK(HexEncode(Encode(row)) ==
        "000000000000000100000000000000027fffffffffffffff00000000000000030000000000000004ffff9c2108");
  CheckLengths(Encode(row), 45, DecodeTransferRow);
}

TEST_CASE("a statement line has 28 bytes") {
  const StatementRow row{Amount(1), Amount(2), Amount(3), Date(20'000)};
  const auto read = DecodeStatementRow(Encode(row));
  REQUIRE(read.ok());
  CHECK(*read == row);
  CHECK(HexEncode(Encode(row)) == "00000000000000010000000000000002000000000000000300004e20");
  CheckLengths(Encode(row), 28, DecodeStatementRow);
}

TEST_CASE("a number has 8 bytes") {
  for (const std::uint64_t number : {0ULL, 1ULL, 0x0123456789abcdefULL, ~0ULL}) {
    const auto read = DecodeNumber(EncodeNumber(number));
    REQUIRE(read.ok());
    CHECK(*read == number);
  }
  CHECK(HexEncode(EncodeNumber(0x0123456789abcdefULL)) == "0123456789abcdef");
  CheckLengths(EncodeNumber(5), 8, DecodeNumber);
}

}  // namespace
}  // namespace fundtrail::model
