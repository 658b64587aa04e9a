// A small world in which groups judge, with a clock that the test turns, and short words for what they say.
//
// root ─┬─ donor (SOURCE), ministry, village (RECIPIENT)      cn ─┬─ gz ── df ── town
//       ├─ county, charity, auditor (cn)                          └─ sc
//       ├─ check (df), other (df), office (gz), capital (cn), side (sc): groups that judge, of these places
//       ├─ coop (df): a group that does not
//       └─ m1, m2: each has a seat in every group
//
// Key 1 is the root's. Key 10 may evaluate for the groups' parties, and speaks for them; keys 11 and 12 are those of m1 and m2.
// The projects lunches and roofs of county, done by charity, are in town. They are approved, and roofs is in the programme schools.
// The policy warm is of county. The method points scores A and B by halves, and lets CONTINUE be said from 50 on.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {

inline constexpr int kSpeaker = 10, kMember1 = 11, kMember2 = 12;

inline v1::Action Method(const std::string& id, const std::string& owner,
                         std::initializer_list<std::pair<std::string, std::uint32_t>> criteria,
                         std::uint32_t floor = 50) {
  v1::Action action;
  auto* method = action.mutable_set_method();
  method->set_id(id);
  method->set_name("Method " + id);
  method->set_owner(owner);
  for (const auto& [code, parts] : criteria) {
    auto* criterion = method->add_criteria();
    criterion->set_code(code);
    criterion->set_basis_points(parts);
  }
  for (const auto& [name, from] : std::initializer_list<std::pair<const char*, std::uint32_t>>{
           {"good", 80}, {"fair", 60}, {"poor", 0}}) {
    auto* grade = method->add_grades();
    grade->set_name(name);
    grade->set_from(from);
  }
  method->set_floor(floor);
  return action;
}

// Concerns of this kind about the subject leave no better grade.
inline v1::Action WithBar(v1::Action method, v1::RaiseConcern::Kind kind, const std::string& max_grade) {
  auto* bar = method.mutable_set_method()->add_bars();
  bar->set_kind(kind);
  bar->set_max_grade(max_grade);
  return method;
}

// Of the project, with 90 for each criterion. SUSPEND and WITHDRAW have a report, and IMPROVE is by 2026-03-31.
inline v1::Action Evaluation(const std::string& id, const std::string& group, const std::string& project,
                             v1::Evaluate::Verdict verdict, std::initializer_list<std::string> lifts = {}) {
  v1::Action action;
  auto* said = action.mutable_evaluate();
  said->set_id(id);
  said->set_group(group);
  said->set_project(project);
  said->set_method("points");
  for (const char* code : {"A", "B"}) {
    auto* score = said->add_scores();
    score->set_criterion(code);
    score->set_score(90);
  }
  said->set_verdict(verdict);
  if (verdict == v1::Evaluate::VERDICT_IMPROVE) said->set_improve_by("2026-03-31");
  if (verdict == v1::Evaluate::VERDICT_SUSPEND || verdict == v1::Evaluate::VERDICT_WITHDRAW)
    said->set_report(std::string(64, 'a'));
  for (const std::string& each : lifts) said->add_lifts(each);
  return action;
}
// The same of a programme, a policy or a party.
inline v1::Action OfProgramme(const std::string& programme, v1::Action evaluation) {
  evaluation.mutable_evaluate()->clear_project();
  evaluation.mutable_evaluate()->set_programme(programme);
  return evaluation;
}
inline v1::Action OfPolicy(const std::string& policy, v1::Action evaluation) {
  evaluation.mutable_evaluate()->clear_project();
  evaluation.mutable_evaluate()->set_policy(policy);
  return evaluation;
}
inline v1::Action OfParty(const std::string& party, v1::Action evaluation) {
  evaluation.mutable_evaluate()->clear_project();
  evaluation.mutable_evaluate()->set_party(party);
  return evaluation;
}
inline v1::Action ValidUntil(const std::string& day, v1::Action evaluation) {
  evaluation.mutable_evaluate()->set_valid_until(day);
  return evaluation;
}

inline v1::Action AppealOf(const std::string& evaluation, const std::string& by) {
  v1::Action action;
  action.mutable_appeal()->set_evaluation(evaluation);
  action.mutable_appeal()->set_by(by);
  action.mutable_appeal()->set_grounds("the sample was of one village");
  return action;
}
inline v1::Action DecisionOf(const std::string& evaluation, const std::string& by,
                             v1::DecideAppeal::Decision decision = v1::DecideAppeal::DECISION_ANNULLED) {
  v1::Action action;
  action.mutable_decide_appeal()->set_evaluation(evaluation);
  action.mutable_decide_appeal()->set_by(by);
  action.mutable_decide_appeal()->set_decision(decision);
  return action;
}

// Of county, in town, with one that leads.
inline v1::Action JudgedPolicy(const std::string& id, const std::string& implements = "") {
  v1::Action action;
  auto* policy = action.mutable_open_policy();
  policy->set_id(id);
  policy->set_name("Policy " + id);
  policy->set_owner("county");
  policy->set_implements(implements);
  policy->set_instrument(v1::OpenPolicy::INSTRUMENT_GRANT);
  policy->add_places("town");
  auto* lead = policy->add_responsible();
  lead->set_party("county");
  lead->set_role(v1::AssignDuty::ROLE_LEAD);
  return action;
}

inline v1::Action JudgingGroup(const std::string& party, const std::string& place, v1::FormGroup::Kind kind) {
  v1::Action action;
  auto* group = action.mutable_form_group();
  group->set_id(party);
  group->set_kind(kind);
  group->set_place(place);
  group->set_quorum(2);
  return action;
}
inline v1::Action JudgingSeat(const std::string& id, const std::string& group, const std::string& party) {
  v1::Action action;
  auto* seat = action.mutable_give_seat();
  seat->set_id(id);
  seat->set_group(group);
  seat->set_party(party);
  seat->set_kind(v1::GiveSeat::KIND_EXPERT);
  return action;
}
inline v1::Action JudgingSeatTaken(const std::string& seat, std::uint64_t version, const std::string& by) {
  v1::Action action;
  auto* said = action.mutable_accept_seat();
  said->set_seat(seat);
  said->set_version(version);
  said->set_by(by);
  said->set_reply(v1::AcceptDuty::REPLY_ACCEPTED);
  return action;
}

// A party that is a group of that place, with a key that speaks for it and seats of m1 and m2. `take` answers the record of
// what it does.
template <typename Take>
void SeatGroup(const Take& take, const std::string& id, const std::string& place,
               v1::FormGroup::Kind kind = v1::FormGroup::KIND_ASSESSMENT) {
  take(
      {Party(id, "root"), Authorise(kSpeaker, id, {v1::PERMISSION_EVALUATE}), JudgingGroup(id, place, kind)});
  const std::uint64_t seated = take({JudgingSeat(id + "-1", id, "m1"), JudgingSeat(id + "-2", id, "m2")});
  take({JudgingSeatTaken(id + "-1", seated, "m1"), JudgingSeatTaken(id + "-2", seated, "m2")});
}
// Those members, each with a key of its own.
inline std::vector<v1::Action> JudgingMembers() {
  return {Party("m1", "root"), Party("m2", "root"), Authorise(kMember1, "m1", {v1::PERMISSION_EVALUATE}),
          Authorise(kMember2, "m2", {v1::PERMISSION_EVALUATE})};
}

class Court {
 public:
  Court() {
    Need(Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("df", "gz", 3),
             Place("town", "df", 4), Party("county", "root"), Party("charity", "root"),
             Seated(Party("auditor", "root"), "cn")}));
    Need(Do(JudgingMembers()));
    AddGroup("check", "df");
    AddGroup("other", "df");
    AddGroup("office", "gz");
    AddGroup("capital", "cn");
    AddGroup("side", "sc");
    AddGroup("coop", "df", v1::FormGroup::KIND_COOPERATIVE);
    const std::uint64_t proposed = size();
    Need(
        Do({Programme("schools", "county"), Where(Project("lunches", "county", "charity"), {{"town", 0}}, {}),
            InProgramme("schools", Where(Project("roofs", "county", "charity"), {{"town", 0}}, {})),
            JudgedPolicy("warm"), Method("points", "county", {{"A", 5'000}, {"B", 5'000}})}));
    Need(Do({Decide("lunches", proposed), Decide("roofs", proposed)}));
  }

  void AddGroup(const std::string& id, const std::string& place,
                v1::FormGroup::Kind kind = v1::FormGroup::KIND_ASSESSMENT) {
    const auto take = [this](const std::vector<v1::Action>& actions) {
      const std::uint64_t record = size();
      Need(Do(actions));
      return record;
    };
    SeatGroup(take, id, place, kind);
  }

  // By the root, or by `author`.
  Status Do(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
            const std::string& author = "root") {
    return ledger->AppendOne(SignedBytes(Entry(author, ++entries_, actions), signers), clock.Read()).status();
  }
  // By the group that judges, or that decides: its key speaks for it, and its members sign.
  Status Judge(const v1::Action& action) {
    const std::string group = action.has_evaluate() ? action.evaluate().group() : action.decide_appeal().by();
    return Do({action}, {kSpeaker, kMember1, kMember2}, group);
  }
  // The day on which what follows is recorded: 0 is 2026-03-01.
  void OnDay(int day) { clock.now = TestClock().now + day * std::int64_t{86'400'000'000}; }

  std::uint64_t size() const { return ledger->size(); }
  const store::Reader& rows() const { return ledger->store(); }
  // "m CONTINUE, check SUSPEND": the verdicts in the row, oldest first, each with its evaluation.
  std::string Row(v1::Action::ActionCase action, std::string_view id) const {
    std::string text;
    const v1::StandingRow row = Need(books::GetStanding(rows(), action, id));
    for (const auto& each : row.verdicts())
      absl::StrAppend(&text, text.empty() ? "" : ", ", each.evaluation(), " ", model::WordOf(each.verdict()));
    return text;
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

 private:
  std::uint64_t entries_ = 0;
};

}  // namespace fundtrail::testing
