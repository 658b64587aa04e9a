// RFC 4180: what the standard has, what files in the wild have, what is refused, and writing read back.
#include "ledger/sheets/csv.h"

#include <catch2/catch.hpp>
#include <iterator>
#include <random>
#include <string_view>

namespace fundtrail::sheets {
namespace {

using Fields = std::vector<std::string>;

std::vector<CsvRecord> ReadAll(std::string_view text, char separator = ',') {
  StatusOr<CsvReader> reader = CsvReader::Open(text, separator, Cells::kRaw);
  REQUIRE(reader.ok());
  std::vector<CsvRecord> records;
  CsvRecord record;
  while (reader->Next(&record)) records.push_back(record);
  return records;
}

TEST_CASE("csv: quotes, doubled quotes, line breaks in quotes, both line ends") {
  const auto records = ReadAll(
      "a,b,c\r\n"
      "1,\"x, y\",\"say \"\"hi\"\"\"\r\n"
      "2,\"two\nlines\r\nthree\",\n"
      "\n"
      "\r\n"
      ",,\n"
      "3,in\"side,\"\"");
  REQUIRE(records.size() == 4);
  CHECK(records[0].fields == Fields{"1", "x, y", "say \"hi\""});
  CHECK(records[0].line == 2);
  CHECK(records[1].fields == Fields{"2", "two\nlines\r\nthree", ""});
  CHECK(records[1].line == 3);
  CHECK(records[2].fields == Fields{"", "", ""});
  CHECK(records[2].line == 8);
  CHECK(records[3].fields == Fields{"3", "in\"side", ""});
  CHECK(records[3].line == 9);
  for (const CsvRecord& record : records) CHECK(record.status.ok());
}

TEST_CASE("csv: other separators") {
  CHECK(ReadAll("a;b\n1,5;2\n", ';')[0].fields == Fields{"1,5", "2"});
  CHECK(ReadAll("a\tb\n\"x\ty\"\t2\n", '\t')[0].fields == Fields{"x\ty", "2"});
}

TEST_CASE("csv: a faulty record says what is wrong, and reading goes on after it") {
  const auto records = ReadAll("a,b\n1\n2,3,4\n\"x\"y,5\n6,7\n");
  REQUIRE(records.size() == 4);
  CHECK(records[0].status.message() == "has 1 fields where the header has 2");
  CHECK(records[1].status.message() == "has 3 fields where the header has 2");
  CHECK(records[1].fields == Fields{"2", "3", "4"});
  CHECK_THAT(std::string(records[2].status.message()), Catch::Contains("text after the closing quote"));
  CHECK(records[3].status.ok());
  CHECK(records[3].fields == Fields{"6", "7"});
  CHECK(records[3].line == 5);
}

TEST_CASE("csv: a quote that never ends names the line where it opens") {
  StatusOr<CsvReader> reader = CsvReader::Open("a,b\n1,2\n3,\"four\n5,6\n", ',', Cells::kRaw);
  REQUIRE(reader.ok());
  CsvRecord record;
  REQUIRE(reader->Next(&record));
  CHECK_FALSE(reader->unterminated());
  REQUIRE(reader->Next(&record));
  CHECK(reader->unterminated());
  CHECK(record.status.message() == "the quote that opens on line 3 is never closed");
  CHECK_FALSE(reader->Next(&record));
}

TEST_CASE("csv: bounds") {
  const auto big =
      ReadAll("a\n" + std::string(kMaxFieldBytes, 'x') + "\n" + std::string(kMaxFieldBytes + 1, 'x') +
              "\n\"" + std::string(kMaxFieldBytes + 1, 'x') + "\"\nok\n");
  REQUIRE(big.size() == 4);
  CHECK(big[0].status.ok());
  CHECK(big[1].status.message() == "field 1 is larger than 64 KiB");
  CHECK(big[2].status.message() == "field 1 is larger than 64 KiB");
  CHECK(big[3].fields == Fields{"ok"});
  const auto wide = ReadAll("a\n" + std::string(kMaxFields, ',') + "\nok\n");
  CHECK(wide[0].status.message() == "has 513 fields; at most 512 can be read");
  CHECK(wide[1].fields == Fields{"ok"});
  CHECK_FALSE(CsvReader::Open("", ',', Cells::kRaw).ok());
  CHECK_FALSE(CsvReader::Open("\n\r\n", ',', Cells::kRaw).ok());
  CHECK_FALSE(CsvReader::Open("\"a", ',', Cells::kRaw).ok());
}

TEST_CASE("csv: records can be read again by their offset") {
  StatusOr<CsvReader> reader = CsvReader::Open("a,b\n\"1\n1\",2\n3,4\n", ',', Cells::kRaw);
  REQUIRE(reader.ok());
  CsvRecord first;
  CsvRecord second;
  CsvRecord again;
  REQUIRE(reader->Next(&first));
  REQUIRE(reader->Next(&second));
  reader->Seek(first.offset, first.line);
  REQUIRE(reader->Next(&again));
  CHECK(again.fields == first.fields);
  REQUIRE(reader->Next(&again));
  CHECK(again.fields == second.fields);
  CHECK(again.line == 4);
}

TEST_CASE("csv: written as RFC 4180 has it") {
  CHECK(CsvLine({"a", "b c", ""}, Cells::kRaw) == "a,b c,\n");
  CHECK(CsvLine({"a,b", "say \"x\"", "l1\nl2", " pad"}, Cells::kRaw) ==
        "\"a,b\",\"say \"\"x\"\"\",\"l1\nl2\",\" pad\"\n");
  CHECK(CsvLine({""}, Cells::kRaw) == "\"\"\n");
  CHECK(CsvLine({"a;b", "c,d"}, Cells::kRaw, ';') == "\"a;b\";c,d\n");
  CHECK(CsvLine({"=1+1"}, Cells::kRaw) == "=1+1\n");
}

TEST_CASE("csv: a line is its cells, each written as it is alone") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static constexpr std::string_view kSigns[] = {"a",  "7", "湖", "é", ",", ";", "\"", "\r",     "\n",    " ",
                                                "\t", "'", "=",  "-", "@", "(", "＝", "\u00a0", "\u3000"};
  for (int round = 0; round < 4000; ++round) {
    const Cells how = round % 2 == 0 ? Cells::kGuarded : Cells::kRaw;
    const char separator = round % 4 < 2 ? ',' : ';';
    Fields row(2 + random() % 3);
    std::string line;
    for (std::string& field : row) {
      // Letters for the most part, so that many lines have nothing else.
      for (std::size_t n = 1 + random() % 12; n > 0; --n)
        field += random() % 16 == 0 ? kSigns[random() % std::size(kSigns)] : kSigns[random() % 4];
      line += CsvLine({field}, how, separator);
      line.back() = separator;
    }
    line.back() = '\n';
    CHECK(CsvLine(row, how, separator) == line);
  }
}

TEST_CASE("csv: what is written is read back") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static constexpr std::string_view kSigns = "ab,;\t\"\r\n ";
  for (int round = 0; round < 2000; ++round) {
    const std::size_t width = 1 + random() % 4;
    std::string text = CsvLine(Fields(width, "h"), Cells::kRaw);
    std::vector<Fields> rows(random() % 5, Fields(width));
    for (Fields& row : rows) {
      for (std::string& field : row) {
        for (std::size_t n = random() % 6; n > 0; --n) field += kSigns[random() % kSigns.size()];
      }
      text += CsvLine(row, Cells::kRaw);
    }
    const auto records = ReadAll(text);
    INFO(text);
    REQUIRE(records.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      REQUIRE(records[i].status.ok());
      REQUIRE(records[i].fields == rows[i]);
    }
  }
}

TEST_CASE(
    "csv: cells that a spreadsheet would run have an apostrophe before them, and reading takes it off") {
  const struct {
    std::string text, cell;
  } cases[] = {
      {"=1+1", "'=1+1"},
      {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
      {"+1", "'+1"},
      {"-1+1", "'-1+1"},
      {"-cmd", "'-cmd"},
      {"-", "'-"},
      {"@SUM(1)", "'@SUM(1)"},
      {"\t=1", "'\t=1"},
      {"\rx", "'\rx"},
      {"\nx", "'\nx"},
      {"＝1", "'＝1"},
      {"＋1", "'＋1"},
      {"－1", "'－1"},
      {"＠x", "'＠x"},
      {"  =1", "'  =1"},
      {"\u00a0=1", "'\u00a0=1"},
      {"\"=1\"", "'\"=1\""},
      {"'=1", "''=1"},  // else the apostrophe would be lost
      {"''=1", "'''=1"},
      // Left as they are.
      {"", ""},
      {"plain", "plain"},
      {"'twas", "'twas"},
      {"a=1", "a=1"},
      {"1-1", "1-1"},
      {"-1", "-1"},
      {"-1,234.50", "-1,234.50"},
      {"-1.234,50", "-1.234,50"},
      {"'-1", "'-1"},
      {"2026-01-01", "2026-01-01"},
      {"湖北", "湖北"},
  };
  for (const auto& c : cases) {
    INFO(c.text);
    CHECK(Guarded(c.text) == c.cell);
    CHECK(Unguarded(c.cell) == c.text);
    CHECK(RunsAsFormula(c.text) == (c.text != c.cell));
  }
  CHECK(CsvLine({"=1", "-5"}, Cells::kGuarded) == "'=1,-5\n");
  CHECK(CsvLine({"=1", "-5"}, Cells::kRaw) == "=1,-5\n");
  StatusOr<CsvReader> reader = CsvReader::Open("'=h,b\n'=1,'@x\n'twas,-5\n", ',', Cells::kGuarded);
  REQUIRE(reader.ok());
  CHECK(reader->header() == Fields{"=h", "b"});
  CsvRecord record;
  REQUIRE(reader->Next(&record));
  CHECK(record.fields == Fields{"=1", "@x"});
  CHECK(record.guards == 2);
  REQUIRE(reader->Next(&record));
  CHECK(record.fields == Fields{"'twas", "-5"});
  CHECK(record.guards == 0);
  CHECK(ReadAll("a\n'=1\n")[0].fields == Fields{"'=1"});  // raw
}

TEST_CASE("csv: what is written with guards is read back, whatever it is") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static const std::string kParts[] = {"=",  "+", "-", "@", "'", "\"", " ",  "\t",    "\r",
                                       "\n", ",", ";", "1", ".", "a",  "＝", "\u3000"};
  for (int round = 0; round < 5000; ++round) {
    const char separator = ",;\t"[random() % 3];
    Fields row(1 + random() % 3);
    for (std::string& field : row) {
      for (std::size_t n = random() % 6; n > 0; --n) field += kParts[random() % std::size(kParts)];
    }
    const std::string text = CsvLine(Fields(row.size(), "h"), Cells::kGuarded, separator) +
                             CsvLine(row, Cells::kGuarded, separator);
    INFO(text);
    StatusOr<CsvReader> reader = CsvReader::Open(text, separator, Cells::kGuarded);
    REQUIRE(reader.ok());
    CsvRecord record;
    REQUIRE(reader->Next(&record));
    REQUIRE(record.status.ok());
    REQUIRE(record.fields == row);
    for (const std::string& field : row) {
      if (RunsAsFormula(field)) REQUIRE(Guarded(field)[0] == '\'');
    }
  }
}

TEST_CASE("csv: any bytes end in records or errors, never outside the text") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static constexpr std::string_view kSigns = "a,\"\r\n";
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t n = random() % 30; n > 0; --n) text += kSigns[random() % kSigns.size()];
    StatusOr<CsvReader> reader = CsvReader::Open(text, ',', Cells::kRaw);
    if (!reader.ok()) continue;
    CsvRecord record;
    std::uint64_t last = 0;
    while (reader->Next(&record)) {
      REQUIRE(record.offset > last);
      REQUIRE(record.offset < text.size());
      last = record.offset;
    }
  }
}

TEST_CASE("csv: the separator is the one that is most frequent in the header, outside quotes") {
  CHECK(FindSeparator("a,b,c\n1;2;3;4\n") == ',');
  CHECK(FindSeparator("a;b;\"c,d,e,f\"\n") == ';');
  CHECK(FindSeparator("\r\na\tb\r\n1,2,3\n") == '\t');
  CHECK(FindSeparator("a,b;c\n") == ',');
  CHECK(FindSeparator("id\na;b\n") == ',');
  CHECK(FindSeparator("") == ',');
}

TEST_CASE("csv: separators in full width are read where a header has no others") {
  CHECK(WithNarrowSeparators("日期；金额\n1月5日；\"1；2\"\n") == "日期;金额\n1月5日;\"1；2\"\n");
  CHECK(WithNarrowSeparators("a；b\n5\" pipe；2\n\"say \"\"x；y\"\"\"；3\n") ==
        "a;b\n5\" pipe;2\n\"say \"\"x；y\"\"\";3\n");
  CHECK(WithNarrowSeparators("\n日期，金额\n1，2\n") == "\n日期,金额\n1,2\n");
  CHECK(WithNarrowSeparators("日期，金额；用途；备注\n1，2；3；4\n") == "日期，金额;用途;备注\n1，2;3;4\n");
  for (const std::string text :
       {"", "日期", "日期,用途；金额\n1；2,3\n", "\"日期；金额\"\n1；2\n", "日期\n1；2\n"})
    CHECK(WithNarrowSeparators(text) == text);
}

}  // namespace
}  // namespace fundtrail::sheets
