// A server that lies: it answers every question with hostile values in every field, and every command is run against it.
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <set>

#include "ledger/model/refusal.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/liar.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPay =
    "pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root";

// Every command that asks a server.
std::vector<std::string> Commands(const Desk& desk, const std::string& address) {
  const std::string at = "--timeout 3 --server " + address + " ";
  std::vector<std::string> all;
  for (const char* json : {"", "--json "}) {
    for (const char* command :
         {"show 1",
          "list",
          "list --limit 0",
          "balance hub",
          "statement hub",
          "trace from 1.1",
          "trace to --party hub",
          "party show hub",
          "party show hub --versions",
          "party list",
          "party tree",
          "party list --as-of 1",
          "fund list",
          "fund show winter",
          "place list",
          "category tree",
          "asset list",
          "need list",
          "project show lunches",
          "project money lunches",
          "project money",
          "coverage",
          "coverage --by cell",
          "who-answers dafang EDU",
          "standing lunches",
          "evaluations --group check",
          "participation",
          "search hub",
          "summary",
          "top",
          "series",
          "idle",
          "findings",
          "deployment idle",
          "deployment short",
          "deployment matrix",
          "deployment matrix --place dafang --category EDU",
          "fragmentation dafang EDU",
          "match --asset CNY",
          "needs",
          "needs n",
          "pledges",
          "pledges donor",
          "key list",
          "key list --as-of 1",
          "key list --all",
          "flows",
          "flows --by year",
          "flows --since 2025-01-01 --until 2025-12-31 --against 2024-01-01..2024-12-31",
          "committed",
          "committed --by year",
          "log",
          "log 1..",
          "ledger-key list",
          "checkpoint",
          "checkpoint --cosigned",
          "proof 1 --out proof-file",
          "consistency kept"})
      all.push_back(at + json + command);
    all.push_back(at + json + kPay);
    all.push_back(at + json + "submit entry.yaml --key clerk --as root");
    all.push_back(at + json + "submit entry.yaml --key clerk --as root --dry-run");
    all.push_back(at + json + "import csv rows.csv --key clerk --as root");
    all.push_back("--timeout 3 " + std::string(json) + "verify " + address + " --vkey " + VkeyOf(desk));
    all.push_back("--timeout 3 " + std::string(json) + "clone " + address + " copy --vkey " + VkeyOf(desk));
  }
  for (const char* command :
       {"list --csv",
        "balance hub --csv",
        "statement hub --csv",
        "trace from 1.1 --format flows",
        "trace from 1.1 --format paths",
        "trace from 1.1 --format csv",
        "trace to 1.1 --format json",
        "trace from 1.1 --format json --hops 3",
        "trace from 1.1 --format svg",
        "trace from 1.1 --format html",
        "trace from 1.1 --format dot",
        "party list --csv",
        "place tree --csv",
        "need list --csv",
        "coverage --csv",
        "who-answers dafang --csv",
        "evaluations --csv",
        "search hub --csv",
        "log --csv",
        "summary --csv",
        "top --csv",
        "series --csv",
        "idle --csv",
        "findings --csv",
        "deployment idle --csv",
        "deployment short --csv",
        "deployment matrix --csv",
        "fragmentation dafang --csv",
        "match --asset CNY --csv",
        "needs --csv",
        "publicity",
        "open",
        "missing groups",
        "group members g",
        "acknowledgements",
        "concerns",
        "sample members s",
        "policies",
        "policy overlap",
        "policy conflicts",
        "policy gaps",
        "need add n --owner hub --place a --category b --asset CNY --amount 1.00 --key clerk --as root",
        "need verify n --key clerk --as root",
        "project approve lunches --key clerk --as root",
        "party add new --name New --key clerk",
        "fund add new --name New --key clerk",
        "party amend hub --name New --key clerk --as root",
        "party end hub --key clerk --as root",
        "asset add EUR --key clerk",
        "import registers party parties.csv --key clerk --as root",
        "consistency kept --vkey KEY",
        "pay --from a --to b --amount 1 --asset CNY --fund f --key clerk"})
    all.push_back(at + command);
  return all;
}

TEST_CASE("a server that lies in every field: nothing that it says is obeyed, held without end or believed") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("kept", desk.Run("--ledger l checkpoint").out);
  desk.write("entry.yaml", "memo: m\nactions:\n- declare_asset: {code: EUR, decimals: 2}\n");
  desk.write("parties.csv", "id,name\nnew,New\n");
  desk.write("rows.csv", "date,from,to,amount,asset,fund\n2026-01-02,donor,hub,1,CNY,winter\n");
  Liar liar;
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto error = [](grpc::StatusCode code, const std::string& text) {
    Lie lie;
    lie.error = grpc::Status(code, text);
    lie.in_json = false;
    return lie;
  };
  const auto numbers = [](std::uint64_t number) {
    Lie lie{{"x", number, 2, 4}, {}, 0};
    lie.in_json = false;
    return lie;
  };
  const Lie jumping{{"text", 1, 3, 3}, {}, 0x7fffffff};
  Lie refusing;
  refusing.error =
      server::ToGrpc(model::Refuse(v1::REFUSAL_CODE_ID_REUSED, kControls, kControls + " record 1"));
  const std::vector<std::pair<const char*, Lie>> lies = {
      {"control characters", {{kControls, most, 2, 4}, {}, 0}},
      {"characters that reorder, -1", {{kReordering, most, 2, 4}, {}, 0}},
      {"the least numbers", numbers(std::uint64_t{1} << 63)},
      {"2^32-1", numbers(0xffffffff)},
      {"nothing at all", {{"", 0, 2, 3}, {}, 0}},
      {"100 KB in each text", {{std::string(100'000, 'x'), 3, 2, 2}, {}, 0}},
      {"a megabyte in each text", {{std::string(1 << 20, 'x'), 3, 1, 1}, {}, 0}},
      {"a tree that jumps", jumping},
      {"an error with control characters", error(grpc::StatusCode::INVALID_ARGUMENT, kControls)},
      {"data loss with a megabyte",
       error(grpc::StatusCode::DATA_LOSS, std::string(8'000, 'x') + kReordering)},
      {"a refusal with control characters", refusing},
  };
  const auto commands = Commands(desk, liar.address());
  // Every command meets text that could harm a terminal, and the longest. Of the other lies each meets a third of the commands, by
  // turns: what they are about is looked at in one place for all. So is JSON, of which each lie meets a sixth. With
  // FUNDTRAIL_EVERY_LIE, as in `./check --all`, each meets all.
  const std::set<std::string> to_all{lies[0].first, lies[1].first, "a megabyte in each text"};
  const std::size_t turns = std::getenv("FUNDTRAIL_EVERY_LIE") != nullptr ? 1 : 3;
  std::size_t turn = 0;
  for (const auto& [what, lie] : lies) {
    ++turn;
    for (std::size_t i = 0; i < 2 * commands.size(); ++i) {
      const std::string& command = commands[i / 2];
      const bool in_json = Has(command, " --json ");
      const bool by_turns = in_json || to_all.count(what) == 0;
      if (turns > 1 && by_turns && (i / 2 + turn) % (in_json ? 2 * turns : turns) != 0) continue;
      liar.lie = lie;
      liar.lie.as_asked = liar.lie.as_of_asked = i % 2 == 1;
      const bool of_register =
          Has(command, " list") || Has(command, " tree") || Has(command, "party ") || Has(command, "fund ");
      if (liar.lie.as_asked && (!of_register || lie.error.has_value())) continue;
      if (!lie.in_json && in_json) continue;
      for (const char* made : {"proof-file", "copy", "rows.csv.rejects.csv", "parties.csv.rejects.csv"})
        std::filesystem::remove_all(desk.path(made));
      const auto start = std::chrono::steady_clock::now();
      const Ran ran = desk.Run(command);
      const auto took = std::chrono::steady_clock::now() - start;
      INFO(what << ": " << command << "\n"
                << ran.exit << "\n"
                << ran.out.substr(0, 2'000) << "\n"
                << ran.err.substr(0, 2'000));
      CHECK(ran.exit >= 0);
      CHECK(ran.exit <= 3);
      CHECK(Obeyed(ran.out).empty());
      CHECK(Obeyed(ran.err).empty());
      CHECK_FALSE((ran.exit != 0 && ran.err.empty() && ran.out.empty()));
      CHECK(took < std::chrono::seconds(20));
      CHECK_FALSE(std::filesystem::exists(desk.path("proof-file")));
    }
  }
  // KB, of the largest. What begins as a copy of a test under the sanitizers may be as large as that.
  bool sanitized = false;
#ifdef __has_feature
#if __has_feature(address_sanitizer)
  sanitized = true;
#endif
#endif
  struct rusage used {};
  REQUIRE(getrusage(RUSAGE_CHILDREN, &used) == 0);
  if (!sanitized) CHECK(used.ru_maxrss < 400'000);
}

// Each command asks what the answer says to be checked: that each check finds what it must, tests/checks/ shows.
TEST_CASE("answers that cannot be true are told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  desk.Run("keygen --out clerk");
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server"));
    CHECK_THAT(ran.err, Contains(words));
  };
  liar.lie = {{kControls, 1, 1, 3}, {}, 0};
  told("balance hub",
       "its field fundtrail.v1.BalanceAnswer.as_of_date has control characters, which no ledger takes");
  const std::string record =
      "the server's answer cannot be true: it is as of another record than was asked for";
  liar.lie = {{"x", 1, 3, 3}, {}, 0};
  for (const char* command : {"party list",
                              "party tree",
                              "party show hub",
                              "party list --as-of 2",
                              "key list",
                              "key list --as-of 2",

                              "project show lunches",
                              "project money lunches",
                              "project money",
                              "coverage",
                              "who-answers dafang EDU",
                              "standing lunches",
                              "evaluations",
                              "participation",
                              "search hub",
                              "summary",
                              "top",
                              "series",
                              "findings",
                              "flows",
                              "committed",
                              "deployment idle",
                              "fragmentation dafang EDU",
                              "match --asset CNY",
                              "needs",
                              "needs n",
                              "pledges",
                              "publicity",
                              "open",
                              "missing groups",
                              "group members g",
                              "acknowledgements",
                              "concerns",
                              "sample members s",
                              "policies",
                              "policy overlap",
                              "policy conflicts",
                              "policy gaps",
                              "party add new --name New --key clerk"})
    told(command, record);
  for (const char* command :
       {"coverage", "who-answers dafang", "evaluations", "search hub", "summary", "top", "series", "findings",
        "flows", "committed", "deployment idle", "fragmentation dafang", "match --asset CNY", "needs",
        "missing groups", "group members g", "acknowledgements", "concerns", "party list"})
    told(std::string(command) + " --csv", record);
  told("key show " + std::string(64, 'a'), record);
  for (const char* command : {"deployment short", "deployment matrix"})
    told(command, "the server answered without the record that was asked for");
  for (const char* command : {"idle", "idle --csv"})
    told(command, "it joins parties, which was not asked for");
  told("balance hub", "what was received less what was paid is not what is held");
  told("statement hub", "the lines do not have the totals");
  told("statement hub --csv", "the lines do not have the totals");
  told("trace from 1.1", "what ended is not what was asked");
  told("trace to 1.1", "it goes another way than was asked for");
  told("trace from 1.1 --format svg", "what ended is not what was asked");
  told("flows --since 2025-01-01 --until 2025-12-31 --against 2024-01-01..2024-12-31",
       "it is as of another record than was asked for");
  told("log", "it is up to another record than was asked for");
  told("log --csv", "it is up to another record than was asked for");
  liar.lie.as_of_asked = true;
  told("party tree", "a line is of another register than was asked about");
  liar.lie.depth_step = 5;
  liar.lie.as_asked = true;
  told("party tree", "5 levels down, and the one before it 0");
  liar.lie = {{"x", 1, 200, 3}, {}, 0};
  told("list", "more transfers than were asked for");
}

}  // namespace
}  // namespace fundtrail::testing
