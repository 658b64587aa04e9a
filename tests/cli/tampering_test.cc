// Tampering with a ledger of real payments and with its archive, found by the real program. It is of any byte of the store's own
// files, rows that were changed where the program would not, a rollback, a second history.
#include <catch2/catch.hpp>
#include <random>

#include "ledger/crypto/key_file.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/rocks.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/tiles.h"
#include "tests/cli/real_ledger.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;
namespace keys = model::keys;

// The ledger `l` of 295 records with its archive `public`; a backup `older` of it and its checkpoint `older.checkpoint`. What
// was verified is kept in `seen`, and the newest checkpoint in `newest`.
class Place {
 public:
  Place() {
    desk.Copied([](const Desk& first) {
      RealLedger ledger(first);
      ledger.ImportTo(0.4);
      fs::copy(first.path("l"), first.path("older"), fs::copy_options::recursive);
      first.write("older.checkpoint", first.Run("--ledger l checkpoint").out);
      ledger.ImportTo(1);
      ledger.Archive();
      fs::remove_all(first.path("rows"));
      first.write("newest", first.Run("--ledger l checkpoint").out);
    });
    REQUIRE(Verify("l").exit == 0);
    REQUIRE(Verify("public").exit == 0);
  }
  Ran Verify(const std::string& what, const std::string& how = "--state seen") const {
    static const bool shm = fs::is_directory("/dev/shm");
    return desk.Run("verify " + what + Vkey() + how + (shm ? " --scratch /dev/shm" : ""));
  }
  std::string Vkey() const { return " --vkey " + VkeyOf(desk) + " "; }
  std::string Root(const Ran& ran) const {
    const auto at = ran.out.find("root ");
    return at == std::string::npos ? "" : ran.out.substr(at + 5, 64);
  }
  crypto::SigningKey LedgerKey() const {
    return crypto::ReadKeyFile(desk.path("l/signing.key"), std::nullopt).value();
  }

  const Desk desk;
};

// Never: another history that holds. Damage is told; or the byte says nothing, and the same is shown. Or the last
// records look as if they had not been written when the power went. Then who verified before is warned.
TEST_CASE("any byte of the store's own files may be changed: nothing else is ever shown as true") {
  const Place place;
  const std::string root = place.Root(place.Verify("l"));
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::size_t kinds = 0, told = 0;
  for (const auto& file : fs::directory_iterator(place.desk.path("l/store"))) {
    const std::string name = "l/store/" + file.path().filename().string(), bytes = place.desk.read(name);
    if (bytes.empty()) continue;
    ++kinds;
    for (int round = 0; round < 5; ++round) {
      std::string flipped = bytes;
      const std::size_t at = random() % bytes.size();
      flipped[at] = static_cast<char>(flipped[at] ^ static_cast<char>(1 + random() % 255));
      place.desk.write(name, flipped);
      const auto ran = place.Verify("l");
      INFO(name << ", byte " << at << ": " << ran.out << ran.err);
      if (ran.exit == 0) {
        CHECK((place.Root(ran) == root || Has(ran.err, "the checkpoint that was seen here before has")));
      } else {
        CHECK(ran.exit == 1);
        CHECK((Has(ran.out + ran.err, "the ledger's files in l/store are damaged")));
        ++told;
      }
    }
    place.desk.write(name, bytes);
  }
  CHECK(kinds >= 5);  // tables, log, MANIFEST, CURRENT and what nobody reads
  CHECK(told >= 10);
  CHECK(place.Verify("l").exit == 0);
}

TEST_CASE("a store that was cut short or lost a file is damaged, or shows that records are gone") {
  const Place place;
  // A store that is closed writes a long log into tables, and keeps a short one: this record stands in the log.
  const auto added = place.desk.Run("--ledger l party add late --name Late --role holder --key k");
  INFO(added.out << added.err);
  REQUIRE(added.exit == 0);
  place.desk.write("newest", place.desk.Run("--ledger l checkpoint").out);
  REQUIRE(place.Verify("l").exit == 0);
  int journals = 0;
  for (const auto& file : fs::directory_iterator(place.desk.path("l/store"))) {
    const std::string name = "l/store/" + file.path().filename().string(), bytes = place.desk.read(name);
    const bool table = file.path().extension() == ".sst", journal = file.path().extension() == ".log";
    if ((!table && !journal) || bytes.size() < 100)
      continue;  // a log whose rows all went into tables is empty
    INFO(name << ", " << bytes.size() << " bytes");
    if (journal) ++journals;
    place.desk.write(name, bytes.substr(0, bytes.size() - 100));
    const auto cut = place.Verify("l");
    INFO(cut.out << cut.err);
    if (table) CHECK((cut.exit == 1 && Has(cut.out + cut.err, "are damaged")));
    if (journal) {  // as after a pulled plug: no damage in itself
      CHECK(cut.exit == 0);
      CHECK_THAT(cut.err, Contains("this is an older copy, or the ledger was rolled back"));
      const auto since = place.Verify("l", "--since newest");
      CHECK(since.exit == 1);
      CHECK_THAT(since.out, Contains("DOES NOT HOLD  the checkpoint in newest has "));
      CHECK_THAT(since.out, Contains("records were taken away, or this is an older copy"));
    }
    place.desk.write(name, bytes);
  }
  CHECK(journals == 1);
}

TEST_CASE("a row of the store that was changed is named, be it a record or one that follows from records") {
  const Place place;
  const auto with = [&](const Bytes& key, const std::function<std::optional<Bytes>(Bytes)>& change) {
    fs::remove_all(place.desk.path("t"));
    fs::copy(place.desk.path("l"), place.desk.path("t"), fs::copy_options::recursive);
    {
      const auto rows = store::OpenRocks(place.desk.path("t/store"), store::Access::kWrite).value();
      const auto now = change(rows->Get(key).value().value_or(""));
      REQUIRE(rows->Write({{key, now}}).ok());
    }
    const auto ran = place.Verify("t");
    INFO(ran.out << ran.err);
    CHECK(ran.exit == 1);
    return ran.out.substr(0, ran.out.find('\n'));
  };
  const auto flip = [](Bytes bytes) {
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return std::optional(bytes);
  };
  const auto drop = [](const Bytes&) { return std::optional<Bytes>(); };
  const auto record = [](std::uint64_t index) { return keys::Record(RecordIndex(index)); };
  CHECK_THAT(with(record(137), flip), Contains("DOES NOT HOLD  record 137: the outcome of transfer 137."));
  CHECK(with(record(137), drop) == "DOES NOT HOLD  record 137: is missing, or its key is damaged");
  CHECK(with(record(294), drop) ==
        "DOES NOT HOLD  record 294: is missing: the checkpoint counts more records");
  CHECK(with(record(295), [](const Bytes&) { return std::optional<Bytes>("x"); }) ==
        "DOES NOT HOLD  record 295: stands behind the checkpoint's last record");
  const auto state = keys::AccountState(model::AccountNumber(3));
  CHECK(with(state, flip) == "DOES NOT HOLD  a row differs from what the records give: state of account 3");
  CHECK(with(state, drop) == "DOES NOT HOLD  a row is missing: state of account 3");
  CHECK(with(keys::Party("ghost"), [](const Bytes&) { return std::optional<Bytes>("x"); }) ==
        "DOES NOT HOLD  a row does not follow from the records: party ghost");
  const std::string stranger = tree::SignCheckpoint({"example.org/fts", 295, Hash(), {}},
                                                    crypto::SigningKey::FromSeed(Bytes(32, '\1')).value())
                                   .value();
  CHECK_THAT(with(keys::Checkpoint(), [&](const Bytes&) { return std::optional<Bytes>(stranger); }),
             Contains("DOES NOT HOLD  the checkpoint: "));
}

TEST_CASE("an archive that was changed is refused by verify and by clone, with the record or the file") {
  const Place place;
  const std::string path = "public/tile/entries/000", bundle = place.desk.read(path);
  std::vector<Bytes> records;
  ByteView rest = bundle;
  while (const auto record = tree::TakeFromBundle(&rest)) records.emplace_back(*record);
  REQUIRE(records.size() == 256);
  const auto refused = [&](const std::string& file, const std::string& bytes, const std::string& says) {
    const std::string before = place.desk.read(file);
    place.desk.write(file, bytes);
    const auto verified = place.Verify("public");
    INFO(verified.out);
    CHECK(verified.exit == 1);
    CHECK_THAT(verified.out, Contains("DOES NOT HOLD  " + says));
    const auto cloned = place.desk.Run("clone public copy" + place.Vkey());
    INFO(cloned.out << cloned.err);
    if (!Has(file, "tile/0")) {  // a clone makes its own tiles
      CHECK(cloned.exit == 1);
      CHECK_THAT(cloned.err, Contains(says));
    }
    fs::remove_all(place.desk.path("copy"));
    place.desk.write(file, before);
  };
  const auto bundled = [](const std::vector<Bytes>& these) {
    Bytes bytes;
    for (const Bytes& record : these) tree::AppendToBundle(&bytes, record);
    return bytes;
  };
  auto changed = records;
  std::swap(changed[40], changed[41]);
  refused(path, bundled(changed), "record 40: states another number, 41");
  changed = records;
  changed.erase(changed.begin() + 40);
  refused(path, bundled(changed), "record 40: states another number, 41");
  changed = records;
  changed.insert(changed.begin() + 40, records[40]);
  refused(path, bundled(changed), "record 41: states another number, 40");
  changed = records;
  changed.pop_back();
  refused(path, bundled(changed), "record 255: tile/entries/000 holds 255 records, not 256");
  changed = records;
  changed[40].back() = static_cast<char>(changed[40].back() ^ 1);
  refused(path, bundled(changed), "record 40: ");
  refused(path, bundle.substr(0, bundle.size() - 1), "record 255: tile/entries/000 is cut off");
  std::string tile = place.desk.read("public/tile/0/000");
  tile[100] = static_cast<char>(tile[100] ^ 1);
  refused("public/tile/0/000", tile, "tile/0/000 is not what the records give");
  std::string checkpoint = place.desk.read("public/checkpoint");
  checkpoint.replace(checkpoint.find("\n295\n"), 5, "\n294\n");
  refused("public/checkpoint", checkpoint, "the checkpoint: ");
}

TEST_CASE("limit: a rollback and a second history hold by themselves; who kept a checkpoint is told") {
  const Place place;
  const auto fresh = place.Verify("older", "--state fresh");
  CHECK(fresh.exit == 0);
  CHECK(fresh.err.empty());
  const auto rolled_back = place.Verify("older");
  CHECK(rolled_back.exit == 0);
  CHECK_THAT(rolled_back.err, Contains("warning: the checkpoint that was seen here before has 295 records"));
  const auto since = place.Verify("older", "--since newest");
  CHECK(since.exit == 1);
  CHECK_THAT(since.out,
             Contains("DOES NOT HOLD  the checkpoint in newest has 295 records, and what is shown now has "));

  // A receipt has its checkpoint in it.
  REQUIRE(place.desk.Run("--ledger l proof 294 --out receipt").exit == 0);
  const std::string receipt = place.desk.read("receipt");
  place.desk.write("from-receipt", receipt.substr(receipt.find("\n\n") + 2));
  CHECK(place.Verify("l", "--since from-receipt").exit == 0);
  CHECK(place.Verify("older", "--since from-receipt").exit == 1);

  // An archive's tiles stay as they are: the older checkpoint alone makes it an older copy.
  place.desk.write("public/checkpoint", place.desk.read("older.checkpoint"));
  CHECK_THAT(place.Verify("public").err,
             Contains("warning: the checkpoint that was seen here before has 295 records"));
  CHECK(place.Verify("public", "--since newest").exit == 1);
  place.desk.write("public/checkpoint", place.desk.read("newest"));

  // The operator goes on from the backup, with other payments.
  std::string other = "date,from,to,amount,asset\n";
  for (int day = 1; day < 29; ++day)
    other += "2026-02-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + ",a,b,5,USD\n";
  place.desk.write("other.csv", other);
  const auto forked = place.desk.Run("--ledger older import csv other.csv --key k --register --open-missing");
  INFO(forked.err);
  REQUIRE(forked.exit == 0);
  CHECK(place.Verify("older", "--state fresh").exit == 0);
  place.desk.write("forked", place.desk.Run("--ledger older checkpoint").out);
  const auto two = place.Verify("l", "--since forked");
  CHECK(two.exit == 1);
  CHECK_THAT(two.out, Contains("DOES NOT HOLD  the checkpoint in forked has the root "));
  CHECK_THAT(two.out, Contains("the ledger's key signed two histories"));
  const auto consistent = place.desk.Run("--ledger l consistency forked" + place.Vkey());
  CHECK(consistent.exit == 1);
  CHECK_THAT(consistent.out,
             Contains("no proof that forked is a beginning of the ledger's present checkpoint"));
  const auto clone = place.desk.Run("--ledger older archive other");
  REQUIRE(clone.exit == 0);
  REQUIRE(place.desk.Run("clone public copy" + place.Vkey()).exit == 0);
  const auto behind = place.desk.Run("clone other copy" + place.Vkey());
  CHECK(behind.exit != 0);
  CHECK_THAT(behind.err, Contains("it is behind, or was set back"));
}

}  // namespace
}  // namespace fundtrail::testing
