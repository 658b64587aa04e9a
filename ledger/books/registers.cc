// See registers.h.
#include "ledger/books/registers.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/books/groups.h"
#include "ledger/books/money/supply.h"
#include "ledger/books/references.h"
#include "ledger/books/register_rules.h"
#include "ledger/books/state.h"
#include "ledger/model/form.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using model::Register;

namespace {

using Row = std::optional<v1::RegisterRow>;

// The keeper of the nearest item of a tree, from `id` up, that has one which goes on; empty when none has.
StatusOr<std::string> KeeperAbove(const store::Reader& state, const Register& of, const std::string& id,
                                  Ancestors* ancestors) {
  std::string keeper;
  FT_RETURN_IF_ERROR(ancestors->EachAbove(of.action, id, [&](const std::string& at) -> StatusOr<bool> {
    FT_ASSIGN_OR_RETURN(const std::string named, ancestors->KeeperOf(of.action, at));
    if (named.empty()) return true;
    FT_ASSIGN_OR_RETURN(const auto party, GetItem(state, v1::Action::kRegisterParty, named));
    if (!party.has_value()) return model::Damaged(keys::Party(named), "is missing");
    if (!party->has_ended()) keeper = named;
    return party->has_ended();
  }));
  return keeper;
}

// The item above that of a tree; empty when none is.
std::string ParentIn(const Register& of, const Message& item) {
  const FieldDescriptor* parent = model::ParentField(of);
  return parent == nullptr ? "" : item.GetReflection()->GetString(item, parent);
}

// Where an action stands, and what it does to its item.
struct Doing {
  std::uint32_t place = 0;
  bool ends = false;
};

// Whose permission the item takes: see model::Whose.
Status RequireFor(store::Overlay* state, const Moment& moment, const v1::Action& action, const Doing& doing,
                  Authority* authority, const std::string& field) {
  const Register& of = *model::FindRegister(action.action_case());
  const Message& item = model::ItemOf(action);
  FT_ASSIGN_OR_RETURN(const auto genesis, authority->items().Genesis(*state));
  const std::string& root = genesis->root_party();
  switch (of.whose) {
    case model::Whose::kRoot:
      return authority->Require(root, v1::PERMISSION_ADMINISTER, field);
    case model::Whose::kParent: {
      const std::string parent = ParentIn(of, item);
      return authority->Require(parent.empty() ? root : parent, v1::PERMISSION_ADMINISTER, field + ".parent");
    }
    case model::Whose::kParents: {
      for (const char* name : {"party", "under"}) {
        const std::string at = absl::StrCat(field, ".", name);
        FT_ASSIGN_OR_RETURN(const auto party, FindParty(*state, model::TextIn(item, name), at));
        // Of the root party, genesis made the first version.
        const std::string& parent = party.action().register_party().parent();
        FT_RETURN_IF_ERROR(authority->Require(parent.empty() ? root : parent, v1::PERMISSION_ADMINISTER, at));
      }
      return absl::OkStatus();
    }
    case model::Whose::kOwner:
      return authority->Require(model::TextIn(item, "owner"), v1::PERMISSION_ADMINISTER, field + ".owner");
    case model::Whose::kDeclarer: {
      const std::string owner = model::TextIn(item, "owner");
      return authority->RequireEither(owner, v1::PERMISSION_DECLARE, v1::PERMISSION_ADMINISTER,
                                      field + ".owner");
    }
    case model::Whose::kGroup: {
      const std::string group = model::TextIn(item, "group");
      // Whose verdicts freeze money, the root lets judge: anybody may choose a place for a group of their own.
      if (action.has_form_group() && Judges(action.form_group().kind()))
        return authority->Require(root, v1::PERMISSION_ADMINISTER, field + ".kind");
      const std::string& party = group.empty() ? model::TextIn(item, "id") : group;
      return authority->Require(party, v1::PERMISSION_ADMINISTER, field + (group.empty() ? ".id" : ".group"));
    }
    case model::Whose::kPayer:
      return authority->Require(model::TextIn(item, "owner"), v1::PERMISSION_PAY, field + ".owner");
    case model::Whose::kJudges:
    case model::Whose::kAssigns:
      return RequireGroupFor(state, moment, action, doing.place, doing.ends, authority, field);
    case model::Whose::kKeeper:
      break;
  }
  Status as_root = authority->Require(root, v1::PERMISSION_ADMINISTER, field);
  if (as_root.ok() || !model::RefusalOf(as_root).has_value()) return as_root;
  FT_ASSIGN_OR_RETURN(const std::string keeper,
                      KeeperAbove(*state, of, ParentIn(of, item), &authority->ancestors()));
  return keeper.empty() ? as_root : authority->Require(keeper, v1::PERMISSION_DECLARE, field);
}

// What a concern or an evaluation is about may have ended: nobody gets away from either by ending it. Who raises it, which group
// judges, and by what method, goes on. And what took the place of a party is often said when that party has ended.
bool MayBeAboutWhatEnded(v1::Action::ActionCase action) {
  return action == v1::Action::kRaiseConcern || action == v1::Action::kEvaluate ||
         action == v1::Action::kJoinParties;
}

Status CheckSpeakers(const store::Reader& state, const Message& item, const std::string& field) {
  for (const char* name : {"owner", "group", "method"}) {
    const std::string id = model::TextIn(item, name);
    if (id.empty()) continue;
    const auto* named = item.GetDescriptor()->FindFieldByName(name);
    const Register& of = *model::FindRegister(model::FormOf(*named).refers_to());
    const std::string at = absl::StrCat(field, ".", name);
    FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, of, id, at));
    FT_RETURN_IF_ERROR(CheckGoesOn(row, at));
  }
  return absl::OkStatus();
}

// The item's present version, when an action may replace or end it.
Status CheckVersion(const Row& row, const Moment& moment, const Register& of, const std::string& id,
                    const v1::Amends& amends, const std::string& at, const std::string& id_field) {
  if (!row.has_value()) {
    return RefuseItem(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, of, id, id_field,
                      absl::StrCat("there is no ", std::string(of.name), " ", id));
  }
  FT_RETURN_IF_ERROR(CheckGoesOn(*row, id_field));
  if (row->record() == moment.record.value()) {
    return model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".amends",
                         absl::StrCat("this entry made that version of ", id, " itself: say it once"));
  }
  if (row->record() == amends.record()) return absl::OkStatus();
  return RefuseItem(
      v1::REFUSAL_CODE_AMEND_STALE, of, id, at + ".amends.record",
      absl::StrCat("the present version of ", std::string(of.name), " ", id, " is that of record ",
                   row->record(), ", and not of ", amends.record(), ": look at it and amend that"),
      row->record());
}

Status CheckFixed(const Register& of, const Message& before, const Message& item, const std::string& field) {
  const auto* descriptor = item.GetDescriptor();
  google::protobuf::util::MessageDifferencer differ;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* each = descriptor->field(i);
    if (!model::FormOf(*each).fixed()) continue;
    if (differ.CompareWithFields(before, item, {each}, {each})) continue;
    return model::Refuse(
        v1::REFUSAL_CODE_FIELD_FIXED, absl::StrCat(field, ".", each->name()),
        absl::StrCat("is fixed for good in the register of ", std::string(of.plural), ": open another"));
  }
  return absl::OkStatus();
}

}  // namespace

Status ApplyRegister(store::Overlay* state, const Moment& moment, const v1::Action& action,
                     Authority* authority, const std::string& at, std::uint32_t place) {
  const Register& of = *model::FindRegister(action.action_case());
  const Message& item = model::ItemOf(action);
  const std::string field = absl::StrCat(at, ".", model::ActionField(of).name());
  const std::string id_field = absl::StrCat(field, ".", model::IdField(of).name());
  const std::string id = model::IdOf(action);
  const bool amends = action.has_amends();

  FT_ASSIGN_OR_RETURN(const Row row, GetItem(*state, of.action, id));
  const Message* before = amends && row.has_value() ? &model::ItemOf(row->action()) : nullptr;
  const bool ended_too = MayBeAboutWhatEnded(of.action);
  FT_RETURN_IF_ERROR(CheckReferences(*state, &authority->items(), item, ended_too ? &item : before, field));
  if (ended_too && !amends) FT_RETURN_IF_ERROR(CheckSpeakers(*state, item, field));
  FT_RETURN_IF_ERROR(RequireFor(state, moment, action, {place, false}, authority, field));
  if (before != nullptr)
    FT_RETURN_IF_ERROR(RequireFor(state, moment, row->action(), {place, false}, authority, field));
  if (amends) {
    FT_RETURN_IF_ERROR(CheckVersion(row, moment, of, id, action.amends(), at, id_field));
    FT_RETURN_IF_ERROR(CheckFixed(of, *before, item, field));
  } else if (row.has_value()) {
    return RefuseItem(v1::REFUSAL_CODE_ID_TAKEN, of, id, id_field,
                      absl::StrCat(std::string(of.name), " ", id, " is there already, since record ",
                                   row->opened(), "; an amendment changes it"),
                      row->opened());
  }
  FT_RETURN_IF_ERROR(
      CheckOwnRule(state, moment, action, amends ? &row->action() : nullptr, &authority->ancestors(), field));
  FT_RETURN_IF_ERROR(ApplySupply(state, moment, action, amends ? &row->action() : nullptr, authority, field));

  v1::RegisterRow made;
  *made.mutable_action() = action;
  made.set_record(moment.record.value());
  made.set_opened(amends ? row->opened() : moment.record.value());
  if (of.action == v1::Action::kRaiseConcern)
    made.set_opened_day(amends ? row->opened_day() : moment.recorded.days());
  if (of.action == v1::Action::kAnnounce) made.set_version_day(moment.recorded.days());
  PutMessage(state, keys::Item(of.action, id), made);
  if (amends) {
    // The version that it takes the place of stays, as a row of its own.
    PutMessage(state, keys::PastItem(of.action, id, moment.record), *row);
    authority->ancestors().Forget(of.action, id);
  }
  if (of.by_place) {
    FT_ASSIGN_OR_RETURN(const auto places, ItemsNamed(item, *model::FindRegister(v1::Action::kDeclarePlace)));
    // Those of earlier versions stay: whoever asks for what was there then finds the item too.
    for (const std::string& each : places) state->Put(keys::AtPlace(each, of.action, id), "");
  }
  for (const auto named : of.found_by) {
    if (named == v1::Action::ACTION_NOT_SET) break;
    FT_ASSIGN_OR_RETURN(const auto ids, ItemsNamed(item, *model::FindRegister(named)));
    for (const std::string& each : ids) state->Put(keys::FoundBy(named, each, of.action, id), "");
  }
  if (!amends && model::ParentField(of) != nullptr)
    state->Put(keys::Child(of.action, ParentIn(of, item), id), "");
  return absl::OkStatus();
}

Status ApplyEndItem(store::Overlay* state, const Moment& moment, const v1::Action& action,
                    Authority* authority, const std::string& at, std::uint32_t place) {
  const v1::EndItem& end = action.end_item();
  const Register& of = *model::FindRegister(end.register_());
  const std::string id_field = at + ".end_item.id";
  FT_ASSIGN_OR_RETURN(auto row, FindItem(*state, of, end.id(), id_field));
  FT_RETURN_IF_ERROR(
      RequireFor(state, moment, row.action(), {place, true}, authority, absl::StrCat(at, ".end_item")));
  FT_RETURN_IF_ERROR(CheckVersion(row, moment, of, end.id(), action.amends(), at, id_field));
  FT_ASSIGN_OR_RETURN(const auto genesis, NeedGenesis(*state));
  if (of.action == v1::Action::kRegisterParty && end.id() == genesis.root_party())
    return model::Refuse(v1::REFUSAL_CODE_FIELD_INVALID, id_field, "the root party does not end");
  EndOwn(state, row.action());
  FT_RETURN_IF_ERROR(EndSupply(state, moment, row.action()));
  row.mutable_ended()->set_record(moment.record.value());
  row.mutable_ended()->set_reason(action.amends().reason());
  PutMessage(state, keys::Item(of.action, end.id()), row);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
