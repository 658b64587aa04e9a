// Rows: how a map makes payments of records, in which order, what is skipped, what fails and why.
#include "ledger/exchange/rows.h"

#include <catch2/catch.hpp>

#include "ledger/base/text.h"

namespace fundtrail::exchange {
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
      "role,place\n"
      "2020-03-01,sida,Röda Korset,\"1,200.50\",SEK,Aid 2020,P1,DISBURSEMENT,\"two\nlines\",R7,1; 2 "
      "3,Sida,,source,,Kabul\n",
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
  CHECK(row.amount == Amount(120050));
  CHECK(row.decimals == 2);
  CHECK(row.asset == "SEK");
  CHECK(row.fund == "aid-2020");
  CHECK(row.fund_name == "Aid 2020");
  CHECK(row.project == "P1");
  CHECK(row.kind == "DISBURSEMENT");
  CHECK(row.purpose == "two lines");
  CHECK(row.reference == "R7");
  CHECK(row.draws == std::vector<std::string>{"1", "2", "3"});
  CHECK(row.place == "Kabul");
  CHECK(reader.Raw(0).fields[8] == "two\nlines");
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
  CHECK_THAT(Failure(&reader, 1), Catch::Contains("from has 301 bytes; at most 300"));
  CHECK_THAT(Failure(&reader, 2), Catch::Contains("asset is empty"));
}

}  // namespace
}  // namespace fundtrail::exchange
