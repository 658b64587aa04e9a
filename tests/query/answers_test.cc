// Records, lists, balances, statements and registers, asked of a real ledger in memory.
#include <catch2/catch.hpp>

#include "ledger/query/accounts.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/statement.h"
#include "ledger/query/trace.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

// Record 0: genesis and the parties. 1: donor to ministry 500. 2: two lines, ministry to village, 120 and 30.
// 3: village returns 20 of 2.1. 4: ministry returns 50 to donor. 5: a county and key 2.
struct Asked {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  query::View view;

  Asked() {
    Need(crypto::Init());
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    Append(1, {On("2026-03-02", Pay("donor", "ministry", 500))});
    v1::Action second = On("2026-03-05", Pay("ministry", "village", 30));
    second.mutable_transfer()->set_project("school");
    Append(2, {On("2026-03-04", Pay("ministry", "village", 120)), second});
    Append(3, {On("2026-03-06", Returning(Pay("village", "ministry", 20), Ref(2, 1)))});
    Append(4, {On("2026-03-07", Returning(Pay("ministry", "donor", 50), Ref(1, 1)))});
    Append(5, {Party("county", "ministry"), Authorise(2, "county", {v1::PAY})});
    view = Need(query::MakeView(ledger->store()));
  }
  static v1::Action On(const std::string& date, v1::Action pay) {
    pay.mutable_transfer()->set_value_date(date);
    return pay;
  }
  void Append(std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  }
  std::string List(const query::ListFilter& filter, const query::Paging& paging = {}) const {
    const auto answer = Need(Whole(query::List(view, filter, paging)));
    std::string text;
    for (const auto& line : answer.transfers())
      text += query::ToString({RecordIndex(line.ref().record()), line.ref().line()}) + " ";
    return text + "next " + answer.next();
  }
};

TEST_CASE("show gives one transfer or a whole record, with names, pieces and signer") {
  const Asked asked;
  const auto record = Need(query::Show(asked.view, {RecordIndex(2), 0}));
  CHECK(record.index() == 2);
  CHECK(record.transfers_size() == 2);
  REQUIRE(record.signers_size() == 1);
  CHECK(record.signers(0) == PublicKey(1));
  CHECK(record.as_of().size() == 6);
  const auto one = Need(query::Show(asked.view, {RecordIndex(2), 2}));
  REQUIRE(one.transfers_size() == 1);
  CHECK(one.transfers(0).date() == "2026-03-05");
  CHECK(one.transfers(0).from_name() == "Party ministry");
  REQUIRE(one.transfers(0).outcome().pieces_size() == 1);
  CHECK(one.transfers(0).outcome().pieces(0).from() == 120);
  CHECK(one.transfers(0).outcome().pieces(0).length() == 30);
  const auto missing = query::Show(asked.view, {RecordIndex(2), 3}).status();
  CHECK(missing.code() == absl::StatusCode::kNotFound);
  CHECK(missing.message() == "record 2 has no transfer 3");
  CHECK(query::Show(asked.view, {RecordIndex(6), 0}).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("list filters by party, project, kind and day, and goes on where it stopped") {
  const Asked asked;
  CHECK(asked.List({}) == "1.1 2.1 2.2 3.1 4.1 next ");
  query::ListFilter filter;
  filter.party = "village";
  CHECK(asked.List(filter) == "2.1 2.2 3.1 next ");
  query::Paging two;
  two.limit = 2;
  CHECK(asked.List(filter, two) == "2.1 2.2 next 2.2");
  filter.after = TransferRef{RecordIndex(2), 2};
  CHECK(asked.List(filter) == "3.1 next ");
  filter = {};
  filter.project = "school";
  CHECK(asked.List(filter) == "2.2 next ");
  filter = {};
  filter.kind = v1::RETURN;
  CHECK(asked.List(filter) == "3.1 4.1 next ");
  filter = {};
  filter.from = Need(ParseDate("2026-03-05"));
  filter.to = Need(ParseDate("2026-03-06"));
  CHECK(asked.List(filter) == "2.2 3.1 next ");
  filter = {};
  filter.fund = "no-fund";
  CHECK(query::List(asked.view, filter).status().code() == absl::StatusCode::kNotFound);
  filter = {};
  filter.party = "nobody";
  CHECK(query::List(asked.view, filter).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("a balance adds up, now, as of a record and as of a day") {
  const Asked asked;
  const auto balance = [&](const char* party, query::AsOf as_of) {
    const auto answer = Need(query::Balance(asked.view, party, "", as_of));
    if (answer.lines_size() == 0) return std::string("nothing");
    const auto& line = answer.lines(0);
    return std::to_string(line.received()) + " = " + std::to_string(line.drawn()) + " + " +
           std::to_string(line.held()) + ", minted " + std::to_string(line.minted());
  };
  CHECK(balance("ministry", {}) == "520 = 200 + 320, minted 0");
  CHECK(balance("village", {}) == "150 = 20 + 130, minted 0");
  CHECK(balance("donor", {}) == "550 = 500 + 50, minted 500");
  CHECK(balance("ministry", {2, {}}) == "500 = 150 + 350, minted 0");
  CHECK(balance("ministry", {{}, Need(ParseDate("2026-03-04"))}) == "500 = 120 + 380, minted 0");
  CHECK(balance("village", {1, {}}) == "nothing");
  CHECK(Need(query::Balance(asked.view, "ministry", "", {2, {}})).as_of_record() == 2);
  CHECK(query::Balance(asked.view, "ministry", "", {6, {}}).status().code() == absl::StatusCode::kOutOfRange);
  CHECK(query::Balance(asked.view, "nobody", "", {}).status().code() == absl::StatusCode::kNotFound);
  CHECK(query::Balance(asked.view, "village", "no-fund", {}).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("a statement begins and ends with what was held, and its lines lead from one to the other") {
  const Asked asked;
  query::StatementQuestion question;
  question.party = "ministry";
  question.from = Need(ParseDate("2026-03-05"));
  question.to = Need(ParseDate("2026-03-06"));
  const auto answer = Need(Whole(query::Statement(asked.view, question)));
  REQUIRE(answer.statements_size() == 1);
  const auto& statement = answer.statements(0);
  CHECK(statement.held_before() == 380);
  CHECK(statement.total_in() == 20);
  CHECK(statement.total_out() == 30);
  CHECK(statement.held_after() == 370);
  REQUIRE(statement.lines_size() == 2);
  CHECK(statement.lines(0).held_after() == 350);
  CHECK(statement.lines(1).other_name() == "Party village");
  CHECK(statement.lines(1).incoming());
  // What a SOURCE brings in is in neither total.
  query::StatementQuestion donor;
  donor.party = "donor";
  const auto source = Need(Whole(query::Statement(asked.view, donor))).statements(0);
  CHECK(source.minted() == 500);
  CHECK(source.total_in() == 50);
  CHECK(source.total_out() == 0);
  CHECK(source.held_after() == 50);
}

TEST_CASE("registers: parties by id and as a tree, keys that are in force, funds") {
  const Asked asked;
  const auto ask = [&](const v1::RegistersRequest& request) {
    return Whole(query::Registers(asked.view, request, {}));
  };
  const auto shown = [&](const v1::RegistersRequest& request) {
    std::string text;
    const v1::RegistersAnswer answer = Need(ask(request));
    for (const auto& line : answer.lines()) text += Shown(line) + " ";
    return text;
  };
  CHECK(shown(TreeOf("party")) == "root >donor >ministry >>county >village ");
  CHECK(shown(TreeOf("party", "ministry")) == "ministry >county ");
  CHECK(shown(AllOf("party")) == "county donor ministry root village ");
  CHECK(Need(ask(One("party", "county"))).lines(0).record() == 5);
  CHECK(ask(One("party", "nobody")).status().code() == absl::StatusCode::kNotFound);
  v1::KeysRequest of_county;
  of_county.set_party("county");
  const auto keys = Need(Whole(query::ListKeys(asked.view, of_county, {})));
  REQUIRE(keys.keys_size() == 1);
  CHECK(keys.keys(0).public_key() == PublicKey(2));
  CHECK(keys.keys(0).permissions(0) == v1::PAY);
  CHECK(Need(Whole(query::ListKeys(asked.view, {}, {}))).keys_size() == 2);
  CHECK(shown(AllOf("fund")) == "flood ");
}

TEST_CASE("a reference is a record, or a record and a line") {
  CHECK(Need(query::ParseRef("12")).record == RecordIndex(12));
  CHECK(Need(query::ParseRef("12.3")).line == 3);
  for (const char* bad :
       {"", ".", "12.", ".3", "12.0", "-1", "+1", " 1", "1.2.3", "99999999999999999999", "1.4294967296"})
    CHECK_FALSE(query::ParseRef(bad).ok());
}

// Asks and adds up what the answer said of its growth; then again, with an end after a third of that.
template <typename Ask>
void CheckGrowth(query::View view, const Ask& ask) {
  std::size_t grown = 0;
  view.grow = [&](std::size_t bytes) {
    grown += bytes;
    return absl::OkStatus();
  };
  const auto answer = Need(ask(view));
  const std::size_t bytes = answer.ByteSizeLong(), fixed = answer.as_of().ByteSizeLong();
  INFO(answer.ShortDebugString());
  CHECK(grown <= bytes);
  CHECK(grown + fixed + 100 > bytes * 8 / 10);  // all but names of fields, lengths, and what comes once
  CHECK(grown > 0);
  std::size_t until = grown / 3;
  view.grow = [&](std::size_t more) -> Status {
    if (more > until) return absl::ResourceExhaustedError("enough");
    until -= more;
    return absl::OkStatus();
  };
  CHECK(ask(view).status() == absl::ResourceExhaustedError("enough"));
}

TEST_CASE("an answer tells how it grows, and ends where it is told to") {
  const Asked asked;
  CheckGrowth(asked.view, [](const auto& view) { return query::Balance(view, "ministry", "", {}); });
  query::TraceQuestion question;
  question.direction = v1::FROM;
  question.party = "donor";
  question.want_tree = false;
  CheckGrowth(asked.view, [&](const auto& view) { return query::Trace(view, question); });
  question.want_paths = true;
  CheckGrowth(asked.view, [&](const auto& view) { return query::Trace(view, question); });
  question.want_tree = true;
  question.want_paths = false;
  CheckGrowth(asked.view, [&](const auto& view) { return query::Trace(view, question); });
}

TEST_CASE("a page ends with the transfer that reaches so many bytes, and the next goes on behind it") {
  const Asked asked;
  const auto counts = [&](const query::Paging& paging) {
    std::vector<int> transfers;
    for (const auto& page : Need(EachPage(query::List(asked.view, {}, paging)))) {
      transfers.push_back(page.transfers_size());
      CHECK(page.as_of().size() == 6);
      CHECK(page.next().empty());
    }
    return transfers;
  };
  query::Paging paging;
  CHECK(counts(paging) == std::vector{5});
  paging.page_bytes = 1;
  CHECK(counts(paging) == std::vector{1, 1, 1, 1, 1});
  paging.page_bytes = Need(Whole(query::List(asked.view, {}))).transfers(0).ByteSizeLong() + 1;
  CHECK(counts(paging) == std::vector{2, 1, 1, 1});  // the others are longer: a project, a return
  CHECK(asked.List({}, paging) == asked.List({}));
}

}  // namespace
}  // namespace fundtrail::testing
