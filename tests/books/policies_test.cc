// What a policy must say of who answers for it and how far it reaches: each refusal, and what is taken at its edge.
#include "ledger/books/policies.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/policies.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

// cn ── gz ── bj    HLP ── EDU    people ── pupils      and sc, PRO, old, which stand by themselves
struct Policies : World {
  Policies() {
    Need(Do({Place("cn"), Place("gz", "cn", 1), Place("bj", "gz", 2), Place("sc"), Category("HLP"),
             Category("EDU", "HLP"), Category("PRO"), PeopleGroup("people"), PeopleGroup("pupils", "people"),
             PeopleGroup("old"), Programme("lunches", "county")})
             .status());
  }
  std::string Says(const v1::Action& action) { return Verdict(Do({action}).status()); }
};

std::string Refused(const char* code, const char* field) {
  return std::string(code) + " at actions[0].open_policy." + field;
}

TEST_CASE("a policy has exactly one lead") {
  Policies p;
  CHECK(p.Says(Policy("a", "")) == Refused("ROLE_MISSING", "responsible"));
  // Others do not stand in for it.
  CHECK(p.Says(Answering(Policy("a", ""), "county", v1::AssignDuty::ROLE_FUND)) ==
        Refused("ROLE_MISSING", "responsible"));
  CHECK(p.Says(Answering(Policy("a", "county"), "charity", v1::AssignDuty::ROLE_LEAD)) ==
        Refused("ROLE_TWICE", "responsible"));
  // The same twice is a list with an item twice.
  CHECK(p.Says(Answering(Policy("a", "county"), "county", v1::AssignDuty::ROLE_LEAD)) ==
        Refused("FIELD_INVALID", "responsible[1]"));
  CHECK(p.Says(Answering(Policy("a", "county"), "charity", v1::AssignDuty::ROLE_UNSPECIFIED)) ==
        Refused("FIELD_INVALID", "responsible[1].role"));
  CHECK(p.Says(Policy("a", "county")) == "OK");
  // Each version must have one.
  CHECK(p.Says(Amending(Policy("a", ""), p.next() - 1)) == Refused("ROLE_MISSING", "responsible"));
}

TEST_CASE("nobody implements a policy and judges it") {
  using Role = v1::AssignDuty;
  Policies p;
  const auto both = [&](Role::Role one, Role::Role other) {
    return p.Says(Answering(Answering(Policy("a", "ministry"), "county", one), "county", other));
  };
  CHECK(both(Role::ROLE_IMPLEMENT, Role::ROLE_SUPERVISE) == Refused("SEPARATION", "responsible"));
  CHECK(both(Role::ROLE_EVALUATE, Role::ROLE_IMPLEMENT) == Refused("SEPARATION", "responsible"));
  // Two parties may, and one party may have other roles together.
  CHECK(p.Says(Answering(Answering(Policy("a", "ministry"), "county", Role::ROLE_IMPLEMENT), "charity",
                         Role::ROLE_SUPERVISE)) == "OK");
  CHECK(p.Says(Answering(Answering(Answering(Policy("b", "county"), "county", Role::ROLE_IMPLEMENT), "county",
                                   Role::ROLE_FUND),
                         "county", Role::ROLE_SUPPORT)) == "OK");
  CHECK(p.Says(Answering(Answering(Policy("c", "county"), "county", Role::ROLE_SUPERVISE), "county",
                         Role::ROLE_EVALUATE)) == "OK");
}

TEST_CASE("a policy reaches no further than the one that it carries out") {
  Policies p;
  Need(
      p.Do({For(Policy("up", "ministry"), {"gz"}, {"HLP"}, {"people"}), Policy("all", "ministry")}).status());
  const auto says = [&](const v1::Action& policy) { return p.Says(CarryingOut("up", policy)); };
  const v1::Action small = Policy("a", "county");
  CHECK(says(For(small, {}, {"HLP"}, {"people"})) == Refused("SCOPE_WIDER", "places"));
  CHECK(says(For(small, {"cn"}, {"HLP"}, {"people"})) == Refused("SCOPE_WIDER", "places"));
  CHECK(says(For(small, {"bj", "sc"}, {"HLP"}, {"people"})) == Refused("SCOPE_WIDER", "places"));
  CHECK(says(For(small, {"bj"}, {}, {"people"})) == Refused("SCOPE_WIDER", "categories"));
  CHECK(says(For(small, {"bj"}, {"PRO"}, {"people"})) == Refused("SCOPE_WIDER", "categories"));
  CHECK(says(For(small, {"bj"}, {"EDU"}, {})) == Refused("SCOPE_WIDER", "target_groups"));
  CHECK(says(For(small, {"bj"}, {"EDU"}, {"old"})) == Refused("SCOPE_WIDER", "target_groups"));
  // The same is not wider, and what stands below is not.
  CHECK(says(For(small, {"gz"}, {"HLP"}, {"people"})) == "OK");
  CHECK(says(For(Policy("b", "county"), {"bj", "gz"}, {"EDU"}, {"pupils"})) == "OK");
  // Where the upper one names none, everything is in it.
  CHECK(p.Says(CarryingOut("all", For(Policy("c", "county"), {"sc"}, {}, {"old"}))) == "OK");
  CHECK(p.Says(CarryingOut("all", Policy("d", "county"))) == "OK");
  // It is looked at in its present version, and an amendment of the lower one again.
  const std::uint64_t lower = p.next() - 4;
  Need(p.Do({Amending(For(Policy("up", "ministry"), {"bj"}, {"HLP"}, {"people"}), lower - 1)}).status());
  CHECK(p.Says(Amending(CarryingOut("up", For(small, {"gz"}, {"HLP"}, {"people"})), lower)) ==
        Refused("SCOPE_WIDER", "places"));
}

TEST_CASE("the policy that it carries out is there already, and another one") {
  Policies p;
  CHECK(p.Says(CarryingOut("a", Policy("a", "county"))) == Refused("REFERENCE_UNKNOWN", "implements"));
  Need(p.Do({Policy("a", "county")}).status());
  CHECK(p.Says(Amending(CarryingOut("a", Policy("a", "county")), p.next() - 1)) ==
        Refused("FIELD_FIXED", "implements"));
  // One entry may open both, the upper one first.
  CHECK(Verdict(p.Do({Policy("b", "county"), CarryingOut("b", Policy("c", "county"))}).status()) == "OK");
}

TEST_CASE("a policy says each thing once, in texts without =") {
  Policies p;
  const auto objective = [&](const std::string& indicator, const std::string& unit = "") {
    v1::Action policy = Aiming(Policy("a", "county"), "EDU", indicator);
    policy.mutable_open_policy()->mutable_objectives(0)->set_unit(unit);
    return p.Says(policy);
  };
  CHECK(objective("pupils=lunch") == Refused("FIELD_INVALID", "objectives"));
  CHECK(objective("pupils", "a=b") == Refused("FIELD_INVALID", "objectives"));
  CHECK(p.Says(Aiming(Aiming(Policy("a", "county"), "EDU", "pupils"), "EDU", "pupils",
                      v1::Objective::DIRECTION_DOWN)) == Refused("FIELD_INVALID", "objectives"));
  v1::Action below = Aiming(Policy("a", "county"), "EDU", "pupils");
  below.mutable_open_policy()->mutable_objectives(0)->set_target(-1);
  CHECK(p.Says(below) == Refused("FIELD_INVALID", "objectives[0].target"));
  CHECK(p.Says(Saying(Policy("a", "county"), v1::Clause::MODALITY_FORBID, "cash=transfer")) ==
        Refused("FIELD_INVALID", "clauses"));
  CHECK(p.Says(Saying(Policy("a", "county"), v1::Clause::MODALITY_UNSPECIFIED, "cash transfer")) ==
        Refused("FIELD_INVALID", "clauses[0].modality"));
  CHECK(p.Says(During("2026-02-01", "2026-01-31", Policy("a", "county"))) ==
        Refused("PERIOD_INVALID", "until"));
  // One indicator for two categories, and two for one.
  CHECK(p.Says(During("2026-02-01", "2026-02-01",
                      Aiming(Aiming(Aiming(Policy("a", "county"), "EDU", "pupils"), "PRO", "pupils"), "EDU",
                             "schools"))) == "OK");
}

TEST_CASE("a policy's text is bound by its SHA-256, or by nothing") {
  Policies p;
  const auto bound = [&](const std::string& document) {
    v1::Action policy = Policy("a", "county");
    policy.mutable_open_policy()->set_document(document);
    return p.Says(policy);
  };
  const std::string hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  std::string upper = hash, other = hash;
  upper[10] = 'A';
  other[63] = 'g';
  for (const std::string& bad : {hash.substr(1), hash + "0", upper, other})
    CHECK_THAT(bound(bad), Catch::StartsWith("FIELD_INVALID at actions[0].open_policy.document"));
  CHECK(bound(hash) == "OK");
}

TEST_CASE("a policy excludes others, and not itself") {
  Policies p;
  Need(p.Do({Policy("a", "county")}).status());
  const auto excluding = [](v1::Action policy, const std::string& other) {
    policy.mutable_open_policy()->add_exclusive_with(other);
    return policy;
  };
  CHECK(p.Says(Amending(excluding(Policy("a", "county"), "a"), p.next() - 1)) ==
        Refused("FIELD_INVALID", "exclusive_with"));
  CHECK(p.Says(excluding(Policy("b", "county"), "c")) == Refused("REFERENCE_UNKNOWN", "exclusive_with"));
  CHECK(p.Says(excluding(Policy("b", "county"), "a")) == "OK");
}

TEST_CASE("whoever issues a policy signs for its owner") {
  Policies p;
  Need(p.Do({Authorise(5, "county", {v1::PERMISSION_ADMINISTER}),
             Authorise(6, "charity", {v1::PERMISSION_ADMINISTER})})
           .status());
  const v1::Action policy = Policy("a", "charity", "county");
  CHECK(Verdict(p.Do({policy}, {6}, "charity").status()) == Refused("KEY_NOT_AUTHORISED", "owner"));
  CHECK(Verdict(p.Do({policy}, {5}, "county").status()) == "OK");
}

}  // namespace
}  // namespace fundtrail::testing
