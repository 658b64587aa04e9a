// examples/python/verify.py, which was written from docs/formats.md alone, against the real program. On the same files both must
// say the same, and give the same name to each fault.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "ledger/crypto/key_file.h"
#include "ledger/tree/proof.h"
#include "tests/audit/forging.h"
#include "tests/cli/real_ledger.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

Ran Python(const Desk& desk, const std::string& arguments) {
  return desk.Shell("/usr/bin/python3 " FUNDTRAIL_SOURCE_DIR "/examples/python/verify.py " + arguments);
}

// The ledger `l`, its archive `public`, a witness `w` and the policy `p` that asks for it.
class Place {
 public:
  Place() {
    desk.Copied([](const Desk& first) {
      RealLedger ledger(first);
      ledger.ImportTo(1);
      ledger.Archive();
      fs::remove_all(first.path("rows"));
      first.Run("keygen --out w");
      const auto key = Need(crypto::ReadKeyFile(first.path("w"), std::nullopt));
      const auto witness =
          Need(tree::MakeVerifier("w.example", tree::KeyType::kCosignature, key.public_key()));
      first.write("p", "# one witness\nlog " + ledger.vkey() + "\nwitness W\t" + tree::FormatVkey(witness) +
                           " https://w.example/\ngroup G any W\nquorum G\n");
    });
  }
  crypto::SigningKey KeyIn(const std::string& file) const {
    return Need(crypto::ReadKeyFile(desk.path(file), std::nullopt));
  }
  std::string vkey() const { return " " + VkeyOf(desk) + " "; }
  std::string Cosigned(const std::string& checkpoint) const {
    tree::Note note = Need(tree::ParseNote(checkpoint));
    note.signatures.push_back(Need(tree::CosignNoteText(note.text, "w.example", KeyIn("w"), 1'767'225'600)));
    return tree::FormatNote(note);
  }
  std::string SignedOver(const tree::Checkpoint& checkpoint) const {
    return Need(tree::SignCheckpoint(checkpoint, KeyIn("l/signing.key")));
  }

  // The name of the fault, "" when it holds, as both programs give it.
  std::string Fault(const std::string& receipt, const std::string& more = "") const {
    desk.write("receipt", receipt);
    const auto theirs = Python(desk, "receipt" + vkey() + "receipt" + more);
    const auto ours = desk.Run("receipt verify receipt --json --vkey" + vkey() + more);
    INFO(theirs.out << theirs.err << ours.out << ours.err);
    CHECK(theirs.exit == ours.exit);
    const auto answer = nlohmann::json::parse(ours.out);
    const std::string fault = answer["holds"] == true ? "" : answer["fault"].get<std::string>();
    if (fault.empty()) CHECK_THAT(theirs.out, Contains("HOLDS record "));
    if (!fault.empty()) CHECK_THAT(theirs.out, Contains("DOES NOT HOLD  " + fault + ": "));
    return fault;
  }

  const Desk desk;
};

// The record as the only leaf of a tree that the ledger's key signs.
std::string Sealed(const Place& place, const Bytes& record, std::uint64_t index = 0) {
  tree::Proof proof;
  proof.extra = record;
  proof.index = index;
  proof.checkpoint = place.SignedOver({"example.org/fts", 1, tree::LeafHash(record), {}});
  return tree::FormatProof(proof);
}

TEST_CASE("a receipt, whole and with each kind of damage: the stranger's program says the same as ours") {
  const Place place;
  REQUIRE(place.desk.Run("--ledger l proof 260 --out good").exit == 0);
  const std::string good = place.desk.read("good");
  const auto proof = Need(tree::ParseProof(good));
  CHECK(place.Fault(good) == "");
  CHECK(place.Fault("") == "NOT_A_PROOF");
  CHECK(place.Fault(good.substr(0, good.find("\n\n"))) == "NOT_A_PROOF");
  CHECK(place.Fault(good.substr(0, good.find("\n\n") + 2)) == "NOT_A_PROOF");
  CHECK(place.Fault(good.substr(0, good.size() - 5)) == "CHECKPOINT_BAD");
  std::string long_index = good;
  long_index.insert(long_index.find("index ") + 6, std::string(5'000, '1'));
  CHECK(place.Fault(long_index) == "NOT_A_PROOF");
  const auto with = [&](const std::function<void(tree::Proof*)>& change) {
    tree::Proof changed = proof;
    change(&changed);
    return place.Fault(tree::FormatProof(changed));
  };
  CHECK(with([](tree::Proof* it) { it->extra.clear(); }) == "NO_RECORD");
  CHECK(with([](tree::Proof* it) { it->index = 259; }) == "NOT_INCLUDED");
  CHECK(with([](tree::Proof* it) { it->index = 1'000'000; }) == "NOT_INCLUDED");
  CHECK(with([](tree::Proof* it) { it->path[2].bytes[5] ^= 1; }) == "NOT_INCLUDED");
  CHECK(with([](tree::Proof* it) { it->path.pop_back(); }) == "NOT_INCLUDED");
  CHECK(with([](tree::Proof* it) { it->path.emplace_back(); }) == "NOT_INCLUDED");
  CHECK(with([](tree::Proof* it) { it->extra[it->extra.size() / 2] ^= 1; }) == "RECORD_CHANGED");
  CHECK(with([](tree::Proof* it) {
          it->extra = Edited(it->extra, [](v1::Record* record) { record->set_recorded_micros(1); });
        }) == "NOT_INCLUDED");
  CHECK(with([](tree::Proof* it) { it->checkpoint.replace(it->checkpoint.find("\n295\n"), 5, "\n296\n"); }) ==
        "CHECKPOINT_BAD");
  CHECK(with([](tree::Proof* it) { it->checkpoint = "nothing\n"; }) == "CHECKPOINT_BAD");
  CHECK(with([&](tree::Proof* it) {
          it->checkpoint = Need(tree::SignCheckpoint({"example.org/fts", 295, Hash(), {}}, place.KeyIn("w")));
        }) == "WRONG_KEY");

  // What only the ledger's key can do.
  CHECK(place.Fault(Sealed(place, proof.extra, 0)) == "RECORD_WRONG");
  const Bytes first = Edited(proof.extra, [](v1::Record* record) { record->set_index(0); });
  CHECK(place.Fault(Sealed(place, first)) == "");
  CHECK(place.Fault(Sealed(place, "no record")) == "RECORD_WRONG");
  CHECK(place.Fault(Sealed(place, first + Bytes("\x78\x01", 2))) == "RECORD_WRONG");
  CHECK(place.Fault(Sealed(place, Edited(first, [](v1::Record* record) {
                             record->mutable_signed_entry()->mutable_signatures(0)->at(9) ^= 1;
                           }))) == "ENTRY_SIGNATURE_BAD");
  CHECK(place.Fault(Sealed(place, Edited(first, [](v1::Record* record) {
                             record->mutable_signed_entry()->clear_signatures();
                           }))) == "ENTRY_SIGNATURE_BAD");
}

TEST_CASE("a receipt under a policy: the stranger's program counts witnesses as ours does") {
  const Place place;
  REQUIRE(place.desk.Run("--ledger l proof 5 --out good").exit == 0);
  const std::string alone = place.desk.read("good");
  auto proof = Need(tree::ParseProof(alone));
  proof.checkpoint = place.Cosigned(proof.checkpoint);
  const std::string cosigned = tree::FormatProof(proof);
  CHECK(place.Fault(alone, " --policy p") == "NO_QUORUM");
  CHECK(place.Fault(cosigned, " --policy p") == "");
  CHECK(place.Fault(cosigned) == "");
  std::string late = cosigned;
  late[late.size() - 80] = late[late.size() - 80] == 'A' ? 'B' : 'A';
  CHECK(place.Fault(late, " --policy p") == "CHECKPOINT_BAD");
  CHECK(place.Fault(late) == "");  // without the policy the witness is nobody
  place.desk.write("public/checkpoint", place.Cosigned(place.desk.read("public/checkpoint")));
  CHECK_THAT(Python(place.desk, "archive" + place.vkey() + "public --policy p").out,
             Contains("cosigned by w.example"));
}

TEST_CASE("a policy's file: the stranger's program takes and refuses the same as ours") {
  const Place place;
  REQUIRE(place.desk.Run("--ledger l proof 5 --out good").exit == 0);
  const std::string log = place.vkey().substr(2, place.vkey().size() - 4);
  const auto witness = [](int number) {
    Bytes seed(30, 's');
    AppendBigEndian16(&seed, static_cast<std::uint16_t>(number));
    const auto key = Need(crypto::SigningKey::FromSeed(seed)).public_key();
    return tree::FormatVkey(Need(tree::MakeVerifier("w.example", tree::KeyType::kCosignature, key)));
  };
  const auto witnesses = [&](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += absl::StrCat("witness w", i, " ", witness(i), "\n");
    return text + "quorum none\n";
  };
  const std::string none = "quorum none\n", one = "witness a " + witness(1) + "\n";
  struct Case {
    std::string policy;
    bool taken;
  };
  const std::vector<Case> cases = {
      {none, true},
      {"\n \t\n# a word\n" + none, true},
      {"log " + log + "\n" + none, true},
      {one + none, true},
      {"witness \xff " + witness(1) + "\n" + none, true},
      {"witness \xc2\xa0 " + witness(1) + "\n" + none, true},
      {witnesses(256), true},
      {"", false},
      {"quorum none", false},
      {none + "# cut o", false},
      {none + none, false},
      {"quorum none\r\n", false},
      {"# a word\r\n" + none, false},
      {"# a word\v\n" + none, false},
      {"# a word\x7f\n" + none, false},
      {"# a word" + std::string(1, '\0') + "\n" + none, false},
      {"\xef\xbb\xbf" + none, false},
      {witnesses(257), false},
      {"log " + log + "\nlog " + log + "\n" + none, false},
      {"log " + witness(1) + "\n" + none, false},
      {"witness a " + log + "\n" + none, false},
      {one + "witness b " + witness(1) + "\n" + none, false},
      {one + "witness a " + witness(2) + "\n" + none, false},
      {"witness none " + witness(1) + "\n" + none, false},
      {one + "group g 0 a\n" + none, false},
      {one + "group g 01 a\n" + none, false},
      {one + "group g +1 a\n" + none, false},
      {one + "group g 2 a\n" + none, false},
      {one + "group g all a a\n" + none, false},
      {one + "group g any b\n" + none, false},
      {one + "group g any a\ngroup h any a\n" + none, false},
      {one + "quorum b\n", false},
      {"witness a x+00000000+AAAA\n" + none, false},
      {"witness a " + witness(1).substr(9) + "\n" + none, false},
      {none + std::string((1 << 20) - none.size() - 1, '#') + "\n", true},
      {none + std::string((1 << 20) - none.size(), '#') + "\n", false},
  };
  for (const Case& each : cases) {
    place.desk.write("policy", each.policy);
    const auto ours = place.desk.Run("receipt verify good --policy policy --vkey" + place.vkey());
    const auto theirs = Python(place.desk, "receipt" + place.vkey() + "good --policy policy");
    INFO(each.policy.substr(0, 200) << ": " << ours.out << ours.err << theirs.out << theirs.err);
    CHECK(ours.exit == (each.taken ? 0 : 2));
    CHECK(theirs.exit == (each.taken ? 0 : 1));
    CHECK_THAT(theirs.out, Contains(each.taken ? "HOLDS record 5" : "DOES NOT HOLD  BAD_INPUT: "));
  }
}

TEST_CASE("a signed checkpoint of no records is no ledger, to the stranger's program as to ours") {
  const Place place;
  place.desk.write("public/checkpoint", place.SignedOver({"example.org/fts", 0, tree::EmptyRoot(), {}}));
  const auto theirs = Python(place.desk, "archive" + place.vkey() + "public");
  CHECK(theirs.exit == 1);
  CHECK_THAT(theirs.out, Contains("DOES NOT HOLD  ROOT_WRONG: the checkpoint is of no records"));
  const auto ours = place.desk.Run("verify public --vkey" + place.vkey());
  CHECK(ours.exit == 1);
  CHECK_THAT(ours.out + ours.err, Contains("the checkpoint counts no record"));
}

TEST_CASE("any letter of a receipt changed: the stranger's program and ours give it one name") {
  const Place place;
  REQUIRE(place.desk.Run("--ledger l proof 70 --out good").exit == 0);
  const std::string good = place.desk.read("good");
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 24; ++round) {
    std::string changed = good;
    const std::size_t at = round % 2 == 0 ? random() % good.size() : good.size() - 1 - random() % 400;
    changed[at] = "A\n +7\xe2=b"[random() % 8];
    INFO("byte " << at << " of " << good.size() << ", now " << static_cast<int>(changed[at]));
    if (changed != good) CHECK(place.Fault(changed) != "");
  }
}

TEST_CASE("an archive's chain: the stranger's program takes ours and names the record that is wrong") {
  const Place place;
  const auto theirs = [&] { return Python(place.desk, "archive" + place.vkey() + "public"); };
  const auto whole = theirs();
  INFO(whole.out << whole.err);
  CHECK(whole.exit == 0);
  CHECK_THAT(whole.out, Contains("HOLDS 295 records, chained, with 295 good signatures and the root "));
  CHECK_THAT(place.desk.Run("verify public --vkey" + place.vkey()).out,
             Contains(whole.out.substr(whole.out.size() - 65, 64)));

  const std::string path = "public/tile/entries/000", bundle = place.desk.read(path);
  RecordList records;
  ByteView rest = bundle;
  while (const auto record = tree::TakeFromBundle(&rest)) records.emplace_back(*record);
  REQUIRE(records.size() == 256);
  const auto refused = [&](const RecordList& changed, const std::string& says) {
    Bytes bytes;
    for (const Bytes& record : changed) tree::AppendToBundle(&bytes, record);
    place.desk.write(path, bytes);
    const auto ran = theirs();
    INFO(ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.out, Contains("DOES NOT HOLD  " + says));
    place.desk.write(path, bundle);
  };
  const auto edited = [&](const std::function<void(v1::Record*)>& edit) {
    RecordList changed = records;
    changed[40] = Edited(changed[40], edit);
    return changed;
  };
  refused(Swapped(records, 40), "RECORD_WRONG: record 40: it states another number, 41");
  refused(Dropped(records, 40), "RECORD_WRONG: record 40: it states another number, 41");
  refused(Doubled(records, 40), "RECORD_WRONG: record 41: it states another number, 40");
  refused(Dropped(records, 255), "NOT_AN_ARCHIVE: ");
  refused(edited([](v1::Record* it) { it->set_recorded_micros(1); }),
          "RECORD_WRONG: record 40: it is not later");
  refused(edited([](v1::Record* it) { it->mutable_previous()->at(3) ^= 1; }),
          "RECORD_WRONG: record 40: it states another hash");
  refused(edited([](v1::Record* it) { it->mutable_signed_entry()->mutable_entry()->back() ^= 1; }),
          "ENTRY_SIGNATURE_BAD: record 40: ");
  // An outcome is nothing that this program can judge; but the next record does not follow it.
  refused(edited([](v1::Record* it) { it->mutable_outcome()->clear_transfers(); }),
          "RECORD_WRONG: record 41: it states another hash");
  const std::string checkpoint = place.desk.read("public/checkpoint");
  place.desk.write("public/checkpoint", place.SignedOver({"example.org/fts", 295, Hash(), {}}));
  CHECK_THAT(theirs().out, Contains("DOES NOT HOLD  ROOT_WRONG: "));
  place.desk.write("public/checkpoint", checkpoint.substr(0, checkpoint.size() - 9) + "AAAAAAA=\n");
  CHECK_THAT(theirs().out, Contains("DOES NOT HOLD  CHECKPOINT_BAD: "));
}

TEST_CASE("the commands for strangers' programs that docs/formats.md shows run") {
  const Place place;
  fs::create_directory(place.desk.path("ledger"));
  fs::copy(place.desk.path("l/vkey"), place.desk.path("ledger/vkey"));
  place.desk.write("none.policy", "quorum none\n");
  REQUIRE(place.desk.Run("--ledger l proof 260 --out payment.tlog-proof").exit == 0);
  std::ifstream page(FUNDTRAIL_SOURCE_DIR "/docs/formats.md");
  int commands = 0;
  for (std::string line; std::getline(page, line);) {
    const std::string start = "    examples/python/verify.py ";
    if (line.compare(0, start.size(), start) != 0) continue;
    ++commands;
    const auto ran = Python(place.desk, line.substr(start.size()));
    INFO(line << ": " << ran.out << ran.err);
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out, Contains("HOLDS "));
  }
  CHECK(commands == 3);
}

}  // namespace
}  // namespace fundtrail::testing
