// Pieces of lines, and rows that stand side by side: what single looks find, in whatever order they are asked for, at the cost of a
// step each where they are asked for in order.
#include "ledger/query/walk_pieces.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/query/walk_rows.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

using model::AccountNumber;

// Lines with pieces, by where they begin; between them lie positions of no piece.
struct Lines {
  std::unique_ptr<store::Store> rows = store::MakeMemoryStore();
  std::map<std::uint64_t, std::map<std::int64_t, std::int64_t>> pieces;  // account: begin, end
  std::int64_t end = 1;                                                  // behind all of them

  void Add(model::Side side, std::uint64_t account, std::int64_t begin, std::int64_t length) {
    const Bytes key = side == model::Side::kOut
                          ? model::keys::PieceOut(AccountNumber(account), Position(begin))
                          : model::keys::PieceIn(AccountNumber(account), Position(begin));
    Need(rows->Write({{key, Encode(model::PieceRow{
                                Amount(length), AccountNumber(9), Position(begin), {RecordIndex(7), 1}})}}));
    pieces[account][begin] = begin + length;
    end = std::max(end, begin + length);
  }
};

Lines RandomLines(model::Side side, std::mt19937_64* random) {
  Lines lines;
  for (std::uint64_t account = 0; account < 6; ++account) {
    std::int64_t at = 0;
    // None, few, or so many that not all are kept.
    const std::uint64_t many = (*random)() % 3 == 0 ? 0 : (*random)() % 2 == 0 ? (*random)() % 5 : 1'300;
    for (std::uint64_t n = 0; n < many; ++n) {
      at += static_cast<std::int64_t>((*random)() % 3);
      const auto length = static_cast<std::int64_t>(1 + (*random)() % 4);
      lines.Add(side, account, at, length);
      at += length;
    }
  }
  return lines;
}

using Found = std::optional<std::pair<std::int64_t, std::int64_t>>;

Found FoundOf(const StatusOr<std::optional<model::Piece>>& piece) {
  const auto found = Need(piece);
  if (!found.has_value()) return std::nullopt;
  return std::pair(found->at.from.value(), found->at.to.value());
}

Found NaiveAfter(const std::map<std::int64_t, std::int64_t>& line, std::int64_t at, std::int64_t end) {
  const auto above = line.upper_bound(at);
  return above == line.end() || above->first >= end ? Found() : Found(*above);
}

Found NaiveFrom(const std::map<std::int64_t, std::int64_t>& line, std::int64_t at, std::int64_t end) {
  const auto above = line.upper_bound(at);
  return above == line.begin() ? NaiveAfter(line, at, end) : Found(*std::prev(above));
}

TEST_CASE("pieces are those of the rows, in whatever order lines are asked for") {
  const auto side = GENERATE(model::Side::kOut, model::Side::kIn);
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 8; ++round) {
    Lines lines = RandomLines(side, &random);
    query::View view;
    view.rows = lines.rows.get();
    query::PieceReader reader(view, side);
    // Up, down and anywhere by turns.
    std::map<std::uint64_t, std::int64_t> last;
    std::uint64_t way = 0;
    for (int ask = 0; ask < 600; ++ask) {
      if (ask % 40 == 0) way = random() % 3;
      const std::uint64_t account = random() % 7;  // one has no rows at all
      const auto step = static_cast<std::int64_t>(random() % 12);
      std::int64_t at = way == 0 ? last[account] + step : last[account] - step;
      if (way == 2 || at < 0 || at >= lines.end)
        at = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(lines.end));
      last[account] = at;
      const std::int64_t end = at + 1 + static_cast<std::int64_t>(random() % 30);
      INFO("account " << account << " at " << at << " to " << end);
      const auto& line = lines.pieces[account];
      REQUIRE(FoundOf(reader.From(AccountNumber(account), Position(at), Position(end))) ==
              NaiveFrom(line, at, end));
      REQUIRE(FoundOf(reader.After(AccountNumber(account), Position(at), Position(end))) ==
              NaiveAfter(line, at, end));
    }
  }
}

TEST_CASE("a line that is read up or down costs a step a piece, and what has no pieces costs a look") {
  const bool up = GENERATE(true, false);
  Lines lines;
  constexpr std::int64_t kPieces = 1'000;
  for (std::int64_t n = 0; n < kPieces; ++n) lines.Add(model::Side::kIn, 3, 2 * n, 2);
  const CountingReader rows(*lines.rows);
  query::View view;
  view.rows = &rows;
  query::PieceReader reader(view, model::Side::kIn);
  for (std::int64_t n = 0; n < kPieces; ++n) {
    const std::int64_t at = up ? 2 * n : 2 * (kPieces - 1 - n);
    REQUIRE(FoundOf(reader.From(AccountNumber(3), Position(at), Position(at + 2))) == Found({at, at + 2}));
  }
  CHECK(rows.looks + rows.steps < kPieces + 50);
  const std::size_t before = rows.looks + rows.steps;
  for (std::int64_t n = 0; n < 100; ++n)
    REQUIRE(FoundOf(reader.From(AccountNumber(4), Position(n), Position(n + 1))) == Found());
  CHECK(rows.looks + rows.steps <= before + 3);
}

TEST_CASE("a row that is no piece is told where it is asked for, and nowhere else") {
  const auto side = model::Side::kOut;
  Lines lines;
  for (std::int64_t n = 0; n < 20; ++n) lines.Add(side, 3, 10 * n, 10);
  Need(lines.rows->Write({{model::keys::PieceOut(AccountNumber(3), Position(100)), Bytes("short")}}));
  const auto ask = [&](std::int64_t at) {
    query::View view;
    view.rows = lines.rows.get();
    query::PieceReader reader(view, side);
    for (std::int64_t up = 0; up < 100; up += 10)
      CHECK(reader.From(AccountNumber(3), Position(up), Position(up + 10)).ok());
    return reader.From(AccountNumber(3), Position(at), Position(at + 10)).status();
  };
  CHECK(ask(60).ok());
  CHECK(ask(90).ok());
  CHECK(absl::IsDataLoss(ask(100)));
  CHECK(absl::IsDataLoss(ask(109)));
  CHECK(ask(110).ok());
}

TEST_CASE("rows are those of single looks, near or not, whatever was said of their keys") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto rows = store::MakeMemoryStore();
  constexpr std::uint64_t kAccounts = 300;
  for (std::uint64_t n = 0; n < kAccounts; ++n) {
    if (random() % 4 != 0)
      Need(rows->Write({{model::keys::AccountName(AccountNumber(n)), std::to_string(n)}}));
  }
  query::View view;
  view.rows = rows.get();
  query::NearRows reader(view, model::keys::AllOf(model::keys::kAccountNameTag));
  std::uint64_t at = 0;
  for (int ask = 0; ask < 2'000; ++ask) {
    at = random() % 10 == 0 ? random() : at + random() % 12 + kAccounts - 6;
    const Bytes key = model::keys::AccountName(AccountNumber(at % kAccounts));
    const auto found = Need(reader.Get(key, random() % 4 != 0));
    const auto expected = Need(rows->Get(key));
    REQUIRE(found.has_value() == expected.has_value());
    if (found.has_value()) REQUIRE(*found == *expected);
  }
}

}  // namespace
}  // namespace fundtrail::testing
