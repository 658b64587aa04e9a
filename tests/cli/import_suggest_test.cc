// First maps: what --suggest makes of a file, what it asks about, and the reference that --help-map prints.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/render/chinese.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/field_map.h"
#include "ledger/sheets/map_keys.h"
#include "tests/cli/import_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the reference of a map is printed as the page on sheets has it") {
  const Desk desk;
  const auto printed = desk.Run("import csv --help-map");
  CHECK(printed.exit == 0);
  const std::string page = FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/sheets.md"),
                    open = "```toml\n";
  const auto from = page.find(open) + open.size();
  CHECK(printed.out == page.substr(from, page.find("```", from) - from));
}

TEST_CASE("a first map is suggested from a file, tried, and used; files end with one total") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv",
             "Paid on;Donor;Payee;Amount (EUR);Remarks;Colour\n"
             "13/01/2026;Donor;Hub;1.250,50;winter;red\n"
             "02/01/2026;Donor;Hub;12,5;;\n");
  const auto map = desk.Run("import csv rows.csv --suggest");
  INFO(map.out << map.err);
  REQUIRE(map.exit == 0);
  for (const std::string line :
       {"encoding = \"utf-8\"  # ", "separator = \";\"  # ", "date_formats = [\"%d/%m/%Y\"]  # ",
        "decimal = \",\"  # ", "date = \"Paid on\"  # ", "from = \"Donor\"  # ", "to = \"Payee\"  # ",
        "amount = \"Amount (EUR)\"  # ", "purpose = \"Remarks\"  # ", "# not used: \"Colour\"\n",
        "asset = \"EUR\"  # "})
    CHECK_THAT(map.out, Contains("\n" + line));
  desk.write("map.toml", map.out);
  const std::string import =
      "--ledger l import csv rows.csv --map map.toml --key k --as root --register --open-missing ";
  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto tried = desk.Run(import + "--dry-run");
  INFO(tried.out << tried.err);
  CHECK(tried.exit == 0);
  CHECK_THAT(tried.out, Contains("rows.csv: 2 rows, of which 0 cannot be read. Nothing was recorded\n"));
  CHECK_THAT(tried.out,
             Contains("line 3: 2026-01-02, Donor (Donor) to Hub (Hub): 12.50 EUR, fund general\n"));
  CHECK_THAT(tried.out,
             Contains("line 2: 2026-01-13, Donor (Donor) to Hub (Hub): 1,250.50 EUR, fund general\n"));
  CHECK(desk.Run("--ledger l checkpoint").out == before);
  CHECK(desk.Run(import).exit == 0);
  CHECK_THAT(desk.Run(import + "--dry-run").out, Contains("has begun before"));

  desk.write(
      "more.csv",
      "Paid on;Donor;Payee;Amount (EUR);Remarks;Colour\n01/02/2026;Donor;Hub;1;;\nsoon;Donor;Hub;1;;\n");
  const auto both = desk.Run(
      "--ledger l import csv rows.csv more.csv --map map.toml --key k --as root "
      "--register --open-missing");
  INFO(both.out << both.err);
  CHECK(both.exit == 1);
  CHECK_THAT(both.out, Contains("more.csv: 2 rows, 1 imported as ") && Contains("\n  in record "));
  CHECK_THAT(both.out, Contains("All 2 files: 4 rows, 1 taken, 2 in the ledger already, 1 rejected; "));
  CHECK_THAT(both.out, Contains("in none of these sums: 1 row that could not be read\n"));
}

TEST_CASE("a first map is suggested for a list of bodies, in Chinese too, tried, and used") {
  const Desk desk;
  BeginImport(desk);
  desk.write(
      "bodies.csv",
      "单位名称,上级单位,角色\n双山镇,大方县,受助方\n大方县,,经手方\n茶业公司,,来源方\n山村,大方县,客人\n");
  const auto map = desk.Run("--lang zh import registers party bodies.csv --suggest");
  INFO(map.out << map.err);
  REQUIRE(map.exit == 0);
  CHECK_THAT(map.out, Contains("# bodies.csv 的第一个映射，由表头和 4 行得出\n"));
  CHECK_THAT(map.out, Contains("import registers party FILE --map MAP --dry-run\n"));
  CHECK_THAT(map.out, Contains("id = { name_in = \"单位名称\" }  # 没有编号列"));
  CHECK_THAT(map.out, Contains("# 请回答：客人 在 role 中是什么意思？"));
  CHECK_THAT(map.out, Contains("\"受助方\" = \"recipient\"  # 人们通常的意思\n"));
  desk.write("map.toml", map.out);
  const std::string import = "--ledger l import registers party bodies.csv --map map.toml --key k ";
  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto tried = desk.Run(import + "--dry-run");
  CHECK(tried.exit == 1);
  CHECK(tried.out ==
        "bodies.csv: 4 rows, 3 would be added, 0 amended, 0 are in the ledger already, 1 would be rejected. "
        "Nothing "
        "was recorded\n"
        "  line 5: would be rejected: FIELD_INVALID at role: \"客人\" is not one of source, holder, "
        "recipient\n");
  CHECK(desk.Run("--ledger l checkpoint").out == before);
  CHECK_FALSE(std::filesystem::exists(desk.path("bodies.csv.rejects.csv")));
  const auto ran = desk.Run(import);
  CHECK(ran.exit == 1);
  CHECK_THAT(ran.out, Contains("bodies.csv: 4 rows, 3 parties added in 2 entries; 1 row rejected\n"));
  CHECK_THAT(desk.Run("--ledger l party show shuang-shan-zhen").out, Contains("da-fang-xian"));
  CHECK_THAT(
      desk.Run("--ledger l import registers project bodies.csv --dry-run --approve-by root --key k").err,
      Contains("--dry-run tries the rows alone: leave --approve-by out"));
  CHECK_THAT(desk.Run("import registers party").err, Contains("FILE is required"));
  CHECK_THAT(desk.Run("--ledger l import registers party bodies.csv").err, Contains("--key is required"));
}

TEST_CASE("--help-map of a register is itself a map, and is told in Chinese") {
  const Desk desk;
  for (const model::Register& of : model::Registers()) {
    const std::string command = "import registers " + std::string(of.name) + " --help-map";
    const auto english = desk.Run(command), chinese = desk.Run("--lang zh " + command);
    INFO(english.out << english.err);
    CHECK(english.exit == 0);
    for (const std::string& map : {english.out, chinese.out}) {
      const auto read = sheets::ParseFieldMap(map, "m.toml");
      INFO(map);
      REQUIRE(read.ok());
      CHECK(read->fields.size() == static_cast<std::size_t>(model::ItemDescriptor(of).field_count()));
    }
    CHECK(english.out != chinese.out);
  }
  // Of a map for payments every line is told in Chinese.
  const std::string reference = desk.Run("--lang zh import csv --help-map").out;
  for (const sheets::MapKey& key : sheets::MapKeys()) {
    INFO(key.words);
    CHECK(render::TranslationOf(key.words) != nullptr);
    CHECK_THAT(reference, !Contains(std::string("#   ") + key.words + "\n"));
  }
}

TEST_CASE("what a file leaves open is asked about, and a workbook is refused") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv", "date,from,to,amount\n01/02/2026,a,b,1.250\n03/02/2026,a,b,2\n");
  const std::string map = desk.Run("import csv rows.csv --suggest").out;
  CHECK_THAT(map, Contains("# ASKED: is 01/02/2026 day first or month first? Take the # off one line\n"
                           "# date_formats = [\"%d/%m/%Y\"]\n# date_formats = [\"%m/%d/%Y\"]\n"));
  CHECK_THAT(map, Contains("# ASKED: is 1.250 a thousand and more"));
  CHECK_THAT(map, Contains("# ASKED: of which asset are the amounts?\n# asset = \"CNY\"\n"));
  desk.write("mixed.csv", "日期,付款方,收款方,金额\n2026年1月5日,省厅,县局,5元\n2026-13-01,省厅,县局,5元\n");
  const std::string mixed = desk.Run("import csv mixed.csv --suggest").out;
  CHECK_THAT(mixed,
             Contains("# ASKED: what form has the date 2026-13-01? Other dates are read. If it is a slip, "
                      "mend the file; if not, %Y or %y, %m and %d stand for its parts\n"
                      "date_formats = [\"auto\"]  # the others have a clear form\n"));
  CHECK_THAT(
      mixed,
      Contains("\nnew_ids = \"readable\"  # so that 省厅, when it is new, gets an id in Latin letters\n"));
  CHECK_THAT(map, !Contains("new_ids"));
  desk.write("book.csv", "PK\x03\x04 [Content_Types].xml xl/ and the rest");
  for (const char* import : {"csv book.csv", "registers need book.csv", "csv book.csv --suggest"}) {
    const std::string signing = Has(import, "--suggest") ? "" : " --key k --as root";
    const auto book = desk.Run(std::string("--ledger l import ") + import + signing);
    INFO(import << "\n" << book.err);
    CHECK(book.exit == 2);
    CHECK_THAT(book.err,
               Contains("book.csv: this is a workbook (.xlsx) and not CSV: open it, save the sheet"));
    CHECK_THAT(desk.Run(std::string("--lang zh --ledger l import ") + import + signing).err,
               Contains("这是工作簿 (.xlsx)，不是 CSV"));
  }
  desk.write("book.csv", "PK\x03\x04 payments.csv and the rest");
  CHECK_THAT(desk.Run("--ledger l import csv book.csv --key k --as root").err,
             Contains("book.csv: this is a ZIP archive and no workbook"));
  const auto nothing = desk.Run("--ledger l import csv --key k --as root");
  CHECK(nothing.exit == 2);
  CHECK_THAT(nothing.err, Contains("FILE is required"));
  CHECK_THAT(desk.Run("--ledger l import csv rows.csv --as root").err, Contains("--key is required"));
}

}  // namespace
}  // namespace fundtrail::testing
