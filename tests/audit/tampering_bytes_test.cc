// Tampering with bytes: any byte of any row of a store and of any file of an archive; and index rows that somebody made up.
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "ledger/audit/archive.h"
#include "tests/audit/forging.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"
#include "tests/support/supply.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;
namespace fs = std::filesystem;

// The honest ledger with a project in it, and money for a need. So it has rows of every kind but those of a ledger's key
// that was rotated. Record 8 makes the project; account 3 is the ministry's in it, and 4 the village's.
std::unique_ptr<log::Ledger> HonestWithProject() {
  auto ledger = Honest();
  const log::Clock clock = [] { return Timestamp(1'700'000'001'000'000); };
  const auto append = [&](std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock).status());
  };
  append(8, {Place("cn"), Category("SHL"), Seated(Party("auditor", "root"), "cn"),
             Programme("relief", "ministry"), InProgramme("relief", Project("tents", "ministry")),
             Decide("tents", 8, "auditor"), NeedAt("cold", "ministry", "cn", "SHL"),
             Verify("cold", 8, "auditor"), Report("tents", "ministry")});
  append(9, {Into("tents", Pay("donor", "ministry", 90)), In("tents", Pay("ministry", "village", 50))});
  append(10,
         {Party("hamlet", "ministry", v1::ROLE_RECIPIENT),
          Asking(NeedAt("thirst", "ministry", "cn", "SHL"), 500),
          Meeting("thirst", Pay("donor", "hamlet", 20)), Returning(Pay("hamlet", "donor", 5), ThisEntry(1))});
  append(11, {Place("gz", "cn", 1), Party("hub", "root"),
              Asking(NeedAt("hunger", "ministry", "gz", "SHL"), 500), Verify("hunger", 11, "auditor"),
              PledgeOf("gift", "donor", 100), Pay("donor", "hub", 60), CommitOf("kept", "hub", 30)});
  append(12, FormedCoop(12));
  Need(ledger
           ->AppendOne(SignedBytes(Entry("coop", 13, {AssignOf("part", "gift", "hunger", 40)}), {11, 12, 13}),
                       clock)
           .status());
  append(14, {Keeping("", "part", Using("kept", Meeting("hunger", Pay("hub", "hamlet", 20))))});
  append(15, {Acknowledge(Ref(9, 2), "village")});
  append(16, JudgingMembers());
  std::uint64_t id = 17;
  SeatGroup(
      [&](const std::vector<v1::Action>& actions) {
        append(id, actions);
        return id++;
      },
      "check", "cn");
  append(20, {Method("points", "ministry", {{"A", 5'000}, {"B", 5'000}})});
  Need(ledger
           ->AppendOne(
               SignedBytes(
                   Entry("check", 21, {Evaluation("good", "check", "tents", v1::Evaluate::VERDICT_CONTINUE)}),
                   {kSpeaker, kMember1, kMember2}),
               clock)
           .status());
  append(22, {Authorise(7, "village", {v1::PERMISSION_PAY})});
  append(23, {Revoke(7, "village")});
  return ledger;
}

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
  const auto ledger = HonestWithProject();
  const auto options = Trusting(ledger->vkey());
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::map<char, std::vector<std::pair<Bytes, Bytes>>> families;
  for (const auto& row : AllRows(ledger->store())) families[row.first[0]].push_back(row);
  for (const char tag : keys::kTags) {
    INFO("rows " << tag);
    REQUIRE(families.count(tag) == (tag == keys::kLedgerKeyTag ? 0U : 1U));
  }
  for (const auto& [tag, rows] : families) {
    for (int round = 0; round < 4; ++round) {
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
  const auto ledger = HonestWithProject();
  const auto options = Trusting(ledger->vkey());
  const model::AccountNumber ministry(1), village(2), village_in_project(4), hub(6), nobody(9);
  constexpr auto kProject = v1::Action::kProposeProject;
  const Bytes key_7 = PublicKey(7);
  // One of each kind that there is, and one that somebody would like to be there.
  const struct {
    Bytes row;
    std::string words;
    Bytes made_up;
    std::string words_made_up;
  } kRows[] = {
      {keys::TreeNode(1, 2), "tree node at level 1, index 2", keys::TreeNode(0, 100),
       "tree node at level 0, index 100"},
      {keys::EntryId("root", EntryId(4)), "entry id 00000000000000000000000000000004 of author root",
       keys::EntryId("root", EntryId(99)), "entry id 00000000000000000000000000000063 of author root"},
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
      {keys::PastGrant(key_7, "village", RecordIndex(23)),
       "grant of key " + HexEncode(key_7) + " for village until record 23",
       keys::PastGrant(key_7, "village", RecordIndex(22)),
       "grant of key " + HexEncode(key_7) + " for village until record 22"},
      {keys::Asset("CNY"), "asset CNY", keys::Asset("USD"), "asset USD"},
      {keys::Fund("flood"), "fund flood", keys::Fund("mine"), "fund mine"},
      {keys::AccountByName("village", "flood", "", "CNY"), "account name village/flood//CNY",
       keys::AccountByName("ghost", "flood", "", "CNY"), "account name ghost/flood//CNY"},
      {keys::AccountByName("village", "flood", "tents", "CNY"), "account name village/flood/tents/CNY",
       keys::AccountByName("village", "flood", "coats", "CNY"), "account name village/flood/coats/CNY"},
      {keys::ProjectAccount("tents", village_in_project), "account 4 of project tents",
       keys::ProjectAccount("tents", village), "account 2 of project tents"},
      {keys::ProjectSums("tents", "CNY", RecordIndex(9)), "the sums of project tents after record 9",
       keys::ProjectSums("tents", "CNY", RecordIndex(8)), "the sums of project tents after record 8"},
      {keys::ProjectSums("", "CNY", RecordIndex(2)), "the sums of general money after record 2",
       keys::ProjectSums("", "CNY", RecordIndex(6)), "the sums of general money after record 6"},
      {keys::Attestation(kProject, "tents", v1::Action::kApproveProject, RecordIndex(8), 5),
       "what was said about project tents",
       keys::Attestation(kProject, "coats", v1::Action::kApproveProject, RecordIndex(8), 5),
       "what was said about project coats"},
      {keys::NeedSums("thirst", "flood", "CNY", RecordIndex(10)),
       "what was paid for need thirst, fund flood, CNY, after record 10",
       keys::NeedSums("thirst", "flood", "CNY", RecordIndex(9)),
       "what was paid for need thirst, fund flood, CNY, after record 9"},
      {keys::NeedOfTransfer(TransferRef{RecordIndex(10), 1}), "the need of transfer 10.1",
       keys::NeedOfTransfer(TransferRef{RecordIndex(10), 2}), "the need of transfer 10.2"},
      {keys::AtPlace("cn", v1::Action::kDeclareNeed, "cold"), "need cold at place cn",
       keys::AtPlace("cn", v1::Action::kDeclareNeed, "coats"), "need coats at place cn"},
      {keys::Acknowledged(TransferRef{RecordIndex(9), 2}, RecordIndex(15), 0),
       "what was acknowledged of transfer 9.2 in record 15",
       keys::Acknowledged(TransferRef{RecordIndex(9), 1}, RecordIndex(15), 0),
       "what was acknowledged of transfer 9.1 in record 15"},
      {keys::FoundBy(v1::Action::kPledge, "gift", v1::Action::kAssign, "part"),
       "assignment part of pledge gift",
       keys::FoundBy(v1::Action::kPledge, "gift", v1::Action::kAssign, "most"),
       "assignment most of pledge gift"},
      {keys::GroupAct("coop", RecordIndex(13), 0), "an act of group coop in record 13",
       keys::GroupAct("coop", RecordIndex(12), 0), "an act of group coop in record 12"},
      {keys::Standing(kProject, "tents", RecordIndex(21)), "the verdicts over project tents after record 21",
       keys::Standing(kProject, "tents", RecordIndex(20)), "the verdicts over project tents after record 20"},
      {keys::NextAccount(), "the next account's number", keys::NextAccount() + "2",
       "the next account's number, with a key of 2 bytes instead of 1"},
      {keys::AccountName(village), "name of account 2", keys::AccountName(nobody), "name of account 9"},
      {keys::AccountState(village), "state of account 2", keys::AccountState(nobody), "state of account 9"},
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
      {keys::SupplySums(model::Supply::kPledge, "gift", RecordIndex(13)),
       "the sums of pledge gift after record 13",
       keys::SupplySums(model::Supply::kPledge, "gift", RecordIndex(12)),
       "the sums of pledge gift after record 12"},
      {keys::SupplySums(model::Supply::kAssignment, "part", RecordIndex(14)),
       "the sums of assignment part after record 14",
       keys::SupplySums(model::Supply::kAssignment, "most", RecordIndex(14)),
       "the sums of assignment most after record 14"},
      {keys::SupplySums(model::Supply::kNeed, "hunger", RecordIndex(14)),
       "the sums of need hunger after record 14",
       keys::SupplySums(model::Supply::kNeed, "cold", RecordIndex(14)),
       "the sums of need cold after record 14"},
      {keys::SupplySums(model::Supply::kCommitment, "kept", RecordIndex(11)),
       "the sums of commitment kept after record 11",
       keys::SupplySums(model::Supply::kCommitment, "kept", RecordIndex(12)),
       "the sums of commitment kept after record 12"},
      {keys::Committed(hub, RecordIndex(14)), "what is kept of account 6 after record 14",
       keys::Committed(hub, RecordIndex(12)), "what is kept of account 6 after record 12"},
      {keys::TransferNames(TransferRef{RecordIndex(14), 1}), "what transfer 14.1 names",
       keys::TransferNames(TransferRef{RecordIndex(14), 2}), "what transfer 14.2 names"},
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
    for (int round = 0; round < 3; ++round) {
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
