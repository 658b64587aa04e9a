// Importing with the real program: sums, the same file again, and kill -9 in the middle. What is rejected is in
// import_rejects_test.cc too, and first maps in import_suggest_test.cc.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/cli/import_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("rows become transfers, negative ones returns; what cannot is rejected with the reason") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv",
             "date,from,to,amount,asset,from_role\r\n"
             "2026-01-01,Donor,Hub,100.00,USD,source\r\n"
             "2026-01-02,Hub,\"Village, north\",30.50,USD,\r\n"
             "2026-01-03,Hub,\"Village, north\",-10.50,USD,\r\n"
             "2026-01-04,Hub,\"Village, north\",-500,USD,\r\n"
             "2026-01-05,Hub,救援队,200,USD,\r\n"
             "2026-99-05,Hub,x,1,USD,\r\n");
  const auto ran = desk.Run(kImport);
  INFO(ran.err);
  REQUIRE(ran.exit == 1);  // since some were rejected
  const auto file = nlohmann::json::parse(ran.out)["files"][0];
  CHECK(file["imported"] == "4");
  CHECK(file["rejected"] == "2");
  CHECK(file["assets"][0]["imported"] == "33050");
  CHECK(file["assets"][0]["returned"] == "1050");
  CHECK(file["assets"][0]["unrecorded"] == "12000");  // the hub held 80.00
  CHECK(file["assets"][0]["rejected"] == "50000");
  const std::string rejects = desk.read("rows.csv.rejects.csv");
  CHECK_THAT(rejects, Contains("RETURN_SHORT"));
  CHECK_THAT(rejects, Contains("2026-99-05"));
  CHECK_THAT(
      desk.Run("--ledger l trace from --party unrecorded").out,
      Contains(
          "120.00 USD asked = 0.00 reached recipients + 120.00 ends here, no further payment recorded + "));
  CHECK_THAT(desk.Run("--ledger l party show village-north").out, Contains("  role-inferred    yes\n"));
  CHECK_THAT(desk.Run("--ledger l trace to --party village-north").out,
             Contains("30.50 USD asked = 30.50 brought in"));

  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto again = nlohmann::json::parse(desk.Run(kImport).out)["files"][0];
  CHECK(again["imported"] == "0");
  CHECK(again["present"] == "4");
  CHECK_FALSE(again.contains("first_record"));
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

TEST_CASE("thousands of payments taken back, one by one and under other names") {
  const Desk desk;
  BeginImport(desk);
  std::string rows = "date,from,to,amount,asset,from_role\r";  // lines as old Macs end them
  for (int i = 0; i < 3000; ++i) rows += "2026-01-01,The Donor,The Hub,1.00,USD,source\r";
  for (int i = 0; i < 3000; ++i) rows += "2026-01-02,The Donor,THE HUB,-1.00,USD,source\r";
  rows += "2026-01-03,The Donor,The Hub,-0.01,USD,source\r";
  desk.write("rows.csv", rows);
  const auto file = nlohmann::json::parse(desk.Run(kImport).out)["files"][0];
  CHECK(file["imported"] == "6000");
  CHECK(file["assets"][0]["returned"] == "300000");
  CHECK(file["reject_codes"]["RETURN_SHORT"] == "1");
  CHECK(file["same_ids"].size() == 1);
  CHECK_THAT(desk.Run("--ledger l trace from --party the-donor").out,
             Contains("3,000.00 USD asked = 0.00 reached recipients + 0.00 held + 3,000.00 returned"));

  // The same bytes under another name are the same rows.
  desk.write("copy.csv", rows);
  const std::string reasons = desk.read("rows.csv.rejects.csv");
  const auto copy =
      nlohmann::json::parse(desk.Run("--ledger l --json import csv copy.csv --key k --as root --register "
                                     "--open-missing --accept-duplicates --date 2026-01-01")
                                .out)["files"][0];
  CHECK(copy["present"] == "6000");
  CHECK(copy["imported"] == "0");
  desk.Run(kImport);
  CHECK(desk.read("rows.csv.rejects.csv") == reasons);  // and the reasons of the first run stay
}

TEST_CASE(
    "what may have been paid before is rejected with the reason, until somebody says that it is meant") {
  const Desk desk;
  desk.MakeLedger();
  const std::string import = "--ledger l --json import csv ", signs = " --key clerk --as root";
  const std::string header = "date,from,to,amount,asset,fund,reference\n";
  const auto file = [&](const std::string& name, const std::string& options = "") {
    const auto ran = desk.Run(import + name + signs + options);
    INFO(ran.out << ran.err);
    return nlohmann::json::parse(ran.out)["files"][0];
  };
  desk.write("one.csv", header +
                            "2026-01-01,donor,hub,1000.00,CNY,winter,\n"
                            "2026-01-02,hub,village,5.00,CNY,winter,\n"
                            "2026-01-02,hub,village,5.00,CNY,winter,\n"
                            "2026-01-03,hub,village,6.00,CNY,winter,n1\n"
                            "2026-01-03,hub,village,6.00,CNY,winter,n2\n");
  const auto one = file("one.csv");
  CHECK(one["imported"] == "4");  // the third row has the cells of the second
  CHECK(one["reject_codes"]["DUPLICATE_SUSPECTED"] == "1");
  CHECK_THAT(desk.read("one.csv.rejects.csv"),
             Contains("DUPLICATE_SUSPECTED: line 3 of the file has the same cells; where it is another "
                      "payment, import the rejected rows with --accept-duplicates"));
  // The same file again adds nothing, and neither does it know better.
  const auto again = file("one.csv");
  CHECK(again["imported"] == "0");
  CHECK(again["present"] == "4");
  CHECK_FALSE(again.contains("first_record"));
  CHECK(again["rejected"] == "1");

  // A corrected file: what it shares with the first is not paid again. Other numbers are other payments.
  desk.write("two.csv", header +
                            "2026-01-02,hub,village,5.00,CNY,winter,\n"
                            "2026-01-02,hub,village,7.00,CNY,winter,\n"
                            "2026-01-03,hub,village,6.00,CNY,winter,n2\n"
                            "2026-01-03,hub,village,6.00,CNY,winter,n3\n");
  const auto two = file("two.csv");
  CHECK(two["imported"] == "2");
  CHECK(two["reject_codes"]["DUPLICATE_SUSPECTED"] == "2");
  CHECK_THAT(desk.read("two.csv.rejects.csv"), Contains(" pays as much from hub to village on 2026-01-02; "));

  // The rejected rows are a file of their own.
  const auto meant = file("one.csv.rejects.csv", " --accept-duplicates");
  CHECK(meant["imported"] == "1");
  CHECK(meant["rejected"] == "0");
  CHECK_THAT(desk.Run("--ledger l balance village").out, Contains("35.00"));
}

TEST_CASE("dates in the future and long ago are counted, or rejected where somebody asks for that") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("rows.csv",
             "date,from,to,amount,asset,fund\n2199-01-01,donor,hub,1,CNY,winter\n1990-01-01,donor,hub,2,CNY,"
             "winter\n2026-01-01,donor,hub,3,CNY,winter\n");
  const std::string import = "--ledger l --json import csv rows.csv --key clerk --as root";
  const auto strict = nlohmann::json::parse(desk.Run(import + " --strict-dates").out)["files"][0];
  CHECK(strict["imported"] == "1");
  CHECK(strict["reject_codes"]["DATE_UNLIKELY"] == "2");
  const Desk other;
  other.MakeLedger();
  other.write("rows.csv", desk.read("rows.csv"));
  const auto counted = nlohmann::json::parse(other.Run(import).out)["files"][0];
  CHECK(counted["imported"] == "3");
  CHECK(counted["odd_dates"] == "2");
}

TEST_CASE("a decimal comma, an asset that the ledger counts in its own way, and the reserved party") {
  const Desk desk;
  BeginImport(desk);
  desk.Run("--ledger l asset add BED --decimals 0 --key k");
  desk.write("rows.csv",
             "date;from;to;amount;asset\n2026-01-01;unrecorded;Hub;1.250,50;EUR\n2026-01-02;unrecorded;Hub;"
             "12;BED\n");
  desk.write("map.toml", "separator = \";\"\ndecimal = \",\"\n");
  const auto ran = desk.Run(std::string(kImport) + " --map map.toml");
  const auto file = nlohmann::json::parse(ran.out)["files"][0];
  CHECK(file["imported"] == "2");
  const std::string balance = desk.Run("--ledger l balance Hub").out;
  CHECK_THAT(balance, Contains("1,250.50"));
  CHECK_THAT(balance, Contains(" 12 "));
}

TEST_CASE("an import that cannot go on is one document still: what was done, and why not the rest") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv", "date,from,to,amount,asset\n2026-01-01,a,b,1,USD\n");
  const auto ran = desk.Run(
      "--ledger l --json import csv rows.csv gone.csv --key k --as root --register --open-missing --date "
      "2026-01-01");
  CHECK(ran.exit == 2);
  INFO(ran.out << ran.err);
  const auto document = nlohmann::json::parse(ran.out);
  CHECK(document["files"].size() == 1);
  CHECK(document["files"][0]["imported"] == "1");
  CHECK_THAT(document["error"].dump(), Contains("gone.csv"));
}

TEST_CASE(
    "an import of registers that cannot go on tells what was done too, and what one entry has is refused") {
  const Desk desk;
  BeginImport(desk);
  desk.write("good.csv", "id,name\na,A\n");
  const std::string import = "import registers category good.csv ";
  const auto ran = desk.Run("--ledger l --json " + import + "gone.csv --key k --as root");
  CHECK(ran.exit == 2);
  INFO(ran.out << ran.err);
  const auto document = nlohmann::json::parse(ran.out);
  REQUIRE(document["files"].size() == 1);
  CHECK(document["files"][0]["added"] == "1");
  CHECK_THAT(document["error"].dump(), Contains("gone.csv"));
  for (const std::string one : {"--memo hello", "--receipt r", "--id 00112233445566778899aabbccddeeff"}) {
    INFO(one);
    const auto refused = desk.Run("--ledger l " + import + "--key k --as root " + one);
    CHECK(refused.exit == 2);
    CHECK_THAT(refused.err, Contains(one.substr(0, one.find(' ')) + ": an import writes many entries"));
  }
}

TEST_CASE("without --register nothing is made up, and without --open-missing nobody overdraws") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv", "date,from,to,amount,asset\n2026-01-01,a,b,1,USD\n");
  auto ran = desk.Run("--ledger l --json import csv rows.csv --key k --as root");
  CHECK_THAT(ran.out, Contains("REFERENCE_UNKNOWN"));
  ran = desk.Run("--ledger l --json import csv rows.csv --key k --as root --register");
  CHECK_THAT(ran.out, Contains("INSUFFICIENT_FUNDS"));
  ran = desk.Run("--ledger l import csv rows.csv --key k --as root --register");
  CHECK_THAT(ran.out, Contains("rejected, INSUFFICIENT_FUNDS: 1 row\n") && Contains("--open-missing says"));
  CHECK_THAT(desk.Run("--ledger l checkpoint").out, Contains("\n1\n"));
}

TEST_CASE("other encodings and separators of the map are read") {
  const Desk desk;
  BeginImport(desk);
  desk.write(
      "rows.csv",
      "date,from,to,amount,asset\n2026-01-01,\xba\xec\xca\xae\xd7\xd6,b,1,CNY\n");  // 红十字 in GB 18030
  REQUIRE(desk.Run(std::string(kImport) + " --encoding gb18030").exit == 0);
  CHECK_THAT(desk.Run("--ledger l party list").out, Contains("红十字"));
  const auto wrong = desk.Run(kImport);  // not UTF-8
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.err, Contains("rows.csv"));
}

TEST_CASE("OCHA's flows for Afghanistan add up, and go in once") {
  const Desk desk;
  BeginImport(desk);
  const std::string example = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/fts-afghanistan/";
  std::filesystem::copy_file(example + "flows.csv", desk.path("rows.csv"));
  const std::string import = std::string(kImport) + " --map " + example + "fts.toml";
  const auto file = nlohmann::json::parse(desk.Run(import).out)["files"][0];
  CHECK(file["imported"] == "456");
  CHECK(file["rejected"] == "9");
  CHECK(file["assets"][0]["imported"] == "77263761400");
  CHECK(file["assets"][0]["committed"] == "24945659300");
  // The fund is recorded to have received 41,445,865 and to have paid 69,884,707: the rest is unrecorded, and
  // seen.
  const auto balance =
      nlohmann::json::parse(desk.Run("--ledger l --json balance afghanistan-humanitarian-fund").out);
  CHECK(balance["lines"][0]["drawn"] == "6988470700");
  const auto from =
      nlohmann::json::parse(desk.Run("--ledger l --json trace to --party afghanistan-humanitarian-fund").out);
  std::int64_t unrecorded = 0;
  for (const auto& end : from["assets"][0]["ends"]) {
    if (end["account"]["party"] == "unrecorded") unrecorded += std::stoll(end["amount"].get<std::string>());
  }
  CHECK(unrecorded == 6988470700 - 4144586500);
  CHECK(from["assets"][0]["unrecorded"] == std::to_string(unrecorded));
  CHECK(from["assets"][0]["brought_in"] == "4144586500");
  CHECK(from["assets"][0]["committed"]["brought_in"] == "1352432400");
  const std::string before = desk.Run("--ledger l checkpoint").out;
  CHECK(nlohmann::json::parse(desk.Run(import).out)["files"][0]["present"] == "456");
  CHECK(desk.Run("--ledger l checkpoint").out == before);
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("kill -9 during an import, twenty times: the ledger opens, verifies, and the import completes") {
  const auto seed = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const Desk desk;
  BeginImport(desk);
  std::string rows = "date,from,to,amount,asset,from_role,purpose\n";
  std::int64_t total = 0;
  const std::string purpose(300, 'p');
  for (int i = 0; i < 20'000; ++i) {
    total += 100 + i;
    rows += "2026-01-01,donor" + std::to_string(i % 7) + ",hub" + std::to_string(i % 10) + "," +
            std::to_string(100 + i) + ",XAF,source," + purpose + "\n";
  }
  desk.write("rows.csv", rows);
  int interrupted = 0;
  const std::string program = Program();
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      if (chdir(desk.path("").c_str()) != 0) _exit(9);
      if (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr)
        _exit(9);
      execl(program.c_str(), program.c_str(), "--ledger", "l", "import", "csv", "rows.csv", "--key", "k",
            "--as", "root", "--register", "--open-missing", "--accept-duplicates", "--date", "2026-01-01",
            nullptr);
      _exit(9);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 180));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    interrupted += WIFSIGNALED(status);
    const auto verified = desk.Run("verify l --vkey \"$(cat l/vkey)\"");
    INFO(verified.out << verified.err);
    REQUIRE(verified.exit == 0);
  }
  CHECK(interrupted > 0);  // else this tested nothing
  const auto completed = nlohmann::json::parse(desk.Run(kImport).out)["files"][0];
  CHECK(std::stoll(completed["imported"].get<std::string>()) +
            std::stoll(completed["present"].get<std::string>()) ==
        20'000);
  std::int64_t received = 0;
  for (int hub = 0; hub < 10; ++hub) {
    const auto balance =
        nlohmann::json::parse(desk.Run("--ledger l --json balance hub" + std::to_string(hub)).out);
    received += std::stoll(balance["lines"][0]["held"].get<std::string>());
  }
  CHECK(received == total);  // nothing lost, nothing doubled
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
