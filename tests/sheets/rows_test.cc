// Rows: how a map makes payments of records, in which order, what is skipped, what fails and why.
#include "ledger/sheets/rows.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

RowReader Open(std::string_view text, std::string_view toml) {
  StatusOr<ImportMap> map = toml.empty() ? DefaultMap() : ParseImportMap(toml, "m.toml");
  INFO(map.status());
  REQUIRE(map.ok());
  StatusOr<RowReader> reader = RowReader::Open(text, *std::move(map));
  INFO(reader.status());
  REQUIRE(reader.ok());
  return *std::move(reader);
}

Row ReadOne(RowReader* reader, std::size_t i) {
  StatusOr<Row> row = reader->Read(i);
  INFO(row.status());
  REQUIRE(row.ok());
  return *std::move(row);
}

std::string Failure(RowReader* reader, std::size_t i) {
  const StatusOr<Row> row = reader->Read(i);
  REQUIRE_FALSE(row.ok());
  return std::string(row.status().message());
}

std::vector<std::uint64_t> Lines(RowReader* reader) {
  std::vector<std::uint64_t> lines;
  for (std::size_t i = 0; i < reader->size(); ++i) lines.push_back(reader->Raw(i).line);
  return lines;
}

constexpr std::string_view kPlain = "[columns]\ndate = \"d\"\nfrom = \"f\"\nto = \"t\"\namount = \"a\"\n";
std::string Map(std::string_view top, std::string_view rest = "[constants]\nasset = \"USD\"\n") {
  return std::string(top).append(kPlain).append(rest);
}

TEST_CASE("rows: every column, found by name") {
  RowReader reader = Open(
      "date,from,to,amount,asset,fund,project,kind,purpose,reference,draws,from_name,to_name,from_role,to_"
      "role,place,stage,project_words,need\n"
      "2020-03-01,sida,Röda Korset,\"1,200.50\",SEK,Aid 2020,P1,DISBURSEMENT,\"two\nlines\",R7,1; 2 "
      "3,Sida,,source,,Kabul,Committed,Wells (part 2),  coats-east \n",
      "");
  REQUIRE(reader.size() == 1);
  const Row row = ReadOne(&reader, 0);
  CHECK(row.line == 2);
  CHECK(ToString(row.date) == "2020-03-01");
  CHECK(row.from.id == "sida");
  CHECK_FALSE(row.from.id_from_name);
  CHECK(row.from.name == "Sida");
  CHECK(row.from.role == PartyRole::kSource);
  CHECK(row.to.id.starts_with("r-da-korset-"));
  CHECK(row.to.id_from_name);
  CHECK(row.to.name == "Röda Korset");
  CHECK(row.to.role == PartyRole::kRecipient);
  CHECK(row.to.role_inferred);
  CHECK_FALSE(row.from.role_inferred);
  CHECK(row.amount == Amount(120050));
  CHECK(row.decimals == 2);
  CHECK(row.asset == "SEK");
  CHECK(row.fund == "aid-2020");
  CHECK(row.fund_name == "Aid 2020");
  CHECK(row.project == "P1");
  CHECK(row.project_words == "Wells (part 2)");
  CHECK(row.kind == "DISBURSEMENT");
  CHECK(row.purpose == "two lines");
  CHECK(row.reference == "R7");
  CHECK(row.draws == std::vector<std::string>{"1", "2", "3"});
  CHECK(row.place == "Kabul");
  CHECK(row.need == "coats-east");
  CHECK(row.committed);
  CHECK(reader.Raw(0).fields[8] == "two\nlines");
}

TEST_CASE("rows: a project is named by several columns, where a rule says that it counts") {
  const std::string text =
      "d,f,t,a,plan,set,code\n"
      "2020-01-01,x,y,1,Plan 20,Health; Water,A\n"
      "2020-01-02,x,y,1,Plan 20,Water; Health,B\n"
      "2020-01-03,x,y,1,Plan 21,Health; Water,C\n"
      "2020-01-04,x,y,1,,Health; Water,D\n"
      "2020-01-05,x,y,1,Plan 20,,E\n"
      "2020-01-06,x,y,1,Plan 20," +
      std::string(300, 'n') + ",F\n";
  const std::string rest =
      "project = [\"plan\", \"set\"]\nproject_words = \"code\"\n[constants]\nasset = \"USD\"\n"
      "[[in_project]]\ncolumn = \"plan\"\nvalues = \"Plan 20\"\n"
      "[replace.project]\n\"Plan 20 - Water; Health\" = \"plan-20-wat\"\n\"Plan 20\" = \"\"\n";
  RowReader reader = Open(text, Map("join = \" - \"\n", rest));
  REQUIRE(reader.size() == 6);
  std::string projects, words;
  for (std::size_t i = 0; i < 5; ++i) {
    const Row row = ReadOne(&reader, i);
    projects += row.project + " | ";
    words += row.project_words;
  }
  CHECK(projects == "Plan 20 - Health; Water | plan-20-wat |  |  |  | ");
  CHECK(words == "ABCDE");
  CHECK_THAT(Failure(&reader, 5),
             Catch::Contains("project (column plan, set) has 310 bytes; at most 300 are allowed"));
}

TEST_CASE("rows: a file without the columns that it must have is refused") {
  const auto refusal = [](std::string_view text, std::string_view toml) {
    StatusOr<ImportMap> map = toml.empty() ? DefaultMap() : ParseImportMap(toml, "m.toml");
    REQUIRE(map.ok());
    return std::string(RowReader::Open(text, *std::move(map)).status().message());
  };
  CHECK_THAT(refusal("date,from,amount\n", ""),
             Catch::Contains("no column \"to\"; the header has: date, from, amount"));
  CHECK_THAT(refusal("d,f,t,a,a\n", Map("")), Catch::Contains("\"a\" twice"));
  CHECK_THAT(refusal("d,f,t,a\n", Map("", "[[skip]]\ncolumn = \"status\"\nempty = true\n")),
             Catch::Contains("\"status\""));
  CHECK_THAT(refusal("d,f,t,a\n", Map("row_id = \"id\"\n")), Catch::Contains("\"id\""));
  CHECK_THAT(refusal("d,f,t,a\n2020-01-01,x,y,1\n2020-01-01,\"x,y,1\n", Map("")),
             Catch::Contains("line 3: the quote that opens on line 3 is never closed"));
  CHECK_THAT(refusal("", Map("")), Catch::Contains("empty"));
}

TEST_CASE("rows: a row that cannot be read says why, and the others are read") {
  RowReader reader = Open(
      "d,f,t,a\n"
      "2020-01-01,x,y,abc\n"
      "2020-13-01,x,y,1\n"
      "2020-01-01,,y,1\n"
      "2020-01-01,x, ,1\n"
      "2020-01-01,x,y,\n"
      "2020-01-01,x,y,0.00\n"
      "2020-01-01,x,y,1.005\n"
      "2020-01-01,x,y\n"
      "2020-01-01,x,y,-7\n",
      Map(""));
  REQUIRE(reader.size() == 9);
  CHECK(reader.records() == 9);
  const Row row = ReadOne(&reader, 0);  // rows that cannot be read come last
  CHECK(row.line == 10);
  CHECK(row.amount == Amount(-700));
  CHECK_THAT(Failure(&reader, 1), Catch::Contains("amount (column a): \"abc\" is not an amount"));
  CHECK_THAT(Failure(&reader, 2), Catch::Contains("date (column d): \"2020-13-01\" is not a day"));
  CHECK_THAT(Failure(&reader, 3), Catch::Contains("from (column f) is empty: the row does not say who paid"));
  CHECK_THAT(Failure(&reader, 4),
             Catch::Contains("to (column t) is empty: the row does not say who was paid"));
  CHECK_THAT(Failure(&reader, 5), Catch::Contains("amount (column a) is empty"));
  CHECK_THAT(Failure(&reader, 6), Catch::Contains("is zero"));
  CHECK_THAT(Failure(&reader, 7), Catch::Contains("finer than the asset's 2 decimals"));
  CHECK_THAT(Failure(&reader, 8), Catch::Contains("has 3 fields where the header has 4"));
  CHECK(reader.Raw(8).fields == std::vector<std::string>{"2020-01-01", "x", "y"});
}

TEST_CASE("rows: by date and stable, or as they stand") {
  constexpr std::string_view kText =
      "d,f,t,a\n2020-03-01,x,y,1\n2020-01-01,x,y,2\n2020-03-01,x,y,3\n2019-01-01,x,y,4\n";
  RowReader by_date = Open(kText, Map(""));
  CHECK(Lines(&by_date) == std::vector<std::uint64_t>{5, 3, 2, 4});
  RowReader as_is = Open(kText, Map("order = \"file\"\n"));
  CHECK(Lines(&as_is) == std::vector<std::uint64_t>{2, 3, 4, 5});
}

TEST_CASE("rows: one that names a row twice draws on it once") {
  RowReader reader = Open("d,f,t,a,id,drawn\n2020-03-01,x,y,1,9,2; 1 2;;1 3\n",
                          std::string("row_id = \"id\"\n")
                              .append(kPlain)
                              .append("draws = \"drawn\"\n[constants]\nasset = \"USD\"\n"));
  CHECK(ReadOne(&reader, 0).draws == std::vector<std::string>{"2", "1", "3"});
}

TEST_CASE("rows: one that draws on another comes after it, whatever the dates say") {
  RowReader reader = Open(
      "d,f,t,a,id,parent\n"
      "2020-01-01,x,y,1,A,C\n"
      "2020-01-02,x,y,1,B,\n"
      "2020-01-03,x,y,1,C,nowhere\n"
      "2020-01-04,x,y,1,D,D\n",
      std::string("row_id = \"id\"\n")
          .append(kPlain)
          .append("draws = \"parent\"\n[constants]\nasset = \"USD\"\n"));
  CHECK(Lines(&reader) == std::vector<std::uint64_t>{3, 4, 2, 5});
  const Row row = ReadOne(&reader, 2);
  CHECK(row.row_id == "A");
  CHECK(row.draws == std::vector<std::string>{"C"});
}

TEST_CASE("rows: a file that is read on all cores has its rows in order, and roles by the whole of it") {
  const int count = GENERATE(511, 512, 4'096, 4'097, 9'000);
  std::mt19937_64 random(static_cast<std::uint64_t>(count));
  std::string text = "d,f,t,a,s,n\n";
  // What each row says, as simply as can be.
  struct Said {
    std::uint64_t line = 0;
    int day = 0;  // 0: it cannot be read
    std::string from, to;
  };
  std::vector<Said> said;
  std::set<std::string> payers;
  std::uint64_t skipped = 0, line = 1;
  for (int i = 0; i < count; ++i) {
    ++line;
    Said row{line, static_cast<int>(random() % 20), "p" + std::to_string(random() % 700),
             "p" + std::to_string(random() % 700)};
    const bool skip = random() % 7 == 0, two_lines = random() % 5 == 0;
    text += row.day == 0 ? "soon" : "2026-01-" + std::to_string(row.day + 10);
    text += "," + row.from + "," + row.to + ",1.00," + (skip ? "pledge" : "paid") + "," +
            (two_lines ? "\"a\nb\"" : "c") + "\n";
    line += two_lines ? 1 : 0;
    skipped += skip ? 1 : 0;
    if (skip) continue;
    if (row.day > 0) payers.insert(row.from);
    said.push_back(row);
  }
  // What cannot be read comes last.
  std::stable_sort(said.begin(), said.end(), [](const Said& a, const Said& b) {
    return (a.day == 0 ? 99 : a.day) < (b.day == 0 ? 99 : b.day);
  });
  RowReader reader = Open(text, Map("",
                                    "[constants]\nasset = \"USD\"\n"
                                    "[[skip]]\ncolumn = \"s\"\nvalues = [\"pledge\"]\n"));
  CHECK(reader.records() == static_cast<std::uint64_t>(count));
  REQUIRE(reader.skipped().size() == 1);
  CHECK(reader.skipped()[0].rows == skipped);
  REQUIRE(reader.size() == said.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto row = reader.Read(i);
    REQUIRE(reader.Raw(i).line == said[i].line);
    REQUIRE(reader.CellsOf(i)[1] == said[i].from);
    REQUIRE(row.ok() == (said[i].day > 0));
    if (!row.ok()) continue;
    REQUIRE(row->line == said[i].line);
    const auto role = payers.contains(said[i].to) ? PartyRole::kHolder : PartyRole::kRecipient;
    REQUIRE(row->to.role == role);
  }
  // In any order, and after all were read.
  for (int n = 0; n < 60; ++n) {
    const std::size_t i = random() % said.size();
    for (const std::size_t at : {i, i / 2, std::min(i + 300, said.size() - 1), i}) {
      REQUIRE(reader.Read(at).ok() == (said[at].day > 0));
      REQUIRE(reader.Raw(at).line == said[at].line);
      REQUIRE(reader.CellsOf(at)[1] == said[at].from);
    }
  }
}

TEST_CASE("rows: of those with large cells fewer are decoded at a time, and each comes in its place") {
  std::string text = "d,f,t,a,n\n";
  for (int i = 0; i < 100; ++i)
    text += "2026-01-10,p" + std::to_string(i) + ",q,1.00," +
            std::string(i % 3 == 0 ? std::size_t{60'000} : std::size_t{1}, 'n') + "\n";
  RowReader reader = Open(text, Map("order = \"file\"\n"));
  REQUIRE(reader.size() == 100);
  for (const std::size_t i : {0U, 1U, 99U, 50U, 51U, 0U, 98U})
    CHECK(reader.CellsOf(i)[1] == "p" + std::to_string(i));
  for (std::size_t i = 0; i < 100; ++i) CHECK(ReadOne(&reader, i).from.name == "p" + std::to_string(i));
}

TEST_CASE("rows: one that was read stays as it is while others are looked at as they stand in the file") {
  std::string text = "d,f,t,a,n\n";
  for (int i = 0; i < 2000; ++i) text += "2026-01-10,p" + std::to_string(i) + ",q,1.00,\n";
  RowReader reader = Open(text, Map("order = \"file\"\n"));
  for (const std::size_t i : {0U, 255U, 256U, 600U, 100U, 1999U}) {
    const StatusOr<Row>& row = reader.Read(i);
    for (const std::size_t other : {1999U, 0U, 300U, 700U, 601U})
      CHECK(reader.Raw(other).fields[1] == "p" + std::to_string(other));
    REQUIRE(row.ok());
    CHECK(row->from.name == "p" + std::to_string(i));
    CHECK(reader.CellsOf(i)[1] == "p" + std::to_string(i));
  }
}

TEST_CASE("rows: skipped by rule, taken by rule, and counted") {
  RowReader reader = Open(
      "d,f,t,a,status,place\n"
      "2020-01-01,x,y,1,pledge,Kabul\n"
      "2020-01-01,x,y,0,paid,Kabul\n"
      "2020-01-01,,,0.000,paid,Kabul; Herat\n"
      "2020-01-01,x,y,2,paid,Herat\n"
      "2020-01-01,x,y,3,paid,Kabul; Herat\n"
      "2020-01-01,x,y,4,,Kabul\n"
      "2020-01-01,x,y,5,paid,Amman\n",
      Map("",
          "[constants]\nasset = \"USD\"\n"
          "[[skip]]\ncolumn = \"status\"\nvalues = [\"pledge\"]\n[[skip]]\namount = \"zero\"\n"
          "[[skip]]\ncolumn = \"status\"\nempty = true\n"
          "[[only]]\ncolumn = \"place\"\ncontains = [\"Kabul\"]\n[[only]]\ncolumn = \"place\"\nvalues = "
          "[\"Amman\"]\n"));
  CHECK(Lines(&reader) == std::vector<std::uint64_t>{6, 8});
  CHECK(reader.records() == 7);
  REQUIRE(reader.skipped().size() == 4);
  CHECK(reader.skipped()[0].rows == 1);
  CHECK(reader.skipped()[1].rows == 2);
  CHECK(reader.skipped()[2].rows == 1);
  CHECK(reader.skipped()[3].rows == 1);
  CHECK(reader.skipped()[3].rule == "not among the rows to take");
}

TEST_CASE("rows: roles by the whole file, by rules, by overrides") {
  RowReader reader = Open(
      "d,f,t,a,type\n"
      "2020-01-01,Sweden,Fund,9,Government\n"
      "2020-01-02,Fund,NGO,5,Pooled fund\n"
      "2020-01-03,Odd,Fund,5,Government\n"
      "2020-01-04,NGO,Village,1,NGO\n"
      "2020-01-05,Sweden,NGO,1,unknown\n",
      Map("ids = \"names\"\nparent = \"world\"\n",
          "[constants]\nasset = \"USD\"\n"
          "[[party]]\nside = \"from\"\ncolumn = \"type\"\nvalues = [\"Government\"]\nrole = "
          "\"SOURCE\"\nparent = \"governments\"\n"
          "[parties.Odd]\nid = \"odd-1\"\nname = \"The Odd One\"\nrole = \"HOLDER\"\nparent = \"attic\"\n"));
  const Row first = ReadOne(&reader, 0);
  CHECK(first.from.id == "sweden");
  CHECK(first.from.role == PartyRole::kSource);
  CHECK(first.from.parent == "governments");
  CHECK(first.to.role == PartyRole::kHolder);  // it pays later
  CHECK(first.to.parent == "world");
  CHECK(ReadOne(&reader, 1).to.role == PartyRole::kHolder);
  const Row odd = ReadOne(&reader, 2);
  CHECK(odd.from.id == "odd-1");
  CHECK(odd.from.name == "The Odd One");
  CHECK(odd.from.role == PartyRole::kHolder);
  CHECK(odd.from.parent == "attic");
  CHECK_FALSE(odd.from.id_from_name);
  CHECK(ReadOne(&reader, 3).to.role == PartyRole::kRecipient);
  CHECK(ReadOne(&reader, 4).from.role == PartyRole::kSource);  // said in another row
}

TEST_CASE("rows: a role is inferred when nobody states it and the file shows no payment") {
  const auto inferred = [](std::string_view rest) {
    RowReader reader =
        Open("d,f,t,a\n2020-01-01,Sweden,Fund,9\n2020-01-02,Fund,NGO,5\n",
             Map("ids = \"names\"\n", std::string("[constants]\nasset = \"USD\"\n").append(rest)));
    const Row first = ReadOne(&reader, 0), last = ReadOne(&reader, 1);
    CHECK_FALSE(first.from.role_inferred);
    CHECK_FALSE(first.to.role_inferred);  // it pays later
    CHECK_FALSE(last.from.role_inferred);
    CHECK(last.to.role == PartyRole::kRecipient);
    return last.to.role_inferred;
  };
  CHECK(inferred(""));
  CHECK(inferred("[[party]]\nside = \"to\"\nrole = \"auto\"\n"));
  CHECK_FALSE(inferred("[parties.NGO]\nrole = \"RECIPIENT\"\n"));
  RowReader stated = Open("d,f,t,a\n2020-01-02,Fund,NGO,5\n",
                          Map("", "[constants]\nasset = \"USD\"\n[roles]\nto = \"RECIPIENT\"\n"));
  CHECK_FALSE(ReadOne(&stated, 0).to.role_inferred);
}

TEST_CASE("rows: a stage is paid or committed, in any case and as the map reads it; empty is paid") {
  RowReader reader = Open(
      "d,f,t,a,status\n"
      "2020-01-01,A,B,1,COMMITTED\n"
      "2020-01-02,A,B,1,Paid\n"
      "2020-01-03,A,B,1,\n"
      "2020-01-04,A,B,1,commitment\n"
      "2020-01-05,A,B,1,pledge\n",
      "[columns]\ndate = \"d\"\nfrom = \"f\"\nto = \"t\"\namount = \"a\"\nstage = \"status\"\n"
      "[constants]\nasset = \"USD\"\n[replace.stage]\n\"commitment\" = \"committed\"\n");
  CHECK(ReadOne(&reader, 0).committed);
  CHECK_FALSE(ReadOne(&reader, 1).committed);
  CHECK_FALSE(ReadOne(&reader, 2).committed);
  CHECK(ReadOne(&reader, 3).committed);
  CHECK(Failure(&reader, 4) ==
        "stage (column status): \"pledge\" is neither paid nor committed; say what it means under "
        "[replace.stage] in the map");
}

TEST_CASE("rows: columns joined, cells replaced, constants for what is empty") {
  RowReader reader = Open(
      "day,dir,area,payee,sum,note,detail,cur\n"
      "24-Jan,People,Care,Smith,\"6,341.39\",a,,\n"
      "25/01/2020,People,,Smith,1,a,b,JPY\n",
      R"(
date_formats = ["%Y-%m-%d", "%d/%m/%Y"]
factor = 10000
join = " / "
[columns]
date = "day"
from = ["dir", "area"]
to = "payee"
amount = "sum"
asset = "cur"
purpose = ["note", "detail"]
[constants]
asset = "CNY"
place = "Wuhan"
[replace.date]
"24-Jan" = "2020-01-24"
)");
  const Row first = ReadOne(&reader, 0);
  CHECK(ToString(first.date) == "2020-01-24");
  CHECK(first.from.name == "People / Care");
  CHECK(first.from.id == "people-care");
  CHECK(first.amount == Amount(6341390000));
  CHECK(first.asset == "CNY");
  CHECK(first.purpose == "a");
  CHECK(first.place == "Wuhan");
  const Row second = ReadOne(&reader, 1);
  CHECK(second.from.name == "People");
  CHECK(second.purpose == "a / b");
  CHECK(second.asset == "JPY");
  CHECK(second.amount == Amount(10000));
  CHECK(second.decimals == 0);
}

TEST_CASE("rows: goods in and out of one list, counted by the unit in the cell") {
  RowReader reader =
      Open("dir,party,qty,unit\nin,Maker,198件,\nout,Hospital,15,箱\nin,Maker,1.5件,\nin,Maker,many,箱\n",
           R"(
amount_with_unit = true
ids = "names"
[columns]
from = "party"
amount = "qty"
asset = "unit"
[constants]
date = "2020-01-28"
to = "Red Cross"
[decimals]
"*" = 0
[replace.asset]
"件" = "PACKAGE"
"箱" = "BOX"
[[swap]]
column = "dir"
values = ["out"]
[[party]]
side = "from"
column = "dir"
values = ["in"]
role = "SOURCE"
)");
  const Row in = ReadOne(&reader, 0);
  CHECK(in.from.id == "maker");
  CHECK(in.from.role == PartyRole::kSource);
  CHECK(in.to.id == "red-cross");
  CHECK(in.to.role == PartyRole::kHolder);
  CHECK(in.amount == Amount(198));
  CHECK(in.asset == "PACKAGE");
  const Row out = ReadOne(&reader, 1);
  CHECK(out.from.id == "red-cross");
  CHECK(out.to.id == "hospital");
  CHECK(out.to.role == PartyRole::kRecipient);
  CHECK(out.asset == "BOX");
  CHECK_THAT(Failure(&reader, 2), Catch::Contains("finer than the asset's 0 decimals"));
  CHECK_THAT(Failure(&reader, 3), Catch::Contains("not an amount"));
}

// One row of an amount and an asset: what was read, or why not.
std::string Read(const std::string& amount, const std::string& asset, const std::string& map = "") {
  const std::string text = "date;from;to;amount;asset\n2020-01-01;x;y;\"" + amount + "\";" + asset + "\n";
  RowReader reader = Open(text, "separator = \";\"\n" + map);
  REQUIRE(reader.size() == 1);
  const StatusOr<Row> row = reader.Read(0);
  if (!row.ok()) return std::string(row.status().message());
  std::string read = std::to_string(row->amount.value()) + " " + row->asset;
  for (const Change change : row->changes) read.append(", ").append(Describe(change));
  return read;
}

TEST_CASE("rows: a sign or code beside the number must be of the row's asset") {
  const struct {
    std::string amount, asset, read, map = "";
  } cases[] = {
      {"€1", "EUR", "100 EUR"},
      {"€1", "USD", "has the sign € of EUR, and the row's asset is USD"},
      {"£1", "USD", "has the sign £ of GBP, EGP, FKP, GIP, LBP, ..., and the row's asset is USD"},
      {"$1", "USD", "100 USD"},
      {"$1", "CAD", "100 CAD"},
      {"$1", "EUR", "the row's asset is EUR"},
      {"US$ 1", "USD", "100 USD"},
      {"US$ 1", "CAD", "has the sign US$ of USD, and the row's asset is CAD"},
      {"¥1", "CNY", "100 CNY"},
      {"￥１", "CNY", "100 CNY"},
      {"¥1", "JPY", "1 JPY"},
      {"¥1", "USD", "has the sign ¥ of CNY, JPY"},
      {"₹1", "INR", "100 INR"},
      {"₹1", "USD", "has the sign ₹ of INR"},
      {"1元", "CNY", "100 CNY"},
      {"1 元", "USD", "the row's asset is USD"},
      {"EUR 1", "EUR", "100 EUR"},
      {"eur 1", "EUR", "100 EUR"},
      {"EUR 1", "USD", "has the sign EUR, and the row's asset is USD"},
      {"1 EUR", "USD", "has the sign EUR, and the row's asset is USD"},
      {"€1 USD", "USD", "has the sign € of EUR"},
      {"-€1", "EUR", "-100 EUR"},
      {"(€1)", "EUR", "-100 EUR"},
      {"12 件", "件", "1200 件"},
      {"12 件", "USD", "what 件 stands for is not known"},
      {"12%", "USD", "what % stands for is not known"},
      {"1.5万", "CNY", "1500000 CNY"},
      {"1.5万元", "CNY", "1500000 CNY"},
      {"¥2亿", "CNY", "20000000000 CNY"},
      {"3万美元", "USD", "3000000 USD"},
      {"3万美元", "CNY", "has the sign 美元 of USD"},
      {"5千元", "CNY", "500000 CNY"},
      {"5千克", "CNY", "what 千克 stands for is not known"},
      {"1.5万", "CNY", "1500000 CNY", "factor = 10000\n"},
      {"1.5万", "CNY", "counts in units of 10000, and the map says factor = 1000", "factor = 1000\n"},
      {"1.5万", "CNY", "150 CNY", "[signs]\n\"万\" = \"CNY\"\n"},
      {"Rs.500", "INR", "the point may belong to Rs or to the number"},
      {"Rs. 500", "INR", "50000 INR"},
      // The map knows better.
      {"€1", "USD", "100 USD", "[signs]\n\"€\" = \"USD\"\n"},
      {"€1", "USD", "100 USD", "[signs]\n\"€\" = [\"EUR\", \"USD\"]\n"},
      {"€1", "USD", "100 USD", "[signs]\n\"€\" = \"*\"\n"},
      {"$1", "USD", "has the sign $ of CAD", "[signs]\n\"$\" = \"CAD\"\n"},
      {"12 pcs", "BOX", "1200 BOX", "[signs]\n\"pcs\" = \"BOX\"\n"},
      {"1 €", "EUR", "100 EUR", "amount_with_unit = true\n"},
      {"1 €", "USD", "the row's asset is USD", "amount_with_unit = true\n"},
      {"1 €", "", "€ is a sign and no asset", "amount_with_unit = true\n"},
      {"€198 BOX", "", "has the sign € of EUR, and the row's asset is BOX", "amount_with_unit = true\n"},
  };
  for (const auto& c : cases) {
    INFO(c.amount << " of " << c.asset << " " << c.map);
    const std::string read = Read(c.amount, c.asset, c.map);
    if (std::isdigit(static_cast<unsigned char>(c.read[0])) != 0 || c.read[0] == '-') {
      CHECK(read == c.read);
    } else {
      CHECK_THAT(read, Catch::Contains(c.read));
    }
  }
}

TEST_CASE("rows: capitals in the header, other separators and dates of a clear form are understood") {
  for (const std::string mark : {",", ";", "\t"}) {
    std::string text = "Date|FROM|To|Amount|Asset\n5 January 2026|a|b|1|USD\n2026年1月6日|a|b|2|USD\n";
    for (char& c : text)
      if (c == '|') c = mark[0];
    RowReader reader = Open(text, "");
    REQUIRE(reader.size() == 2);
    CHECK(ToString(ReadOne(&reader, 0).date) == "2026-01-05");
    CHECK(ToString(ReadOne(&reader, 1).date) == "2026-01-06");
    CHECK(ReadOne(&reader, 1).amount == Amount(200));
  }
  RowReader doubtful = Open("date,from,to,amount,asset\n01/02/2026,a,b,1,USD\n", "");
  CHECK_THAT(Failure(&doubtful, 0), Catch::Contains("date: \"01/02/2026\" does not say by itself"));
  RowReader said = Open("date,from,to,amount,asset\n01/02/2026,a,b,1,USD\n2026/2/3,a,b,1,USD\n",
                        "date_formats = [\"auto\", \"%d/%m/%Y\"]\n");
  CHECK(ToString(ReadOne(&said, 0).date) == "2026-02-01");
  CHECK(ToString(ReadOne(&said, 1).date) == "2026-02-03");
}

TEST_CASE("rows: a header that counts in 万元 is asked about") {
  const std::string text = "日期,付款方,收款方,金额（万元）\n2026-01-05,a,b,1.5\n";
  const std::string columns =
      "[columns]\ndate = \"日期\"\nfrom = \"付款方\"\nto = \"收款方\"\namount = \"金额（万元）\"\n"
      "[constants]\nasset = \"CNY\"\n";
  const auto open = [&](const std::string& top) {
    const auto map = ParseImportMap(top + columns, "m.toml");
    REQUIRE(map.ok());
    return RowReader::Open(text, *map);
  };
  CHECK_THAT(std::string(open("").status().message()),
             Catch::Contains("seems to count in units of 10000; say factor = 10000 in the map if it does"));
  auto scaled = open("factor = 10000\n");
  REQUIRE(scaled.ok());
  CHECK(ReadOne(&*scaled, 0).amount == Amount(1'500'000));
  auto plain = open("factor = 1\n");
  REQUIRE(plain.ok());
  CHECK(ReadOne(&*plain, 0).amount == Amount(150));
}

TEST_CASE("rows: nothing changes an amount without a word") {
  const struct {
    std::string amount, asset, read, map = "";
  } cases[] = {
      {"1.000,00", "EUR", "expected only digits after the point"},
      {"1.000,00", "EUR", "100000 EUR", "decimal = \",\"\n"},
      {"１．０００，００", "EUR", "100000 EUR", "decimal = \",\"\n"},
      {"1，5", "EUR", "150 EUR", "decimal = \",\"\n"},
      {"1,5", "EUR", "a thousands comma is out of place"},
      {"1.000", "EUR", "the point may set off thousands"},
      {"-1.250", "EUR", "the point may set off thousands"},
      {"1.250", "EUR", "the point may set off thousands", "rounding = \"half-even\"\n"},
      {"1.250", "EUR", "125 EUR", "decimal = \".\"\n"},
      {"1.250", "EUR", "125000 EUR", "decimal = \",\"\n"},
      {"1.250", "KWD", "1250 KWD"},
      {"0.250", "EUR", "25 EUR"},
      {"1000.250", "EUR", "100025 EUR"},
      {"1.2500", "EUR", "125 EUR"},
      {"1.25", "EUR", "125 EUR"},
      {"1.255", "EUR", "finer than the asset's 2 decimals"},
      {"1.2551", "EUR", "126 EUR, an amount was rounded", "rounding = \"half-even\"\n"},
      {"(12.50)", "EUR", "-1250 EUR"},
      {"1 000", "EUR", "expected digits"},
      {"1e3", "EUR", "expected digits"},
      {"1\u200b2", "EUR", "1200 EUR, characters that nobody sees were taken out"},
      {std::string("1\0"
                   "2",
                   3),
       "EUR", "column amount: has the control character U+0000 at byte 2"},
      {"'1", "EUR", "what ' stands for is not known"},
  };
  for (const auto& c : cases) {
    INFO(Escaped(c.amount) << " of " << c.asset << " " << c.map);
    const std::string read = Read(c.amount, c.asset, c.map);
    if (read[0] == '-' || std::isdigit(static_cast<unsigned char>(read[0])) != 0) {
      CHECK(read == c.read);
    } else {
      CHECK_THAT(read, Catch::Contains(c.read));
    }
  }
}

TEST_CASE("rows: what reading did to a row is told") {
  RowReader reader = Open(
      "d,f,t,a,p\n"
      "2020-01-02,x,y,1,'=SUM(1)\n"
      "03/04/2020,x,y,1,\n"
      "13/04/2020,x,y,1,\n"
      "2020-05-05,x,Red\u00adCross,1,\ufeffq\n"
      "2020-05-06,x,李\ue863,1,\n"
      "2020-05-07,x,y,1,ok\n",
      "date_formats = [\"%Y-%m-%d\", \"%d/%m/%Y\", \"%m/%d/%Y\"]\n" + std::string(kPlain) +
          "purpose = \"p\"\n[constants]\nasset = \"USD\"\n");
  const Row guarded = ReadOne(&reader, 0);
  CHECK(guarded.purpose == "=SUM(1)");
  CHECK(guarded.changes == std::set<Change>{Change::kGuard});
  const Row either = ReadOne(&reader, 1);
  CHECK(ToString(either.date) == "2020-04-03");
  CHECK(either.changes == std::set<Change>{Change::kDay});
  CHECK(ReadOne(&reader, 2).changes.empty());
  const Row hidden = ReadOne(&reader, 3);
  CHECK(hidden.to.name == "RedCross");
  CHECK(hidden.purpose == "q");
  CHECK(hidden.changes == std::set<Change>{Change::kHidden});
  CHECK(ReadOne(&reader, 4).changes.empty());
  CHECK_THAT(Failure(&reader, 5),
             Catch::Contains("column t: has the private-use character U+E863 at byte 4"));
}

TEST_CASE("rows: raw cells keep their apostrophes") {
  const std::string text = "date,from,to,amount,asset,purpose\n2020-01-01,x,y,1,USD,'=1\n";
  auto reader = RowReader::Open(text, DefaultMap(), Cells::kRaw);
  REQUIRE(reader.ok());
  const Row row = ReadOne(&*reader, 0);
  CHECK(row.purpose == "'=1");
  CHECK(row.changes.empty());
}

TEST_CASE("rows: texts are bounded: names refused, descriptions cut between characters") {
  const std::string name(301, 'n');
  std::string purpose;
  for (int i = 0; i < 400; ++i) purpose += "语";
  const std::string text = "date,from,to,amount,asset,purpose\n2020-01-01,x,y,1,USD," + purpose +
                           "\n2020-01-01," + name + ",y,1,USD,\n2020-01-01,x,y,1,,\n";
  RowReader reader = Open(text, "");
  const Row row = ReadOne(&reader, 0);
  CHECK(row.purpose.size() <= kMaxRowText);
  CHECK(row.purpose.size() > kMaxRowText - 6);
  CHECK(row.purpose.ends_with("语…"));
  CHECK(CheckText("purpose", row.purpose, kMaxRowText).ok());
  CHECK(row.changes == std::set<Change>{Change::kCut});
  CHECK_THAT(Failure(&reader, 1), Catch::Contains("from has 301 bytes; at most 300"));
  CHECK_THAT(Failure(&reader, 2), Catch::Contains("asset is empty"));
}

}  // namespace
}  // namespace fundtrail::sheets
