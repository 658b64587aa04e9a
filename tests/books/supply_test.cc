// Pledges, assignments and commitments: the sums after each step, every refusal and its boundary. Also on random entries
// against somebody who keeps the same books in a few maps.
#include "ledger/books/money/supply.h"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "ledger/books/money/commitments.h"
#include "tests/support/counting_reader.h"
#include "tests/support/supply.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

v1::Action ForNeed(const std::string& need, v1::Action pay) {
  pay.mutable_transfer()->set_need(need);
  return pay;
}

// --- pledges -------------------------------------------------------------------------------------------------

TEST_CASE("a pledge says one of an amount with its asset and a quantity with its unit") {
  SupplyWorld w;
  const auto change = [](const std::function<void(v1::Pledge*)>& how) {
    v1::Action action = PledgeOf("p", "donor", 10);
    how(action.mutable_pledge());
    return action;
  };
  const std::string at = "actions[0].pledge";
  CHECK(w.Verdict(PledgeOf("none", "donor", 0)) == "FIELD_INVALID at " + at);
  CHECK(w.Verdict(change([](auto* p) { p->set_quantity(5); })) == "FIELD_INVALID at " + at);
  CHECK(w.Verdict(change([](auto* p) { p->clear_asset(); })) == "FIELD_INVALID at " + at + ".asset");
  CHECK(w.Verdict(change([](auto* p) {
    p->clear_asset();
    p->clear_amount();
    p->set_quantity(5);
  })) == "FIELD_INVALID at " + at + ".unit");
  CHECK(w.Verdict(change([](auto* p) {
    p->set_from("2026-02-02");
    p->set_until("2026-02-01");
  })) == "PERIOD_INVALID at " + at + ".until");
  CHECK(w.Verdict(PledgeOf("p", "donor", 10), {14}, "donor") == "OK");
  CHECK(w.Verdict(PledgeOf("q", "ministry", 10), {14}, "donor") == "KEY_NOT_AUTHORISED at " + at + ".owner");
}

TEST_CASE("a pledge is not amended below what is assigned, and one that is withdrawn is assigned no more") {
  SupplyWorld w;
  REQUIRE(w.AssignVerdict(AssignOf("a", "gift", "cold", 500)) == "OK");
  CHECK(w.Verdict(Amending(PledgeOf("gift", "donor", 499), w.prepared())) ==
        "PLEDGE_SHORT at actions[0].pledge.amount");
  const std::uint64_t amended = w.next();
  CHECK(w.Verdict(Amending(PledgeOf("gift", "donor", 500), w.prepared())) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "cold", 1)) == "PLEDGE_SHORT at actions[0].assign.amount");
  REQUIRE(w.Verdict(End("pledge", "gift", amended)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "cold", 1)) == "REFERENCE_ENDED at actions[0].assign.pledge");
  // What is assigned stays, and is paid.
  CHECK(w.Supplied("gift", "a", "cold") == "gift 500/0, a 500/0, cold 500/0");
  CHECK(w.Verdict(Keeping("gift", "a", ForNeed("cold", Pay("donor", "village", 500)))) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 500/500, a 500/500, cold 0/0");
}

TEST_CASE("a pledge of money stays one of money, and one of a quantity stays that") {
  SupplyWorld w;
  v1::Action money = PledgeOf("money", "donor", 100), days = PledgeOf("days", "donor", 0);
  money.mutable_pledge()->set_unit("person-days");
  days.mutable_pledge()->set_asset("CNY");
  days.mutable_pledge()->set_quantity(30);
  days.mutable_pledge()->set_unit("person-days");
  const std::uint64_t made = w.next();
  Need(w.Do({money, days}).status());
  Need(w.Do({Keeping("money", "", Pay("donor", "ministry", 50))}).status());
  money.mutable_pledge()->clear_amount();
  money.mutable_pledge()->set_quantity(30);
  CHECK(w.Verdict(Amending(money, made)) == "FIELD_FIXED at actions[0].pledge.quantity");
  days.mutable_pledge()->clear_quantity();
  days.mutable_pledge()->set_amount(100);
  CHECK(w.Verdict(Amending(days, made)) == "FIELD_FIXED at actions[0].pledge.amount");
  days.mutable_pledge()->clear_amount();
  days.mutable_pledge()->set_quantity(20);
  CHECK(w.Verdict(Amending(days, made)) == "OK");
}

// --- assignments ---------------------------------------------------------------------------------------------

TEST_CASE(
    "an assignment takes from the pledge and from what is open, and its end gives back what is not paid") {
  SupplyWorld w;
  const std::uint64_t assigned = w.next();
  REQUIRE(w.AssignVerdict(AssignOf("a", "gift", "cold", 300)) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 300/0, a 300/0, cold 300/0");
  // Money goes to the ministry under the pledge, and from there to the village under the assignment.
  REQUIRE(w.Verdict(Keeping("gift", "", Pay("donor", "ministry", 700))) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 300/700, a 300/0, cold 300/0");
  const std::uint64_t paid = w.next();
  REQUIRE(w.Verdict(Keeping("", "a", ForNeed("cold", Pay("ministry", "village", 120)))) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 300/700, a 300/120, cold 180/0");
  // What is sent back is to be paid again.
  REQUIRE(w.Verdict(Returning(Pay("village", "ministry", 20), Ref(paid))) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 300/700, a 300/100, cold 200/0");
  CHECK(w.AssignVerdict(Amending(AssignOf("a", "gift", "cold", 300), assigned)) == "OK");
  const std::uint64_t ended = w.next();
  REQUIRE(w.AssignVerdict(End("assignment", "a", ended - 1)) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 100/700, a 100/100, cold 0/0");
  CHECK(w.Verdict(Keeping("", "a", ForNeed("cold", Pay("ministry", "village", 1)))) ==
        "REFERENCE_ENDED at actions[0].transfer.assignment");
  // After its end nobody is to pay it: what comes back frees the pledge.
  REQUIRE(w.Verdict(Returning(Pay("village", "ministry", 100), Ref(paid))) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 0/700, a 0/0, cold 0/0");
  // The sums of then are still there.
  const auto then = [&](std::uint64_t record) {
    return Need(books::GetSupply(w.state(), model::Supply::kNeed, "cold", RecordIndex(record))).assigned();
  };
  CHECK(then(assigned - 1) == 0);
  CHECK(then(assigned) == 300);
  CHECK(then(paid) == 180);
}

TEST_CASE("the donor signs what its pledge does not leave to the group") {
  SupplyWorld w;
  CHECK(w.AssignVerdict(AssignOf("a", "loan", "cold", 10)) ==
        "KEY_NOT_AUTHORISED at actions[0].assign.pledge");
  CHECK(w.AssignVerdict(AssignOf("a", "loan", "cold", 10), true) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "cold", 10)) == "OK");
}

TEST_CASE("an assignment is of money or of a quantity, in what the pledge and the need count") {
  SupplyWorld w;
  const std::string at = "actions[0].assign";
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "cold", 0)) == "FIELD_INVALID at " + at);
  v1::Action both = AssignOf("a", "gift", "cold", 10);
  both.mutable_assign()->set_quantity(5);
  CHECK(w.AssignVerdict(both) == "FIELD_INVALID at " + at);
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "cold", 10, "USD")) == "SCOPE_MISMATCH at " + at + ".asset");
  v1::Action quantity = AssignOf("a", "gift", "cold", 0);
  quantity.mutable_assign()->clear_asset();
  quantity.mutable_assign()->set_quantity(5);
  CHECK(w.AssignVerdict(quantity) == "SCOPE_MISMATCH at " + at + ".quantity");

  // Tents, of which the need asks for 40.
  v1::Action tents = PledgeOf("tents", "donor", 0);
  tents.mutable_pledge()->set_quantity(60);
  tents.mutable_pledge()->set_unit("tents");
  v1::Action shelter = NeedAt("shelter", "county", "df");
  shelter.mutable_declare_need()->set_quantity(40);
  shelter.mutable_declare_need()->set_unit("tents");
  Need(w.Do({tents, shelter, Verify("shelter", w.next(), "bureau")}).status());
  const std::uint64_t declared = w.next() - 1;
  quantity.mutable_assign()->set_pledge("tents");
  CHECK(w.AssignVerdict(quantity) == "SCOPE_MISMATCH at " + at + ".need");
  quantity.mutable_assign()->set_need("shelter");
  quantity.mutable_assign()->set_quantity(41);
  CHECK(w.AssignVerdict(quantity) == "NEED_FILLED at " + at + ".quantity");
  quantity.mutable_assign()->set_quantity(40);
  const std::uint64_t assigned = w.next();
  CHECK(w.AssignVerdict(quantity) == "OK");
  CHECK(w.Supplied("tents", "a", "shelter") == "tents 40/0, a 40/0, shelter 0/0+40");
  CHECK(w.AssignVerdict(AssignOf("b", "tents", "cold", 10)) == "SCOPE_MISMATCH at " + at + ".asset");
  // No payment counts tents; and the unit is fixed now.
  CHECK(w.Verdict(Keeping("", "a", ForNeed("cold", Pay("donor", "village", 1)))) ==
        "SCOPE_MISMATCH at actions[0].transfer.need");
  shelter.mutable_declare_need()->set_unit("huts");
  CHECK(w.Verdict(Amending(shelter, declared)) == "FIELD_FIXED at actions[0].declare_need.unit");
  CHECK(w.AssignVerdict(End("assignment", "a", assigned)) == "OK");
  CHECK(w.Supplied("tents", "a", "shelter") == "tents 0/0, a 0/0, shelter 0/0");
}

TEST_CASE("the asset of a need is fixed once something was assigned to it") {
  SupplyWorld w;
  const v1::Action other = Amending(Asking(NeedAt("cold", "county", "df"), 1'000, "USD"), w.prepared());
  const std::uint64_t assigned = w.next();
  REQUIRE(w.AssignVerdict(AssignOf("a", "gift", "cold", 10)) == "OK");
  CHECK(w.Verdict(other) == "FIELD_FIXED at actions[0].declare_need.asset");
  REQUIRE(w.AssignVerdict(End("assignment", "a", assigned)) == "OK");
  CHECK(w.Verdict(other) == "FIELD_FIXED at actions[0].declare_need.asset");
  CHECK(w.Verdict(Amending(Asking(NeedAt("cold", "county", "df"), 5), w.prepared())) == "OK");
  CHECK(w.Verdict(Amending(Asking(NeedAt("thirst", "county", "df"), 5, "USD"), w.prepared())) == "OK");
}

TEST_CASE("a need stays for the people for whom something was assigned to it") {
  SupplyWorld w;
  const auto people = [](const std::string& id) {
    v1::Action action;
    action.mutable_declare_target_group()->set_id(id);
    action.mutable_declare_target_group()->set_name("People " + id);
    return action;
  };
  const auto meals = [](const std::string& group) {
    v1::Action action = Asking(NeedAt("meals", "county", "df"), 100);
    action.mutable_declare_need()->set_target_group(group);
    return action;
  };
  v1::Action pledge = PledgeOf("p", "donor", 100);
  pledge.mutable_pledge()->add_target_groups("pupils");
  const std::uint64_t declared = w.next();
  Need(w.Do({people("pupils"), people("elderly"), meals("elderly"), pledge}).status());
  const std::uint64_t amended = w.next();
  REQUIRE(w.Verdict(Amending(meals("pupils"), declared)) == "OK");  // nothing is assigned yet
  Need(w.Do({Verify("meals", amended, "bureau")}).status());
  REQUIRE(w.AssignVerdict(AssignOf("a", "p", "meals", 10)) == "OK");
  for (const char* group : {"elderly", ""})
    CHECK(w.Verdict(Amending(meals(group), amended)) ==
          "FIELD_FIXED at actions[0].declare_need.target_group");
  CHECK(w.Verdict(Amending(Asking(meals("pupils"), 200), amended)) == "OK");
}

TEST_CASE("a pledge covers needs, places, categories and groups of people at or above those of the need") {
  struct Scope {
    const char* story;
    std::function<void(v1::Pledge*)> set;
    bool covers;
  };
  const std::vector<Scope> scopes = {
      {"nothing said", [](auto*) {}, true},
      {"the need", [](auto* p) { p->add_needs("thirst"), p->add_needs("cold"); }, true},
      {"another need", [](auto* p) { p->add_needs("thirst"); }, false},
      {"the place", [](auto* p) { p->add_places("df"); }, true},
      {"a place above", [](auto* p) { p->add_places("sc"), p->add_places("cn"); }, true},
      {"a place below", [](auto* p) { p->add_places("town"); }, false},
      {"another place", [](auto* p) { p->add_places("sc"); }, false},
      {"the category", [](auto* p) { p->add_categories("NUT"); }, true},
      {"the category above", [](auto* p) { p->add_categories("food"); }, true},
      {"another category", [](auto* p) { p->add_categories("SHL"); }, false},
      {"the group", [](auto* p) { p->add_target_groups("pupils"); }, true},
      {"the group above", [](auto* p) { p->add_target_groups("children"); }, true},
      {"another group", [](auto* p) { p->add_target_groups("elderly"); }, false},
      {"all that fits and one that does not", [](auto* p) { p->add_places("df"), p->add_categories("SHL"); },
       false},
  };
  for (const Scope& scope : scopes) {
    INFO(scope.story);
    SupplyWorld w;
    const auto people = [](const std::string& id, const std::string& parent) {
      v1::Action action;
      action.mutable_declare_target_group()->set_id(id);
      action.mutable_declare_target_group()->set_name("People " + id);
      action.mutable_declare_target_group()->set_parent(parent);
      return action;
    };
    v1::Action need = Asking(NeedAt("meals", "county", "df", "milk"), 100);
    need.mutable_declare_need()->set_target_group("pupils");
    Need(w.Do({people("children", ""), people("pupils", "children"), people("elderly", ""), Category("food"),
               Category("milk", "food"), need, Verify("meals", w.next(), "bureau")})
             .status());
    v1::Action pledge = PledgeOf("p", "donor", 100);
    scope.set(pledge.mutable_pledge());
    // Of the needs of the world, cold is for NUT in df; meals is for milk, which is food.
    const bool of_cold = pledge.pledge().needs_size() > 0 ||
                         (pledge.pledge().categories_size() > 0 && pledge.pledge().categories(0) != "food");
    if (of_cold) pledge.mutable_pledge()->clear_target_groups();
    Need(w.Do({pledge}).status());
    CHECK(w.AssignVerdict(AssignOf("a", "p", of_cold ? "cold" : "meals", 10)) ==
          (scope.covers ? "OK" : "SCOPE_MISMATCH at actions[0].assign.need"));
  }
  // A need that names no group of people is covered by none that names one.
  SupplyWorld w;
  v1::Action group;
  group.mutable_declare_target_group()->set_id("pupils");
  group.mutable_declare_target_group()->set_name("Pupils");
  v1::Action pledge = PledgeOf("p", "donor", 100);
  pledge.mutable_pledge()->add_target_groups("pupils");
  Need(w.Do({group, pledge}).status());
  CHECK(w.AssignVerdict(AssignOf("a", "p", "cold", 10)) == "SCOPE_MISMATCH at actions[0].assign.need");
}

TEST_CASE("pledge and need are in force on the day of the record, and the need is verified as it stands") {
  struct Case {
    const char* story;
    std::function<void(v1::Pledge*)> pledge;
    std::function<void(v1::DeclareNeed*)> need;
    std::string verdict;
  };
  const auto same = [](auto*) {};
  const std::string of_pledge = "NOT_IN_FORCE at actions[0].assign.pledge";
  const std::string of_need = "NOT_IN_FORCE at actions[0].assign.need";
  const std::vector<Case> cases = {
      // the records are of 2024-10-04
      {"the pledge begins tomorrow", [](auto* p) { p->set_from("2024-10-05"); }, same, of_pledge},
      {"the pledge begins today", [](auto* p) { p->set_from("2024-10-04"); }, same, "OK"},
      {"the pledge ended yesterday", [](auto* p) { p->set_until("2024-10-03"); }, same, of_pledge},
      {"the pledge ends today", [](auto* p) { p->set_until("2024-10-04"); }, same, "OK"},
      {"the need begins tomorrow", same, [](auto* n) { n->set_from("2024-10-05"); }, of_need},
      {"the need begins today", same, [](auto* n) { n->set_from("2024-10-04"); }, "OK"},
      {"the need ended yesterday", same, [](auto* n) { n->set_until("2024-10-03"); }, of_need},
      {"the need ends today", same, [](auto* n) { n->set_until("2024-10-04"); }, "OK"},
  };
  for (const Case& one : cases) {
    INFO(one.story);
    SupplyWorld w;
    v1::Action pledge = PledgeOf("p", "donor", 100), need = Asking(NeedAt("n", "county", "df"), 100);
    one.pledge(pledge.mutable_pledge());
    one.need(need.mutable_declare_need());
    Need(w.Do({pledge, need, Verify("n", w.next(), "bureau")}).status());
    CHECK(w.AssignVerdict(AssignOf("a", "p", "n", 10)) == one.verdict);
  }
  // Nobody looked, somebody refused, and the version changed since.
  SupplyWorld w;
  const std::uint64_t declared = w.next();
  Need(w.Do({Asking(NeedAt("n", "county", "df"), 100)}).status());
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "n", 10)) == of_need);
  Need(w.Do({Verify("n", declared, "bureau", v1::VerifyNeed::RESULT_REFUSED)}).status());
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "n", 10)) == of_need);
  Need(w.Do({Verify("n", declared, "bureau")}).status());
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "n", 10)) == "OK");
  Need(w.Do({Amending(Asking(NeedAt("n", "county", "df"), 200), declared)}).status());
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "n", 10)) == of_need);
  CHECK(w.Verdict(End("need", "n", w.next() - 1)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "n", 10)) == "REFERENCE_ENDED at actions[0].assign.need");
}

TEST_CASE(
    "open is what is asked, by the figures that were found, less what came straight and what is assigned") {
  SupplyWorld w;
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "thirst", 401)) == "NEED_FILLED at actions[0].assign.amount");
  const std::uint64_t assigned = w.next();
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "thirst", 250)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "thirst", 151)) == "NEED_FILLED at actions[0].assign.amount");
  // Half of it is paid: what is met goes up as what is assigned goes down.
  REQUIRE(w.Verdict(Keeping("gift", "a", ForNeed("thirst", Pay("donor", "village", 125)))) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "thirst", 151)) == "NEED_FILLED at actions[0].assign.amount");
  // What comes beside the assignment fills the need too, out of any fund.
  v1::Action school = ForNeed("thirst", Pay("donor2", "village", 50));
  school.mutable_transfer()->set_fund("school");
  REQUIRE(w.Verdict(school) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "thirst", 101)) == "NEED_FILLED at actions[0].assign.amount");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "thirst", 100)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("c", "gift", "thirst", 1)) == "NEED_FILLED at actions[0].assign.amount");
  REQUIRE(w.AssignVerdict(End("assignment", "a", assigned)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("c", "gift", "thirst", 126)) == "NEED_FILLED at actions[0].assign.amount");
  CHECK(w.AssignVerdict(AssignOf("c", "gift", "thirst", 125)) == "OK");
  // Corrected to 300, cold asks for no more.
  v1::Action corrected = Verify("cold", w.prepared(), "bureau", v1::VerifyNeed::RESULT_CORRECTED);
  corrected.mutable_verify_need()->set_amount(300);
  Need(w.Do({corrected}).status());
  CHECK(w.AssignVerdict(AssignOf("d", "gift", "cold", 301)) == "NEED_FILLED at actions[0].assign.amount");
  CHECK(w.AssignVerdict(AssignOf("d", "gift", "cold", 300)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("e", "gift", "cold", 1)) == "NEED_FILLED at actions[0].assign.amount");
}

TEST_CASE("a need that recurs asks anew in each year since its first day") {
  SupplyWorld w;
  v1::Action dated = Asking(NeedAt("dated", "county", "df"), 100),
             open = Asking(NeedAt("open", "county", "df"), 100);
  dated.mutable_declare_need()->set_recurring(true);
  dated.mutable_declare_need()->set_from("2022-10-05");  // the day before its second anniversary
  open.mutable_declare_need()->set_recurring(true);
  Need(w.Do({dated, open, Verify("dated", w.next(), "bureau"), Verify("open", w.next(), "bureau")}).status());
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "dated", 201)) == "NEED_FILLED at actions[0].assign.amount");
  CHECK(w.AssignVerdict(AssignOf("a", "gift", "dated", 200)) == "OK");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "open", 101)) == "NEED_FILLED at actions[0].assign.amount");
  w.On(Date(20'001));
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "dated", 101)) == "NEED_FILLED at actions[0].assign.amount");
  CHECK(w.AssignVerdict(AssignOf("b", "gift", "dated", 100)) == "OK");
}

// --- payments that keep a pledge -----------------------------------------------------------------------------

TEST_CASE("what a payment may say of a pledge and an assignment") {
  SupplyWorld w;
  Need(w.Do({PledgeOf("dollars", "donor", 50, true, "USD"), Pay("donor", "ministry", 500)}).status());
  REQUIRE(w.AssignVerdict(AssignOf("a", "gift", "cold", 100)) == "OK");
  const std::string at = "actions[0].transfer";
  const auto paid = [](std::int64_t amount) { return ForNeed("cold", Pay("ministry", "village", amount)); };
  CHECK(w.Verdict(Keeping("nothing", "", Pay("donor", "ministry", 1))) ==
        "REFERENCE_UNKNOWN at " + at + ".pledge");
  CHECK(w.Verdict(Keeping("gift", "", Pay("donor2", "ministry", 1))) == "SCOPE_MISMATCH at " + at + ".from");
  CHECK(w.Verdict(Keeping("dollars", "", Pay("donor", "ministry", 1))) ==
        "SCOPE_MISMATCH at " + at + ".asset");
  CHECK(w.Verdict(Keeping("gift", "", Reclassify("ministry", "school", 1))) ==
        "KIND_MISMATCH at " + at + ".pledge");
  CHECK(w.Verdict(Keeping("", "a", Reclassify("ministry", "school", 1))) ==
        "KIND_MISMATCH at " + at + ".assignment");
  CHECK(w.Verdict(Keeping("", "nothing", paid(1))) == "REFERENCE_UNKNOWN at " + at + ".assignment");
  CHECK(w.Verdict(Keeping("", "a", Pay("ministry", "village", 1))) == "SCOPE_MISMATCH at " + at + ".need");
  CHECK(w.Verdict(Keeping("", "a", ForNeed("thirst", Pay("ministry", "village", 1)))) ==
        "SCOPE_MISMATCH at " + at + ".need");
  CHECK(w.Verdict(Keeping("loan", "a", ForNeed("cold", Pay("donor", "village", 1)))) ==
        "SCOPE_MISMATCH at " + at + ".pledge");
  CHECK(w.Verdict(Keeping("", "a", paid(101))) == "PLEDGE_SHORT at " + at + ".amount");
  CHECK(w.Verdict(Keeping("", "a", paid(60))) == "OK");
  CHECK(w.Verdict(Keeping("", "a", paid(41))) == "PLEDGE_SHORT at " + at + ".amount");
  CHECK(w.Verdict(Keeping("", "a", paid(40))) == "OK");
  CHECK(w.Verdict(Keeping("", "no such id!", paid(1))) == "FIELD_INVALID at " + at + ".assignment");
  // A donor may pay more than it pledged, but not more than can be counted.
  CHECK(w.Verdict(Keeping("gift", "", Pay("donor", "county", 900))) == "OK");
  CHECK(w.Verdict(Keeping("gift", "", Pay("donor", "charity", kMost - 899))) ==
        "OVERFLOW at " + at + ".amount");
}

TEST_CASE("a payment that is only committed keeps nothing of a pledge, and has its part of the assignment") {
  SupplyWorld w;
  REQUIRE(w.AssignVerdict(AssignOf("a", "gift", "cold", 100)) == "OK");
  v1::Action pay = Keeping("gift", "a", ForNeed("cold", Pay("donor", "village", 60)));
  pay.mutable_transfer()->set_stage(v1::STAGE_COMMITTED);
  const std::uint64_t committed = w.next();
  REQUIRE(w.Verdict(pay) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 100/0, a 100/60, cold 40/0");
  v1::Action back = Returning(Pay("village", "donor", 60), Ref(committed));
  back.mutable_transfer()->set_stage(v1::STAGE_COMMITTED);
  REQUIRE(w.Verdict(back) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 100/0, a 100/0, cold 100/0");
  // Now it is paid.
  pay.mutable_transfer()->set_stage(v1::STAGE_PAID);
  const std::uint64_t paid = w.next();
  REQUIRE(w.Verdict(pay) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 100/60, a 100/60, cold 40/0");
  // The stage of what is sent back decides, not that which the return says.
  back.mutable_transfer()->mutable_returns()->set_record(paid);
  REQUIRE(w.Verdict(back) == "OK");
  CHECK(w.Supplied("gift", "a", "cold") == "gift 100/0, a 100/0, cold 100/0");
}

// --- commitments ---------------------------------------------------------------------------------------------

TEST_CASE("what is committed is paid by payments that name it, and by no other") {
  SupplyWorld w;
  Need(w.Do({Pay("donor", "ministry", 100)}).status());
  const std::string at = "actions[0].commit";
  CHECK(w.Verdict(CommitOf("c", "ministry", 101)) == "INSUFFICIENT_FUNDS at " + at + ".amount");
  CHECK(w.Verdict(CommitOf("c", "county", 1)) == "INSUFFICIENT_FUNDS at " + at + ".amount");  // no account
  CHECK(w.Verdict(CommitOf("c", "donor", 1)) == "FIELD_INVALID at " + at + ".owner");
  CHECK(w.Verdict(CommitOf("c", "village", 1)) == "FIELD_INVALID at " + at + ".owner");
  const std::uint64_t committed = w.next();
  CHECK(w.Verdict(CommitOf("c", "ministry", 60), {2}) == "OK");  // it takes PAY
  CHECK(w.Kept("ministry") == 60);
  CHECK(w.Verdict(CommitOf("d", "ministry", 41)) == "INSUFFICIENT_FUNDS at " + at + ".amount");
  CHECK(w.Verdict(CommitOf("d", "ministry", 40)) == "OK");
  CHECK(w.Verdict(Pay("ministry", "county", 1)) == "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  REQUIRE(w.Verdict(End("commitment", "d", w.next() - 1)) == "OK");
  CHECK(w.Verdict(Pay("ministry", "county", 41)) == "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  CHECK(w.Verdict(Pay("ministry", "county", 30)) == "OK");
  CHECK(w.Verdict(Using("c", Pay("ministry", "county", 61))) ==
        "COMMITMENT_SHORT at actions[0].transfer.amount");
  const std::uint64_t used = w.next();
  CHECK(w.Verdict(Using("c", Pay("ministry", "county", 45))) == "OK");
  CHECK(w.Kept("ministry") == 15);
  CHECK(w.Sums(model::Supply::kCommitment, "c") == "60/45");
  CHECK(w.Verdict(Using("c", Pay("ministry", "county", 16))) ==
        "COMMITMENT_SHORT at actions[0].transfer.amount");
  // What comes back is free; the commitment is used.
  REQUIRE(w.Verdict(Returning(Pay("county", "ministry", 45), Ref(used))) == "OK");
  CHECK(w.Kept("ministry") == 15);
  CHECK(w.Verdict(Pay("ministry", "county", 55)) == "OK");
  CHECK(w.Verdict(Pay("ministry", "county", 1)) == "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  REQUIRE(w.Verdict(End("commitment", "c", committed)) == "OK");
  CHECK(w.Kept("ministry") == 0);
  CHECK(w.Sums(model::Supply::kCommitment, "c") == "45/45");
  CHECK(w.Verdict(Using("c", Pay("ministry", "county", 1))) ==
        "REFERENCE_ENDED at actions[0].transfer.commitment");
  CHECK(w.Verdict(Pay("ministry", "county", 15)) == "OK");
}

TEST_CASE("the sentence says how much is committed") {
  SupplyWorld w;
  Need(w.Do({Pay("donor", "ministry", 100'00), CommitOf("c", "ministry", 60'00)}).status());
  const Status refused = w.Do({Pay("ministry", "county", 41'00)}).status();
  CHECK_THAT(std::string(refused.message()),
             Catch::Contains("ministry holds 100.00 CNY in fund flood, of which 60.00 CNY is committed"));
}

TEST_CASE("a commitment is one of an account, and of a payee where it names one") {
  SupplyWorld w;
  v1::Action named = CommitOf("named", "ministry", 10);
  named.mutable_commit()->set_payee("charity");
  Need(w.Do({Pay("donor", "ministry", 100), Pay("donor", "county", 100),
             Into("lunches", Pay("donor", "ministry", 50)), CommitOf("c", "ministry", 10),
             CommitOf("p", "ministry", 10, "lunches"), named})
           .status());
  const std::string mismatch = "SCOPE_MISMATCH at actions[0].transfer.commitment";
  CHECK(w.Verdict(Using("c", Pay("county", "charity", 1))) == mismatch);
  CHECK(w.Verdict(Using("c", In("lunches", Pay("ministry", "charity", 1)))) == mismatch);
  CHECK(w.Verdict(Using("p", Pay("ministry", "charity", 1))) == mismatch);
  CHECK(w.Verdict(Using("p", In("lunches", Pay("ministry", "charity", 1)))) == "OK");
  CHECK(w.Verdict(Using("named", Pay("ministry", "county", 1))) ==
        "SCOPE_MISMATCH at actions[0].transfer.to");
  CHECK(w.Verdict(Using("named", Pay("ministry", "charity", 1))) == "OK");
  CHECK(w.Verdict(Using("nothing", Pay("ministry", "charity", 1))) ==
        "REFERENCE_UNKNOWN at actions[0].transfer.commitment");
  // Money that is taken to another fund may be the committed one.
  CHECK(w.Verdict(Using("c", Reclassify("ministry", "school", 1))) == "OK");
  CHECK(w.Kept("ministry") == 18);
  CHECK(w.Kept("ministry", "lunches") == 9);
}

TEST_CASE("what is sent back draws only what is not committed, and uses no commitment") {
  SupplyWorld w;
  const std::uint64_t paid = w.next();
  Need(w.Do({Pay("donor", "ministry", 100)}).status());
  Need(w.Do({CommitOf("c", "ministry", 60)}).status());
  CHECK(w.Verdict(Using("c", Returning(Pay("ministry", "donor", 10), Ref(paid)))) ==
        "KIND_MISMATCH at actions[0].transfer.commitment");
  CHECK(w.Verdict(Returning(Pay("ministry", "donor", 41), Ref(paid))) ==
        "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  CHECK(w.Verdict(Returning(Pay("ministry", "donor", 40), Ref(paid))) == "OK");
}

TEST_CASE("a commitment keeps nothing after its last day, whoever remembers it") {
  SupplyWorld w;
  v1::Action first = CommitOf("first", "ministry", 30), later = CommitOf("later", "ministry", 20);
  first.mutable_commit()->set_until("2024-10-04");
  later.mutable_commit()->set_until("2024-10-05");
  Need(w.Do({Pay("donor", "ministry", 100), first, later, CommitOf("open", "ministry", 10)}).status());
  v1::Action over = CommitOf("over", "ministry", 1);
  over.mutable_commit()->set_until("2024-10-03");
  CHECK(w.Verdict(over) == "PERIOD_INVALID at actions[0].commit.until");
  CHECK(w.Verdict(Using("first", Pay("ministry", "county", 5))) == "OK");  // it is its last day
  const auto account = *Need(books::FindAccount(w.state(), "ministry", "flood", "", "CNY"));
  const auto kept_on = [&](const std::string& day) {
    return Need(books::KeptOn(w.state(), account, day, std::nullopt, [] { return absl::OkStatus(); }))
        .value();
  };
  CHECK(kept_on("2024-10-04") == 55);
  CHECK(kept_on("2024-10-05") == 30);
  CHECK(kept_on("2024-10-06") == 10);
  w.On(Date(20'001));
  CHECK(w.Verdict(Using("first", Pay("ministry", "county", 1))) ==
        "COMMITMENT_SHORT at actions[0].transfer.commitment");
  // The row still has it, until somebody needs the money.
  CHECK(w.Verdict(Pay("ministry", "county", 40)) == "OK");
  CHECK(w.Kept("ministry") == 55);
  CHECK(w.Verdict(Pay("ministry", "county", 26)) == "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  CHECK(w.Kept("ministry") == 55);  // a refused entry leaves no row
  CHECK(w.Verdict(Pay("ministry", "county", 25)) == "OK");
  CHECK(w.Kept("ministry") == 30);
  CHECK(w.Sums(model::Supply::kCommitment, "first") == "5/5");
  CHECK(w.Verdict(End("commitment", "first", w.prepared() + 1)) == "OK");  // there is nothing to release
  CHECK(w.Kept("ministry") == 30);
  w.On(Date(20'002));
  // Whoever commits needs the money too.
  CHECK(w.Verdict(CommitOf("new", "ministry", 21)) == "INSUFFICIENT_FUNDS at actions[0].commit.amount");
  CHECK(w.Verdict(CommitOf("new", "ministry", 20)) == "OK");
  CHECK(w.Kept("ministry") == 30);
  CHECK(w.Verdict(End("commitment", "later", w.prepared() + 1)) == "OK");
  CHECK(w.Kept("ministry") == 30);
}

TEST_CASE("who needs what lapsed looks at what lapsed since, and at no older or other commitments") {
  const auto looks = [](int before) {
    SupplyWorld w;
    v1::Action other_fund = Pay("donor", "ministry", 1'000);
    other_fund.mutable_transfer()->set_fund("school");
    Need(w.Do({Pay("donor", "ministry", 1'000), other_fund}).status());
    const auto commit = [&](const std::string& id, const std::string& fund, const char* until) {
      v1::Action action = CommitOf(id, "ministry", 10);
      action.mutable_commit()->set_fund(fund);
      action.mutable_commit()->set_until(until);
      Need(w.Do({action}).status());
    };
    for (int i = 0; i < before; ++i) {
      commit(absl::StrCat("old", i), "flood", "2024-10-05");
      commit(absl::StrCat("other", i), "school", "2024-10-07");
    }
    w.On(Date(20'002));
    Need(w.Do({Pay("ministry", "county", 995)}).status());
    CHECK(w.Kept("ministry") == 0);
    Need(w.Do({Pay("donor", "ministry", 100)}).status());
    commit("new", "flood", "2024-10-07");
    const auto account = *Need(books::FindAccount(w.state(), "ministry", "flood", "", "CNY"));
    const CountingReader rows(w.state());
    const auto kept = [&](const std::string& day) {
      return Need(books::KeptOn(rows, account, day, std::nullopt, [] { return absl::OkStatus(); })).value();
    };
    CHECK(kept("2024-10-07") == 10);
    CHECK(kept("2024-10-08") == 0);
    return rows.looks + rows.steps;
  };
  CHECK(looks(60) <= looks(1) + 4);
}

TEST_CASE("a verdict that withdraws a project voids what was committed in it up to then") {
  SupplyWorld w;
  Need(w.Do({Into("lunches", Pay("donor", "ministry", 50)), CommitOf("before", "ministry", 30, "lunches")})
           .status());
  const RecordIndex verdict(w.next());
  Need(w.Do({Party("new", "root")}).status());
  Need(w.Do({CommitOf("after", "ministry", 10, "lunches")}).status());
  store::Overlay state(static_cast<const store::Reader&>(w.state()));
  v1::StandingRow standing;
  standing.set_withdrawn(verdict.value() + 1);
  books::PutMessage(&state, keys::Standing(v1::Action::kProposeProject, "lunches", verdict), standing);
  const books::Moment moment{RecordIndex(w.next()), Date(20'000), books::kRules[0]};
  const auto account = *Need(books::FindAccount(state, "ministry", "flood", "lunches", "CNY"));
  const auto kept = [&] {
    return Need(books::KeptOn(state, account, "2024-10-04", std::nullopt, [] { return absl::OkStatus(); }))
        .value();
  };
  CHECK(kept() == 10);
  const auto named = [&](const std::string& commitment) {
    const v1::Action pay = Using(commitment, In("lunches", Pay("ministry", "charity", 5)));
    return Verdict(books::CheckCommitmentNamed(state, moment, pay.transfer(), "t"));
  };
  CHECK(named("before") == "COMMITMENT_SHORT at t.commitment");
  CHECK(named("after") == "OK");
  const auto spends = [&](std::int64_t amount) {
    const v1::Action pay = In("lunches", Pay("ministry", "charity", amount));
    return Verdict(books::RequireSpendable(&state, moment, pay.transfer(), account, Amount(50), "t"));
  };
  CHECK(spends(41) == "INSUFFICIENT_FUNDS at t.amount");
  CHECK(spends(40) == "OK");
  CHECK(Need(books::GetCommitted(state, account)).value() == 10);
  CHECK(kept() == 10);
}

TEST_CASE("a damaged sum of what is kept frees no money, and ends no program") {
  SupplyWorld w;
  Need(w.Do({Pay("donor", "ministry", 100)}).status());
  const auto account = *Need(books::FindAccount(w.state(), "ministry", "flood", "", "CNY"));
  const books::Moment moment{RecordIndex(w.next()), Date(20'000), books::kRules[0]};
  for (const std::int64_t amount : {-kMost - 1, std::int64_t{-1}, std::int64_t{101}, kMost}) {
    INFO(amount);
    store::Overlay state(static_cast<const store::Reader&>(w.state()));
    v1::CommittedRow row;
    row.set_amount(amount);
    books::PutMessage(&state, keys::Committed(account, RecordIndex(w.next() - 1)), row);
    const v1::Action pay = Pay("ministry", "county", 1);
    CHECK(books::RequireSpendable(&state, moment, pay.transfer(), account, Amount(100), "t").code() ==
          absl::StatusCode::kDataLoss);
    CHECK(books::KeepCommitted(&state, moment, CommitOf("c", "ministry", 1).commit(), "c").code() ==
          absl::StatusCode::kDataLoss);
  }
}

// --- random entries ------------------------------------------------------------------------------------------

// The same books in maps. Amounts are small, and ids few, so that refusals are as many as not.
class Naive {
 public:
  struct Account {
    std::int64_t held = 0;
    std::map<std::string, std::int64_t> kept;  // by commitment, what is left
    std::int64_t committed() const {
      std::int64_t sum = 0;
      for (const auto& [id, left] : kept) sum += left;
      return sum;
    }
  };
  struct Assignment {
    std::string pledge, need;
    std::int64_t amount = 0, paid = 0;
    bool ended = false;
  };
  std::map<std::string, Account> accounts;
  std::map<std::string, Assignment> assignments;
  std::map<std::string, std::int64_t> pledged{{"gift", 800}, {"loan", 300}},
      asked{{"cold", 1'000}, {"thirst", 400}};
  std::map<std::string, std::int64_t> kept_of, met;

  std::int64_t AssignedOf(const std::string& pledge) const {
    std::int64_t sum = 0;
    for (const auto& [id, one] : assignments)
      if (one.pledge == pledge) sum += one.ended ? one.paid : one.amount;
    return sum;
  }
  std::int64_t PromisedTo(const std::string& need) const {
    std::int64_t sum = 0;
    for (const auto& [id, one] : assignments)
      if (one.need == need && !one.ended) sum += one.amount - one.paid;
    return sum;
  }
};

TEST_CASE("random pledges, payments, returns and ends: the rows are those of whoever adds up all") {
  const unsigned seed = 20'261'129;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<int>(random() % bound); };
  const auto any = [&](std::initializer_list<const char*> of) {
    return std::string(of.begin()[static_cast<std::size_t>(below(static_cast<unsigned>(of.size())))]);
  };
  SupplyWorld w;
  Naive naive;
  struct Paid {
    std::uint64_t record;
    std::string from, to, pledge, assignment, need;
    std::int64_t left;
  };
  std::vector<Paid> payments;
  std::map<std::string, std::uint64_t> opened;  // of assignments and commitments that go on
  std::map<std::string, std::string> owners;    // of commitments
  int taken = 0, refused = 0;
  for (int step = 0; step < 600; ++step) {
    const std::uint64_t record = w.next();
    const std::int64_t amount = 1 + below(step % 3 == 0 ? 200 : 40);
    const std::string id = absl::StrCat("x", step);
    bool expected = false, was = false;
    switch (below(6)) {
      case 0: {
        const std::string pledge = any({"gift", "loan"}), need = any({"cold", "thirst"});
        expected = naive.AssignedOf(pledge) + amount <= naive.pledged[pledge] &&
                   naive.met[need] + naive.PromisedTo(need) + amount <= naive.asked[need];
        was = w.Assigning(AssignOf(id, pledge, need, amount), true).ok();
        if (!expected) break;
        naive.assignments[id] = {pledge, need, amount};
        opened[id] = record;
        break;
      }
      case 1: {
        const std::string owner = any({"ministry", "county"});
        auto& account = naive.accounts[owner];
        expected = account.held - account.committed() >= amount;
        was = w.Do({CommitOf(id, owner, amount)}).ok();
        if (!expected) break;
        account.kept[id] = amount;
        opened[id] = record;
        owners[id] = owner;
        break;
      }
      case 2: {
        if (opened.empty()) continue;
        auto one = opened.begin();
        std::advance(one, below(static_cast<unsigned>(opened.size())));
        expected = true;
        const bool commitment = owners.count(one->first) > 0;
        was = commitment ? w.Do({End("commitment", one->first, one->second)}).ok()
                         : w.Assigning(End("assignment", one->first, one->second)).ok();
        if (commitment) {
          naive.accounts[owners[one->first]].kept.erase(one->first);
        } else {
          naive.assignments[one->first].ended = true;
        }
        opened.erase(one);
        break;
      }
      case 3: {
        if (payments.empty()) continue;
        Paid& back = payments[static_cast<std::size_t>(below(static_cast<unsigned>(payments.size())))];
        auto& account = naive.accounts[back.to];
        // Units are drawn oldest first, so that what came with a payment may have been paid on: the program says it then.
        const Status status = w.Do({Returning(Pay(back.to, back.from, amount), Ref(back.record))}).status();
        was = status.ok();
        const bool enough = account.held - account.committed() >= amount;
        if (was) CHECK((enough && amount <= back.left));
        if (!was && enough) CHECK(Verdict(status) == "RETURN_SHORT at actions[0].transfer.amount");
        expected = was;
        if (!was) break;
        back.left -= amount;
        account.held -= amount;
        if (back.from != "donor") naive.accounts[back.from].held += amount;
        naive.kept_of[back.pledge] -= amount;
        naive.met[back.need] -= amount;
        if (!back.assignment.empty()) naive.assignments[back.assignment].paid -= amount;
        break;
      }
      default: {
        const std::string from = any({"donor", "ministry", "ministry", "county"});
        const std::string to =
            from == "donor" ? any({"ministry", "county"}) : any({"village", "county", "ministry"});
        if (from == to) continue;
        v1::Action pay = Pay(from, to, amount);
        Paid paid{record, from, to, "", "", "", amount};
        std::string commitment;
        if (from == "donor" && below(2) == 0) paid.pledge = any({"gift", "loan"});
        if (!naive.assignments.empty() && to == "village" && below(3) > 0) {
          auto one = naive.assignments.begin();
          std::advance(one, below(static_cast<unsigned>(naive.assignments.size())));
          paid.assignment = one->first;
          paid.need = one->second.need;
        }
        if (from != "donor" && below(2) == 0 && !owners.empty()) {
          auto one = owners.begin();
          std::advance(one, below(static_cast<unsigned>(owners.size())));
          commitment = one->first;
        }
        pay = Using(commitment, ForNeed(paid.need, Keeping(paid.pledge, paid.assignment, pay)));
        auto& account = naive.accounts[from];
        std::int64_t free = account.held - account.committed();
        expected = true;
        if (!commitment.empty()) {
          const auto left = account.kept.find(commitment);
          expected = left != account.kept.end() && left->second >= amount;
        } else if (from != "donor") {
          expected = free >= amount;
        }
        if (!paid.assignment.empty()) {
          const auto& one = naive.assignments[paid.assignment];
          expected = expected && !one.ended && one.paid + amount <= one.amount;
        }
        was = w.Do({pay}).ok();
        if (!expected) break;
        if (from != "donor") account.held -= amount;
        if (!commitment.empty()) account.kept[commitment] -= amount;
        naive.accounts[to].held += amount;
        naive.kept_of[paid.pledge] += amount;
        naive.met[paid.need] += amount;
        if (!paid.assignment.empty()) naive.assignments[paid.assignment].paid += amount;
        payments.push_back(paid);
      }
    }
    INFO("step " << step);
    REQUIRE(was == expected);
    ++(was ? taken : refused);
    for (const char* party : {"ministry", "county"}) {
      const auto& account = naive.accounts[party];
      CHECK(w.Kept(party) == account.committed());
      CHECK(account.committed() <= account.held);
      const auto number = Need(books::FindAccount(w.state(), party, "flood", "", "CNY"));
      if (number.has_value())
        CHECK(Need(books::GetAccountState(w.state(), *number)).held.value() == account.held);
    }
    for (const char* pledge : {"gift", "loan"})
      CHECK(w.Sums(model::Supply::kPledge, pledge) ==
            absl::StrCat(naive.AssignedOf(pledge), "/", naive.kept_of[pledge]));
    for (const char* need : {"cold", "thirst"})
      CHECK(w.Sums(model::Supply::kNeed, need) == absl::StrCat(naive.PromisedTo(need), "/0"));
  }
  CHECK(taken > 150);
  CHECK(refused > 100);
}

}  // namespace
}  // namespace fundtrail::testing
