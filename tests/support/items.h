// Items of any register, made from the descriptor of its fields (form.proto). A register that is added needs a line here only
// where its own rule asks for more than the form of its fields: see KeepOwnRule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::testing {

// The items that others name: party.1, place.1 and so on, kSeeds of each register.
// Made items name those from the first on, and never the last.
inline constexpr int kSeeds = 6;
inline std::string SeedId(std::string_view name, int n) { return absl::StrCat(std::string(name), ".", n); }

// How many fields of the message before this one name items of the same register. No two of them name the same item.
inline int NamedBefore(const google::protobuf::FieldDescriptor& field) {
  int before = 0;
  for (int i = 0; i < field.index(); ++i) {
    const auto& other = *field.containing_type()->field(i);
    if (model::FormOf(other).refers_to() == model::FormOf(field).refers_to()) ++before;
  }
  return before;
}

// Values of one field that are of its form, not its default, and others for each variant from 0 to 2. Of a list two. Names
// and texts have `id` in them, so that what must be an item's alone is.
inline void SetAny(google::protobuf::Message* item, const google::protobuf::FieldDescriptor& field,
                   const std::string& id, int variant) {
  using Field = google::protobuf::FieldDescriptor;
  const auto* write = item->GetReflection();
  const v1::Form& form = model::FormOf(field);
  const bool list = field.is_repeated();
  write->ClearField(item, &field);
  for (int i = 0; i < (list ? 2 : 1); ++i) {
    const int n = variant + i + 1;
    switch (field.cpp_type()) {
      case Field::CPPTYPE_STRING: {
        std::string text = absl::StrCat(field.name(), " ", n, " of ", id, " – 武汉");
        if (form.id()) text = id;
        if (!form.refers_to().empty()) text = SeedId(form.refers_to(), n + NamedBefore(field));
        if (!form.id() && form.refers_to().empty() && form.shape() == v1::ID) text = absl::StrCat("x:", n);
        if (!form.id() && form.refers_to().empty() && form.shape() == v1::ASSET_CODE)
          text = absl::StrCat("X", n);
        if (form.shape() == v1::DATE) text = absl::StrCat("2026-02-0", n);
        list ? write->AddString(item, &field, text) : write->SetString(item, &field, text);
        break;
      }
      case Field::CPPTYPE_ENUM: {
        const auto* choices = field.enum_type();
        const int number = choices->value(1 + n % (choices->value_count() - 1))->number();
        list ? write->AddEnumValue(item, &field, number) : write->SetEnumValue(item, &field, number);
        break;
      }
      case Field::CPPTYPE_UINT32: {
        const std::uint32_t number = (form.max() > 0 ? form.max() : 100) - static_cast<std::uint32_t>(n - 1);
        list ? write->AddUInt32(item, &field, number) : write->SetUInt32(item, &field, number);
        break;
      }
      case Field::CPPTYPE_INT64: {
        const std::int64_t number = (form.max() > 0 ? form.max() : 70'000) - (n - 1);
        list ? write->AddInt64(item, &field, number) : write->SetInt64(item, &field, number);
        break;
      }
      case Field::CPPTYPE_UINT64:
        write->SetUInt64(item, &field, static_cast<std::uint64_t>(300 + n));
        break;
      case Field::CPPTYPE_BOOL:
        write->SetBool(item, &field, true);
        break;
      case Field::CPPTYPE_MESSAGE: {
        auto* inside = list ? write->AddMessage(item, &field) : write->MutableMessage(item, &field);
        for (int f = 0; f < inside->GetDescriptor()->field_count(); ++f)
          SetAny(inside, *inside->GetDescriptor()->field(f), id, variant + i);
        break;
      }
      default:
        throw std::runtime_error("a field of a kind that no register has: " + field.full_name());
    }
  }
}

// What the own rule of the register asks beside the form of the fields (register_rules.h). Fields that the item has are fitted;
// of those that it has not, one that must be there is added.
inline void KeepOwnRule(v1::Action* action, int variant) {
  // A role that is inferred is that of a RECIPIENT, and all versions have it.
  if (action->has_register_party() && action->register_party().role_inferred())
    action->mutable_register_party()->set_role(v1::RECIPIENT);
  if (action->has_open_fund()) {
    // A party whose approval is asked for is an approver, and no rule asks for more than there are.
    auto* fund = action->mutable_open_fund();
    const auto& approvers = fund->approvers();
    for (auto& rule : *fund->mutable_approvals()) {
      const std::string by = rule.by().empty() ? SeedId("party", 1) : rule.by();
      rule.set_approvals(1);
      if (rule.by().empty() && !approvers.empty()) continue;
      if (std::find(approvers.begin(), approvers.end(), by) == approvers.end()) fund->add_approvers(by);
    }
  }
  if (action->has_propose_project()) {
    auto* project = action->mutable_propose_project();
    // The parts of two add up to 10,000.
    const auto part = [&](int i) {
      return static_cast<std::uint32_t>(i == 0 ? 4'000 + variant : 6'000 - variant);
    };
    for (int i = 0; i < project->places_size(); ++i) project->mutable_places(i)->set_basis_points(part(i));
    for (int i = 0; i < project->categories_size(); ++i)
      project->mutable_categories(i)->set_basis_points(part(i));
    for (int i = 0; i < project->needs_size(); ++i) project->mutable_needs(i)->set_basis_points(part(i));
    if (project->targets().empty()) {
      auto* target = project->add_targets();
      target->set_indicator("indicator of " + project->id());
      target->set_target(400);
    }
    for (auto& target : *project->mutable_targets()) {
      if (target.across_places() == v1::Target::LATEST) target.set_across_places(v1::Target::SUM);
      if (target.across_periods() == v1::Target::AVERAGE) target.set_across_periods(v1::Target::MAX);
    }
    // Those of needs may be less than the whole.
    for (int i = 0; i < project->needs_size(); ++i) project->mutable_needs(i)->set_basis_points(part(i) - 1);
  }
  if (action->has_assign_duty()) {
    auto* duty = action->mutable_assign_duty();
    const bool cell = !duty->place().empty() || !duty->category().empty();
    if (cell) duty->clear_programme();
    if (cell || !duty->programme().empty()) duty->clear_project();
    if (!cell && duty->programme().empty() && duty->project().empty()) {
      duty->set_place(SeedId("place", 1));
      duty->set_category(SeedId("category", 1));
    }
  }
  // A group that judges.
  if (action->has_form_group()) action->mutable_form_group()->set_kind(v1::FormGroup::ASSESSMENT);
  if (action->has_set_method()) {
    auto* method = action->mutable_set_method();
    const auto more = static_cast<std::uint32_t>(variant);
    for (int i = 0; i < method->criteria_size(); ++i)
      method->mutable_criteria(i)->set_basis_points(i == 0 ? 4'000 + more : 6'000 - more);
    for (int i = 0; i < method->grades_size(); ++i)
      method->mutable_grades(i)->set_from(i == 0 ? 0 : 50 + more);
  }
  if (action->has_evaluate()) {
    auto* evaluation = action->mutable_evaluate();
    // Of one subject; and what it lifts is of the same, by the same group.
    const bool other =
        !evaluation->programme().empty() || !evaluation->policy().empty() || !evaluation->party().empty();
    if (evaluation->project().empty() && !other) evaluation->set_project(SeedId("project", 1));
    if (!evaluation->project().empty()) {
      evaluation->clear_programme();
      evaluation->clear_policy();
      evaluation->clear_party();
    }
    if (evaluation->group() == SeedId("group", 1)) evaluation->set_group(SeedId("group", 2));
    if (evaluation->project() != SeedId("project", 1) || evaluation->group() != SeedId("group", 2))
      evaluation->clear_lifts();
    if (!evaluation->report().empty()) evaluation->set_report(std::string(64, 'a'));
    evaluation->set_verdict(v1::Evaluate::IMPROVE);
    if (evaluation->improve_by().empty()) evaluation->set_improve_by("2026-02-01");
  }
  if (action->has_declare_need()) {
    auto* need = action->mutable_declare_need();
    if (need->people() == 0 && need->amount() == 0 && need->quantity() == 0) need->set_people(400);
  }
}

// An item with a value of its form in every field; no rule looked at it. And another version of it, with another value in
// each that is not fixed.
inline v1::Action EveryField(const model::Register& of, const std::string& id, int variant = 0) {
  v1::Action action;
  auto* item = model::MutableItemOf(of, &action);
  for (int i = 0; i < item->GetDescriptor()->field_count(); ++i) {
    const auto& field = *item->GetDescriptor()->field(i);
    SetAny(item, field, id, model::FormOf(field).fixed() ? 0 : variant);
  }
  return action;
}

// The same, but that it keeps the own rule of its register: all fields that one item can have together.
inline v1::Action WholeItem(const model::Register& of, const std::string& id, int variant = 0) {
  v1::Action action = EveryField(of, id, variant);
  KeepOwnRule(&action, variant);
  return action;
}

// The same with this field of the item among those that it has.
inline v1::Action WholeItemWith(const model::Register& of, const google::protobuf::FieldDescriptor& field,
                                const std::string& id, int variant = 0) {
  v1::Action action = WholeItem(of, id, variant);
  auto* item = model::MutableItemOf(of, &action);
  if (field.containing_type() != item->GetDescriptor() || field.is_repeated()) return action;
  if (action.has_assign_duty() && (field.name() == "programme" || field.name() == "project")) {
    action.mutable_assign_duty()->clear_place();
    action.mutable_assign_duty()->clear_category();
    SetAny(item, field, id, variant);
  }
  if (action.has_evaluate() &&
      (field.name() == "programme" || field.name() == "policy" || field.name() == "party")) {
    action.mutable_evaluate()->clear_project();
    action.mutable_evaluate()->clear_lifts();
    SetAny(item, field, id, 0);
  }
  return action;
}

// One with no field but those that must be there: by their forms, and by the register's own rule. A party stands below the
// root.
inline v1::Action SmallItem(const model::Register& of, const std::string& id) {
  v1::Action action;
  auto* item = model::MutableItemOf(of, &action);
  for (int i = 0; i < item->GetDescriptor()->field_count(); ++i) {
    const auto& field = *item->GetDescriptor()->field(i);
    const v1::Form& form = model::FormOf(field);
    if (form.id() || form.required() || form.shape() == v1::NAME) SetAny(item, field, id, 0);
  }
  if (action.has_register_party()) action.mutable_register_party()->set_parent("root");
  KeepOwnRule(&action, 0);
  return action;
}

// An attestation with all of its fields: of the form, and about items that Seeds() opens; no rule looked at it.
inline v1::Action WholeAttestation(const model::Attestation& of) {
  v1::Action action;
  auto* said = model::MutableAttestationIn(of, &action);
  for (int i = 0; i < said->GetDescriptor()->field_count(); ++i)
    SetAny(said, *said->GetDescriptor()->field(i), "a", 0);
  return action;
}

// The same decimals for all assets that the item's amounts count.
inline model::AmountDecimals AllWith(const google::protobuf::Message& item, int decimals) {
  model::AmountDecimals all = decimals;
  (void)model::EachAmount(item, [&](const google::protobuf::FieldDescriptor&, const std::string& asset) {
    all.of_assets[asset] = decimals;
    return absl::OkStatus();
  });
  return all;
}

// The actions that open them all, each behind what it must name.
inline std::vector<v1::Action> Seeds() {
  std::vector<v1::Action> actions;
  std::set<std::string_view> open;
  const auto may = [&](const model::Register& of) {
    const auto& item = model::ItemDescriptor(of);
    for (int i = 0; i < item.field_count(); ++i) {
      const v1::Form& form = model::FormOf(*item.field(i));
      if (form.required() && !form.refers_to().empty() && open.count(form.refers_to()) == 0) return false;
    }
    return true;
  };
  while (open.size() < model::Registers().size()) {
    const std::size_t before = open.size();
    for (const model::Register& of : model::Registers()) {
      if (open.count(of.name) > 0 || !may(of)) continue;
      for (int n = 1; n <= kSeeds; ++n) actions.push_back(SmallItem(of, SeedId(of.name, n)));
      open.insert(of.name);
    }
    if (open.size() == before) throw std::runtime_error("registers that must name each other");
  }
  return actions;
}

}  // namespace fundtrail::testing
