// The forms of an answer: for people, for programs, for spreadsheets; and what programs get from commands that write files.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("sign, cosign and --out tell programs what they wrote") {
  const Desk desk;
  desk.MakeLedger();
  const std::string k = desk.Run("--json keygen --out other").out;
  desk.write("e.json", R"({"ledger":"example.org/l","author":"root","id":"AAECAwQFBgcICQoLDA0ODw==",
    "actions":[{"declareAsset":{"code":"EUR","decimals":2}}]})");
  const std::string cosigner = nlohmann::json::parse(k)["public_key"];
  const auto one = nlohmann::json::parse(
      desk.Run("--json sign e.json --key k --cosigner " + cosigner + " --out e.signed").out);
  CHECK(one["file"] == "e.signed");
  CHECK(one["id"] == "000102030405060708090a0b0c0d0e0f");
  CHECK(one["signatures"] == 1);
  REQUIRE(one["keys"].size() == 1);
  CHECK(one["missing"] == nlohmann::json::array({cosigner}));
  const auto two = nlohmann::json::parse(desk.Run("--json cosign e.signed --key other").out);
  CHECK(two["signatures"] == 2);
  CHECK(two["keys"][0] == one["keys"][0]);
  CHECK(two["keys"][1] == cosigner);
  CHECK(two["missing"].empty());
  const auto out =
      nlohmann::json::parse(desk.Run("--ledger l --json root change --threshold 1 --key k --out change").out);
  CHECK(out["file"] == "change");
  CHECK(out["id"].get<std::string>().size() == 32);
  CHECK(out["keys"][0] == one["keys"][0]);
}

TEST_CASE("--csv and --json are one answer in two forms, and are not mixed") {
  const Desk desk;
  desk.MakeLedger();
  for (const char* question : {"list --csv", "balance hub --csv", "statement hub --csv"}) {
    INFO(question);
    const auto both = desk.Run(std::string("--ledger l --json ") + question);
    CHECK(both.exit == 2);
    CHECK_THAT(both.err, Contains("--csv and --json are two forms of one answer"));
    CHECK(nlohmann::json::parse(both.out).contains("error"));
    CHECK(desk.Run(std::string("--ledger l ") + question).exit == 0);
  }
  CHECK(desk.Run("--ledger l list --csv --json").exit == 2);
}

TEST_CASE("a list as of a record has no later transfer, and a record to come is refused") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk")
              .exit == 0);
  CHECK_THAT(desk.Run("--ledger l list").out, !Contains("No transfers."));
  CHECK_THAT(desk.Run("--ledger l list --as-of 0").out, Contains("No transfers."));  // genesis
  CHECK(nlohmann::json::parse(desk.Run("--ledger l --json list --as-of 0").out)["as_of_record"] == "0");
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 6 --asset CNY --fund winter --key clerk")
              .exit == 0);
  const std::string first = desk.Run("--ledger l list --as-of 8 --limit 1").out;
  CHECK(first.substr(0, 16) == "As of record 8:\n");
  CHECK_THAT(first, Contains("1 of 2 transfers shown; --after 7.1 --as-of 8 for more, --limit 0 for all.\n"));
  CHECK_THAT(desk.Run("--ledger l list --limit 1").out,
             Contains("1 of 2 transfers shown; --after 7.1 for more, --limit 0 for all.\n"));
  CHECK_THAT(desk.Run("--ledger l list").out, !Contains("As of record"));
  const auto later = desk.Run("--ledger l list --as-of 99");
  CHECK(later.exit == 2);
  CHECK_THAT(later.err, Contains("there is no record 99 to ask as of"));
}

TEST_CASE("one fund is shown") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run("--ledger l fund add summer --name 'Summer school' --key k");
  const auto shown = desk.Run("--ledger l fund show summer");
  CHECK(shown.exit == 0);
  CHECK_THAT(shown.out, Contains("Summer school"));
  CHECK_THAT(shown.out, !Contains("Winter relief"));
  CHECK(nlohmann::json::parse(
            desk.Run("--ledger l --json fund show winter").out)["lines"][0]["action"]["open_fund"]["id"] ==
        "winter");
  const auto none = desk.Run("--ledger l fund show autumn");
  CHECK(none.exit == 2);
  CHECK_THAT(none.err, Contains("this ledger has no fund \"autumn\""));
}

}  // namespace
}  // namespace fundtrail::testing
