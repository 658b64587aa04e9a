// A small ledger that an auditor looks at, and what each rule tells of it.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/query/findings/findings.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {

inline constexpr std::int64_t kOneDay = 86'400'000'000;
inline constexpr char kToday[] = "2026-03-01";  // the clock's

inline v1::Action InTheFund(const std::string& fund, v1::Action pay) {
  pay.mutable_transfer()->set_fund(fund);
  return pay;
}
inline v1::Action WithReference(const std::string& reference, v1::Action pay) {
  pay.mutable_transfer()->set_reference(reference);
  return pay;
}

// "IDLE LOOK 70/110 county 2.1": of a kind its name too, and " at cn EDU", " beside NUT", " 0 of 400" where it says so.
inline std::string Told(const v1::Finding& finding) {
  std::string text = model::WordOf(finding.rule());
  if (finding.kind() != v1::Finding::KIND_UNSPECIFIED)
    absl::StrAppend(&text, " ", model::WordOf(finding.kind()));
  absl::StrAppend(&text, " ", model::WordOf(finding.grade()), " ", finding.amount(), "/", finding.compared(),
                  " ", absl::StrJoin(finding.parties(), ">"));
  for (const v1::TransferRef& ref : finding.evidence()) absl::StrAppend(&text, " ", model::RefText(ref));
  if (!finding.place().empty()) absl::StrAppend(&text, " at ", finding.place(), " ", finding.category());
  if (!finding.beside().empty()) absl::StrAppend(&text, " beside ", finding.beside());
  if (finding.expected() > 0) absl::StrAppend(&text, " ", finding.number(), " of ", finding.expected());
  return text;
}

// By one rule, of any view.
inline v1::FindingsAnswer FoundBy(const query::View& view, v1::FindingRule rule, const std::string& on,
                                  const std::vector<std::string>& set = {}) {
  v1::FindingsRequest request;
  request.add_rules(rule);
  request.set_on(on);
  for (const std::string& one : set) request.add_set(one);
  return Need(Whole(query::Findings(view, request, {})));
}

// The record and line of each transfer that it lists.
inline std::set<std::pair<std::uint64_t, std::uint32_t>> EvidenceOf(const v1::Finding& finding) {
  std::set<std::pair<std::uint64_t, std::uint32_t>> refs;
  for (const v1::TransferRef& ref : finding.evidence()) refs.insert({ref.record(), ref.line()});
  return refs;
}

// donor (SOURCE), ministry, county, charity, village (RECIPIENT), unrecorded (SOURCE). Payments of 1,000 and more out of the fund
// `watched`, which is the ministry's, need an approval.
struct Audited {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Audited() {
    Do({Place("cn"), Party("county", "ministry"), Party("charity", "root"),
        Seated(Party("auditor", "root"), "cn"), Party("unrecorded", "root", v1::ROLE_SOURCE),
        Fund("school", "root"),
        WithApprovals(WithApprovers(Fund("watched", "ministry"), {"auditor"}), 1, 1'000),
        Programme("relief", "ministry")});
  }
  // The record.
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  void OpenProject(const v1::Action& project) {
    const std::uint64_t record = Do({project});
    Do({Decide(project.propose_project().id(), record, "auditor")});
  }
  // An approved project of the ministry.
  void OpenProject(const std::string& id, const std::string& from = "", const std::string& until = "") {
    v1::Action project = InProgramme("relief", Project(id, "ministry"));
    project.mutable_propose_project()->set_from(from);
    project.mutable_propose_project()->set_until(until);
    OpenProject(project);
  }
  query::View view() const { return Need(query::MakeView(ledger->store())); }
  StatusOr<v1::FindingsAnswer> Try(const v1::FindingsRequest& request) const {
    const query::View now = view();
    return Whole(query::Findings(now, request, query::PagingOf(request)));
  }
  // By one rule: what it tells, one after another.
  std::string By(v1::FindingRule rule, const std::string& on = kToday,
                 const std::vector<std::string>& set = {}) const {
    v1::FindingsRequest request;
    request.add_rules(rule);
    request.set_on(on);
    for (const std::string& one : set) request.add_set(one);
    const auto answer = Need(Try(request));
    std::vector<std::string> told;
    for (const v1::Finding& finding : answer.findings()) told.push_back(Told(finding));
    return absl::StrJoin(told, "; ");
  }
};

// "2.1", of the only transfer of a record, or of another.
inline std::string At(std::uint64_t record, int line = 1) { return absl::StrCat(record, ".", line); }

}  // namespace fundtrail::testing
