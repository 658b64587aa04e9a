// The money of a project: its sums, who holds it and since when, and how far it has come, now and as of a record.
#include "ledger/query/project_money.h"

#include <catch2/catch.hpp>
#include <optional>

#include "ledger/model/enum_word.h"
#include "ledger/query/list.h"
#include "ledger/query/registers.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Record 0: genesis. 1: the parties, and the project. 2: it is approved.
struct Lunches {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Lunches() {
    v1::Action project = Project("lunches", "county", "charity");
    project.mutable_propose_project()->set_until("2026-06-30");
    Do({Party("county", "root"), Party("charity", "root"), Party("auditor", "root"), Asset("USD", 0),
        project});
    Do({Decide("lunches", 1)});
  }
  // The record.
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  StatusOr<v1::ProjectMoneyAnswer> Ask(const v1::ProjectMoneyRequest& request) const {
    return query::ProjectMoney(Need(query::MakeView(ledger->store())), request);
  }
};

v1::ProjectMoneyRequest Of(const std::string& project, std::optional<std::uint64_t> as_of = {}) {
  v1::ProjectMoneyRequest request;
  request.set_project(project);
  if (as_of.has_value()) request.set_as_of(*as_of);
  return request;
}

// "CNY, moved in 600, held 480, reached 120": what is not 0, in each asset.
std::string Sums(const v1::ProjectMoneyAnswer& answer) {
  std::string text;
  for (const v1::ProjectTotals& sums : answer.totals()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", sums.asset());
    const auto add = [&](const char* name, std::int64_t amount) {
      if (amount != 0) absl::StrAppend(&text, ", ", name, " ", amount);
    };
    add("minted", sums.minted());
    add("moved in", sums.moved_in());
    add("unrecorded", sums.unrecorded());
    add("committed in", sums.committed_in());
    add("held", sums.held());
    add("ended", sums.ended());
    add("reached", sums.reached());
    add("with sources", sums.with_sources());
    add("sent back", sums.sent_back());
    add("taken out", sums.taken_out());
  }
  return text;
}

// "charity 400 CNY since 2026-03-06; ministry 80 CNY since 2026-03-05".
std::string Holdings(const v1::ProjectMoneyAnswer& answer) {
  std::string text;
  for (const v1::ProjectHolding& holding : answer.holdings()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", holding.account().party(), " ", holding.held(), " ",
                    holding.account().asset());
    if (!holding.since().empty()) absl::StrAppend(&text, " since ", holding.since());
  }
  return text;
}

std::string State(const v1::ProjectMoneyAnswer& answer) { return model::WordOf(answer.state()); }

TEST_CASE("the money of a project is what was put in, and lies with those who hold it or whom it reached") {
  Lunches asked;
  const auto first = asked.Do({OnDay("2026-03-02", Into("lunches", Pay("donor", "ministry", 500)))});
  asked.Do({OnDay("2026-03-05", Into("lunches", Committed(Pay("donor", "ministry", 100))))});
  const auto passed = asked.Do({OnDay("2026-03-06", In("lunches", Pay("ministry", "charity", 520)))});
  asked.Do({OnDay("2026-03-07", In("lunches", Pay("charity", "village", 120)))});

  const auto now = Need(asked.Ask(Of("lunches")));
  CHECK(Sums(now) == "CNY, moved in 600, committed in 100, held 480, reached 120");
  CHECK(Holdings(now) == "charity 400 CNY since 2026-03-06; ministry 80 CNY since 2026-03-05");
  CHECK(State(now) == "RUNNING");
  CHECK(now.totals(0).decimals() == 2);
  CHECK(now.holdings(0).account().project() == "lunches");
  CHECK(now.holdings(0).account().party_name() == "Party charity");
  CHECK(now.more_holdings() == 0);
  CHECK(now.project().action().propose_project().id() == "lunches");
  CHECK(now.project().record() == 1);
  CHECK_FALSE(now.has_as_of_record());
  CHECK(now.as_of().size() == 7);

  // As of a record: what was held then, and not since when.
  const auto then = Need(asked.Ask(Of("lunches", first)));
  CHECK(Sums(then) == "CNY, moved in 500, held 500");
  CHECK(Holdings(then) == "ministry 500 CNY");
  CHECK(then.as_of_record() == first);
  CHECK(Sums(Need(asked.Ask(Of("lunches", 2)))).empty());

  // General money has sums too, and neither state nor holdings.
  const auto general = Need(asked.Ask(Of("")));
  CHECK(Sums(general) == "CNY, minted 600, taken out 600");
  CHECK(State(general) == "PROJECT_STATE_UNSPECIFIED");
  CHECK_FALSE(general.has_project());
  CHECK(general.holdings().empty());

  // What is returned is held again by the account that paid.
  asked.Do({In("lunches", Returning(Pay("charity", "ministry", 300), Ref(passed)))});
  const auto back = Need(asked.Ask(Of("lunches")));
  CHECK(Sums(back) == Sums(now));
  CHECK_THAT(Holdings(back), Contains("ministry 380 CNY") && Contains("charity 100 CNY"));
}

TEST_CASE("money of a project is held since the receipt of its lowest position that is left") {
  Lunches asked;
  const auto first = asked.Do({OnDay("2026-03-02", Into("lunches", Pay("donor", "ministry", 500)))});
  const auto second = asked.Do({OnDay("2026-03-05", Into("lunches", Pay("donor", "ministry", 100)))});
  CHECK(Holdings(Need(asked.Ask(Of("lunches")))) == "ministry 600 CNY since 2026-03-02");
  // An earmark leaves what is below it.
  asked.Do({Drawing(In("lunches", Pay("ministry", "charity", 60)), {Ref(second)})});
  CHECK_THAT(Holdings(Need(asked.Ask(Of("lunches")))), Contains("ministry 540 CNY since 2026-03-02"));
  asked.Do({Drawing(In("lunches", Pay("ministry", "charity", 500)), {Ref(first)})});
  CHECK_THAT(Holdings(Need(asked.Ask(Of("lunches")))), Contains("ministry 40 CNY since 2026-03-05"));
  asked.Do({In("lunches", Pay("ministry", "charity", 40))});
  CHECK(Holdings(Need(asked.Ask(Of("lunches")))) == "charity 600 CNY since 2026-03-01");
}

TEST_CASE("each asset of a project has its sums, by code") {
  Lunches asked;
  asked.Do({Into("lunches", Pay("donor", "ministry", 500))});
  asked.Do({In("lunches", Exchange("ministry", "charity", 300, "USD", 40))});
  const auto answer = Need(asked.Ask(Of("lunches")));
  CHECK(Sums(answer) == "CNY, moved in 500, held 200, taken out 300; USD, moved in 40, held 40");
  REQUIRE(answer.totals_size() == 2);
  CHECK(answer.totals(1).decimals() == 0);
  CHECK(Holdings(answer) == "ministry 200 CNY since 2026-03-01; charity 40 USD since 2026-03-01");
}

TEST_CASE("how far a project has come follows from records and from the day") {
  Lunches asked;
  const auto state = [&](std::optional<std::uint64_t> as_of, const std::string& on = "") {
    v1::ProjectMoneyRequest request = Of("lunches", as_of);
    request.set_on(on);
    return State(Need(asked.Ask(request)));
  };
  const auto paid = asked.Do({Into("lunches", Pay("donor", "ministry", 500))});
  v1::Action next = Project("lunches", "county", "charity");
  const auto amended = asked.Do({Amending(next, 1)});
  const auto rejected =
      asked.Do({Decide("lunches", amended, "auditor", v1::ApproveProject::DECISION_REJECTED)});
  const auto approved = asked.Do({Decide("lunches", amended)});
  const auto closed = asked.Do({End("project", "lunches", amended)});
  CHECK(state(1) == "PROPOSED");
  CHECK(state(2) == "PROJECT_APPROVED");
  CHECK(state(2, "2026-07-01") == "PROJECT_APPROVED");
  CHECK(state(paid) == "RUNNING");
  CHECK(state(paid, "2026-06-30") == "RUNNING");
  CHECK(state(paid, "2026-07-01") == "FINALISING");
  CHECK(state(amended) == "PROPOSED");
  CHECK(state(rejected) == "PROJECT_REJECTED");
  CHECK(state(approved, "2026-07-01") == "RUNNING");  // the new version is open
  CHECK(state(closed) == "CLOSED");
  CHECK(state({}) == "CLOSED");
  const auto answer = Need(asked.Ask(Of("lunches", paid)));
  CHECK(answer.on() == "2026-03-01");
  CHECK_FALSE(answer.project().has_ended());
}

TEST_CASE("what cannot be asked of a project's money is refused with a sentence") {
  Lunches asked;
  const auto code = [&](const v1::ProjectMoneyRequest& request) {
    return asked.Ask(request).status().code();
  };
  CHECK(code(Of("nothing")) == absl::StatusCode::kNotFound);
  CHECK(code(Of("lunches", 0)) == absl::StatusCode::kNotFound);
  CHECK(code(Of("lunches", 3)) == absl::StatusCode::kOutOfRange);
  v1::ProjectMoneyRequest no_day = Of("lunches");
  no_day.set_on("2026-02-30");
  CHECK(code(no_day) == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a thousand holdings are shown, the most first, and the rest are counted") {
  Lunches asked;
  asked.Do({Into("lunches", Pay("donor", "ministry", 10'000'000))});
  int number = 0;
  for (int i = 0; i < 4; ++i) {
    std::vector<v1::Action> actions;
    for (int n = 0; n < 251; ++n, ++number) {
      const std::string id = "h" + std::to_string(number);
      actions.push_back(Party(id, "root"));
      actions.push_back(In("lunches", Pay("ministry", id, 1 + number)));
    }
    asked.Do(actions);
  }
  const auto answer = Need(asked.Ask(Of("lunches")));
  REQUIRE(answer.holdings_size() == 1'000);
  CHECK(answer.more_holdings() == 5);  // 1,004 and the ministry
  CHECK(answer.holdings(0).account().party() == "ministry");
  CHECK(answer.holdings(1).held() == 1'004);
  CHECK(answer.holdings(999).held() == 6);
}

TEST_CASE("the sums of a project cost a few looks, however long its history is") {
  Lunches asked;
  asked.Do({Into("lunches", Pay("donor", "ministry", 1'000'000))});
  const auto looks = [&] {
    const CountingReader rows(asked.ledger->store());
    Need(query::ProjectMoney(Need(query::MakeView(rows)), Of("lunches")).status());
    return rows.looks + rows.steps;
  };
  asked.Do({In("lunches", Pay("ministry", "charity", 1))});
  const std::size_t before = looks();
  for (int i = 0; i < 50; ++i) asked.Do({In("lunches", Pay("ministry", "village", 1))});
  for (int i = 0; i < 50; ++i) asked.Do({In("lunches", Pay("ministry", "charity", 1))});
  CHECK(looks() <= before + 12);  // the village's account is one more
}

// The records in which it was said.
std::vector<std::uint64_t> Said(const v1::RegisterLine& line) {
  std::vector<std::uint64_t> records;
  for (const auto& said : line.attestations()) records.push_back(said.record());
  return records;
}

TEST_CASE("what was said about an item stands beside it where it is asked for, newest first") {
  Lunches asked;
  std::uint64_t last = 0;
  for (int i = 0; i < 101; ++i) last = asked.Do({Report("lunches", "charity", 1 + i)});
  const query::View view = Need(query::MakeView(asked.ledger->store()));
  const auto ask = [&](const v1::RegistersRequest& request) {
    return Need(Whole(query::Registers(view, request, {})));
  };
  const auto now = ask(One("project", "lunches")).lines(0);
  REQUIRE(now.attestations_size() == 100);
  CHECK(now.more_attestations() == 2);
  CHECK(now.attestations(0).record() == last);
  CHECK(now.attestations(0).author() == "root");
  CHECK(now.attestations(0).action().report_progress().actual() == 101);
  CHECK(now.attestations(99).record() == last - 99);

  v1::RegistersRequest then = One("project", "lunches");
  then.set_as_of(4);
  CHECK(Said(ask(then).lines(0)) == std::vector<std::uint64_t>{4, 3, 2});
  CHECK(Said(Need(asked.Ask(Of("lunches", 3))).project()) == std::vector<std::uint64_t>{3, 2});
  CHECK(ask(AllOf("project")).lines(0).attestations().empty());

  v1::RegistersRequest versions = One("project", "lunches");
  versions.set_versions(true);
  versions.set_as_of(2);
  CHECK(Said(ask(versions).lines(0)) == std::vector<std::uint64_t>{2});
}

TEST_CASE("the line of an item has the decimals of the asset that it counts") {
  Lunches asked;
  v1::Action costs = Project("costs", "county");
  costs.mutable_propose_project()->set_asset("CNY");
  costs.mutable_propose_project()->set_budget(1'250'000);
  asked.Do({Place("cn"), Category("NUT")});
  asked.Do({costs, Asking(NeedAt("n1", "county", "cn"), 500), Asking(NeedAt("n2", "county", "cn"), 5, "USD"),
            NeedAt("n3", "county", "cn")});
  const query::View view = Need(query::MakeView(asked.ledger->store()));
  const auto decimals = [&](const std::string& name, const std::string& id) {
    return Need(Whole(query::Registers(view, One(name, id), {}))).lines(0).decimals();
  };
  CHECK(decimals("project", "costs") == 2);
  CHECK(decimals("project", "lunches") == 0);
  CHECK(decimals("need", "n1") == 2);
  CHECK(decimals("need", "n2") == 0);
  CHECK(decimals("need", "n3") == 0);
  CHECK(Need(asked.Ask(Of("costs"))).project().decimals() == 2);
}

TEST_CASE("a list finds the transfers of a project that pays, that receives, or that stands in words") {
  Lunches asked;
  v1::Action words = Pay("donor", "ministry", 5);
  words.mutable_transfer()->set_project_words("lunches");
  asked.Do({Into("lunches", Pay("donor", "ministry", 100)), Pay("donor", "ministry", 5), words});
  asked.Do({In("lunches", Pay("ministry", "charity", 50))});
  v1::ListRequest request;
  request.set_project("lunches");
  const query::View view = Need(query::MakeView(asked.ledger->store()));
  std::string text;
  const auto answer = Need(Whole(query::List(view, request, {})));
  for (const auto& line : answer.transfers())
    absl::StrAppend(&text, line.ref().record(), ".", line.ref().line(), " ");
  CHECK(text == "3.1 3.3 4.1 ");
}

}  // namespace
}  // namespace fundtrail::testing
