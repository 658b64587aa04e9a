// Rows that name another row twice: what it brought is there once.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ledger/store/memory.h"
#include "tests/support/csv_import.h"
#include "tests/support/text.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

struct Drawing {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target{ledger.get()};
  std::vector<std::string> rejects;

  // The amounts of the transfers of the last record, in their order; those that send something back are below zero.
  std::vector<std::int64_t> Take(const std::string& last_rows) {
    CsvImport import{
        "date,from,to,amount,asset,fund,id,draws\n"
        "2026-01-01,donor,ministry,9.00,CNY,flood,A,\n"
        "2026-01-02,ministry,village,4.00,CNY,flood,B,\n"
        "2026-01-03,ministry,village,3.00,CNY,flood,C,\n" +
        last_rows};
    import.map.row_id = "id";
    Need(import.Into(&target, &rejects).status());
    std::vector<std::int64_t> amounts;
    const v1::Entry entry = LastEntry(*ledger);
    for (const v1::Action& action : entry.actions())
      if (action.has_transfer())
        amounts.push_back(action.transfer().has_returns() ? -action.transfer().amount()
                                                          : action.transfer().amount());
    return amounts;
  }
};

TEST_CASE("a row that draws on a row twice takes back what that one brought once, and then the next") {
  Drawing drawing;
  CHECK(drawing.Take("2026-01-04,ministry,village,-6.00,CNY,flood,D,B; B C B\n") ==
        std::vector<std::int64_t>{900, 400, 300, -400, -200});
  CHECK(drawing.rejects.empty());
}

TEST_CASE("a row that draws on a row twice for more than that one brought is refused with what is missing") {
  Drawing drawing;
  CHECK(drawing.Take("2026-01-04,ministry,village,-5.00,CNY,flood,D,B; B\n") ==
        std::vector<std::int64_t>{900, 400, 300});
  REQUIRE(drawing.rejects.size() == 1);
  CHECK_THAT(drawing.rejects[0], Contains("5: RETURN_SHORT: is more than is left of the rows that it sends "
                                          "back: 1.00 is missing"));
}

}  // namespace
}  // namespace fundtrail::testing
