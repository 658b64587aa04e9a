// What people write where an id of a register is asked: the id, or a name that is looked up. It is done here for all commands,
// between reading the command line and running the command. Which arguments ask for an id, the names of their values say.
#include "cli/commands/operands.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/connection.h"
#include "cli/client/resolve.h"
#include "cli/commands/as_of.h"
#include "cli/context.h"
#include "cli/days.h"
#include "cli/help.h"
#include "cli/render/shown.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

// An argument that asks for ids of a register, and was given.
struct Operand {
  CLI::Option* option;
  std::string kind;   // the register: "party"
  std::string shown;  // as a message names it: "--party", "PARTY"
};

// The register that an argument's value is an item of; nothing when it is none.
std::string KindOfOperand(const CLI::App& command, const CLI::Option& option) {
  const bool positional = !option.nonpositional();
  std::string word = positional ? option.get_name() : ValueName(option);
  if (positional && (word == "ID" || word == "CODE")) {
    // The id of what is new is nobody's yet.
    if (command.get_name() == "add" || command.get_parent() == nullptr) return "";
    word = command.get_parent()->get_name();
  }
  if (positional && word == "IDS") word = command.get_name();
  if (positional && word == "DONOR") word = "party";
  // Of a question it is a way to reckon, and no item.
  if (word == "METHOD" && command.get_name() == "match") return "";
  word = absl::AsciiStrToLower(word);
  for (const model::Register& of : model::Registers())
    if (word == of.name || word == of.plural) return std::string(of.name);
  return "";
}

// Those of the command that was named, and the command itself.
const CLI::App* FindOperands(const CLI::App& app, std::vector<Operand>* operands) {
  const CLI::App* last = &app;
  for (CLI::App* command : app.get_subcommands()) {
    for (CLI::Option* option : command->get_options()) {
      if (option->count() == 0 || option->get_expected_max() == 0) continue;  // a flag
      std::string kind = KindOfOperand(*command, *option);
      if (!kind.empty()) operands->push_back({option, std::move(kind), option->get_name()});
    }
    last = FindOperands(*command, operands);
  }
  return last;
}

bool Signs(const CLI::App& command) {
  const CLI::Option* key = command.get_option_no_throw("--key");
  return key != nullptr && key->count() > 0;
}

void TellOperand(const Context& context, const render::Shown& words) {
  std::fputs(words.In(context.language).c_str(), stderr);
}

void ListItems(const Context& context, const std::vector<NamedItem>& items) {
  for (const NamedItem& item : items) TellOperand(context, render::Say("  {}  {}\n", item.id, item.name));
}

// `listed`: whether a reader has the items already, each with its name. A program reads the ids in the error.
Status IsSeveral(const std::string& shown, const std::string& kind, const std::string& text,
                 const Resolved& resolved, bool listed) {
  const std::string what =
      absl::StrCat(shown, ": \"", Escaped(text), "\" fits ", resolved.fits, " items of the register ", kind);
  const bool more = resolved.fits > resolved.items.size();
  if (listed)
    return absl::InvalidArgumentError(
        absl::StrCat(what, more ? "; give the id of one, or more of its name" : "; give the id of one"));
  std::vector<std::string> ids;
  for (const NamedItem& item : resolved.items) ids.push_back(item.id);
  if (more)
    return absl::InvalidArgumentError(absl::StrCat(
        what, "; give the id of one, as ", Escaped(absl::StrJoin(ids, ", ")), ", or more of its name"));
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; give the id of one: ", Escaped(absl::StrJoin(ids, ", "))));
}

enum class Which { kNoIds, kIds, kAll };

// What came of looking operands up.
struct LookedUp {
  bool changed = false;  // something was taken for another text
  Status missing;        // NOT_FOUND, with the first operand that names nothing
};

// Looks up what was given to the operands: what cannot be an id, what can, or all.
class OperandReader {
 public:
  OperandReader(const Context& context, Parts parts) : context_(context), parts_(parts) {}

  StatusOr<LookedUp> Read(const std::vector<Operand>& operands, Which which) {
    LookedUp looked_up;
    for (const Operand& operand : operands) {
      std::vector<std::string> texts = operand.option->results();
      bool own_changed = false;
      for (std::string& text : texts) {
        if (text.empty() || (which != Which::kAll && IsValidId(text) != (which == Which::kIds))) continue;
        FT_ASSIGN_OR_RETURN(const std::string id, IdFor(operand, text, &looked_up.missing));
        own_changed = own_changed || id != text;
        text = id;
      }
      if (!own_changed) continue;
      operand.option->clear();
      operand.option->add_result(texts);
      operand.option->run_callback();
      looked_up.changed = true;
    }
    return looked_up;
  }

 private:
  // The text itself where nothing is taken for it.
  StatusOr<std::string> IdFor(const Operand& operand, const std::string& text, Status* missing) {
    if (connection_ == nullptr) {
      FT_ASSIGN_OR_RETURN(connection_, Connection::Open(context_, Access::kAsk));
    }
    return IdNamed(context_, connection_.get(), operand.shown, operand.kind, text, parts_, missing);
  }

  const Context& context_;
  const Parts parts_;
  std::unique_ptr<Connection> connection_;
};

// Whether a command may have failed for want of an item.
bool NamesNothing(const Status& status) {
  const auto refusal = model::RefusalOf(status);
  return refusal.has_value() ? refusal->code() == v1::REFUSAL_CODE_REFERENCE_UNKNOWN
                             : status.code() == absl::StatusCode::kNotFound;
}

// Whether the ledger refused an entry for want of an item. Nobody need know the rules to see that: it is a slip of whoever wrote
// the command, where the item stands in it.
bool IsRefusedName(const Status& status) {
  const auto refusal = model::RefusalOf(status);
  return refusal.has_value() && refusal->code() == v1::REFUSAL_CODE_REFERENCE_UNKNOWN;
}

// A server of an earlier version cannot be asked for names: then ids alone are taken.
StatusOr<LookedUp> ReadNames(const Context& context, const std::vector<Operand>& operands, Which which,
                             Parts parts) {
  OperandReader reader(context, parts);
  auto read = reader.Read(operands, which);
  if (absl::IsUnimplemented(read.status())) return LookedUp();
  return read;
}

}  // namespace

StatusOr<std::string> IdNamed(const Context& context, Connection* connection, const std::string& shown,
                              const std::string& kind, const std::string& text, Parts parts,
                              Status* missing) {
  FT_ASSIGN_OR_RETURN(const Resolved resolved, Resolve(connection, kind, text, parts));
  switch (resolved.found) {
    case Resolved::Found::kOne: {
      const NamedItem& item = resolved.items.front();
      if (item.id == text) return text;
      TellOperand(context, item.name == text || item.name.empty()
                               ? render::Say("fundtrail: {} is {}\n", text, item.id)
                               : render::Say("fundtrail: {} is {}, {}\n", text, item.id, item.name));
      return item.id;
    }
    case Resolved::Found::kSeveral:
      if (!context.json) {
        TellOperand(context, render::Say("fundtrail: {} may be:\n", text));
        ListItems(context, resolved.items);
      }
      return IsSeveral(shown, kind, text, resolved, !context.json);
    case Resolved::Found::kNone:
      break;
  }
  missing->Update(Annotate(
      absl::NotFoundError(absl::StrCat("this ledger has no ", kind, " \"", Escaped(text), "\"")), shown));
  if (resolved.items.empty()) return text;
  TellOperand(context, parts == Parts::kRefused
                           ? render::Say("fundtrail: {} is no whole name. What is signed names an item by "
                                         "its id or by its whole name. Near are:\n",
                                         text)
                           : render::Say("fundtrail: nothing is called {}. Near are:\n", text));
  ListItems(context, resolved.items);
  return text;
}

StatusOr<Exit> RunNamed(const CLI::App& app, Context* context) {
  FT_RETURN_IF_ERROR(ReadDays(app));
  FT_RETURN_IF_ERROR(FindAsOf(app, context));
  std::vector<Operand> operands;
  const CLI::App* const command = FindOperands(app, &operands);
  // There is no ledger yet that could be asked.
  if (operands.empty() || command->get_name() == "init") return context->run();
  const Parts parts = Signs(*command) ? Parts::kRefused : Parts::kTaken;
  // What is no id cannot be meant as one. Whoever watches is told nothing of an id that is not there.
  const bool watches = command->get_name() == "watch";
  FT_ASSIGN_OR_RETURN(const LookedUp named,
                      ReadNames(*context, operands, watches ? Which::kAll : Which::kNoIds, parts));
  auto end = context->run();
  // No rule need say that a name is no id.
  if (!end.ok() && !watches && !named.missing.ok() && model::RefusalOf(end.status()).has_value())
    return named.missing;
  // A file of many rows may have been read in part, and tells of its rows itself.
  const bool imports = command->get_parent() != nullptr && command->get_parent()->get_name() == "import";
  if (end.ok() || watches || imports || !NamesNothing(end.status())) return end;
  const auto looked_up = ReadNames(*context, operands, Which::kIds, parts);
  if (!looked_up.ok()) return absl::IsInvalidArgument(looked_up.status()) ? looked_up.status() : end.status();
  if (looked_up->changed) return context->run();
  return IsRefusedName(end.status()) && !looked_up->missing.ok() ? looked_up->missing : end;
}

}  // namespace fundtrail::cli
