// The keys of the rows: they sort as their numbers do, ranges hold what they should, and all can be said in
// words.
#include "ledger/model/keys.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <tuple>

namespace fundtrail::model {
namespace {

// The bounds and what lies about a byte's end, where a wrong byte order shows.
const std::vector<std::uint64_t> kNumbers = {
    0, 1, 127, 128, 255, 256, 257, 65'535, 65'536, (1ULL << 32) - 1, 1ULL << 32, (1ULL << 63) - 1};

bool InRange(const Bytes& key, const Bytes& prefix) { return key.compare(0, prefix.size(), prefix) == 0; }

TEST_CASE("keys of numbers sort as the numbers do") {
  for (const std::uint64_t a : kNumbers) {
    for (const std::uint64_t b : kNumbers) {
      INFO(a << " and " << b);
      const auto position = [](std::uint64_t n) { return Position(static_cast<std::int64_t>(n)); };
      CHECK((keys::Record(RecordIndex(a)) < keys::Record(RecordIndex(b))) == (a < b));
      CHECK((keys::TreeNode(3, a) < keys::TreeNode(3, b)) == (a < b));
      CHECK((keys::AccountState(AccountNumber(a)) < keys::AccountState(AccountNumber(b))) == (a < b));
      CHECK((keys::Hole(AccountNumber(7), position(a)) < keys::Hole(AccountNumber(7), position(b))) ==
            (a < b));
      for (const std::uint64_t c : kNumbers) {
        const auto x = static_cast<std::uint32_t>(c);
        CHECK((keys::PieceOut(AccountNumber(a), position(c)) <
               keys::PieceOut(AccountNumber(b), position(a))) == (std::tie(a, c) < std::tie(b, a)));
        CHECK((keys::PieceIn(AccountNumber(a), position(c)) < keys::PieceIn(AccountNumber(b), position(a))) ==
              (std::tie(a, c) < std::tie(b, a)));
        const TransferRef first{RecordIndex(a), x};
        const TransferRef second{RecordIndex(b), 128};
        CHECK((keys::Transfer(first) < keys::Transfer(second)) == (first < second));
        CHECK((keys::Statement(AccountNumber(c), first, Side::kIn) <
               keys::Statement(AccountNumber(c), second, Side::kOut)) == (first < second));
      }
    }
  }
  const TransferRef ref{RecordIndex(1), 1};
  CHECK(keys::Statement(AccountNumber(1), ref, Side::kOut) <
        keys::Statement(AccountNumber(1), ref, Side::kIn));
}

TEST_CASE("the parts of a key can be read back") {
  for (const std::uint64_t n : kNumbers) {
    const AccountNumber account(n);
    const Position position(static_cast<std::int64_t>(n));
    const TransferRef ref{RecordIndex(n), static_cast<std::uint32_t>(n)};
    CHECK(keys::AccountOf(keys::Hole(account, position)) == account);
    CHECK(keys::PositionOf(keys::Hole(account, position)) == position);
    CHECK(keys::PositionOf(keys::PieceIn(account, position)) == position);
    CHECK(keys::AccountOf(keys::AccountState(account)) == account);
    CHECK(keys::TransferOf(keys::Transfer(ref)) == ref);
    for (const Side side : {Side::kOut, Side::kIn}) {
      const Bytes key = keys::Statement(account, ref, side);
      CHECK(keys::AccountOf(key) == account);
      CHECK(keys::StatementRefOf(key) == ref);
      CHECK(keys::StatementSideOf(key) == side);
    }
  }
  const Bytes public_key(32, '\0');  // zero bytes inside must not end it
  CHECK(keys::PartyOfGrant(keys::Grant(public_key, "county")) == "county");
  CHECK(keys::PublicKeyOfGrant(keys::Grant(public_key, "county")) == public_key);
  CHECK(keys::RecordOfLedgerKey(keys::LedgerKey(RecordIndex(7))) == RecordIndex(7));
  CHECK(keys::TextAfterTag(keys::Party("county")) == "county");
  CHECK(keys::LastText(keys::Child("ministry", "county")) == "county");
  CHECK(keys::LastText(keys::AccountByName("county", "flood", "CNY")) == "CNY");
}

TEST_CASE("a range holds the rows of one and of no other, not even of one whose name begins alike") {
  CHECK(InRange(keys::Child("ab", "x"), keys::ChildrenOf("ab")));
  CHECK_FALSE(InRange(keys::Child("abc", "x"), keys::ChildrenOf("ab")));
  CHECK(InRange(keys::AccountByName("ab", "f", "CNY"), keys::AccountsOf("ab")));
  CHECK_FALSE(InRange(keys::AccountByName("abc", "f", "CNY"), keys::AccountsOf("ab")));
  CHECK(keys::AccountByName("a", "bc", "d") != keys::AccountByName("ab", "c", "d"));
  CHECK(keys::EntryId("a", Bytes(16, 'x')) != keys::EntryId("ax", Bytes(16, 'x')));
  CHECK(InRange(keys::Grant(Bytes(32, 'k'), "p"), keys::GrantsOf(Bytes(32, 'k'))));
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
      {keys::Child("ministry", "county"), "party tree ministry/county"},
      {keys::AlternativeId("iati", "X-1"), "alternative id iati/X-1"},
      {keys::Grant(Bytes(32, '\x01'), "county"),
       "grant of key 0101010101010101010101010101010101010101010101010101010101010101 for county"},
      {keys::LedgerKey(RecordIndex(7)), "the ledger's key from record 7 on"},
      {keys::Asset("CNY"), "asset CNY"},
      {keys::Fund("flood"), "fund flood"},
      {keys::AccountByName("county", "flood", "CNY"), "account name county/flood/CNY"},
      {keys::NextAccount(), "the next account's number"},
      {keys::AccountName(AccountNumber(4)), "name of account 4"},
      {keys::AccountState(AccountNumber(4)), "state of account 4"},
      {keys::Hole(AccountNumber(4), Position(60)), "account 4, hole at position 60"},
      {keys::PieceOut(AccountNumber(3), Position(500)), "account 3, piece out at position 500"},
      {keys::PieceIn(AccountNumber(3), Position(500)), "account 3, piece in at position 500"},
      {keys::Transfer(ref), "transfer 12.3"},
      {keys::Statement(AccountNumber(4), ref, Side::kIn), "account 4, statement line of transfer 12.3"},
      {"", "an empty key"},
      {"\x01", "unknown key 01"},
  };
  std::string tags;
  for (const auto& [key, words] : table) {
    CHECK(keys::Describe(key) == words);
    tags += key.substr(0, 1);
  }
  for (const char tag : std::string("rncempqxkKsfANbauoitl")) {
    INFO("tag " << tag);
    CHECK(tags.find(tag) != std::string::npos);
  }
}

TEST_CASE("the words for a damaged key are safe to print") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string tags = "rncempqxkKsfANbauoitl?";
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
