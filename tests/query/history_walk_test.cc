// The newest rows of many histories, and items that are read together. They are as single looks find them, now and as of every
// record, at the cost of a look each at most.
#include "ledger/query/history_walk.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/project_rows.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {
namespace {

struct ProjectHistories {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // Approved projects p0 and so on.
  std::vector<std::string> Open(int projects) {
    std::vector<v1::Action> actions = {Party("county", "root"), Party("auditor", "root"), Asset("USD"),
                                       Asset("EUR")};
    std::vector<std::string> ids;
    for (int i = 0; i < projects; ++i) {
      ids.push_back(absl::StrCat("p", i));
      actions.push_back(Project(ids.back(), "county"));
    }
    const std::uint64_t record = Do(actions);
    std::vector<v1::Action> decisions;
    for (const std::string& id : ids) decisions.push_back(Decide(id, record));
    Do(decisions);
    std::sort(ids.begin(), ids.end());
    return ids;
  }
};

v1::Action InAsset(const std::string& asset, v1::Action pay) {
  pay.mutable_transfer()->set_asset(asset);
  return pay;
}

// What was placed and what of it reached somebody, of each project and asset; general money is of no project.
using SumsPlaced = std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>>;

Status KeepSums(const query::ProjectSums& sums, SumsPlaced* placed) {
  const auto [at, is_new] =
      placed->emplace(std::pair(sums.project, sums.asset),
                      std::pair(sums.totals.placed().value(), sums.totals.reached.value()));
  CHECK(is_new);
  CHECK(std::next(at) == placed->end());  // by project, and by asset
  return absl::OkStatus();
}

TEST_CASE("sums are those of the last record that changed them, however they are asked for") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  ProjectHistories of;
  const std::vector<std::string> ids = of.Open(6);
  const std::vector<std::string> assets = {"CNY", "EUR", "USD"};
  std::map<std::uint64_t, SumsPlaced> then;
  SumsPlaced now;
  for (int i = 0; i < 120; ++i) {
    // p5 never gets any, and most payments are of two projects, so that some histories are long and some are short.
    const std::string project = random() % 4 == 0   ? ids[random() % 5]
                                : random() % 5 == 0 ? ""
                                                    : ids[random() % 2];
    const std::string asset = assets[std::min<std::size_t>(random() % 5, 2)];
    const auto found = now.find({project, asset});
    const bool some = found != now.end() && found->second.first > found->second.second;
    std::uint64_t record = 0;
    if (some && random() % 2 == 0) {
      const v1::Action pay = InAsset(asset, Pay("ministry", "village", 1));
      record = of.Do({project.empty() ? pay : In(project, pay)});
      ++now[{project, asset}].second;
    } else {
      const v1::Action pay = InAsset(asset, Pay("donor", "ministry", 10));
      record = of.Do({project.empty() ? pay : In(project, pay)});
      now[{project, asset}].first += 10;
    }
    then[record] = now;
  }
  then[then.begin()->first - 1] = {};
  const query::View view = Need(query::MakeView(of.ledger->store()));
  const auto check = [&](query::AsOfRecord as_of, const SumsPlaced& expected) {
    INFO("as of " << (as_of.has_value() ? std::to_string(*as_of) : "now"));
    SumsPlaced all, some, singly, together, every;
    const auto into = [](SumsPlaced* placed) {
      return [placed](const query::ProjectSums& sums) { return KeepSums(sums, placed); };
    };
    Need(query::EachProjectSums(view, as_of, into(&all)));
    CHECK(all == expected);
    std::vector<std::string> asked = ids;
    asked.insert(asked.begin(), "");
    asked.push_back("zz");  // is none
    Need(query::EachSumsOf(view, asked, as_of, into(&some)));
    CHECK(some == expected);
    for (const std::string& id : asked) Need(query::EachAssetOf(view, id, as_of, into(&singly)));
    CHECK(singly == expected);
    for (const auto& [project, sums] : expected) {
      if (project.first.empty()) continue;
      auto& sum = together[{std::string(model::keys::kAllProjects), project.second}];
      sum.first += sums.first;
      sum.second += sums.second;
    }
    Need(query::EachAssetOf(view, model::keys::kAllProjects, as_of, into(&every)));
    CHECK(every == together);
  };
  for (const auto& [record, placed] : then) check(record, placed);
  check(std::nullopt, now);
  CHECK(now.size() > 6);
}

TEST_CASE("what was said newest about items is what a single look finds, however much was said") {
  ProjectHistories of;
  const std::vector<std::string> ids = of.Open(8);
  for (int i = 0; i < 40; ++i) {
    std::vector<v1::Action> actions;
    for (int project = 0; project < 7; ++project)
      if (i % (project + 1) == 0) actions.push_back(Report(ids[project], "county", 1 + i));
    of.Do(actions);
  }
  const query::View view = Need(query::MakeView(of.ledger->store()));
  constexpr auto kProject = v1::Action::kProposeProject;
  constexpr auto kReport = v1::Action::kReportProgress;
  std::vector<query::AsOfRecord> records = {std::nullopt};
  for (std::uint64_t record = 0; record < of.ledger->size(); ++record) records.emplace_back(record);
  int found = 0;
  for (const query::AsOfRecord as_of : records) {
    for (const int every : {1, 2, 3}) {
      query::NewestSaidWalk walk(view, kProject, kReport, as_of);
      for (std::size_t i = 0; i < ids.size(); i += every) {
        const auto one = Need(walk.Of(ids[i]));
        const auto single = Need(query::NewestSaid(view, kProject, ids[i], kReport, as_of));
        REQUIRE(one.has_value() == single.has_value());
        if (one.has_value()) REQUIRE(one->SerializeAsString() == single->SerializeAsString());
        if (one.has_value()) ++found;
      }
    }
  }
  CHECK(found > 100);
}

struct ManyPlaces : ProjectHistories {
  static constexpr int kPlaces = 600;
  std::vector<std::string> ids;  // sorted

  ManyPlaces() {
    Do({Place("cn")});
    for (int i = 0; i < kPlaces;) {
      std::vector<v1::Action> actions;
      for (int end = i + 100; i < end; ++i)
        actions.push_back(Place(ids.emplace_back(absl::StrCat("t", i)), "cn", 1));
      Do(actions);
    }
    std::sort(ids.begin(), ids.end());
  }
};

TEST_CASE("items that are asked for together are those that single looks find, however close they stand") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  ManyPlaces of;
  constexpr auto kPlace = v1::Action::kDeclarePlace;
  const query::View view = Need(query::MakeView(of.ledger->store()));
  for (int round = 0; round < 30; ++round) {
    // Close, and far apart, by turns; and some that are none.
    std::set<std::string> asked;
    int every = 1;
    for (const std::string& id : of.ids) {
      if (random() % 60 == 0) every = random() % 2 == 0 ? 1 : static_cast<int>(1 + random() % 20);
      if (random() % every == 0) asked.insert(id);
      if (random() % 40 == 0) asked.insert(id + "-none");
    }
    query::AsOfRecord as_of;
    if (round % 2 == 1) as_of = random() % of.ledger->size();
    std::vector<std::string> expected, got;
    for (const std::string& id : asked)
      if (Need(query::ItemThen(view, kPlace, id, as_of)).has_value()) expected.push_back(id);
    Need(
        query::EachItemOf(view, kPlace, {asked.begin(), asked.end()}, as_of, [&](const v1::RegisterRow& row) {
          got.push_back(row.action().declare_place().id());
          return absl::OkStatus();
        }));
    REQUIRE(got == expected);
  }
}

TEST_CASE("items that stand close are stepped through, and single ones cost a look each") {
  ManyPlaces of;
  const CountingReader rows(of.ledger->store());
  const query::View view = Need(query::MakeView(rows));
  const auto read = [&](const std::vector<std::string>& ids) {
    rows.looks = rows.steps = 0;
    std::size_t found = 0;
    Need(query::EachItemOf(view, v1::Action::kDeclarePlace, ids, std::nullopt, [&](const v1::RegisterRow&) {
      ++found;
      return absl::OkStatus();
    }));
    CHECK(found == ids.size());
  };
  read(of.ids);
  CHECK(rows.looks < 20);
  CHECK(rows.steps < of.ids.size());
  std::vector<std::string> few;
  for (std::size_t i = 0; i < of.ids.size(); i += 20) few.push_back(of.ids[i]);
  read(few);
  CHECK(rows.looks <= few.size() + 1);
  CHECK(rows.steps < 10);
}

TEST_CASE("the sums of some projects cost a step each, however long their histories are") {
  ProjectHistories of;
  const std::vector<std::string> ids = of.Open(20);
  for (int i = 0; i < 30; ++i) {
    std::vector<v1::Action> actions;
    for (const std::string& id : ids) actions.push_back(In(id, Pay("donor", "ministry", 1)));
    of.Do(actions);
  }
  const CountingReader rows(of.ledger->store());
  const query::View view = Need(query::MakeView(rows));
  rows.looks = rows.steps = 0;
  std::size_t found = 0;
  const auto take = [&](const query::ProjectSums& sums) {
    CHECK(sums.totals.placed() == Amount(30));
    ++found;
    return absl::OkStatus();
  };
  Need(query::EachSumsOf(view, ids, std::nullopt, take));
  CHECK(found == ids.size());
  CHECK(rows.looks + rows.steps <= ids.size() + 2);
  rows.looks = rows.steps = 0;
  Need(query::EachProjectSums(view, std::nullopt, take));
  CHECK(found == 2 * ids.size());
  CHECK(rows.looks + rows.steps <= 7 * ids.size());
}

}  // namespace
}  // namespace fundtrail::testing
