// The names that answers say of funds and projects: each once, in the order in which the ids are shown, as they were then.
#include "ledger/query/item_names.h"

#include <catch2/catch.hpp>
#include <memory>

#include "ledger/query/balance.h"
#include "ledger/query/idle.h"
#include "ledger/query/list.h"
#include "ledger/query/project_money.h"
#include "ledger/query/records.h"
#include "ledger/query/series.h"
#include "ledger/query/statement.h"
#include "ledger/query/top.h"
#include "ledger/query/trace.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/text.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

// The fund "school" is called otherwise from record 6 on.
struct NamedFunds : ViewedLedger {
  static v1::Action InSchool(v1::Action pay) {
    pay.mutable_transfer()->set_fund("school");
    return pay;
  }
  NamedFunds() {
    Do({Party("county", "root"), Party("auditor", "root"), Fund("school", "root"), Place("dafang"),
        Project("lunches", "county")});                              // 1
    Do({Decide("lunches", 1)});                                      // 2
    Do({InSchool(Into("lunches", Pay("donor", "ministry", 500)))});  // 3
    v1::Action there = Pay("donor", "ministry", 60);
    there.mutable_transfer()->set_place("dafang");
    Do({there, InSchool(In("lunches", Pay("ministry", "village", 200)))});  // 4
    Do({InSchool(Pay("donor", "ministry", 9))});                            // 5
    v1::Action renamed = Fund("school", "root");
    renamed.mutable_open_fund()->set_name("Schools of the county");
    Do({Amending(renamed, 1)});  // 6
  }
};

template <typename Answer>
std::string Said(const Answer& answer) {
  std::string text;
  for (const v1::ItemName& each : answer.names())
    absl::StrAppend(&text, text.empty() ? "" : "; ", each.register_(), " ", each.id(), " ", each.name());
  return text;
}

constexpr char kSchool[] = "fund school Schools of the county", kThen[] = "fund school Fund school",
               kFlood[] = "fund flood Fund flood", kLunches[] = "project lunches Project lunches",
               kDafang[] = "place dafang Place dafang";

TEST_CASE(
    "an answer about money says the name of each fund and project that it shows, once, as it was then") {
  const NamedFunds named;
  const query::View view = named.view();
  const auto all = [](const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
    return text;
  };
  CHECK(Said(Need(query::Balance(view, BalanceOf("ministry")))) == all({kFlood, kSchool, kLunches}));
  CHECK(Said(Need(query::Balance(view, AsOfRecord(BalanceOf("ministry"), 5)))) ==
        all({kFlood, kThen, kLunches}));
  CHECK(Said(Need(query::Balance(view, BalanceOf("root")))).empty());

  v1::StatementRequest statement;
  statement.set_party("ministry");
  CHECK(Said(Need(Whole(query::Statement(view, statement, {})))) == all({kFlood, kSchool, kLunches}));
  CHECK(Said(Need(Whole(query::List(view, {}, {})))) == all({kSchool, kLunches, kFlood, kDafang}));
  v1::ListRequest then;
  then.set_as_of(3);
  CHECK(Said(Need(Whole(query::List(view, then, {})))) == all({kThen, kLunches}));
  CHECK(Said(Need(query::Show(view, ShowOf(4, 1)))) == all({kFlood, kDafang}));
  CHECK(Said(Need(query::Show(view, ShowOf(6)))).empty());

  v1::TraceRequest trace;
  trace.set_direction(v1::DIRECTION_FROM);
  trace.set_party("ministry");
  trace.set_tree(true);
  CHECK(Said(Need(query::Trace(view, trace))) == all({kSchool, kLunches, kFlood}));
  trace.set_as_of(3);
  CHECK(Said(Need(query::Trace(view, trace))) == all({kThen, kLunches}));

  CHECK(Said(Need(Whole(query::Idle(view, {}, {})))) == all({kSchool, kLunches, kFlood}));
  v1::IdleRequest bodies;
  bodies.set_of(v1::IdleRequest::OF_PARTY);
  CHECK(Said(Need(Whole(query::Idle(view, bodies, {})))).empty());

  v1::ProjectMoneyRequest project;
  project.set_project("lunches");
  CHECK(Said(Need(query::ProjectMoney(view, project))) == kSchool);
  v1::SeriesRequest series;
  series.set_fund("school");
  CHECK(Need(query::Series(view, series)).fund_name() == "Schools of the county");
  v1::TopRequest top;
  top.set_fund("school");
  CHECK(Need(Whole(query::Top(view, top, {}))).fund_name() == "Schools of the county");
}

TEST_CASE("the pages of an answer say each name once, however small they are") {
  const NamedFunds named;
  query::Paging small;
  small.page_parts = 1;
  std::vector<std::string> said;
  for (const auto& page : Need(EachPage(query::List(named.view(), {}, small)))) said.push_back(Said(page));
  CHECK(said == std::vector<std::string>{std::string(kSchool) + "; " + kLunches,
                                         std::string(kFlood) + "; " + kDafang, "", ""});
  said.clear();
  for (const auto& page : Need(EachPage(query::Idle(named.view(), {}, small)))) said.push_back(Said(page));
  CHECK(said == std::vector<std::string>{std::string(kSchool) + "; " + kLunches, kFlood, ""});
  said.clear();
  v1::StatementRequest statement;
  statement.set_party("ministry");
  for (const auto& page : Need(EachPage(query::Statement(named.view(), statement, small))))
    said.push_back(Said(page));
  REQUIRE(said.size() >= 3);
  CHECK(said.front() == kFlood);
}

TEST_CASE("names are remembered up to a bound, and said anew behind it") {
  const NamedFunds named;
  query::ItemNames names;
  query::ItemNames::Table table;
  const auto add = [&](const std::string& id) {
    Need(names.Add(named.view(), v1::Action::kOpenFund, id, &table).status());
    return table.size();
  };
  CHECK(add("school") == 1);
  CHECK(add("school") == 1);
  // Funds that are nowhere have no name, and are remembered too: each is looked up once.
  for (std::size_t i = 1; i < query::ItemNames::kMostRemembered; ++i) add("none-" + std::to_string(i));
  CHECK(add("school") == 1);
  CHECK(add("none") == 1);
  CHECK(add("school") == 2);
}

TEST_CASE("facets have the names of funds and projects, and words for a project have none") {
  NamedFunds named;
  v1::Action words = Pay("donor", "ministry", 1);
  words.mutable_transfer()->set_project_words("wells");
  named.Do({words});
  v1::ListRequest request;
  request.set_facets(5);
  const auto answer = Need(Whole(query::List(named.view(), request, {})));
  std::string said;
  for (const v1::Facet& facet : answer.facets().facets()) {
    if (facet.of() != v1::Facet::OF_FUND && facet.of() != v1::Facet::OF_PROJECT) continue;
    for (const v1::FacetValue& value : facet.values())
      absl::StrAppend(&said, said.empty() ? "" : "; ", value.value(), " ", value.name());
  }
  CHECK(said == "school Schools of the county; flood Fund flood; lunches Project lunches; wells ");
}

}  // namespace
}  // namespace fundtrail::testing
