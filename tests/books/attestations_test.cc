// What is said about items: who may say it about what, which version is meant, and what is kept of it.
#include "ledger/books/attestations.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <vector>

#include "ledger/model/enum_word.h"
#include "tests/books/project_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kApprove = "actions[0].approve_project", kVerify = "actions[0].verify_need",
                  kReport = "actions[0].report_progress", kAccept = "actions[0].accept_duty";

void Nothing(ProjectWorld& /*world*/) {}
std::function<void(ProjectWorld&)> Ending(const std::string& name, const std::string& id,
                                          std::uint64_t version) {
  return [=](ProjectWorld& w) { Need(w.Do({End(name, id, version)}).status()); };
}
std::function<void(ProjectWorld&)> Taking(const v1::Action& action) {
  return [=](ProjectWorld& w) { Need(w.Do({action}).status()); };
}

struct Case {
  std::string story;
  std::string verdict;
  v1::Action action;
  std::function<void(ProjectWorld&)> before = Nothing;
};

// What is said is signed by the root's key, so that no permission is missing.
void CheckEach(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(one.story);
    ProjectWorld w;
    one.before(w);
    const Rows before = AllRows(w.state());
    const Status status = w.Do({one.action}).status();
    CHECK(Verdict(status) == one.verdict);
    if (status.ok()) continue;
    CHECK(AllRows(w.state()) == before);
    CHECK_FALSE(model::RefusalOf(status).value_or(v1::Refusal()).sentence().empty());
  }
}

v1::Action Figures(v1::Action action, std::int64_t people, std::uint32_t severity, std::int64_t amount) {
  auto* said = action.mutable_verify_need();
  said->set_people(people);
  said->set_severity(severity);
  said->set_amount(amount);
  return action;
}

v1::Action ReportOf(const std::function<void(v1::ReportProgress*)>& change) {
  v1::Action action = Report("lunches", "county");
  change(action.mutable_report_progress());
  return action;
}

// --- projects: approved and rejected -------------------------------------------------------------------------

TEST_CASE("a project is approved by a party that has nothing to do with it, in its present version") {
  std::vector<Case> cases = {
      {"a project that is not there", "REFERENCE_UNKNOWN at " + kApprove + ".project",
       Decide("nothing", kProposed)},
      {"a need is no project", "REFERENCE_UNKNOWN at " + kApprove + ".project", Decide("coats", kProposed)},
      {"nobody decides", "REFERENCE_UNKNOWN at " + kApprove + ".by", Decide("plan", kProposed, "nobody")},
      {"a project that has ended", "REFERENCE_ENDED at " + kApprove + ".project", Decide("plan", kProposed),
       Ending("project", "plan", kProposed)},
      {"a party that has ended decides", "REFERENCE_ENDED at " + kApprove + ".by", Decide("plan", kProposed),
       Ending("party", "auditor", kProposed)},
      {"no decision", "FIELD_INVALID at " + kApprove + ".decision",
       Decide("plan", kProposed, "auditor", v1::ApproveProject::DECISION_UNSPECIFIED)},
      {"no version", "AMEND_STALE at " + kApprove + ".version", Decide("plan", 0)},
      {"a version before it", "AMEND_STALE at " + kApprove + ".version", Decide("plan", kProposed - 1)},
      {"a version after it", "AMEND_STALE at " + kApprove + ".version", Decide("plan", kProposed + 1)},
      {"the version that was amended", "AMEND_STALE at " + kApprove + ".version", Decide("plan", kProposed),
       Taking(Amending(Project("plan", "county", "charity"), kProposed))},
      {"the version that amended it", "OK", Decide("plan", kFirst),
       Taking(Amending(Project("plan", "county", "charity"), kProposed))},
      {"without an implementer, the one that there might have been decides", "OK",
       Decide("new", kFirst, "charity"), Taking(Project("new", "county"))},
      {"the implementer of the version before decides", "OK", Decide("plan", kFirst, "charity"),
       Taking(Amending(Project("plan", "county", "office"), kProposed))},
      {"the implementer of the present version decides", "APPROVER_RECUSED at " + kApprove + ".by",
       Decide("plan", kFirst, "office"), Taking(Amending(Project("plan", "county", "office"), kProposed))},
      {"rejected by the owner", "APPROVER_RECUSED at " + kApprove + ".by",
       Decide("plan", kProposed, "county", v1::ApproveProject::DECISION_REJECTED)},
      {"rejected by the auditor", "OK",
       Decide("plan", kProposed, "auditor", v1::ApproveProject::DECISION_REJECTED)},
  };
  // The owner, the implementer, and who stands above or below them.
  for (const char* by : {"county", "charity", "ministry", "root", "village", "hamlet", "team"})
    cases.push_back({by, "APPROVER_RECUSED at " + kApprove + ".by", Decide("plan", kProposed, by)});
  for (const char* by : {"auditor", "bureau", "donor", "office"})
    cases.push_back({by, "OK", Decide("plan", kProposed, by)});
  CheckEach(cases);
}

TEST_CASE("a decision about a version that is not the present one says which one is") {
  ProjectWorld w;
  const std::uint64_t version = w.next();
  Need(w.Do({Amending(Project("plan", "county"), kProposed)}).status());
  const auto refusal = model::RefusalOf(w.Do({Decide("plan", kProposed)}).status()).value_or(v1::Refusal());
  CHECK(refusal.register_() == "project");
  CHECK(refusal.id() == "plan");
  CHECK(refusal.record() == version);
  CHECK_THAT(refusal.sentence(), Contains(std::to_string(version)));
}

// --- needs: verified -----------------------------------------------------------------------------------------

TEST_CASE("a need is verified by a party that did not declare it, where it is") {
  const auto corrected = Verify("coats", kProposed, "station", v1::VerifyNeed::RESULT_CORRECTED);
  const auto refused = Verify("coats", kProposed, "station", v1::VerifyNeed::RESULT_REFUSED);
  const auto confirmed = Verify("coats", kProposed, "station");
  const std::string result = "FIELD_INVALID at " + kVerify + ".result";
  v1::Action with_asset = NeedAt("coats", "desk", "df");
  with_asset.mutable_declare_need()->set_asset("CNY");
  std::vector<Case> cases = {
      {"a need that is not there", "REFERENCE_UNKNOWN at " + kVerify + ".need",
       Verify("nothing", kProposed, "station")},
      {"a project is no need", "REFERENCE_UNKNOWN at " + kVerify + ".need",
       Verify("plan", kProposed, "station")},
      {"nobody verifies", "REFERENCE_UNKNOWN at " + kVerify + ".by", Verify("coats", kProposed, "nobody")},
      {"a need that has ended", "REFERENCE_ENDED at " + kVerify + ".need", confirmed,
       Ending("need", "coats", kProposed)},
      {"a party that has ended verifies", "REFERENCE_ENDED at " + kVerify + ".by", confirmed,
       Ending("party", "station", kProposed)},
      {"no result", "FIELD_INVALID at " + kVerify + ".result",
       Verify("coats", kProposed, "station", v1::VerifyNeed::RESULT_UNSPECIFIED)},
      {"no version", "AMEND_STALE at " + kVerify + ".version", Verify("coats", 0, "station")},
      {"the version that was amended", "AMEND_STALE at " + kVerify + ".version", confirmed,
       Taking(Amending(NeedAt("coats", "desk", "df"), kProposed))},
      {"the version that amended it", "OK", Verify("coats", kFirst, "station"),
       Taking(Amending(NeedAt("coats", "desk", "df"), kProposed))},
      {"people, of one that is confirmed", result, Figures(confirmed, 5, 0, 0)},
      {"a severity, of one that is confirmed", result, Figures(confirmed, 0, 5, 0)},
      {"an amount, of one that is confirmed", result, Figures(confirmed, 0, 0, 5)},
      {"people, of one that is refused", result, Figures(refused, 5, 0, 0)},
      {"an amount of nothing that is counted", "FIELD_INVALID at " + kVerify + ".amount",
       Figures(corrected, 5, 3, 5)},
      {"a severity that there is not", "FIELD_INVALID at " + kVerify + ".severity",
       Figures(corrected, 5, 6, 0)},
      {"fewer people than none", "FIELD_INVALID at " + kVerify + ".people", Figures(corrected, -1, 0, 0)},
      {"corrected", "OK", Figures(corrected, 5, 3, 0)},
      {"corrected, with an amount", "OK",
       Figures(Verify("coats", kFirst, "station", v1::VerifyNeed::RESULT_CORRECTED), 5, 3, 70),
       Taking(Amending(with_asset, kProposed))},
      {"refused", "OK", refused},
  };
  // Who declared it, and who stands above or below.
  for (const char* by : {"desk", "office", "clerk", "root"})
    cases.push_back({by, "NEED_SELF_VERIFIED at " + kVerify + ".by", Verify("coats", kProposed, by)});
  // No place at all; another branch; below the need's place.
  for (const char* by : {"auditor", "county", "far", "low"})
    cases.push_back({by, "OUTSIDE_ITS_PLACE at " + kVerify + ".by", Verify("coats", kProposed, by)});
  // The same place; above it.
  for (const char* by : {"station", "bureau", "capital"})
    cases.push_back({by, "OK", Verify("coats", kProposed, by)});
  CheckEach(cases);
}

// --- projects: reported --------------------------------------------------------------------------------------

TEST_CASE("progress is reported by who owns or implements the project, on one of its indicators") {
  v1::Action other = Project("lunches", "county", "charity");
  other.mutable_propose_project()->mutable_targets(0)->set_indicator("roofs");
  std::vector<Case> cases = {
      {"a project that is not there", "REFERENCE_UNKNOWN at " + kReport + ".project",
       Report("nothing", "county")},
      {"nobody reports", "REFERENCE_UNKNOWN at " + kReport + ".by", Report("lunches", "nobody")},
      {"a place that is not there", "REFERENCE_UNKNOWN at " + kReport + ".place",
       ReportOf([](auto* it) { it->set_place("nowhere"); })},
      {"a place that has ended", "REFERENCE_ENDED at " + kReport + ".place",
       ReportOf([](auto* it) { it->set_place("sc"); }), Ending("place", "sc", kProposed)},
      {"a project that has ended", "REFERENCE_ENDED at " + kReport + ".project", Report("lunches", "county"),
       Ending("project", "lunches", kProposed)},
      {"a party that has ended reports", "REFERENCE_ENDED at " + kReport + ".by",
       Report("lunches", "charity"), Ending("party", "charity", 1)},
      {"no indicator", "FIELD_INVALID at " + kReport + ".indicator", Report("lunches", "county", 120, "")},
      {"another indicator", "FIELD_INVALID at " + kReport + ".indicator",
       Report("lunches", "county", 120, "roofs")},
      {"an indicator of the version before", "FIELD_INVALID at " + kReport + ".indicator",
       Report("lunches", "county"), Taking(Amending(other, kProposed))},
      {"an indicator of the present version", "OK", Report("lunches", "county", 120, "roofs"),
       Taking(Amending(other, kProposed))},
      {"less than nothing", "FIELD_INVALID at " + kReport + ".actual",
       ReportOf([](auto* it) { it->set_actual(-1); })},
      {"an end before the beginning", "PERIOD_INVALID at " + kReport + ".until", ReportOf([](auto* it) {
         it->set_from("2026-01-02");
         it->set_until("2026-01-01");
       })},
      {"all that can be said", "OK", ReportOf([](auto* it) {
         it->set_from("2026-01-01");
         it->set_until("2026-01-01");
         it->set_place("df");
         it->set_evidence("the kitchen's books");
       })},
      {"none of it yet", "OK", ReportOf([](auto* it) { it->clear_actual(); })},
      {"a project that nobody approved", "OK", Report("plan", "charity")},
      {"without an implementer, the owner reports", "OK", Report("new", "county"),
       Taking(Project("new", "county"))},
      {"without an implementer, another one reports", "NOT_RESPONSIBLE at " + kReport + ".by",
       Report("new", "charity"), Taking(Project("new", "county"))},
      {"the implementer of the version before reports", "NOT_RESPONSIBLE at " + kReport + ".by",
       Report("lunches", "charity"), Taking(Amending(Project("lunches", "county", "office"), kProposed))},
  };
  for (const char* by : {"ministry", "root", "village", "team", "auditor"})
    cases.push_back({by, "NOT_RESPONSIBLE at " + kReport + ".by", Report("lunches", by)});
  for (const char* by : {"county", "charity"}) cases.push_back({by, "OK", Report("lunches", by)});
  CheckEach(cases);
}

// --- duties: accepted and declined ---------------------------------------------------------------------------

v1::Action Lead(const std::string& party) { return DutyAt("lead", "county", party, "df", "NUT"); }
// The duty is there, of record kFirst, and in a second version by the record after it.
void Assigned(ProjectWorld& w) { Need(w.Do({Lead("charity")}).status()); }
void AssignedAnew(ProjectWorld& w) {
  Assigned(w);
  Need(w.Do({Amending(Lead("office"), kFirst)}).status());
}

TEST_CASE("a duty is accepted or declined by the party that it names, in its present version") {
  std::vector<Case> cases = {
      {"a duty that is not there", "REFERENCE_UNKNOWN at " + kAccept + ".duty",
       Accept("nothing", kFirst, "charity"), Assigned},
      {"a project is no duty", "REFERENCE_UNKNOWN at " + kAccept + ".duty",
       Accept("plan", kProposed, "charity"), Assigned},
      {"nobody accepts", "REFERENCE_UNKNOWN at " + kAccept + ".by", Accept("lead", kFirst, "nobody"),
       Assigned},
      {"a duty that has ended", "REFERENCE_ENDED at " + kAccept + ".duty", Accept("lead", kFirst, "charity"),
       [](ProjectWorld& w) {
         Assigned(w);
         Need(w.Do({End("duty", "lead", kFirst)}).status());
       }},
      {"a party that has ended accepts", "REFERENCE_ENDED at " + kAccept + ".by",
       Accept("lead", kFirst, "charity"),
       [](ProjectWorld& w) {
         Assigned(w);
         Need(w.Do({End("party", "charity", 1)}).status());
       }},
      {"no reply", "FIELD_INVALID at " + kAccept + ".reply",
       Accept("lead", kFirst, "charity", v1::AcceptDuty::REPLY_UNSPECIFIED), Assigned},
      {"no version", "AMEND_STALE at " + kAccept + ".version", Accept("lead", 0, "charity"), Assigned},
      {"the version that was amended", "AMEND_STALE at " + kAccept + ".version",
       Accept("lead", kFirst, "office"), AssignedAnew},
      {"the party of the version before", "NOT_RESPONSIBLE at " + kAccept + ".by",
       Accept("lead", kFirst + 1, "charity"), AssignedAnew},
      {"the party of the present version", "OK", Accept("lead", kFirst + 1, "office"), AssignedAnew},
      {"accepted", "OK", Accept("lead", kFirst, "charity"), Assigned},
      {"declined", "OK", Accept("lead", kFirst, "charity", v1::AcceptDuty::REPLY_DECLINED), Assigned},
  };
  // The party that assigned it, and who stands above or below the one that has it.
  for (const char* by : {"county", "root", "team", "auditor"})
    cases.push_back({by, "NOT_RESPONSIBLE at " + kAccept + ".by", Accept("lead", kFirst, by), Assigned});
  CheckEach(cases);
}

TEST_CASE("who assigns a duty to another body cannot accept it for that body") {
  ProjectWorld w;
  Need(
      w.Do({Authorise(5, "county", {v1::PERMISSION_ADMINISTER, v1::PERMISSION_DECLARE}, true),
            Authorise(6, "charity", {v1::PERMISSION_DECLARE}), Authorise(7, "charity", {v1::PERMISSION_PAY})})
          .status());
  const std::uint64_t assigned = w.next();
  CHECK(w.Verdict(Lead("charity"), {6}, "charity") == "KEY_NOT_AUTHORISED at actions[0].assign_duty.owner");
  CHECK(w.Verdict(Lead("charity"), {5}, "county") == "OK");
  const auto accepted = Accept("lead", assigned, "charity");
  CHECK(w.Verdict(accepted, {5}, "county") == "KEY_NOT_AUTHORISED at " + kAccept + ".by");
  CHECK(w.Verdict(accepted, {7}, "charity") == "KEY_NOT_AUTHORISED at " + kAccept + ".by");
  CHECK(w.Verdict(accepted, {6}, "charity") == "OK");
}

// --- whose permission it takes -------------------------------------------------------------------------------

TEST_CASE("each attestation takes its own permission of the party that says it") {
  const struct {
    std::string by;
    v1::Action action;
    std::string field;
    std::set<int> suffices;
  } kCases[] = {
      {"auditor", Decide("plan", kProposed), kApprove, {v1::PERMISSION_APPROVE}},
      {"station", Verify("coats", kProposed, "station"), kVerify, {v1::PERMISSION_EVALUATE}},
      {"charity", Report("lunches", "charity"), kReport, {v1::PERMISSION_DECLARE, v1::PERMISSION_ADMINISTER}},
      {"charity",
       Accept("lead", kFirst, "charity"),
       kAccept,
       {v1::PERMISSION_DECLARE, v1::PERMISSION_ADMINISTER}},
  };
  for (const auto& one : kCases) {
    const std::string refused = "KEY_NOT_AUTHORISED at " + one.field + ".by";
    for (int permission = v1::PERMISSION_ADMINISTER; permission <= v1::PERMISSION_DECLARE; ++permission) {
      const auto granted = static_cast<v1::Permission>(permission);
      INFO(one.field << " with " << model::WordOf(granted));
      ProjectWorld w;
      Assigned(w);
      Need(w.Do({Authorise(5, one.by, {granted}), Authorise(6, "root", {granted}, true),
                 Authorise(7, "root", {granted}), Party("other", "root"), Authorise(8, "other", {granted})})
               .status());
      const std::string verdict = one.suffices.count(permission) > 0 ? "OK" : refused;
      CHECK(w.Verdict(one.action, {5}, one.by) == verdict);
      CHECK(w.Verdict(one.action, {6}, "root") == verdict);     // a grant that holds below
      CHECK(w.Verdict(one.action, {8, 5}, one.by) == verdict);  // one of those that sign
      CHECK(w.Verdict(one.action, {7}, "root") == refused);     // one that does not
      CHECK(w.Verdict(one.action, {8}, "other") == refused);    // another party's
    }
    ProjectWorld w;
    Assigned(w);
    CHECK(w.Verdict(one.action, {9}, one.by) == "KEY_NOT_AUTHORISED at author");
    // What is named is looked at before who may, and who may before the version.
    Need(w.Do({Party("other", "root"), Authorise(8, "other", {v1::PERMISSION_PAY})}).status());
    v1::Action unknown = one.action, stale = one.action;
    if (unknown.has_approve_project()) unknown.mutable_approve_project()->set_project("nothing");
    if (unknown.has_verify_need()) unknown.mutable_verify_need()->set_need("nothing");
    if (unknown.has_report_progress()) unknown.mutable_report_progress()->set_project("nothing");
    if (unknown.has_accept_duty()) unknown.mutable_accept_duty()->set_duty("nothing");
    CHECK(w.Verdict(unknown, {8}, "other").rfind("REFERENCE_UNKNOWN at " + one.field, 0) == 0);
    if (stale.has_approve_project()) stale.mutable_approve_project()->set_version(0);
    if (stale.has_verify_need()) stale.mutable_verify_need()->set_version(0);
    if (stale.has_accept_duty()) stale.mutable_accept_duty()->set_version(0);
    CHECK(w.Verdict(stale, {8}, "other") == refused);
  }
}

TEST_CASE("an attestation amends nothing") {
  for (const v1::Action& action : {Decide("plan", kProposed), Verify("coats", kProposed, "station"),
                                   Report("lunches", "county"), Accept("lead", kFirst, "charity")}) {
    ProjectWorld w;
    Assigned(w);
    CHECK(w.Verdict(Amending(action, kProposed)) == "FIELD_INVALID at actions[0].amends");
  }
}

// --- what is kept --------------------------------------------------------------------------------------------

TEST_CASE("an attestation is kept as it was said, with its record and its author, and changes nothing else") {
  const struct {
    v1::Action::ActionCase about;
    std::string id;
    v1::Action action;
  } kCases[] = {
      {v1::Action::kProposeProject, "plan", Decide("plan", kProposed)},
      {v1::Action::kDeclareNeed, "coats", Verify("coats", kProposed, "station")},
      {v1::Action::kProposeProject, "plan", Report("plan", "county")},
      {v1::Action::kAssignDuty, "lead", Accept("lead", kFirst, "charity")},
  };
  for (const auto& one : kCases) {
    INFO(one.action.ShortDebugString());
    ProjectWorld w;
    Assigned(w);
    Need(w.Do({Authorise(5, "bureau", {v1::PERMISSION_PAY})}).status());
    const Rows before = AllRows(w.state());
    const std::uint64_t record = w.next();
    // The author is whoever signed the entry, and not the party that the attestation is by.
    Need(w.Do({one.action}, {1, 5}, "bureau").status());
    Rows after = AllRows(w.state());
    const Bytes key =
        model::keys::Attestation(one.about, one.id, one.action.action_case(), RecordIndex(record), 0);
    REQUIRE(after.count(key) == 1);
    const auto row = Need(model::DecodeMessage<v1::AttestationRow>(key, after.at(key)));
    CHECK(row.action().SerializeAsString() == one.action.SerializeAsString());
    CHECK(row.record() == record);
    CHECK(row.author() == "bureau");
    after.erase(key);
    CHECK(after == before);
  }
}

TEST_CASE("all that was said about an item is kept, and the newest of each action is found") {
  ProjectWorld w;
  const auto reject = Decide("plan", kProposed, "auditor", v1::ApproveProject::DECISION_REJECTED);
  const std::uint64_t first = w.next();
  // Two of one action in one entry, with others between them.
  Need(w.Do({Decide("plan", kProposed), Report("plan", "county"), Decide("roofs", kProposed), reject})
           .status());
  Need(w.Do({Report("plan", "charity")}).status());
  const auto newest = [&](v1::Action::ActionCase action) {
    return Need(books::NewestAttestation(w.state(), v1::Action::kProposeProject, "plan", action)).value();
  };
  CHECK(newest(v1::Action::kApproveProject).action().SerializeAsString() == reject.SerializeAsString());
  CHECK(newest(v1::Action::kApproveProject).record() == first);
  CHECK(newest(v1::Action::kReportProgress).record() == first + 1);
  CHECK_FALSE(Need(books::NewestAttestation(w.state(), v1::Action::kProposeProject, "schools",
                                            v1::Action::kApproveProject))
                  .has_value());
  std::vector<std::uint64_t> records;
  const Bytes about = model::keys::AttestationsAbout(v1::Action::kProposeProject, "plan");
  for (const auto& [key, value] : AllRows(w.state(), about, store::PrefixEnd(about))) {
    CHECK(Need(model::keys::ReadAttestation(key)).id == "plan");
    records.push_back(Need(model::DecodeMessage<v1::AttestationRow>(key, value)).record());
  }
  CHECK(records == std::vector<std::uint64_t>{first, first, first, first + 1});
  // What was said of a version stays when there is another.
  Need(w.Do({Amending(Project("plan", "county", "charity"), kProposed)}).status());
  CHECK(AllRows(w.state(), about, store::PrefixEnd(about)).size() == 4);
  CHECK(newest(v1::Action::kApproveProject).action().approve_project().version() == kProposed);
}

TEST_CASE("an attestation sees what the actions before it in the entry did") {
  ProjectWorld w;
  const std::uint64_t record = w.next();
  CHECK(Verdict(w.Do({Project("new", "county"), Decide("new", record)}).status()) == "OK");
  CHECK(Verdict(w.Do({Authorise(5, "auditor", {v1::PERMISSION_APPROVE}), Decide("plan", kProposed)}, {1, 5})
                    .status()) == "OK");
  CHECK(Verdict(w.Do({End("project", "plan", kProposed), Decide("plan", kProposed)}).status()) ==
        "REFERENCE_ENDED at actions[1].approve_project.project");
}

}  // namespace
}  // namespace fundtrail::testing
