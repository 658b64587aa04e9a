// Published cases, as far as arrivals and concerns show them: each with its figures, and with the question that finds it.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ledger/query/acknowledgements.h"
#include "ledger/query/concerns.h"
#include "ledger/store/memory.h"
#include "tests/support/answers.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  v1::ConcernLine OnlyConcern() const {
    const auto view = Need(query::MakeView(ledger->store()));
    const auto answer = Need(Whole(query::Concerns(view, {}, {})));
    REQUIRE(answer.lines_size() == 1);
    return answer.lines(0);
  }
};

// C10: two platforms sent 10,000 each to a hospital, which says that it received nothing.
TEST_CASE("a medical appeal of 2019: acknowledgements finds 20,000.00 that were sent and denied") {
  Ground ground;
  ground.Do({Party("hospital", "root", v1::RECIPIENT), Pay("donor", "ministry", 100'497'728)});
  const std::uint64_t sent =
      ground.Do({Pay("ministry", "hospital", 1'000'000), Pay("ministry", "hospital", 1'000'000)});
  ground.Do({Acknowledge(Ref(sent, 1), "hospital", v1::Acknowledge::NOT_RECEIVED),
             Acknowledge(Ref(sent, 2), "hospital", v1::Acknowledge::NOT_RECEIVED)});
  const auto view = Need(query::MakeView(ground.ledger->store()));
  const auto answer = Need(Whole(query::Acknowledgements(view, {}, {})));
  REQUIRE(answer.counts_size() == 1);
  CHECK(answer.counts(0).status() == v1::AcknowledgementLine::DISPUTED);
  CHECK(answer.counts(0).payments() == 2);
  CHECK(answer.counts(0).paid() == 2'000'000);
  CHECK(answer.counts(0).arrived() == 0);
}

// C1: who asked for the audit report of a fund was refused, and then heard nothing.
TEST_CASE("the fund for left-behind children: concerns finds what nobody answers") {
  Ground ground;
  ground.Do({AboutParty("ministry", Concern("audit-report", "village", v1::RaiseConcern::DATA))});
  ground.clock.now += 41 * kDay;
  ground.Do({Asset("USD")});
  CHECK(ground.OnlyConcern().state() == v1::ConcernLine::VERY_OVERDUE);
}

// C2: 445 trainees were not there, and 283,500 were obtained for them.
TEST_CASE("Guanghe, false trainees: concerns finds that 283,500.00 did not come back") {
  Ground ground;
  ground.Do({Party("trainees", "root", v1::RECIPIENT), Pay("donor", "ministry", 28'350'000)});
  const std::uint64_t paid = ground.Do({Pay("ministry", "trainees", 28'350'000)});
  ground.Do({AboutParty("trainees", Concern("false", "village", v1::RaiseConcern::FAKE_RECIPIENT))});
  ground.Do({Respond("false", "trainees", v1::RespondConcern::ACTION)});
  ground.clock.now += 61 * kDay;
  ground.Do({Asset("USD")});
  CHECK(ground.OnlyConcern().fake_help() == v1::ConcernLine::MISSING);
  // It came back, and too late.
  ground.Do({Returning(Pay("trainees", "ministry", 28'350'000), Ref(paid))});
  CHECK(ground.OnlyConcern().fake_help() == v1::ConcernLine::MISSING);
}

}  // namespace
}  // namespace fundtrail::testing
