// First maps for lists of parties, places and needs: what is guessed, what is asked, and that whatever is suggested can be read.
#include "ledger/intake/suggest_register.h"

#include <catch2/catch.hpp>
#include <iterator>
#include <random>
#include <string>

#include "google/protobuf/descriptor.h"
#include "ledger/sheets/field_map.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

std::string Suggested(const std::string& of, const std::string& text) {
  const auto draft = Need(
      intake::SuggestRegisterMap(*model::FindRegister(of), "rows.csv", text, "", sheets::Cells::kGuarded));
  return draft.Text([](std::string_view words) { return std::string(words); });
}

TEST_CASE("a list of bodies in Chinese, without ids, gets a map that needs no answer") {
  const std::string map = Suggested("party",
                                    "序号,单位名称,上级单位,单位性质,角色,备注\n1,大方县民政局,,政府,经手方,"
                                    "x\n2,茶业公司,大方县民政局,企业,来源方,\n");
  INFO(map);
  for (const std::string line :
       {"id = { name_in = \"单位名称\" }  # no column has ids", "name = \"单位名称\"  # by its title\n",
        "parent = { name_in = \"上级单位\" }  # names", "kind = \"单位性质\"  # ", "role = \"角色\"  # ",
        "# not used: \"序号\", \"备注\"\n", "[replace.kind]\n\"企业\" = \"company\"  # ",
        "\"政府\" = \"government\"  # ", "[replace.role]\n\"来源方\" = \"source\"  # "})
    CHECK_THAT(map, Contains(line));
  CHECK_THAT(map, !Contains("ASKED"));
  CHECK(Need(sheets::ParseFieldMap(map, "m.toml")).replace.at("role").at("经手方") == "holder");
}

TEST_CASE("places by their codes have the prefix of their register, and levels in words") {
  const std::string map =
      Suggested("place", "代码,名称,上级代码,级别\n520521,大方县,5205,县\n520521101,双山镇,520521,乡镇\n");
  INFO(map);
  CHECK_THAT(map, Contains("id = { column = \"代码\", prefix = \"gbt2260:\" }  # codes of GB/T 2260"));
  CHECK_THAT(map, Contains("parent = { column = \"上级代码\", prefix = \"gbt2260:\" }  # "));
  CHECK_THAT(map, Contains("[replace.level]\n\"乡镇\" = \"4\"  # "));
  CHECK_THAT(map, Contains("\"县\" = \"3\"  # "));
}

TEST_CASE("what a list leaves open is asked, and its answer is a line of the map") {
  const std::string place = Suggested("place", "Name\nGuizhou\n");
  INFO(place);
  CHECK_THAT(place, Contains("id = { name_in = \"Name\" }"));
  CHECK_THAT(place, Contains("# ASKED: no column has level, which is fixed for ever (0 country, 1 province"));
  CHECK_THAT(place, Contains("# level = { value = \"0\" }\n"));
  const std::string party = Suggested("party", "id,name,role\na,A,partner\n");
  CHECK_THAT(party, Contains("[replace.role]\n# ASKED: what does partner stand for in role? source: brings"));
  CHECK_THAT(party, Contains("# \"partner\" = \"VALUE\"\n"));
  const std::string need = Suggested("need", "Where,Kind\nx,y\n");
  CHECK_THAT(need, Contains("# ASKED: which column has id?\n# id = \"TITLE\"\n"));
  const std::string project =
      Suggested("project", "id,name,asset,预算（万元）,开始日期\na,A,CNY,1,01/02/2026\n");
  CHECK_THAT(project, Contains("budget = { column = \"预算（万元）\", factor = 10000 }  # as the title"));
  CHECK_THAT(project, Contains("# the date 01/02/2026 has no clear form"));
}

TEST_CASE("a header with the fields' own names is suggested as it is, in every register") {
  for (const model::Register& of : model::Registers()) {
    std::string header, row;
    const auto& item = model::ItemDescriptor(of);
    for (int i = 0; i < item.field_count(); ++i) {
      header += (i > 0 ? "," : "") + item.field(i)->name();
      row += i > 0 ? "," : "a";
    }
    const std::string map = Suggested(std::string(of.name), header + "\n" + row + "\n");
    INFO(map);
    const auto read = Need(sheets::ParseFieldMap(map, "m.toml"));
    CHECK(read.fields.size() == static_cast<std::size_t>(item.field_count()));
    for (const auto& [name, source] : read.fields) CHECK(source.column == name);
  }
}

TEST_CASE("whatever stands in a file, the map that is suggested for it can be read") {
  std::mt19937 random(18);
  const std::string pieces[] = {"名称", "代码", "角色",         "来源方", "a",     "\"\"", "\\",         "#",
                                "[",    "1",    "预算（万元）", "\n",     "level", "县",   "01/02/2026", "'",
                                "=",    " ",    "parent",       "是"};
  const auto pick = [&] { return pieces[random() % std::size(pieces)]; };
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    const std::size_t columns = 1 + random() % 5;
    for (std::size_t row = 0; row < 4; ++row)
      for (std::size_t i = 0; i < columns; ++i)
        text += "\"" + pick() + pick() + "\"" + (i + 1 < columns ? "," : "\n");
    const auto all = model::Registers();
    const model::Register& of = all[random() % all.size()];
    const auto draft = intake::SuggestRegisterMap(of, "f.csv", text, "utf-8", sheets::Cells::kGuarded);
    if (!draft.ok()) continue;
    const std::string map = draft->Text([](std::string_view words) { return std::string(words); });
    INFO(text << "\n" << map);
    CHECK(sheets::ParseFieldMap(map, "m.toml").ok());
  }
}

}  // namespace
}  // namespace fundtrail::testing
