// The keys of the rows: they sort as their numbers do, ranges hold what they should, and all can be said in
// words.
#include "ledger/model/row_keys.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <tuple>

#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"

namespace fundtrail::model {
namespace {

// The bounds and what lies about a byte's end, where a wrong byte order shows.
const std::vector<std::uint64_t> kNumbers = {
    0, 1, 127, 128, 255, 256, 257, 65'535, 65'536, (1ULL << 32) - 1, 1ULL << 32, (1ULL << 63) - 1};

constexpr auto kParty = v1::Action::kRegisterParty;
constexpr auto kProject = v1::Action::kProposeProject;
constexpr auto kApprove = v1::Action::kApproveProject;
constexpr auto kNeed = v1::Action::kDeclareNeed;

bool InRange(const Bytes& key, const Bytes& prefix) { return key.compare(0, prefix.size(), prefix) == 0; }

TEST_CASE("keys of numbers sort as the numbers do") {
  for (const std::uint64_t a : kNumbers) {
    for (const std::uint64_t b : kNumbers) {
      INFO(a << " and " << b);
      const auto position = [](std::uint64_t n) { return Position(static_cast<std::int64_t>(n)); };
      CHECK((keys::Record(RecordIndex(a)) < keys::Record(RecordIndex(b))) == (a < b));
      CHECK((keys::TreeNode(3, a) < keys::TreeNode(3, b)) == (a < b));
      CHECK((keys::PastItem(kParty, "x", RecordIndex(a)) < keys::PastItem(kParty, "x", RecordIndex(b))) ==
            (a < b));
      CHECK((keys::AccountState(AccountNumber(a)) < keys::AccountState(AccountNumber(b))) == (a < b));
      CHECK((keys::Hole(AccountNumber(7), position(a)) < keys::Hole(AccountNumber(7), position(b))) ==
            (a < b));
      CHECK((keys::ProjectSums("x", "CNY", RecordIndex(a)) < keys::ProjectSums("x", "CNY", RecordIndex(b))) ==
            (a < b));
      CHECK((keys::ProjectAccount("x", AccountNumber(a)) < keys::ProjectAccount("x", AccountNumber(b))) ==
            (a < b));
      CHECK((keys::NeedSums("x", "f", "CNY", RecordIndex(a)) <
             keys::NeedSums("x", "f", "CNY", RecordIndex(b))) == (a < b));
      for (const std::uint64_t c : kNumbers) {
        const auto x = static_cast<std::uint32_t>(c);
        CHECK((keys::PieceOut(AccountNumber(a), position(c)) <
               keys::PieceOut(AccountNumber(b), position(a))) == (std::tie(a, c) < std::tie(b, a)));
        CHECK((keys::PieceIn(AccountNumber(a), position(c)) < keys::PieceIn(AccountNumber(b), position(a))) ==
              (std::tie(a, c) < std::tie(b, a)));
        const TransferRef first{RecordIndex(a), x};
        const TransferRef second{RecordIndex(b), 128};
        CHECK((keys::Transfer(first) < keys::Transfer(second)) == (first < second));
        CHECK((keys::NeedOfTransfer(first) < keys::NeedOfTransfer(second)) == (first < second));
        CHECK((keys::Statement(AccountNumber(c), first, Side::kIn) <
               keys::Statement(AccountNumber(c), second, Side::kOut)) == (first < second));
        CHECK((keys::Attestation(kProject, "x", kApprove, RecordIndex(a), x) <
               keys::Attestation(kProject, "x", kApprove, RecordIndex(b), 128)) == (first < second));
      }
    }
  }
  const TransferRef ref{RecordIndex(1), 1};
  CHECK(keys::Statement(AccountNumber(1), ref, Side::kOut) <
        keys::Statement(AccountNumber(1), ref, Side::kIn));
}

template <typename T>
T Read(StatusOr<T> parts) {
  INFO(parts.status().ToString());
  REQUIRE(parts.ok());
  return *std::move(parts);
}

TEST_CASE("the parts of a key can be read back") {
  for (const std::uint64_t n : kNumbers) {
    const AccountNumber account(n);
    const Position position(static_cast<std::int64_t>(n));
    const TransferRef ref{RecordIndex(n), static_cast<std::uint32_t>(n)};
    for (const Bytes& key : {keys::Hole(account, position), keys::PieceOut(account, position),
                             keys::PieceIn(account, position)}) {
      CHECK(Read(keys::ReadOnLine(key)).account == account);
      CHECK(Read(keys::ReadOnLine(key)).position == position);
    }
    CHECK(Read(keys::ReadTransfer(keys::Transfer(ref))) == ref);
    CHECK(Read(keys::ReadRecord(keys::Record(RecordIndex(n)))) == RecordIndex(n));
    CHECK(Read(keys::ReadLedgerKey(keys::LedgerKey(RecordIndex(n)))) == RecordIndex(n));
    for (const Side side : {Side::kOut, Side::kIn}) {
      const Bytes key = keys::Statement(account, ref, side);
      CHECK(Read(keys::ReadStatement(key)).account == account);
      CHECK(Read(keys::ReadStatement(key)).ref == ref);
      CHECK(Read(keys::ReadStatement(key)).side == side);
    }
    for (const char* project : {"tents", ""}) {  // general money has sums too
      const Bytes sums = keys::ProjectSums(project, "CNY", RecordIndex(n));
      CHECK(Read(keys::ReadProjectSums(sums)).project == project);
      CHECK(Read(keys::ReadProjectSums(sums)).asset == "CNY");
      CHECK(Read(keys::ReadProjectSums(sums)).record == RecordIndex(n));
    }
    CHECK(Read(keys::ReadProjectAccount(keys::ProjectAccount("tents", account))) == account);
    const Bytes paid = keys::NeedSums("cold", "flood", "CNY", RecordIndex(n));
    CHECK(Read(keys::ReadNeedSums(paid)).need == "cold");
    CHECK(Read(keys::ReadNeedSums(paid)).fund == "flood");
    CHECK(Read(keys::ReadNeedSums(paid)).asset == "CNY");
    CHECK(Read(keys::ReadNeedSums(paid)).record == RecordIndex(n));
    CHECK(Read(keys::ReadNeedOfTransfer(keys::NeedOfTransfer(ref))) == ref);
    for (const Attestation& of : Attestations()) {
      const Bytes said =
          keys::Attestation(of.about, "tents", of.action, RecordIndex(n), static_cast<std::uint32_t>(n));
      CHECK(Read(keys::ReadAttestation(said)).about == of.about);
      CHECK(Read(keys::ReadAttestation(said)).id == "tents");
      CHECK(Read(keys::ReadAttestation(said)).action == of.action);
      CHECK(Read(keys::ReadAttestation(said)).record == RecordIndex(n));
    }
  }
  const Bytes public_key(32, '\0');  // zero bytes inside must not end it
  const Bytes grant = keys::Grant(public_key, "county");
  CHECK(Read(keys::ReadGrant(grant)).party == "county");
  CHECK(Read(keys::ReadGrant(grant)).public_key == public_key);
  for (const std::uint64_t n : kNumbers) {
    const Bytes past = keys::PastGrant(public_key, "county", RecordIndex(n));
    CHECK(Read(keys::ReadPastGrant(past)).party == "county");
    CHECK(Read(keys::ReadPastGrant(past)).public_key == public_key);
    CHECK(Read(keys::ReadPastGrant(past)).until == RecordIndex(n));
  }
  for (const Register& of : Registers()) {
    INFO(of.name);
    for (const std::uint64_t n : kNumbers) {
      const Bytes past = keys::PastItem(of.action, "county", RecordIndex(n));
      CHECK(Read(keys::ReadItem(past)).action == of.action);
      CHECK(Read(keys::ReadItem(past)).id == "county");
    }
    CHECK(Read(keys::ReadItem(keys::Item(of.action, "county"))).action == of.action);
    CHECK(Read(keys::ReadItem(keys::Item(of.action, "county"))).id == "county");
    CHECK(Read(keys::ReadChild(keys::Child(of.action, "ministry", "county"))) == "county");
    CHECK(Read(keys::ReadChild(keys::Child(of.action, "", "county"))) == "county");  // of a tree's top
    CHECK(Read(keys::ReadAtPlace(keys::AtPlace("gz", of.action, "county"))) == "county");
  }
  CHECK(keys::Party("county") == keys::Item(v1::Action::kRegisterParty, "county"));
  CHECK(keys::Asset("county") == keys::Item(v1::Action::kDeclareAsset, "county"));
  CHECK(keys::Fund("county") == keys::Item(v1::Action::kOpenFund, "county"));
  for (const char* project : {"tents", ""}) {
    const Bytes account = keys::AccountByName("county", "flood", project, "CNY");
    CHECK(Read(keys::ReadAccountByName(account)).party == "county");
    CHECK(Read(keys::ReadAccountByName(account)).fund == "flood");
    CHECK(Read(keys::ReadAccountByName(account)).project == project);
    CHECK(Read(keys::ReadAccountByName(account)).asset == "CNY");
  }
}

// Every function that takes a key apart.
std::vector<Status> ReadAll(ByteView key) {
  return {keys::ReadOnLine(key).status(),         keys::ReadTransfer(key).status(),
          keys::ReadRecord(key).status(),         keys::ReadLedgerKey(key).status(),
          keys::ReadItem(key).status(),           keys::ReadChild(key).status(),
          keys::ReadStatement(key).status(),      keys::ReadGrant(key).status(),
          keys::ReadAccountByName(key).status(),  keys::ReadProjectSums(key).status(),
          keys::ReadProjectAccount(key).status(), keys::ReadAttestation(key).status(),
          keys::ReadNeedSums(key).status(),       keys::ReadNeedOfTransfer(key).status(),
          keys::ReadAtPlace(key).status(),        keys::ReadPastGrant(key).status(),
          keys::ReadKeeping(key).status()};
}

TEST_CASE("a key that is shorter, longer or of another kind is DATA_LOSS, with the row in words") {
  const TransferRef ref{RecordIndex(12), 3};
  const Bytes statement = keys::Statement(AccountNumber(4), ref, Side::kIn);
  CHECK(keys::ReadStatement(statement.substr(0, 12)).status().message() ==
        "the store is damaged: account 4, statement line of transfer ?.?, with a key of 12 bytes instead of "
        "22 is no "
        "key of a row; run verify");
  for (const Bytes& key :
       {keys::Hole(AccountNumber(4), Position(60)), keys::Transfer(ref), keys::Record(RecordIndex(7)),
        keys::LedgerKey(RecordIndex(7)), statement, keys::ProjectSums("tents", "CNY", RecordIndex(7)),
        keys::ProjectSums("", "CNY", RecordIndex(7)), keys::ProjectAccount("tents", AccountNumber(4)),
        keys::Attestation(kProject, "tents", kApprove, RecordIndex(7), 2),
        keys::NeedSums("cold", "flood", "CNY", RecordIndex(7)), keys::NeedOfTransfer(ref)}) {
    for (std::size_t length = 0; length <= 40; ++length) {
      Bytes other = key.substr(0, length);
      other.resize(length, '\0');
      if (other == key) continue;
      INFO(HexEncode(other));
      for (const Status& status : ReadAll(other)) CHECK(status.code() == absl::StatusCode::kDataLoss);
    }
  }
  Bytes neither = statement;
  neither.back() = 2;  // neither out nor in
  CHECK(keys::ReadStatement(neither).status().code() == absl::StatusCode::kDataLoss);
  CHECK(keys::ReadOnLine(keys::Hole(AccountNumber(4), Position(-1))).status().code() ==
        absl::StatusCode::kDataLoss);
  for (const Bytes& key :
       {keys::Grant(Bytes(32, 'k'), ""), Bytes("k") + Bytes(31, 'k'), keys::Party(""),
        keys::PastGrant(Bytes(32, 'k'), "", RecordIndex(7)), keys::PastGrantsOf(Bytes(32, 'k'), "county"),
        keys::PastGrant(Bytes(31, 'k'), "", RecordIndex(7)),
        keys::PastGrant(Bytes(32, 'k'), Bytes("a\0b", 3), RecordIndex(7)),
        keys::Child(kParty, "ministry", ""), keys::Child(kParty, "", ""), Bytes("q\2ministry"),
        keys::PastItem(kParty, "", RecordIndex(7)), keys::PastOf(kParty, "county"),
        keys::Item(v1::Action::kTransfer, "county"), keys::Item(v1::Action::ACTION_NOT_SET, "county"),
        keys::Child(v1::Action::kTransfer, "ministry", "county"),
        keys::PastItem(v1::Action::kTransfer, "county", RecordIndex(7)), Bytes("h\2county") + Bytes(8, '\1'),
        keys::AccountByName("county", "", "tents", "CNY"),
        keys::AccountByName("county", "flood", "tents", ""), keys::AccountByName("county", "flood", "", ""),
        keys::AccountsOf("county"), Bytes("Acounty"),
        Bytes("Acounty\0flood\0CNY", 17),  // of a party, a fund and an asset alone
        keys::ProjectSums("tents", "", RecordIndex(7)), keys::ProjectSums("", "", RecordIndex(7)),
        keys::ProjectSumsOf("tents", "CNY"), keys::ProjectAccount("", AccountNumber(4)),
        keys::ProjectAccountsOf("tents"), keys::Attestation(kProject, "", kApprove, RecordIndex(7), 2),
        keys::AttestationsAbout(kProject, "tents"), keys::AttestationsOf(kProject, "tents", kApprove),
        keys::Attestation(v1::Action::kTransfer, "tents", kApprove, RecordIndex(7), 2),
        keys::Attestation(kProject, "tents", v1::Action::kTransfer, RecordIndex(7), 2),
        keys::NeedSums("", "flood", "CNY", RecordIndex(7)), keys::NeedSums("cold", "", "CNY", RecordIndex(7)),
        keys::NeedSums("cold", "flood", "", RecordIndex(7)), keys::NeedSumsOf("cold"),
        keys::NeedSumsOf("cold", "flood", "CNY"), keys::NeedSumsOf("cold", "flood", "CNY") + Bytes(7, '\1'),
        keys::AtPlace("", kNeed, "cold"), keys::AtPlace("gz", kNeed, ""), Bytes("vgz"), Bytes("vgz\0", 4),
        keys::AtPlace("gz", v1::Action::kTransfer, "cold"), keys::Keeping(AccountNumber(4), Date(20'000), ""),
        keys::KeepingOf(AccountNumber(4)),
        // No approval is about a need.
        keys::Attestation(v1::Action::kDeclareNeed, "tents", kApprove, RecordIndex(7), 2)}) {
    INFO(HexEncode(key));
    for (const Status& status : ReadAll(key)) CHECK(status.code() == absl::StatusCode::kDataLoss);
  }
  // Each is of one kind.
  for (const Bytes& key :
       {keys::Hole(AccountNumber(4), Position(60)), keys::Transfer(ref), statement, keys::Party("county"),
        keys::PastItem(kParty, "county", RecordIndex(7)), keys::Child(kParty, "ministry", "county"),
        keys::Child(kParty, "", "county"), keys::Grant(Bytes(32, 'k'), "county"),
        keys::PastGrant(Bytes(32, 'k'), "county", RecordIndex(7)),
        keys::AccountByName("county", "flood", "tents", "CNY"),
        keys::AccountByName("county", "flood", "", "CNY"), keys::ProjectSums("tents", "CNY", RecordIndex(7)),
        keys::ProjectSums("", "CNY", RecordIndex(7)), keys::ProjectAccount("tents", AccountNumber(4)),
        keys::Attestation(kProject, "tents", kApprove, RecordIndex(7), 2),
        keys::NeedSums("cold", "flood", "CNY", RecordIndex(7)), keys::NeedOfTransfer(ref),
        keys::AtPlace("gz", kNeed, "cold"), keys::Keeping(AccountNumber(4), Date(20'000), "roof")}) {
    const auto all = ReadAll(key);
    CHECK(std::count_if(all.begin(), all.end(), [](const Status& status) { return status.ok(); }) == 1);
  }
}

TEST_CASE("a range holds the rows of one and of no other, not even of one whose name begins alike") {
  constexpr auto kPlace = v1::Action::kDeclarePlace;
  CHECK(InRange(keys::Child(kParty, "ab", "x"), keys::ChildrenOf(kParty, "ab")));
  CHECK_FALSE(InRange(keys::Child(kParty, "abc", "x"), keys::ChildrenOf(kParty, "ab")));
  CHECK_FALSE(InRange(keys::Child(kPlace, "ab", "x"), keys::ChildrenOf(kParty, "ab")));
  CHECK_FALSE(InRange(keys::Child(kParty, "ab", "x"), keys::ChildrenOf(kParty, "")));
  CHECK(InRange(keys::Item(kParty, "ab"), keys::ItemsOf(kParty)));
  CHECK_FALSE(InRange(keys::Item(kPlace, "ab"), keys::ItemsOf(kParty)));
  CHECK(InRange(keys::PastItem(kParty, "ab", RecordIndex(9)), keys::PastOf(kParty, "ab")));
  CHECK_FALSE(InRange(keys::PastItem(kParty, "abc", RecordIndex(9)), keys::PastOf(kParty, "ab")));
  CHECK_FALSE(InRange(keys::PastItem(kPlace, "ab", RecordIndex(9)), keys::PastOf(kParty, "ab")));
  CHECK(InRange(keys::AccountByName("ab", "f", "x", "CNY"), keys::AccountsOf("ab")));
  CHECK_FALSE(InRange(keys::AccountByName("abc", "f", "x", "CNY"), keys::AccountsOf("ab")));
  CHECK(keys::AccountByName("a", "bc", "", "d") != keys::AccountByName("ab", "c", "", "d"));
  CHECK(keys::AccountByName("a", "b", "c", "d") != keys::AccountByName("a", "bc", "", "d"));
  CHECK(keys::AccountByName("a", "b", "c", "d") != keys::AccountByName("a", "b", "", "cd"));
  CHECK(InRange(keys::ProjectSums("ab", "CNY", RecordIndex(9)), keys::ProjectSumsOf("ab", "CNY")));
  CHECK_FALSE(InRange(keys::ProjectSums("abc", "CNY", RecordIndex(9)), keys::ProjectSumsOf("ab", "CNY")));
  CHECK_FALSE(InRange(keys::ProjectSums("ab", "CNYX", RecordIndex(9)), keys::ProjectSumsOf("ab", "CNY")));
  CHECK_FALSE(InRange(keys::ProjectSums("ab", "CNY", RecordIndex(9)), keys::ProjectSumsOf("", "CNY")));
  CHECK(InRange(keys::ProjectAccount("ab", AccountNumber(9)), keys::ProjectAccountsOf("ab")));
  CHECK_FALSE(InRange(keys::ProjectAccount("abc", AccountNumber(9)), keys::ProjectAccountsOf("ab")));
  const Bytes paid = keys::NeedSums("ab", "f", "CNY", RecordIndex(9));
  CHECK(InRange(paid, keys::NeedSumsOf("ab")));
  CHECK(InRange(paid, keys::NeedSumsOf("ab", "f", "CNY")));
  CHECK_FALSE(InRange(paid, keys::NeedSumsOf("a")));
  CHECK_FALSE(InRange(paid, keys::NeedSumsOf("ab", "f", "CN")));
  CHECK_FALSE(InRange(keys::NeedSums("ab", "f", "CNYX", RecordIndex(9)), keys::NeedSumsOf("ab", "f", "CNY")));
  CHECK_FALSE(InRange(keys::NeedSums("ab", "fx", "CNY", RecordIndex(9)), keys::NeedSumsOf("ab", "f", "CNY")));
  CHECK(InRange(keys::AtPlace("ab", kNeed, "x"), keys::AllAtPlace("ab", kNeed)));
  CHECK_FALSE(InRange(keys::AtPlace("abc", kNeed, "x"), keys::AllAtPlace("ab", kNeed)));
  CHECK_FALSE(InRange(keys::AtPlace("ab", kProject, "x"), keys::AllAtPlace("ab", kNeed)));
  const AccountNumber keeper(4);
  for (const Date last : {Date(0), Date(20'000), keys::kNoLastDay}) {
    const Bytes keeping = keys::Keeping(keeper, last, "roof");
    CHECK(Read(keys::ReadKeeping(keeping)).last == last);
    CHECK(Read(keys::ReadKeeping(keeping)).commitment == "roof");
    CHECK(InRange(keeping, keys::KeepingOf(keeper)));
    CHECK_FALSE(InRange(keeping, keys::KeepingOf(AccountNumber(5))));
    CHECK(keeping >= keys::KeepingFrom(keeper, last));
  }
  CHECK(keys::Keeping(keeper, Date(19'999), "z") < keys::KeepingFrom(keeper, Date(20'000)));
  CHECK(keys::Keeping(keeper, Date(20'000), "z") < keys::KeepingFrom(keeper, keys::kNoLastDay));
  const Bytes approval = keys::Attestation(kProject, "ab", kApprove, RecordIndex(9), 1);
  CHECK(InRange(approval, keys::AttestationsAbout(kProject, "ab")));
  CHECK(InRange(approval, keys::AttestationsOf(kProject, "ab", kApprove)));
  CHECK_FALSE(InRange(approval, keys::AttestationsOf(kProject, "ab", v1::Action::kReportProgress)));
  CHECK_FALSE(InRange(approval, keys::AttestationsAbout(kProject, "a")));
  CHECK_FALSE(InRange(approval, keys::AttestationsAbout(v1::Action::kDeclareNeed, "ab")));
  CHECK(keys::EntryId("a", Bytes(16, 'x')) != keys::EntryId("ax", Bytes(16, 'x')));
  CHECK(InRange(keys::Grant(Bytes(32, 'k'), "p"), keys::GrantsOf(Bytes(32, 'k'))));
  const Bytes past_grant = keys::PastGrant(Bytes(32, 'k'), "ab", RecordIndex(9));
  CHECK(InRange(past_grant, keys::PastGrantsOf(Bytes(32, 'k'))));
  CHECK(InRange(past_grant, keys::PastGrantsOf(Bytes(32, 'k'), "ab")));
  CHECK_FALSE(InRange(past_grant, keys::PastGrantsOf(Bytes(32, 'k'), "a")));
  const AccountNumber one(1);
  const AccountNumber two(2);
  CHECK(InRange(keys::Hole(one, Position(5)), keys::HolesOf(one)));
  CHECK_FALSE(InRange(keys::Hole(two, Position(5)), keys::HolesOf(one)));
  CHECK(InRange(keys::PieceOut(one, Position(5)), keys::PiecesOutOf(one)));
  CHECK(InRange(keys::PieceIn(one, Position(5)), keys::PiecesInOf(one)));
  CHECK(InRange(keys::Statement(one, {RecordIndex(9), 1}, Side::kIn), keys::StatementOf(one)));
  CHECK(InRange(keys::Transfer({RecordIndex(9), 1}), keys::TransfersOf(RecordIndex(9))));
  CHECK_FALSE(InRange(keys::Transfer({RecordIndex(10), 1}), keys::TransfersOf(RecordIndex(9))));
}

TEST_CASE("every key can be said in words") {
  const TransferRef ref{RecordIndex(12), 3};
  const std::vector<std::pair<Bytes, std::string>> table = {
      {keys::Record(RecordIndex(7)), "record 7"},
      {keys::TreeNode(3, 5), "tree node at level 3, index 5"},
      {keys::Checkpoint(), "the checkpoint"},
      {keys::EntryId("root", Bytes(16, '\x0a')), "entry id 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a of author root"},
      {keys::Genesis(), "the genesis row"},
      {keys::Party("county"), "party county"},
      {keys::Child(kParty, "ministry", "county"), "party tree ministry/county"},
      {keys::Child(v1::Action::kDeclarePlace, "", "cn"), "place tree /cn"},
      {keys::Item(v1::Action::kDeclarePlace, "gbt2260:520521"), "place gbt2260:520521"},
      {keys::PastItem(v1::Action::kDeclareCategory, "NUT", RecordIndex(7)), "past version of category NUT"},
      {Bytes("g\x28x"), "item of no register x"},
      {keys::AlternativeId("iati", "X-1"), "alternative id iati/X-1"},
      {keys::Grant(Bytes(32, '\x01'), "county"),
       "grant of key 0101010101010101010101010101010101010101010101010101010101010101 for county"},
      {keys::PastGrant(Bytes(32, '\x01'), "county", RecordIndex(7)),
       "grant of key 0101010101010101010101010101010101010101010101010101010101010101 for county until "
       "record "
       "7"},
      {keys::PastGrantsOf(Bytes(32, '\x01'), "county"),
       "grant of key 0101010101010101010101010101010101010101010101010101010101010101 for county"},
      {Bytes("R\x01"), "grant of key 01 for "},
      {keys::LedgerKey(RecordIndex(7)), "the ledger's key from record 7 on"},
      {keys::Asset("CNY"), "asset CNY"},
      {keys::Fund("flood"), "fund flood"},
      {keys::AccountByName("county", "flood", "tents", "CNY"), "account name county/flood/tents/CNY"},
      {keys::AccountByName("county", "flood", "", "CNY"), "account name county/flood//CNY"},
      {keys::ProjectSums("tents", "CNY", RecordIndex(7)), "the sums of project tents after record 7"},
      {keys::ProjectSums("", "CNY", RecordIndex(7)), "the sums of general money after record 7"},
      {keys::ProjectSums(keys::kAllProjects, "CNY", RecordIndex(7)),
       "the sums of all projects after record 7"},
      {keys::ProjectSumsOf("tents", "CNY"), "the sums of project tents"},
      {keys::ProjectSums("tents", "CNY", RecordIndex(7)).substr(0, 9), "the sums of project tents"},
      {keys::ProjectAccount("tents", AccountNumber(4)), "account 4 of project tents"},
      {Bytes("d"), "account ? of general money"},
      {keys::Attestation(kProject, "tents", kApprove, RecordIndex(7), 2),
       "what was said about project tents"},
      {keys::Attestation(v1::Action::kDeclareNeed, "coats", v1::Action::kVerifyNeed, RecordIndex(7), 2),
       "what was said about need coats"},
      {Bytes("s"), "what was said about item of no register "},
      {keys::NeedSums("cold", "flood", "CNY", RecordIndex(7)),
       "what was paid for need cold, fund flood, CNY, after record 7"},
      {keys::NeedSumsOf("cold", "flood", "CNY"), "what was paid for need cold, fund flood, CNY"},
      {keys::NeedSumsOf("cold"), "what was paid for need cold"},
      {Bytes("w"), "what was paid for need "},
      {keys::NeedOfTransfer(ref), "the need of transfer 12.3"},
      {keys::AtPlace("gz", kNeed, "cold"), "need cold at place gz"},
      {Bytes("vgz\0\x28x", 6), "item of no register x at place gz"},
      {Bytes("vgz"), "? at place gz"},
      {keys::FoundBy(kNeed, "cold", v1::Action::kPledge, "coats"), "pledge coats of need cold"},
      {Bytes("f"), "? of item of no register "},
      {keys::Acknowledged(ref, RecordIndex(14), 1), "what was acknowledged of transfer 12.3 in record 14"},
      {keys::GroupAct("coop", RecordIndex(7), 2), "an act of group coop in record 7"},
      {Bytes("G"), "an act of group "},
      {keys::Standing(kProject, "tents", RecordIndex(7)), "the verdicts over project tents after record 7"},
      {Bytes("z"), "the verdicts over item of no register "},
      {keys::SupplySums(model::Supply::kPledge, "coats", RecordIndex(7)),
       "the sums of pledge coats after record 7"},
      {Bytes("P\x09x"), "the sums of ? x"},
      {keys::Committed(AccountNumber(4), RecordIndex(7)), "what is kept of account 4 after record 7"},
      {keys::Keeping(AccountNumber(4), Date(20'000), "roof"), "what commitment roof keeps of account 4"},
      {keys::KeepingOf(AccountNumber(4)), "what commitment  keeps of account 4"},
      {keys::TransferNames(ref), "what transfer 12.3 names"},
      {keys::NextAccount(), "the next account's number"},
      {keys::AccountName(AccountNumber(4)), "name of account 4"},
      {keys::AccountState(AccountNumber(4)), "state of account 4"},
      {keys::Hole(AccountNumber(4), Position(60)), "account 4, hole at position 60"},
      {keys::PieceOut(AccountNumber(3), Position(500)), "account 3, piece out at position 500"},
      {keys::PieceIn(AccountNumber(3), Position(500)), "account 3, piece in at position 500"},
      {keys::Transfer(ref), "transfer 12.3"},
      {keys::Statement(AccountNumber(4), ref, Side::kIn), "account 4, statement line of transfer 12.3"},
      {"", "an empty key"},
      {keys::Transfer(ref).substr(0, 11), "transfer 12.?, with a key of 11 bytes instead of 13"},
      {keys::Genesis() + "2", "the genesis row, with a key of 2 bytes instead of 1"},
      {Bytes(5'000, '\xff'),
       "unknown key ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff..., with a key of 5000 "
       "bytes"},
      {"\x01", "unknown key 01"},
  };
  std::string tags;
  CHECK(std::is_sorted(keys::kTags.begin(), keys::kTags.end()));
  for (const auto& [key, words] : table) {
    CHECK(keys::Describe(key) == words);
    tags += key.substr(0, 1);
  }
  for (const char tag : std::string(keys::kTags)) {
    INFO("tag " << tag);
    CHECK(tags.find(tag) != std::string::npos);
    CHECK(keys::kTags.find(tag) != std::string::npos);
  }
}

TEST_CASE("the words for a damaged key are safe to print") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string tags = std::string(keys::kTags) + "?";
  for (int round = 0; round < 20'000; ++round) {
    Bytes key(1, tags[random() % tags.size()]);
    for (std::size_t n = random() % 45; n > 0; --n) key.push_back(static_cast<char>(random()));
    const std::string words = keys::Describe(key);
    for (const char c : words) {
      INFO(HexEncode(key));
      REQUIRE((c >= ' ' && c <= '~'));
    }
  }
}

}  // namespace
}  // namespace fundtrail::model
