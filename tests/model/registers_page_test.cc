// The tables of the registers and of the attestations in docs/formats.md. They are made here from the two tables of the
// model and from the form that stands beside each field (form.proto).
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/bounds.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/form.h"
#include "ledger/model/register_table.h"
#include "tests/support/made_text.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string Choices(const google::protobuf::EnumDescriptor& choices) {
  std::vector<std::string> names;
  for (int i = 1; i < choices.value_count(); ++i)
    names.push_back(
        absl::StrCat(choices.value(i)->number(), " ", std::string(model::WordOf(*choices.value(i)))));
  return absl::StrJoin(names, ", ");
}

// "2,000"
std::string WithCommas(std::uint32_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

// One value of the field.
std::string Value(const FieldDescriptor& field, const v1::Form& form) {
  if (!form.refers_to().empty()) return absl::StrCat("the id of a registered ", form.refers_to());
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Choices(*field.enum_type());
    case FieldDescriptor::CPPTYPE_BOOL:
      return "yes or no";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return absl::StrCat("`", field.message_type()->name(), "`");
    case FieldDescriptor::CPPTYPE_STRING:
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      return form.version() ? "the record of its present version" : "a whole number from 0";
    default:
      if (!form.amount_in().empty()) return absl::StrCat("an amount of `", form.amount_in(), "`, from 0");
      return form.max() > 0
                 ? absl::StrCat(form.required() ? 1 : 0, " to ", form.max())
                 : std::string(form.required() ? "a whole number from 1" : "a whole number from 0");
  }
  switch (form.shape()) {
    case v1::SHAPE_ID:
      return "an id";
    case v1::SHAPE_ASSET_CODE:
      return "an asset code";
    case v1::SHAPE_NAME:
      return "a name";
    case v1::SHAPE_DATE:
      return "a date";
    default:
      return absl::StrCat("a text of at most ", WithCommas(form.max_bytes()), " bytes");
  }
}

std::string Words(const FieldDescriptor& field) {
  const v1::Form& form = model::FormOf(field);
  std::string words = Value(field, form);
  if (field.is_repeated())
    words = absl::StrCat("a list of at most ", form.max_items(), ", each once: ", words);
  if (form.id()) return words + ", the item's own";
  if (form.about()) return words + ", the one that it is about";
  if (form.required() || form.shape() == v1::SHAPE_NAME) words += "; must be there";
  if (form.fixed()) words += "; fixed";
  return words;
}

std::string Table(const Descriptor& message) {
  std::string text = "| field | name | form | |\n|---|---|---|---|\n";
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    absl::StrAppend(&text, "| ", field.number(), " | `", field.name(), "` | ", Words(field), " | ",
                    model::FormOf(field).help(), " |\n");
  }
  for (int i = 0; i < message.field_count(); ++i) {
    const auto* inside = message.field(i)->message_type();
    if (inside != nullptr) absl::StrAppend(&text, "\n`", inside->name(), "`:\n\n", Table(*inside));
  }
  return text;
}

std::string Permission(const model::Register& of) {
  switch (of.whose) {
    case model::Whose::kRoot:
      return "ADMINISTER for the root party";
    case model::Whose::kParent:
      return "ADMINISTER for the party above";
    case model::Whose::kParents:
      return "ADMINISTER for the parties above both, and for the root party for itself";
    case model::Whose::kOwner:
      return "ADMINISTER for the owner";
    case model::Whose::kDeclarer:
      return "DECLARE or ADMINISTER for the owner";
    case model::Whose::kGroup:
      return of.action == v1::Action::kFormGroup
                 ? "ADMINISTER for the party that the group is; of a kind that evaluates, for the root party"
                 : "ADMINISTER for the party that the group is";
    case model::Whose::kPayer:
      return "PAY for the owner";
    case model::Whose::kJudges:
      return "the quorum of the group, with EVALUATE";
    case model::Whose::kAssigns:
      return "the quorum of the group, with APPROVE";
    case model::Whose::kKeeper:
      return "ADMINISTER for the root party, or DECLARE for the keeper of the nearest one above that has one";
  }
  return "";
}

std::string Registers() {
  std::string text;
  for (const model::Register& of : model::Registers()) {
    absl::StrAppend(&text, "\n**", std::string(of.name), "**, `", model::ItemDescriptor(of).name(),
                    "`, action ", static_cast<int>(of.action), ". ", std::string(of.what), ". Takes ",
                    Permission(of), ". ", of.ends ? "Ends by `EndItem`." : "Does not end.", "\n\n",
                    Table(model::ItemDescriptor(of)));
  }
  return text + "\n";
}

std::string Attestations() {
  std::string text;
  for (const model::Attestation& of : model::Attestations()) {
    const FieldDescriptor& action = model::ActionField(of);
    const std::string permission = model::WordOf(of.permission);
    absl::StrAppend(&text, "\n**", std::string(model::FindRegister(of.about)->name), " ",
                    std::string(of.verb), "**, `", action.message_type()->name(), "`, action ",
                    action.number(), ". ", std::string(of.what), ". Takes ", permission,
                    of.permission == v1::PERMISSION_DECLARE ? " or ADMINISTER" : "",
                    " for the party in `by`.\n\n", Table(*action.message_type()));
  }
  return text + "\n";
}

TEST_CASE("docs/formats.md shows every register, each field and its form") {
  CompareBlock("docs/formats.md", "<!-- registers: made by tests/model/registers_page_test.cc -->",
               "<!-- end -->", Registers());
}

TEST_CASE("docs/formats.md shows every attestation, each field and its form") {
  CompareBlock("docs/formats.md", "<!-- attestations: made by tests/model/registers_page_test.cc -->",
               "<!-- end -->", Attestations());
}

TEST_CASE("docs/formats.md has the number and the fields of every other action") {
  std::set<int> others;
  for (int i = 0; i < v1::Action::descriptor()->field_count(); ++i)
    if (v1::Action::descriptor()->field(i)->containing_oneof() != nullptr)
      others.insert(v1::Action::descriptor()->field(i)->number());
  for (const model::Register& of : model::Registers()) others.erase(static_cast<int>(of.action));
  for (const model::Attestation& of : model::Attestations()) others.erase(model::ActionField(of).number());
  CHECK(others.size() == 9);
  std::ifstream file(FUNDTRAIL_SOURCE_DIR "/docs/formats.md");
  std::stringstream whole;
  whole << file.rdbuf();
  const std::string page = whole.str();
  for (const int number : others) {
    const Descriptor& message = *v1::Action::descriptor()->FindFieldByNumber(number)->message_type();
    const std::string start = absl::StrCat("\n| ", number, " | `", message.name(), "` | ");
    const std::size_t at = page.find(start);
    INFO(start);
    REQUIRE(at != std::string::npos);
    const std::string row = page.substr(at, page.find('\n', at + 1) - at);
    for (int i = 0; i < message.field_count(); ++i) {
      INFO(row);
      CHECK_THAT(row, Catch::Matchers::Contains(
                          absl::StrCat(message.field(i)->number(), " ", message.field(i)->name())));
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
