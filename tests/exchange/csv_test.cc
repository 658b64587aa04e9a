// RFC 4180: what the standard has, what files in the wild have, what is refused, and writing read back.
#include "ledger/exchange/csv.h"

#include <catch2/catch.hpp>
#include <random>

namespace fundtrail::exchange {
namespace {

using Fields = std::vector<std::string>;

std::vector<CsvRecord> ReadAll(std::string_view text, char separator = ',') {
  StatusOr<CsvReader> reader = CsvReader::Open(text, separator);
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
  StatusOr<CsvReader> reader = CsvReader::Open("a,b\n1,2\n3,\"four\n5,6\n");
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
  CHECK_FALSE(CsvReader::Open("").ok());
  CHECK_FALSE(CsvReader::Open("\n\r\n").ok());
  CHECK_FALSE(CsvReader::Open("\"a").ok());
}

TEST_CASE("csv: records can be read again by their offset") {
  StatusOr<CsvReader> reader = CsvReader::Open("a,b\n\"1\n1\",2\n3,4\n");
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
  CHECK(CsvLine({"a", "b c", ""}) == "a,b c,\n");
  CHECK(CsvLine({"a,b", "say \"x\"", "l1\nl2", " pad"}) == "\"a,b\",\"say \"\"x\"\"\",\"l1\nl2\",\" pad\"\n");
  CHECK(CsvLine({""}) == "\"\"\n");
  CHECK(CsvLine({"a;b", "c,d"}, ';') == "\"a;b\";c,d\n");
  CHECK(CsvLine({"=1+1"}) == "=1+1\n");
}

TEST_CASE("csv: what is written is read back") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static constexpr std::string_view kSigns = "ab,;\t\"\r\n ";
  for (int round = 0; round < 2000; ++round) {
    const std::size_t width = 1 + random() % 4;
    std::string text = CsvLine(Fields(width, "h"));
    std::vector<Fields> rows(random() % 5, Fields(width));
    for (Fields& row : rows) {
      for (std::string& field : row) {
        for (std::size_t n = random() % 6; n > 0; --n) field += kSigns[random() % kSigns.size()];
      }
      text += CsvLine(row);
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

TEST_CASE("csv: any bytes end in records or errors, never outside the text") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static constexpr std::string_view kSigns = "a,\"\r\n";
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t n = random() % 30; n > 0; --n) text += kSigns[random() % kSigns.size()];
    StatusOr<CsvReader> reader = CsvReader::Open(text);
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

}  // namespace
}  // namespace fundtrail::exchange
