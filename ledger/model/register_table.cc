// See register_table.h.
#include "ledger/model/register_table.h"

#include <array>
#include <cassert>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"

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
};

}  // namespace

std::span<const Register> Registers() { return kRegisters; }

const Register* FindRegister(v1::Action::ActionCase action) {
  for (const Register& each : kRegisters)
    if (each.action == action) return &each;
  return nullptr;
}

const Register* FindRegisterNumbered(std::uint32_t number) {
  for (const Register& each : kRegisters)
    if (static_cast<std::uint32_t>(each.action) == number) return &each;
  return nullptr;
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

const FieldDescriptor& ActionField(const Register& of) {
  return *v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(of.action));
}

const Descriptor& ItemDescriptor(const Register& of) { return *ActionField(of).message_type(); }

const Message& ItemOf(const v1::Action& action) {
  const Register* of = FindRegister(action.action_case());
  assert(of != nullptr);
  return action.GetReflection()->GetMessage(action, &ActionField(*of));
}

Message* MutableItemOf(const Register& of, v1::Action* action) {
  return action->GetReflection()->MutableMessage(action, &ActionField(of));
}

const FieldDescriptor& IdField(const Register& of) {
  const Descriptor& item = ItemDescriptor(of);
  for (int i = 0; i < item.field_count(); ++i)
    if (FormOf(*item.field(i)).id()) return *item.field(i);
  assert(false);
  return *item.field(0);
}

std::string IdOf(const v1::Action& action) {
  const Message& item = ItemOf(action);
  return item.GetReflection()->GetString(item, &IdField(*FindRegister(action.action_case())));
}

const FieldDescriptor* ParentField(const Register& of) {
  return ItemDescriptor(of).FindFieldByName("parent");
}

std::string TextIn(const Message& item, std::string_view field) {
  const FieldDescriptor* found = item.GetDescriptor()->FindFieldByName(std::string(field));
  return found == nullptr ? "" : item.GetReflection()->GetString(item, found);
}

}  // namespace fundtrail::model
