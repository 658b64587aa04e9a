// The rows of the tables, and the journal, of ledgers on which payments were made at random: they add up to what the books hold, and
// a crooked text does no harm.
#include "ledger/tables/rows.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/base/decimal.h"
#include "ledger/store/memory.h"
#include "ledger/tables/fields.h"
#include "ledger/tables/journal.h"
#include "nlohmann/json.hpp"
#include "tests/support/ledgers.h"
#include "tests/support/text.h"

namespace fundtrail::tables {
namespace {

using namespace testing;  // NOLINT: the small world of entries

using Row = std::map<std::string, std::string>;
using All = std::map<std::string, std::vector<Row>>;

All RowsOf(const query::View& view) {
  All all;
  Need(EachRow(
      view,
      [&](const Table& table, const std::vector<std::string>& cells) {
        Row& row = all[table.name].emplace_back();
        REQUIRE(cells.size() == table.columns.size());
        for (std::size_t i = 0; i < cells.size(); ++i) row[table.columns[i].name] = cells[i];
        return absl::OkStatus();
      },
      nullptr));
  return all;
}

struct Random {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::mt19937_64 random;

  explicit Random(std::uint64_t seed) : random(seed) {
    Do({Fund("school", "root"), Asset("USD"), Asset("JPY", 0), Asset("tea-3", 3), Party("county", "root"),
        Party("hub:a", "root")});
    const std::vector<std::string> players = {"donor", "ministry", "county", "hub:a", "village"};
    std::vector<v1::TransferRef> made;
    for (int i = 0; i < 400; ++i) {
      const std::string& from = players[random() % players.size()];
      const std::string& to = players[random() % players.size()];
      v1::Action pay = random() % 9 == 0
                           ? Exchange(from, to, 1 + static_cast<std::int64_t>(random() % 30), "USD", 7)
                           : Pay(from, to, 1 + static_cast<std::int64_t>(random() % 5000));
      auto& transfer = *pay.mutable_transfer();
      if (random() % 3 == 0) transfer.set_fund("school");
      if (random() % 3 == 0 && transfer.to_asset().empty())
        transfer.set_asset(random() % 2 == 0 ? "JPY" : "tea-3");
      transfer.set_value_date(ToString(Date(static_cast<std::int32_t>(20'000 + random() % 300))));
      transfer.set_purpose(random() % 4 == 0 ? "a; b | c, date:2020-01-01\t=1" : "");
      transfer.set_reference("file.csv:12 [2020-01-01]");
      if (!made.empty() && random() % 5 == 0) pay = Drawing(pay, {made[random() % made.size()]});
      if (!made.empty() && random() % 8 == 0) pay = Returning(Pay(from, to, 3), made[random() % made.size()]);
      if (random() % 6 == 0) pay = Committed(pay);
      const std::uint64_t record = ledger->size();
      if (Try({pay})) made.push_back(Ref(record));
    }
  }
  bool Try(const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ++id_, actions), {1}), clock.Read()).ok();
  }
  void Do(const std::vector<v1::Action>& actions) { REQUIRE(Try(actions)); }
  query::View view() const { return Need(query::MakeView(ledger->store())); }

 private:
  std::uint64_t id_ = 1000;
};

std::int64_t Number(const Row& row, const std::string& column) { return std::stoll(row.at(column)); }

TEST_CASE("the rows of random ledgers add up: pieces to transfers, transfers to accounts") {
  const std::uint64_t seed = std::random_device{}();
  for (std::uint64_t i = 0; i < 8; ++i) {
    INFO("seed " << seed + i);
    const Random made(seed + i);
    All all = RowsOf(made.view());
    CHECK(all["records"].size() == made.ledger->size());
    REQUIRE(all["transfers"].size() > 20);
    const std::map<std::string, int> decimals = {{"CNY", 2}, {"USD", 2}, {"JPY", 0}, {"tea-3", 3}};
    std::map<std::string, std::int64_t> of_pieces, received, paid;
    for (const Row& piece : all["pieces"]) of_pieces[piece.at("transfer")] += Number(piece, "amount_units");
    for (const Row& transfer : all["transfers"]) {
      CHECK(of_pieces[transfer.at("transfer")] == Number(transfer, "amount_units"));
      CHECK(transfer.at("amount") ==
            FormatPlain(Amount(Number(transfer, "amount_units")), decimals.at(transfer.at("asset"))));
      CHECK(transfer.at("to_amount") ==
            FormatPlain(Amount(Number(transfer, "to_amount_units")), decimals.at(transfer.at("to_asset"))));
      received[transfer.at("to_account")] += Number(transfer, "to_amount_units");
      paid[transfer.at("from_account")] += Number(transfer, "amount_units");
      CHECK(ParseDate(transfer.at("value_date")).ok());
    }
    for (const Row& account : all["accounts"]) {
      const std::string& number = account.at("account");
      CHECK(received[number] + Number(account, "brought_in_units") == Number(account, "received_units"));
      CHECK(paid[number] == Number(account, "paid_units"));
      CHECK(Number(account, "received_units") - Number(account, "paid_units") ==
            Number(account, "held_units"));
    }
    // Positions: no piece of a line is drawn twice.
    std::map<std::string, std::map<std::int64_t, std::int64_t>> drawn;
    for (const Row& piece : all["pieces"])
      CHECK(drawn[piece.at("from_account")]
                .emplace(Number(piece, "from_position"), Number(piece, "amount_units"))
                .second);
    for (const auto& [account, pieces] : drawn) {
      std::int64_t end = 0;
      for (const auto& [from, length] : pieces) {
        CHECK(from >= end);
        end = from + length;
      }
    }
  }
}

TEST_CASE("what is said of an item, how it was amended and how it ended stand in their tables") {
  Random made(1);
  made.Do({Place("gz"), Category("NUT"), Fund("one", "root")});
  const std::uint64_t opened = made.ledger->size() - 1;
  made.Do({Amending(Fund("one", "county"), opened, "moved")});
  made.Do({End("fund", "one", opened + 1, "over")});
  All all = RowsOf(made.view());
  Row one;
  for (const Row& fund : all["funds"])
    if (fund.at("id") == "one") one = fund;
  CHECK(one["owner"] == "county");
  CHECK(one["record"] == std::to_string(opened + 1));
  CHECK(one["opened_record"] == std::to_string(opened));
  CHECK(one["ended_record"] == std::to_string(opened + 2));
  CHECK(one["ended_reason"] == "over");
  const Row& last = all["actions"].back();
  CHECK(last.at("kind") == "end_item");
  CHECK(last.at("item_table") == "funds");
  CHECK(last.at("item") == "one");
  CHECK(last.at("amends_record") == std::to_string(opened + 1));
  CHECK(all["actions"].front().at("kind") == "genesis");
  CHECK(all["parties"].size() == 6);
}

TEST_CASE("a list is a json array, and of nothing an empty cell") {
  CHECK(ListText({}).empty());
  CHECK(ListText({"a", "b \"c\""}) == R"(["a","b \"c\""])");
}

TEST_CASE("an error of who takes rows or text ends the writing") {
  const Random made(2);
  int rows = 0;
  CHECK(EachRow(
            made.view(),
            [&](const Table&, const std::vector<std::string>&) {
              return ++rows == 5 ? absl::UnavailableError("full") : absl::OkStatus();
            },
            nullptr)
            .message() == "full");
  CHECK(rows == 5);
  CHECK(WriteJournal(
            made.view(), [](std::string_view) { return absl::UnavailableError("full"); }, nullptr)
            .message() == "full");
}

std::string JournalOf(const query::View& view) {
  std::string text;
  Need(WriteJournal(
      view,
      [&](std::string_view part) {
        text += part;
        return absl::OkStatus();
      },
      nullptr));
  return text;
}

TEST_CASE("the journal has one transaction a payment, and texts that say nothing to hledger") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  v1::Action pay = Pay("donor", "ministry", 12'345);
  pay.mutable_transfer()->set_value_date("2026-02-03");
  pay.mutable_transfer()->set_purpose("roof; walls | floor");
  pay.mutable_transfer()->set_reference("a.csv:2 date:2020-01-01 [2020-01-02]");
  Need(ledger->AppendOne(SignedBytes(Entry("root", 5, {pay}), {1}), clock.Read()).status());
  const std::string text = JournalOf(Need(query::MakeView(ledger->store())));
  CHECK_THAT(text, Contains("\ndecimal-mark .\ncommodity 1000.00 CNY\n"));
  CHECK_THAT(text, Contains("account donor:flood  ; type:R, Party donor\n") &&
                       Contains("account ministry:flood  ; type:A, "));
  CHECK_THAT(text, Contains("\n2026-02-03 * (1.1) Party ministry | roof, walls / floor\n"
                            "    ; allocation, record 1, line 1\n"
                            "    ; reference a.csv :2 date :2020-01-01 (2020-01-02)\n"
                            "    ministry:flood  123.45 CNY\n"
                            "    donor:flood  -123.45 CNY\n"));
  CHECK_THAT(text, Contains("    ministry:flood  0.00 CNY = 123.45 CNY\n") &&
                       Contains("    donor:flood  0.00 CNY = -123.45 CNY\n"));
}

TEST_CASE("names of accounts and assets are what hledger takes for one account and one commodity") {
  CHECK(AccountText("hub", "flood", "") == "hub:flood");
  CHECK(AccountText("gbt:1", "flood", "p:2") == "gbt/1:flood:p/2");
  CHECK(CommodityText("CNY") == "CNY");
  CHECK(CommodityText("tea-3") == "\"tea-3\"");
}

TEST_CASE("a ledger without a payment has no transaction") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  CHECK_THAT(JournalOf(Need(query::MakeView(ledger->store()))), !Contains(" * "));
}

}  // namespace
}  // namespace fundtrail::tables
