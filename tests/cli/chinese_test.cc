// What a reader of Chinese is told when something goes wrong, at the command line. What programs read stays English.
#include <catch2/catch.hpp>

#include "nlohmann/json.hpp"
#include "tests/cli/program.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("a refusal, a wrong command line and a rejected row are told in Chinese, and in JSON in English") {
  const Desk desk;
  desk.MakeLedger();
  const std::string pay =
      "--lang zh --ledger l pay --from hub --to village --amount 5.00 --asset CNY --fund winter --key k";
  CHECK(desk.Run(pay).err ==
        "fundtrail: 被拒绝，INSUFFICIENT_FUNDS，字段 actions[0].transfer.amount：hub 持有 0.00 CNY（资金 "
        "winter），而要付 5.00 CNY\n");
  const auto refused = desk.Run("--json " + pay);
  CHECK(refused.exit == 1);
  CHECK(nlohmann::json::parse(refused.out)["error"]["sentence"] ==
        "hub holds 0.00 CNY in fund winter, and 5.00 CNY should be paid");
  const struct {
    const char* command;
    const char* told;
  } kWrong[] = {
      {"blance hub", "fundtrail: 没有命令“blance”；您是指“balance”吗？\n"},
      {"--ledger l balance --as-off 3", "fundtrail: “balance”没有选项 --as-off；您是指 --as-of 吗？\n"},
      {"--ledger l statement hub --limit x", "fundtrail: --limit：“x”不是从 0 起的整数\n"},
      {"--ledger l pay --to hub", "fundtrail: 须给出 --"},
      {"--ledger nowhere balance hub", "fundtrail: nowhere 不是账本：请用 `fundtrail init` 创建\n"},
      {"balance hub", "fundtrail: 哪个账本？"},
  };
  for (const auto& one : kWrong) {
    const auto ran = desk.Run(std::string("--lang zh ") + one.command);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Catch::StartsWith(one.told));
  }
  desk.write("rows.csv",
             "date,from,to,amount,asset,fund\n2026-01-05,donor,hub,10.00,CNY,winter\n2026-02-30,donor,hub,1."
             "00,CNY,winter\n");
  const auto ran =
      desk.Shell("LC_ALL=zh_CN.UTF-8 " + Program() + " --ledger l import csv rows.csv --key k --as root");
  CHECK(ran.exit == 1);
  CHECK_THAT(
      desk.read("rows.csv.rejects.csv"),
      Contains("date：\"\"2026-02-30\"\"") || Contains("“2026-02-30”不是 1900 年至 2200 年历法中的日子"));
}

TEST_CASE("a server that is not there is told of in Chinese") {
  const Desk desk;
  const auto ran = desk.Run("--lang zh --server 127.0.0.1:1 --timeout 1 balance hub");
  CHECK(ran.exit == 3);
  CHECK_THAT(ran.err, Contains("服务器没有应答：地址对吗？它在运行吗？它使用 TLS 吗？"));
}

}  // namespace
}  // namespace fundtrail::testing
