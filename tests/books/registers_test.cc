// What all registers have in common, told of each of them: the items are made from the descriptors (tests/support/items.h),
// so that a register that is added is tested here by itself. At the end, what single registers demand.
#include "ledger/books/registers.h"

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>

#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"
#include "tests/support/items.h"
#include "tests/support/text.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using model::Register;

constexpr std::uint64_t kSeeded = 1;

// Record 0 is genesis; record 1 opens some items of each register, which others name.
class SeededBooks : public Books {
 public:
  SeededBooks() {
    Need(Do({Genesis({1}, 1)}).status());
    Need(Do(Seeds()).status());
  }
  // The record of the entry, which is taken.
  std::uint64_t Take(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
                     const std::string& author = "root") {
    const std::uint64_t record = next();
    Need(Do(actions, signers, author).status());
    return record;
  }
  // What is said of the entry, which is refused: "ID_TAKEN at actions[0].open_fund.id: fund a, record 2".
  std::string Refused(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
                      const std::string& author = "root") {
    const auto before = AllRows(state());
    const Status status = Do(actions, signers, author).status();
    CHECK(AllRows(state()) == before);
    std::string text = Verdict(status);
    const auto refusal = model::RefusalOf(status);
    if (!refusal.has_value()) return text;
    CHECK_FALSE(refusal->sentence().empty());
    if (!refusal->id().empty()) absl::StrAppend(&text, ": ", refusal->register_(), " ", refusal->id());
    if (refusal->has_record()) absl::StrAppend(&text, ", record ", refusal->record());
    return text;
  }
  v1::RegisterRow Row(const Register& of, const std::string& id) const {
    const auto row = Need(books::GetItem(state(), of.action, id));
    REQUIRE(row.has_value());
    return *row;
  }
};

std::string At(const Register& of, int action = 0) {
  return absl::StrCat("actions[", action, "].", model::ActionField(of).name());
}
std::string AtId(const Register& of, int action = 0) {
  return absl::StrCat(At(of, action), ".", model::IdField(of).name());
}
std::string Name(const Register& of) { return std::string(of.name); }

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

// --- trees and keepers ---------------------------------------------------------------------------------------

v1::Action InTree(const Register& of, const std::string& id, const std::string& parent, int depth,
                  const std::string& keeper = "") {
  v1::Action action = SmallItem(of, id);
  Message* item = model::MutableItemOf(of, &action);
  const auto* write = item->GetReflection();
  write->SetString(item, model::ParentField(of), parent);
  const auto field = [&](const char* name) { return item->GetDescriptor()->FindFieldByName(name); };
  if (field("keeper") != nullptr) write->SetString(item, field("keeper"), keeper);
  if (field("level") != nullptr) write->SetUInt32(item, field("level"), static_cast<std::uint32_t>(depth));
  return action;
}

TEST_CASE("every tree with keepers: a keeper declares what stands below, up to the next keeper") {
  for (const Register& of : model::Registers()) {
    if (of.whose != model::Whose::kKeeper) continue;
    INFO(of.name);
    SeededBooks b;
    const std::string one = SeedId("party", 1), two = SeedId("party", 2);
    Need(b.Do({Authorise(5, one, {v1::DECLARE}), Authorise(6, two, {v1::DECLARE}),
               Authorise(7, one, {v1::ADMINISTER, v1::PAY}), Party("office", one),
               Authorise(8, one, {v1::DECLARE}, true)})
             .status());
    const std::uint64_t record = b.Take(
        {InTree(of, "top", "", 0, one), InTree(of, "middle", "top", 1), InTree(of, "low", "middle", 2, two)});
    const std::string refused = "KEY_NOT_AUTHORISED at " + At(of);
    const std::uint64_t leaf = b.Take({InTree(of, "leaf", "middle", 2)}, {5}, one);
    Need(b.Do({InTree(of, "other", "top", 1)}, {8}, one).status());
    Need(b.Do({InTree(of, "lowest", "low", 3)}, {6}, two).status());
    CHECK(b.Refused({InTree(of, "no", "low", 3)}, {5}, one) == refused);     // the nearest keeper is another
    CHECK(b.Refused({InTree(of, "no", "middle", 2)}, {6}, two) == refused);  // above its own
    CHECK(b.Refused({InTree(of, "no", "", 0)}, {5}, one) == refused);        // nobody keeps all
    CHECK(b.Refused({InTree(of, "no", "", 0, one)}, {5}, one) == refused);
    CHECK(b.Refused({InTree(of, "no", "top", 1)}, {7}, one) == refused);  // to administer is not to declare
    // It amends and ends what stands below, and not what it was given to keep.
    const std::uint64_t amended = b.Take({Amending(InTree(of, "leaf", "middle", 2, two), leaf)}, {5}, one);
    if (of.ends) b.Take({End(Name(of), "leaf", amended)}, {5}, one);
    CHECK(b.Refused({Amending(InTree(of, "top", "", 0, two), record)}, {5}, one) == refused);
    Need(
        b.Do({Amending(InTree(of, "low", "middle", 2, one), record)}, {5}, one).status());  // stands below it
    CHECK(b.Refused({InTree(of, "no", "low", 3)}, {6}, two) == refused);
    Need(b.Do({InTree(of, "lower", "low", 3)}, {5}, one).status());
  }
}

TEST_CASE("every tree with keepers: one that has ended counts as none, and the next above keeps its part") {
  for (const Register& of : model::Registers()) {
    if (of.whose != model::Whose::kKeeper) continue;
    INFO(of.name);
    SeededBooks b;
    const std::string one = SeedId("party", 1), two = SeedId("party", 2);
    Need(b.Do({Authorise(5, one, {v1::DECLARE}), Authorise(6, two, {v1::DECLARE})}).status());
    b.Take({InTree(of, "top", "", 0, one), InTree(of, "low", "top", 1, two)});
    const std::string refused = "KEY_NOT_AUTHORISED at " + At(of);
    CHECK(b.Refused({InTree(of, "a", "low", 2)}, {5}, one) == refused);
    b.Take({InTree(of, "a", "low", 2)}, {6}, two);
    b.Take({End("party", two, kSeeded)});
    CHECK(b.Refused({InTree(of, "b", "low", 2)}, {6}, two) == refused);
    b.Take({InTree(of, "b", "low", 2)}, {5}, one);
    b.Take({End("party", one, kSeeded)});
    CHECK(b.Refused({InTree(of, "c", "low", 2)}, {5}, one) == refused);
    CHECK(b.Refused({InTree(of, "c", "low", 2)}, {6}, two) == refused);
    b.Take({InTree(of, "c", "low", 2)});  // the root party's key
  }
}

TEST_CASE("every tree: no more than so many stand above one another") {
  for (const Register& of : model::Registers()) {
    // Levels end before.
    if (model::ParentField(of) == nullptr || model::ItemDescriptor(of).FindFieldByName("level") != nullptr)
      continue;
    INFO(of.name);
    SeededBooks b;
    const bool party = of.action == v1::Action::kRegisterParty;
    std::string above = party ? "root" : "";
    for (int depth = party ? 1 : 0; depth <= books::kRules[0].tree_depth; ++depth) {
      const std::string id = absl::StrCat("level", depth);
      Need(b.Do({InTree(of, id, above, 0)}).status());
      above = id;
    }
    CHECK(b.Refused({InTree(of, "too-deep", above, 0)}) == "FIELD_INVALID at " + At(of) + ".parent");
    // What is there can be amended.
    CHECK(b.Do({Amending(b.Row(of, above).action(), b.next() - 1)}).ok());
  }
}

// --- what single registers demand ----------------------------------------------------------------------------

TEST_CASE("place: it stands on a level below its parent's, and its last day is not before its first") {
  SeededBooks b;
  const auto place = [](const std::string& parent, std::uint32_t level, const char* from = "",
                        const char* to = "") {
    v1::Action action = Place("new", parent, level);
    action.mutable_declare_place()->set_valid_from(from);
    action.mutable_declare_place()->set_valid_to(to);
    return action;
  };
  Need(b.Do({Place("cn"), Place("gz", "cn", 1), Place("county", "gz", 3)}).status());
  const std::string level = "FIELD_INVALID at actions[0].declare_place.level";
  CHECK(b.Refused({place("county", 3)}) == level);
  CHECK(b.Refused({place("county", 0)}) == level);
  CHECK(b.Refused({place("cn", 0)}) == level);
  const std::string period = "PERIOD_INVALID at actions[0].declare_place.valid_to";
  CHECK(b.Refused({place("gz", 2, "2000-01-02", "2000-01-01")}) == period);
  CHECK(b.Refused({place("gz", 2, "2000-01-01", "1999-12-31")}) == period);
  const std::uint64_t record = b.Take({place("gz", 2, "2000-01-01", "2000-01-01")});
  CHECK(b.Refused({Amending(place("gz", 2, "2000-01-02", "2000-01-01"), record)}) == period);
  std::uint64_t last = b.Take({Amending(place("gz", 2, "", "2000-01-01"), record)});
  last = b.Take({Amending(place("gz", 2, "2000-01-02", ""), last)});
  CHECK(b.Refused({Amending(place("gz", 3), last)}) == "FIELD_FIXED at actions[0].declare_place.level");
}

TEST_CASE("fund: who takes it over and who gives it away both agree") {
  SeededBooks b;
  const std::uint64_t opened =
      b.Take({Party("one", "root"), Party("two", "root"), Authorise(5, "one", {v1::ADMINISTER}),
              Authorise(6, "two", {v1::ADMINISTER}), Fund("flood", "one")});
  const std::string refused = "KEY_NOT_AUTHORISED at actions[0].open_fund.owner";
  CHECK(b.Refused({Amending(Fund("flood", "two"), opened)}, {5}, "one") == refused);
  CHECK(b.Refused({Amending(Fund("flood", "two"), opened)}, {6}, "two") == refused);
  CHECK(b.Refused({Amending(Fund("flood", "one"), opened)}, {6}, "two") == refused);
  CHECK(b.Refused({End("fund", "flood", opened)}, {6}, "two") ==
        "KEY_NOT_AUTHORISED at actions[0].end_item.owner");
  const std::uint64_t given = b.Take({Amending(Fund("flood", "two"), opened)}, {5, 6}, "one");
  CHECK(b.Refused({Amending(Fund("flood", "two"), given)}, {5}, "one") == refused);
  CHECK(b.Refused({End("fund", "flood", given)}, {5}, "one") ==
        "KEY_NOT_AUTHORISED at actions[0].end_item.owner");
  b.Take({End("fund", "flood", given)}, {6}, "two");
}

TEST_CASE("party: its ids in other registers move with an amendment, and are free again") {
  SeededBooks b;
  const auto known_as = [](const std::string& party, const std::vector<std::string>& ids) {
    v1::Action action = Party(party, "root");
    for (const auto& id : ids) {
      auto* other = action.mutable_register_party()->add_alternative_ids();
      other->set_scheme("iati");
      other->set_id(id);
    }
    return action;
  };
  const auto owner = [&](const char* id) {
    return Need(b.state().Get(model::keys::AlternativeId("iati", id))).value_or("nobody");
  };
  const std::string taken = "ALTERNATIVE_ID_EXISTS at actions[0].register_party.alternative_ids";
  const std::uint64_t first = b.Take({known_as("a", {"1", "2"})});
  CHECK(b.Refused({known_as("b", {"3", "1"})}) == taken);
  const std::uint64_t second = b.Take({Amending(known_as("a", {"2", "4"}), first)});
  CHECK(owner("1") == "nobody");
  CHECK(owner("2") == "a");
  CHECK(owner("4") == "a");
  const std::uint64_t third = b.Take({known_as("b", {"3", "1"})});
  CHECK(b.Refused({Amending(known_as("a", {"2", "3"}), second)}) == taken);
  CHECK(owner("2") == "a");
  CHECK(owner("3") == "b");
  // In one entry one gives it away and the other takes it.
  b.Take({Amending(known_as("b", {}), third), Amending(known_as("a", {"1", "3"}), second)});
  CHECK(owner("1") == "a");
  CHECK(owner("3") == "a");
  CHECK(owner("2") == "nobody");
  // Those of a party that has ended are free for the one that comes after it.
  b.Take({End("party", "a", b.next() - 1)});
  CHECK(owner("1") == "nobody");
  CHECK(owner("3") == "nobody");
  b.Take({known_as("c", {"1"})});
  CHECK(owner("1") == "c");
  CHECK(b.Refused({known_as("d", {"3", "1"})}) == taken);
}

TEST_CASE("party: an inferred recipient may turn out to be a holder, and no other role changes") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  const std::string role = "FIELD_FIXED at actions[0].register_party.role", inferred = role + "_inferred";
  const std::uint64_t made = w.next();
  Need(w.Do({Inferred("hamlet", "county"), Inferred("farm", "county")}).status());
  Need(w.Do({Pay("donor", "hamlet", 50), Pay("donor", "village", 50)}).status());
  const auto cannot = [&](const std::string& payer) {
    const Status status = w.Do({Pay(payer, "charity", 20)}).status();
    CHECK(Verdict(status) == "RECIPIENT_CANNOT_PAY at actions[0].transfer.from");
    return model::RefusalOf(status).value_or(v1::Refusal()).sentence();
  };
  const std::string way_out = "nobody stated that role, and an amendment can make it a HOLDER";
  CHECK_THAT(cannot("hamlet"), Contains(way_out));
  CHECK_THAT(cannot("village"), !Contains(way_out));
  CHECK(verdict(Amending(Party("hamlet", "county", v1::SOURCE), made)) == role);
  v1::Action both = Party("hamlet", "county");
  both.mutable_register_party()->set_role_inferred(true);
  CHECK(verdict(Amending(both, made)) == "FIELD_INVALID at actions[0].register_party.role_inferred");
  const std::uint64_t held = w.next();
  CHECK(verdict(Amending(Party("hamlet", "county"), made)) == "OK");
  CHECK(verdict(Pay("hamlet", "charity", 20)) == "OK");
  CHECK(w.Line("hamlet") == "received 50, held 30, tail 20, minted 0");
  CHECK(verdict(Amending(Inferred("hamlet", "county"), held)) == role);
  CHECK(verdict(Amending(Party("hamlet", "county", v1::RECIPIENT), held)) == role);
  // What somebody stated stays stated, and is a holder no more.
  const std::uint64_t stated = w.next();
  CHECK(verdict(Amending(Party("farm", "county", v1::RECIPIENT), made)) == "OK");
  CHECK(verdict(Amending(Inferred("farm", "county"), stated)) == inferred);
  CHECK(verdict(Amending(Inferred("village", "county"), 1)) == inferred);
  for (const v1::Role other : {v1::HOLDER, v1::SOURCE}) {
    CHECK(verdict(Amending(Party("farm", "county", other), stated)) == role);
    CHECK(verdict(Amending(Party("village", "county", other), 1)) == role);
  }
  CHECK(verdict(Amending(Party("donor", "root"), 1)) == role);
}

TEST_CASE("a party that has ended takes no new money, and pays on and sends back what it has") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  Need(w.Do({Pay("donor", "ministry", 100)}).status());                              // 2
  Need(w.Do({Pay("ministry", "county", 40), Pay("donor", "county", 50)}).status());  // 3
  Need(w.Do({End("party", "ministry", 1)}).status());                                // 4
  const std::string ended = "REFERENCE_ENDED at actions[0].transfer.to";
  CHECK(verdict(Pay("donor", "ministry", 1)) == ended);
  CHECK(verdict(Pay("county", "ministry", 1)) == ended);
  CHECK(verdict(Exchange("county", "ministry", 1, "USD", 1)) == ended);
  CHECK(verdict(Pay("ministry", "county", 10)) == "OK");
  CHECK(verdict(Exchange("ministry", "county", 5, "USD", 1)) == "OK");
  CHECK(verdict(Returning(Pay("county", "ministry", 20), Ref(3, 1))) == "OK");
  CHECK(verdict(Returning(Pay("ministry", "donor", 30), Ref(2), v1::REVERSAL)) == "OK");
  CHECK(w.Line("ministry") == "received 120, held 35, tail 85, minted 0");
}

TEST_CASE("a source that has ended brings nothing in, and sends back what it was paid") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  Need(w.Do({Pay("donor", "ministry", 100)}).status());  // 2
  Need(w.Do({Pay("ministry", "donor", 30)}).status());   // 3
  Need(w.Do({End("party", "donor", 1)}).status());       // 4
  const std::string ended = "REFERENCE_ENDED at actions[0].transfer.from";
  CHECK(verdict(Pay("donor", "ministry", 1)) == ended);
  CHECK(verdict(Pay("donor", "ministry", 1, v1::DONATION)) == ended);
  CHECK(verdict(Exchange("donor", "ministry", 1, "USD", 1)) == ended);
  CHECK(verdict(Returning(Pay("donor", "ministry", 10), Ref(3))) == "OK");
  CHECK(verdict(Returning(Pay("ministry", "donor", 5), Ref(2))) == "OK");
  CHECK(w.Line("ministry") == "received 110, held 75, tail 35, minted 0");
}

TEST_CASE("a fund that has ended takes no new money, and what is in it may be paid and sent back") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  const auto in_school = [](v1::Action action) {
    action.mutable_transfer()->set_fund("school");
    return action;
  };
  Need(w.Do({Pay("donor", "ministry", 100), in_school(Pay("donor", "ministry", 50))}).status());  // 2
  Need(w.Do({Reclassify("ministry", "school", 30)}).status());                                    // 3
  Need(w.Do({End("fund", "flood", 1)}).status());                                                 // 4
  v1::Action into = in_school(Reclassify("ministry", "flood", 5));
  CHECK(verdict(Pay("donor", "ministry", 1)) == "REFERENCE_ENDED at actions[0].transfer.fund");
  CHECK(verdict(into) == "REFERENCE_ENDED at actions[0].transfer.to_fund");
  CHECK(verdict(Pay("ministry", "county", 20)) == "OK");
  CHECK(verdict(Reclassify("ministry", "school", 10)) == "OK");
  CHECK(verdict(Exchange("ministry", "ministry", 10, "USD", 1)) == "OK");
  CHECK(verdict(Returning(Pay("ministry", "donor", 5), Ref(2, 1))) == "OK");
  v1::Action back = Returning(into, Ref(3));
  CHECK(verdict(back) == "OK");  // the reclassification is undone
  CHECK(w.Line("ministry", "flood") == "received 105, held 30, tail 75, minted 0");
  CHECK(verdict(in_school(Pay("donor", "ministry", 1))) == "OK");  // the other fund goes on
}

// --- as of -----------------------------------------------------------------------------------------------------

// All versions that an item had: what a reader who wrote everything down would know.
struct Written {
  std::vector<v1::RegisterRow> versions;  // oldest first
  std::optional<v1::Ending> ended;

  std::optional<v1::RegisterRow> AsOf(std::uint64_t record) const {
    std::optional<v1::RegisterRow> last;
    for (const auto& version : versions)
      if (version.record() <= record) last = version;
    if (last.has_value() && ended.has_value() && ended->record() <= record) *last->mutable_ended() = *ended;
    return last;
  }
};

class AsOfGame {
 public:
  explicit AsOfGame(std::uint64_t seed) : random_(seed) {}

  void Play(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      const auto before = written_;
      std::vector<v1::Action> actions;
      std::set<std::pair<const Register*, std::string>> touched;
      std::string expected = "OK";
      for (std::uint64_t n = 1 + Below(3); n > 0 && expected == "OK"; --n) {
        const Register& of = model::Registers()[Below(model::Registers().size())];
        const std::string id = "i" + std::to_string(Below(4));
        if (!touched.insert({&of, id}).second) continue;
        expected = Add(of, id, &actions);
      }
      if (actions.empty()) continue;
      const std::string verdict = Verdict(books_.Do(actions).status());
      REQUIRE(verdict.substr(0, verdict.find(' ')) == expected);
      if (expected != "OK") written_ = before;
      if (round % 20 == 19) Check();
    }
    Check();
  }
  std::size_t versions() const {
    std::size_t most = 0;
    for (const auto& one : written_) most = std::max(most, one.second.versions.size());
    return most;
  }

 private:
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }

  // What is expected of one more action, and written down where it is taken.
  std::string Add(const Register& of, const std::string& id, std::vector<v1::Action>* actions) {
    const auto found = written_.find({of.action, id});
    const bool there = found != written_.end();
    const std::uint64_t present = there ? found->second.versions.back().record() : 1;
    const std::uint64_t named = Below(5) == 0 ? Below(books_.next() + 2) : present;
    const std::string reason = "because " + std::to_string(Below(100));
    const std::uint64_t kind = Below(8);
    const int variant = static_cast<int>(Below(3));
    if (kind == 0 || (!there && kind < 7)) {
      actions->push_back(WholeItem(of, id, variant));
      if (there) return "ID_TAKEN";
      v1::RegisterRow row;
      *row.mutable_action() = actions->back();
      row.set_record(books_.next());
      row.set_opened(books_.next());
      written_[{of.action, id}].versions.push_back(row);
      return "OK";
    }
    const bool end = kind == 1 && of.ends;
    actions->push_back(end ? End(std::string(of.name), id, named, reason)
                           : Amending(WholeItem(of, id, variant), named, reason));
    if (!there) return "REFERENCE_UNKNOWN";
    Written& item = found->second;
    if (item.ended.has_value()) return "REFERENCE_ENDED";
    if (named != present) return "AMEND_STALE";
    if (end) {
      item.ended.emplace();
      item.ended->set_record(books_.next());
      item.ended->set_reason(reason);
      return "OK";
    }
    v1::RegisterRow row;
    *row.mutable_action() = actions->back();
    row.set_record(books_.next());
    row.set_opened(item.versions.front().record());
    item.versions.push_back(row);
    return "OK";
  }

  // After every record that there is, and one that is to come.
  void Check() {
    for (const auto& [name, item] : written_) {
      for (std::uint64_t record = 0; record <= books_.next(); ++record) {
        INFO(name.second << " of action " << name.first << " as of record " << record);
        const auto expected = item.AsOf(record);
        const auto row =
            Need(books::GetItemAsOf(books_.state(), name.first, name.second, RecordIndex(record)));
        REQUIRE(row.has_value() == expected.has_value());
        if (row.has_value()) REQUIRE(row->SerializeAsString() == expected->SerializeAsString());
        const auto now = Need(books::GetItem(books_.state(), name.first, name.second));
        const auto same = Need(books::AsOf(books_.state(), *now, RecordIndex(record)));
        REQUIRE(same.has_value() == expected.has_value());
        if (same.has_value()) REQUIRE(same->SerializeAsString() == expected->SerializeAsString());
      }
    }
    for (const Register& of : model::Registers())
      CHECK_FALSE(Need(books::GetItemAsOf(books_.state(), of.action, "nobody", RecordIndex(5))).has_value());
  }

  std::mt19937_64 random_;
  SeededBooks books_;
  std::map<std::pair<v1::Action::ActionCase, std::string>, Written> written_;
};

TEST_CASE("as of every record, every item is in the version that it had then") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  AsOfGame game(seed);
  game.Play(200);
  CHECK(game.versions() > 3);
}

}  // namespace
}  // namespace fundtrail::testing
