// One group of commands for each register, made from its fields; and one command for each attestation about its items. What asks is in
// register_questions.cc.
#include "cli/render/registers.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/commands/field_texts.h"
#include "cli/commands/new_item.h"
#include "cli/commands/register_questions.h"
#include "cli/whole_number.h"
#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/decimal.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

using model::FieldDescriptor;
using model::Register;

// What the command line says of one item. A field that it does not name is not among the values.
struct ItemOptions {
  std::string id;
  std::vector<std::pair<const FieldDescriptor*, std::shared_ptr<std::vector<std::string>>>> values;
  std::string reason;
  std::optional<std::uint64_t> record;  // of the version that its author looked at
};

// The name of a field's value in help.
std::string ValueNameOf(const FieldDescriptor& field) {
  const v1::Form& form = model::FormOf(field);
  if (!form.refers_to().empty()) return absl::AsciiStrToUpper(form.refers_to());
  if (!form.amount_in().empty()) return "AMOUNT";
  if (form.shape() == v1::SHAPE_DATE) return "DATE";
  if (form.shape() == v1::SHAPE_ASSET_CODE) return "ASSET";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "yes|no";
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
      return "NUMBER";
    default:
      return absl::AsciiStrToUpper(OptionOf(field).substr(2));
  }
}

// An option for each field but those that name the item. Of what is new, all that must be there is demanded, unless there is
// a usual value.
void AddFields(CLI::App* command, const model::Descriptor& of, bool is_new, ItemOptions* options) {
  for (int i = 0; i < of.field_count(); ++i) {
    const FieldDescriptor* field = of.field(i);
    const v1::Form& form = model::FormOf(*field);
    if (form.id() || form.about() || form.version() || (!is_new && form.fixed())) continue;
    auto values = std::make_shared<std::vector<std::string>>();
    auto* option = command->add_option(OptionOf(*field), *values, form.help());
    option->type_name(ValueNameOf(*field))->expected(1);
    if (field->is_repeated()) {
      option->take_all();
    } else {
      option->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    }
    const bool needed = form.required() || form.shape() == v1::SHAPE_NAME;
    if (is_new && needed && form.usual().empty()) option->required();
    options->values.emplace_back(field, std::move(values));
  }
}

// The same for an item of a register, and its id.
std::shared_ptr<ItemOptions> AddItem(CLI::App* command, const Register& of, bool is_new) {
  auto options = std::make_shared<ItemOptions>();
  const bool code = model::IdField(of).name() == "code";
  auto* id = command->add_option(code ? "CODE" : "ID", options->id, model::FormOf(model::IdField(of)).help());
  if (!is_new || code) id->required();
  AddFields(command, model::ItemDescriptor(of), is_new, options.get());
  return options;
}

// The field that names the asset of an amount.
const FieldDescriptor& AssetField(const FieldDescriptor& amount) {
  return *amount.containing_type()->FindFieldByName(model::FormOf(amount).amount_in());
}

// The decimals of the asset that an amount counts, as the ledger has it. Each asset is asked for once.
model::DecimalsOf DecimalsFrom(Connection* connection) {
  const auto known = std::make_shared<std::map<std::string, int>>();
  return [connection, known](const FieldDescriptor& field, const std::string& code) -> StatusOr<int> {
    const std::string option = OptionOf(IsAmount(field) ? AssetField(field) : field);
    if (code.empty()) return absl::InvalidArgumentError(fmt::format("{} needs {}", OptionOf(field), option));
    if (const auto found = known->find(code); found != known->end()) return found->second;
    const auto line = PresentItem(connection, *model::FindRegister(v1::Action::kDeclareAsset), code);
    if (!line.ok()) return Annotate(line.status(), option);
    const std::uint32_t decimals = line->action().declare_asset().decimals();
    if (decimals > kMaxDecimals)
      return absl::DataLossError("the server's answer cannot be true: an asset has too many decimals");
    return known->emplace(code, static_cast<int>(decimals)).first->second;
  };
}

// Puts into `item` what the command line says, and into a new one the usual values.
Status FillItem(const FieldReading& reading, const ItemOptions& options, const std::string& author,
                bool is_new, model::Message* item) {
  std::vector<const FieldDescriptor*> stated;
  std::vector<model::FieldValue> given;
  for (const auto& [field, values] : options.values) {
    if (values->empty()) continue;
    given.push_back({field, *values});
    stated.push_back(field);
  }
  FT_RETURN_IF_ERROR(ReadFieldTexts(reading, *item, &given));
  const model::FieldFault tell = [](const FieldDescriptor& field, const Status& status) {
    return Annotate(status, OptionOf(field));
  };
  FT_RETURN_IF_ERROR(model::SetFields(item, given, reading.decimals_of, tell));
  if (is_new) return model::FillUsual(item, stated, author);
  model::EmptyVoid(item, stated);
  return absl::OkStatus();
}

// Whether an id can be made for it.
bool HasName(const ItemOptions& options) {
  return std::any_of(options.values.begin(), options.values.end(),
                     [](const auto& value) { return value.first->name() == "name"; });
}

// What was said of a field; empty: nothing.
std::string StatedOf(const ItemOptions& options, std::string_view field) {
  for (const auto& [of, values] : options.values)
    if (of->name() == field && !values->empty()) return values->front();
  return "";
}

void AddAdd(CLI::App* group, const Register& of, Context* context) {
  auto* command = group->add_subcommand("add", fmt::format("Adds to the {}", of.plural));
  if (!of.add_too.empty()) command->alias(std::string(of.add_too));
  auto options = AddItem(command, of, true);
  auto signing = std::make_shared<Signing>();
  AddSigning(command, signing.get());
  AddReceipt(command, signing.get());
  AddOut(command, signing.get());
  command->footer(
      fmt::format("Example: fundtrail --ledger DIR {} add {} --key root.key", of.name, of.example));
  const Fill fill = [&of, options, context](Connection* connection, const std::string& author,
                                            v1::Entry* entry) -> Status {
    std::string id = options->id;
    if (id.empty() && !HasName(*options))
      return absl::InvalidArgumentError(
          fmt::format("ID is required: choose one, as in {} add {}", of.name, of.example));
    if (id.empty()) {
      FT_ASSIGN_OR_RETURN(id, NewId(*context, connection, of, StatedOf(*options, "name")));
    } else if (HasName(*options) && model::FormOf(model::IdField(of)).shape() == v1::SHAPE_ID &&
               !IsValidId(id)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "ID: \"", Escaped(id),
          "\" is no id: letters, digits and . _ : - make one. Leave ID out, and --name makes one"));
    }
    model::Message* item = model::MutableItemOf(of, entry->add_actions());
    FT_RETURN_IF_ERROR(model::SetField(item, model::IdField(of), {id}));
    FT_RETURN_IF_ERROR(
        FillItem({*context, connection, DecimalsFrom(connection), ""}, *options, author, true, item));
    return WarnOfParent(*context, connection, !StatedOf(*options, "parent").empty(), author,
                        entry->actions(entry->actions_size() - 1));
  };
  OnRun(command, context, [=] { return SignAndSend(*context, *signing, fill); });
}

// What an action amends: the version that was looked at, or else the present one.
void SetAmends(const ItemOptions& options, const v1::RegisterLine& line, v1::Action* action) {
  action->mutable_amends()->set_record(options.record.value_or(line.record()));
  action->mutable_amends()->set_reason(options.reason);
}

void AddRecord(CLI::App* command, ItemOptions* options) {
  command
      ->add_option("--record", options->record,
                   "The record of the version that you looked at; else the present one")
      ->check(WholeNumber());
}

void AddVersion(CLI::App* command, ItemOptions* options) {
  command->add_option("--reason", options->reason, "The reason, in words");
  AddRecord(command, options);
}

// The decimals of the assets that the amounts of an item count.
StatusOr<model::AmountDecimals> DecimalsIn(const model::DecimalsOf& decimals_of, const model::Message& item) {
  model::AmountDecimals all;
  const Status status = model::EachAmount(item, [&](const FieldDescriptor& field, const std::string& asset) {
    const auto decimals = decimals_of(field, asset);
    if (decimals.ok() && IsAmount(field)) all.own = *decimals;
    if (decimals.ok() && !IsAmount(field)) all.of_assets[asset] = *decimals;
    return decimals.status();
  });
  FT_RETURN_IF_ERROR(status);
  return all;
}

// Tells on stderr what an amendment changes: a server may have shown another version than you saw. `decimals` are those of
// the amounts after it.
void TellChanges(render::Language language, const v1::RegisterLine& line, const v1::Action& action,
                 const model::AmountDecimals& decimals) {
  const model::Message& after = model::ItemOf(action);
  const model::Message& before = model::ItemOf(line.action());
  const model::AmountDecimals decimals_before = render::DecimalsOf(line);
  render::Shown words = render::Say("fundtrail: amends the version of record {}", action.amends().record());
  for (int i = 0; i < after.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *after.GetDescriptor()->field(i);
    const auto text = [&](const model::Message& item, const model::AmountDecimals& of_it) {
      return absl::StrJoin(model::FieldTexts(item, field, of_it), "; ");
    };
    const std::string was = text(before, decimals_before), now = text(after, decimals);
    if (was != now)
      words += render::Say("; {} \"{}\" becomes \"{}\"", field.name(), was, now);
    else if (!now.empty())
      words += render::Say("; {} stays \"{}\"", field.name(), now);
  }
  std::fputs((words + "\n").In(language).c_str(), stderr);
}

void AddAmend(CLI::App* group, const Register& of, Context* context) {
  auto* command = group->add_subcommand(
      "amend", "Records a new version. Fields that no option names stay; \"\" empties a field");
  auto options = AddItem(command, of, false);
  AddVersion(command, options.get());
  auto signing = std::make_shared<Signing>();
  AddSigning(command, signing.get());
  AddReceipt(command, signing.get());
  AddOut(command, signing.get());
  const Fill fill = [&of, options, context](Connection* connection, const std::string& author,
                                            v1::Entry* entry) -> Status {
    const bool none = std::all_of(options->values.begin(), options->values.end(),
                                  [](const auto& value) { return value.second->empty(); });
    if (none) return absl::InvalidArgumentError("an amendment names what it changes: give an option");
    FT_ASSIGN_OR_RETURN(const auto line, PresentItem(connection, of, options->id));
    v1::Action* action = entry->add_actions();
    *action = line.action();
    action->DiscardUnknownFields();  // nobody signs what this program does not know
    SetAmends(*options, line, action);
    const model::DecimalsOf decimals_of = DecimalsFrom(connection);
    FT_RETURN_IF_ERROR(FillItem({*context, connection, decimals_of, ""}, *options, author, false,
                                model::MutableItemOf(of, action)));
    FT_ASSIGN_OR_RETURN(const auto decimals, DecimalsIn(decimals_of, model::ItemOf(*action)));
    TellChanges(connection->language(), line, *action, decimals);
    return absl::OkStatus();
  };
  OnRun(command, context, [=] { return SignAndSend(*context, *signing, fill); });
}

void AddEnd(CLI::App* group, const Register& of, Context* context) {
  auto* command = group->add_subcommand(
      "end", "Ends an item: nothing new may name it, and all that names it already stays");
  if (!of.end_too.empty()) command->alias(std::string(of.end_too));
  auto options = std::make_shared<ItemOptions>();
  command->add_option("ID", options->id, "The id of the item")->required();
  AddVersion(command, options.get());
  auto signing = std::make_shared<Signing>();
  AddSigning(command, signing.get());
  AddReceipt(command, signing.get());
  AddOut(command, signing.get());
  const Fill fill = [&of, options](Connection* connection, const std::string&, v1::Entry* entry) -> Status {
    FT_ASSIGN_OR_RETURN(const auto line, PresentItem(connection, of, options->id));
    v1::Action* action = entry->add_actions();
    action->mutable_end_item()->set_register_(std::string(of.name));
    action->mutable_end_item()->set_id(options->id);
    SetAmends(*options, line, action);
    return absl::OkStatus();
  };
  OnRun(command, context, [=] { return SignAndSend(*context, *signing, fill); });
}

// The same for what is said about an item, whose own asset has `of_item` decimals.
model::DecimalsOf DecimalsAbout(Connection* connection, std::optional<int> of_item) {
  return [connection, of_item](const FieldDescriptor& amount, const std::string& code) -> StatusOr<int> {
    if (model::FormOf(amount).amount_in() != "@about") return DecimalsFrom(connection)(amount, code);
    if (of_item.has_value()) return *of_item;
    return absl::InvalidArgumentError(
        fmt::format("{} counts the asset of the item, and that names none", OptionOf(amount)));
  };
}

// A need that is corrected keeps the figures that nobody corrected.
void KeepFigures(const ItemOptions& options, const v1::RegisterLine& line, v1::Action* action) {
  if (action->verify_need().result() != v1::VerifyNeed::RESULT_CORRECTED) return;
  model::Message* said = action->mutable_verify_need();
  const model::Message& need = model::ItemOf(line.action());
  for (const auto& [field, values] : options.values) {
    const FieldDescriptor* own = need.GetDescriptor()->FindFieldByName(field->name());
    if (!values->empty() || own == nullptr || own->cpp_type() != field->cpp_type()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64)
      said->GetReflection()->SetInt64(said, field, need.GetReflection()->GetInt64(need, own));
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
      said->GetReflection()->SetUInt32(said, field, need.GetReflection()->GetUInt32(need, own));
  }
}

// Tells on stderr what is judged and what is signed about it: a server may have shown another version than you saw.
void TellSaid(const Context& context, const v1::RegisterLine& line, const v1::Action& action,
              const model::AmountDecimals& decimals) {
  const render::Shown words = render::Say(
      "fundtrail: the present version, of record {}, is {}\nfundtrail: what is said about it: {}\n",
      line.record(), render::ItemWords(line.action(), decimals), render::ItemWords(action, decimals));
  std::fputs(words.In(context.language).c_str(), stderr);
}

// `NAME VERB ID`: what somebody says about an item.
void AddAttestation(CLI::App* group, const Register& about, const model::Attestation& of, Context* context) {
  auto* command = group->add_subcommand(std::string(of.verb), std::string(of.what));
  auto options = std::make_shared<ItemOptions>();
  command->add_option("ID", options->id, model::FormOf(model::AboutField(of)).help())->required();
  AddFields(command, *model::ActionField(of).message_type(), true, options.get());
  if (model::VersionField(of) != nullptr) AddRecord(command, options.get());
  auto signing = std::make_shared<Signing>();
  AddSigning(command, signing.get());
  AddReceipt(command, signing.get());
  AddOut(command, signing.get());
  command->footer(fmt::format("Example: fundtrail --ledger DIR {} {} {} --key county.key", about.name,
                              of.verb, of.example));
  const Fill fill = [&about, &of, options, context](Connection* connection, const std::string& author,
                                                    v1::Entry* entry) -> Status {
    FT_ASSIGN_OR_RETURN(const auto line, PresentItem(connection, about, options->id));
    FT_ASSIGN_OR_RETURN(const auto decimals,
                        DecimalsIn(DecimalsFrom(connection), model::ItemOf(line.action())));
    v1::Action* action = entry->add_actions();
    model::Message* said = model::MutableAttestationIn(of, action);
    FT_RETURN_IF_ERROR(model::SetField(said, model::AboutField(of), {options->id}));
    // The ledger refuses another version than the present one (AMEND_STALE).
    if (const FieldDescriptor* version = model::VersionField(of))
      said->GetReflection()->SetUInt64(said, version, options->record.value_or(line.record()));
    FT_RETURN_IF_ERROR(FillItem({*context, connection, DecimalsAbout(connection, decimals.own),
                                 model::TextIn(model::ItemOf(line.action()), "asset")},
                                *options, author, true, said));
    KeepFigures(*options, line, action);
    TellSaid(*context, line, *action, decimals);
    return absl::OkStatus();
  };
  OnRun(command, context, [=] { return SignAndSend(*context, *signing, fill); });
}

}  // namespace

void AddRegisterCommand(CLI::App* app, const Register& of, Context* context) {
  auto* group = app->add_subcommand(std::string(of.name), std::string(of.what));
  group->require_subcommand(1);
  group->fallthrough();
  AddAdd(group, of, context);
  AddAmend(group, of, context);
  if (of.ends) AddEnd(group, of, context);
  for (const model::Attestation& said : model::Attestations())
    if (said.about == of.action) AddAttestation(group, of, said, context);
  AddRegisterQuestions(group, of, context);
}

}  // namespace fundtrail::cli
