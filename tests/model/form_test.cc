// The forms of fields: each kind of form on a message that is built here, and what every register must say of its fields.
#include "ledger/model/form.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"
#include "tests/support/entries.h"
#include "tests/support/items.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldDescriptorProto;

// A message with a field of each form.
class Forms {
 public:
  Forms() : pool_(google::protobuf::DescriptorPool::generated_pool()) {
    google::protobuf::FileDescriptorProto file;
    file.set_name("forms.proto");
    file.set_syntax("proto3");
    file.add_dependency("fundtrail/v1/entry.proto");
    auto* message = file.add_message_type();
    message->set_name("Forms");
    for (const auto& [name, type, form] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"id", "text", "shape: SHAPE_ID id: true"},
             {"ref", "text", "shape: SHAPE_ID refers_to: 'party'"},
             {"must_ref", "text", "shape: SHAPE_ID refers_to: 'party' required: true"},
             {"code", "text", "shape: SHAPE_ASSET_CODE"},
             {"must_code", "text", "shape: SHAPE_ASSET_CODE required: true"},
             {"name", "text", "shape: SHAPE_NAME"},
             {"words", "text", "max_bytes: 6"},
             {"must_words", "text", "max_bytes: 6 required: true"},
             {"day", "text", "shape: SHAPE_DATE"},
             {"must_day", "text", "shape: SHAPE_DATE required: true"},
             {"role", ".fundtrail.v1.Role", ""},
             {"must_role", ".fundtrail.v1.Role", "required: true"},
             {"few", "u32", "max: 9"},
             {"must_few", "u32", "max: 9 required: true"},
             {"any", "u32", ""},
             {"must_any", "u32", "required: true"},
             {"amount", "i64", ""},
             {"some", "i64", "max: 9"},
             {"flag", "bool", ""},
             {"inside", ".fundtrail.v1.AlternativeId", ""},
             {"must_inside", ".fundtrail.v1.AlternativeId", "required: true"},
             {"ids", "text*", "shape: SHAPE_ID max_items: 3"},
             {"texts", "text*", "max_bytes: 6 max_items: 3"},
             {"days", "text*", "shape: SHAPE_DATE max_items: 3"},
             {"roles", ".fundtrail.v1.Role*", "max_items: 2"},
             {"numbers", "u32*", "max_items: 3 max: 9"},
             {"amounts", "i64*", "max_items: 3"},
             {"insides", ".fundtrail.v1.AlternativeId*", "max_items: 2"},
             {"must_list", "text*", "shape: SHAPE_ID max_items: 3 required: true"},
             {"unbounded", "text*", "shape: SHAPE_ID"}})
      Add(message, name, type, form);
    const auto* built = pool_.BuildFile(file);
    REQUIRE(built != nullptr);
    descriptor_ = built->message_type(0);
  }

  // What is said of a message that is good but for this, and without the field `cleared`.
  std::string Verdict(const std::string& text, const std::string& cleared = "") {
    const std::unique_ptr<google::protobuf::Message> message(factory_.GetPrototype(descriptor_)->New());
    REQUIRE(google::protobuf::TextFormat::ParseFromString(
        "id: 'a' must_ref: 'b' must_code: 'CNY' name: 'A' must_words: 'w' must_day: '2026-02-28' must_role: "
        "ROLE_HOLDER "
        "must_few: 1 must_any: 1 must_inside { scheme: 's' id: 'i' } must_list: 'a'",
        message.get()));
    INFO(text);
    // Of a list the items are added, and a single field is taken over.
    REQUIRE(google::protobuf::TextFormat::MergeFromString(text, message.get()));
    if (!cleared.empty())
      message->GetReflection()->ClearField(message.get(), descriptor_->FindFieldByName(cleared));
    const Status status = model::CheckForm("x", *message);
    const auto refusal = model::RefusalOf(status);
    if (status.ok()) return "OK";
    REQUIRE(refusal.has_value());
    CHECK(refusal->code() == v1::REFUSAL_CODE_FIELD_INVALID);
    return absl::StrCat(refusal->field(), " ", refusal->sentence());
  }

 private:
  static void Add(google::protobuf::DescriptorProto* message, const std::string& name, std::string type,
                  const std::string& form) {
    auto* field = message->add_field();
    field->set_name(name);
    field->set_number(message->field_size());
    const bool list = type.back() == '*';
    if (list) type.pop_back();
    field->set_label(list ? FieldDescriptorProto::LABEL_REPEATED : FieldDescriptorProto::LABEL_OPTIONAL);
    const std::map<std::string, FieldDescriptorProto::Type> types = {
        {"text", FieldDescriptorProto::TYPE_STRING},
        {"u32", FieldDescriptorProto::TYPE_UINT32},
        {"i64", FieldDescriptorProto::TYPE_INT64},
        {"bool", FieldDescriptorProto::TYPE_BOOL},
        {".fundtrail.v1.Role", FieldDescriptorProto::TYPE_ENUM},
        {".fundtrail.v1.AlternativeId", FieldDescriptorProto::TYPE_MESSAGE}};
    field->set_type(types.at(type));
    if (type[0] == '.') field->set_type_name(type);
    REQUIRE(google::protobuf::TextFormat::ParseFromString(
        form, field->mutable_options()->MutableExtension(v1::form)));
  }

  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  const Descriptor* descriptor_ = nullptr;
};

TEST_CASE("each kind of form takes what is of it, and says what is not, with the field's place") {
  Forms forms;
  const std::string no_id =
      "\" is not an id: 1 to 64 of A-Z a-z 0-9 . _ : - beginning with a letter or digit";
  const std::string no_code = "\" is not an asset code: 1 to 16 letters, digits, . _ : -";
  const auto too_long = [](const std::string& field, int bytes, int most) {
    return absl::StrCat(field, " ", field, " has ", bytes, " bytes; at most ", most, " are allowed");
  };
  const std::string roles = "must be SOURCE, HOLDER or RECIPIENT";
  const std::string x64(64, 'x'), x16(16, 'x'), x300(300, 'x');
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "OK"},
      {"id: ''", "x.id is missing"},
      {"id: '" + x64 + "'", "OK"},
      {"id: '" + x64 + "x'", "x.id \"" + x64 + "x" + no_id},
      {"id: 'a b'", "x.id \"a b" + no_id},
      {"id: '-a'", "x.id \"-a" + no_id},
      {"id: '\\033[2J'", "x.id \"\\u{001B}[2J" + no_id},
      {"ref: ''", "OK"},
      {"ref: 'a b'", "x.ref \"a b" + no_id},
      {"must_ref: ''", "x.must_ref is missing"},
      {"code: '" + x16 + "'", "OK"},
      {"code: '" + x16 + "x'", "x.code \"" + x16 + "x" + no_code},
      {"must_code: ''", "x.must_code is missing"},
      {"name: ''", "x.name is missing"},
      {"name: '" + x300 + "'", "OK"},
      {"name: '" + x300 + "x'", too_long("x.name", 301, 300)},
      {"words: '123456'", "OK"},
      {"words: '1234567'", too_long("x.words", 7, 6)},
      {"words: '武汉'", "OK"},  // bytes, not characters
      {"words: '武汉市'", too_long("x.words", 9, 6)},
      {"must_words: ''", "x.must_words is missing"},
      {"must_words: '1234567'", too_long("x.must_words", 7, 6)},
      {"day: '2024-02-29'", "OK"},
      {"must_day: ''", "x.must_day is missing"},
      {"role: ROLE_SOURCE", "OK"},
      {"role: ROLE_UNSPECIFIED", "OK"},
      {"role: 4", "x.role " + roles},
      {"role: -1", "x.role " + roles},
      {"must_role: ROLE_UNSPECIFIED", "x.must_role " + roles},
      {"must_role: 99", "x.must_role " + roles},
      {"few: 9", "OK"},
      {"few: 10", "x.few must be 0 to 9"},
      {"few: 4294967295", "x.few must be 0 to 9"},
      {"must_few: 0", "x.must_few is missing"},
      {"must_few: 10", "x.must_few must be 1 to 9"},
      {"any: 4294967295", "OK"},
      {"must_any: 0", "x.must_any is missing"},
      {"amount: 9223372036854775807", "OK"},
      {"amount: -1", "x.amount must not be negative"},
      {"some: 9", "OK"},
      {"some: 10", "x.some must be 0 to 9"},
      {"some: -9223372036854775808", "x.some must not be negative"},
      {"flag: true", "OK"},
      {"inside { scheme: 's' id: 'i' }", "OK"},
      {"inside { scheme: 's' }", "x.inside.id is missing"},
      {"inside { id: 'i' }", "x.inside.scheme is missing"},
      {"inside { scheme: 'a b' id: 'i' }", "x.inside.scheme \"a b" + no_id},
      {"ids: ['a', 'b', 'c']", "OK"},
      {"ids: ['a', 'b', 'c', 'd']", "x.ids has 4 items, and at most 3 may be"},
      {"ids: ['a', '']", "x.ids[1] is empty"},
      {"ids: ['a', 'b b']", "x.ids[1] \"b b" + no_id},
      {"ids: ['a', 'b', 'a']", "x.ids[2] is listed twice"},
      {"texts: ['a', 'b']", "OK"},
      {"texts: ['a', '1234567']", too_long("x.texts[1]", 7, 6)},
      {"texts: ['']", "x.texts[0] is empty"},
      {"days: ['2026-01-01', '2026-01-01']", "x.days[1] is listed twice"},
      {"roles: [ROLE_HOLDER, ROLE_SOURCE]", "OK"},
      {"roles: [ROLE_HOLDER, ROLE_HOLDER]", "x.roles[1] is listed twice"},
      {"roles: [99]", "x.roles[0] " + roles},
      {"numbers: [0, 9]", "OK"},
      {"numbers: [9, 10]", "x.numbers[1] must be 0 to 9"},
      {"numbers: [9, 9]", "x.numbers[1] is listed twice"},
      {"amounts: [1, -1]", "x.amounts[1] must not be negative"},
      {"amounts: [1, 2, 1]", "x.amounts[2] is listed twice"},
      {"insides { scheme: 's' id: 'i' } insides { scheme: 's' id: 'j' }", "OK"},
      {"insides { scheme: 's' id: 'i' } insides { scheme: 's' id: 'i' }", "x.insides[1] is listed twice"},
      {"insides { scheme: 's' id: 'i' } insides { scheme: 's' }", "x.insides[1].id is missing"},
      {"insides { }", "x.insides[0].scheme is missing"},
      {"must_list: 'a'", "x.must_list[1] is listed twice"},
      {"unbounded: 'a'", "x.unbounded has 1 items, and at most 0 may be"},  // so nobody forgets to bound it
  };
  for (const auto& [text, verdict] : table) CHECK(forms.Verdict(text) == verdict);
  for (const std::string day :
       {"2026-02-29", "2026-2-1", "1899-12-31", "2201-01-01", "tomorrow", " 2026-02-01"}) {
    const std::string said = forms.Verdict("day: '" + day + "'");
    CHECK(said.substr(0, 6) == "x.day ");
  }
  for (const std::string& hidden : {std::string("a\\nb"), std::string("\\033["), std::string("a\u202e")}) {
    CHECK(forms.Verdict("name: '" + hidden + "'").substr(0, 7) == "x.name ");
    CHECK(forms.Verdict("words: '" + hidden + "'").substr(0, 8) == "x.words ");
    CHECK(forms.Verdict("texts: '" + hidden + "'").substr(0, 11) == "x.texts[0] ");
  }
}

TEST_CASE("a list or a message that must be there is told when it is not") {
  Forms forms;
  CHECK(forms.Verdict("", "must_inside") == "x.must_inside is missing");
  CHECK(forms.Verdict("", "must_list") == "x.must_list is missing");
  CHECK(forms.Verdict("", "inside") == "OK");
  CHECK(forms.Verdict("", "ids") == "OK");
}

TEST_CASE("a whole item of every register has its form, and a small one") {
  for (const model::Register& of : model::Registers()) {
    INFO(of.name);
    for (int variant = 0; variant < 3; ++variant)
      CHECK(Verdict(model::CheckForm("x", model::ItemOf(WholeItem(of, "a", variant)))) == "OK");
    CHECK(Verdict(model::CheckForm("x", model::ItemOf(SmallItem(of, "a")))) == "OK");
  }
}

// Every message that the fields of a register hold, from the item itself on.
std::vector<const Descriptor*> MessagesOf(const model::Register& of) {
  std::vector<const Descriptor*> messages{&model::ItemDescriptor(of)};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (int f = 0; f < messages[i]->field_count(); ++f)
      if (messages[i]->field(f)->message_type() != nullptr)
        messages.push_back(messages[i]->field(f)->message_type());
    REQUIRE(messages.size() < 100);
  }
  return messages;
}

TEST_CASE("each kind of action is of a register, an attestation, or one of those that are checked by hand") {
  using A = v1::Action;
  const std::set<int> by_hand = {A::kGenesis,         A::kAuthoriseKey, A::kRevokeKey,
                                 A::kRotateLedgerKey, A::kChangeRoot,   A::kAdoptRules,
                                 A::kEndItem,         A::kTransfer,     A::kAcknowledge};
  const auto* choice = v1::Action::descriptor()->FindOneofByName("action");
  REQUIRE(choice != nullptr);
  std::size_t of_registers = 0, attestations = 0;
  for (int i = 0; i < choice->field_count(); ++i) {
    const int number = choice->field(i)->number();
    INFO(choice->field(i)->name());
    const bool of_register = model::FindRegister(static_cast<A::ActionCase>(number)) != nullptr;
    const bool attestation = model::FindAttestation(static_cast<A::ActionCase>(number)) != nullptr;
    CHECK((of_register ? 1 : 0) + (attestation ? 1 : 0) + static_cast<int>(by_hand.count(number)) == 1);
    of_registers += of_register;
    attestations += attestation;
  }
  CHECK(of_registers == model::Registers().size());
  CHECK(attestations == model::Attestations().size());
}

TEST_CASE("the table of registers: names, numbers and what is found by them") {
  std::set<std::string_view> names;
  int last = 0;
  std::string all;
  for (const model::Register& of : model::Registers()) {
    INFO(of.name);
    const int number = static_cast<int>(of.action);
    CHECK(number > last);
    last = number;
    CHECK(number < 256);  // a byte in the keys of its rows
    CHECK(names.insert(of.name).second);
    CHECK(names.insert(of.plural).second);
    CHECK_FALSE((of.what.empty() || of.example.empty()));
    CHECK(model::FindRegister(of.name) == &of);
    CHECK(model::FindRegister(of.action) == &of);
    CHECK(model::FindRegisterNumbered(static_cast<std::uint32_t>(number)) == &of);
    all += (all.empty() ? "" : ", ") + std::string(of.name);
    v1::Action action = WholeItem(of, "a");
    CHECK(model::IdOf(action) == "a");
    CHECK(&model::ItemOf(action) == model::MutableItemOf(of, &action));
  }
  CHECK(model::RegisterNames() == all);
  CHECK(model::FindRegister("song") == nullptr);
  CHECK(model::FindRegister("") == nullptr);
  CHECK(model::FindRegister(v1::Action::kTransfer) == nullptr);
  CHECK(model::FindRegister(v1::Action::ACTION_NOT_SET) == nullptr);
  for (const std::uint32_t number : {0U, 1U, 36U, 40U, 255U, 256U + 2U, 0xffffffffU})
    CHECK(model::FindRegisterNumbered(number) == nullptr);
}

// The fields that hold other messages are lists where the books look for references in them (CheckReferences).
TEST_CASE("messages inside an item that name items stand in lists") {
  for (const model::Register& of : model::Registers()) {
    for (const Descriptor* message : MessagesOf(of)) {
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor& field = *message->field(i);
        INFO(field.full_name());
        if (field.message_type() != nullptr) CHECK(field.is_repeated());
      }
    }
  }
}

TEST_CASE("each register has one id, and what a field names is a register's item") {
  for (const model::Register& of : model::Registers()) {
    int ids = 0;
    for (const Descriptor* message : MessagesOf(of)) {
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor& field = *message->field(i);
        const v1::Form& form = model::FormOf(field);
        INFO(field.full_name());
        if (form.id()) {
          ++ids;
          CHECK(message == &model::ItemDescriptor(of));
          CHECK(&field == &model::IdField(of));
          CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_STRING);
          CHECK_FALSE(field.is_repeated());
        }
        const bool names_items = form.id() || !form.refers_to().empty();
        if (names_items) CHECK((form.shape() == v1::SHAPE_ID || form.shape() == v1::SHAPE_ASSET_CODE));
        if (form.refers_to().empty()) continue;
        CHECK(model::FindRegister(form.refers_to()) != nullptr);
        CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_STRING);
      }
    }
    INFO(of.name);
    CHECK(ids == 1);
  }
}

TEST_CASE("every list of a register is bounded, every text too, and every field says what it is") {
  for (const model::Register& of : model::Registers()) {
    for (const Descriptor* message : MessagesOf(of)) {
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor& field = *message->field(i);
        const v1::Form& form = model::FormOf(field);
        INFO(field.full_name());
        CHECK(field.type() != FieldDescriptor::TYPE_BYTES);
        CHECK((form.max_items() > 0) == field.is_repeated());
        CHECK(form.max_items() <= 256);
        const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
        CHECK((form.max_bytes() > 0) == (text && form.shape() == v1::SHAPE_TEXT));
        CHECK(form.max_bytes() <= 2'000);
        if (!text) CHECK(form.shape() == v1::SHAPE_TEXT);
        if (form.max() > 0)
          CHECK((field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                 field.cpp_type() == FieldDescriptor::CPPTYPE_INT64));
        if (message == &model::ItemDescriptor(of)) CHECK_FALSE(form.help().empty());
        if (form.usual().empty()) continue;
        // What is usual can be said; "@author" is an id of a party, which a group is too.
        v1::Action action;
        if (form.usual() == "@author") {
          CHECK((form.refers_to() == "party" || form.refers_to() == "group"));
        } else {
          CHECK(model::SetField(model::MutableItemOf(of, &action), field, {form.usual()}) ==
                absl::OkStatus());
        }
      }
    }
  }
}

TEST_CASE(
    "the fields of registers are of the kinds that are checked, written, read and shown, and of no other") {
  using Field = FieldDescriptor;
  const std::set<int> kinds = {Field::CPPTYPE_STRING, Field::CPPTYPE_ENUM, Field::CPPTYPE_UINT32,
                               Field::CPPTYPE_INT64,  Field::CPPTYPE_BOOL, Field::CPPTYPE_MESSAGE};
  for (const model::Register& of : model::Registers()) {
    for (const Descriptor* message : MessagesOf(of)) {
      INFO(message->full_name());
      CHECK(message->real_oneof_decl_count() == 0);
      for (int i = 0; i < message->field_count(); ++i) {
        INFO(message->field(i)->name());
        CHECK(kinds.count(message->field(i)->cpp_type()) == 1);
        CHECK_FALSE(message->field(i)->is_map());
      }
      if (message == &model::ItemDescriptor(of)) continue;
      // SCHEME=ID or PLACE=4000 in a command line and a cell: single values, the first of them a text or a word that is there.
      REQUIRE(message->field_count() >= 2);
      CHECK((message->field(0)->cpp_type() == Field::CPPTYPE_STRING ||
             message->field(0)->cpp_type() == Field::CPPTYPE_ENUM));
      CHECK((model::FormOf(*message->field(0)).required() ||
             model::FormOf(*message->field(0)).shape() == v1::SHAPE_NAME));
      for (int i = 0; i < message->field_count(); ++i) {
        CHECK(message->field(i)->cpp_type() != Field::CPPTYPE_MESSAGE);
        CHECK_FALSE(message->field(i)->is_repeated());
      }
    }
  }
}

TEST_CASE("the fields that decide who may, and trees, are what the books take them for") {
  for (const model::Register& of : model::Registers()) {
    INFO(of.name);
    const auto refers = [&](const char* name) -> std::string {
      const auto* field = model::ItemDescriptor(of).FindFieldByName(name);
      return field == nullptr || field->is_repeated() ? "" : model::FormOf(*field).refers_to();
    };
    const FieldDescriptor* parent = model::ParentField(of);
    CHECK((parent != nullptr) == !refers("parent").empty());
    if (parent != nullptr) {
      CHECK(refers("parent") == of.name);
      CHECK(model::FormOf(*parent).fixed());  // so that no item comes to stand above itself
    }
    if (of.whose == model::Whose::kParent) CHECK((parent != nullptr && refers("parent") == "party"));
    if (of.whose == model::Whose::kOwner || of.whose == model::Whose::kDeclarer) {
      REQUIRE(refers("owner") == "party");
      CHECK(model::FormOf(*model::ItemDescriptor(of).FindFieldByName("owner")).required());
    }
    if (of.whose == model::Whose::kParents) CHECK((refers("party") == "party" && refers("under") == "party"));
    if (of.whose == model::Whose::kKeeper) CHECK((parent != nullptr && refers("keeper") == "party"));
  }
}

TEST_CASE("an amount stands beside the field that names its asset") {
  for (const model::Register& of : model::Registers()) {
    for (const Descriptor* message : MessagesOf(of)) {
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor& field = *message->field(i);
        const std::string& asset = model::FormOf(field).amount_in();
        if (asset.empty()) continue;
        INFO(field.full_name());
        CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_INT64);
        const auto* named = message->FindFieldByName(asset);
        REQUIRE(named != nullptr);
        CHECK(model::FormOf(*named).refers_to() == "asset");
        CHECK_FALSE(named->is_repeated());
        // In a message that people write as one text, it is read first.
        if (message != &model::ItemDescriptor(of)) CHECK(named->index() < field.index());
      }
    }
  }
}

TEST_CASE("what only attestations say stands in no register") {
  for (const model::Register& of : model::Registers()) {
    for (const Descriptor* message : MessagesOf(of)) {
      for (int i = 0; i < message->field_count(); ++i) {
        INFO(message->field(i)->full_name());
        CHECK_FALSE(
            (model::FormOf(*message->field(i)).about() || model::FormOf(*message->field(i)).version()));
      }
    }
  }
}

TEST_CASE("no two options of a register's commands are called alike, nor like those that each command has") {
  for (const model::Register& of : model::Registers()) {
    std::set<std::string> options = {"key",     "passphrase-file", "as",  "id",       "date",   "memo",
                                     "receipt", "cosigned",        "out", "cosigner", "reason", "record",
                                     "ledger",  "server",          "ca",  "json",     "help",   "timeout"};
    for (int i = 0; i < model::ItemDescriptor(of).field_count(); ++i) {
      const FieldDescriptor& field = *model::ItemDescriptor(of).field(i);
      if (model::FormOf(field).id()) continue;
      const std::string& own = model::FormOf(field).option();
      INFO(field.full_name());
      CHECK(options.insert(own.empty() ? model::Dashed(field.name()) : own).second);
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
