// Money in projects: which project may receive, how money comes in, stays and leaves; and what programmes, projects, needs and
// deployments must say.
#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "ledger/model/enum_word.h"
#include "tests/books/project_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kTransfer = "actions[0].transfer";

// The ministry has 100 in general money, and 100 in each project that is open: payments 4.1, 4.2 and 4.3.
struct Funded : ProjectWorld {
  Funded() {
    Need(Do({Pay("donor", "ministry", 100), In("lunches", Pay("donor", "ministry", 100)),
             In("roofs", Pay("donor", "ministry", 100))})
             .status());
  }
};

v1::Action OtherKind(v1::Action pay, v1::TransferKind kind) {
  pay.mutable_transfer()->set_kind(kind);
  return pay;
}

// --- which project may receive -------------------------------------------------------------------------------

// A way by which money comes to a project, and the field that names it.
struct WayIn {
  const char* story;
  const char* field;
  v1::Action action;
};
std::vector<WayIn> WaysInto(const std::string& project) {
  return {
      {"a source brings it straight in", "project", In(project, Pay("donor", "ministry", 5))},
      {"a source brings it in by way of general money", "to_project",
       Into(project, Pay("donor", "ministry", 5))},
      {"general money is put in by its holder", "to_project", Into(project, Pay("ministry", "county", 5))},
      {"general money is put in as another asset", "to_project",
       Into(project, Exchange("ministry", "county", 5, "USD", 1))},
      {"its money is paid on", "project", In(project, Pay("ministry", "county", 5))},
      {"its money is exchanged", "project", In(project, Exchange("ministry", "county", 5, "USD", 1))},
      {"its money changes the fund", "project", In(project, Reclassify("ministry", "school", 5))},
      {"general money of a party becomes its own", "to_project", Into(project, Move("ministry", 5))},
      {"money of another project becomes its own", "to_project",
       In("roofs", Into(project, Move("ministry", 5)))},
  };
}

struct Closing {
  const char* story;
  std::string project;
  std::function<void(Funded&)> close;
};
std::vector<Closing> Closings() {
  return {
      {"nobody approved it", "plan", [](Funded&) {}},
      {"it is rejected", "lunches",
       [](Funded& w) {
         Need(
             w.Do({Decide("lunches", kProposed, "auditor", v1::ApproveProject::DECISION_REJECTED)}).status());
       }},
      {"it was never anything but rejected", "plan",
       [](Funded& w) {
         Need(w.Do({Decide("plan", kProposed, "auditor", v1::ApproveProject::DECISION_REJECTED)}).status());
       }},
      {"an older version is approved", "lunches",
       [](Funded& w) {
         Need(w.Do({Amending(Project("lunches", "county", "charity"), kProposed)}).status());
       }},
      {"its new version is rejected", "lunches",
       [](Funded& w) {
         const std::uint64_t version = w.next();
         Need(w.Do({Amending(Project("lunches", "county", "charity"), kProposed)}).status());
         Need(w.Do({Decide("lunches", version)}).status());
         Need(w.Do({Decide("lunches", version, "auditor", v1::ApproveProject::DECISION_REJECTED)}).status());
       }},
      {"it has ended", "lunches",
       [](Funded& w) { Need(w.Do({End("project", "lunches", kProposed)}).status()); }},
  };
}

TEST_CASE("a project that is not open receives nothing, by whatever way") {
  for (const Closing& closing : Closings()) {
    INFO(closing.story);
    for (const WayIn& way : WaysInto(closing.project)) {
      INFO(way.story);
      Funded w;
      closing.close(w);
      const auto present =
          Need(books::GetItem(w.state(), v1::Action::kProposeProject, closing.project)).value();
      const Status status = w.Do({way.action}).status();
      CHECK(Verdict(status) == absl::StrCat("PROJECT_NOT_OPEN at ", kTransfer, ".", way.field));
      const auto refusal = model::RefusalOf(status).value_or(v1::Refusal());
      CHECK(refusal.register_() == "project");
      CHECK(refusal.id() == closing.project);
      CHECK(refusal.record() == present.record());
      CHECK_THAT(refusal.sentence(), Contains(closing.project));
    }
  }
}

TEST_CASE("an open project receives by every way") {
  for (const WayIn& way : WaysInto("lunches")) {
    INFO(way.story);
    Funded w;
    CHECK(w.Verdict(way.action) == "OK");
  }
}

TEST_CASE("a project is open again once its present version is approved, by the newest decision") {
  Funded w;
  const v1::Action pay = In("lunches", Pay("ministry", "county", 5));
  Need(w.Do({Decide("lunches", kProposed, "auditor", v1::ApproveProject::DECISION_REJECTED)}).status());
  CHECK(w.Verdict(pay) == "PROJECT_NOT_OPEN at " + kTransfer + ".project");
  Need(w.Do({Decide("lunches", kProposed)}).status());
  CHECK(w.Verdict(pay) == "OK");
  const std::uint64_t version = w.next();
  Need(w.Do({Amending(Project("lunches", "county", "charity"), kProposed)}).status());
  CHECK(w.Verdict(pay) == "PROJECT_NOT_OPEN at " + kTransfer + ".project");
  CHECK(w.Verdict(Decide("lunches", kProposed)) == "AMEND_STALE at actions[0].approve_project.version");
  Need(w.Do({Decide("lunches", version)}).status());
  CHECK(w.Verdict(pay) == "OK");
  // Within one entry, from the next action on.
  CHECK(Verdict(w.Do({Decide("plan", kProposed), In("plan", Pay("donor", "ministry", 5))}).status()) == "OK");
  CHECK(Verdict(w.Do({pay, Decide("lunches", version, "auditor", v1::ApproveProject::DECISION_REJECTED), pay})
                    .status()) == "PROJECT_NOT_OPEN at actions[2].transfer.project");
  CHECK(w.Verdict(pay) == "OK");
}

TEST_CASE("money leaves a project that is not open, and what was paid in it goes back") {
  for (const Closing& closing : Closings()) {
    if (closing.project != "lunches") continue;
    INFO(closing.story);
    Funded w;
    const std::uint64_t paid = w.next();
    Need(w.Do({Into("lunches", Pay("ministry", "county", 50)), In("lunches", Pay("county", "village", 20))})
             .status());
    closing.close(w);
    CHECK(w.Verdict(In("lunches", Returning(Pay("village", "county", 5), Ref(paid, 2)))) == "OK");
    CHECK(w.Verdict(In("lunches", Returning(Pay("village", "county", 5), Ref(paid, 2),
                                            v1::TRANSFER_KIND_REVERSAL))) == "OK");
    CHECK(w.Verdict(In("lunches", Returning(Pay("county", "ministry", 5), Ref(paid, 1)))) == "OK");
    CHECK(w.Verdict(In("lunches", Returning(Pay("ministry", "donor", 5), Ref(kFirst, 2)))) == "OK");
    CHECK(w.Verdict(In("lunches", ToGeneral(Move("ministry", 5)))) == "OK");
    CHECK(w.Verdict(In("lunches", Into("roofs", Move("ministry", 5)))) == "OK");
    // Back into it as well: what left it by mistake is undone.
    const std::uint64_t out = w.next();
    CHECK(w.Verdict(In("lunches", ToGeneral(Move("county", 5)))) == "OK");
    CHECK(w.Verdict(Returning(Pay("county", "county", 5), Ref(out), v1::TRANSFER_KIND_REVERSAL)) == "OK");
  }
}

TEST_CASE("a project that a transfer names is registered, even when money is sent back") {
  const struct {
    const char* story;
    const char* field;
    v1::Action action;
  } kCases[] = {
      {"a payer's project that is not there", "project", In("nothing", Pay("ministry", "county", 5))},
      {"a fund is no project", "project", In("flood", Pay("ministry", "county", 5))},
      {"one to put money in that is not there", "to_project", Into("nothing", Pay("ministry", "county", 5))},
      {"one to move to that is not there", "to_project", In("lunches", Into("nothing", Move("ministry", 5)))},
      {"one to leave that is not there", "project", In("nothing", ToGeneral(Move("ministry", 5)))},
      {"one to send back from that is not there", "project",
       In("nothing", Returning(Pay("ministry", "donor", 5), Ref(kFirst)))},
  };
  for (const auto& one : kCases) {
    INFO(one.story);
    Funded w;
    CHECK(w.Verdict(one.action) == absl::StrCat("REFERENCE_UNKNOWN at ", kTransfer, ".", one.field));
  }
}

// --- what fits together --------------------------------------------------------------------------------------

TEST_CASE("the fields that change a project stand where they mean something, and nowhere else") {
  struct Case {
    const char* field;
    const char* story;
    v1::Action action;
  };
  const v1::Action pay = Pay("ministry", "county", 5), move = Move("ministry", 5);
  std::vector<Case> cases = {
      {"to_project", "a payment to the project that pays", In("lunches", Into("lunches", pay))},
      {"to_project", "an EXCHANGE from one project to another",
       In("lunches", Into("roofs", Exchange("ministry", "county", 5, "USD", 1)))},
      {"to_project", "a RETURN from general money that names a project",
       Into("lunches", Returning(Pay("ministry", "donor", 5), Ref(kFirst)))},
      {"to_project", "a RETURN from one project to another",
       In("lunches", Into("roofs", Returning(Pay("ministry", "donor", 5), Ref(kFirst, 2))))},
      {"to_project", "a REVERSAL that names a project",
       Into("lunches", Returning(Pay("ministry", "donor", 5), Ref(kFirst), v1::TRANSFER_KIND_REVERSAL))},
      {"to_project", "a RECLASSIFICATION to another project and to general money",
       In("lunches", Into("roofs", ToGeneral(move)))},
      {"to_project", "a RECLASSIFICATION to another fund that names its own project",
       In("lunches", Into("lunches", Reclassify("ministry", "school", 5)))},
      {"to_general", "an EXCHANGE to general money",
       In("lunches", ToGeneral(Exchange("ministry", "county", 5, "USD", 1)))},
      {"to_general", "a RETURN to general money",
       In("lunches", ToGeneral(Returning(Pay("ministry", "donor", 5), Ref(kFirst, 2))))},
      {"to_general", "a REVERSAL to general money",
       In("lunches",
          ToGeneral(Returning(Pay("ministry", "donor", 5), Ref(kFirst, 2), v1::TRANSFER_KIND_REVERSAL)))},
      {"to_general", "a RECLASSIFICATION of general money to general money, and to another fund",
       ToGeneral(Reclassify("ministry", "school", 5))},
      {"to_fund", "a RECLASSIFICATION of general money to general money", ToGeneral(move)},
      {"to_fund", "a RECLASSIFICATION that changes nothing", move},
      {"to_fund", "a RECLASSIFICATION in a project that changes nothing", In("lunches", move)},
      {"to_fund", "a RECLASSIFICATION to the project that pays", In("lunches", Into("lunches", move))},
      {"to_fund", "a RECLASSIFICATION to a project that names its own fund",
       Into("lunches", Reclassify("ministry", "flood", 5))},
      {"to_fund", "a RECLASSIFICATION to a project between two parties",
       Into("lunches", OtherKind(pay, v1::TRANSFER_KIND_RECLASSIFICATION))},
      {"to_fund", "a RECLASSIFICATION to general money between two parties",
       In("lunches", ToGeneral(OtherKind(pay, v1::TRANSFER_KIND_RECLASSIFICATION)))},
      {"to_fund", "general money put in a project of another fund",
       Into("lunches",
            [&] {
              v1::Action action = pay;
              action.mutable_transfer()->set_to_fund("school");
              return action;
            }())},
  };
  for (const auto kind : {v1::TRANSFER_KIND_APPROPRIATION, v1::TRANSFER_KIND_DONATION,
                          v1::TRANSFER_KIND_ALLOCATION, v1::TRANSFER_KIND_DISBURSEMENT}) {
    cases.push_back({"to_project", "a payment from one project to another",
                     In("lunches", Into("roofs", OtherKind(pay, kind)))});
    cases.push_back(
        {"to_general", "a payment out of a project", In("lunches", ToGeneral(OtherKind(pay, kind)))});
    cases.push_back(
        {"to_general", "a payment of general money to general money", ToGeneral(OtherKind(pay, kind))});
  }
  for (const Case& one : cases) {
    INFO(one.story << ", " << model::WordOf(one.action.transfer().kind()));
    Funded w;
    CHECK(w.Verdict(one.action) == absl::StrCat("KIND_MISMATCH at ", kTransfer, ".", one.field));
  }
}

// --- which account pays --------------------------------------------------------------------------------------

TEST_CASE("each project has an account of its own, and a refusal says which one holds too little") {
  Funded w;
  const auto refused = [&](const v1::Action& action) {
    const Status status = w.Do({action}).status();
    CHECK(Verdict(status) == "INSUFFICIENT_FUNDS at " + kTransfer + ".amount");
    return model::RefusalOf(status).value_or(v1::Refusal()).sentence();
  };
  CHECK(refused(In("lunches", Pay("ministry", "county", 101))) ==
        "ministry holds 1.00 CNY in fund flood, project lunches, and 1.01 CNY should be paid");
  CHECK(refused(Pay("ministry", "county", 101)) ==
        "ministry holds 1.00 CNY in fund flood, and 1.01 CNY should be paid");
  CHECK(refused(Into("roofs", Pay("ministry", "county", 101))) ==
        "ministry holds 1.00 CNY in fund flood, and 1.01 CNY should be paid");
  CHECK(refused(In("lunches", ToGeneral(Move("ministry", 101)))) ==
        "ministry holds 1.00 CNY in fund flood, project lunches, and 1.01 CNY should be paid");
  // What lies in a project does not pay a return of general money, and the other way round.
  Need(w.Do({Pay("ministry", "county", 10), Into("lunches", Pay("ministry", "charity", 10))}).status());  // 5
  CHECK_THAT(refused(In("lunches", Returning(Pay("county", "ministry", 10), Ref(5, 1)))),
             Contains("project lunches"));
  CHECK_THAT(refused(Returning(Pay("charity", "ministry", 10), Ref(5, 2))), !Contains("project"));
}

TEST_CASE("receipts are those of the payer's account in that project") {
  Funded w;
  const std::string unknown = "EARMARK_UNKNOWN at " + kTransfer + ".draws[0]";
  CHECK(w.Verdict(In("lunches", Drawing(Pay("ministry", "county", 5), {Ref(kFirst, 1)}))) == unknown);
  CHECK(w.Verdict(Drawing(Pay("ministry", "county", 5), {Ref(kFirst, 2)})) == unknown);
  CHECK(w.Verdict(In("roofs", Drawing(Pay("ministry", "county", 5), {Ref(kFirst, 2)}))) == unknown);
  CHECK(w.Verdict(In("lunches", Drawing(Pay("ministry", "county", 5), {Ref(kFirst, 2)}))) == "OK");
  CHECK(w.Verdict(Into("lunches", Drawing(Pay("ministry", "county", 5), {Ref(kFirst, 1)}))) == "OK");
}

TEST_CASE("what is sent back names the transfer that brought it to that account") {
  Funded w;
  // 5.1 in general money, 5.2 put in, 5.3 in the project.
  Need(w.Do({Pay("ministry", "county", 20), Into("lunches", Pay("ministry", "county", 20)),
             In("lunches", Pay("ministry", "county", 20))})
           .status());
  const std::string unknown = "RETURN_UNKNOWN at " + kTransfer + ".returns";
  CHECK(w.Verdict(Returning(Pay("county", "ministry", 5), Ref(5, 2))) == unknown);
  CHECK(w.Verdict(Returning(Pay("county", "ministry", 5), Ref(5, 3))) == unknown);
  CHECK(w.Verdict(In("lunches", Returning(Pay("county", "ministry", 5), Ref(5, 1)))) == unknown);
  CHECK(w.Verdict(In("lunches", Returning(Pay("county", "ministry", 5), Ref(99)))) == unknown);
  const auto general = [&] { return w.Line("ministry"); };
  const auto lunches = [&] { return w.Line("ministry", "flood", "CNY", "lunches"); };
  CHECK(w.Verdict(In("lunches", Returning(Pay("county", "ministry", 5), Ref(5, 2)))) == "OK");
  CHECK(general() == "received 105, held 65, tail 40, minted 0");
  CHECK(lunches() == "received 100, held 80, tail 20, minted 0");
  CHECK(w.Verdict(In("lunches", Returning(Pay("county", "ministry", 5), Ref(5, 3)))) == "OK");
  CHECK(general() == "received 105, held 65, tail 40, minted 0");
  CHECK(lunches() == "received 105, held 85, tail 20, minted 0");
}

// --- what may be done ----------------------------------------------------------------------------------------

TEST_CASE("a source brings money straight into a project, and it stays there from payment to payment") {
  ProjectWorld w;
  CHECK(w.Pieces(In("lunches", Pay("donor", "ministry", 100))) == "[0,100) -> 0");
  CHECK(w.Line("donor", "flood", "CNY", "lunches") == "received 100, held 0, tail 100, minted 100");
  CHECK(w.Line("donor") == "no account");
  CHECK(w.Pieces(In("lunches", Pay("ministry", "county", 60))) == "[0,60) -> 0");
  CHECK(w.Pieces(In("lunches", Pay("county", "village", 25))) == "[0,25) -> 0");
  CHECK(w.Line("county", "flood", "CNY", "lunches") == "received 60, held 35, tail 25, minted 0");
  CHECK(w.Line("county") == "no account");
  CHECK(w.Pieces(In("lunches", Pay("village", "county", 5))) ==
        "RECIPIENT_CANNOT_PAY at actions[0].transfer.from");
}

TEST_CASE("general money is put in a project, and goes back to general money") {
  ProjectWorld w;
  CHECK(w.Pieces(Pay("donor", "ministry", 100)) == "[0,100) -> 0");                                      // 4
  CHECK(w.Pieces(Into("lunches", Pay("ministry", "county", 60))) == "[0,60) -> 0");                      // 5
  CHECK(w.Pieces(In("lunches", Pay("county", "village", 20))) == "[0,20) -> 0");                         // 6
  CHECK(w.Pieces(In("lunches", Returning(Pay("village", "county", 5), Ref(6)))) == "[0,5) -> 60");       // 7
  CHECK(w.Pieces(In("lunches", Returning(Pay("county", "ministry", 10), Ref(5)))) == "[20,30) -> 100");  // 8
  CHECK(w.Line("ministry") == "received 110, held 50, tail 60, minted 0");
  CHECK(w.Line("county", "flood", "CNY", "lunches") == "received 65, held 35, tail 30, minted 0");
  // The return is undone: the money is in the project again.
  CHECK(w.Pieces(Returning(Pay("ministry", "county", 10), Ref(8), v1::TRANSFER_KIND_REVERSAL)) ==
        "[100,110) -> 65");
  CHECK(w.Line("county") == "no account");
  CHECK(w.Pieces(In("lunches", Returning(Pay("county", "ministry", 31), Ref(5)))) ==
        "RETURN_SHORT at actions[0].transfer.amount");
}

TEST_CASE("what a source put in by way of general money goes back to its general account") {
  ProjectWorld w;
  CHECK(w.Pieces(Into("lunches", Pay("donor", "ministry", 100))) == "[0,100) -> 0");
  CHECK(w.Line("donor") == "received 100, held 0, tail 100, minted 100");
  CHECK(w.Line("ministry", "flood", "CNY", "lunches") == "received 100, held 100, tail 0, minted 0");
  CHECK(w.Pieces(In("lunches", Returning(Pay("ministry", "donor", 30), Ref(kFirst)))) == "[0,30) -> 100");
  CHECK(w.Line("donor") == "received 130, held 30, tail 100, minted 100");
}

TEST_CASE("a party's money changes its project, its fund, or both, and can be sent back") {
  Funded w;
  CHECK(w.Pieces(In("lunches", Into("roofs", Move("ministry", 30)))) == "[0,30) -> 100");  // 5
  CHECK(w.Pieces(In("lunches", ToGeneral(Move("ministry", 20)))) == "[30,50) -> 100");     // 6
  CHECK(w.Pieces(Into("lunches", Move("ministry", 10))) == "[0,10) -> 100");               // 7
  CHECK(w.Line("ministry", "flood", "CNY", "lunches") == "received 110, held 60, tail 50, minted 0");
  CHECK(w.Line("ministry", "flood", "CNY", "roofs") == "received 130, held 130, tail 0, minted 0");
  // 8: both.
  CHECK(w.Pieces(In("lunches", Into("roofs", Reclassify("ministry", "school", 15)))) == "[50,65) -> 0");
  CHECK(w.Line("ministry", "school", "CNY", "roofs") == "received 15, held 15, tail 0, minted 0");
  v1::Action back = In("roofs", Returning(Pay("ministry", "ministry", 15), Ref(8)));
  back.mutable_transfer()->set_fund("school");
  CHECK(w.Pieces(back) == "RETURN_UNKNOWN at actions[0].transfer.returns");
  back.mutable_transfer()->set_to_fund("flood");
  CHECK(w.Pieces(back) == "[0,15) -> 110");
  CHECK(w.Line("ministry", "flood", "CNY", "lunches") == "received 125, held 60, tail 65, minted 0");
  // And to general money of another fund.
  CHECK(w.Pieces(In("lunches", ToGeneral(Reclassify("ministry", "school", 15)))) == "[65,80) -> 0");
  CHECK(w.Line("ministry", "school") == "received 15, held 15, tail 0, minted 0");
  CHECK(w.Pieces(In("roofs", Returning(Pay("ministry", "ministry", 30), Ref(5)))) == "[100,130) -> 125");
  CHECK(w.Pieces(Returning(Pay("ministry", "ministry", 20), Ref(6), v1::TRANSFER_KIND_REVERSAL)) ==
        "[100,120) -> 155");
}

TEST_CASE("money of a project is exchanged in it") {
  Funded w;
  CHECK(w.Pieces(In("lunches", Exchange("ministry", "county", 70, "USD", 10))) == "[0,70) -> 0");
  CHECK(w.Line("county", "flood", "USD", "lunches") == "received 10, held 10, tail 0, minted 0");
  CHECK(w.Line("county", "flood", "USD") == "no account");
  v1::Action pay = In("lunches", Pay("county", "village", 10));
  pay.mutable_transfer()->set_asset("USD");
  CHECK(w.Pieces(pay) == "[0,10) -> 0");
}

TEST_CASE("an account's row says its project, and a project has a row for each of its accounts") {
  Funded w;
  const auto ministry = Need(books::FindAccount(w.state(), "ministry", "flood", "lunches", "CNY")).value();
  const auto name = Need(books::NeedAccountName(w.state(), ministry));
  CHECK(name.party() == "ministry");
  CHECK(name.fund() == "flood");
  CHECK(name.project() == "lunches");
  CHECK(name.asset() == "CNY");
  const auto general = Need(books::FindAccount(w.state(), "ministry", "flood", "", "CNY")).value();
  CHECK(Need(books::NeedAccountName(w.state(), general)).project().empty());
  const auto accounts = [&](const std::string& project) {
    std::size_t count = 0;
    const Bytes prefix = model::keys::ProjectAccountsOf(project);
    for (const auto& [key, value] : AllRows(w.state(), prefix, store::PrefixEnd(prefix))) {
      const auto account = Need(model::keys::ReadProjectAccount(key));
      CHECK(Need(books::NeedAccountName(w.state(), account)).project() == project);
      CHECK(value.empty());
      ++count;
    }
    return count;
  };
  CHECK(accounts("lunches") == 2);  // the donor's and the ministry's
  CHECK(accounts("roofs") == 2);
  CHECK(accounts("plan") == 0);
  const Bytes all = model::keys::AllOf(model::keys::kProjectAccountTag);
  CHECK(AllRows(w.state(), all, store::PrefixEnd(all)).size() == 4);
}

// --- what the registers demand -------------------------------------------------------------------------------

template <typename Message>
v1::Action Changed(v1::Action action, Message* (v1::Action::*message)(),
                   const std::function<void(Message*)>& change) {
  change((action.*message)());
  return action;
}
v1::Action WithProgramme(const std::function<void(v1::OpenProgramme*)>& change) {
  return Changed<v1::OpenProgramme>(Programme("new", "county"), &v1::Action::mutable_open_programme, change);
}
v1::Action WithProject(const std::function<void(v1::ProposeProject*)>& change) {
  return Changed<v1::ProposeProject>(Project("new", "county"), &v1::Action::mutable_propose_project, change);
}
v1::Action WithNeed(const std::function<void(v1::DeclareNeed*)>& change) {
  return Changed<v1::DeclareNeed>(NeedAt("new", "county", "df"), &v1::Action::mutable_declare_need, change);
}
v1::Action WithDeployment(const std::function<void(v1::Deploy*)>& change) {
  return Changed<v1::Deploy>(Deployment("new", "county", "charity", "df", "NUT"), &v1::Action::mutable_deploy,
                             change);
}

v1::Action WithDuty(const std::function<void(v1::AssignDuty*)>& change) {
  return Changed<v1::AssignDuty>(DutyAt("new", "county", "charity", "df", "NUT"),
                                 &v1::Action::mutable_assign_duty, change);
}
// Of no scope but what is said.
v1::Action DutyFor(const std::function<void(v1::AssignDuty*)>& change) {
  return WithDuty([&](v1::AssignDuty* duty) {
    duty->clear_place();
    duty->clear_category();
    change(duty);
  });
}

v1::Action InPlaces(Parts parts) { return Where(Project("new", "county"), parts, {}); }
v1::Action InCategories(Parts parts) { return Where(Project("new", "county"), {}, parts); }
v1::Action Reaching(const std::vector<std::pair<std::string, std::int64_t>>& targets) {
  return WithProject([&](v1::ProposeProject* project) {
    project->clear_targets();
    for (const auto& [indicator, number] : targets) {
      auto* target = project->add_targets();
      target->set_indicator(indicator);
      target->set_target(number);
    }
  });
}
// Its one target has these rules.
v1::Action Ruled(v1::Target::Rule across_places, v1::Target::Rule across_periods) {
  return WithProject([&](v1::ProposeProject* project) {
    project->mutable_targets(0)->set_across_places(across_places);
    project->mutable_targets(0)->set_across_periods(across_periods);
  });
}

struct Item {
  const char* story;
  std::string verdict;
  v1::Action action;
};

std::vector<Item> BadItems() {
  const std::string programme = "actions[0].open_programme", project = "actions[0].propose_project",
                    need = "actions[0].declare_need", deployment = "actions[0].deploy",
                    duty = "actions[0].assign_duty";
  return {
      {"a programme that ends before it begins", "PERIOD_INVALID at " + programme + ".until",
       WithProgramme([](auto* it) {
         it->set_from("2026-01-02");
         it->set_until("2026-01-01");
       })},
      {"a project that ends before it begins", "PERIOD_INVALID at " + project + ".until",
       WithProject([](auto* it) {
         it->set_from("2026-01-02");
         it->set_until("2026-01-01");
       })},
      {"parts that are too little", "SPLIT_INVALID at " + project + ".places",
       InPlaces({{"gz", 4'000}, {"sc", 5'999}})},
      {"parts that are too much", "SPLIT_INVALID at " + project + ".places",
       InPlaces({{"gz", 4'000}, {"sc", 6'001}})},
      {"one part that is not the whole", "SPLIT_INVALID at " + project + ".places",
       InPlaces({{"gz", 9'999}})},
      {"a part without basis points beside others", "SPLIT_INVALID at " + project + ".places",
       InPlaces({{"gz", 10'000}, {"sc", 0}})},
      {"the latest of several places", "FIELD_INVALID at " + project + ".targets",
       Ruled(v1::Target::RULE_LATEST, v1::Target::RULE_SUM)},
      {"the mean of periods", "FIELD_INVALID at " + project + ".targets",
       Ruled(v1::Target::RULE_SUM, v1::Target::RULE_AVERAGE)},
      {"a rule that nobody knows, across places", "FIELD_INVALID at " + project + ".targets[0].across_places",
       Ruled(static_cast<v1::Target::Rule>(5), v1::Target::RULE_SUM)},
      {"a rule that nobody knows, across periods",
       "FIELD_INVALID at " + project + ".targets[0].across_periods",
       Ruled(v1::Target::RULE_SUM, static_cast<v1::Target::Rule>(5))},
      {"a place that is listed twice", "SPLIT_INVALID at " + project + ".places",
       InPlaces({{"gz", 4'000}, {"gz", 6'000}})},
      {"categories that are too little", "SPLIT_INVALID at " + project + ".categories",
       InCategories({{"NUT", 4'000}, {"SHL", 5'999}})},
      {"a category without basis points beside others", "SPLIT_INVALID at " + project + ".categories",
       InCategories({{"NUT", 0}, {"SHL", 10'000}})},
      {"a category that is listed twice", "SPLIT_INVALID at " + project + ".categories",
       InCategories({{"NUT", 4'000}, {"NUT", 6'000}})},
      {"a part of more than all", "FIELD_INVALID at " + project + ".places[0].basis_points",
       InPlaces({{"gz", 10'001}})},
      {"the same part twice", "FIELD_INVALID at " + project + ".places[1]",
       InPlaces({{"gz", 5'000}, {"gz", 5'000}})},
      {"a project that is to reach nothing", "TARGET_MISSING at " + project + ".targets", Reaching({})},
      {"a target of none", "FIELD_INVALID at " + project + ".targets[0].target", Reaching({{kIndicator, 0}})},
      {"a target without an indicator", "FIELD_INVALID at " + project + ".targets[1].indicator",
       Reaching({{kIndicator, 5}, {"", 5}})},
      {"an indicator with two targets", "FIELD_INVALID at " + project + ".targets",
       Reaching({{kIndicator, 5}, {"roofs", 5}, {kIndicator, 6}})},
      {"a budget of nothing that is counted", "FIELD_INVALID at " + project + ".asset",
       WithProject([](auto* it) { it->set_budget(5); })},
      {"more households than people in a project", "FIELD_INVALID at " + project + ".households",
       WithProject([](auto* it) {
         it->set_people(5);
         it->set_households(6);
       })},
      {"a need that ends before it begins", "PERIOD_INVALID at " + need + ".until", WithNeed([](auto* it) {
         it->set_from("2026-01-02");
         it->set_until("2026-01-01");
       })},
      {"a need of nothing", "FIELD_INVALID at " + need, WithNeed([](auto* it) { it->clear_people(); })},
      {"a need of households alone", "FIELD_INVALID at " + need, WithNeed([](auto* it) {
         it->clear_people();
         it->set_households(5);
       })},
      {"an amount of nothing that is counted", "FIELD_INVALID at " + need + ".asset",
       WithNeed([](auto* it) { it->set_amount(5); })},
      {"a quantity of nothing that is counted", "FIELD_INVALID at " + need + ".unit",
       WithNeed([](auto* it) { it->set_quantity(5); })},
      {"more households than people in need", "FIELD_INVALID at " + need + ".households",
       WithNeed([](auto* it) { it->set_households(401); })},
      {"fewer people than none", "FIELD_INVALID at " + need + ".people",
       WithNeed([](auto* it) { it->set_people(-1); })},
      {"a severity that there is not", "FIELD_INVALID at " + need + ".severity",
       WithNeed([](auto* it) { it->set_severity(6); })},
      {"a priority that there is not", "FIELD_INVALID at " + need + ".priority",
       WithNeed([](auto* it) { it->set_priority(4); })},
      {"a deployment that ends before it begins", "PERIOD_INVALID at " + deployment + ".to",
       WithDeployment([](auto* it) {
         it->set_from("2026-01-02");
         it->set_to("2026-01-01");
       })},
      {"a party that is there for itself", "FIELD_INVALID at " + deployment + ".on_behalf_of",
       WithDeployment([](auto* it) { it->set_on_behalf_of("charity"); })},
      {"a deployment that ended at some time", "FIELD_INVALID at " + deployment + ".to",
       WithDeployment([](auto* it) { it->set_status(v1::Deploy::STATUS_ENDED); })},
      {"a deployment of no status", "FIELD_INVALID at " + deployment + ".status",
       WithDeployment([](auto* it) { it->clear_status(); })},
      {"a duty that ends before it begins", "PERIOD_INVALID at " + duty + ".until", WithDuty([](auto* it) {
         it->set_from("2026-01-02");
         it->set_until("2026-01-01");
       })},
      {"a duty of no role", "FIELD_INVALID at " + duty + ".role",
       WithDuty([](auto* it) { it->clear_role(); })},
      {"a duty of nobody", "FIELD_INVALID at " + duty + ".party",
       WithDuty([](auto* it) { it->clear_party(); })},
      {"a duty for nothing", "FIELD_INVALID at " + duty, DutyFor([](auto*) {})},
      {"a duty for a programme and a project", "FIELD_INVALID at " + duty, DutyFor([](auto* it) {
         it->set_programme("schools");
         it->set_project("lunches");
       })},
      {"a duty for a project and a place", "FIELD_INVALID at " + duty, DutyFor([](auto* it) {
         it->set_project("lunches");
         it->set_place("df");
       })},
      {"a duty for a programme and a category", "FIELD_INVALID at " + duty, DutyFor([](auto* it) {
         it->set_programme("schools");
         it->set_category("NUT");
       })},
      {"a duty for all that there is", "FIELD_INVALID at " + duty, WithDuty([](auto* it) {
         it->set_programme("schools");
         it->set_project("lunches");
       })},
      {"a duty for a place that is not there", "REFERENCE_UNKNOWN at " + duty + ".place",
       DutyFor([](auto* it) { it->set_place("nowhere"); })},
      {"a duty of a party that is not there", "REFERENCE_UNKNOWN at " + duty + ".party",
       WithDuty([](auto* it) { it->set_party("nobody"); })},
  };
}

std::vector<Item> GoodItems() {
  return {
      {"a programme of one day", "OK", WithProgramme([](auto* it) {
         it->set_from("2026-01-01");
         it->set_until("2026-01-01");
       })},
      {"a programme with a last day alone", "OK",
       WithProgramme([](auto* it) { it->set_until("2026-01-01"); })},
      {"a project that is open at the end", "OK", WithProject([](auto* it) { it->set_from("2026-01-01"); })},
      {"parts that add up", "OK", InPlaces({{"gz", 1}, {"sc", 6'000}, {"df", 3'999}})},
      {"places without parts", "OK", InPlaces({{"gz", 0}, {"sc", 0}})},
      {"one place that has all", "OK", InPlaces({{"gz", 10'000}})},
      {"a place and one below it", "OK", InPlaces({{"gz", 5'000}, {"df", 5'000}})},
      {"categories that add up", "OK", InCategories({{"NUT", 3'333}, {"SHL", 6'667}})},
      {"categories without parts", "OK", InCategories({{"NUT", 0}, {"SHL", 0}})},
      {"two indicators with one number", "OK", Reaching({{kIndicator, 5}, {"roofs", 5}})},
      {"sums of sums", "OK", Ruled(v1::Target::RULE_SUM, v1::Target::RULE_SUM)},
      {"the largest of the latest", "OK", Ruled(v1::Target::RULE_MAX, v1::Target::RULE_LATEST)},
      {"the mean of the largest", "OK", Ruled(v1::Target::RULE_AVERAGE, v1::Target::RULE_MAX)},
      {"no rule across places", "OK", Ruled(v1::Target::RULE_UNSPECIFIED, v1::Target::RULE_SUM)},
      {"no rule across periods", "OK", Ruled(v1::Target::RULE_AVERAGE, v1::Target::RULE_UNSPECIFIED)},
      {"an asset without a budget", "OK", WithProject([](auto* it) { it->set_asset("CNY"); })},
      {"a budget", "OK", WithProject([](auto* it) {
         it->set_asset("CNY");
         it->set_budget(5);
       })},
      {"as many households as people", "OK", WithProject([](auto* it) {
         it->set_people(5);
         it->set_households(5);
       })},
      {"households, and nobody counted people", "OK", WithProject([](auto* it) { it->set_households(5); })},
      {"a need of money alone", "OK", WithNeed([](auto* it) {
         it->clear_people();
         it->set_asset("CNY");
         it->set_amount(5);
       })},
      {"a need of goods alone", "OK", WithNeed([](auto* it) {
         it->clear_people();
         it->set_unit("tents");
         it->set_quantity(5);
       })},
      {"a need of one day", "OK", WithNeed([](auto* it) {
         it->set_from("2026-01-01");
         it->set_until("2026-01-01");
       })},
      {"a need of the worst kind", "OK", WithNeed([](auto* it) {
         it->set_severity(5);
         it->set_priority(3);
       })},
      {"a deployment that has ended", "OK", WithDeployment([](auto* it) {
         it->set_status(v1::Deploy::STATUS_ENDED);
         it->set_to("2026-01-01");
       })},
      {"a deployment for another party", "OK",
       WithDeployment([](auto* it) { it->set_on_behalf_of("county"); })},
      {"a deployment for its own project", "OK", WithDeployment([](auto* it) {
         it->set_project("lunches");
         it->set_staff(3);
         it->set_volunteers(40);
       })},
      {"a duty for one category in one place", "OK", WithDuty([](auto*) {})},
      {"a duty for all help in a place", "OK", DutyFor([](auto* it) { it->set_place("df"); })},
      {"a duty for one category everywhere", "OK", DutyFor([](auto* it) { it->set_category("NUT"); })},
      {"a duty for a programme", "OK", DutyFor([](auto* it) { it->set_programme("schools"); })},
      {"a duty for a project that nobody approved", "OK", DutyFor([](auto* it) { it->set_project("plan"); })},
      {"a duty of the party that assigns it, on one day", "OK", WithDuty([](auto* it) {
         it->set_party("county");
         it->set_from("2026-01-01");
         it->set_until("2026-01-01");
         it->set_note("the county's own");
       })},
  };
}

TEST_CASE("what a programme, a project, a need, a deployment and a duty must say, opened and amended") {
  for (const auto& items : {BadItems(), GoodItems()}) {
    for (const Item& item : items) {
      INFO(item.story);
      ProjectWorld opened;
      CHECK(opened.Verdict(item.action) == item.verdict);

      ProjectWorld amended;
      const std::uint64_t record = amended.next();
      const v1::Action good = item.action.has_open_programme()    ? Programme("new", "county")
                              : item.action.has_propose_project() ? Project("new", "county")
                              : item.action.has_declare_need()    ? NeedAt("new", "county", "df")
                              : item.action.has_assign_duty()
                                  ? WithDuty([](auto*) {})
                                  : Deployment("new", "county", "charity", "df", "NUT");
      Need(amended.Do({good}).status());
      CHECK(amended.Verdict(Amending(item.action, record)) == item.verdict);
    }
  }
}

TEST_CASE("places and categories of a project are registered, each of them") {
  ProjectWorld w;
  const auto refused = [&](const v1::Action& action) {
    const Status status = w.Do({action}).status();
    const auto refusal = model::RefusalOf(status).value_or(v1::Refusal());
    return absl::StrCat(Verdict(status), ": ", refusal.register_(), " ", refusal.id());
  };
  CHECK(refused(InPlaces({{"gz", 5'000}, {"nowhere", 5'000}})) ==
        "REFERENCE_UNKNOWN at actions[0].propose_project.places[1].place: place nowhere");
  CHECK(refused(InCategories({{"NUT", 5'000}, {"song", 5'000}})) ==
        "REFERENCE_UNKNOWN at actions[0].propose_project.categories[1].category: category song");
  const std::uint64_t opened = w.next();
  Need(w.Do({InPlaces({{"gz", 5'000}, {"sc", 5'000}})}).status());
  Need(w.Do({End("place", "sc", kProposed)}).status());
  CHECK(refused(InPlaces({{"gz", 5'000}, {"sc", 5'000}})) ==
        "REFERENCE_ENDED at actions[0].propose_project.places[1].place: place sc");
  // A version that named it may go on to, with another part.
  CHECK(w.Verdict(Amending(InPlaces({{"gz", 4'000}, {"sc", 6'000}}), opened)) == "OK");
}

}  // namespace
}  // namespace fundtrail::testing
