// What all registers have in common, told of each of them. The items are made from the descriptors (tests/support/items.h),
// so that a register that is added is tested here by itself.
#include "ledger/books/registers.h"

#include <catch2/catch.hpp>
#include <functional>

#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"
#include "tests/support/seeded_books.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using model::Register;

std::vector<const FieldDescriptor*> FieldsOf(const Register& of,
                                             const std::function<bool(const v1::Form&)>& which) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < model::ItemDescriptor(of).field_count(); ++i)
    if (which(model::FormOf(*model::ItemDescriptor(of).field(i))))
      fields.push_back(model::ItemDescriptor(of).field(i));
  return fields;
}

// A field that names an item of a register: the item's own, or one of the messages in a list of it.
struct Reference {
  const FieldDescriptor* list = nullptr;  // null: the item's own
  const FieldDescriptor* field = nullptr;

  const v1::Form& form() const { return model::FormOf(*field); }
  const Register& named() const { return *model::FindRegister(form().refers_to()); }
  // Where a refusal says that it is. Of a list it is in the first message.
  std::string At(const Register& of) const {
    const std::string item = testing::At(of);
    if (list == nullptr) return absl::StrCat(item, ".", field->name());
    return absl::StrCat(item, ".", list->name(), "[0].", field->name());
  }
  Message* MessageIn(const Register& of, v1::Action* action) const {
    Message* item = model::MutableItemOf(of, action);
    return list == nullptr ? item : item->GetReflection()->MutableRepeatedMessage(item, list, 0);
  }
};

std::vector<Reference> ReferencesOf(const Register& of) {
  std::vector<Reference> all;
  const auto refers = [](const FieldDescriptor& field) { return !model::FormOf(field).refers_to().empty(); };
  for (const FieldDescriptor* field : FieldsOf(of, [](const v1::Form&) { return true; })) {
    if (refers(*field)) all.push_back({nullptr, field});
    if (field->message_type() == nullptr) continue;
    for (int i = 0; i < field->message_type()->field_count(); ++i)
      if (refers(*field->message_type()->field(i))) all.push_back({field, field->message_type()->field(i)});
  }
  return all;
}

// The item names this one, in place of another or as one more, and keeps the own rule of its register.
v1::Action Naming(const Register& of, v1::Action action, const Reference& reference, const std::string& id) {
  Message* message = reference.MessageIn(of, &action);
  const auto* write = message->GetReflection();
  reference.field->is_repeated() ? write->AddString(message, reference.field, id)
                                 : write->SetString(message, reference.field, id);
  KeepOwnRule(&action, 0);
  return action;
}

// An item with all fields that one can have beside this one.
v1::Action Whole(const Register& of, const Reference& reference, const std::string& id) {
  return WholeItemWith(of, *reference.field, id);
}

// Whether what the field names may have ended: what a concern or an evaluation is about, and the parties of a join.
bool MayHaveEnded(const Register& of, const FieldDescriptor& field) {
  return (of.action == v1::Action::kRaiseConcern || of.action == v1::Action::kEvaluate ||
          of.action == v1::Action::kJoinParties) &&
         field.name() != "owner" && field.name() != "group" && field.name() != "method";
}

// Whether an item may be amended at all. What an evaluation says is never changed.
bool IsAmended(const Register& of) { return of.action != v1::Action::kEvaluate; }

// Where a refusal says that a permission is missing.
std::string PermissionAt(const Register& of) {
  switch (of.whose) {
    case model::Whose::kParent:
      return ".parent";
    case model::Whose::kParents:
      return ".party";
    case model::Whose::kOwner:
    case model::Whose::kDeclarer:
    case model::Whose::kPayer:
      return ".owner";
    case model::Whose::kGroup:
      return of.action == v1::Action::kFormGroup ? ".id" : ".group";
    default:
      return "";
  }
}

// What a group decides takes no permission, but its quorum: tests/books/groups_test.cc.
bool IsOfGroups(const Register& of) {
  return of.whose == model::Whose::kJudges || of.whose == model::Whose::kAssigns;
}

TEST_CASE("every register: an item is opened once, and its row says all of it") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
    b.Ready(of, {"a", "b"});
    const std::uint64_t record = b.Take({WholeItem(of, "a")});
    const v1::RegisterRow row = b.Row(of, "a");
    CHECK(row.action().SerializeAsString() == WholeItem(of, "a").SerializeAsString());
    CHECK(row.record() == record);
    CHECK(row.opened() == record);
    CHECK_FALSE(row.has_ended());
    const std::string taken = absl::StrCat("ID_TAKEN at ", AtId(of), ": ", Name(of), " a, record ", record);
    CHECK(b.Refused({WholeItem(of, "a")}) == taken);
    CHECK(b.Refused({WholeItem(of, "a", 1)}) == taken);
    CHECK(b.Refused({WholeItem(of, "b"), WholeItem(of, "b")}) ==
          absl::StrCat("ID_TAKEN at ", AtId(of, 1), ": ", Name(of), " b, record ", record + 1));
    // Trees have a row for each child.
    const auto child = [&](const std::string& parent, const std::string& id) {
      return Need(b.state().Get(model::keys::Child(of.action, parent, id))).has_value();
    };
    const bool tree = model::ParentField(of) != nullptr;
    CHECK(child(SeedId(of.name, 1), "a") == tree);
    if (of.action != v1::Action::kRegisterParty) CHECK(child("", SeedId(of.name, 1)) == tree);
  }
}

TEST_CASE("every register, each field that names an item: it is there, and goes on") {
  for (const Register& of : model::Registers()) {
    for (const Reference& reference : ReferencesOf(of)) {
      INFO(reference.field->full_name());
      const std::string at = reference.At(of);
      const Register& named = reference.named();
      SeededBooks b;
      b.Ready(of, {"a", "b", "goes-on", "ended"});
      CHECK(b.Refused({Naming(of, Whole(of, reference, "a"), reference, "nobody")}) ==
            absl::StrCat("REFERENCE_UNKNOWN at ", at, ": ", Name(named), " nobody"));
      // An item of another register does not count.
      for (const Register& other : model::Registers()) {
        // A group is a party too.
        if (&other == &named || (named.name == "party" && other.name == "group")) continue;
        CHECK(b.Refused({Naming(of, Whole(of, reference, "a"), reference, SeedId(other.name, 1))}) ==
              absl::StrCat("REFERENCE_UNKNOWN at ", at, ": ", Name(named), " ", SeedId(other.name, 1)));
      }
      const std::string last = SeedId(named.name, kSeeds);
      // The group there evaluates, and does not assign; and a party is made a group but once.
      const bool other_kind = of.whose == model::Whose::kAssigns && reference.field->name() == "group";
      if (!other_kind) CHECK(b.Do({Naming(of, Whole(of, reference, "goes-on"), reference, last)}).ok());
      if (!named.ends) continue;
      const std::uint64_t record = b.Take({End(Name(named), last, kSeeded)});
      if (MayHaveEnded(of, *reference.field)) {
        CHECK(b.Do({Naming(of, Whole(of, reference, "ended"), reference, last)}).ok());
        continue;
      }
      const std::string ended =
          absl::StrCat("REFERENCE_ENDED at ", at, ": ", Name(named), " ", last, ", record ", record);
      CHECK(b.Refused({Naming(of, Whole(of, reference, "a"), reference, last)}) == ended);
      // What is named is looked at before anything else: even before who may.
      Need(b.Do({Party("stranger", "root"),
                 Authorise(3, "stranger", {v1::PERMISSION_ADMINISTER, v1::PERMISSION_DECLARE})})
               .status());
      CHECK(b.Refused({Naming(of, Whole(of, reference, "a"), reference, last)}, {3}, "stranger") == ended);
    }
  }
}

TEST_CASE("every register: who has no permission neither opens nor amends nor ends") {
  for (const Register& of : model::Registers()) {
    if (IsOfGroups(of)) continue;
    INFO(of.name);
    SeededBooks b;
    b.Ready(of, {"a", "b"});
    Need(b.Do({Party("stranger", "root"),
               Authorise(3, "stranger", {v1::PERMISSION_ADMINISTER, v1::PERMISSION_DECLARE}, true)})
             .status());
    const std::string refused = "KEY_NOT_AUTHORISED at " + At(of) + PermissionAt(of);
    CHECK(b.Refused({WholeItem(of, "a")}, {3}, "stranger") == refused);
    const std::uint64_t record = b.Take({WholeItem(of, "a")});
    CHECK(b.Refused({WholeItem(of, "a")}, {3}, "stranger") == refused);  // before the id is looked at
    CHECK(b.Refused({Amending(WholeItem(of, "a"), record)}, {3}, "stranger") == refused);
    CHECK(b.Refused({Amending(WholeItem(of, "a"), 999)}, {3}, "stranger") == refused);
    if (of.ends) {
      CHECK(b.Refused({End(Name(of), "a", record)}, {3}, "stranger") ==
            "KEY_NOT_AUTHORISED at actions[0].end_item" + PermissionAt(of));
    }
    // Nor who may something else for all.
    const v1::Permission other =
        of.whose == model::Whose::kPayer ? v1::PERMISSION_ADMINISTER : v1::PERMISSION_PAY;
    Need(b.Do({Authorise(4, "root",
                         {other, v1::PERMISSION_APPROVE, v1::PERMISSION_EVALUATE, v1::PERMISSION_ACKNOWLEDGE},
                         true)})
             .status());
    CHECK(b.Refused({WholeItem(of, "b")}, {4}) == refused);
  }
}

TEST_CASE("every register: the permission that it takes suffices, for opening, amending and ending") {
  for (const Register& of : model::Registers()) {
    // What is paid, and what groups decide, has tests of its own.
    if (IsOfGroups(of) || of.whose == model::Whose::kPayer) continue;
    INFO(of.name);
    SeededBooks b;
    b.Ready(of, {"a", "b"});
    // Whole items stand below, or belong to, party.1; seats belong to group.1, and a group to itself.
    std::string party = PermissionAt(of).empty() ? "root" : SeedId("party", 1);
    if (of.action == v1::Action::kFormGroup) party = "a";
    if (of.whose == model::Whose::kParents) party = "root";  // what stands above both
    if (of.action == v1::Action::kGiveSeat) party = SeedId("group", 1);
    Need(b.Do({Authorise(5, party, {v1::PERMISSION_ADMINISTER}),
               Authorise(6, party, {v1::PERMISSION_DECLARE})})
             .status());
    const auto passes_through = [&](const std::string& id, int key) {
      const std::uint64_t record = b.Take({WholeItem(of, id)}, {key}, party);
      const std::uint64_t amended =
          IsAmended(of) ? b.Take({Amending(WholeItem(of, id), record)}, {key}, party) : record;
      if (of.ends) b.Take({End(Name(of), id, amended)}, {key}, party);
    };
    passes_through("a", 5);
    // Needs and deployments are declared; what else belongs to a party is administered.
    if (of.whose == model::Whose::kDeclarer) {
      passes_through("b", 6);
    } else {
      const std::string other = of.action == v1::Action::kFormGroup ? "b" : "c";
      CHECK(b.Refused({WholeItem(of, other)}, {6}, party) ==
            "KEY_NOT_AUTHORISED at " + At(of) + PermissionAt(of));
    }
  }
}

TEST_CASE("every register: an amendment is a whole new version of the present one") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    if (!IsAmended(of)) continue;
    SeededBooks b;
    b.Ready(of, {"a", "b"});
    const std::uint64_t opened = b.Take({WholeItem(of, "a")});
    const v1::RegisterRow before = b.Row(of, "a");
    const v1::Action action = Amending(WholeItem(of, "a", 1), opened, "so it is");
    const std::uint64_t record = b.Take({action});
    const v1::RegisterRow row = b.Row(of, "a");
    CHECK(row.action().SerializeAsString() == action.SerializeAsString());
    CHECK(row.record() == record);
    CHECK(row.opened() == opened);
    const auto past = Need(b.state().Get(model::keys::PastItem(of.action, "a", RecordIndex(record))));
    REQUIRE(past.has_value());
    CHECK(*past == model::SerialiseDeterministic(before));
    // By the version that was seen, and by no other.
    for (const std::uint64_t other : {opened, opened - 1, record + 1, std::uint64_t{0}, UINT64_MAX}) {
      const std::string stale =
          absl::StrCat("AMEND_STALE at actions[0].amends.record: ", Name(of), " a, record ", record);
      CHECK(b.Refused({Amending(WholeItem(of, "a", 2), other)}) == stale);
      if (of.ends) CHECK(b.Refused({End(Name(of), "a", other)}) == stale);
    }
    CHECK(b.Do({Amending(WholeItem(of, "a", 1), record)}).ok());  // that changes nothing
    b.Ready(of, {"nobody"});
    CHECK(b.Refused({Amending(WholeItem(of, "nobody"), kSeeded)}) ==
          absl::StrCat("REFERENCE_UNKNOWN at ", AtId(of), ": ", Name(of), " nobody"));
  }
}

TEST_CASE("every register: an entry does not amend or end what it made itself") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    if (!IsAmended(of)) continue;
    SeededBooks b;
    b.Ready(of, {"a", "b"});
    const std::uint64_t opened = b.Take({WholeItem(of, "a")}), next = b.next();
    const auto made = WholeItem(of, "b"), amended = Amending(WholeItem(of, "a", 1), opened);
    for (const std::uint64_t record : {next, opened, std::uint64_t{0}}) {
      CHECK(b.Refused({made, Amending(WholeItem(of, "b", 1), record)}) ==
            "FIELD_INVALID at actions[1].amends");
      CHECK(b.Refused({amended, Amending(WholeItem(of, "a", 2), record)}) ==
            "FIELD_INVALID at actions[1].amends");
      if (!of.ends) continue;
      CHECK(b.Refused({made, End(Name(of), "b", record)}) == "FIELD_INVALID at actions[1].amends");
      CHECK(b.Refused({amended, End(Name(of), "a", record)}) == "FIELD_INVALID at actions[1].amends");
    }
  }
}

TEST_CASE("every register, each field that is fixed: an amendment leaves it as it is") {
  for (const Register& of : model::Registers()) {
    if (!IsAmended(of)) continue;
    for (const FieldDescriptor* field :
         FieldsOf(of, [](const v1::Form& form) { return form.fixed() && !form.id(); })) {
      INFO(field->full_name());
      SeededBooks b;
      b.Ready(of, {"a", "b"});
      const std::uint64_t record = b.Take({WholeItem(of, "a")});
      v1::Action other = WholeItem(of, "a", 1);
      SetAny(model::MutableItemOf(of, &other), *field, "a", 1);
      // The other group is of a kind that does not assign, which is said first.
      if (of.whose == model::Whose::kAssigns && field->name() == "group") continue;
      CHECK(b.Refused({Amending(other, record)}) ==
            absl::StrCat("FIELD_FIXED at ", At(of), ".", field->name()));
      if (model::FormOf(*field).required()) continue;  // an empty one is not of its form
      const v1::Action was = WholeItem(of, "a");
      if (!model::ItemOf(was).GetReflection()->HasField(model::ItemOf(was), field)) continue;  // it was empty
      Message* item = model::MutableItemOf(of, &other);
      item->GetReflection()->ClearField(item, field);
      CHECK(b.Refused({Amending(other, record)}) ==
            absl::StrCat("FIELD_FIXED at ", At(of), ".", field->name()));
    }
  }
}

TEST_CASE("every register: an item ends once, if at all, and stays what it was") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
    b.Ready(of, {"a", "b"});
    const std::uint64_t opened = b.Take({WholeItem(of, "a")});
    const v1::Action end = End(Name(of), "a", opened, "all is paid");
    if (!of.ends) {
      CHECK(b.Refused({end}) == "FIELD_INVALID at actions[0].end_item.register");
      continue;
    }
    const std::uint64_t record = b.Take({end});
    v1::RegisterRow row = b.Row(of, "a");
    CHECK(row.ended().record() == record);
    CHECK(row.ended().reason() == "all is paid");
    row.clear_ended();
    CHECK(row.action().SerializeAsString() == WholeItem(of, "a").SerializeAsString());
    CHECK(row.record() == opened);
    CHECK(row.opened() == opened);
    const std::string ended = absl::StrCat(": ", Name(of), " a, record ", record);
    CHECK(b.Refused({end}) == "REFERENCE_ENDED at actions[0].end_item.id" + ended);
    CHECK(b.Refused({Amending(WholeItem(of, "a", 1), opened)}) ==
          absl::StrCat("REFERENCE_ENDED at ", AtId(of), ended));
    // Its id is never free again.
    CHECK(b.Refused({WholeItem(of, "a")}) ==
          absl::StrCat("ID_TAKEN at ", AtId(of), ": ", Name(of), " a, record ", opened));
    CHECK(b.Refused({End(Name(of), "nobody", kSeeded)}) ==
          absl::StrCat("REFERENCE_UNKNOWN at actions[0].end_item.id: ", Name(of), " nobody"));
    v1::Action without = end;
    without.clear_amends();
    CHECK(b.Refused({without}) == "FIELD_INVALID at actions[0].amends");
  }
}

TEST_CASE("every register: an amendment may go on naming what has ended, and not begin to") {
  for (const Register& of : model::Registers()) {
    if (!IsAmended(of) || IsOfGroups(of)) continue;  // an ended group decides nothing
    for (const Reference& reference : ReferencesOf(of)) {
      const Register& named = reference.named();
      if (!named.ends || reference.form().id() || MayHaveEnded(of, *reference.field)) continue;
      INFO(reference.field->full_name());
      SeededBooks b;
      b.Ready(of, {"a", "b"});
      const std::uint64_t opened = b.Take({Whole(of, reference, "a")});
      // All that the item names, and one that it does not name; two go on.
      constexpr int kEnded = kSeeds - 2;
      for (int n = 1; n <= kEnded; ++n)
        Need(b.Do({End(Name(named), SeedId(named.name, n), kSeeded)}).status());
      // The other fields that name the same register do so too.
      const std::uint64_t record = b.Take({Amending(Whole(of, reference, "a"), opened)});
      if (reference.form().fixed()) continue;
      const std::string other = SeedId(named.name, kEnded);
      CHECK_THAT(b.Refused({Amending(Naming(of, Whole(of, reference, "a"), reference, other), record)}),
                 Catch::StartsWith(
                     absl::StrCat("REFERENCE_ENDED at ", reference.At(of), ": ", Name(named), " ", other)));
      // Once it is not named any more, it cannot be named again.
      v1::Action without = Whole(of, reference, "a");
      Message* message = reference.MessageIn(of, &without);
      if (reference.form().required() && reference.field->is_repeated()) {
        message->GetReflection()->ClearField(message, reference.field);
        message->GetReflection()->AddString(message, reference.field, SeedId(named.name, kEnded + 1));
      } else if (reference.form().required()) {
        message->GetReflection()->SetString(message, reference.field, SeedId(named.name, kEnded + 1));
      } else {
        message->GetReflection()->ClearField(message, reference.field);
      }
      KeepOwnRule(&without, 0);
      const std::uint64_t last = b.Take({Amending(without, record)});
      CHECK_THAT(b.Refused({Amending(Whole(of, reference, "a"), last)}),
                 Catch::StartsWith(absl::StrCat("REFERENCE_ENDED at ", reference.At(of))));
    }
  }
}

TEST_CASE("amends stands with the actions of registers alone, and the root party does not end") {
  SeededBooks b;
  Need(b.Do({Party("donor", "root", v1::ROLE_SOURCE), Fund("flood", "root"), Asset("CNY")}).status());
  CHECK(b.Refused({Amending(Pay("donor", "root", 5), 2)}) == "FIELD_INVALID at actions[0].amends");
  CHECK(b.Refused({Amending(Authorise(7, "root", {v1::PERMISSION_PAY}), 2)}) ==
        "FIELD_INVALID at actions[0].amends");
  CHECK(b.Refused({End("party", "root", 0)}) == "FIELD_INVALID at actions[0].end_item.id");
  CHECK(b.Refused({End("song", "root", 0)}) == "FIELD_INVALID at actions[0].end_item.register");
  // But it has versions.
  const std::uint64_t record = b.Take({Amending(Party("root", ""), 0)});
  CHECK(b.Row(*model::FindRegister("party"), "root").record() == record);
  CHECK(b.Row(*model::FindRegister("party"), "root").opened() == 0);
  CHECK(b.Refused({Amending(Party("root", SeedId("party", 1)), record)}) ==
        "FIELD_FIXED at actions[0].register_party.parent");
  CHECK(b.Refused({End("party", "root", record)}) == "FIELD_INVALID at actions[0].end_item.id");
}

}  // namespace
}  // namespace fundtrail::testing
