// What a terminal shows: aligned columns in any script, nothing that could move the cursor.
#include "cli/render/table.h"

#include <catch2/catch.hpp>

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

TEST_CASE("an id is whole on a narrow terminal too, and so is what has no room beside it") {
  Table table({{"id", false, true}, {"purpose"}});
  table.Add({std::string(64, 'i'), std::string(64, 'p')});
  const std::string text = table.Text({false, 40}).str();
  CHECK(text.find("\n" + std::string(64, 'i') + "  " + std::string(64, 'p') + "\n") != std::string::npos);
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
