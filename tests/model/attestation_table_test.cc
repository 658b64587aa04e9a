// The table of attestations, and what each must say of its fields: the books, the command line and docs/formats.md rest on it.
#include "ledger/model/attestation_table.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/entry_form.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"
#include "tests/support/entries.h"
#include "tests/support/items.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using model::Attestation;

const Descriptor& DescriptorOf(const Attestation& of) { return *model::ActionField(of).message_type(); }

// The fields of which that is true.
std::vector<const FieldDescriptor*> FieldsWith(const Attestation& of, bool (v1::Form::*is)() const) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < DescriptorOf(of).field_count(); ++i) {
    const FieldDescriptor* field = DescriptorOf(of).field(i);
    if ((model::FormOf(*field).*is)()) fields.push_back(field);
  }
  return fields;
}

TEST_CASE("the table of attestations: numbers, words and what is found by them") {
  std::set<std::string> verbs;
  int last = 0;
  REQUIRE_FALSE(model::Attestations().empty());
  for (const Attestation& of : model::Attestations()) {
    INFO(of.verb);
    const int number = static_cast<int>(of.action);
    CHECK(number > last);
    last = number;
    CHECK(number < 256);  // a byte in the keys of its rows
    CHECK(model::FindAttestation(of.action) == &of);
    CHECK(model::FindAttestationNumbered(static_cast<std::uint32_t>(number)) == &of);
    CHECK(model::FindRegister(of.action) == nullptr);
    const model::Register* about = model::FindRegister(of.about);
    REQUIRE(about != nullptr);
    CHECK_FALSE((of.verb.empty() || of.what.empty() || of.example.empty()));
    // `project approve` is said of one thing, and is not one of the commands that each register has.
    CHECK(verbs.insert(absl::StrCat(std::string(about->name), " ", std::string(of.verb))).second);
    for (const char* taken : {"add", "amend", "end", "show", "list", "tree"}) CHECK(of.verb != taken);
    CHECK(v1::Permission_IsValid(of.permission));
    CHECK(of.permission != v1::PERMISSION_UNSPECIFIED);
  }
  CHECK(model::FindAttestation(v1::Action::kTransfer) == nullptr);
  CHECK(model::FindAttestation(v1::Action::kProposeProject) == nullptr);
  CHECK(model::FindAttestation(v1::Action::ACTION_NOT_SET) == nullptr);
  for (const std::uint32_t number : {0U, 1U, 26U, 40U, 255U, 256U + 36U, 0xffffffffU})
    CHECK(model::FindAttestationNumbered(number) == nullptr);
}

TEST_CASE("each attestation names one item, and has one party that says it") {
  for (const Attestation& of : model::Attestations()) {
    INFO(DescriptorOf(of).full_name());
    const auto about = FieldsWith(of, &v1::Form::about);
    REQUIRE(about.size() == 1);
    CHECK(about[0] == &model::AboutField(of));
    const v1::Form& form = model::FormOf(*about[0]);
    CHECK(about[0]->cpp_type() == FieldDescriptor::CPPTYPE_STRING);
    CHECK_FALSE(about[0]->is_repeated());
    CHECK(form.refers_to() == std::string(model::FindRegister(of.about)->name));
    CHECK(form.required());
    CHECK((form.shape() == v1::SHAPE_ID || form.shape() == v1::SHAPE_ASSET_CODE));

    const auto versions = FieldsWith(of, &v1::Form::version);
    REQUIRE(versions.size() <= 1);
    CHECK(model::VersionField(of) == (versions.empty() ? nullptr : versions[0]));
    if (!versions.empty()) CHECK(versions[0]->type() == FieldDescriptor::TYPE_UINT64);

    const FieldDescriptor* by = DescriptorOf(of).FindFieldByName("by");
    REQUIRE(by != nullptr);
    CHECK(model::FormOf(*by).refers_to() == "party");
    CHECK(model::FormOf(*by).required());
    CHECK(model::FormOf(*by).usual() == "@author");

    const v1::Action action = WholeAttestation(of);
    CHECK(action.action_case() == of.action);
    CHECK(model::AboutOf(action) == SeedId(model::FindRegister(of.about)->name, 1));
    v1::Action other;
    const auto* made = model::MutableAttestationIn(of, &other);
    CHECK(made == &model::AttestationIn(other));
    CHECK(other.action_case() == of.action);
  }
}

TEST_CASE("the fields of attestations are of the kinds that are checked, bounded and shown") {
  using Field = FieldDescriptor;
  const std::set<int> kinds = {Field::CPPTYPE_STRING, Field::CPPTYPE_ENUM, Field::CPPTYPE_UINT32,
                               Field::CPPTYPE_INT64, Field::CPPTYPE_BOOL};
  for (const Attestation& of : model::Attestations()) {
    CHECK(DescriptorOf(of).real_oneof_decl_count() == 0);
    for (int i = 0; i < DescriptorOf(of).field_count(); ++i) {
      const FieldDescriptor& field = *DescriptorOf(of).field(i);
      const v1::Form& form = model::FormOf(field);
      INFO(field.full_name());
      CHECK((kinds.count(field.cpp_type()) == 1 || form.version()));
      CHECK((form.max_items() > 0) == field.is_repeated());
      CHECK_FALSE(form.help().empty());
      CHECK_FALSE((form.id() || form.fixed()));  // it is no item, and has no versions
      const bool text = field.cpp_type() == Field::CPPTYPE_STRING;
      CHECK((form.max_bytes() > 0) == (text && form.shape() == v1::SHAPE_TEXT));
      CHECK(form.max_bytes() <= 2'000);
      if (!form.refers_to().empty()) CHECK(model::FindRegister(form.refers_to()) != nullptr);
      if (form.usual().empty() || form.usual() == "@author") continue;
      v1::Action action;
      CHECK(model::SetField(model::MutableAttestationIn(of, &action), field, {form.usual()}) ==
            absl::OkStatus());
    }
  }
}

TEST_CASE("a whole attestation has its form, and each field that is not of its form is named") {
  for (const Attestation& of : model::Attestations()) {
    const std::string at = absl::StrCat("FIELD_INVALID at actions[0].", model::ActionField(of).name());
    const auto verdict = [&](const v1::Action& action) {
      return Verdict(model::CheckEntry(SignedBy(Entry("root", 1, {action}), {1})));
    };
    INFO(at);
    const v1::Action whole = WholeAttestation(of);
    CHECK(verdict(whole) == "OK");
    // It amends nothing: a newer one counts.
    CHECK(verdict(Amending(whole, 1)) == "FIELD_INVALID at actions[0].amends");
    for (int i = 0; i < DescriptorOf(of).field_count(); ++i) {
      const FieldDescriptor& field = *DescriptorOf(of).field(i);
      const v1::Form& form = model::FormOf(field);
      INFO(field.name());
      v1::Action action = whole;
      Message* said = model::MutableAttestationIn(of, &action);
      const auto* write = said->GetReflection();
      write->ClearField(said, &field);
      const bool must = form.required() || form.shape() == v1::SHAPE_NAME;
      CHECK(verdict(action) == (must ? absl::StrCat(at, ".", field.name()) : "OK"));
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
          if (field.is_repeated()) {
            write->AddString(said, &field, "\x1b[2J");
            CHECK(verdict(action) == absl::StrCat(at, ".", field.name(), "[0]"));
            continue;
          }
          write->SetString(said, &field, "\x1b[2J");
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          write->SetEnumValue(said, &field, 99);
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          write->SetInt64(said, &field, -1);
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          if (form.max() == 0) continue;
          write->SetUInt32(said, &field, form.max() + 1);
          break;
        default:
          continue;
      }
      CHECK(verdict(action) == absl::StrCat(at, ".", field.name()));
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
