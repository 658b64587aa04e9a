// What a terminal shows: aligned columns in any script, nothing that could move the cursor.
#include "cli/render/table.h"

#include <array>
#include <catch2/catch.hpp>
#include <iterator>
#include <random>
#include <sstream>

#include "cli/render/apart.h"
#include "cli/render/style.h"
#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

TEST_CASE("columns are aligned as a terminal measures them") {
  Table table({{"party"}, {"held", true}, {"since"}});
  table.Add({"湖北省红十字会", Money(123456789, 2), "2020-01-26"});
  table.Add({"Ärzte ohne Grenzen", Money(5, 2), "2020-02-01"});
  CHECK(table.Text({}).str() ==
        "party                       held  since\n"
        "湖北省红十字会      1,234,567.89  2020-01-26\n"
        "Ärzte ohne Grenzen          0.05  2020-02-01\n");
}

TEST_CASE("long texts are clipped, amounts never are") {
  Table table({{"name"}, {"amount", true}, {"purpose"}});
  table.Add({std::string(60, 'n'), Money(INT64_MAX, 2), std::string(200, 'p')});
  const std::string text = table.Text({false, 90}).str();
  const std::string row = text.substr(text.find('\n') + 1);
  CHECK(DisplayWidth(row.substr(0, row.size() - 1)) <= 90);
  CHECK(row.find("92,233,720,368,547,758.07") != std::string::npos);
  CHECK(row.find("…") != std::string::npos);
}

TEST_CASE("in a pipe nothing is clipped, and a long text does not widen every line") {
  Table table({{"name"}, {"amount", true}, {"purpose"}});
  table.Add({std::string(300, 'n'), "1", std::string(2'000, 'p')});
  table.Add({"short", "2", "x"});
  const std::string text = table.Text({false, kEndless}).str();
  CHECK(text.find(std::string(300, 'n') + "       1  " + std::string(2'000, 'p') + "\n") !=
        std::string::npos);
  CHECK(text.find("short" + std::string(95 + 7, ' ') + "2  x\n") != std::string::npos);
  CHECK(text.find("…") == std::string::npos);
}

TEST_CASE("an id is whole on a narrow terminal too: a row that has no room is a block") {
  Table table({{"id", false, true}, {"purpose"}});
  table.Add({std::string(64, 'i'), std::string(64, 'p')});
  CHECK(table.Text({false, 40}).str() ==
        "id       " + std::string(64, 'i') + "\npurpose  " + std::string(30, 'p') + "…\n");
}

TEST_CASE("the widest column shrinks first, and names last") {
  Column name{"name"};
  name.name = true;
  Table table({name, {"kind"}, {"purpose"}});
  table.Add({std::string(30, 'n'), std::string(10, 'k'), std::string(50, 'p')});
  const auto row = [&](int width) {
    const std::string text = table.Text({false, width}).str();
    return text.substr(text.find('\n') + 1);
  };
  const auto clipped = [](char sign, std::size_t columns) { return std::string(columns - 1, sign) + "…"; };
  const std::string whole = std::string(30, 'n') + "  ", kind = std::string(10, 'k') + "  ";
  CHECK(row(94) == whole + kind + std::string(50, 'p') + "\n");
  CHECK(row(60) == whole + kind + clipped('p', 16) + "\n");
  CHECK(row(50) == whole + clipped('k', 8) + "  " + clipped('p', 8) + "\n");
  CHECK(row(40) == clipped('n', 28) + "  " + clipped('k', 4) + "  " + clipped('p', 4) + "\n");
  // Narrower than that, each cell has a line.
  CHECK(table.Text({false, 22}).str() == "name     " + clipped('n', 13) + "\nkind     " +
                                             std::string(10, 'k') + "\npurpose  " + clipped('p', 13) + "\n");
}

TEST_CASE("what a row says in words stands below it where lines are short, and is never cut") {
  Column what{"what"};
  what.below = true;
  Table table({{"record", true}, {"author"}, what, {"paid", true}});
  const std::string words = "register-party 129, transfer 545";
  table.Add({"12", "ocha", Cell(words), "79,542,116.00"});
  table.Add({"3", "ocha", Cell(""), "1.00"});
  CHECK(table.Text({false, 63}).str() ==
        "record  author  what                                       paid\n"
        "    12  ocha    register-party 129, transfer 545  79,542,116.00\n"
        "     3  ocha                                               1.00\n");
  const std::string below =
      "record  author           paid\n"
      "        what\n"
      "    12  ocha    79,542,116.00\n"
      "        register-party 129, transfer 545\n"
      "     3  ocha             1.00\n";
  CHECK(table.Text({false, 62}).str() == below);
  CHECK(table.Text({false, 40}).str() == below);
  CHECK(table.Text({false, 36}).str() ==
        "record  author           paid\n"
        "        what\n"
        "    12  ocha    79,542,116.00\n"
        "        register-party 129, transfer\n"
        "        545\n"
        "     3  ocha             1.00\n");
  // Narrower than that each cell has a line, and this one is whole still.
  CHECK_THAT(table.Text({false, 20}).str(), Catch::Contains("what    " + words + "\n"));
}

TEST_CASE("where a line has no room for an id, the longest one stands below its row, whole") {
  Column name{"name"};
  name.name = true;
  Table table({{"id", false, true}, {"asset", false, true}, {"held", true}, name});
  table.Add({"united-nations-high-commissioner", "USD", "68,262,124.00", "UNHCR, who helps refugees"});
  table.Add({"oxfam", "USD", "1.00", "OXFAM"});
  CHECK(table.Text({false, 60}).str() ==
        "asset           held  name\n"
        "        id\n"
        "USD    68,262,124.00  UNHCR, who helps refugees\n"
        "        united-nations-high-commissioner\n"
        "USD             1.00  OXFAM\n"
        "        oxfam\n");
  // Narrower than the id it is no line either.
  CHECK_THAT(table.Text({false, 38}).str(), Catch::Contains("id     united-nations-high-commissioner\n"));
}

TEST_CASE(
    "where lines are short, what is the same in every row is folded, and what is spare is left out and "
    "told") {
  Column stage{"stage"}, purpose{"purpose"};
  stage.folds_narrow = purpose.spare = true;
  Table table({{"ref", false, true}, stage, {"held", true}, purpose});
  table.Add({"1.1", "committed", "1,000.00", "blankets"});
  table.Add({"1.2", "committed", "2,000.00", "tents"});
  CHECK(table.Text({}).str() ==
        "ref  stage          held  purpose\n1.1  committed  1,000.00  blankets\n1.2  committed  2,000.00  "
        "tents\n");
  const std::string above = "In every line: stage committed\n";
  CHECK(table.Text({false, 22}).str() ==
        above + "ref      held  purpose\n1.1  1,000.00  blanke…\n1.2  2,000.00  tents\n");
  CHECK(table.Text({false, 16}).str() == above +
                                             "ref      held\n1.1  1,000.00\n1.2  2,000.00\n"
                                             "Left out, since lines are short: purpose\n");
}

TEST_CASE("what begins alike is cut in the middle") {
  Column from{"from"};
  from.name = from.middle = true;
  Table table({from, {"paid", true}});
  table.Add({"Ministry of Works, north", "1.00"});
  table.Add({"Ministry of Works, south", "2.00"});
  CHECK(table.Text({false, 20}).str() ==
        "from            paid\nMinistr… north  1.00\nMinistr… south  2.00\n");
}

// A name of pieces that many names share at the front, in the middle and at the end.
std::string SharedName(std::mt19937* random) {
  static const std::string kPieces[] = {"ministry-of-public-works",
                                        "-and-housing",
                                        "-north",
                                        "-south",
                                        "毕节市",
                                        "大方县人民政府",
                                        " relief",
                                        " fund 2026",
                                        "x",
                                        "é",
                                        "办公室",
                                        "-department-of-finance"};
  std::string name = (*random)() % 3 == 0 ? "毕节市大方县人民政府" : "ministry-of-public-works-and-housing";
  for (auto pieces = (*random)() % 5; pieces > 0; --pieces) name += kPieces[(*random)() % std::size(kPieces)];
  return name + ((*random)() % 2 == 0 ? "-branch-office" : "");
}

TEST_CASE(
    "names that differ look different at 80 columns and less, whatever they have in common, and lines fit") {
  std::mt19937 random(18);
  for (int round = 0; round < 300; ++round) {
    Column from{"from"}, to{"to"}, purpose{"purpose"};
    from.name = to.name = random() % 2 == 0;
    from.middle = random() % 2 == 0;
    Table table({{"ref", false, true}, from, to, {"amount", true}, purpose});
    std::vector<std::array<std::string, 2>> rows;
    for (auto lines = 2 + random() % 12; lines > 0; --lines) {
      rows.push_back({SharedName(&random), SharedName(&random)});
      // The reference, the amount and the purpose are the same, so that whole lines are compared.
      table.Add({"7.1", rows.back()[0], rows.back()[1], Money(123'456'700, 2), SharedName(&random)});
    }
    const int width = 60 + static_cast<int>(random() % 21);
    const std::string text = table.Text({false, width}).str();
    INFO(width << "\n" << text);
    std::istringstream in(text);
    std::string line;
    while (std::getline(in, line)) CHECK(DisplayWidth(line) <= width);
    // Each of the two columns by itself.
    for (const std::size_t column : {0, 1}) {
      std::vector<std::string> texts;
      for (const auto& row : rows) texts.push_back(row[column]);
      for (int columns = width / 2; columns <= width; ++columns) {
        const CutTexts cut = CutApart(texts, columns, from.middle);
        if (columns >= 40) CHECK(cut.apart);
        for (std::size_t i = 0; i < texts.size(); ++i) {
          CHECK(DisplayWidth(cut.shown[i]) <= columns);
          for (std::size_t k = 0; cut.apart && k < i; ++k)
            CHECK((cut.shown[i] == cut.shown[k]) == (texts[i] == texts[k]));
        }
      }
    }
  }
}

TEST_CASE("two accounts whose ids begin and end alike are told apart in a table") {
  Column to{"to"};
  to.name = to.middle = true;
  Table table({{"ref", false, true}, to, {"amount", true}});
  const std::string front = "ministry-of-public-works-department-of-",
                    back = "-and-housing-north-west-office";
  table.Add({"1.1", front + "roads" + back, "1.00"});
  table.Add({"1.2", front + "water" + back, "2.00"});
  table.Add({"1.3", "hub", "3.00"});
  const std::string text = table.Text({false, 40}).str();
  INFO(text);
  CHECK(text.find("roads") != std::string::npos);
  CHECK(text.find("water") != std::string::npos);
  CHECK(text.find("1.3  hub ") != std::string::npos);
}

TEST_CASE("a column that is the same in every row stands above the table, once") {
  Column asset{"asset"};
  Column fund{"fund"};
  asset.folds = fund.folds = true;
  Table table({{"party"}, asset, fund, {"held", true}});
  table.Add({"hub", "CNY", "", "1.00"});
  CHECK(table.Text({}).str() == "party  asset  fund  held\nhub    CNY          1.00\n");  // one row shows all
  table.Add({"village", "CNY", "", "2.00"});
  CHECK(table.Text({}).str() == "In every line: asset CNY\nparty    held\nhub      1.00\nvillage  2.00\n");
  table.Add({"school", "USD", "", "3.00"});
  CHECK(table.Text({}).str() ==
        "party    asset  held\nhub      CNY    1.00\nvillage  CNY    2.00\nschool   USD    3.00\n");
}

TEST_CASE("colour only where it is asked for; padding counts columns, not bytes") {
  CHECK(Toned({false, 80}, Tone::kBad, "no").str() == "no");
  CHECK(Toned({true, 80}, Tone::kBad, "no").str() == "\x1b[1;31mno\x1b[0m");
  CHECK(PadRight("万元", 6) == "万元  ");
  CHECK(PadLeft("万元", 6) == "  万元");
  CHECK(PadLeft("too long", 3) == "too long");
}

TEST_CASE("nothing from a ledger reaches the terminal's controls") {
  const std::string hostile = "a\x1b[2Jb\r\nc\u202Ed\u200B\x7f";
  const std::string safe = Safe(hostile).str();
  CHECK(safe.find('\x1b') == std::string::npos);
  CHECK(safe.find('\r') == std::string::npos);
  CHECK(safe.find('\n') == std::string::npos);
  CHECK(safe.find("\u202E") == std::string::npos);
  CHECK(safe.find("\u200B") == std::string::npos);
  CHECK(safe.find('\x7f') == std::string::npos);
  CHECK(Safe("Médecins · 红十字").str() == "Médecins · 红十字");
}

}  // namespace
}  // namespace fundtrail::render
