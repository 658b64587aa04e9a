// Import maps: every key read, and every mistake named with its line.
#include "ledger/sheets/map.h"

#include <catch2/catch.hpp>

namespace fundtrail::sheets {
namespace {

constexpr std::string_view kColumns = "[columns]\ndate = \"d\"\nfrom = \"f\"\nto = \"t\"\namount = \"a\"\n";

TEST_CASE("map: every key") {
  const StatusOr<ImportMap> map = ParseImportMap(R"(
encoding = "gb18030"
separator = "\t"
order = "file"
ids = "names"
date_formats = ["%Y", "%d/%m/%Y"]
factor = 10000
rounding = "half-even"
amount_with_unit = true
join = " / "
row_id = "id"
unusable_draws = "ignore"
unknown_project = "general"
own_resources = "unrecorded"
parent = "world"
[columns]
date = "日期"
from = ["directorate", "area"]
to = "payee"
amount = "sum"
draws = "parents"
project = ["plan", "cluster"]
project_words = "code"
need = "need id"
[constants]
asset = "CNY"
fund = "relief"
[decimals]
GOODS = 0
"*" = 3
[signs]
"$" = "CAD"
" pcs " = ["BOX", "CARTON"]
[replace.date]
"24-Jan" = "2020-01-24"
[replace.asset]
"  箱 " = "BOX"
[[skip]]
column = "status"
values = ["pledge", "draft"]
[[skip]]
amount = "zero"
[[skip]]
column = "payee"
empty = true
[[only]]
column = "place"
contains = "Afghanistan"
[[swap]]
column = "direction"
values = "out"
[[in_project]]
column = "plan"
values = ["Schools 2026"]
[[party]]
side = "from"
column = "type"
values = ["Government"]
role = "SOURCE"
parent = "governments"
[[party]]
side = "both"
role = "holder"
[parties."Sweden, Government of"]
id = "sweden"
name = "Kingdom of Sweden"
role = "SOURCE"
parent = "europe"
[roles]
from = "HOLDER"
to = "auto"
)",
                                                 "m.toml");
  INFO(map.status());
  REQUIRE(map.ok());
  CHECK(map->encoding == "gb18030");
  CHECK(map->separator == '\t');
  CHECK_FALSE(map->by_date);
  CHECK_FALSE(map->cells_may_be_ids);
  CHECK(map->date_formats == std::vector<std::string>{"%Y", "%d/%m/%Y"});
  CHECK(map->factor == 10000);
  CHECK(map->rounding == Rounding::kHalfEven);
  CHECK(map->amount_with_unit);
  CHECK(map->join == " / ");
  CHECK(map->row_id == "id");
  CHECK(map->ignore_unusable_draws);
  CHECK(map->ignore_unknown_projects);
  CHECK(map->own_is_unrecorded);
  CHECK(map->parent == "world");
  CHECK(map->columns_of(Field::kFrom) == std::vector<std::string>{"directorate", "area"});
  CHECK(map->columns_of(Field::kDate) == std::vector<std::string>{"日期"});
  CHECK(map->columns_of(Field::kAsset).empty());
  CHECK_FALSE(map->columns_optional);
  CHECK(map->constant_of(Field::kAsset) == "CNY");
  CHECK(map->decimals.at("GOODS") == 0);
  CHECK(map->decimals.at("*") == 3);
  CHECK(map->signs.at("$") == std::vector<std::string>{"CAD"});
  CHECK(map->signs.at("pcs") == std::vector<std::string>{"BOX", "CARTON"});
  CHECK_FALSE(map->decimal_stated);
  CHECK(map->replace[static_cast<std::size_t>(Field::kDate)].at("24-Jan") == "2020-01-24");
  CHECK(map->replace[static_cast<std::size_t>(Field::kAsset)].at("箱") == "BOX");
  REQUIRE(map->skip.size() == 3);
  CHECK(Describe(map->skip[0]) == "status is \"pledge\" or \"draft\"");
  CHECK(Describe(map->skip[1]) == "amount is zero");
  CHECK(Describe(map->skip[2]) == "payee is empty");
  REQUIRE(map->only.size() == 1);
  CHECK(Describe(map->only[0]) == "place contains \"Afghanistan\"");
  REQUIRE(map->swap.size() == 1);
  CHECK(map->columns_of(Field::kProject) == std::vector<std::string>{"plan", "cluster"});
  CHECK(map->columns_of(Field::kProjectWords) == std::vector<std::string>{"code"});
  CHECK(map->columns_of(Field::kNeed) == std::vector<std::string>{"need id"});
  REQUIRE(map->in_project.size() == 1);
  CHECK(Describe(map->in_project[0]) == "plan is \"Schools 2026\"");
  REQUIRE(map->party_rules.size() == 2);
  CHECK(map->party_rules[0].from);
  CHECK_FALSE(map->party_rules[0].to);
  CHECK(map->party_rules[0].role == PartyRole::kSource);
  CHECK(map->party_rules[0].parent == "governments");
  CHECK(map->party_rules[1].to);
  CHECK_FALSE(map->party_rules[1].when.has_value());
  const PartyOverride& sweden = map->parties.at("Sweden, Government of");
  CHECK(sweden.id == "sweden");
  CHECK(sweden.name == "Kingdom of Sweden");
  CHECK(sweden.role == PartyRole::kSource);
  CHECK(sweden.parent == "europe");
  CHECK(map->from_role == PartyRole::kHolder);
  CHECK(map->to_role == PartyRole::kAuto);
}

TEST_CASE("map: without [columns] the fields' own names are looked for") {
  const StatusOr<ImportMap> map =
      ParseImportMap("encoding = \"windows-1252\"\n[constants]\nasset = \"GBP\"\n", "m.toml");
  REQUIRE(map.ok());
  CHECK(map->columns_of(Field::kFromName) == std::vector<std::string>{"from_name"});
  CHECK(map->columns_of(Field::kProjectWords) == std::vector<std::string>{"project_words"});
  CHECK(map->columns_of(Field::kStage) == std::vector<std::string>{"stage"});
  CHECK(map->columns_of(Field::kNeed) == std::vector<std::string>{"need"});
  CHECK(map->columns_of(Field::kPledge) == std::vector<std::string>{"pledge"});
  CHECK(map->columns_of(Field::kAssignment) == std::vector<std::string>{"assignment"});
  CHECK(map->columns_of(Field::kCommitment) == std::vector<std::string>{"commitment"});
  CHECK(map->columns_of(Field::kFromProject) == std::vector<std::string>{"from_project"});
  CHECK(map->columns_optional);
  CHECK_FALSE(map->ignore_unknown_projects);
  CHECK_FALSE(map->own_is_unrecorded);
  CHECK(ParseImportMap("decimal = \".\"\n", "m.toml")->decimal_stated);
}

TEST_CASE("map: a mistake is named, with file and line") {
  const struct {
    std::string toml;
    std::string reason;
  } cases[] = {
      {"colums = 1\n", "m.toml line 1: there is no key \"colums\" in an import map"},
      {"\n\n[columns]\npayer = \"x\"\n", "line 4: there is no key \"payer\" in [columns]"},
      {"[constants]\nvalue = \"x\"\n", "line 2: there is no key \"value\" in [constants]"},
      {"[replace.payer]\nx = \"y\"\n", "there is no key \"payer\" in [replace]"},
      {"[[skip]]\ncolumn = \"s\"\nvalue = \"x\"\n", "needs a column, and values"},
      {"[[skip]]\ncolumn = \"s\"\nvalues = []\n", "line 3: values must be a text or a list of texts"},
      {"[[skip]]\n", "line 1: [[skip]] says nothing about when it holds"},
      {"[[skip]]\namount = \"small\"\n", "amount = \"zero\""},
      {"[[skip]]\ncolumn = \"s\"\ncontains = \"\"\n", "every cell has that"},
      {"[skip]\ncolumn = \"s\"\n", "skip must be a list of tables: [[skip]]"},
      {"[[party]]\nrole = \"SOURCE\"\n", "needs a side"},
      {"[[party]]\nside = \"from\"\nrole = \"DONOR\"\n", "line 3: role must be SOURCE"},
      {"[[party]]\nside = \"from\"\ncolour = \"red\"\n", "line 3: there is no key \"colour\" in [[party]]"},
      {"[parties.\"A B\"]\nid = \"a b\"\n", "\"a b\" is not a party's id"},
      {"[parties.x]\nrank = \"1\"\n", "line 2: there is no key \"rank\" in [parties.\"x\"]"},
      {"factor = 0\n", "line 1: factor must be a whole number from 1 to"},
      {"factor = 1.5\n", "factor must be a whole number"},
      {"[signs]\n\"$\" = 1\n", "line 2: $ must be a text or a list of texts"},
      {"[decimals]\nXAU = 12\n", "line 2: XAU must be a whole number from 0 to 9"},
      {"date_formats = [\"%H\"]\n", "line 1: the date format"},
      {"new_ids = \"nice\"\n", "line 1: new_ids must be one of \"stable\", \"readable\""},
      {"unknown_project = \"make\"\n", "line 1: unknown_project must be one of \"reject\", \"general\""},
      {"own_resources = \"general\"\n", "line 1: own_resources must be one of \"held\", \"unrecorded\""},
      {"[[in_project]]\ncolumn = \"plan\"\n", "[[in_project]] needs a column, and values"},
      {"order = \"size\"\n", "line 1: order must be one of \"date\", \"file\""},
      {"encoding = \"latin1\"\n", "encoding must be one of \"utf-8\", \"gb18030\", \"windows-1252\""},
      {"separator = \"|\"\n", "separator must be one of"},
      {"join = 1\n", "join must be a text in quotes"},
      {"amount_with_unit = \"yes\"\n", "must be true or false"},
      {"[columns]\ndate = [\"a\", \"b\"]\n", "line 2: date must be one column"},
      {"[columns]\nstage = [\"a\", \"b\"]\n", "line 2: stage must be one column"},
      {"[columns]\ndate = \"a\"\n", "m.toml: says nothing about from"},
      {"a = \n", "m.toml line 1: not TOML"},
      {"x = 1\nx = 2\n", "line 2: not TOML"},
      {"\xff", "not TOML"},
      {std::string(2 << 20, '#'), "larger than 1 MiB"},
  };
  for (const auto& c : cases) {
    INFO(c.toml.substr(0, 100));
    const StatusOr<ImportMap> map = ParseImportMap(c.toml, "m.toml");
    REQUIRE_FALSE(map.ok());
    CHECK_THAT(std::string(map.status().message()), Catch::Contains(c.reason));
  }
  CHECK(ParseImportMap(kColumns, "m.toml").ok());
}

TEST_CASE("map: deeply nested TOML is an error, not a crash") {
  CHECK_FALSE(ParseImportMap("x = " + std::string(100000, '['), "m.toml").ok());
}

TEST_CASE("map: the minor units of ISO 4217") {
  CHECK(DefaultDecimals("USD") == 2);
  CHECK(DefaultDecimals("CNY") == 2);
  CHECK(DefaultDecimals("JPY") == 0);
  CHECK(DefaultDecimals("KWD") == 3);
  CHECK(DefaultDecimals("anything") == 2);
}

}  // namespace
}  // namespace fundtrail::sheets
