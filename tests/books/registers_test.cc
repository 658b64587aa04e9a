// What all registers have in common, told of each of them: the items are made from the descriptors (tests/support/items.h),
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
bool Refers(const v1::Form& form) { return !form.refers_to().empty(); }

// The item names this one, in place of another or as one more.
v1::Action Naming(const Register& of, v1::Action action, const FieldDescriptor& field,
                  const std::string& id) {
  Message* item = model::MutableItemOf(of, &action);
  field.is_repeated() ? item->GetReflection()->AddString(item, &field, id)
                      : item->GetReflection()->SetString(item, &field, id);
  return action;
}

TEST_CASE("every register: an item is opened once, and its row says all of it") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
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
    for (const FieldDescriptor* field : FieldsOf(of, Refers)) {
      INFO(field->full_name());
      const std::string at = absl::StrCat(At(of), ".", field->name());
      const Register& named = *model::FindRegister(model::FormOf(*field).refers_to());
      SeededBooks b;
      CHECK(b.Refused({Naming(of, WholeItem(of, "a"), *field, "nobody")}) ==
            absl::StrCat("REFERENCE_UNKNOWN at ", at, ": ", Name(named), " nobody"));
      // An item of another register does not count.
      for (const Register& other : model::Registers()) {
        if (&other == &named) continue;
        CHECK(b.Refused({Naming(of, WholeItem(of, "a"), *field, SeedId(other.name, 1))}) ==
              absl::StrCat("REFERENCE_UNKNOWN at ", at, ": ", Name(named), " ", SeedId(other.name, 1)));
      }
      const std::string last = SeedId(named.name, kSeeds);
      CHECK(b.Do({Naming(of, WholeItem(of, "goes-on"), *field, last)}).ok());
      if (!named.ends) continue;
      const std::uint64_t record = b.Take({End(Name(named), last, kSeeded)});
      const std::string ended =
          absl::StrCat("REFERENCE_ENDED at ", at, ": ", Name(named), " ", last, ", record ", record);
      CHECK(b.Refused({Naming(of, WholeItem(of, "a"), *field, last)}) == ended);
      // What is named is looked at before anything else: even before who may.
      Need(b.Do({Party("stranger", "root"), Authorise(3, "stranger", {v1::ADMINISTER, v1::DECLARE})})
               .status());
      CHECK(b.Refused({Naming(of, WholeItem(of, "a"), *field, last)}, {3}, "stranger") == ended);
    }
  }
}

TEST_CASE("every register: who has no permission neither opens nor amends nor ends") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
    Need(b.Do({Party("stranger", "root"), Authorise(3, "stranger", {v1::ADMINISTER, v1::DECLARE}, true)})
             .status());
    const std::string field = of.whose == model::Whose::kParent  ? ".parent"
                              : of.whose == model::Whose::kOwner ? ".owner"
                                                                 : "";
    const std::string refused = "KEY_NOT_AUTHORISED at " + At(of) + field;
    CHECK(b.Refused({WholeItem(of, "a")}, {3}, "stranger") == refused);
    const std::uint64_t record = b.Take({WholeItem(of, "a")});
    CHECK(b.Refused({WholeItem(of, "a")}, {3}, "stranger") == refused);  // before the id is looked at
    CHECK(b.Refused({Amending(WholeItem(of, "a"), record)}, {3}, "stranger") == refused);
    CHECK(b.Refused({Amending(WholeItem(of, "a"), 999)}, {3}, "stranger") == refused);
    if (of.ends) {
      CHECK(b.Refused({End(Name(of), "a", record)}, {3}, "stranger") ==
            "KEY_NOT_AUTHORISED at actions[0].end_item" + field);
    }
    // Nor who may something else for all.
    Need(b.Do({Authorise(4, "root", {v1::PAY, v1::APPROVE, v1::EVALUATE, v1::ACKNOWLEDGE}, true)}).status());
    CHECK(b.Refused({WholeItem(of, "b")}, {4}) == refused);
  }
}

TEST_CASE("every register: the permission that it takes suffices, for opening, amending and ending") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
    // Whole items stand below, or belong to, party.1.
    const bool of_party = of.whose == model::Whose::kParent || of.whose == model::Whose::kOwner;
    const std::string party = of_party ? SeedId("party", 1) : "root";
    Need(b.Do({Authorise(5, party, {v1::ADMINISTER})}).status());
    const std::uint64_t record = b.Take({WholeItem(of, "a")}, {5}, party);
    const std::uint64_t amended = b.Take({Amending(WholeItem(of, "a"), record)}, {5}, party);
    if (of.ends) b.Take({End(Name(of), "a", amended)}, {5}, party);
  }
}

TEST_CASE("every register: an amendment is a whole new version of the present one") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
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
    CHECK(b.Refused({Amending(WholeItem(of, "nobody"), kSeeded)}) ==
          absl::StrCat("REFERENCE_UNKNOWN at ", AtId(of), ": ", Name(of), " nobody"));
  }
}

TEST_CASE("every register: an entry does not amend or end what it made itself") {
  for (const Register& of : model::Registers()) {
    INFO(of.name);
    SeededBooks b;
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
    for (const FieldDescriptor* field :
         FieldsOf(of, [](const v1::Form& form) { return form.fixed() && !form.id(); })) {
      INFO(field->full_name());
      SeededBooks b;
      const std::uint64_t record = b.Take({WholeItem(of, "a")});
      v1::Action other = WholeItem(of, "a", 1);
      SetAny(model::MutableItemOf(of, &other), *field, "a", 1);
      CHECK(b.Refused({Amending(other, record)}) ==
            absl::StrCat("FIELD_FIXED at ", At(of), ".", field->name()));
      if (model::FormOf(*field).required()) continue;  // an empty one is not of its form
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
    for (const FieldDescriptor* field : FieldsOf(of, Refers)) {
      const Register& named = *model::FindRegister(model::FormOf(*field).refers_to());
      if (!named.ends) continue;
      INFO(field->full_name());
      SeededBooks b;
      const std::uint64_t opened = b.Take({WholeItem(of, "a")});
      for (int n = 1; n <= 3; ++n) Need(b.Do({End(Name(named), SeedId(named.name, n), kSeeded)}).status());
      // The other fields that name the same register do so too.
      const std::uint64_t record = b.Take({Amending(WholeItem(of, "a", 0), opened)});
      if (model::FormOf(*field).fixed()) continue;
      CHECK_THAT(b.Refused({Amending(Naming(of, WholeItem(of, "a"), *field, SeedId(named.name, 3)), record)}),
                 Catch::StartsWith(absl::StrCat("REFERENCE_ENDED at ", At(of), ".", field->name(), ": ",
                                                Name(named), " ", SeedId(named.name, 3))));
      // Once it is not named any more, it cannot be named again.
      v1::Action without = WholeItem(of, "a");
      Message* item = model::MutableItemOf(of, &without);
      if (model::FormOf(*field).required()) {
        item->GetReflection()->SetString(item, field, SeedId(named.name, 4));
      } else {
        item->GetReflection()->ClearField(item, field);
      }
      const std::uint64_t last = b.Take({Amending(without, record)});
      CHECK_THAT(b.Refused({Amending(WholeItem(of, "a"), last)}),
                 Catch::StartsWith(absl::StrCat("REFERENCE_ENDED at ", At(of), ".", field->name())));
    }
  }
}

TEST_CASE("amends stands with the actions of registers alone, and the root party does not end") {
  SeededBooks b;
  Need(b.Do({Party("donor", "root", v1::SOURCE), Fund("flood", "root"), Asset("CNY")}).status());
  CHECK(b.Refused({Amending(Pay("donor", "root", 5), 2)}) == "FIELD_INVALID at actions[0].amends");
  CHECK(b.Refused({Amending(Authorise(7, "root", {v1::PAY}), 2)}) == "FIELD_INVALID at actions[0].amends");
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
