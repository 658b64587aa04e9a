// Tampering with bytes: any byte of any row of a store and of any file of an archive; and index rows that somebody made up.
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "ledger/audit/archive.h"
#include "tests/audit/forging.h"
#include "tests/support/ledgers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;
namespace fs = std::filesystem;

// One byte of it, changed in any way.
Bytes Flipped(Bytes bytes, std::mt19937_64* random, std::size_t* at) {
  *at = (*random)() % bytes.size();
  bytes[*at] = static_cast<char>(bytes[*at] ^ static_cast<char>(1 + (*random)() % 255));
  return bytes;
}

// A record that no longer is what it was: itself is bad, or the next no longer follows it, or the root is another.
bool NamesRecord(const v1::VerifyAnswer& answer, std::uint64_t record, std::uint64_t size) {
  if (!answer.has_bad_record())
    return record + 1 == size && Has(answer.problem(), "do not have the root that the checkpoint signs");
  return (answer.bad_record() == record || answer.bad_record() == record + 1) &&
         Has(answer.problem(), absl::StrCat("record ", answer.bad_record(), ": "));
}

TEST_CASE("any byte of any row, value or key, may be changed: it is found and named") {
  const auto ledger = Honest();
  const auto options = Trusting(ledger->vkey());
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::map<char, std::vector<std::pair<Bytes, Bytes>>> families;
  for (const auto& row : AllRows(ledger->store())) families[row.first[0]].push_back(row);
  for (const char tag : std::string("rnceamghqxkANbuoitl")) {
    INFO("rows " << tag);
    REQUIRE(families.count(tag) == 1);
  }
  for (const auto& [tag, rows] : families) {
    for (int round = 0; round < 12; ++round) {
      const auto& [key, value] = rows[random() % rows.size()];
      const bool in_key = value.empty() || round % 4 == 3;
      std::size_t at = 0;
      const Bytes changed = Flipped(in_key ? key : value, &random, &at);
      INFO(keys::Describe(key) << ", byte " << at << " of its " << (in_key ? "key" : "value") << " is now "
                               << static_cast<int>(static_cast<unsigned char>(changed[at])));
      store::Overlay damaged(ledger->store());
      if (in_key) damaged.Delete(key);
      damaged.Put(in_key ? changed : key, in_key ? value : changed);
      const auto answer = Need(audit::VerifyStore(damaged, options));
      INFO(answer.problem());
      CHECK_FALSE(answer.holds());
      if (tag == keys::kCheckpointTag) {
        CHECK_THAT(answer.problem(), Contains("checkpoint"));
      } else if (tag == keys::kRecordTag) {
        CHECK((in_key ? answer.has_bad_record()
                      : NamesRecord(answer, ReadBigEndian64(ByteView(key).substr(1)), ledger->size())));
      } else if (!in_key) {
        CHECK(answer.problem() == "a row differs from what the records give: " + keys::Describe(key));
      } else {
        CHECK((Has(answer.problem(), keys::Describe(key)) || Has(answer.problem(), keys::Describe(changed)) ||
               answer.has_bad_record()));
      }
    }
  }
}

TEST_CASE("index rows that were changed, taken away or made up are named in words") {
  const auto ledger = Honest();
  const auto options = Trusting(ledger->vkey());
  const model::AccountNumber ministry(1), village(2);
  const Bytes key_7 = PublicKey(7);
  // One of each kind that there is, and one that somebody would like to be there.
  const struct {
    Bytes row;
    std::string words;
    Bytes made_up;
    std::string words_made_up;
  } kRows[] = {
      {keys::TreeNode(1, 2), "tree node at level 1, index 2", keys::TreeNode(0, 8),
       "tree node at level 0, index 8"},
      {keys::EntryId("root", EntryId(4)), "entry id 00000000000000000000000000000004 of author root",
       keys::EntryId("root", EntryId(9)), "entry id 00000000000000000000000000000009 of author root"},
      {keys::Genesis(), "the genesis row", keys::Genesis() + "2",
       "the genesis row, with a key of 2 bytes instead of 1"},
      {keys::Party("ministry"), "party ministry", keys::Party("ghost"), "party ghost"},
      {keys::PastItem(v1::Action::kOpenFund, "flood", RecordIndex(6)), "past version of fund flood",
       keys::PastItem(v1::Action::kOpenFund, "mine", RecordIndex(6)), "past version of fund mine"},
      {keys::Child(v1::Action::kRegisterParty, "ministry", "village"), "party tree ministry/village",
       keys::Child(v1::Action::kRegisterParty, "root", "village"), "party tree root/village"},
      {keys::AlternativeId("XM-DAC", "41122"), "alternative id XM-DAC/41122",
       keys::AlternativeId("XM-DAC", "41123"), "alternative id XM-DAC/41123"},
      {keys::Grant(PublicKey(1), "root"), "grant of key " + HexEncode(PublicKey(1)) + " for root",
       keys::Grant(key_7, "root"), "grant of key " + HexEncode(key_7) + " for root"},
      {keys::Asset("CNY"), "asset CNY", keys::Asset("USD"), "asset USD"},
      {keys::Fund("flood"), "fund flood", keys::Fund("mine"), "fund mine"},
      {keys::AccountByName("village", "flood", "CNY"), "account name village/flood/CNY",
       keys::AccountByName("ghost", "flood", "CNY"), "account name ghost/flood/CNY"},
      {keys::NextAccount(), "the next account's number", keys::NextAccount() + "2",
       "the next account's number, with a key of 2 bytes instead of 1"},
      {keys::AccountName(village), "name of account 2", keys::AccountName(model::AccountNumber(3)),
       "name of account 3"},
      {keys::AccountState(village), "state of account 2", keys::AccountState(model::AccountNumber(3)),
       "state of account 3"},
      {keys::Hole(ministry, Position(110)), "account 1, hole at position 110",
       keys::Hole(ministry, Position(0)), "account 1, hole at position 0"},
      {keys::PieceOut(ministry, Position(100)), "account 1, piece out at position 100",
       keys::PieceOut(village, Position(40)), "account 2, piece out at position 40"},
      {keys::PieceIn(village, Position(300)), "account 2, piece in at position 300",
       keys::PieceIn(village, Position(310)), "account 2, piece in at position 310"},
      {keys::Transfer(TransferRef{RecordIndex(4), 1}), "transfer 4.1",
       keys::Transfer(TransferRef{RecordIndex(4), 2}), "transfer 4.2"},
      {keys::Statement(village, TransferRef{RecordIndex(4), 1}, model::Side::kIn),
       "account 2, statement line of transfer 4.1",
       keys::Statement(village, TransferRef{RecordIndex(4), 2}, model::Side::kIn),
       "account 2, statement line of transfer 4.2"},
  };
  for (const auto& one : kRows) {
    INFO(one.words);
    const Bytes value = Need(ledger->store().Get(one.row)).value();
    const auto finds = [&](const Bytes& key, const std::optional<Bytes>& now, const std::string& says) {
      store::Overlay forged(ledger->store());
      if (now.has_value()) forged.Put(key, *now);
      if (!now.has_value()) forged.Delete(key);
      const auto answer = Need(audit::VerifyStore(forged, options));
      CHECK_FALSE(answer.holds());
      CHECK_FALSE(answer.has_bad_record());
      CHECK(answer.problem() == says);
    };
    finds(one.row, value + "x", "a row differs from what the records give: " + one.words);
    finds(one.row, std::nullopt, "a row is missing: " + one.words);
    finds(one.made_up, value, "a row does not follow from the records: " + one.words_made_up);
  }
}

TEST_CASE("any byte of any file of an archive may be changed: it is found and named") {
  Need(crypto::Init());
  google::protobuf::SetLogHandler(nullptr);
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::vector<Bytes> entries;
  for (std::uint64_t id = 1; id < 300; ++id) entries.push_back(PaymentBytes(id));
  for (const auto& receipt : ledger->Append(entries, clock.Read())) Need(receipt.status());
  const TempDir temp;
  Need(audit::WriteArchive(ledger->store(), temp / "a", {}).status());
  FileMap files;
  for (const auto& file : fs::recursive_directory_iterator(temp / "a")) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    files[fs::relative(file.path(), temp / "a")] = Bytes(std::istreambuf_iterator<char>(in), {});
  }
  REQUIRE(files.size() == 6);  // the checkpoint, full and partial bundles and tiles
  const auto options = Trusting(ledger->vkey());
  REQUIRE(VerifyFiles(files, options).holds());

  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const auto& [path, bytes] : files) {
    for (int round = 0; round < 10; ++round) {
      FileMap damaged = files;
      std::size_t at = 0;
      damaged[path] = Flipped(bytes, &random, &at);
      INFO(path << ", byte " << at << " is now "
                << static_cast<int>(static_cast<unsigned char>(damaged[path][at])));
      const auto answer = VerifyFiles(damaged, options);
      INFO(answer.problem());
      CHECK_FALSE(answer.holds());
      if (!Has(path, "entries")) {
        CHECK_THAT(answer.problem(), Contains(path));
        continue;
      }
      std::uint64_t record = Has(path, "001") ? 256 : 0;
      ByteView rest = bytes;
      for (auto entry = tree::TakeFromBundle(&rest); bytes.size() - rest.size() <= at;
           entry = tree::TakeFromBundle(&rest))
        ++record;
      CHECK(NamesRecord(answer, record, ledger->size()));
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
