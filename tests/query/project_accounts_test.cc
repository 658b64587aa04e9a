// The statement and the trace of a project: only its money, of one party or of all, and with the sums that the project has.
#include "ledger/query/project_accounts.h"

#include <catch2/catch.hpp>
#include <memory>

#include "ledger/query/project_money.h"
#include "ledger/query/statement.h"
#include "ledger/query/trace.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/text.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

// Money of two projects and general money, which pass through the same hands.
struct TwoProjects : ViewedLedger {
  TwoProjects() {
    Do({Party("county", "root"), Party("charity", "root"), Party("auditor", "root"), Fund("school", "root"),
        Project("lunches", "county", "charity"), Project("roofs", "county", "charity")});               // 1
    Do({Decide("lunches", 1), Decide("roofs", 1)});                                                     // 2
    Do({Pay("donor", "ministry", 1000)});                                                               // 3
    Do({Into("lunches", Pay("donor", "ministry", 500)), Into("roofs", Pay("donor", "ministry", 90))});  // 4
    Do({In("lunches", Pay("ministry", "charity", 300))});                                               // 5
    Do({In("lunches", Pay("charity", "village", 120))});                                                // 6
    Do({In("roofs", Pay("ministry", "village", 40))});                                                  // 7
    Do({In("lunches", ToGeneral(Move("charity", 50)))});                                                // 8
    Do({Into("lunches", Pay("charity", "county", 20))});                                                // 9
    Do({Pay("ministry", "charity", 7)});                                                                // 10
  }
  v1::AssetTrace Traced(v1::TraceRequest request, v1::Direction direction) const {
    request.set_direction(direction);
    request.set_tree(true);
    const auto answer = Need(query::Trace(view(), request));
    REQUIRE(answer.assets_size() == 1);
    return answer.assets(0);
  }
};

v1::TraceRequest OfProject(const std::string& project, const std::string& party = "") {
  v1::TraceRequest request;
  request.set_project(project);
  request.set_party(party);
  return request;
}

TEST_CASE("a trace of a project begins with what was put in it, and nothing else") {
  const TwoProjects two;
  v1::ProjectMoneyRequest money;
  for (const char* project : {"lunches", "roofs"}) {
    INFO(project);
    money.set_project(project);
    const auto sums = Need(query::ProjectMoney(two.view(), money)).totals(0);
    for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
      const auto trace = two.Traced(OfProject(project), direction);
      CHECK(trace.asked() + trace.came_round() == sums.minted() + sums.moved_in());
    }
  }
  const auto from = two.Traced(OfProject("lunches"), v1::DIRECTION_FROM);
  CHECK(from.asked() == 500);
  CHECK(from.came_round() == 20);  // it was taken out, and put in again
  CHECK(from.reached() == 120);
  CHECK(from.held() == 380);
  const auto to = two.Traced(OfProject("lunches"), v1::DIRECTION_TO);
  CHECK(to.brought_in() == to.asked());
  CHECK(two.Traced(OfProject("roofs"), v1::DIRECTION_FROM).asked() == 90);
}

TEST_CASE("a trace of a party in a project asks about that money alone, in one fund, and as of a record") {
  const TwoProjects two;
  const auto all = two.Traced(OfProject("", "charity"), v1::DIRECTION_FROM);
  CHECK(all.asked() + all.came_round() == 357);
  const auto lunches = two.Traced(OfProject("lunches", "charity"), v1::DIRECTION_FROM);
  CHECK(lunches.asked() == 300);
  for (const auto& root : lunches.tree()) CHECK(root.account().project() == "lunches");
  auto request = OfProject("lunches", "charity");
  request.set_as_of(5);
  CHECK(two.Traced(request, v1::DIRECTION_FROM).asked() == 300);
  request = OfProject("lunches");
  request.set_fund("school");
  request.set_direction(v1::DIRECTION_FROM);
  CHECK(Need(query::Trace(two.view(), request)).assets().empty());
  request.clear_fund();
  request.set_until("2000-01-01");
  CHECK(Need(query::Trace(two.view(), request)).assets().empty());
}

TEST_CASE("the question of a trace says the project, and what is no project or no question is refused") {
  const TwoProjects two;
  const auto words = [&](v1::TraceRequest request) {
    request.set_direction(v1::DIRECTION_FROM);
    return Need(query::Trace(two.view(), request)).question();
  };
  CHECK(words(OfProject("lunches")) == "Where the money of project lunches (Project lunches) went");
  CHECK(words(OfProject("lunches", "charity")) == "Where the money of Party charity in project lunches went");
  const auto refused = [&](v1::TraceRequest request) {
    request.set_direction(v1::DIRECTION_FROM);
    return query::Trace(two.view(), request).status();
  };
  CHECK(absl::IsNotFound(refused(OfProject("nowhere"))));
  CHECK(absl::IsNotFound(refused(OfProject("nowhere", "charity"))));
  auto then = OfProject("lunches");
  then.set_as_of(0);
  CHECK(absl::IsNotFound(refused(then)));
  auto both = OfProject("lunches");
  both.mutable_ref()->set_record(4);
  CHECK(absl::IsInvalidArgument(refused(both)));
  CHECK(absl::IsInvalidArgument(refused(v1::TraceRequest())));
}

TEST_CASE("a statement of a project has the accounts in it, of all parties or of one") {
  const TwoProjects two;
  v1::StatementRequest request;
  request.set_project("lunches");
  const auto stated = [&](const query::Paging& paging) {
    std::string text;
    const auto answer = Need(Whole(query::Statement(two.view(), request, paging)));
    for (const auto& statement : answer.statements()) {
      CHECK(statement.account().project() == "lunches");
      CHECK(statement.lies() ==
            (statement.account().party() == "village" ? v1::END_KIND_REACHED : v1::END_KIND_HELD));
      absl::StrAppend(&text, text.empty() ? "" : "; ", statement.account().party(), " ", statement.total_in(),
                      " - ", statement.total_out(), ", within ", statement.within_in(), " - ",
                      statement.within_out());
    }
    return text;
  };
  const std::string all =
      "charity 300 - 170, within 300 - 120; county 20 - 0, within 0 - 0; ministry 500 - 300, within 0 - 300; "
      "village 120 - 0, within 120 - 0";
  CHECK(stated({}) == all);
  query::Paging small;
  small.page_parts = 1;
  CHECK(stated(small) == all);
  request.set_party("village");
  CHECK(stated({}) == "village 120 - 0, within 0 - 0");
  request.set_fund("school");
  CHECK(stated({}).empty());

  // A token of it does not go on with another one.
  request.Clear();
  request.set_project("lunches");
  query::Paging first;
  first.limit = 1;
  first.after = Need(Whole(query::Statement(two.view(), request, first))).next();
  REQUIRE_FALSE(first.after.empty());
  CHECK(query::Statement(two.view(), request, first).ok());
  request.set_project("roofs");
  CHECK(absl::IsInvalidArgument(query::Statement(two.view(), request, first).status()));
  request.set_programme("any");
  CHECK(absl::IsInvalidArgument(query::Statement(two.view(), request, {}).status()));
  request.Clear();
  request.set_project("nowhere");
  CHECK(absl::IsNotFound(query::Statement(two.view(), request, {}).status()));
  request.set_project("lunches");
  request.set_joined(true);
  CHECK(absl::IsInvalidArgument(query::Statement(two.view(), request, {}).status()));
}

}  // namespace
}  // namespace fundtrail::testing
