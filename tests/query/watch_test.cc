// Which records whoever watches is given: each once and in order, however the answers are cut, and only those that are wanted.
#include "ledger/query/watch.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/answers.h"
#include "tests/support/notices.h"
#include "tests/support/projects.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

struct Watched : ViewedLedger {
  // "1 3": the records that the request wants.
  std::string Ask(const v1::WatchRequest& request) const {
    const query::View now = view();
    std::string text;
    std::uint64_t next = request.from();
    do {
      const auto answer = Need(query::WatchFrom(now, request, next));
      for (const auto& record : answer.records()) {
        CHECK(record.index() >= next);
        absl::StrAppend(&text, text.empty() ? "" : " ", record.index());
      }
      CHECK(answer.next() > next);
      next = answer.next();
    } while (next < now.checkpoint.size());
    return text;
  }
};

TEST_CASE("a watcher is given the records that an action of its kind, party, fund, project or place is in") {
  Watched watched;                                          // record 0: genesis, donor, ministry, village
  watched.Do({Place("gz"), Place("sc"), Category("NUT")});  // 1
  watched.Do({Party("county", "root"), Party("charity", "root")});          // 2
  watched.Do({Notice("plan", "county", "gz"), Asset("USD")});               // 3
  watched.Do({Pay("donor", "ministry", 100)});                              // 4
  watched.Do({Where(Project("lunches", "county"), {{"sc", 10'000}}, {})});  // 5
  watched.Do({Fund("winter", "root")});                                     // 6
  v1::WatchRequest all, party, fund, project, place, kind, both, late;
  party.set_party("county");
  fund.set_fund("flood");
  project.set_project("lunches");
  place.set_place("gz");
  kind.add_kinds("announce");
  kind.add_kinds("transfer");
  both.set_party("county");
  both.add_kinds("announce");
  late.set_from(5);
  CHECK(watched.Ask(all) == "0 1 2 3 4 5 6");
  CHECK(watched.Ask(party) == "2 3 5");
  CHECK(watched.Ask(fund) == "0 4");
  CHECK(watched.Ask(project) == "5");
  CHECK(watched.Ask(place) == "1 3");
  CHECK(watched.Ask(kind) == "3 4");
  CHECK(watched.Ask(both) == "3");
  CHECK(watched.Ask(late) == "5 6");
  // All that is asked for must be in one action: the notice names county, the asset beside it does not.
  v1::WatchRequest other = party;
  other.add_kinds("declare_asset");
  CHECK(watched.Ask(other).empty());
}

TEST_CASE("a payment names its place, and an acknowledgement who says so") {
  Watched watched;
  watched.Do({Place("gz"), Party("charity", "root")});  // 1
  v1::Action for_gz = Pay("ministry", "village", 10);
  for_gz.mutable_transfer()->set_place("gz");
  watched.Do({Pay("donor", "ministry", 100), for_gz});       // 2
  watched.Do({ByAgent(Acknowledge(Ref(2, 2), "charity"))});  // 3
  v1::WatchRequest place, party;
  place.set_place("gz");
  party.set_party("charity");
  CHECK(watched.Ask(place) == "1 2");
  CHECK(watched.Ask(party) == "1 3");
}

TEST_CASE("an answer to a watcher is bounded, and all of them are the whole") {
  Watched watched;
  std::string want = "0";
  while (watched.ledger->size() < 60) {
    absl::StrAppend(&want, " ", watched.ledger->size());
    std::vector<v1::Action> many(30, Pay("donor", "ministry", 1));
    for (auto& action : many) action.mutable_transfer()->set_purpose(std::string(500, 'p'));
    watched.Do(many);
  }
  const query::View view = watched.view();
  const auto first = Need(query::WatchFrom(view, {}, 0));
  CHECK(first.next() < view.checkpoint.size());
  CHECK(first.ByteSizeLong() < std::size_t{3} << 16);
  CHECK(watched.Ask({}) == want);
  // Beyond the end there is nothing, and it is not gone back.
  CHECK(Need(query::WatchFrom(view, {}, 100)).next() == 100);
  CHECK(Need(query::WatchFrom(view, {}, 100)).records().empty());
}

TEST_CASE("a kind of action that is none is told") {
  v1::WatchRequest request;
  request.add_kinds("transfer");
  CHECK(query::CheckWatch(request).ok());
  request.add_kinds("amends");
  CHECK(query::CheckWatch(request).code() == absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fundtrail::testing
