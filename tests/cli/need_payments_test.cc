// Payments that meet a need, with the real program: paid, shown wherever a payment is shown, sent back, and refused.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPay = "--ledger l pay --asset CNY --fund winter --key clerk ";

Ran Do(const Desk& desk, const std::string& command) {
  const auto ran = desk.Run(command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  return ran;
}

// Records 7 to 10; the first payment is record 11.
void Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "--ledger l place add dafang --name Dafang --level 3 --key k");
    Do(first, "--ledger l category add NFI --name 'Household goods' --key k");
    Do(first,
       "--ledger l need add coats --owner hub --place dafang --category NFI --people 400 --asset CNY "
       "--amount 1,100 --key k");
    Do(first, "--ledger l need add doctor --owner hub --place dafang --category NFI --people 1200 --key k");
  });
}

TEST_CASE("a payment that meets a need says so wherever it is shown") {
  const Desk desk;
  Begin(desk);
  Do(desk, kPay + "--from donor --to village --amount 400 --need coats --receipt r.tlog-proof");
  Do(desk, kPay + "--from donor --to village --amount 5");
  CHECK_THAT(Do(desk, "--ledger l show 11.1").out, Contains("fund winter, for need coats\n"));
  CHECK_THAT(Do(desk, "receipt verify r.tlog-proof --vkey \"$(cat l/vkey)\"").out,
             Contains("fund winter, for need coats, donation"));
  const std::string list = Do(desk, "--ledger l list").out;
  CHECK_THAT(list, Contains("need"));
  CHECK_THAT(list, Contains("coats"));
  const std::string csv = Do(desk, "--ledger l list --csv").out;
  CHECK_THAT(csv, Contains(",place,need,asset,"));
  CHECK_THAT(csv, Contains(",coats,CNY,400.00,donation,"));
  CHECK_THAT(csv, Contains(",,CNY,5.00,donation,"));
  const auto json = nlohmann::json::parse(Do(desk, "--ledger l --json list").out);
  CHECK(json["transfers"][0]["transfer"]["need"] == "coats");
  // What takes a commitment back is one too, unless somebody says otherwise.
  const Desk other;
  Begin(other);
  Do(other, kPay + "--from donor --to village --amount 300 --stage committed --need coats");
  CHECK_THAT(Do(other, kPay + "--from village --to donor --amount 100 --return 11.1").err,
             Contains("takes back a commitment that is not paid; --stage paid says otherwise"));
  CHECK_THAT(Do(other, "--ledger l --json show 12.1").out, Contains("COMMITTED"));
  Do(other, kPay + "--from village --to donor --amount 100 --return 11.1 --stage paid");
  CHECK_THAT(Do(other, "--ledger l --json show 13.1").out, !Contains("COMMITTED"));

  // What sends it back names no need.
  Do(desk, kPay + "--from village --to donor --amount 100 --return 11.1");
  CHECK_THAT(Do(desk, "--ledger l show 13.1").out, Contains("sends back 11.1"));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("a payment that cannot meet the need is refused, with the reason") {
  const Desk desk;
  Begin(desk);
  const struct {
    std::string options, code, says;
  } kCases[] = {
      {"--to hub --need coats", "SCOPE_MISMATCH", "hub is no RECIPIENT: a need is met where the trail ends"},
      {"--to village --need doctor", "SCOPE_MISMATCH", "need doctor asks for no money"},
  };
  for (const auto& one : kCases) {
    INFO(one.options);
    const auto ran = desk.Run(kPay + "--from donor --amount 5 " + one.options);
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.err, Contains(one.code));
    CHECK_THAT(ran.err, Contains(one.says));
  }
  for (const std::string item : {"need", "place", "pledge", "assignment", "commitment"}) {
    INFO(item);
    const auto ran = desk.Run(kPay + "--from donor --amount 5 --to village --" + item + " drought");
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains("--" + item + ": this ledger has no " + item + " \"drought\""));
  }
  const auto named = desk.Run(kPay + "--from donor --amount 5 --to village --place 东村");
  CHECK(named.exit == 2);
  CHECK_THAT(named.err, Contains("--place: this ledger has no place \"东村\""));
  Do(desk, "--ledger l need end coats --reason 'it is met' --key k");
  const auto ended = desk.Run(kPay + "--from donor --to village --amount 5 --need coats");
  CHECK(ended.exit == 1);
  CHECK_THAT(ended.err, Contains("REFERENCE_ENDED"));
}

TEST_CASE("an entry written by hand names a need, and a project names those that it is for") {
  const Desk desk;
  Begin(desk);
  desk.write(
      "e.yaml",
      "actions:\n"
      "  - transfer: {from: donor, to: village, fund: winter, asset: CNY, amount: 700, kind: DONATION,\n"
      "               need: coats}\n");
  Do(desk, "--ledger l submit e.yaml --key clerk --as root");
  CHECK_THAT(Do(desk, "--ledger l show 11.1").out, Contains("for need coats"));
  Do(desk,
     "--ledger l project add warm --name 'Warm coats' --owner hub --target coats=300 --need coats=4000 "
     "--participation 'Ask at the office' --key k");
  const std::string shown = Do(desk, "--ledger l project show warm").out;
  CHECK_THAT(shown, Contains("coats=4000"));
  CHECK_THAT(shown, Contains("Ask at the office"));
  const auto none =
      desk.Run("--ledger l project add cold --name Cold --owner hub --target coats=300 --need coats --key k");
  CHECK(none.exit == 1);
  CHECK_THAT(none.err, Contains("SPLIT_INVALID"));
}

}  // namespace
}  // namespace fundtrail::testing
