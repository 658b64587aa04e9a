// What the lines of a list show beside their transfers, however long the list is and wherever it is cut: the same as of one payment alone.
#include "ledger/query/transfer_facts.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "ledger/query/list.h"
#include "ledger/query/records.h"
#include "ledger/store/memory.h"
#include "tests/support/answers.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

// Payments of which some were sent back, undone, or said to have arrived.
struct Payments {
  Payments() {
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    Append({Pay("donor", "ministry", 1'000)});
    for (int i = 0; i < 12; ++i) {
      const auto record = Append({Pay("ministry", "village", 30), Pay("ministry", "village", 20)});
      if (i % 4 == 1) Append({Returning(Pay("village", "ministry", 5), Ref(record, 1))});
      if (i % 4 == 2) Append({Acknowledge(Ref(record, 2), "village"), Pay("donor", "ministry", 7)});
      if (i % 4 == 3)
        Append({Returning(Pay("village", "ministry", 9), Ref(record, 2), v1::TRANSFER_KIND_REVERSAL)});
    }
  }
  std::uint64_t Append(const std::vector<v1::Action>& actions) {
    return Need(ledger->AppendOne(SignedBytes(Entry("root", ++ids, actions), {1}), clock.Read()))
        .record.value();
  }
  query::View View() const { return Need(query::MakeView(ledger->store())); }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  std::uint64_t ids = 0;
};

TEST_CASE("a line of a list in pages says what the payment alone says") {
  const Payments payments;
  const query::View view = payments.View();
  int lines = 0, back = 0, arrived = 0;
  for (const std::size_t parts : {1, 2, 5, 500}) {
    INFO(parts);
    query::Paging paging;
    paging.page_parts = parts;
    const auto list = Need(Whole(query::List(view, v1::ListRequest(), paging)));
    for (const v1::TransferLine& line : list.transfers()) {
      v1::ShowRequest request;
      *request.mutable_ref() = line.ref();
      const auto alone = Need(query::Show(view, request));
      REQUIRE(alone.transfers_size() == 1);
      CHECK(line.SerializeAsString() == alone.transfers(0).SerializeAsString());
      ++lines;
      back += line.has_sent_back() ? 1 : 0;
      arrived += line.has_arrival() ? 1 : 0;
    }
  }
  CHECK(lines == 4 * (1 + 24 + 9));
  CHECK(back == 4 * 6);
  CHECK(arrived == 4 * 3);
}

TEST_CASE("a list as of a record, in pages, knows nothing of what was said or sent back later") {
  const Payments payments;
  const query::View view = payments.View();
  for (std::uint64_t record = 0; record < view.checkpoint.size(); ++record) {
    INFO(record);
    v1::ListRequest request;
    request.set_as_of(record);
    query::Paging cut;
    cut.page_parts = 3;
    const auto list = Need(Whole(query::List(view, request, cut)));
    const auto whole = Need(Whole(query::List(view, request, query::Paging())));
    REQUIRE(list.transfers_size() == whole.transfers_size());
    for (int i = 0; i < list.transfers_size(); ++i)
      CHECK(list.transfers(i).SerializeAsString() == whole.transfers(i).SerializeAsString());
    for (const v1::TransferLine& line : list.transfers()) {
      CHECK(line.arrival().record() <= record);
      for (const auto& by : line.sent_back().by()) CHECK(by.ref().record() <= record);
    }
  }
}

TEST_CASE("one after another in any order, payments are told as each alone is") {
  const Payments payments;
  const query::View view = payments.View();
  query::LineReader reader(view);
  const auto list = Need(Whole(query::List(view, v1::ListRequest(), query::Paging())));
  for (int i = list.transfers_size() - 1; i >= 0; --i) {
    const v1::TransferLine& line = list.transfers(i * 7 % list.transfers_size());
    const auto read =
        Need(reader.Get({RecordIndex(line.ref().record()), static_cast<std::uint32_t>(line.ref().line())}));
    CHECK(read.SerializeAsString() == line.SerializeAsString());
  }
}

}  // namespace
}  // namespace fundtrail::testing
