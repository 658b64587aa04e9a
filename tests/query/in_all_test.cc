// How many fit in all: what a list that its limit ended says, against the whole list; and what it does not say.
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ledger/model/references.h"
#include "ledger/query/list.h"
#include "ledger/query/log.h"
#include "ledger/query/party_records.h"
#include "ledger/query/registers.h"
#include "ledger/query/search.h"
#include "ledger/query/top.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

struct CountedLedger {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  query::View view;

  CountedLedger() {
    Append(1, {Party("county", "root"), Party("hamlet", "ministry"), Fund("school", "root")});
    Append(2, {Pay("donor", "ministry", 500), Pay("donor", "county", 90)});
    v1::Action school = Pay("donor", "ministry", 40);
    school.mutable_transfer()->set_fund("school");
    Append(3, {school, Pay("ministry", "village", 30), Pay("ministry", "village", 20)});
    Append(4, {Returning(Pay("village", "ministry", 5), Ref(3, 2))});
    Append(5, {End("party", "hamlet", 1)});
    view = Need(query::MakeView(ledger->store()));
  }
  void Append(std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  }
};

TEST_CASE("a list that its limit ends says how many fit in all, as the whole list has") {
  const CountedLedger counted;
  const std::pair<const char*, std::function<void(v1::ListRequest*)>> kQuestions[] = {
      {"all", [](v1::ListRequest*) {}},
      {"a party", [](v1::ListRequest* request) { request->set_party("ministry"); }},
      {"a party on one side", [](v1::ListRequest* request) { request->set_party("county"); }},
      {"a fund", [](v1::ListRequest* request) { request->set_fund("school"); }},
      {"a kind", [](v1::ListRequest* request) { request->set_kind(v1::TRANSFER_KIND_RETURN); }},
      {"a party and a fund",
       [](v1::ListRequest* request) {
         request->set_party("ministry");
         request->set_fund("flood");
       }},
      {"as of a record", [](v1::ListRequest* request) { request->set_as_of(2); }},
      {"a party as of a record",
       [](v1::ListRequest* request) {
         request->set_party("ministry");
         request->set_as_of(3);
       }},
      {"none", [](v1::ListRequest* request) { request->set_as_of(1); }},
  };
  for (const auto& [what, ask] : kQuestions) {
    INFO(what);
    v1::ListRequest request;
    ask(&request);
    const auto list = [&] {
      return Need(Whole(query::List(counted.view, request, query::PagingOf(request))));
    };
    const auto whole = list();
    CHECK_FALSE(whole.has_in_all());  // all are shown
    for (std::uint64_t limit = 1; limit < 8; ++limit) {
      request.set_limit(limit);
      const auto part = list();
      REQUIRE(part.has_in_all());
      CHECK(part.in_all() == static_cast<std::uint64_t>(whole.transfers_size()));
      CHECK(part.next().empty() == (part.in_all() <= limit));
    }
    request.set_limit(1);
    model::SetRef({RecordIndex(2), 1}, request.mutable_after());
    CHECK(list().in_all() == static_cast<std::uint64_t>(whole.transfers_size()));
  }
}

TEST_CASE("a list of a project's transfers says what they come to, whole or in part, and on one page") {
  CountedLedger counted;
  const auto of = [](const char* words, v1::Action pay) {
    pay.mutable_transfer()->set_project_words(words);
    return pay;
  };
  counted.Append(6, {of("wells", Pay("donor", "ministry", 70)), of("roofs", Pay("donor", "county", 8))});
  counted.Append(7, {of("wells", Committed(Pay("donor", "county", 11)))});
  counted.Append(8, {of("wells", Returning(Pay("ministry", "donor", 30), Ref(6, 1)))});
  counted.Append(9, {of("wells", Pay("donor", "ministry", 5))});
  counted.view = Need(query::MakeView(counted.ledger->store()));
  v1::ListRequest request;
  request.set_project("wells");
  const auto sums = [&](const query::Paging& paging) {
    const auto pages = Need(EachPage(query::List(counted.view, request, paging)));
    std::string text;
    int saying = 0;
    for (const auto& page : pages) {
      saying += page.sums().empty() ? 0 : 1;
      for (const auto& money : page.sums())
        text += money.asset() + " " + std::to_string(money.decimals()) + ": " +
                std::to_string(money.paid().amount()) + " by " + std::to_string(money.paid().transfers()) +
                ", " + std::to_string(money.sent_back().amount()) + " back, " +
                std::to_string(money.committed().amount()) + " committed";
    }
    CHECK(saying <= 1);
    return text;
  };
  const std::string all = "CNY 2: 75 by 2, 30 back, 11 committed";
  for (const std::uint64_t limit : {0, 1, 2, 3, 4, 5}) {
    for (const std::uint64_t parts : {1, 2, 500}) {
      INFO(limit << " in pages of " << parts);
      query::Paging paging;
      paging.limit = limit;
      paging.page_parts = parts;
      CHECK(sums(paging) == all);
    }
  }
  // Of the rest of a list too, where all are counted.
  query::Paging rest;
  model::SetRef({RecordIndex(7), 1}, request.mutable_after());
  CHECK(sums(rest).empty());
  rest.limit = 1;
  CHECK(sums(rest) == all);
  // Other lists have no sums: money that passes through would be in them several times.
  request.Clear();
  CHECK(sums({}).empty());
  request.set_party("ministry");
  CHECK(sums({}).empty());
}

TEST_CASE("transfers are counted by their rows, and beyond a bound not at all") {
  const CountedLedger counted;
  const auto count = [&](const std::vector<std::string>& parties, std::uint64_t most) {
    return Need(query::CountTransfers(counted.view, parties, RecordIndex(99), most));
  };
  CHECK(count({}, 6) == 6U);
  CHECK(count({}, 5) == std::nullopt);
  CHECK(count({"ministry"}, 100) == 5U);
  // What one of them pays another is on two statements, and is one transfer.
  CHECK(count({"ministry", "village"}, 100) == 5U);
  CHECK(count({"donor", "ministry", "village", "county"}, 100) == 6U);
  CHECK(count({"ministry"}, 2) == std::nullopt);
  CHECK(count({"root"}, 2) == 0U);
}

TEST_CASE("a register says how many items fit in all, whole, current, then, as a tree and in versions") {
  const CountedLedger counted;
  const auto check = [&](v1::RegistersRequest request) {
    INFO(request.ShortDebugString());
    const auto ask = [&] {
      return Need(Whole(query::Registers(counted.view, request, query::PagingOf(request))));
    };
    const auto whole = ask();
    CHECK_FALSE(whole.has_in_all());
    REQUIRE(whole.lines_size() > 0);
    request.set_limit(1);
    const auto part = ask();
    CHECK(part.in_all() == static_cast<std::uint64_t>(whole.lines_size()));
    if (part.next().empty()) return;
    request.set_after(part.next());
    CHECK(ask().in_all() == static_cast<std::uint64_t>(whole.lines_size()));
  };
  check(AllOf("party"));
  check(AllOf("fund"));
  v1::RegistersRequest current = AllOf("party");
  current.set_current(true);
  check(current);
  v1::RegistersRequest then = AllOf("party");
  then.set_as_of(0);
  check(then);
  check(TreeOf("party"));
  check(TreeOf("party", "ministry"));
  v1::RegistersRequest ids = AllOf("party");
  ids.add_ids("donor");
  ids.add_ids("county");
  check(ids);
  v1::RegistersRequest versions = AllOf("party");
  versions.add_ids("hamlet");
  versions.set_versions(true);
  check(versions);
}

TEST_CASE("what is read whole anyway is counted; what is searched through is not") {
  const CountedLedger counted;
  query::Paging one;
  one.limit = 1;
  CHECK(Need(Whole(query::Top(counted.view, v1::TopRequest(), one))).in_all() == 4);
  v1::SearchRequest search;
  search.set_text("party");
  const auto hits = Need(Whole(query::Search(counted.view, search, {})));
  CHECK(Need(Whole(query::Search(counted.view, search, one))).in_all() ==
        static_cast<std::uint64_t>(hits.hits_size()));
  v1::LogRequest log;
  log.set_from(2);
  CHECK(Need(Whole(query::Log(counted.view, log, one))).in_all() == 4);
  log.set_author("root");
  CHECK_FALSE(Need(Whole(query::Log(counted.view, log, one))).has_in_all());
}

}  // namespace
}  // namespace fundtrail::testing
