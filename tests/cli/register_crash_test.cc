// kill -9 while `import registers` runs, also while the items of its file are approved or verified, again and again. However it
// ends, the ledger verifies, and a run that ends by itself leaves every row there once, judged once.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "ledger/tree/tiles.h"
#include "tests/cli/root_desk.h"

namespace fundtrail::testing {
namespace {

// Under the sanitizers fewer, since all takes long there.
int Rows() {
  static const int rows = RunsSanitized() ? 1'200 : 3'000;
  return rows;
}

// A file of items of a register, and who judges them.
struct Case {
  std::string of, header;
  std::function<std::string(int)> row;
  std::string by;  // "--verify-by", or nothing
  // The item that an action opens, or judges; nothing for other actions.
  std::function<std::string(const v1::Action&)> opens, judges;
};

const std::string kLong(150, 'x');

// Long ids and texts make many entries.
std::string Id(int i) { return std::string(40, 'n') + std::to_string(i); }

std::vector<Case> Cases() {
  return {
      {"need", "id,owner,place,category,people,source\n",
       [](int i) { return Id(i) + ",hub,dafang,EDU," + std::to_string(i + 1) + "," + kLong + "\n"; },
       "--verify-by", [](const v1::Action& action) { return action.declare_need().id(); },
       [](const v1::Action& action) { return action.verify_need().need(); }},
      {"project", "id,name,owner,places,categories,targets\n",
       [](int i) { return Id(i) + "," + kLong + ",hub,dafang,EDU,pupils=400=persons\n"; }, "--approve-by",
       [](const v1::Action& action) { return action.propose_project().id(); },
       [](const v1::Action& action) { return action.approve_project().project(); }},
      {"deployment", "id,owner,party,place,category,status,activity\n",
       [](int i) { return Id(i) + ",hub,village,dafang,EDU,active," + kLong + "\n"; }, "",
       [](const v1::Action& action) { return action.deploy().id(); },
       [](const v1::Action&) { return std::string(); }},
  };
}

void Begin(const Desk& desk, const Case& one) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "place add cn --name China --level 0");
    Do(first, "place add dafang --name Dafang --parent cn --level 3");
    Do(first, "category add EDU --name Education");
    Do(first, "party add county --name 'County office' --place cn");
  });
  std::string rows = one.header;
  for (int i = 0; i < Rows(); ++i) rows += one.row(i);
  desk.write("rows.csv", rows);
}

// With who judges, or without.
std::vector<std::string> Arguments(const Case& one, const std::string& ledger, bool judging) {
  std::vector<std::string> all = {"--ledger", ledger,     "--json",    "import", "registers",
                                  one.of,     "rows.csv", "--key",     "k",      "--as",
                                  "root",     "--date",   "2026-01-01"};
  if (judging) all.insert(all.end(), {one.by, "county"});
  return all;
}

nlohmann::json Whole(const Desk& desk, const Case& one, const std::string& ledger, bool judging) {
  std::string command;
  for (const std::string& word : Arguments(one, ledger, judging)) command += " " + word;
  const auto ran = desk.Run(command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  return nlohmann::json::parse(ran.out)["files"][0];
}

// How many records there are: the second line of the checkpoint.
std::uint64_t SizeOf(const Desk& desk, const std::string& ledger) {
  std::istringstream checkpoint(desk.Run("--ledger " + ledger + " checkpoint").out);
  std::string line;
  std::getline(checkpoint, line);
  std::getline(checkpoint, line);
  return std::stoull(line);
}

// Runs the program and kills it after so many microseconds; whether it had not ended by itself by then.
bool Killed(const Desk& desk, std::vector<std::string> arguments, std::int64_t after) {
  arguments.insert(arguments.begin(), Program());
  std::vector<char*> raw;
  for (std::string& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (chdir(desk.path("").c_str()) != 0) _exit(9);
    if (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr)
      _exit(9);
    execv(raw[0], raw.data());
    _exit(9);
  }
  std::this_thread::sleep_for(std::chrono::microseconds(after));
  kill(child, SIGKILL);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status)) return true;
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

// How often it was killed in the middle of what it was to write.
struct Kills {
  int midway = 0;
};

// Kills runs until one ends by itself, at most `most` of them. How long one takes is measured on a copy of the ledger; a run is
// killed after some of that time, in per cent.
Kills KillAgainAndAgain(const Desk& desk, const Case& one, bool judging, int most, int least_percent,
                        int most_percent, std::mt19937_64* random) {
  REQUIRE(desk.Shell("rm -rf copy && cp -r l copy").exit == 0);
  const auto began = std::chrono::steady_clock::now();
  Whole(desk, one, "copy", judging);
  const std::int64_t took =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count();
  const std::uint64_t before = SizeOf(desk, "l"), whole = SizeOf(desk, "copy");
  Kills kills;
  for (int round = 0; round < most; ++round) {
    const int percent = std::uniform_int_distribution<int>(least_percent, most_percent)(*random);
    const bool killed = Killed(desk, Arguments(one, "l", judging), took * percent / 100);
    const auto verified = desk.Run("verify l --vkey \"$(cat l/vkey)\"");
    INFO(verified.out << verified.err);
    REQUIRE(verified.exit == 0);
    if (!killed) break;
    const std::uint64_t size = SizeOf(desk, "l");
    if (before < size && size < whole) ++kills.midway;
  }
  return kills;
}

std::uint64_t AllRows() { return static_cast<std::uint64_t>(Rows()); }

std::uint64_t Number(const nlohmann::json& json, const char* name) {
  return std::stoull(json.at(name).get<std::string>());
}

// Of all records, as an archive has them.
std::vector<v1::Action> ActionsOf(const Desk& desk) {
  std::filesystem::remove_all(desk.path("all"));
  REQUIRE(desk.Run("--ledger l archive all").exit == 0);
  std::vector<v1::Action> actions;
  for (const auto& file : std::filesystem::recursive_directory_iterator(desk.path("all/tile/entries"))) {
    if (!file.is_regular_file()) continue;
    const std::string bundle = FileText(file.path());
    ByteView rest = bundle;
    while (const auto bytes = tree::TakeFromBundle(&rest)) {
      v1::Record record;
      v1::Entry entry;
      REQUIRE(record.ParseFromString(std::string(*bytes)));
      REQUIRE(entry.ParseFromString(record.signed_entry().entry()));
      actions.insert(actions.end(), entry.actions().begin(), entry.actions().end());
    }
  }
  return actions;
}

// A run that ends by itself brings in what is missing, and the next one adds nothing.
void CheckCompleted(const Desk& desk, const Case& one, bool judging) {
  for (const bool again : {false, true}) {
    INFO((again ? "again" : "to the end"));
    const std::string checkpoint = desk.Run("--ledger l checkpoint").out;
    const auto file = Whole(desk, one, "l", judging);
    CHECK(Number(file, "added") + Number(file, "present") == AllRows());
    CHECK(Number(file, "rejected") == 0);
    CHECK(Number(file, "amended") == 0);
    if (judging) {
      const auto& said = file.at("attested");
      CHECK(Number(said, "said") + Number(said, "before") == AllRows());
      CHECK(Number(said, "refused") == 0);
      CHECK(Number(said, "not_judged") == 0);
    }
    if (again) CHECK(desk.Run("--ledger l checkpoint").out == checkpoint);
  }
  // Over all records: each row opened one item, and each item was judged once.
  std::map<std::string, int> opened, judged;
  for (const v1::Action& action : ActionsOf(desk)) {
    if (const std::string id = one.opens(action); !id.empty()) ++opened[id];
    if (const std::string id = one.judges(action); !id.empty()) ++judged[id];
  }
  CHECK(opened.size() == AllRows());
  CHECK(judged.size() == (judging ? AllRows() : 0));
  for (int i = 0; i < Rows(); ++i) {
    if (opened[Id(i)] == 1 && (!judging || judged[Id(i)] == 1)) continue;
    FAIL("row " << i << " opened " << opened[Id(i)] << " items, judged " << judged[Id(i)] << " times");
  }
}

TEST_CASE(
    "kill -9 during an import of a register, also while its items are judged: nothing twice, nothing "
    "missing") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const Case& one : Cases()) {
    INFO(one.of);
    const bool judging = !one.by.empty();
    // An import takes few entries, and most of its time may go before the first: so there are several tries.
    Kills kills;
    for (int tries = 0; tries < 8 && kills.midway == 0; ++tries) {
      const Desk desk;
      Begin(desk, one);
      kills = KillAgainAndAgain(desk, one, judging, 9, 10, 95, &random);
      CheckCompleted(desk, one, judging);
    }
    CHECK(kills.midway > 0);  // else this tested nothing
  }
}

TEST_CASE("kill -9 while the items of a file are judged, which are in already: each is judged once") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const Case& one : Cases()) {
    if (one.by.empty()) continue;
    INFO(one.of);
    // To judge takes few entries: so there are several tries to end between two of them.
    int midway = 0;
    for (int tries = 0; tries < 8 && midway == 0; ++tries) {
      const Desk desk;
      Begin(desk, one);
      Whole(desk, one, "l", false);
      midway = KillAgainAndAgain(desk, one, true, 8, 40, 95, &random).midway;
      CheckCompleted(desk, one, true);
    }
    CHECK(midway > 0);
  }
}

}  // namespace
}  // namespace fundtrail::testing
