// A fund that asks for approvals, with the real program. Its rules and approvers are written, shown and amended. A payment
// is refused, and is taken once an approver has signed it too.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The ledger of MakeLedger with goods to count, an auditor whose key approves, and money at hub. Answers that public key.
std::string Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    const std::string auditor = first.Run("keygen --out auditor.key").out.substr(0, 64);
    first.write("auditor", auditor);
    for (const std::string& command :
         {std::string("asset add BED --decimals 0 --key k"),
          std::string("party add auditor --name Auditor --key k"),
          "key authorise " + auditor + " --party auditor --can approve --key k",
          std::string("pay --from donor --to hub --amount 9,000.00 --asset CNY --fund winter --key clerk")}) {
      const auto ran = first.Run("--ledger l " + command);
      INFO(command << "\n" << ran.err);
      REQUIRE(ran.exit == 0);
    }
  });
  return desk.read("auditor");
}

TEST_CASE("a payment above a fund's amount is taken once an approver has signed it too") {
  const Desk desk;
  const std::string auditor = Begin(desk);
  const auto amended = desk.Run(
      "--ledger l fund amend winter --approval CNY=1,000.00=1 --approval BED=5=1=auditor --approver auditor "
      "--key k");
  INFO(amended.err);
  CHECK(amended.exit == 0);
  CHECK_THAT(amended.err, Contains("approvers \"\" becomes \"auditor\""));
  CHECK_THAT(amended.err, Contains("approvals \"\" becomes \"CNY=1,000.00=1; BED=5=1=auditor\""));
  CHECK_THAT(
      desk.Run("--ledger l fund show winter").out,
      Contains("  approvals        CNY=1,000.00=1; BED=5=1=auditor\n  approvers        Auditor (auditor)\n"));

  const std::string pay = "--ledger l pay --from hub --to village --asset CNY --fund winter --key clerk ";
  CHECK(desk.Run(pay + "--amount 999.99").exit == 0);
  const auto refused = desk.Run(pay + "--amount 1000");
  CHECK(refused.exit == 1);
  CHECK_THAT(refused.err, Contains("APPROVAL_MISSING at actions[0].transfer.amount"));
  CHECK_THAT(refused.err, Contains("fund winter asks for 1 approval of payments from 1,000.00 CNY on, and "
                                   "this one has 0: have another of its approvers sign the entry too"));
  CHECK(desk.Run(pay + "--amount 1000 --cosigner " + auditor + " --out pay.signed").exit == 0);
  CHECK(desk.Run("--ledger l submit pay.signed").exit == 1);  // its other signer has not signed
  CHECK(desk.Run("cosign pay.signed --key auditor.key").exit == 0);
  const auto taken = desk.Run("--ledger l submit pay.signed");
  INFO(taken.err);
  CHECK(taken.exit == 0);
  CHECK_THAT(taken.out, Contains("Record "));
  CHECK_THAT(desk.Run("--ledger l balance village").out, Contains("1,999.99"));
  // Neither does moving the money to another fund help, nor exchanging it.
  CHECK(desk.Run("--ledger l fund add summer --name Summer --key k").exit == 0);
  const std::string own = "--ledger l pay --from hub --to hub --asset CNY --fund winter --key clerk ";
  for (const char* way : {"--amount 2000 --kind reclassification --to-fund summer",
                          "--amount 2000 --kind exchange --to-asset BED --to-amount 5"}) {
    INFO(way);
    const auto moved = desk.Run(own + way);
    CHECK(moved.exit == 1);
    CHECK_THAT(moved.err, Contains("APPROVAL_MISSING at actions[0].transfer.amount"));
  }
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("the approvals of a fund are shown to people, spreadsheets and programs, and amended as a whole") {
  const Desk desk;
  Begin(desk);
  const std::string add =
      "--ledger l fund add big --name Big --key k --approver auditor --approver hub --approval ";
  CHECK(desk.Run(add + "CNY=5000000=2 --approval BED=0=1").exit == 0);
  CHECK_THAT(desk.Run("--ledger l fund show big").out, Contains("CNY=5,000,000.00=2; BED=0=1\n"));
  CHECK_THAT(desk.Run("--ledger l fund list --csv").out,
             Contains(",CNY=5000000.00=2; BED=0=1,auditor; hub,"));
  const auto line = nlohmann::json::parse(desk.Run("--ledger l --json fund show big").out)["lines"][0];
  CHECK(line["action"]["open_fund"]["approvals"][0]["from_amount"] == "500000000");
  CHECK(line["asset_decimals"][0]["asset"] == "CNY");
  CHECK(line["asset_decimals"][0]["decimals"] == 2);

  const std::string amend = "--ledger l fund amend big --key k ";
  const auto kept = desk.Run(amend + "--purpose Coats");
  CHECK(kept.exit == 0);
  CHECK_THAT(kept.err, Contains("approvals stays \"CNY=5,000,000.00=2; BED=0=1\""));
  CHECK_THAT(kept.err, Contains("approvers stays \"auditor; hub\""));
  // The rules ask for no more than the approvers that stay.
  const auto fewer = desk.Run(amend + "--approver auditor");
  CHECK(fewer.exit == 1);
  CHECK_THAT(fewer.err, Contains("FIELD_INVALID at actions[0].open_fund.approvals[0].approvals"));
  const auto emptied = desk.Run(amend + "--approval \"\"");
  CHECK(emptied.exit == 0);
  CHECK_THAT(emptied.err, Contains("approvals \"CNY=5,000,000.00=2; BED=0=1\" becomes \"\""));
  CHECK_THAT(desk.Run("--ledger l fund show big").out, !Contains("approvals"));
}

TEST_CASE("an approval takes amounts as people write them, and an approver's whole name") {
  const Desk desk;
  Begin(desk);
  REQUIRE(desk.Run("--ledger l party amend auditor --name 审计处 --key k").exit == 0);
  const auto amended = desk.Run(
      "--ledger l fund amend winter --approval CNY=3万元=1=审计处 --approver 审计处 --plan-notice "
      "CNY=1,000.50 "
      "--key k");
  INFO(amended.err);
  REQUIRE(amended.exit == 0);
  CHECK_THAT(amended.err, Contains("审计处 is auditor"));
  CHECK_THAT(desk.Run("--ledger l fund show winter").out,
             Contains("CNY=30,000.00=1=auditor") && Contains("CNY=1,000.50"));
  const auto told = [&](const std::string& rule) {
    const auto ran = desk.Run("--ledger l fund amend winter --approval " + rule + " --key k");
    CHECK(ran.exit == 2);
    return ran.err;
  };
  CHECK_THAT(told("CNY=1.250=1"),
             Contains("--approval: \"1.250\" may be 1.25 or 1,250.00: write one of them"));
  CHECK_THAT(told("CNY=3万美元=1"), Contains("--approval: \"3万美元\" says 美元"));
  CHECK_THAT(told("CNY=5=1=审计科"), Contains("--approval: this ledger has no party \"审计科\""));
}

TEST_CASE("an approval that nobody can read, or that no fund may have, is told") {
  const Desk desk;
  Begin(desk);
  const std::string form = "is not of the form ASSET=FROM_AMOUNT=APPROVALS[=BY]";
  const struct {
    std::string rule;
    int exit;
    std::string says;
  } kCases[] = {
      {"CNY", 2, form},
      {"CNY=5", 2, form},
      {"=5=1", 2, form},
      {"CNY=1.005=1", 2, "--approval: \"1.005\" is not an amount of an asset with 2 decimals"},
      {"BED=1.5=1", 2, "--approval: \"1.5\" is not an amount of an asset with 0 decimals"},
      {"EUR=5=1", 2, "--approval: "},
      {"CNY=5=some", 2, "--approval: \"some\" is not a whole number"},
      {"CNY=5=0", 1, "FIELD_INVALID at actions[0].open_fund.approvals[0].approvals"},
      {"CNY=5=32", 1, "FIELD_INVALID at actions[0].open_fund.approvals[0].approvals"},
      {"CNY=5=2", 1, "is 2, and the approvers of the fund are 1: name more of them"},
      {"CNY=-5=1", 1, "FIELD_INVALID at actions[0].open_fund.approvals[0].from_amount"},
      {"CNY=5=2=auditor", 1, "FIELD_INVALID at actions[0].open_fund.approvals[0].approvals"},
      {"CNY=5=1=nobody", 1, "REFERENCE_UNKNOWN at actions[0].open_fund.approvals[0].by"},
      {"CNY=5=1=hub", 1, "hub is not one of the fund's approvers: name it among them"},
  };
  for (const auto& one : kCases) {
    INFO(one.rule);
    const auto ran =
        desk.Run("--ledger l fund add f --name F --key k --approver auditor --approval " + one.rule);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
  }
}

}  // namespace
}  // namespace fundtrail::testing
