// Damaged and planted rows, met by the real programs: the sentence and exit 1, from the folder and from a server, which
// stays up. What is no row at all is told by whoever opens the folder.
#include <rocksdb/db.h>

#include <catch2/catch.hpp>

#include "ledger/log/seal.h"
#include "ledger/model/entry.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "ledger/store/rocks.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;
namespace fs = std::filesystem;

void Pay(const Desk& desk, const std::string& from, const std::string& to, int amount) {
  const auto ran =
      desk.Run("--ledger l pay --from " + from + " --to " + to + " --fund winter --asset CNY --amount " +
               std::to_string(amount) + " --key clerk --as root --date 2026-03-01");
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
}

// The desk's ledger with a few payments, and what is done to its rows while nobody has it open.
class Place {
 public:
  Place() {
    desk.Copied([](const Desk& first) {
      first.MakeLedger();
      Pay(first, "donor", "hub", 500);
      Pay(first, "donor", "hub", 300);
      Pay(first, "hub", "village", 100);
      Pay(first, "hub", "village", 50);
      fs::copy(first.path("l"), first.path("honest"), fs::copy_options::recursive);
    });
  }
  void Restore() const {
    fs::remove_all(desk.path("l"));
    fs::copy(desk.path("honest"), desk.path("l"), fs::copy_options::recursive);
  }
  std::unique_ptr<store::Store> Rows() const {
    return store::OpenRocks(desk.path("l/store"), store::Access::kWrite).value();
  }

  const Desk desk;
};

// Each command meets the damage: exit 1 and a sentence that names the row.
void CheckTold(const Place& place, const std::string& where, const std::vector<std::string>& commands,
               const std::string& says) {
  for (const std::string& command : commands) {
    const auto ran = place.desk.Run(where + command);
    INFO(where << command << ": exit " << ran.exit << "\n" << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.err, Contains(says));
  }
}

// The same from the folder, from a server that stays up, and by verify.
void CheckToldEverywhere(const Place& place, const store::Batch& damage,
                         const std::vector<std::string>& commands, const std::string& says,
                         const std::string& verify_says) {
  place.Restore();
  REQUIRE(place.Rows()->Write(damage).ok());
  CheckTold(place, "--ledger l ", commands, says);
  const auto verified = place.desk.Run("verify l --vkey " + VkeyOf(place.desk));
  INFO(verified.out << verified.err);
  CHECK(verified.exit == 1);
  CHECK_THAT(verified.out, Contains("DOES NOT HOLD"));
  CHECK_THAT(verified.out, Contains(verify_says));
  Daemon daemon(place.desk);
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  CheckTold(place, "--server " + daemon.address() + " ", commands, says);
  CHECK(daemon.Running());
  CHECK(place.desk.Run("--server " + daemon.address() + " fund list").exit == 0);  // others are answered
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE("a damaged or planted row is told with exit 1, and a server stays up") {
  const Place place;
  Bytes grant, out_of_hub, record;
  model::AccountNumber hub(1);
  RecordIndex last;
  {
    const auto rows = place.Rows();
    const auto any = rows->Scan("k", "l");
    REQUIRE(any->Valid());
    grant = Bytes(any->value());
    out_of_hub = rows->Get(keys::PieceOut(hub, Position(0))).value().value();
    const auto found = rows->Last("r", "s").value();
    record = found->second;
    last = keys::ReadRecord(found->first).value();
  }
  const std::string trace = "trace from " + std::to_string(last.value() - 3);

  SECTION("an `l` key of 9 to 16 bytes, and questions of that account") {
    for (const std::size_t length : {9, 12, 16}) {
      const Bytes key = keys::StatementOf(hub) + Bytes(length - 9, '\1');
      std::vector<std::string> commands = {"balance hub", "statement hub", "trace to --party hub"};
      if (length > 9) commands.push_back("list --party hub");  // which begins behind a key of 9 bytes
      CheckToldEverywhere(place, {{key, "x"}}, commands,
                          "the store is damaged: account 1, statement line of transfer ?.?, with a key of " +
                              std::to_string(length) + " bytes instead of 22 is no key of a row; run verify",
                          "a row does not follow from the records: account 1, statement line of transfer ");
    }
  }
  SECTION("a `k` key of 3 bytes, and the list of keys") {
    CheckToldEverywhere(place, {{"k\x6b\xd1", grant}}, {"key list"},
                        "the store is damaged: grant of key 6bd1 for  says what cannot be; run verify",
                        "a row does not follow from the records: grant of key 6bd1");
  }
  SECTION("rows of pieces that overlap, and traces") {
    auto row = model::DecodePiece(keys::PieceOut(hub, Position(0)), out_of_hub).value().row;
    const Bytes inside = keys::PieceOut(hub, Position(10));
    CheckToldEverywhere(
        place, {{inside, model::Encode(row)}}, {trace, "trace from --party donor"},
        "the store is damaged: account 1, piece out at position 10 overlaps the one before it",
        "a row does not follow from the records: account 1, piece out at position 10");
  }
  SECTION("an account's state whose numbers do not go together, and a payment on top") {
    model::AccountState state;
    state.received = Amount(800);
    state.held = Amount(-5);
    place.Restore();
    REQUIRE(place.Rows()->Write({{keys::AccountState(hub), model::Encode(state)}}).ok());
    const std::string pay =
        "pay --from hub --to village --fund winter --asset CNY --amount 1 --key clerk --as root --date "
        "2026-03-01";
    CheckTold(place, "--ledger l ", {pay}, "the store is damaged: state of account 1 says what cannot be");
    Daemon daemon(place.desk);
    REQUIRE_FALSE(daemon.address().empty());
    CheckTold(place, "--server " + daemon.address() + " ", {pay}, "the store is damaged: state of account 1");
    CHECK(daemon.Running());
  }
  SECTION("a record whose date is none: show, list, statement") {
    v1::Record damaged = log::ParseRecord(record).value();
    v1::Entry entry;
    REQUIRE(entry.ParseFromString(damaged.signed_entry().entry()));
    entry.set_date("2026-99-01");
    damaged.mutable_signed_entry()->set_entry(model::SerialiseDeterministic(entry));
    const std::string number = std::to_string(last.value());
    CheckToldEverywhere(place, {{keys::Record(last), model::SerialiseDeterministic(damaged)}},
                        {"show " + number, "list", "statement hub"},
                        "the store is damaged: record " + number +
                            " holds an entry with a date that is not a day; run verify",
                        "record " + number + ": ");
  }
}

TEST_CASE("rows of no kind, and rows where none are looked for, are told by whoever opens the folder") {
  const Place place;
  const auto opened = [&](const std::string& says) {
    for (const std::string command : {"balance hub", "list", "archive copy",
                                      "pay --from hub --to village --fund winter "
                                      "--asset CNY --amount 1 --key clerk --as root --date 2026-03-01"})
      CheckTold(place, "--ledger l ", {command}, says);
    Daemon daemon(place.desk);
    CHECK(daemon.address().empty());
    daemon.Wait();
    CHECK_THAT(daemon.Log(), Contains(says));
  };
  SECTION("a key behind all others, longer than any") {
    REQUIRE(place.Rows()->Write({{Bytes(5'000, '\xff'), "hidden"}}).ok());
    opened("the store is damaged: unknown key ffffff");
    const auto verified = place.desk.Run("verify l --vkey " + VkeyOf(place.desk));
    CHECK(verified.exit == 1);
    CHECK_THAT(verified.out,
               Contains("DOES NOT HOLD  a row does not follow from the records: unknown key ffffff"));
    CHECK_THAT(verified.out, Contains("with a key of 5000 bytes"));
  }
  SECTION("another column family") {
    rocksdb::Options options;
    rocksdb::DB* raw = nullptr;
    REQUIRE(rocksdb::DB::Open(options, place.desk.path("l/store"), &raw).ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    rocksdb::ColumnFamilyHandle* hidden = nullptr;
    REQUIRE(db->CreateColumnFamily({}, "hidden", &hidden).ok());
    REQUIRE(db->DestroyColumnFamilyHandle(hidden).ok());
    REQUIRE(db->Close().ok());
    const std::string says =
        "are damaged: they hold rows of a kind (the column family \"hidden\") that no ledger has";
    opened(says);
    const auto verified = place.desk.Run("verify l --vkey " + VkeyOf(place.desk));
    INFO(verified.out << verified.err);
    CHECK(verified.exit == 1);
    CHECK_THAT(verified.out + verified.err, Contains(says));
  }
}

}  // namespace
}  // namespace fundtrail::testing
