// The commands of docs/policies.md, run as they stand there, and what they answer.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_replace.h"
#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("docs/policies.md: two policies for the same people are found, and why they conflict") {
  const Desk desk;
  desk.MakeLedger();
  const auto commands = CommandsOf(desk, "policies.md");
  std::string told;
  for (const std::string& command : commands)
    told += RunCommand(desk,
                       absl::StrReplaceAll(command, {{"--ledger ledger", "--ledger l"}, {"root.key", "k"}}));
  CHECK(commands.size() == 10);
  CHECK_THAT(told, Contains("100.00%"));
  CHECK_THAT(told, Contains("to integrate"));
  CHECK_THAT(
      told,
      Contains("bureau-training and federation-training, modality: bureau-training says permit \"cash for "
               "meals\", and federation-training says forbid.\n"));
  CHECK_THAT(
      told,
      Contains(
          "Policies: 2. Pairs that overlap: 1. Of them duplications: 1; to integrate: 1. Conflicts: 1.\n"));
  CHECK_THAT(told, Contains("named, not accepted"));
  CHECK_THAT(told, Contains("Of 0 needs that count there, 0 have a policy in force.\n"));
  const auto csv = desk.Run("--ledger l policy overlap --csv");
  CHECK(csv.exit == 0);
  CHECK_THAT(
      csv.out,
      Contains("bureau-training,Skills for work,hub,federation-training,Hands at work,village,1.0000,yes,"
               "yes,modality,dafang,JOB,"));
  const auto json = nlohmann::json::parse(desk.Run("--ledger l --json policy overlap").out);
  CHECK(json["pairs"][0]["degree"] == 10'000);
  CHECK(desk.Run("--ledger l policy overlap nowhere").exit == 2);
  CHECK(desk.Run("--ledger l policy overlap --kind none").exit == 2);
  CHECK_THAT(desk.Run("--ledger l fragmentation dafang JOB").out, Contains("policies in force, 2 leads"));
}

}  // namespace
}  // namespace fundtrail::testing
