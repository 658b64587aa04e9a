// Files of 360Giving and OCDS as tables of payments.
#include "ledger/sheets/exchange.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/rows.h"
#include "tests/support/text.h"

namespace fundtrail::sheets {
namespace {

using testing::Contains;

std::string Example(const std::string& name) {
  std::ifstream in(std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/exchange/" + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Each row as "stage date from to amount asset place".
std::vector<std::string> Lines(const ExchangeFormat& format, const std::string& text) {
  const std::string csv = format.to_csv(text, kMaxCsvBytes).value();
  auto reader = CsvReader::Open(csv, ',', Cells::kRaw).value();
  std::vector<std::string> lines;
  CsvRecord record;
  while (reader.Next(&record)) {
    REQUIRE(record.status.ok());
    const auto& cells = record.fields;
    lines.push_back(absl::StrCat(cells[0], " ", cells[1], " ", cells[2], " ", cells[4], " ", cells[6], " ",
                                 cells[7], " ", cells[11]));
  }
  return lines;
}

TEST_CASE("a grant is a commitment, and one with disbursements is these payments") {
  CHECK(Lines(k360Giving, Example("grants.json")) ==
        std::vector<std::string>{
            "committed 2025-03-01 GB-CHC-1000000 GB-CHC-1000001 12000.50 GBP /grants/0",
            "award with disbursements 2025-04-02 GB-CHC-1000000 GB-COH-2000002 30000 GBP /grants/1",
            "paid 2025-05-01 GB-CHC-1000000 GB-COH-2000002 10000 GBP /grants/1/disbursementTransaction/0",
            "paid 2025-09-01 GB-CHC-1000000 GB-COH-2000002 5000.25 GBP /grants/1/disbursementTransaction/1",
            "committed 2025-04-05 GB-CHC-1000000 360G-example-IND-0001 800 GBP /grants/2",
            "committed 2025-04-06 GB-CHC-1000000  900 GBP /grants/3"});
  // The name of a person is not taken.
  CHECK_THAT(GrantsToCsv(Example("grants.json")).value(), !Contains("Nobody Should Publish"));
}

TEST_CASE("a sheet of grants is read by the titles of the standard") {
  CHECK(Lines(k360Giving, Example("grants.csv")) ==
        std::vector<std::string>{"committed 2025-06-01 GB-CHC-1000000 GB-CHC-1000005 450.00 GBP line 2",
                                 "committed 2025-06-02 GB-CHC-1000000 GB-CHC-1000006 1,200.00 GBP line 3"});
  // Of two recipients nobody says who got how much; of one in columns that have room for two it is clear.
  CHECK(
      Lines(
          k360Giving,
          "Identifier,Amount Awarded,Award Date,Currency,Funding Org:0:Identifier,Recipient Org:0:Identifier,"
          "Recipient Org:1:Identifier,Recipient Org:1:Name\n"
          "a,1,2025-06-01,GBP,F,R,S,\nb,2,2025-06-01,GBP,F,R,,\nc,3,2025-06-01,GBP,F,R,,Second\n") ==
      std::vector<std::string>{"committed 2025-06-01 F  1 GBP line 2",
                               "committed 2025-06-01 F R 2 GBP line 3",
                               "committed 2025-06-01 F  3 GBP line 4"});
  const struct {
    std::string text, says;
  } kCases[] = {
      {"a,b\n1,2\n", "there is no column \"identifier\""},
      {"Identifier,Amount Awarded,Award Date\n1,2,3\n", "there is no column \"currency\""},
      {"Identifier,Amount Awarded,Award Date,Currency,disbursementTransaction/0/value\n1,2,3,GBP,1\n",
       "only the JSON says"},
      {"Identifier,Amount Awarded,Award Date,Currency\n\"1,2,3,GBP\n", "line 2"},
  };
  for (const auto& one : kCases) {
    INFO(one.text);
    const auto csv = GrantsToCsv(one.text);
    REQUIRE_FALSE(csv.ok());
    CHECK_THAT(std::string(csv.status().message()), Contains(one.says));
  }
}

TEST_CASE("transactions of contracts are payments, each as its last release tells it") {
  CHECK(Lines(kOcds, Example("releases.json")) ==
        std::vector<std::string>{"said again in a later release 2025-04-01 GB-LAC-X1 GB-COH-7 40000 GBP "
                                 "/releases/0/contracts/0/implementation/transactions/0",
                                 "said again in a later release 2025-04-20 GB-LAC-X1 GB-COH-7 1000.10 GBP "
                                 "/releases/0/contracts/0/implementation/transactions/1",
                                 "contract without transactions  GB-LAC-X1  7000 GBP /releases/0/contracts/1",
                                 "paid 2025-04-01 GB-LAC-X1 GB-COH-7 40000 GBP "
                                 "/releases/1/contracts/0/implementation/transactions/0",
                                 "paid 2025-04-20 GB-LAC-X1 GB-COH-7 1200.10 GBP "
                                 "/releases/1/contracts/0/implementation/transactions/1",
                                 "paid 2025-06-30 GB-LAC-X1 Roofs Ltd 60000 GBP "
                                 "/releases/1/contracts/0/implementation/transactions/2"});
}

// A release with an award to these suppliers and a contract of it.
std::string Signed(const std::string& date, const std::string& suppliers, const std::string& contract) {
  return R"({"ocid":"o","date":")" + date +
         R"(","buyer":{"id":"B","name":"Buyer"},"awards":[{"id":"a","suppliers":[)" + suppliers +
         R"(]}],"contracts":[{"id":"c","awardID":"a","value":{"amount":70,"currency":"EUR"})" + contract +
         "}]}";
}

TEST_CASE(
    "a signed contract without transactions is a promise, where it is clear who promised what to whom") {
  const std::string one = R"({"id":"S","name":"Supplier"})",
                    active = R"(,"status":"active","dateSigned":"2025-03-01")";
  const auto lines = [](const std::vector<std::string>& releases) {
    return Lines(kOcds, absl::StrCat(R"({"releases":[)", absl::StrJoin(releases, ","), "]}"));
  };
  const std::string signed_ = "signed contract without transactions 2025-03-01 B S 70 EUR ";
  const std::string at = "/contracts/0";
  CHECK(lines({Signed("2025-03-02", one, active)}) == std::vector<std::string>{signed_ + "/releases/0" + at});
  // Of two suppliers nobody says who gets how much; one that is not in force, or has no day, promises nothing.
  for (const auto& [suppliers, contract] :
       {std::pair(one + "," + one, active), std::pair(std::string(), active), std::pair(one, std::string()),
        std::pair(one, std::string(R"(,"status":"cancelled","dateSigned":"2025-03-01")")),
        std::pair(one, std::string(R"(,"status":"active")"))}) {
    INFO(suppliers << contract);
    const auto told = lines({Signed("2025-03-02", suppliers, contract)});
    REQUIRE(told.size() == 1);
    CHECK(told[0].substr(0, 29) == "contract without transactions");
  }
  // A framework is signed at a value of 0, which is no promise of money; nor is one without a currency, or below zero.
  for (const char* const value :
       {R"({"amount":0,"currency":"EUR"})", R"({"amount":0.00,"currency":"EUR"})",
        R"({"amount":0e5,"currency":"EUR"})", R"({"amount":-7,"currency":"EUR"})", R"({"amount":70})"}) {
    INFO(value);
    std::string release = Signed("2025-03-02", one, active);
    const std::string usual = R"({"amount":70,"currency":"EUR"})";
    const auto told = lines({release.replace(release.find(usual), usual.size(), value)});
    REQUIRE(told.size() == 1);
    CHECK(told[0].substr(0, 29) == "contract without transactions");
  }
  // The last release says what holds: here that it was cancelled.
  const std::string cancelled = R"(,"status":"cancelled","dateSigned":"2025-03-01")";
  for (const bool turned : {false, true}) {
    std::vector<std::string> releases = {Signed("2025-03-02", one, active),
                                         Signed("2025-05-01", one, cancelled)};
    if (turned) std::swap(releases[0], releases[1]);
    const auto told = lines(releases);
    REQUIRE(told.size() == 1);
    CHECK(told[0].substr(0, 29) == "contract without transactions");
  }
  // What is paid of it stands in its place.
  const std::string paid =
      R"(,"implementation":{"transactions":[{"id":"t","date":"2025-04-01","value":{"amount":5,"currency":"EUR"},)"
      R"("payer":{"id":"B"},"payee":{"id":"S"}}]})";
  CHECK(lines({Signed("2025-03-02", one, active), Signed("2025-05-01", one, active + paid)}) ==
        std::vector<std::string>{
            "paid 2025-04-01 B S 5 EUR /releases/1/contracts/0/implementation/transactions/0"});
}

TEST_CASE("a contract that many releases tell of without a payment counts once in the size of the table") {
  std::string releases;
  for (int i = 0; i < 200; ++i)
    absl::StrAppend(&releases, i > 0 ? "," : "",
                    Signed("2025-03-02", R"({"id":"S","name":"Supplier"})", R"(,"status":"active")"));
  const auto csv = ContractsToCsv(absl::StrCat(R"({"releases":[)", releases, "]}"), 1'000);
  REQUIRE(csv.ok());
  CHECK(csv->size() < 1'000);
}

TEST_CASE("records of ocds, releases in any order, and the names of version 1.0 are read") {
  const std::string transaction =
      R"({"id":"t","date":"2025-01-02T00:00:00Z","amount":{"amount":5,"currency":"EUR"},)"
      R"("providerOrganization":{"id":"P","legalName":"Payer"},"receiverOrganization":{"id":"Q"}})";
  const auto contract = [&](const std::string& transactions) {
    return R"({"id":"c","implementation":{"transactions":[)" + transactions + "]}}";
  };
  const std::string release =
      R"({"ocid":"o","date":"2025-02-01","contracts":[)" + contract(transaction) + "]}";
  const std::string older =
      R"({"ocid":"o","date":"2025-01-01","contracts":[{"id":"c"},)" + contract(transaction) + "]}";
  const std::string paid = " 2025-01-02 P Q 5 EUR ";
  CHECK(Lines(kOcds, R"({"records":[{"compiledRelease":)" + release + "}]}") ==
        std::vector<std::string>{"paid" + paid +
                                 "/records/0/compiledRelease/contracts/0/implementation/transactions/0"});
  // The older one comes last: it counts no more. The contract without transactions is told of with them elsewhere.
  CHECK(Lines(kOcds, R"({"records":[{"releases":[)" + release + "," + older + "]}]}") ==
        std::vector<std::string>{
            "paid" + paid + "/records/0/releases/0/contracts/0/implementation/transactions/0",
            "said again in a later release" + paid +
                "/records/0/releases/1/contracts/1/implementation/transactions/0"});
  // What has no id cannot be told from another.
  const std::string nameless =
      R"({"date":"2025-01-02","value":{"amount":5,"currency":"EUR"},"payer":{"id":"P"},"payee":{"id":"Q"}})";
  CHECK(
      Lines(kOcds, R"({"releases":[{"ocid":"o","contracts":[)" + contract(nameless + "," + nameless) + "]}]}")
          .size() == 2);
  CHECK_THAT(std::string(ContractsToCsv(R"({"grants":[]})").status().message()),
             Contains("is it a package of OCDS?"));
}

// The stage of each row of a file with these contracts' transactions: contracts of one release, releases of one file.
using Releases = std::vector<std::vector<std::string>>;
std::vector<std::string> Stages(const Releases& releases) {
  std::string text;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    absl::StrAppend(&text, i > 0 ? "," : "", R"({"ocid":"o","date":"2025-0)", 1 + i, R"(-01","contracts":[)");
    for (std::size_t j = 0; j < releases[i].size(); ++j)
      absl::StrAppend(&text, j > 0 ? "," : "", releases[i][j]);
    text += "]}";
  }
  std::vector<std::string> stages;
  for (const std::string& line : Lines(kOcds, R"({"releases":[)" + text + "]}"))
    stages.push_back(line.substr(0, line.find(' ')));
  return stages;
}

TEST_CASE("two transactions of one release are two, and only what has all its ids is told of again") {
  const auto contract = [](const std::string& id, const std::string& transactions) {
    return "{" + id + R"("implementation":{"transactions":[)" + transactions + "]}}";
  };
  const std::string t = R"({"id":"t","value":{"amount":1}})", u = R"({"id":"t","value":{"amount":2}})";
  const std::string c = R"("id":"c",)", d = R"("id":"d",)";
  using All = std::vector<std::string>;
  CHECK(Stages({{contract(c, t + "," + u)}}) == All{"paid", "paid"});
  CHECK(Stages({{contract(c, t + "," + u)}, {contract(c, t + "," + u)}}) ==
        All{"said", "said", "paid", "paid"});
  CHECK(Stages({{contract(c, t + "," + u)}, {contract(c, t)}}) == All{"said", "said", "paid"});
  CHECK(Stages({{contract(c, t), contract(d, t)}, {contract(c, t)}}) == All{"said", "paid", "paid"});
  CHECK(Stages({{contract("", t)}, {contract("", t)}}) == All{"paid", "paid"});
  CHECK(Stages({{R"({"title":"x"})", R"({"title":"y"})"}}) == All{"contract", "contract"});
}

TEST_CASE("a party without an id lends its name to nobody") {
  const std::string text =
      R"({"releases":[{"ocid":"o","parties":[{"name":"Somebody"}],"contracts":[{"id":"c","implementation":)"
      R"({"transactions":[{"id":"t","date":"2025-01-02","value":{"amount":5,"currency":"EUR"},"payee":{"id":"Q"}}]}}]}]})";
  CHECK_THAT(ContractsToCsv(text).value(), !Contains("Somebody"));
}

TEST_CASE("what stands in no release of the file is counted, and both lists of a file are read") {
  const std::string release =
      R"({"ocid":"o","contracts":[{"id":"c","implementation":{"transactions":[{"id":"t"}]}}]})";
  CHECK(Lines(kOcds,
              R"({"records":[{"ocid":"a"},{"releases":[{"url":"https://example.org/1","date":"2025"}]}],)"
              R"("releases":["text",)" +
                  release + "]}") ==
        std::vector<std::string>{"release elsewhere      /releases/0",
                                 "paid      /releases/1/contracts/0/implementation/transactions/0",
                                 "release elsewhere      /records/0",
                                 "release elsewhere      /records/1/releases/0"});
  // A fault in the first list is told, whatever the second one has.
  const auto crooked = ContractsToCsv(R"({"releases":[{"has no list":1,"has no list":2}],"records":[]})");
  REQUIRE_FALSE(crooked.ok());
  CHECK_THAT(std::string(crooked.status().message()), Contains("/releases/0 names has no list twice"));
}

TEST_CASE("a small file does not become a table beyond the bound, though each row repeats the title") {
  const std::string title(900, 'x');
  std::string paid;
  for (int i = 0; i < 100; ++i) paid += i > 0 ? ",{}" : "{}";
  const std::string contracts = R"({"releases":[{"contracts":[{"title":")" + title +
                                R"(","implementation":{"transactions":[)" + paid + "]}}]}]}";
  const std::string grants =
      R"({"grants":[{"title":")" + title + R"(","disbursementTransaction":[)" + paid + "]}]}";
  const std::string sheet = "Identifier,Amount Awarded,Award Date,Currency\n" + title + ",1,2025-06-01,GBP\n";
  const struct {
    const ExchangeFormat& format;
    std::string text, says;
    std::size_t needs;
  } kCases[] = {
      {kOcds, contracts, "too many transactions, or too long ones", 100'000},
      {k360Giving, grants, "too many grants", 100'000},
      {k360Giving, sheet, "too many grants", 1'800},
  };
  for (const auto& one : kCases) {
    INFO(one.text.substr(0, 20));
    CHECK(one.format.to_csv(one.text, 2 * one.needs).ok());
    const auto csv = one.format.to_csv(one.text, one.needs / 2);
    REQUIRE_FALSE(csv.ok());
    CHECK_THAT(std::string(csv.status().message()), Contains(one.says));
  }
}

TEST_CASE("the maps of the formats take what is paid or committed, and count what they leave out") {
  for (const ExchangeFormat* format : {&k360Giving, &kOcds}) {
    INFO(format->name);
    const std::string csv =
        format->to_csv(Example(format == &kOcds ? "releases.json" : "grants.json"), kMaxCsvBytes).value();
    auto rows =
        RowReader::Open(csv, ParseImportMap(MapOf(*format), format->name).value(), Cells::kRaw).value();
    std::uint64_t left_out = 0;
    for (const SkipCount& skip : rows.skipped()) left_out += skip.rows;
    CHECK(rows.size() + left_out == rows.records());
    CHECK(rows.size() == (format == &kOcds ? 3U : 5U));
  }
}

}  // namespace
}  // namespace fundtrail::sheets
