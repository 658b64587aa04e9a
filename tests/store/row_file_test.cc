// Rows in the order of their keys, in a file: each is found again, written out or not, and no other is.
#include "ledger/store/row_file.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "tests/support/rows.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

std::unique_ptr<store::RowFile> Make(const std::string& path) {
  auto file = store::RowFile::Make(path);
  REQUIRE(file.ok());
  return *std::move(file);
}

Bytes KeyOf(std::uint64_t number) {
  Bytes key = "t";
  AppendBigEndian64(&key, number);
  return key;
}

TEST_CASE("a file of rows gives back each row by its key, and nothing for others") {
  const TempDir temp;
  const auto file = Make(temp / "rows");
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  Rows rows;
  CHECK(!file->Get("t").value().has_value());
  for (std::uint64_t number = 10; rows.size() < 20'000; number += 2 + random() % 3) {
    const Bytes value(random() % (random() % 500 == 0 ? 30'000 : 60), static_cast<char>(random()));
    rows.emplace(KeyOf(number), value);
    file->Take(KeyOf(number), value);
    if (random() % 20 > 0) continue;
    const auto one = random() % 3 == 0 ? std::prev(rows.end()) : rows.lower_bound(KeyOf(random() % number));
    REQUIRE(file->Get(one->first).value() == one->second);
    REQUIRE(!file->Get(one->first + "x").value().has_value());
    const Bytes other = KeyOf(random() % (2 * number));
    REQUIRE(file->Get(other).value().has_value() == (rows.count(other) > 0));
  }
  for (const auto& [key, value] : rows) REQUIRE(file->Get(key).value() == value);
}

TEST_CASE("a file of rows refuses rows that do not come in order, and deletes") {
  const TempDir temp;
  int files = 0;
  for (const auto& [key, value] : {std::pair<Bytes, std::optional<Bytes>>{"t2", "again"},
                                   {"t1", "before"},
                                   {"", "no key"},
                                   {"t3", std::nullopt}}) {
    const auto file = Make(temp / std::to_string(++files));
    file->Take("t2", Bytes("right"));
    CHECK(file->Get("t2").value() == "right");
    file->Take(key, value);
    CHECK(file->Get("t2").status().code() == absl::StatusCode::kInternal);
  }
  CHECK(store::RowFile::Make(temp / "1").status().code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("a file of rows whose disk gives back other bytes says so") {
  const TempDir temp;
  const auto file = Make(temp / "rows");
  for (std::uint64_t number = 0; number < 10'000; ++number) file->Take(KeyOf(number), Bytes(60, 'v'));
  REQUIRE(file->Get(KeyOf(1)).value() == Bytes(60, 'v'));
  std::fstream(temp / "rows", std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('x');
  const auto read = file->Get(KeyOf(1));
  CHECK(read.status().code() == absl::StatusCode::kUnavailable);
  CHECK(read.status().message().find("does not read as it was written") != std::string::npos);
  CHECK(file->Get(KeyOf(5'000)).value() == Bytes(60, 'v'));
}

}  // namespace
}  // namespace fundtrail::testing
