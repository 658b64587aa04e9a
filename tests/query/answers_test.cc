// Records, lists, balances, statements and registers, asked of a real ledger in memory.
#include <algorithm>
#include <catch2/catch.hpp>

#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/query/balance.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/list.h"
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
    second.mutable_transfer()->set_project_words("school");
    Append(2, {On("2026-03-04", Pay("ministry", "village", 120)), second});
    Append(3, {On("2026-03-06", Returning(Pay("village", "ministry", 20), Ref(2, 1)))});
    Append(4, {On("2026-03-07", Returning(Pay("ministry", "donor", 50), Ref(1, 1)))});
    Append(5, {Party("county", "ministry"), Authorise(2, "county", {v1::PERMISSION_PAY})});
    view = Need(query::MakeView(ledger->store()));
  }
  static v1::Action On(const std::string& date, v1::Action pay) {
    pay.mutable_transfer()->set_value_date(date);
    return pay;
  }
  void Append(std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  }
  std::string List(const v1::ListRequest& filter, const query::Paging& paging = {}) const {
    const auto answer = Need(Whole(query::List(view, filter, paging)));
    std::string text;
    for (const auto& line : answer.transfers()) text += model::RefText(line.ref()) + " ";
    return text + "next " + answer.next();
  }
};

TEST_CASE("show gives one transfer or a whole record, with names, pieces and signer") {
  const Asked asked;
  const auto record = Need(query::Show(asked.view, ShowOf(2)));
  CHECK(record.index() == 2);
  CHECK(record.transfers_size() == 2);
  REQUIRE(record.signers_size() == 1);
  CHECK(record.signers(0) == PublicKey(1));
  CHECK(record.as_of().size() == 6);
  const auto one = Need(query::Show(asked.view, ShowOf(2, 2)));
  REQUIRE(one.transfers_size() == 1);
  CHECK(one.transfers(0).date() == "2026-03-05");
  CHECK(one.transfers(0).from_name() == "Party ministry");
  REQUIRE(one.transfers(0).outcome().pieces_size() == 1);
  CHECK(one.transfers(0).outcome().pieces(0).from() == 120);
  CHECK(one.transfers(0).outcome().pieces(0).length() == 30);
  const auto missing = query::Show(asked.view, ShowOf(2, 3)).status();
  CHECK(missing.code() == absl::StatusCode::kNotFound);
  CHECK(missing.message() == "record 2 has no transfer 3");
  CHECK(query::Show(asked.view, ShowOf(6)).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("list filters by party, project, kind and day, and goes on where it stopped") {
  const Asked asked;
  CHECK(asked.List({}) == "1.1 2.1 2.2 3.1 4.1 next ");
  v1::ListRequest filter;
  filter.set_party("village");
  CHECK(asked.List(filter) == "2.1 2.2 3.1 next ");
  query::Paging two;
  two.limit = 2;
  CHECK(asked.List(filter, two) == "2.1 2.2 next 2.2");
  *filter.mutable_after() = Ref(2, 2);
  CHECK(asked.List(filter) == "3.1 next ");
  filter.Clear();
  filter.set_project("school");
  CHECK(asked.List(filter) == "2.2 next ");
  filter.Clear();
  filter.set_kind(v1::TRANSFER_KIND_RETURN);
  CHECK(asked.List(filter) == "3.1 4.1 next ");
  filter.Clear();
  filter.set_from("2026-03-05");
  filter.set_to("2026-03-06");
  CHECK(asked.List(filter) == "2.2 3.1 next ");
  filter.Clear();
  filter.set_fund("no-fund");
  CHECK(query::List(asked.view, filter, {}).status().code() == absl::StatusCode::kNotFound);
  filter.Clear();
  filter.set_party("nobody");
  CHECK(query::List(asked.view, filter, {}).status().code() == absl::StatusCode::kNotFound);
}

// "PARTY ministry 4, donor 2; FUND flood 4": what is counted, with how many values are left out.
std::string Facets(const v1::ListFacets& facets) {
  std::string text;
  for (const v1::Facet& facet : facets.facets()) {
    if (facet.values().empty()) continue;
    text += (text.empty() ? "" : "; ") + model::WordOf(facet.of());
    const char* comma = " ";
    for (const v1::FacetValue& value : facet.values()) {
      text += comma + value.value() + " " + std::to_string(value.transfers());
      comma = ", ";
    }
    if (facet.more() > 0) text += " and " + std::to_string(facet.more());
  }
  return text;
}

TEST_CASE("a list counts what its transfers have in common, wherever it begins and however short it is") {
  const Asked asked;
  const auto counted = [&](v1::ListRequest request, std::uint32_t most = 10) {
    request.set_facets(most);
    return Need(Whole(query::List(asked.view, request, query::PagingOf(request)))).facets();
  };
  const v1::ListFacets all = counted({});
  CHECK(Facets(all) ==
        "PARTY ministry 5, village 3, donor 2; FUND flood 5; PROJECT school 1; KIND ALLOCATION 3, RETURN 2; "
        "YEAR 2026 5; ASSET CNY 5");
  CHECK(all.looked() == 5);
  CHECK(all.fit() == 5);
  CHECK_FALSE(all.cut());
  CHECK(all.facets(0).values(0).name() == "Party ministry");
  // Each transfer stands in the sums of each of its values, once and by what it does.
  for (const v1::Facet& facet : all.facets())
    for (const v1::FacetValue& value : facet.values()) {
      INFO(value.value());
      REQUIRE(value.sums_size() == 1);
      const v1::LogMoney& money = value.sums(0);
      CHECK(money.asset() == "CNY");
      CHECK(money.decimals() == 2);
      CHECK(money.paid().transfers() + money.moved().transfers() + money.sent_back().transfers() ==
            value.transfers());
    }
  std::int64_t paid = 0, sent_back = 0;
  const v1::ListAnswer listed = Need(Whole(query::List(asked.view, {}, {})));
  for (const v1::TransferLine& line : listed.transfers())
    (line.transfer().has_returns() ? sent_back : paid) += line.transfer().amount();
  const v1::LogMoney& in_all = all.facets(5).values(0).sums(0);
  CHECK(in_all.paid().amount() == paid);
  CHECK(in_all.sent_back().amount() == sent_back);
  CHECK(sent_back > 0);
  CHECK(Facets(counted({}, 1)) ==
        "PARTY ministry 5 and 2; FUND flood 5; PROJECT school 1; KIND ALLOCATION 3 and 1; YEAR 2026 5; "
        "ASSET CNY 5");

  v1::ListRequest village;
  village.set_party("village");
  village.set_kind(v1::TRANSFER_KIND_ALLOCATION);
  const std::string of_village =
      "PARTY ministry 2, village 2; FUND flood 2; PROJECT school 1; KIND ALLOCATION 2; YEAR 2026 2; ASSET "
      "CNY 2";
  CHECK(Facets(counted(village)) == of_village);
  CHECK(counted(village).looked() == 3);  // it is in records 2 and 3
  village.set_limit(1);
  *village.mutable_after() = Ref(2, 1);
  CHECK(Facets(counted(village)) == of_village);

  v1::ListRequest then;
  then.set_as_of(2);
  CHECK(counted(then).fit() == 3);
  v1::ListRequest none;
  none.set_from("2030-01-01");
  CHECK(Facets(counted(none)).empty());
  CHECK(counted(none).looked() == 5);

  // It is not counted unasked, stands on the first of many pages alone, and has a bound.
  CHECK_FALSE(Need(Whole(query::List(asked.view, {}, {}))).has_facets());
  v1::ListRequest first;
  first.set_facets(100);
  query::Paging small;
  small.page_parts = 1;
  auto pages = Need(query::List(asked.view, first, small));
  CHECK(Need(pages.Next()).has_facets());
  CHECK_FALSE(Need(pages.Next()).has_facets());
  first.set_facets(101);
  CHECK(query::List(asked.view, first, {}).status() ==
        absl::InvalidArgumentError("facets: at most 100 values"));
}

TEST_CASE("a list and its facets step over records without transfers, and miss none between them") {
  Asked asked;
  std::vector<std::pair<std::uint64_t, std::string>> refs = {
      {1, "1.1 "}, {2, "2.1 "}, {2, "2.2 "}, {3, "3.1 "}, {4, "4.1 "}};
  std::uint64_t record = 6;
  for (const int without : {0, 1, 2, 3, 4, 40, 0, 9}) {
    for (int i = 0; i < without; ++i, ++record)
      asked.Append(record, {Party("p" + std::to_string(record), "root")});
    asked.Append(record, {Pay("donor", "ministry", 10), Pay("donor", "village", 10)});
    for (const char* line : {".1 ", ".2 "}) refs.emplace_back(record, std::to_string(record) + line);
    ++record;
  }
  asked.Append(record, {Party("last", "root")});
  asked.view = Need(query::MakeView(asked.ledger->store()));
  const auto until = [&refs](std::uint64_t as_of) {
    std::string text;
    for (const auto& [of, ref] : refs)
      if (of <= as_of) text += ref;
    return text + "next ";
  };
  CHECK(asked.List({}) == until(record));
  query::Paging small;
  small.page_parts = 1;
  CHECK(asked.List({}, small) == until(record));
  v1::ListRequest filter;
  filter.set_facets(9);
  for (std::uint64_t as_of = 0; as_of <= record; ++as_of) {
    INFO(as_of);
    filter.set_as_of(as_of);
    CHECK(asked.List(filter) == until(as_of));
    const auto facets = Need(Whole(query::List(asked.view, filter, {}))).facets();
    const std::string fit = until(as_of);
    CHECK(facets.fit() == static_cast<std::uint64_t>(std::count(fit.begin(), fit.end(), '.')));
    CHECK(facets.looked() == facets.fit());
    CHECK_FALSE(facets.cut());
  }
  std::uint64_t steps = 0;
  asked.view.go_on = [&steps] {
    ++steps;
    return absl::OkStatus();
  };
  CHECK(asked.List({}) == until(record));
  CHECK(steps < record);
}

TEST_CASE("a list as of a record is the list as it was then, however it is cut") {
  const Asked asked;
  v1::ListRequest filter;
  filter.set_as_of(2);
  CHECK(asked.List(filter) == "1.1 2.1 2.2 next ");
  CHECK(Need(Whole(query::List(asked.view, filter, {}))).as_of_record() == 2);
  query::Paging two;
  two.limit = 2;
  CHECK(asked.List(filter, two) == "1.1 2.1 next 2.1");
  *filter.mutable_after() = Ref(2, 1);
  CHECK(asked.List(filter, two) == "2.2 next ");
  *filter.mutable_after() = Ref(4, 1);  // came later
  CHECK(asked.List(filter) == "next ");
  filter.clear_after();
  for (const char* party : {"ministry", "village"}) {
    filter.set_party(party);
    filter.set_as_of(3);
    CHECK(asked.List(filter) ==
          (filter.party() == "ministry" ? "1.1 2.1 2.2 3.1 next " : "2.1 2.2 3.1 next "));
    filter.set_as_of(0);  // nobody had an account yet
    CHECK(asked.List(filter) == "next ");
  }
  filter.Clear();
  CHECK_FALSE(Need(Whole(query::List(asked.view, filter, {}))).has_as_of_record());
  for (const std::uint64_t later : {std::uint64_t{6}, UINT64_MAX}) {
    filter.set_as_of(later);
    CHECK(query::List(asked.view, filter, {}).status().code() == absl::StatusCode::kOutOfRange);
  }
}

TEST_CASE("a trace, a balance, a statement and a list refuse a record to come in the same words") {
  const Asked asked;
  const std::string words = "there is no record 6 to ask as of: the ledger has 6, counted from 0";
  v1::ListRequest list;
  list.set_as_of(6);
  v1::StatementRequest statement;
  statement.set_party("ministry");
  statement.set_as_of(6);
  v1::TraceRequest trace;
  trace.set_direction(v1::DIRECTION_FROM);
  trace.set_party("donor");
  trace.set_as_of(6);
  for (const Status& refused :
       {query::List(asked.view, list, {}).status(), query::Statement(asked.view, statement, {}).status(),
        query::Trace(asked.view, trace).status(),
        query::Balance(asked.view, AsOfRecord(BalanceOf("ministry"), 6)).status()}) {
    CHECK(refused.code() == absl::StatusCode::kOutOfRange);
    CHECK(refused.message() == words);
  }
}

TEST_CASE("what a request says of days and directions is read before anything is looked up") {
  const Asked asked;
  v1::ListRequest list;
  list.set_from("no day");
  list.set_party("nobody");
  const Status day = query::List(asked.view, list, {}).status();
  CHECK(day.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(day.message()).find("from") == 0);
  v1::TraceRequest trace;
  trace.set_party("nobody");
  CHECK(query::Trace(asked.view, trace).status() == absl::InvalidArgumentError("direction: FROM or TO"));
  trace.set_direction(v1::DIRECTION_FROM);
  trace.set_until("2026-13-01");
  CHECK(std::string(query::Trace(asked.view, trace).status().message()).find("until") == 0);
}

TEST_CASE("a balance adds up, now, as of a record and as of a day") {
  const Asked asked;
  const auto balance = [&](const v1::BalanceRequest& request) {
    const auto answer = Need(query::Balance(asked.view, request));
    if (answer.lines_size() == 0) return std::string("nothing");
    const auto& line = answer.lines(0);
    return std::to_string(line.received()) + " = " + std::to_string(line.drawn()) + " + " +
           std::to_string(line.held()) + ", minted " + std::to_string(line.minted());
  };
  CHECK(balance(BalanceOf("ministry")) == "520 = 200 + 320, minted 0");
  CHECK(balance(BalanceOf("village")) == "150 = 20 + 130, minted 0");
  CHECK(balance(BalanceOf("donor")) == "550 = 500 + 50, minted 500");
  CHECK(balance(AsOfRecord(BalanceOf("ministry"), 2)) == "500 = 150 + 350, minted 0");
  CHECK(balance(AsOfDate(BalanceOf("ministry"), "2026-03-04")) == "500 = 120 + 380, minted 0");
  CHECK(balance(AsOfRecord(BalanceOf("village"), 1)) == "nothing");
  CHECK(Need(query::Balance(asked.view, AsOfRecord(BalanceOf("ministry"), 2))).as_of_record() == 2);
  CHECK(query::Balance(asked.view, AsOfRecord(BalanceOf("ministry"), 6)).status().code() ==
        absl::StatusCode::kOutOfRange);
  CHECK(query::Balance(asked.view, BalanceOf("nobody")).status().code() == absl::StatusCode::kNotFound);
  CHECK(query::Balance(asked.view, BalanceOf("village", "no-fund")).status().code() ==
        absl::StatusCode::kNotFound);
}

TEST_CASE("a statement begins and ends with what was held, and its lines lead from one to the other") {
  const Asked asked;
  v1::StatementRequest question;
  question.set_party("ministry");
  question.set_from("2026-03-05");
  question.set_to("2026-03-06");
  const auto answer = Need(Whole(query::Statement(asked.view, question, {})));
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
  v1::StatementRequest donor;
  donor.set_party("donor");
  const auto source = Need(Whole(query::Statement(asked.view, donor, {}))).statements(0);
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
  const auto keys = Need(Whole(query::Keys(asked.view, of_county, {})));
  REQUIRE(keys.keys_size() == 1);
  CHECK(keys.keys(0).public_key() == PublicKey(2));
  CHECK(keys.keys(0).permissions(0) == v1::PERMISSION_PAY);
  CHECK(Need(Whole(query::Keys(asked.view, {}, {}))).keys_size() == 2);
  CHECK(shown(AllOf("fund")) == "flood ");
}

TEST_CASE("a reference is a record, or a record and a line") {
  CHECK(Need(model::ParseRef("12")).record == RecordIndex(12));
  CHECK(Need(model::ParseRef("12.3")).line == 3);
  for (const char* bad :
       {"", ".", "12.", ".3", "12.0", "-1", "+1", " 1", "1.2.3", "99999999999999999999", "1.4294967296"})
    CHECK_FALSE(model::ParseRef(bad).ok());
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
  CheckGrowth(asked.view, [](const auto& view) { return query::Balance(view, BalanceOf("ministry")); });
  query::TraceQuestion question;
  question.direction = v1::DIRECTION_FROM;
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
  // Once, the name of a fund is said too.
  const auto whole = Need(Whole(query::List(asked.view, {}, {})));
  paging.page_bytes = whole.transfers(0).ByteSizeLong() + 1;
  for (const v1::ItemName& name : whole.names()) paging.page_bytes += name.ByteSizeLong();
  CHECK(counts(paging) == std::vector{2, 2, 1});  // the first says what came back, and the last is longest
  CHECK(asked.List({}, paging) == asked.List({}));
}

}  // namespace
}  // namespace fundtrail::testing
