// What undid a payment, and what sent it back, as it stands beside the payment and in the sums of both parties.
#include "ledger/query/sent_back.h"

#include <catch2/catch.hpp>

#include "ledger/query/balance.h"
#include "ledger/query/list.h"
#include "ledger/query/records.h"
#include "ledger/query/statement.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

struct Books {
  Books() { ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read())); }
  // The index of the record.
  std::uint64_t Append(const std::vector<v1::Action>& actions) {
    return Need(ledger->AppendOne(SignedBytes(Entry("root", ++ids, actions), {1}), clock.Read()))
        .record.value();
  }
  query::View View() const { return Need(query::MakeView(ledger->store())); }
  v1::TransferLine Line(std::uint64_t record, std::uint32_t line = 1) const {
    v1::ShowRequest request;
    *request.mutable_ref() = Ref(record, line);
    return Need(query::Show(View(), request)).transfers(0);
  }
  v1::BalanceLine Balance(const std::string& party) const {
    v1::BalanceRequest request;
    request.set_party(party);
    return Need(query::Balance(View(), request)).lines(0);
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  std::uint64_t ids = 0;
};

TEST_CASE("a payment names what undid it and what sent it back, and both sums") {
  Books books;
  books.Append({Pay("donor", "ministry", 100)});
  const std::uint64_t wrong = books.Append({Pay("ministry", "village", 30), Pay("ministry", "village", 20)});
  CHECK_FALSE(books.Line(wrong, 1).has_sent_back());
  const std::uint64_t undone =
      books.Append({Returning(Pay("village", "ministry", 10), Ref(wrong, 1), v1::TRANSFER_KIND_REVERSAL)});
  const std::uint64_t back = books.Append({Returning(Pay("village", "ministry", 5), Ref(wrong, 1))});

  const v1::SentBack first = books.Line(wrong, 1).sent_back();
  CHECK(first.undone() == 10);
  CHECK(first.returned() == 5);
  CHECK(first.count() == 2);
  REQUIRE(first.by_size() == 2);
  CHECK(first.by(0).ref().record() == undone);
  CHECK(first.by(0).kind() == v1::TRANSFER_KIND_REVERSAL);
  CHECK(first.by(0).amount() == 10);
  CHECK(first.by(1).ref().record() == back);
  CHECK(first.by(1).kind() == v1::TRANSFER_KIND_RETURN);
  // The payment beside it brought other money.
  CHECK_FALSE(books.Line(wrong, 2).has_sent_back());

  // As of a record, what came later is not known.
  v1::ListRequest then;
  then.set_as_of(undone);
  const auto listed = Need(Whole(query::List(books.View(), then, {})));
  REQUIRE(listed.transfers_size() == 4);
  CHECK(listed.transfers(1).sent_back().undone() == 10);
  CHECK(listed.transfers(1).sent_back().returned() == 0);
}

TEST_CASE("a balance and a statement say how much was undone, and a return is none of it") {
  Books books;
  books.Append({Pay("donor", "ministry", 100)});
  const std::uint64_t wrong = books.Append({Pay("ministry", "village", 30)});
  const std::uint64_t again = books.Append({Pay("ministry", "village", 30)});
  books.Append({Returning(Pay("village", "ministry", 30), Ref(again), v1::TRANSFER_KIND_REVERSAL)});
  books.Append({Returning(Pay("village", "ministry", 4), Ref(wrong))});

  const auto village = books.Balance("village");
  CHECK(village.received() == 60);
  CHECK(village.undone_received() == 30);
  CHECK(village.drawn() == 34);
  CHECK(village.undone_drawn() == 0);
  CHECK(village.held() == 26);
  const auto ministry = books.Balance("ministry");
  CHECK(ministry.received() == 134);
  CHECK(ministry.undone_received() == 0);
  CHECK(ministry.drawn() == 60);
  CHECK(ministry.undone_drawn() == 30);

  v1::StatementRequest request;
  request.set_party("village");
  const auto answer = Need(Whole(query::Statement(books.View(), request, {})));
  REQUIRE(answer.statements_size() == 1);
  const v1::Statement& statement = answer.statements(0);
  CHECK(statement.undone_in() == 30);
  CHECK(statement.undone_out() == 0);
  REQUIRE(statement.lines_size() == 4);
  CHECK(statement.lines(0).sent_back().returned() == 4);
  CHECK(statement.lines(1).sent_back().undone() == 30);
  CHECK(statement.lines(2).returns().record() == again);
  CHECK(statement.lines(2).returns().line() == 1);
  CHECK(statement.lines(3).returns().record() == wrong);
}

TEST_CASE("of many transfers that sent back, the first are named and all are counted") {
  Books books;
  books.Append({Pay("donor", "ministry", 100)});
  const std::uint64_t paid = books.Append({Pay("ministry", "village", 100)});
  constexpr int kMore = 3;
  for (int i = 0; i < query::kMaxBackTransfers + kMore; ++i)
    books.Append({Returning(Pay("village", "ministry", 2), Ref(paid))});
  const v1::SentBack back = books.Line(paid).sent_back();
  CHECK(back.by_size() == query::kMaxBackTransfers);
  CHECK(back.count() == static_cast<std::uint64_t>(query::kMaxBackTransfers + kMore));
  CHECK(back.returned() == 2 * (query::kMaxBackTransfers + kMore));
}

}  // namespace
}  // namespace fundtrail::testing
