// The bytes of the formats, fixed for good: a signed entry, its record, the checkpoint, and every row, from
// fixed keys and a fixed clock. If this test fails then ledgers that exist can no longer be verified, and
// signatures that were made no longer hold. Change the program back, or make a new version of the format.
//
// The files in tests/golden were written once, with FUNDTRAIL_WRITE_GOLDEN=1.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {
namespace {

// Hexadecimal in lines of 32 bytes.
std::string HexLines(ByteView bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 32) text += HexEncode(bytes.substr(at, 32)) + "\n";
  return text;
}

void CompareGolden(const std::string& name, const std::string& text) {
  const std::string path = std::string(FUNDTRAIL_GOLDEN) + "/" + name;
  if (std::getenv("FUNDTRAIL_WRITE_GOLDEN") != nullptr) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    REQUIRE(file.flush().good());
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream golden;
  golden << file.rdbuf();
  INFO(path);
  CHECK(golden.str() == text);
}

// Every action and nearly every field once.
v1::Entry FullEntry() {
  v1::Entry entry = Entry(
      "root", 1,
      {Place("gbt2260:420000"), Party("donor", "root", v1::ROLE_SOURCE), Party("ministry", "root"),
       Party("village", "ministry", v1::ROLE_RECIPIENT), Fund("flood", "root"), Fund("school", "root"),
       Asset("CNY", 2), Asset("USD", 2),
       Authorise(2, "ministry", {v1::PERMISSION_PAY, v1::PERMISSION_APPROVE}, true),
       Authorise(3, "root", {v1::PERMISSION_ADMINISTER}), Revoke(3, "root"), Pay("donor", "ministry", 10'000),
       Pay("donor", "ministry", 5'000), Drawing(Pay("ministry", "village", 3'000), {ThisEntry(2)}),
       Pay("ministry", "village", 11'000, v1::TRANSFER_KIND_DISBURSEMENT),
       Returning(Pay("village", "ministry", 1'000), ThisEntry(4)), Reclassify("ministry", "school", 500),
       Exchange("ministry", "ministry", 700, "USD", 100)});
  entry.set_memo("春季救灾款 – spring relief");
  auto* document = entry.add_documents();
  document->set_sha256(Bytes(32, '\x11'));
  document->set_title("Decision 7 of 2026");
  auto* source = entry.mutable_source();
  source->set_sha256(Bytes(32, '\x22'));
  source->set_name("payments.csv");
  source->set_first_row(0);
  source->set_last_row(6);
  auto* party = entry.mutable_actions(2)->mutable_register_party();
  party->set_kind(v1::RegisterParty::KIND_GOVERNMENT);
  party->set_place("gbt2260:420000");
  auto* alternative = party->add_alternative_ids();
  alternative->set_scheme("gbt2260");
  alternative->set_id("420000");
  auto* transfer = entry.mutable_actions(14)->mutable_transfer();
  transfer->set_project_words("tents for the winter");
  transfer->set_value_date("2026-02-11");
  transfer->set_purpose("winter tents");
  transfer->set_reference("payments.csv:3");
  // Projects and needs. The entry is record 1, and makes the versions that are approved and verified.
  const std::string place = "gbt2260:420000";
  v1::Action project = InProgramme("winter", Project("tents", "ministry"));
  auto* part = project.mutable_propose_project()->add_places();
  part->set_place(place);
  part->set_basis_points(10'000);
  for (const v1::Action& action :
       {Seated(Party("auditor", "root"), place), Category("SHL"), Programme("winter", "ministry"), project,
        Decide("tents", 1, "auditor"), NeedAt("cold", "ministry", place, "SHL"), Verify("cold", 1, "auditor"),
        Deployment("team", "ministry", "village", place, "SHL"), Report("tents", "ministry"),
        Into("tents", Pay("donor", "ministry", 2'000)),
        In("tents", Committed(Pay("ministry", "village", 1'500))),
        In("tents", ToGeneral(Move("ministry", 100)))})
    *entry.add_actions() = action;
  return entry;
}

TEST_CASE("the bytes of entry, record, checkpoint and rows are those of the golden files") {
  TestClock clock;
  const Bytes genesis = SignedBytes(Entry("root", 0, {Genesis({1, 2}, 1)}), {1});
  auto ledger = Need(
      log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey), genesis, clock.Read()));
  clock.now += 1'234'567;
  const Bytes signed_entry = SignedBytes(FullEntry(), {1, 2});
  const log::Receipt receipt = Need(ledger->AppendOne(signed_entry, clock.Read()));

  CompareGolden("signed_entry.hex", HexLines(signed_entry));
  CompareGolden("record.hex", HexLines(*Need(ledger->store().Get(model::keys::Record(receipt.record)))));
  CompareGolden("checkpoint.txt", receipt.checkpoint);
  std::string rows;
  for (const auto& [key, value] : AllRows(ledger->store())) {
    const bool elsewhere = key[0] == model::keys::kRecordTag || key[0] == model::keys::kCheckpointTag;
    if (!elsewhere) rows += HexEncode(key) + " " + HexEncode(value) + " " + model::keys::Describe(key) + "\n";
  }
  CompareGolden("rows.txt", rows);
}

TEST_CASE("the bytes of a changed root and of a rotated key are those of the golden file") {
  TestClock clock;
  log::KeyRing ring;
  ring.prepared = [](const crypto::PublicKey&) { return StatusOr<crypto::SigningKey>(Key(78)); };
  const Bytes genesis = SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1});
  auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey), genesis,
                                         clock.Read(), ring));
  const Bytes signed_entry =
      SignedBytes(Entry("root", 1, {ChangeRoot(2, {2, 3}, {1}), Rotate(kLedgerKey, 78)}), {1, 2, 3});
  const log::Receipt receipt = Need(ledger->AppendOne(signed_entry, clock.Read()));
  std::string text =
      "signed entry\n" + HexLines(signed_entry) + "checkpoint\n" + receipt.checkpoint + "rows\n";
  for (const auto& [key, value] : AllRows(ledger->store())) {
    const bool of_these = std::string("kmKR").find(key[0]) != std::string::npos;
    if (of_these) text += HexEncode(key) + " " + HexEncode(value) + " " + model::keys::Describe(key) + "\n";
  }
  CompareGolden("rotation.txt", text);
}

TEST_CASE("the bytes of rows about needs are those of the golden file") {
  TestClock clock;
  const Bytes genesis = SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1});
  auto ledger = Need(
      log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey), genesis, clock.Read()));
  const v1::Entry entry = Entry(
      "root", 1,
      {Place("gz"), Category("SHL"), Party("donor", "root", v1::ROLE_SOURCE),
       Party("village", "root", v1::ROLE_RECIPIENT), Party("hamlet", "root", v1::ROLE_RECIPIENT),
       Fund("flood", "root"), Asset("CNY"), Asking(NeedAt("cold", "root", "gz", "SHL"), 1'000),
       Meeting("cold", Pay("donor", "village", 300)), Committed(Meeting("cold", Pay("donor", "hamlet", 200))),
       Returning(Pay("village", "donor", 50), ThisEntry(1))});
  Need(ledger->AppendOne(SignedBytes(entry, {1}), clock.Read()).status());
  std::string text;
  for (const auto& [key, value] : AllRows(ledger->store())) {
    const bool of_these = key[0] == model::keys::kNeedSumsTag || key[0] == model::keys::kNeedOfTransferTag;
    if (of_these) text += HexEncode(key) + " " + HexEncode(value) + " " + model::keys::Describe(key) + "\n";
  }
  CompareGolden("needs.txt", text);
}

TEST_CASE("a ledger of the golden files is whole") {
  // Read back from the files and not from this program's memory: the record is taken, and gives the
  // checkpoint.
  const auto read = [](const std::string& name) {
    std::ifstream file(std::string(FUNDTRAIL_GOLDEN) + "/" + name);
    std::string text;
    for (std::string line; std::getline(file, line);) text += line;
    return Need(HexDecode(text));
  };
  const auto decoded = Need(model::DecodeSignedEntry(read("signed_entry.hex")));
  CHECK(decoded.signers.size() == 2);
  const v1::Record record = Need(log::ParseRecord(read("record.hex")));
  CHECK(record.index() == 1);
  CHECK(record.recorded_micros() == 1'772'359'201'234'567);
  CHECK(model::SerialiseDeterministic(record.signed_entry()) == read("signed_entry.hex"));
  std::string pieces;
  for (const auto& transfer : record.outcome().transfers()) pieces += Text(transfer) + "\n";
  CHECK(pieces ==
        "[0,10000) -> 0\n"
        "[10000,15000) -> 10000\n"
        "[10000,13000) -> 0\n"
        "[0,10000) [13000,14000) -> 3000\n"
        "[3000,4000) -> 15000\n"
        "[14000,14500) -> 0\n"
        "[14500,15200) -> 0\n"
        "[15000,17000) -> 0\n"
        "[0,1500) -> 0\n"
        "[1500,1600) -> 16000\n");
}

}  // namespace
}  // namespace fundtrail::testing
