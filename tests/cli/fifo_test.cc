// Wherever a file is named there may be a pipe. One that somebody writes to is read where that makes sense, and none is
// waited for for ever.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <iterator>
#include <string>
#include <utility>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a pipe without a writer ends each command that is given it, in words") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(mkfifo(desk.path("fifo").c_str(), 0600) == 0);
  desk.write("kept", desk.Run("--ledger l checkpoint").out);
  desk.write("begun", "-----BEGIN CERTIFICATE-----\n");
  desk.write("rows.csv", "date,from,to,amount,asset,fund\n2026-01-02,donor,hub,1,CNY,winter\n");
  const std::string vkey = "\"$(cat l/vkey)\"";
  const std::string pay =
      "--ledger l pay --from donor --to hub --amount 1 --asset CNY --fund winter --as root ";
  const std::pair<std::string, const char*> commands[] = {
      {"verify l --state fifo --vkey " + vkey, "here a file is needed"},
      {"verify l --since fifo --vkey " + vkey, "a pipe that nobody writes to"},
      {"verify l --policy fifo --vkey " + vkey, "a pipe that nobody writes to"},
      {"receipt verify fifo --vkey " + vkey, "a pipe that nobody writes to"},
      {"receipt verify kept --policy fifo --vkey " + vkey, "a pipe that nobody writes to"},
      {"--ledger l consistency fifo", "a pipe that nobody writes to"},
      {"--ledger l consistency kept fifo", "a pipe that nobody writes to"},
      {pay + "--key fifo", "fifo is not a file"},
      {pay + "--key clerk --passphrase-file fifo", "a pipe that nobody writes to"},
      {"--ledger l submit fifo --key clerk", "a pipe that nobody writes to"},
      {"sign fifo --key clerk --out signed", "a pipe that nobody writes to"},
      {"cosign fifo --key clerk", "here a file is needed"},
      {"--ledger l import csv fifo --key clerk --as root", "a pipe that nobody writes to"},
      {"--ledger l import csv rows.csv --map fifo --key clerk --as root", "a pipe that nobody writes to"},
      {"--server localhost:1 --ca fifo balance hub", "a pipe that nobody writes to"},
      {"--server localhost:1 --ca begun --client-cert fifo --client-key kept balance hub",
       "a pipe that nobody writes to"},
      {"--server localhost:1 --ca begun --client-cert begun --client-key fifo balance hub",
       "a pipe that nobody writes to"},
      {"keygen --out new --passphrase-file fifo", "a pipe that nobody writes to"},
      {"init new --name a/b --root-key fifo", "fifo is not a file"},
      {"witness --key fifo --log " + vkey, "fifo is not a file"},
      {"witness --key k --passphrase-file fifo --log " + vkey, "a pipe that nobody writes to"},
  };
  // All of them at once, since most wait a while for a writer; each with files of its own.
  std::string all;
  for (std::size_t i = 0; i < std::size(commands); ++i) {
    const std::string name = "run" + std::to_string(i);
    all += "{ timeout 20 " + Program() + " " + commands[i].first + " >" + name + ".out 2>" + name +
           ".err </dev/null; echo $? >" + name + ".exit; } & ";
  }
  desk.Shell("{ " + all + "wait; }");
  for (std::size_t i = 0; i < std::size(commands); ++i) {
    const auto& [command, words] = commands[i];
    const std::string name = "run" + std::to_string(i), err = desk.read(name + ".err");
    INFO(command << ": " << desk.read(name + ".exit") << " " << desk.read(name + ".out") << err);
    CHECK(desk.read(name + ".exit") == "2\n");
    CHECK_THAT(err, Contains(words));
  }
}

TEST_CASE("files of a folder that are pipes do not hold a command up") {
  const Desk desk;
  desk.MakeLedger();
  for (const char* name : {"cosigned", "vkey"}) {
    desk.Shell("rm -rf m && cp -r l m && rm -f m/" + std::string(name) + " && mkfifo m/" + name);
    const auto ran =
        desk.Shell("timeout 30 " + Program() + " verify m --vkey \"$(cat l/vkey)\"; timeout 30 " + Program() +

                   " --ledger m ledger-key prepare");
    INFO(name << ran.out << ran.err);
    CHECK(ran.exit != 124);
  }
}

TEST_CASE("pipes with a writer are read: process substitution and standard input") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("kept", desk.Run("--ledger l checkpoint").out);
  desk.write("entry.json",
             "{\"memo\": \"m\", \"actions\": [{\"declare_asset\": {\"code\": \"EUR\", \"decimals\": 2}}]}");
  const auto bash = [&](const std::string& arguments) {
    return desk.Shell("bash -c '" + Program() + " " + arguments + "'");
  };
  const auto since = bash("verify l --since <(sleep 0.3; cat kept) --vkey \"$(cat l/vkey)\"");
  INFO(since.out << since.err);
  CHECK(since.exit == 0);
  CHECK_THAT(since.out, Contains("that were seen before"));
  CHECK(bash("--ledger l consistency <(cat kept) --vkey \"$(cat l/vkey)\"").exit == 0);
  CHECK(desk.Shell("bash -c 'cat kept | " + Program() +
                   " --ledger l consistency /dev/stdin --vkey \"$(cat l/vkey)\"'")
            .exit == 0);
  CHECK(bash("--ledger l submit <(cat entry.json) --key k --as root --dry-run").exit == 0);
  CHECK(desk.Run("--ledger l submit - --key k --as root --dry-run", desk.read("entry.json")).exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
