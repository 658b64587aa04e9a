// The rules about projects, needs and notices against what is counted by loops over all payments, on random ledgers: who was paid by two
// funds, who paid within one body, what went to other groups, results, notices, cells of needs, and money that nobody accounts for.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/findings.h"
#include "tests/support/notices.h"
#include "tests/support/policies.h"

namespace fundtrail::testing {
namespace {

// hub (under the root) pays branch (under hub), v1 (RECIPIENT under branch), v2 (RECIPIENT under the root) and shop (whose role nobody
// stated) out of two funds, in six projects or in none. A payment in none names a need.
struct Works : Audited {
  struct Paid {
    std::string to, fund, project, need;
    std::int64_t amount = 0;
    int day = 0;
  };
  struct Work {
    std::string category, group, programme;
    int from = 0, until = 0;
    std::int64_t reported = -1;  // below 0: nobody did
  };
  struct Told {
    std::string project;
    std::int64_t total = 0;
    int day = 0;
  };
  struct Want {
    std::string place, category;
    std::int64_t asked = 0;
    std::uint32_t severity = 0;
  };
  std::mt19937_64 random;
  std::map<std::string, Work> works;
  std::map<std::string, Want> wants;
  std::map<std::string, Told> notices;
  std::vector<Paid> paid;

  template <typename T>
  T OneOf(const std::vector<T>& of) {
    return of[random() % of.size()];
  }
  static std::string Day(int day) {
    return fundtrail::ToString(Date(Need(ParseDate("2025-01-01")).days() + day));
  }

  explicit Works(std::uint64_t seed) : random(seed) {
    v1::Action poor, rich;
    poor.mutable_declare_target_group()->set_id("poor");
    poor.mutable_declare_target_group()->set_name("Poor");
    rich.mutable_declare_target_group()->set_id("rich");
    rich.mutable_declare_target_group()->set_name("Rich");
    Do({Party("hub", "root"), Party("branch", "hub"), Party("v1", "branch", v1::ROLE_RECIPIENT),
        Party("v2", "root", v1::ROLE_RECIPIENT), Inferred("shop", "root"), Category("EDU"), Category("NUT"),
        Place("gz", "cn", 1), Place("sc", "cn", 1), Programme("other", "ministry"), poor, rich});
    Do({For(With("relief", Policy("warm", "ministry")), {}, {}, {"poor"})});
    for (const char* fund : {"flood", "school"})
      Do({InTheFund(fund, OnDay(Day(0), Pay("donor", "hub", 100'000)))});
    for (int i = 0; i < 6; ++i) AddProject("p" + std::to_string(i));
    for (int i = 0; i < 4; ++i) AddNeed("n" + std::to_string(i), i);
    for (int i = 0; i < 60; ++i) AddPayment();
    for (int i = 0; i < 5; ++i) AddNotice("t" + std::to_string(i));
  }

  void AddProject(const std::string& id) {
    Work work{OneOf<std::string>({"EDU", "NUT"}),
              OneOf<std::string>({"", "poor", "rich"}),
              OneOf<std::string>({"relief", "other"}),
              static_cast<int>(random() % 200),
              0,
              -1};
    work.until = work.from + static_cast<int>(random() % 200);
    v1::Action project =
        Where(InProgramme(work.programme, Project(id, "ministry")), {}, {{work.category, 0}});
    project.mutable_propose_project()->set_target_group(work.group);
    project.mutable_propose_project()->set_from(Day(work.from));
    project.mutable_propose_project()->set_until(Day(work.until));
    OpenProject(project);
    if (random() % 3 > 0) {
      work.reported = OneOf<std::int64_t>({0, 800, 801});
      Do({Report(id, "ministry", work.reported)});
    }
    works[id] = work;
  }
  void AddNeed(const std::string& id, int number) {
    const Want want{number < 2 ? "gz" : "sc", number % 2 == 0 ? "EDU" : "NUT",
                    static_cast<std::int64_t>(50 + random() % 100), static_cast<std::uint32_t>(random() % 6)};
    v1::Action need = Asking(NeedAt(id, "county", want.place, want.category), want.asked);
    need.mutable_declare_need()->set_severity(want.severity);
    const std::uint64_t record = Do({need});
    Do({Verify(id, record)});
    wants[id] = want;
  }
  void AddPayment() {
    Paid one;
    one.to = OneOf<std::string>({"branch", "v1", "v2", "shop"});
    one.fund = OneOf<std::string>({"flood", "school"});
    one.amount = static_cast<std::int64_t>(10 + random() % 40);
    one.day = static_cast<int>(random() % 400);
    v1::Action pay = InTheFund(
        one.fund, OnDay(Day(one.day), Pay("hub", one.to, one.amount, v1::TRANSFER_KIND_DISBURSEMENT)));
    if (random() % 4 > 0) {
      one.project = "p" + std::to_string(random() % 6);
      pay = Into(one.project, pay);
    } else if (one.to == "v1" || one.to == "v2") {
      one.need = "n" + std::to_string(random() % 4);
      pay = Meeting(one.need, pay);
    }
    Do({pay});
    paid.push_back(one);
  }
  void AddNotice(const std::string& id) {
    Told told{"p" + std::to_string(random() % 6), 0, static_cast<int>(random() % 420)};
    told.total = SumUntil(told.project, told.day) + OneOf<std::int64_t>({0, 0, 7});
    if (told.total == 0) return;
    v1::Action notice =
        ForProject(Notice(id, "county", "cn", v1::Announce::KIND_ALLOCATION, Day(told.day)), told.project);
    notice.mutable_announce()->set_asset("CNY");
    notice.mutable_announce()->set_total(told.total);
    Do({notice});
    notices[id] = told;
  }
  std::int64_t SumUntil(const std::string& project, int day) const {
    std::int64_t sum = 0;
    for (const Paid& one : paid)
      if (one.project == project && one.day <= day) sum += one.amount;
    return sum;
  }
  v1::FindingsAnswer Found(v1::FindingRule rule, const std::vector<std::string>& set = {}) const {
    v1::FindingsRequest request;
    request.add_rules(rule);
    request.set_on("2026-05-01");
    for (const std::string& one : set) request.add_set(one);
    return Need(Try(request));
  }
};

bool IsRecipient(const std::string& party) { return party != "branch"; }

TEST_CASE("PAID_TWICE finds each recipient and category that two funds pay in periods that meet") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Works made(seed);
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>> expected, found;
  for (const std::string to : {"v1", "v2", "shop"}) {
    for (const std::string category : {"EDU", "NUT"}) {
      std::map<std::string, std::int64_t> of_fund;
      for (const auto& one : made.paid) {
        if (one.to != to || one.project.empty() || made.works.at(one.project).category != category) continue;
        const auto& work = made.works.at(one.project);
        const bool meets = std::any_of(made.paid.begin(), made.paid.end(), [&](const Works::Paid& other) {
          if (other.to != to || other.project.empty() || other.fund == one.fund) return false;
          const auto& its = made.works.at(other.project);
          return its.category == category && its.from <= work.until && work.from <= its.until;
        });
        if (meets) of_fund[one.fund] += one.amount;
      }
      if (of_fund.size() < 2) continue;
      const std::int64_t flood = of_fund["flood"], school = of_fund["school"];
      expected[{to, category}] = {std::min(flood, school), flood + school};
    }
  }
  std::map<std::pair<std::string, std::string>, std::int64_t> above, found_above;
  for (const std::string to : {"v1", "v2"}) {
    for (const auto& [need, want] : made.wants) {
      std::int64_t sum = 0;
      std::set<std::string> funds;
      for (const auto& one : made.paid) {
        if (one.to != to || one.need != need) continue;
        sum += one.amount;
        funds.insert(one.fund);
      }
      if (funds.size() > 1 && sum > want.asked) above[{to, need}] = sum - want.asked;
    }
  }
  for (const auto told = made.Found(v1::FINDING_RULE_PAID_TWICE);
       const v1::Finding& finding : told.findings()) {
    if (finding.kind() == v1::Finding::KIND_ABOVE_NEED) {
      found_above[{finding.parties(0), finding.item()}] = finding.amount();
    } else {
      found[{finding.parties(0), finding.category()}] = {finding.amount(), finding.compared()};
    }
  }
  CHECK(found == expected);
  CHECK(found_above == above);
}

TEST_CASE("SELF_DEALING, OFF_TARGET and ANNOUNCED_DIFFERS are what loops over payments count") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Works made(seed);
  std::map<std::pair<std::string, std::string>, std::int64_t> dealt, found_dealt;  // by project and fund
  std::int64_t off = 0, all = 0, found_off = 0, found_all = 0;
  for (const auto& one : made.paid) {
    if (one.to == "v1") dealt[{one.project, one.fund}] += one.amount;
    if (!IsRecipient(one.to) || one.project.empty()) continue;
    const auto& work = made.works.at(one.project);
    if (work.programme != "relief" || work.group.empty()) continue;
    all += one.amount;
    if (work.group == "rich") off += one.amount;
  }
  for (const auto told = made.Found(v1::FINDING_RULE_SELF_DEALING);
       const v1::Finding& finding : told.findings()) {
    CHECK(finding.kind() == v1::Finding::KIND_ONE_BODY);
    CHECK(finding.parties(1) == "v1");
    found_dealt[{finding.project(), finding.fund()}] = finding.amount();
  }
  // All are recorded on one day, from which on a notice counts: it discloses what was paid into its project.
  for (const auto& [id, told] : made.notices)
    for (const std::string fund : {"flood", "school"}) dealt.erase({told.project, fund});
  CHECK(found_dealt == dealt);
  for (const auto told = made.Found(v1::FINDING_RULE_OFF_TARGET);
       const v1::Finding& finding : told.findings()) {
    found_off = finding.amount();
    found_all = finding.compared();
  }
  CHECK(found_off == off);
  CHECK(found_all == (off > 0 ? all : 0));
  std::map<std::string, std::int64_t> differs, found_differs;
  for (const auto& [id, told] : made.notices) {
    const std::int64_t until = made.SumUntil(told.project, told.day);
    int before = -1;
    for (const auto& [other, its] : made.notices)
      if (its.project == told.project && its.day < told.day) before = std::max(before, its.day);
    const std::int64_t since = until - (before < 0 ? 0 : made.SumUntil(told.project, before));
    const std::int64_t apart = std::min(std::abs(told.total - until), std::abs(told.total - since));
    if (apart > 0) differs[id] = apart;
  }
  for (const auto told = made.Found(v1::FINDING_RULE_ANNOUNCED_DIFFERS);
       const v1::Finding& finding : told.findings())
    found_differs[finding.item()] = finding.amount();
  CHECK(found_differs == differs);
}

TEST_CASE("RESULT_ODD, LEFT_OUT, OVERFUNDED and UNACCOUNTED are what loops over payments count") {
  const std::uint64_t seed = GENERATE(take(8, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Works made(seed);
  std::map<std::string, std::int64_t> odd, found_odd, reached, came, left, found_left, over, found_over;
  for (const auto& one : made.paid) {
    if (IsRecipient(one.to) && !one.project.empty()) reached[one.project] += one.amount;
    if (!one.need.empty()) came[one.need] += one.amount;
  }
  for (const auto& [id, work] : made.works)
    if (work.reported == 801 || (work.reported == 0 && reached[id] > 0)) odd[id] = reached[id];
  for (const auto told = made.Found(v1::FINDING_RULE_RESULT_ODD);
       const v1::Finding& finding : told.findings())
    found_odd[finding.project()] = finding.amount();
  CHECK(found_odd == odd);
  for (const auto& [id, want] : made.wants) {
    if (came[id] == 0 && (want.severity == 0 || want.severity >= 3)) left[id] = want.asked;
    for (const auto& [other, its] : made.wants)
      if (want.severity > 0 && its.place == want.place && other != id && its.severity >= want.severity &&
          came[other] * 2 < its.asked && came[id] * 10 > want.asked * 11)
        over[id] = came[id] - want.asked;
  }
  const auto need_of = [&](const v1::Finding& finding) {
    for (const auto& [id, want] : made.wants)
      if (want.place == finding.place() && want.category == finding.category()) return id;
    return std::string();
  };
  for (const auto told = made.Found(v1::FINDING_RULE_LEFT_OUT); const v1::Finding& finding : told.findings())
    found_left[need_of(finding)] = finding.amount();
  for (const auto told = made.Found(v1::FINDING_RULE_OVERFUNDED);
       const v1::Finding& finding : told.findings())
    found_over[need_of(finding)] = finding.amount();
  CHECK(found_left == left);
  CHECK(found_over == over);
  // What hub did not pay on, what branch holds, and what ended at the shop. The last came on the day asked about.
  std::map<std::string, std::int64_t> open, found_open;
  for (const char* fund : {"flood", "school"}) {
    std::int64_t sum = 100'000;
    for (const auto& one : made.paid)
      if (one.fund == fund && (one.to == "v1" || one.to == "v2")) sum -= one.amount;
    open[fund] = sum;
  }
  for (const auto told = made.Found(v1::FINDING_RULE_UNACCOUNTED, {"UNACCOUNTED.days=0"});
       const v1::Finding& finding : told.findings()) {
    CHECK(finding.compared() == 100'000);
    found_open[finding.fund()] = finding.amount();
  }
  CHECK(found_open == open);
}

}  // namespace
}  // namespace fundtrail::testing
