// Names and roles as of then: what is asked as of a record is answered with the versions that parties had after it. And the
// largest version that there can be is read after its party has ended.
#include <catch2/catch.hpp>

#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/balance.h"
#include "ledger/query/list.h"
#include "ledger/query/registers.h"
#include "ledger/query/statement.h"
#include "ledger/query/trace.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/questions.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Record 1: hamlet and farm, recipients that nobody stated. 2: donor to ministry 500, ministry to hamlet 210 and to farm 100.
// 3: all three have other names, hamlet is a stated recipient and farm a holder. 4: ministry to hamlet 50.
struct Renamed {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  query::View view;

  Renamed() {
    Append(1, {Inferred("hamlet", "ministry"), Inferred("farm", "ministry")});
    Append(2, {Pay("donor", "ministry", 500), Pay("ministry", "hamlet", 210), Pay("ministry", "farm", 100)});
    Append(3, {Amending(Now(Party("ministry", "root")), 0),
               Amending(Now(Party("hamlet", "ministry", v1::ROLE_RECIPIENT)), 1),
               Amending(Now(Party("farm", "ministry")), 1)});
    Append(4, {Pay("ministry", "hamlet", 50)});
    view = Need(query::MakeView(ledger->store()));
  }
  static v1::Action Now(v1::Action party) {
    party.mutable_register_party()->set_name("New " + party.register_party().id());
    return party;
  }
  void Append(std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  }
  v1::TraceAnswer Trace(v1::Direction direction, const std::string& party,
                        std::optional<std::uint64_t> as_of) const {
    query::TraceQuestion question;
    question.direction = direction;
    question.party = party;
    question.as_of = as_of;
    return Need(query::Trace(view, question));
  }
};

// "ENDS_HERE Party hamlet 210; ", the largest first.
std::string Ends(const v1::TraceAnswer& answer) {
  REQUIRE(answer.assets_size() == 1);
  std::string text;
  for (const auto& end : answer.assets(0).ends())
    absl::StrAppend(&text, model::WordOf(end.kind()), " ", end.account().party_name(), " ", end.amount(),
                    "; ");
  return text;
}

TEST_CASE("a trace as of a record has the names of then, and its ends are of the roles of then") {
  const Renamed asked;
  const v1::TraceAnswer then = asked.Trace(v1::DIRECTION_FROM, "ministry", 2);
  CHECK(Ends(then) == "ENDS_HERE Party hamlet 210; HELD Party ministry 190; ENDS_HERE Party farm 100; ");
  CHECK(then.assets(0).ends_here() == 310);
  CHECK(then.assets(0).reached() == 0);
  CHECK_THAT(then.question(), Contains("Party ministry"));
  for (const auto& flow : then.assets(0).flows()) CHECK(flow.from().party_name() == "Party ministry");
  REQUIRE(then.assets(0).tree_size() == 1);
  CHECK(then.assets(0).tree(0).account().party_name() == "Party ministry");
  CHECK(Ends(asked.Trace(v1::DIRECTION_FROM, "ministry", 3)) ==
        "REACHED New hamlet 210; HELD New ministry 190; HELD New farm 100; ");
  for (const std::optional<std::uint64_t> now :
       {std::optional<std::uint64_t>(), std::optional(std::uint64_t{4})}) {
    const v1::TraceAnswer answer = asked.Trace(v1::DIRECTION_FROM, "ministry", now);
    CHECK(Ends(answer) == "REACHED New hamlet 260; HELD New ministry 140; HELD New farm 100; ");
    CHECK_THAT(answer.question(), Contains("New ministry"));
  }
  const v1::TraceAnswer back = asked.Trace(v1::DIRECTION_TO, "hamlet", 2);
  CHECK_THAT(back.question(), Contains("Party hamlet"));
  REQUIRE(back.assets(0).flows_size() > 0);
  for (const auto& flow : back.assets(0).flows())
    CHECK_THAT(flow.to().party_name(), Catch::StartsWith("Party "));
}

TEST_CASE("a list as of a record has the names of then") {
  const Renamed asked;
  const auto names = [&](std::optional<std::uint64_t> as_of) {
    v1::ListRequest request;
    if (as_of.has_value()) request.set_as_of(*as_of);
    std::string text;
    const v1::ListAnswer answer = Need(Whole(query::List(asked.view, request, {})));
    for (const auto& line : answer.transfers())
      absl::StrAppend(&text, line.from_name(), " to ", line.to_name(), "; ");
    return text;
  };
  CHECK(names(2) ==
        "Party donor to Party ministry; Party ministry to Party hamlet; Party ministry to Party farm; ");
  CHECK(names(3) == "Party donor to New ministry; New ministry to New hamlet; New ministry to New farm; ");
  CHECK(names({}) == names(3) + "New ministry to New hamlet; ");
}

TEST_CASE("a statement and a balance as of a record have the names of then") {
  const Renamed asked;
  const auto statement = [&](std::optional<std::uint64_t> as_of) {
    v1::StatementRequest request;
    request.set_party("ministry");
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = Need(Whole(query::Statement(asked.view, request, {})));
    REQUIRE(answer.statements_size() == 1);
    std::string text = answer.statements(0).account().party_name() + ": ";
    for (const auto& line : answer.statements(0).lines()) absl::StrAppend(&text, line.other_name(), "; ");
    return text;
  };
  CHECK(statement(2) == "Party ministry: Party donor; Party hamlet; Party farm; ");
  CHECK(statement(3) == "New ministry: Party donor; New hamlet; New farm; ");
  CHECK(statement({}) == statement(3) + "New hamlet; ");
  const auto balance = [&](const v1::BalanceRequest& request) {
    const auto answer = Need(query::Balance(asked.view, request));
    REQUIRE(answer.lines_size() == 1);
    return answer.lines(0).account().party_name();
  };
  CHECK(balance(AsOfRecord(BalanceOf("ministry"), 2)) == "Party ministry");
  CHECK(balance(AsOfRecord(BalanceOf("ministry"), 3)) == "New ministry");
  CHECK(balance(BalanceOf("ministry")) == "New ministry");
  CHECK(balance(AsOfDate(BalanceOf("ministry"), "2026-03-01")) == "New ministry");  // by value dates, now
}

TEST_CASE("what was paid by a day before what it was paid from came in is held below zero, as of that day") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  v1::Action in = Pay("donor", "ministry", 100), out = Pay("ministry", "village", 40);
  in.mutable_transfer()->set_value_date("2026-02-05");
  out.mutable_transfer()->set_value_date("2026-02-01");
  Need(ledger->AppendOne(SignedBytes(Entry("root", 1, {in, Committed(out)}), {1}), clock.Read()).status());
  const query::View view = Need(query::MakeView(ledger->store()));
  const auto answer = Need(query::Balance(view, AsOfDate(BalanceOf("ministry"), "2026-02-02")));
  REQUIRE(answer.lines_size() == 1);
  CHECK(answer.lines(0).received() == 0);
  CHECK(answer.lines(0).drawn() == 40);
  CHECK(answer.lines(0).held() == -40);
  CHECK(answer.lines(0).committed_drawn() == 40);
  CHECK_FALSE(answer.lines(0).has_committed_held());
}

// A party with as many ids in other registers as may be, which have so many bytes together.
v1::Action Known(std::size_t bytes) {
  v1::Action action = Party("large", "root");
  for (std::size_t i = 0; i < 256; ++i) {
    auto* other = action.mutable_register_party()->add_alternative_ids();
    other->set_scheme(absl::StrCat("s", i));
    other->set_id(std::string(bytes / 256 + (i < bytes % 256 ? 1 : 0), 'x'));
  }
  return action;
}

TEST_CASE("the largest party that a record takes is read after it ended, with the longest reason") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto append = [&](std::uint64_t id, const v1::Action& action) {
    return ledger->AppendOne(SignedBytes(Entry("root", id, {action}), {1}), clock.Read()).status();
  };
  std::size_t bytes = model::kMaxRecordBytes - 12 * 256;
  Status taken = append(1, Known(bytes));
  REQUIRE(Verdict(taken) == "RECORD_TOO_LARGE at ");
  while (!taken.ok() && bytes > 60'000) taken = append(1, Known(--bytes));
  REQUIRE(Verdict(taken) == "OK");
  Need(append(2, End("party", "large", 1, std::string(model::kMaxTextBytes, 'r'))));

  const auto row = Need(books::GetItem(ledger->store(), v1::Action::kRegisterParty, "large"));
  REQUIRE(row.has_value());
  CHECK(row->ByteSizeLong() > model::kMaxRecordBytes);  // else this tests nothing
  CHECK(row->ended().reason().size() == model::kMaxTextBytes);
  const query::View view = Need(query::MakeView(ledger->store()));
  v1::RegistersRequest then = One("party", "large");
  then.set_as_of(1);
  for (const auto& request : {One("party", "large"), then, AllOf("party"), TreeOf("party")}) {
    INFO(request.ShortDebugString());
    const auto answer = Need(Whole(query::Registers(view, request, {})));
    int found = 0;
    for (const auto& line : answer.lines()) {
      if (model::IdOf(line.action()) != "large") continue;
      ++found;
      CHECK(line.action().register_party().alternative_ids_size() == 256);
      CHECK(line.has_ended() == !request.has_as_of());
    }
    CHECK(found == 1);
  }
}

}  // namespace
}  // namespace fundtrail::testing
