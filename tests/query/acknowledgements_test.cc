// Which payments to recipients arrived, by what was said of them: the statuses, the sums, what is left out, pages and filters.
#include "ledger/query/acknowledgements.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/query/list.h"
#include "ledger/query/records.h"
#include "ledger/store/memory.h"
#include "tests/support/answers.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Line = v1::AcknowledgementLine;
using Ack = v1::Acknowledge;

constexpr std::int64_t kDay = 86'400'000'000;

struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  // Record 1 adds parties, 2 pays: 2.1 → ministry, 2.2 village 100, 2.3 hamlet 40, 2.4 village 50. Then 2.5 is back of 2.4, 2.6
  // back of 2.2 (30), 2.7 committed, 2.8 to charity, a holder, 2.9 village in another fund.
  Ground() {
    Do({Party("charity", "root"), Inferred("hamlet", "root"), Fund("school", "root")});
    Do({Pay("donor", "ministry", 1'000), Pay("ministry", "village", 100), Pay("ministry", "hamlet", 40),
        Pay("ministry", "village", 50), Returning(Pay("village", "ministry", 50), ThisEntry(4)),
        Returning(Pay("village", "ministry", 30), ThisEntry(2)), Committed(Pay("ministry", "village", 5)),
        Pay("ministry", "charity", 9), OutOf("school", Pay("donor", "village", 7))});
  }
  static v1::Action OutOf(const std::string& fund, v1::Action pay) {
    pay.mutable_transfer()->set_fund(fund);
    return pay;
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  StatusOr<v1::AcknowledgementsAnswer> Try(const v1::AcknowledgementsRequest& request,
                                           const query::Paging& paging = {}) const {
    const auto view = Need(query::MakeView(ledger->store()));
    return Whole(query::Acknowledgements(view, request, paging));
  }
};

std::string Lines(const v1::AcknowledgementsAnswer& answer) {
  std::string text;
  for (const Line& line : answer.lines())
    absl::StrAppend(&text, text.empty() ? "" : ", ", model::RefText(line.transfer().ref()), " ",
                    model::WordOf(line.status()), " ", line.paid(), " ", line.arrived());
  return text;
}
std::string Counts(const v1::AcknowledgementsAnswer& answer) {
  std::string text;
  for (const auto& count : answer.counts())
    absl::StrAppend(&text, text.empty() ? "" : ", ", count.asset(), " ", model::WordOf(count.status()), " ",
                    count.payments(), ": ", count.paid(), " ", count.arrived());
  return text;
}

TEST_CASE("payments to recipients: what was sent back, committed, or paid to a holder is not one of them") {
  Ground ground;
  CHECK(Lines(Need(ground.Try({}))) == "2.2 SILENT 70 0, 2.3 SILENT 40 0, 2.9 SILENT 7 0");
  CHECK(Counts(Need(ground.Try({}))) == "CNY SILENT 3: 117 0");
}

TEST_CASE("the newest acknowledgement counts, whoever made it, and the sums add up") {
  Ground ground;
  ground.Do({Acknowledge(Ref(2, 2), "village", Ack::RESULT_NOT_RECEIVED),
             ByAgent(Acknowledge(Ref(2, 3), "charity", Ack::RESULT_PARTLY, 15)),
             Acknowledge(Ref(2, 9), "village")});
  const std::uint64_t disputed = ground.ledger->size() - 1;
  CHECK(Lines(Need(ground.Try({}))) == "2.2 DISPUTED 70 0, 2.3 PARTLY 40 15, 2.9 CONFIRMED 7 7");
  ground.Do({Acknowledge(Ref(2, 2), "village"), Acknowledge(Ref(2, 9), "village", Ack::RESULT_WITH_ISSUES)});
  const auto now = Need(ground.Try({}));
  CHECK(Lines(now) == "2.2 CONFIRMED 70 70, 2.3 PARTLY 40 15, 2.9 DISPUTED 7 0");
  CHECK(Counts(now) == "CNY CONFIRMED 1: 70 70, CNY PARTLY 1: 40 15, CNY DISPUTED 1: 7 0");
  CHECK(now.lines(0).transfer().arrival().record() == disputed + 1);
  v1::AcknowledgementsRequest then;
  then.set_as_of(disputed);
  const auto before = Need(ground.Try(then));
  CHECK(Lines(before) == "2.2 DISPUTED 70 0, 2.3 PARTLY 40 15, 2.9 CONFIRMED 7 7");
  CHECK(before.as_of_record() == disputed);
  // A part that is more than what is left after a return.
  ground.Do({Acknowledge(Ref(2, 2), "village", Ack::RESULT_PARTLY, 99)});
  CHECK(Need(ground.Try({})).lines(0).arrived() == 70);
}

TEST_CASE("silence is counted in days from the record") {
  Ground ground;
  const std::string day = Need(ground.Try({})).on();
  CHECK(Need(ground.Try({})).lines(0).silent_days() == 0);
  ground.clock.now += 31 * kDay;
  ground.Do({Acknowledge(Ref(2, 3), "hamlet")});
  const auto later = Need(ground.Try({}));
  CHECK(later.lines(0).silent_days() == 31);
  CHECK(later.lines(1).silent_days() == 0);  // it is not silent
  v1::AcknowledgementsRequest on;
  on.set_on(day);
  CHECK(Need(ground.Try(on)).lines(0).silent_days() == 0);
  on.set_on("2020-01-01");
  CHECK(Need(ground.Try(on)).lines(0).silent_days() == 0);
}

TEST_CASE("filters: the counts are of all statuses") {
  Ground ground;
  ground.Do({Acknowledge(Ref(2, 2), "village")});
  v1::AcknowledgementsRequest request;
  request.set_party("village");
  CHECK(Lines(Need(ground.Try(request))) == "2.2 CONFIRMED 70 70, 2.9 SILENT 7 0");
  request.set_fund("school");
  CHECK(Lines(Need(ground.Try(request))) == "2.9 SILENT 7 0");
  v1::AcknowledgementsRequest silent;
  silent.add_statuses(Line::STATUS_SILENT);
  CHECK(Lines(Need(ground.Try(silent))) == "2.3 SILENT 40 0, 2.9 SILENT 7 0");
  CHECK(Counts(Need(ground.Try(silent))) == "CNY CONFIRMED 1: 70 70, CNY SILENT 2: 47 0");
  silent.set_party("ministry");  // no recipient
  CHECK(Lines(Need(ground.Try(silent))).empty());
  silent.set_party("nobody");
  CHECK(ground.Try(silent).status().code() == absl::StatusCode::kNotFound);
  v1::AcknowledgementsRequest bad;
  bad.set_project("nothing");
  CHECK(ground.Try(bad).status().code() == absl::StatusCode::kNotFound);
  bad.clear_project();
  bad.add_statuses(Line::STATUS_UNSPECIFIED);
  CHECK(ground.Try(bad).status().code() == absl::StatusCode::kInvalidArgument);
  bad.clear_statuses();
  bad.set_as_of(99);
  CHECK(ground.Try(bad).status().code() == absl::StatusCode::kOutOfRange);
}

TEST_CASE("pages cut in every way give the whole") {
  Ground ground;
  const auto whole = Need(ground.Try({}));
  const auto view = Need(query::MakeView(ground.ledger->store()));
  for (const char* party : {"", "village"}) {
    v1::AcknowledgementsRequest request;
    request.set_party(party);
    const std::string all = Lines(Need(ground.Try(request)));
    for (std::size_t parts = 1; parts <= 4; ++parts) {
      query::Paging paging;
      paging.page_parts = parts;
      CHECK(Lines(Need(ground.Try(request, paging))) == all);
      // One after another, by tokens.
      v1::AcknowledgementsAnswer joined;
      query::Paging some;
      some.limit = parts;
      do {
        const auto page = Need(ground.Try(request, some));
        joined.MergeFrom(page);
        some.after = page.next();
      } while (!some.after.empty());
      CHECK(Lines(joined) == all);
    }
  }
  query::Paging other;
  other.after = "nonsense";
  CHECK(Whole(query::Acknowledgements(view, {}, other)).status().code() ==
        absl::StatusCode::kInvalidArgument);
}

TEST_CASE("show and list tell the newest acknowledgement of a payment") {
  Ground ground;
  const auto view = Need(query::MakeView(ground.ledger->store()));
  v1::ShowRequest show;
  *show.mutable_ref() = Ref(2, 2);
  CHECK_FALSE(Need(query::Show(view, show)).transfers(0).has_arrival());
  const std::uint64_t record = ground.Do({Acknowledge(Ref(2, 2), "village")});
  const auto later = Need(query::MakeView(ground.ledger->store()));
  const auto line = Need(query::Show(later, show)).transfers(0);
  CHECK(line.arrival().record() == record);
  CHECK(line.arrival().author() == "root");
  CHECK(line.arrival().said().by() == "village");
  v1::ListRequest list;
  list.set_as_of(record - 1);
  const auto all_1 = Need(Whole(query::List(later, list, {})));
  for (const auto& each : all_1.transfers()) CHECK_FALSE(each.has_arrival());
}

}  // namespace
}  // namespace fundtrail::testing
