// Rows of numbers: what is written is read back, in the bytes that rows.h states, and nothing else is read.
#include "ledger/model/rows.h"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/model/bounds.h"

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

// Decoded as the row of a key of that kind.
const Bytes kState = keys::AccountState(AccountNumber(4)),
            kPiece = keys::PieceOut(AccountNumber(4), Position(60)),
            kHole = keys::Hole(AccountNumber(4), Position(60)),
            kTransfer = keys::Transfer({RecordIndex(12), 3}),
            kStatement = keys::Statement(AccountNumber(4), {RecordIndex(12), 3}, Side::kIn),
            kSums = keys::ProjectSums("tents", "CNY", RecordIndex(12)),
            kPaid = keys::NeedSums("cold", "flood", "CNY", RecordIndex(12));
const auto kDecodeState = [](ByteView bytes) { return DecodeAccountState(kState, bytes); };
const auto kDecodePiece = [](ByteView bytes) { return DecodePiece(kPiece, bytes); };
const auto kDecodeTransfer = [](ByteView bytes) { return DecodeTransferRow(kTransfer, bytes); };
const auto kDecodeStatement = [](ByteView bytes) { return DecodeStatementRow(kStatement, bytes); };
const auto kDecodeSums = [](ByteView bytes) { return DecodeProjectTotals(kSums, bytes); };
const auto kDecodePaid = [](ByteView bytes) { return DecodeNeedSums(kPaid, bytes); };
const auto kDecodeLedgerKey = [](ByteView bytes) { return DecodeLedgerKeyRow("K", bytes); };
const auto kDecodeNumber = [](ByteView bytes) { return DecodeNumber("N", bytes); };

template <typename T>
void CheckImpossible(const StatusOr<T>& row, const std::string& words) {
  CHECK(row.status() ==
        absl::DataLossError("the store is damaged: " + words + " says what cannot be; run verify"));
}

TEST_CASE("an account's state has 40 bytes") {
  for (const AccountState& row :
       {AccountState{}, AccountState{Amount(100), Amount(40), Position(60), Amount(7), Position(8)},
        AccountState{Amount(kMost), Amount(kMost - 1), Position(kMost - 2), Amount(kMost - 3),
                     Position(kMost - 4)}}) {
    const auto read = kDecodeState(Encode(row));
    REQUIRE(read.ok());
    CHECK(*read == row);
  }
  const Bytes bytes = Encode(AccountState{Amount(0x0102), Amount(3), Position(4), Amount(5), Position(6)});
  CHECK(HexEncode(bytes) ==
        "00000000000001020000000000000003000000000000000400000000000000050000000000000006");
  CheckLengths(bytes, 40, kDecodeState);
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
    const auto read = kDecodePiece(Encode(one));
    REQUIRE(read.ok());
    CHECK(read->row == one);
    CHECK(read->at == Interval{Position(60), Position(69)});
  }
  CHECK(HexEncode(Encode(row)) ==
        "00000000000000090000000000000008000000000000000700000000000000060000000501");
  CheckLengths(Encode(row), 37, kDecodePiece);
}

TEST_CASE("a key of the ledger's has 32 bytes, or 96 with its endorsement") {
  LedgerKeyRow row;
  row.key.bytes.fill(7);
  CHECK(Encode(row) == Bytes(32, '\7'));
  CHECK(*kDecodeLedgerKey(Encode(row)) == row);
  row.endorsement.emplace().bytes.fill(9);
  CHECK(Encode(row) == Bytes(32, '\7') + Bytes(64, '\t'));
  CHECK(*kDecodeLedgerKey(Encode(row)) == row);
  for (const std::size_t wrong : {0, 31, 33, 64, 95, 97})
    CHECK(kDecodeLedgerKey(Bytes(wrong, 'x')).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("a transfer has 47 bytes") {
  const TransferRow row{
      AccountNumber(1), AccountNumber(2),           Amount(kMost),       Position(3),         Amount(4),
      Date(-25'567),    v1::TRANSFER_KIND_EXCHANGE, v1::STAGE_COMMITTED, CommittedMove::kBack};
  const auto read = kDecodeTransfer(Encode(row));
  REQUIRE(read.ok());
  CHECK(*read == row);
  CHECK(read->exchange());
  CHECK(read->committed());
  CHECK_FALSE(read->sends_back());
  CHECK(read->receipt() == Interval{Position(3), Position(7)});
  CHECK(HexEncode(Encode(row)) ==
        "000000000000000100000000000000027fffffffffffffff00000000000000030000000000000004ffff9c21080102");
  CheckLengths(Encode(row), 47, kDecodeTransfer);
  for (const CommittedMove move : {CommittedMove::kNone, CommittedMove::kIn, CommittedMove::kBack}) {
    TransferRow other = row;
    other.committed_move = move;
    CHECK(*kDecodeTransfer(Encode(other)) == other);
  }
}

TEST_CASE("a statement line has 29 bytes") {
  const StatementRow row{Amount(1), Amount(3), Amount(2), Date(20'000), v1::STAGE_COMMITTED};
  const auto read = kDecodeStatement(Encode(row));
  REQUIRE(read.ok());
  CHECK(*read == row);
  CHECK(HexEncode(Encode(row)) == "00000000000000010000000000000003000000000000000200004e2001");
  CheckLengths(Encode(row), 29, kDecodeStatement);
}

TEST_CASE("the sums of a project have 89 bytes") {
  ProjectTotals row;
  CHECK(*kDecodeSums(Encode(row)) == row);
  int part = 1;
  for (Amount* amount :
       {&row.held, &row.ended, &row.reached, &row.with_sources, &row.sent_back, &row.taken_out})
    *amount = Amount(part++);
  row.minted = Amount(15);
  row.moved_in = Amount(6);
  row.unrecorded = Amount(8);
  row.committed_in = Amount(9);
  row.committed_minted = Amount(10);
  const auto read = kDecodeSums(Encode(row));
  REQUIRE(read.ok());
  CHECK(*read == row);
  CHECK(row.placed() == Amount(6));
  CHECK(HexEncode(Encode(row)) ==
        "000000000000000f000000000000000600000000000000080000000000000009"
        "0000000000000001000000000000000200000000000000030000000000000004"
        "00000000000000050000000000000006000000000000000a00");
  CheckLengths(Encode(row), 89, kDecodeSums);
  ProjectTotals beyond;
  beyond.beyond = true;
  CHECK(*kDecodeSums(Encode(beyond)) == beyond);
  ProjectTotals most;
  most.minted = most.unrecorded = most.committed_in = most.reached = Amount(kMost);
  CHECK(*kDecodeSums(Encode(most)) == most);
}

TEST_CASE("sums that no project has are told with the row") {
  ProjectTotals good;
  good.minted = Amount(10);
  good.moved_in = Amount(5);
  good.held = Amount(15);
  using Change = std::function<void(ProjectTotals*)>;
  for (const Change& change : std::vector<Change>{
           [](ProjectTotals* row) { row->minted = Amount(-1); },
           [](ProjectTotals* row) { row->moved_in = Amount(-5); },
           [](ProjectTotals* row) { row->unrecorded = Amount(-1); },
           [](ProjectTotals* row) { row->unrecorded = Amount(11); },  // more than was minted
           [](ProjectTotals* row) { row->committed_in = Amount(-1); },
           [](ProjectTotals* row) { row->committed_in = Amount(16); },  // more than ever came in
           [](ProjectTotals* row) { row->committed_minted = Amount(-1); },
           [](ProjectTotals* row) { row->committed_minted = Amount(11); },  // more than was minted
           [](ProjectTotals* row) { row->beyond = true; },                  // and yet known
           [](ProjectTotals* row) { row->held = Amount(14); },
           [](ProjectTotals* row) { row->held = Amount(16); },
           [](ProjectTotals* row) { row->ended = Amount(1); },
           [](ProjectTotals* row) { row->reached = Amount(1); },
           [](ProjectTotals* row) { row->with_sources = Amount(1); },
           [](ProjectTotals* row) { row->sent_back = Amount(1); },
           [](ProjectTotals* row) { row->taken_out = Amount(1); },
           [](ProjectTotals* row) { row->taken_out = Amount(kMost); },
           [](ProjectTotals* row) {  // it adds up, and one is below zero
             row->held = Amount(16);
             row->taken_out = Amount(-1);
           },
           [](ProjectTotals* row) {  // it adds up, beyond 63 bits
             row->minted = row->held = Amount(kMost);
             row->moved_in = row->reached = Amount(1);
           }}) {
    ProjectTotals row = good;
    change(&row);
    CheckImpossible(kDecodeSums(Encode(row)), "the sums of project tents after record 12");
    CheckImpossible(DecodeProjectTotals(keys::ProjectSums("", "CNY", RecordIndex(12)), Encode(row)),
                    "the sums of general money after record 12");
  }
  CHECK(kDecodeSums(Encode(good)).ok());
}

TEST_CASE("what was paid for a need has 17 bytes") {
  for (const NeedSums& row :
       {NeedSums{}, NeedSums{Amount(9), Amount(8), false}, NeedSums{Amount(kMost), Amount(kMost), false},
        NeedSums{Amount(0), Amount(0), true}}) {
    const auto read = kDecodePaid(Encode(row));
    REQUIRE(read.ok());
    CHECK(*read == row);
  }
  const NeedSums row{Amount(0x0102), Amount(3), false};
  CHECK(HexEncode(Encode(row)) == "0000000000000102000000000000000300");
  CHECK(HexEncode(Encode(NeedSums{Amount(0), Amount(0), true})) == "0000000000000000000000000000000001");
  CheckLengths(Encode(row), 17, kDecodePaid);
  // A part is no more than the whole, nothing is below zero, and what is beyond is not known.
  const std::string impossible = "what was paid for need cold, fund flood, CNY, after record 12";
  for (const NeedSums& other :
       {NeedSums{Amount(-1), Amount(-1), false}, NeedSums{Amount(-1), Amount(0), false},
        NeedSums{Amount(5), Amount(6), false}, NeedSums{Amount(5), Amount(-1), false},
        NeedSums{Amount(0), Amount(kMost), false}, NeedSums{Amount(1), Amount(0), true},
        NeedSums{Amount(1), Amount(1), true}})
    CheckImpossible(kDecodePaid(Encode(other)), impossible);
  Bytes flag = Encode(row);
  flag.back() = 2;
  CheckImpossible(kDecodePaid(flag), impossible);
}

TEST_CASE("a number has 8 bytes") {
  for (const std::uint64_t number : {0ULL, 1ULL, 0x0123456789abcdefULL, ~0ULL}) {
    const auto read = kDecodeNumber(EncodeNumber(number));
    REQUIRE(read.ok());
    CHECK(*read == number);
  }
  CHECK(HexEncode(EncodeNumber(0x0123456789abcdefULL)) == "0123456789abcdef");
  CheckLengths(EncodeNumber(5), 8, kDecodeNumber);
}

TEST_CASE("numbers that no row has are told with the row") {
  const AccountState state{Amount(100), Amount(40), Position(60), Amount(7), Position(8)};
  const auto with = [](auto row, const auto& change) {
    change(&row);
    return Encode(row);
  };
  using Change = std::function<void(AccountState*)>;
  for (const Change& change :
       std::vector<Change>{[](AccountState* row) { row->received = Amount(-1); },
                           [](AccountState* row) { row->tail = Position(101); },
                           [](AccountState* row) { row->tail = Position(-1); },
                           [](AccountState* row) { row->held = Amount(39); },  // less than the tail
                           [](AccountState* row) { row->held = Amount(101); },
                           [](AccountState* row) { row->minted = Amount(-1); },
                           [](AccountState* row) { row->minted = Amount(101); },
                           [](AccountState* row) { row->first_hole = Position(101); },
                           [](AccountState* row) { row->first_hole = Position(-1); }})
    CheckImpossible(kDecodeState(with(state, change)), "state of account 4");

  const PieceRow piece{Amount(9), AccountNumber(8), Position(7), {RecordIndex(6), 5}, false};
  const std::string at = "account 4, piece out at position 60";
  for (const std::int64_t length : {std::int64_t{0}, std::int64_t{-1}, kMost - 59, kMost})
    CheckImpossible(kDecodePiece(with(piece, [&](PieceRow* row) { row->length = Amount(length); })), at);
  for (const std::int64_t position : {std::int64_t{-1}, kMost - 8, kMost})
    CheckImpossible(kDecodePiece(with(piece, [&](PieceRow* row) { row->position = Position(position); })),
                    at);
  Bytes flag = Encode(piece);
  flag.back() = 2;
  CheckImpossible(kDecodePiece(flag), at);
  // Across an exchange the length is not one of the other line's.
  CHECK(kDecodePiece(with(piece, [](PieceRow* row) {
          row->position = Position(kMost - 8);
          row->exchange = true;
        })).ok());

  CHECK(*DecodeHole(kHole, EncodeNumber(61)) == Interval{Position(60), Position(61)});
  for (const std::int64_t to : {std::int64_t{60}, std::int64_t{0}, std::int64_t{-1}})
    CheckImpossible(DecodeHole(kHole, EncodeNumber(static_cast<std::uint64_t>(to))),
                    "account 4, hole at position 60");

  const TransferRow transfer{AccountNumber(1),
                             AccountNumber(2),
                             Amount(4),
                             Position(3),
                             Amount(4),
                             Date(20'000),
                             v1::TRANSFER_KIND_ALLOCATION};
  REQUIRE(kDecodeTransfer(Encode(transfer)).ok());
  using ChangeTransfer = std::function<void(TransferRow*)>;
  for (const ChangeTransfer& change : std::vector<ChangeTransfer>{
           [](TransferRow* row) { row->amount = row->to_amount = Amount(0); },
           [](TransferRow* row) { row->to_amount = Amount(5); },  // though it is no exchange
           [](TransferRow* row) { row->to_position = Position(-1); },
           [](TransferRow* row) { row->to_position = Position(kMost - 3); },
           [](TransferRow* row) { row->date = Date(-25'568); },  // 1899-12-31
           [](TransferRow* row) { row->date = Date(84'371); },   // 2201-01-01
           [](TransferRow* row) { row->kind = v1::TRANSFER_KIND_UNSPECIFIED; },
           [](TransferRow* row) { row->kind = static_cast<v1::TransferKind>(99); },
           [](TransferRow* row) { row->stage = static_cast<v1::Stage>(2); },
           [](TransferRow* row) { row->committed_move = static_cast<CommittedMove>(3); }})
    CheckImpossible(kDecodeTransfer(with(transfer, change)), "transfer 12.3");

  const StatementRow line{Amount(1), Amount(3), Amount(2), Date(20'000)};
  using ChangeLine = std::function<void(StatementRow*)>;
  for (const ChangeLine& change : std::vector<ChangeLine>{
           [](StatementRow* row) { row->amount = Amount(0); },
           [](StatementRow* row) { row->held = Amount(-1); },
           [](StatementRow* row) { row->held = Amount(4); },
           [](StatementRow* row) { row->date = Date(std::numeric_limits<std::int32_t>::max()); },
           [](StatementRow* row) { row->stage = static_cast<v1::Stage>(2); }})
    CheckImpossible(kDecodeStatement(with(line, change)), "account 4, statement line of transfer 12.3");
}

TEST_CASE("a message says of itself what its key says of it, and nothing that cannot be") {
  const auto decode = [](const Bytes& key, const v1::RegisterRow& row) {
    return DecodeMessage<v1::RegisterRow>(key, row.SerializeAsString());
  };
  v1::RegisterRow party;
  party.mutable_action()->mutable_register_party()->set_id("county");
  party.mutable_action()->mutable_register_party()->set_role(v1::ROLE_HOLDER);
  CHECK(decode(keys::Party("county"), party).ok());
  CheckImpossible(decode(keys::Party("ministry"), party), "party ministry");
  CheckImpossible(decode(keys::Fund("county"), party), "fund county");        // it is of another register
  party.mutable_action()->mutable_register_party()->set_role_inferred(true);  // of a HOLDER
  CheckImpossible(decode(keys::Party("county"), party), "party county");
  party.mutable_action()->mutable_register_party()->set_role(v1::ROLE_RECIPIENT);
  CHECK(decode(keys::Party("county"), party).ok());
  party.mutable_action()->mutable_register_party()->set_role_inferred(false);
  party.mutable_action()->mutable_register_party()->set_role(static_cast<v1::Role>(99));
  CheckImpossible(decode(keys::Party("county"), party), "party county");
  CHECK(DecodeMessage<v1::RegisterRow>(keys::Party("county"), "\xff").status().message() ==
        "the store is damaged: party county cannot be read; run verify");

  v1::RegisterRow asset;
  asset.mutable_action()->mutable_declare_asset()->set_code("CNY");
  asset.mutable_action()->mutable_declare_asset()->set_decimals(9);
  CHECK(decode(keys::Asset("CNY"), asset).ok());
  CheckImpossible(decode(keys::Asset("USD"), asset), "asset USD");
  asset.mutable_action()->mutable_declare_asset()->set_decimals(4'000'000'000);
  CheckImpossible(decode(keys::Asset("CNY"), asset), "asset CNY");

  v1::RegisterRow fund;
  fund.mutable_action()->mutable_open_fund()->set_id("flood");
  CHECK(decode(keys::Fund("flood"), fund).ok());
  CheckImpossible(decode(keys::Fund("mine"), fund), "fund mine");
  const Bytes past = keys::PastItem(v1::Action::kOpenFund, "flood", RecordIndex(7));
  CHECK(decode(past, fund).ok());
  CheckImpossible(decode(keys::PastItem(v1::Action::kOpenFund, "mine", RecordIndex(7)), fund),
                  "past version of fund mine");

  // A version that was replaced is older than what replaced it, and no item ended in it.
  fund.set_record(6);
  fund.set_opened(6);
  CHECK(decode(past, fund).ok());
  for (const std::uint64_t record : {std::uint64_t{7}, std::uint64_t{8}, UINT64_MAX}) {
    fund.set_record(record);
    CHECK(decode(keys::Fund("flood"), fund).ok());
    CheckImpossible(decode(past, fund), "past version of fund flood");
  }
  fund.set_record(6);
  fund.mutable_ended()->set_record(7);
  CHECK(decode(keys::Fund("flood"), fund).ok());
  CheckImpossible(decode(past, fund), "past version of fund flood");
  // An item ends behind its last version: no entry ends what it made itself.
  for (const std::uint64_t record : {std::uint64_t{6}, std::uint64_t{5}, std::uint64_t{0}}) {
    fund.mutable_ended()->set_record(record);
    CheckImpossible(decode(keys::Fund("flood"), fund), "fund flood");
  }
  fund.clear_ended();
  fund.set_opened(7);  // behind the version that there is
  CheckImpossible(decode(keys::Fund("flood"), fund), "fund flood");

  // What a record takes, and a reason of 2,000 bytes beside it; and no more.
  v1::RegisterRow large;
  large.mutable_action()->mutable_open_fund()->set_id("flood");
  large.mutable_action()->mutable_open_fund()->set_purpose(std::string(kMaxRecordBytes - 20, 'p'));
  large.mutable_ended()->set_record(1);
  large.mutable_ended()->set_reason(std::string(kMaxTextBytes, 'r'));
  REQUIRE(large.ByteSizeLong() > kMaxRecordBytes);
  CHECK(decode(keys::Fund("flood"), large).ok());
  large.mutable_ended()->set_reason(std::string(kMaxTextBytes + 100, 'r'));
  CHECK(decode(keys::Fund("flood"), large).status().message() ==
        "the store is damaged: fund flood cannot be read; run verify");

  v1::GenesisRow genesis;
  genesis.set_ledger("example.org/l");
  genesis.set_root_party("root");
  genesis.set_threshold(1);
  CheckImpossible(DecodeMessage<v1::GenesisRow>(keys::Genesis(), genesis.SerializeAsString()),
                  "the genesis row");  // it names no rules
  for (const std::uint32_t version : {2U, 5U}) genesis.add_rules()->set_version(version);
  CHECK(DecodeMessage<v1::GenesisRow>(keys::Genesis(), genesis.SerializeAsString()).ok());
  for (const std::uint32_t threshold : {0U, 33U}) {
    genesis.set_threshold(threshold);
    CheckImpossible(DecodeMessage<v1::GenesisRow>(keys::Genesis(), genesis.SerializeAsString()),
                    "the genesis row");
  }

  genesis.set_threshold(1);
  genesis.add_rules()->set_version(5);  // and never the same again, or older ones
  CheckImpossible(DecodeMessage<v1::GenesisRow>(keys::Genesis(), genesis.SerializeAsString()),
                  "the genesis row");

  v1::GenesisRow changed;
  changed.set_ledger("example.org/l");
  changed.set_root_party("root");
  changed.set_threshold(1);
  changed.add_rules()->set_version(1);
  const auto with_past = [&](std::vector<std::pair<std::uint64_t, std::uint32_t>> thresholds) {
    changed.clear_past_thresholds();
    for (const auto& [until, threshold] : thresholds) {
      auto* each = changed.add_past_thresholds();
      each->set_until(until);
      each->set_threshold(threshold);
    }
    return DecodeMessage<v1::GenesisRow>(keys::Genesis(), changed.SerializeAsString());
  };
  CHECK(with_past({{1, 2}, {7, 32}}).ok());
  for (const auto& thresholds : std::vector<std::vector<std::pair<std::uint64_t, std::uint32_t>>>{
           {{0, 2}}, {{7, 2}, {7, 1}}, {{7, 2}, {6, 1}}, {{7, 0}}, {{7, 33}}})
    CheckImpossible(with_past(thresholds), "the genesis row");

  v1::GrantRow grant;
  grant.add_permissions(v1::PERMISSION_PAY);
  const Bytes key = keys::Grant(Bytes(32, 'k'), "county");
  CHECK(DecodeMessage<v1::GrantRow>(key, grant.SerializeAsString()).ok());
  CHECK_FALSE(DecodeMessage<v1::GrantRow>(key.substr(0, 20), grant.SerializeAsString()).ok());
  // What was taken back was given before.
  const Bytes taken_back = keys::PastGrant(Bytes(32, 'k'), "county", RecordIndex(7));
  grant.set_record(6);
  CHECK(DecodeMessage<v1::GrantRow>(taken_back, grant.SerializeAsString()).ok());
  grant.set_record(7);
  CheckImpossible(DecodeMessage<v1::GrantRow>(taken_back, grant.SerializeAsString()),
                  keys::Describe(taken_back));
  grant.add_permissions(static_cast<v1::Permission>(99));
  CheckImpossible(DecodeMessage<v1::GrantRow>(key, grant.SerializeAsString()), keys::Describe(key));

  v1::AccountName name;
  name.set_party("county");
  name.set_fund("flood");
  CheckImpossible(
      DecodeMessage<v1::AccountName>(keys::AccountName(AccountNumber(4)), name.SerializeAsString()),
      "name of account 4");
  name.set_asset("CNY");
  for (const char* project : {"", "tents"}) {
    name.set_project(project);
    CHECK(DecodeMessage<v1::AccountName>(keys::AccountName(AccountNumber(4)), name.SerializeAsString()).ok());
  }
  for (const auto clear :
       {&v1::AccountName::clear_party, &v1::AccountName::clear_fund, &v1::AccountName::clear_asset}) {
    v1::AccountName without = name;
    (without.*clear)();
    CheckImpossible(
        DecodeMessage<v1::AccountName>(keys::AccountName(AccountNumber(4)), without.SerializeAsString()),
        "name of account 4");
  }
}

TEST_CASE("what was said about an item is of the kind, the item and the record that its key has") {
  constexpr auto kProject = v1::Action::kProposeProject;
  constexpr auto kApprove = v1::Action::kApproveProject;
  const auto decode = [](const Bytes& key, const v1::AttestationRow& row) {
    return DecodeMessage<v1::AttestationRow>(key, row.SerializeAsString());
  };
  const Bytes key = keys::Attestation(kProject, "tents", kApprove, RecordIndex(12), 3);
  v1::AttestationRow good;
  good.mutable_action()->mutable_approve_project()->set_project("tents");
  good.set_record(12);
  good.set_author("county");
  CHECK(decode(key, good).ok());
  const std::string words = "what was said about project tents";
  for (const Bytes& other :
       {keys::Attestation(kProject, "tents", kApprove, RecordIndex(13), 3),
        keys::Attestation(kProject, "tents", v1::Action::kReportProgress, RecordIndex(12), 3)})
    CheckImpossible(decode(other, good), words);
  CheckImpossible(decode(keys::Attestation(kProject, "coats", kApprove, RecordIndex(12), 3), good),
                  "what was said about project coats");
  CHECK_FALSE(decode(key.substr(0, key.size() - 1), good).ok());
  using Change = std::function<void(v1::AttestationRow*)>;
  for (const Change& change : std::vector<Change>{
           [](v1::AttestationRow* row) { row->clear_action(); },
           [](v1::AttestationRow* row) { row->mutable_action()->mutable_approve_project()->clear_project(); },
           [](v1::AttestationRow* row) { row->mutable_action()->mutable_verify_need()->set_need("tents"); },
           [](v1::AttestationRow* row) { row->mutable_action()->mutable_transfer(); },
           [](v1::AttestationRow* row) { row->clear_record(); },
           [](v1::AttestationRow* row) { row->set_record(11); },
           [](v1::AttestationRow* row) { row->clear_author(); }}) {
    v1::AttestationRow row = good;
    change(&row);
    CheckImpossible(decode(key, row), words);
  }
  CHECK(DecodeMessage<v1::AttestationRow>(key, "\xff").status().message() ==
        "the store is damaged: " + words + " cannot be read; run verify");
}

}  // namespace
}  // namespace fundtrail::model
