// See register_table.h.
#include "ledger/model/register_table.h"

#include <array>
#include <cassert>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"
#include "ledger/model/typed_item.h"

namespace fundtrail::model {
namespace {

constexpr std::array kRegisters{
    Register{.action = v1::Action::kRegisterParty,
             .name = "party",
             .plural = "parties",
             .what = "Who pays and is paid",
             .example = "red-cross --name \"Red Cross\" --role holder",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kParent,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kFormGroup,
             .name = "group",
             .plural = "groups",
             .what = "Which parties decide together",
             .example = "dafang-coop --kind cooperative --place gbt2260:520521 --quorum 3",
             .add_too = "form",
             .end_too = "dissolve",
             .whose = Whose::kGroup,
             .ends = true,
             .by_place = true},
    Register{.action = v1::Action::kGiveSeat,
             .name = "seat",
             .plural = "seats",
             .what = "Who has a voice in a group",
             .example = "coop-women --group dafang-coop --party womens-federation --kind womens-federation",
             .add_too = "give",
             .end_too = "take",
             .whose = Whose::kGroup,
             .ends = true,
             .by_place = false,
             .found_by = {v1::Action::kFormGroup, v1::Action::kRegisterParty}},
    Register{.action = v1::Action::kJoinParties,
             .name = "join",
             .plural = "joins",
             .what = "Which two parties are one body",
             .example = "oxfam-twice --party OXFAM --under oxfam",
             .add_too = "",
             .end_too = "undo",
             .whose = Whose::kParents,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kDeclareAsset,
             .name = "asset",
             .plural = "assets",
             .what = "What is counted",
             .example = "CNY --decimals 2",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kRoot,
             .ends = false,
             .by_place = false},
    Register{.action = v1::Action::kOpenFund,
             .name = "fund",
             .plural = "funds",
             .what = "What money is restricted to",
             .example = "winter-2026 --name \"Winter relief\"",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kOwner,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kDeclarePlace,
             .name = "place",
             .plural = "places",
             .what = "Where help is needed and given",
             .example = "gbt2260:520521 --name \"Dafang county\" --parent gbt2260:520500 --level 3",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kKeeper,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kDeclareCategory,
             .name = "category",
             .plural = "categories",
             .what = "What kind of help",
             .example = "NUT --name Nutrition --scheme hpc",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kKeeper,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kDeclareTargetGroup,
             .name = "target-group",
             .plural = "target groups",
             .what = "Whom help is for",
             .example = "poor-2026 --name \"Registered poor\" --measure income --threshold 4000 --unit CNY",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kKeeper,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kOpenProgramme,
             .name = "programme",
             .plural = "programmes",
             .what = "What holds projects together",
             .example = "schools-2026 --name \"Help for schools\"",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kOwner,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kProposeProject,
             .name = "project",
             .plural = "projects",
             .what = "What is done for whom, where, and with how much",
             .example = "warm-lunches --name \"Warm lunches\" --place gbt2260:520521 --target pupils=400",
             .add_too = "",
             .end_too = "close",
             .whose = Whose::kOwner,
             .ends = true,
             .by_place = true},
    Register{
        .action = v1::Action::kDeclareNeed,
        .name = "need",
        .plural = "needs",
        .what = "What help is needed where",
        .example =
            "coats-2026 --place gbt2260:520521 --category NFI --people 400 --asset CNY --amount 60000.00",
        .add_too = "",
        .end_too = "withdraw",
        .whose = Whose::kDeclarer,
        .ends = true,
        .by_place = true},
    Register{.action = v1::Action::kDeploy,
             .name = "deployment",
             .plural = "deployments",
             .what = "Who works where, on what",
             .example = "team-7 --party red-cross --place gbt2260:520521 --category HEA --from 2026-03-01",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kDeclarer,
             .ends = true,
             .by_place = true},
    Register{.action = v1::Action::kAssignDuty,
             .name = "duty",
             .plural = "duties",
             .what = "Who answers for what",
             .example = "lead-edu --party county --role lead --place gbt2260:520521 --category EDU",
             .add_too = "assign",
             .end_too = "",
             .whose = Whose::kOwner,
             .ends = true,
             .by_place = true},
    Register{.action = v1::Action::kOpenPolicy,
             .name = "policy",
             .plural = "policies",
             .what = "What is to be reached for whom, where, by what means",
             .example = "warm-2026 --name \"Warm winter\" --instrument grant --category SHL --place "
                        "gbt2260:520500 --responsible bureau=lead",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kOwner,
             .ends = true,
             .by_place = true},
    Register{.action = v1::Action::kSetMethod,
             .name = "method",
             .plural = "methods",
             .what = "How evaluations score and grade",
             .example = "county-2026 --name \"County method\" --criterion BREADTH=5000 --criterion "
                        "ACCESS=5000 --grade good=70 --grade poor=0 --floor 50",
             .add_too = "",
             .end_too = "",
             .whose = Whose::kOwner,
             .ends = true,
             .by_place = false},
    Register{.action = v1::Action::kCommit,
             .name = "commitment",
             .plural = "commitments",
             .what = "What money is kept for",
             .example = "roof-2026 --fund winter-2026 --asset CNY --amount 12500.00 --payee builder",
             .add_too = "",
             .end_too = "release",
             .whose = Whose::kPayer,
             .ends = true,
             .by_place = false,
             .found_by = {v1::Action::kRegisterParty, v1::Action::kProposeProject}},
    Register{.action = v1::Action::kPledge,
             .name = "pledge",
             .plural = "pledges",
             .what = "What help is offered",
             .example = "company-coats --asset CNY --amount 50000.00 --category SHL --place gbt2260:520521",
             .add_too = "",
             .end_too = "withdraw",
             .whose = Whose::kDeclarer,
             .ends = true,
             .by_place = false,
             .found_by = {v1::Action::kDeclareNeed, v1::Action::kRegisterParty}},
    Register{
        .action = v1::Action::kAssign,
        .name = "assignment",
        .plural = "assignments",
        .what = "Which pledge is for which need",
        .example = "coats-to-dafang --pledge company-coats --need coats-2026 --asset CNY --amount 30000.00",
        .add_too = "make",
        .end_too = "release",
        .whose = Whose::kAssigns,
        .ends = true,
        .by_place = false,
        .found_by = {v1::Action::kPledge, v1::Action::kDeclareNeed}},
    Register{.action = v1::Action::kRaiseConcern,
             .name = "concern",
             .plural = "concerns",
             .what = "What somebody says is wrong",
             .example = "coats-missing --kind not-received --transfer 12.3 --words \"No coats came\"",
             .add_too = "raise",
             .end_too = "",
             .whose = Whose::kDeclarer,
             .ends = false,
             .by_place = false,
             .found_by = {v1::Action::kProposeProject, v1::Action::kDeclareNeed, v1::Action::kRegisterParty,
                          v1::Action::kOpenPolicy, v1::Action::kEvaluate, v1::Action::kAnnounce}},
    Register{.action = v1::Action::kAnnounce,
             .name = "notice",
             .plural = "notices",
             .what = "What is made public, and how to take part",
             .example = "plan-coats --name \"Coats for Dafang\" --kind plan --place gbt2260:520521 --channel "
                        "board --from 2026-11-01",
             .add_too = "publish",
             .end_too = "withdraw",
             .whose = Whose::kDeclarer,
             .ends = true,
             .by_place = true,
             .found_by = {v1::Action::kProposeProject, v1::Action::kDeclareNeed}},
    Register{.action = v1::Action::kEvaluate,
             .name = "evaluation",
             .plural = "evaluations",
             .what = "What a group judges of a project, a programme, a policy or a party",
             .example = "dafang-q4 --project warm-lunches --method county-2026 --score BREADTH=80 --score "
                        "ACCESS=60 --verdict continue",
             .add_too = "make",
             .end_too = "",
             .whose = Whose::kJudges,
             .ends = false,
             .by_place = false,
             .found_by = {v1::Action::kProposeProject, v1::Action::kOpenProgramme, v1::Action::kOpenPolicy,
                          v1::Action::kRegisterParty, v1::Action::kFormGroup}},
    Register{.action = v1::Action::kDrawSample,
             .name = "sample",
             .plural = "samples",
             .what = "Which payments are asked about",
             .example = "winter-check --fund winter-2026",
             .add_too = "draw",
             .end_too = "",
             .whose = Whose::kDeclarer,
             .ends = false,
             .by_place = false},
};

// What is looked up by an action's number, for each action of an import and of a replay.
struct Known {
  const FieldDescriptor* in_action = nullptr;
  const FieldDescriptor* id = nullptr;
  const FieldDescriptor* parent = nullptr;
};

const FieldDescriptor* IdFieldIn(const Descriptor& item) {
  for (int i = 0; i < item.field_count(); ++i)
    if (FormOf(*item.field(i)).id()) return item.field(i);
  assert(false);
  return item.field(0);
}

// By the action's number; what is of no register has none.
const std::vector<Known>& AllKnown() {
  static const std::vector<Known> all = [] {
    std::vector<Known> known;
    for (const Register& each : kRegisters) {
      const auto number = static_cast<std::size_t>(each.action);
      if (known.size() <= number) known.resize(number + 1);
      const FieldDescriptor* field = v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(number));
      const Descriptor& item = *field->message_type();
      known[number] = {field, IdFieldIn(item), item.FindFieldByName("parent")};
    }
    return known;
  }();
  return all;
}

const Known& KnownOf(const Register& of) { return AllKnown()[static_cast<std::size_t>(of.action)]; }

}  // namespace

std::span<const Register> Registers() { return kRegisters; }

const Register* FindRegister(v1::Action::ActionCase action) {
  return FindRegisterNumbered(static_cast<std::uint32_t>(action));
}

// Without descriptors: keys of rows are read so, and a program that only reads rows would make all descriptors for it.
const Register* FindRegisterNumbered(std::uint32_t number) {
  static const std::vector<const Register*> numbered = [] {
    std::vector<const Register*> made;
    for (const Register& each : kRegisters) {
      const auto at = static_cast<std::size_t>(each.action);
      if (made.size() <= at) made.resize(at + 1);
      made[at] = &each;
    }
    return made;
  }();
  return number < numbered.size() ? numbered[number] : nullptr;
}

const Register* FindRegister(std::string_view name) {
  for (const Register& each : kRegisters)
    if (each.name == name) return &each;
  return nullptr;
}

std::string RegisterNames() {
  std::string names;
  for (const Register& each : kRegisters)
    absl::StrAppend(&names, names.empty() ? "" : ", ", std::string(each.name));
  return names;
}

const FieldDescriptor& ActionField(const Register& of) { return *KnownOf(of).in_action; }

const Descriptor& ItemDescriptor(const Register& of) { return *ActionField(of).message_type(); }

const Message& ItemOf(const v1::Action& action) {
  const Message* const item = ItemIn(action);
  assert(item != nullptr);
  return item == nullptr ? action : *item;
}

Message* MutableItemOf(const Register& of, v1::Action* action) {
  return action->GetReflection()->MutableMessage(action, &ActionField(of));
}

const FieldDescriptor& IdField(const Register& of) { return *KnownOf(of).id; }

std::string IdOf(const v1::Action& action) { return ItemId(action); }

const FieldDescriptor* ParentField(const Register& of) { return KnownOf(of).parent; }

std::string TextIn(const Message& item, std::string_view field) {
  const FieldDescriptor* found = item.GetDescriptor()->FindFieldByName(std::string(field));
  return found == nullptr ? "" : item.GetReflection()->GetString(item, found);
}

}  // namespace fundtrail::model
