// Payments by amount are those of the list, put in order: of any choice, as of any record, page by page.
#include "ledger/query/largest_payments.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/model/references.h"
#include "ledger/query/list.h"
#include "ledger/query/money_table.h"
#include "tests/support/random_ledger.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

std::vector<v1::TransferLine> LinesOf(const v1::ListAnswer& answer) {
  return {answer.transfers().begin(), answer.transfers().end()};
}

std::vector<v1::TransferLine> Listed(const query::View& view, const v1::ListRequest& request) {
  std::vector<v1::TransferLine> lines;
  auto pages = Need(query::List(view, request, {}));
  while (!pages.over())
    for (const v1::TransferLine& line : LinesOf(Need(pages.Next()))) lines.push_back(line);
  std::stable_sort(lines.begin(), lines.end(), [](const auto& one, const auto& other) {
    return std::tuple(one.transfer().asset(), -one.transfer().amount()) <
           std::tuple(other.transfer().asset(), -other.transfer().amount());
  });
  return lines;
}

void CheckSame(const std::vector<v1::TransferLine>& found, const std::vector<v1::TransferLine>& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    CHECK(found[i].SerializeAsString() == wanted[i].SerializeAsString());
}

TEST_CASE("payments by date are those of the list, the newest first, page by page") {
  const RandomLedger game(GENERATE(take(3, random(1, 1'000'000))), true);
  const query::View view = game.view();
  v1::ListRequest request;
  request.set_limit(7);
  std::vector<v1::TransferLine> lines;
  std::string next;
  do {
    const auto page = Need(query::LargestPayments(view, request, query::PaymentOrder::kDate));
    for (const v1::TransferLine& line : LinesOf(page)) lines.push_back(line);
    next = page.next();
    if (!next.empty()) *request.mutable_after() = lines.back().ref();
  } while (!next.empty());
  std::vector<v1::TransferLine> wanted;
  auto pages = Need(query::List(view, {}, {}));
  while (!pages.over())
    for (const v1::TransferLine& line : LinesOf(Need(pages.Next()))) wanted.push_back(line);
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const auto& one, const auto& other) { return one.date() > other.date(); });
  CheckSame(lines, wanted);
}

TEST_CASE("payments by amount are those of the list, the largest of each asset first") {
  const std::uint64_t seed = GENERATE(take(6, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, true);
  query::MoneyTables tables;
  query::View view = game.view();
  if (seed % 2 == 0) view.money = &tables;
  std::vector<v1::ListRequest> questions(9);
  questions[1].set_party("ministry");
  questions[2].set_fund("school");
  questions[3].set_kind(v1::TRANSFER_KIND_RETURN);
  questions[4].set_from("2024-06-01");
  questions[4].set_to("2025-06-30");
  questions[5].set_as_of(view.checkpoint.size() / 2);
  questions[6].set_party("ministry");
  questions[6].set_joined(true);
  questions[6].set_as_of(view.checkpoint.size() / 2);
  questions[7].set_asset("CNY");
  questions[7].set_min("0.15");
  questions[8].set_asset("USD");
  for (const v1::ListRequest& question : questions) {
    INFO(question.ShortDebugString());
    const auto wanted = Listed(view, question);
    const auto whole = Need(query::LargestPayments(view, question));
    CHECK(whole.next().empty());
    CheckSame(LinesOf(whole), wanted);
    // The same page by page.
    std::vector<v1::TransferLine> lines;
    v1::ListRequest request = question;
    request.set_limit(7);
    for (std::size_t page = 0; page <= wanted.size(); ++page) {
      const auto answer = Need(query::LargestPayments(view, request));
      CHECK(answer.transfers_size() <= 7);
      for (const v1::TransferLine& line : LinesOf(answer)) lines.push_back(line);
      if (answer.next().empty()) break;
      model::SetRef(Need(model::ParseRef(answer.next())), request.mutable_after());
    }
    CheckSame(lines, wanted);
  }
}

// Counts how often records are read.
class RecordCounter final : public store::Reader {
 public:
  explicit RecordCounter(const store::Reader& rows) : rows_(rows) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    for (std::uint64_t record = 0; record < 10; ++record)
      if (key == ByteView(model::keys::Record(RecordIndex(record)))) ++read;
    return rows_.Get(key);
  }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    return rows_.Scan(begin, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return rows_.Last(begin, end);
  }
  mutable std::size_t read = 0;

 private:
  const store::Reader& rows_;
};

TEST_CASE("a record of many payments is read once, wherever their amounts stand") {
  ViewedLedger paid;
  for (int record = 0; record < 2; ++record) {
    std::vector<v1::Action> payments;
    for (int i = 0; i < 30; ++i) payments.push_back(Pay("donor", "ministry", 1 + 2 * i + record));
    paid.Do(payments);
  }
  query::View view = paid.view();
  const RecordCounter counter(*view.rows);
  view.rows = &counter;
  const auto answer = Need(query::LargestPayments(view, {}));
  REQUIRE(answer.transfers_size() == 60);
  for (int i = 0; i < 60; ++i) CHECK(answer.transfers(i).transfer().amount() == 60 - i);
  CHECK(counter.read == 2);
}

TEST_CASE("what payments by amount cannot answer is refused") {
  const RandomLedger game(3, false);
  const query::View view = game.view();
  v1::ListRequest request;
  request.set_project("roofs");
  CHECK(absl::IsInvalidArgument(query::LargestPayments(view, request).status()));
  request.clear_project();
  request.set_party("nobody");
  CHECK(absl::IsNotFound(query::LargestPayments(view, request).status()));
  request.clear_party();
  request.set_from("soon");
  CHECK(absl::IsInvalidArgument(query::LargestPayments(view, request).status()));
  request.clear_from();
  request.mutable_after()->set_record(1'000'000);
  request.mutable_after()->set_line(1);
  CHECK(absl::IsNotFound(query::LargestPayments(view, request).status()));
  request.clear_after();
  request.set_as_of(1'000'000);
  CHECK(absl::IsOutOfRange(query::LargestPayments(view, request).status()));
}

}  // namespace
}  // namespace fundtrail::testing
