// Items of any register, made from the descriptor of its fields (form.proto). A register that is added needs a line here only
// where its own rule asks for more than the form of its fields: see KeepOwnRule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"
#include "tests/support/entries.h"

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
        if (!form.id() && !form.refers_to().empty()) text = SeedId(form.refers_to(), n + NamedBefore(field));
        if (!form.id() && form.refers_to().empty() && form.shape() == v1::SHAPE_ID)
          text = absl::StrCat("x:", n);
        if (!form.id() && form.refers_to().empty() && form.shape() == v1::SHAPE_ASSET_CODE)
          text = absl::StrCat("X", n);
        if (form.shape() == v1::SHAPE_DATE) text = absl::StrCat("2026-02-0", n);
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
    action->mutable_register_party()->set_role(v1::ROLE_RECIPIENT);
  // A commitment has a hash, and each a field of its own.
  if (action->has_register_party()) {
    auto* party = action->mutable_register_party();
    for (int i = 0; i < party->commitments_size(); ++i) {
      party->mutable_commitments(i)->set_field(absl::StrCat("field.", i));
      party->mutable_commitments(i)->set_hash(std::string(64, static_cast<char>('0' + variant + i)));
    }
  }
  // Of two parties.
  if (action->has_join_parties() && action->join_parties().party() == action->join_parties().under()) {
    const bool first = action->join_parties().party() == SeedId("party", 1);
    action->mutable_join_parties()->set_under(SeedId("party", first ? 2 : 1));
  }
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
      if (target.across_places() == v1::Target::RULE_LATEST) target.set_across_places(v1::Target::RULE_SUM);
      if (target.across_periods() == v1::Target::RULE_AVERAGE)
        target.set_across_periods(v1::Target::RULE_MAX);
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
  if (action->has_open_policy()) {
    // One lead, and a text that is bound.
    auto* policy = action->mutable_open_policy();
    if (policy->responsible().empty()) policy->add_responsible()->set_party(SeedId("party", 1));
    policy->mutable_responsible(0)->set_role(v1::AssignDuty::ROLE_LEAD);
    if (!policy->document().empty()) policy->set_document(std::string(64, static_cast<char>('a' + variant)));
  }
  if (action->has_set_method()) {
    auto* method = action->mutable_set_method();
    const auto more = static_cast<std::uint32_t>(variant);
    for (int i = 0; i < method->criteria_size(); ++i)
      method->mutable_criteria(i)->set_basis_points(i == 0 ? 4'000 + more : 6'000 - more);
    for (int i = 0; i < method->grades_size(); ++i)
      method->mutable_grades(i)->set_from(i == 0 ? 0 : 50 + more);
    // A bar leaves a grade of the method that is not its best.
    for (auto& bar : *method->mutable_bars()) bar.set_max_grade(method->grades(0).name());
  }
  if (action->has_evaluate()) {
    auto* evaluation = action->mutable_evaluate();
    // Of the groups that Seeds() opens, those with an even number evaluate.
    if (evaluation->group() == SeedId("group", 1)) evaluation->set_group(SeedId("group", 2));
    // Of one subject; and what it lifts is of the same, by the same group.
    const bool other =
        !evaluation->programme().empty() || !evaluation->policy().empty() || !evaluation->party().empty();
    if (evaluation->project().empty() && !other) evaluation->set_project(SeedId("project", 1));
    if (!evaluation->project().empty()) {
      evaluation->clear_programme();
      evaluation->clear_policy();
      evaluation->clear_party();
    }
    if (evaluation->project() != SeedId("project", 1) || evaluation->group() != SeedId("group", 2))
      evaluation->clear_lifts();
    if (!evaluation->report().empty()) evaluation->set_report(std::string(64, 'a'));
    evaluation->set_verdict(v1::Evaluate::VERDICT_IMPROVE);
    // Its last day is to come, whenever it is recorded: a late one has a report.
    if (evaluation->improve_by().empty()) evaluation->set_improve_by("2199-12-31");
  }
  if (action->has_pledge()) {
    auto* pledge = action->mutable_pledge();
    // Of one thing: of money, where it says any.
    if (pledge->amount() == 0 && pledge->quantity() == 0) pledge->set_amount(1'000'000'000);
    if (pledge->amount() > 0) pledge->clear_quantity();
    if (pledge->asset().empty()) pledge->set_asset(SeedId("asset", 1));
    pledge->set_accepts_assignment(true);
  }
  // Its last day is to come, whenever it is recorded.
  if (action->has_commit() && !action->commit().until().empty())
    action->mutable_commit()->set_until("2199-12-31");
  if (action->has_assign()) {
    auto* assign = action->mutable_assign();
    assign->clear_quantity();
    if (assign->amount() == 0) assign->set_amount(1);
    // The seeds of the other asset: see Seeds().
    if (assign->asset().empty()) assign->set_asset(SeedId("asset", 1));
    if (assign->asset() == SeedId("asset", kSeeds)) {
      assign->set_pledge(SeedId("pledge", 2));
      assign->set_need(SeedId("need", 2));
    }
  }
  if (action->has_raise_concern()) {
    // It is about one thing, and has words; hashes are hashes.
    auto* concern = action->mutable_raise_concern();
    concern->clear_transfer();
    bool about = false;
    const auto keep = [&](std::string* id) {
      if (about) id->clear();
      about = about || !id->empty();
    };
    keep(concern->mutable_project());
    keep(concern->mutable_need());
    keep(concern->mutable_party());
    keep(concern->mutable_policy());
    keep(concern->mutable_evaluation());
    keep(concern->mutable_notice());
    if (!about) concern->set_party(SeedId("party", 2));
    if (concern->words().empty()) concern->set_words("words of " + concern->id());
    concern->clear_words_hash();
    if (!concern->on_behalf().empty()) concern->set_on_behalf(std::string(64, 'a'));
  }
  if (action->has_declare_need()) {
    auto* need = action->mutable_declare_need();
    if (need->people() == 0 && need->amount() == 0 && need->quantity() == 0) need->set_people(400);
  }
  if (action->has_announce()) {
    auto* notice = action->mutable_announce();
    if (!notice->document().empty())
      notice->set_document(std::string(63, 'a') + static_cast<char>('0' + variant));
    if (notice->kind() != v1::Announce::KIND_CALL) notice->clear_ways();
    if (notice->kind() != v1::Announce::KIND_CORRECTION) notice->clear_corrects();
    if (notice->total() > 0 && notice->asset().empty()) notice->set_asset("X1");
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
  if (action.has_raise_concern() && !model::FormOf(field).refers_to().empty() && field.name() != "owner") {
    action.mutable_raise_concern()->clear_project();
    SetAny(item, field, id, variant);
  }
  if (action.has_announce() && field.name() == "corrects") {
    action.mutable_announce()->set_kind(v1::Announce::KIND_CORRECTION);
    SetAny(item, field, id, variant);
  }
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
    if (form.id() || form.required() || form.shape() == v1::SHAPE_NAME) SetAny(item, field, id, 0);
  }
  if (action.has_register_party()) action.mutable_register_party()->set_parent("root");
  if (action.has_form_group()) action.mutable_form_group()->set_quorum(1);
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

// What a commitment finds: money of the parties, out of the funds, in the projects and in the assets that made items name.
inline void AddMoneyForSeeds(std::vector<v1::Action>* actions) {
  v1::Action source;
  source.mutable_register_party()->set_id("source-of-seeds");
  source.mutable_register_party()->set_name("Source of seeds");
  source.mutable_register_party()->set_parent("root");
  source.mutable_register_party()->set_role(v1::ROLE_SOURCE);
  actions->push_back(source);
  source.mutable_register_party()->set_id("judge-of-seeds");
  source.mutable_register_party()->set_name("Judge of seeds");
  source.mutable_register_party()->set_role(v1::ROLE_HOLDER);
  source.mutable_register_party()->set_place(SeedId("place", 1));
  actions->push_back(source);
  for (const int n : {1, kSeeds}) {
    v1::Action approve;
    approve.mutable_approve_project()->set_project(SeedId("project", n));
    approve.mutable_approve_project()->set_version(1);
    approve.mutable_approve_project()->set_by("judge-of-seeds");
    approve.mutable_approve_project()->set_decision(v1::ApproveProject::DECISION_APPROVED);
    actions->push_back(approve);
  }
  // One of them is the last, and the others the first; and in no project.
  for (int last = 0; last < 6; ++last) {
    v1::Action pay;
    auto* transfer = pay.mutable_transfer();
    const auto id = [&](const char* name, int field) { return SeedId(name, last == field ? kSeeds : 1); };
    transfer->set_from("source-of-seeds");
    transfer->set_to(id("party", 1));
    transfer->set_fund(id("fund", 2));
    if (last != 5) transfer->set_to_project(id("project", 3));
    transfer->set_asset(id("asset", 4));
    transfer->set_amount(1'000'000'000);
    transfer->set_kind(v1::TRANSFER_KIND_ALLOCATION);
    actions->push_back(pay);
  }
}

// The key of hand, which is a member of all groups that Seeds() opens: an entry by which one of them decides needs it too.
inline constexpr int kHand = 90;

// What makes group n able to decide: a seat that hand accepted, in the record that gives it.
inline std::vector<v1::Action> HandIn(int n, std::uint64_t record) {
  std::vector<v1::Action> actions(2);
  auto* seat = actions[0].mutable_give_seat();
  seat->set_id(absl::StrCat("hand.", n));
  seat->set_group(SeedId("group", n));
  seat->set_party("hand");
  seat->set_kind(v1::GiveSeat::KIND_EXPERT);
  auto* said = actions[1].mutable_accept_seat();
  said->set_seat(seat->id());
  said->set_version(record);
  said->set_by("hand");
  said->set_reply(v1::AcceptDuty::REPLY_ACCEPTED);
  return actions;
}

// The actions that open them all, each behind what it must name, for the record 1, signed by key 1, the root's, and by kHand. Needs ask
// for money in the first asset, and pledges are of it; but the second of each is of the last.
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
      if (of.action == v1::Action::kCommit) AddMoneyForSeeds(&actions);
      for (int n = 1; n <= kSeeds; ++n) {
        v1::Action item = SmallItem(of, SeedId(of.name, n));
        const std::string asset = SeedId("asset", n == 2 ? kSeeds : 1);
        if (item.has_pledge()) item.mutable_pledge()->set_asset(asset);
        // Each is a call, which a pledge may answer.
        if (item.has_announce()) {
          item.mutable_announce()->set_kind(v1::Announce::KIND_CALL);
          auto* way = item.mutable_announce()->add_ways();
          way->set_kind(v1::Way::KIND_MONEY);
          way->set_what("any");
        }
        if (item.has_declare_need()) {
          item.mutable_declare_need()->set_asset(asset);
          item.mutable_declare_need()->set_amount(1'000'000'000);
        }
        // A group is a party too.
        if (item.has_form_group()) {
          actions.push_back(Party(item.form_group().id(), "root"));
          item.mutable_form_group()->set_kind(n % 2 == 0 ? v1::FormGroup::KIND_ASSESSMENT
                                                         : v1::FormGroup::KIND_COORDINATION);
        }
        actions.push_back(std::move(item));
        if (of.action != v1::Action::kFormGroup) continue;
        if (n == 1) {
          actions.push_back(Party("hand", "root"));
          actions.push_back(Authorise(kHand, "hand", {v1::PERMISSION_EVALUATE, v1::PERMISSION_APPROVE}));
        }
        for (v1::Action& each : HandIn(n, 1)) actions.push_back(std::move(each));
      }
      if (of.action == v1::Action::kPledge) {
        for (int n = 1; n <= kSeeds; ++n) {
          v1::Action verify;
          verify.mutable_verify_need()->set_need(SeedId("need", n));
          verify.mutable_verify_need()->set_version(1);
          verify.mutable_verify_need()->set_by("judge-of-seeds");
          verify.mutable_verify_need()->set_result(v1::VerifyNeed::RESULT_CONFIRMED);
          actions.push_back(verify);
        }
      }
      open.insert(of.name);
    }
    if (open.size() == before) throw std::runtime_error("registers that must name each other");
  }
  return actions;
}

}  // namespace fundtrail::testing
