// key: which keys may sign for whom
#include <cstdint>
#include <memory>
#include <optional>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/commands/as_of.h"
#include "cli/render/keys.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// A command that adds one action.
void AddWriter(CLI::App* command, Context* context, const std::shared_ptr<Signing>& signing,
               const Fill& fill) {
  AddSigning(command, signing.get());
  AddReceipt(command, signing.get());
  OnRun(command, context, [=] { return SignAndSend(*context, *signing, fill); });
}

StatusOr<Bytes> PublicKeyFrom(const std::string& hex) {
  const auto key = crypto::PublicKey::FromHex(hex);
  if (!key.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(hex), "\" is no public key: give the 64 hex digits that keygen printed"));
  }
  return Bytes(key->view());
}

// How a list of keys is printed.
struct KeySheet {
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

void AddSheet(CLI::App* command, KeySheet* sheet) {
  AddRaw(command, &sheet->cells,
         command->add_flag("--csv", sheet->csv, "Prints a table for a spreadsheet (CSV)"));
}

StatusOr<Exit> ShowKey(const Context& context, const std::string& hex, const KeySheet& sheet) {
  v1::KeysRequest request;
  FT_ASSIGN_OR_RETURN(*request.mutable_public_key(), PublicKeyFrom(hex));
  request.set_all(true);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto keys, WholeKeys(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(keys, request));
  if (keys.as_of().size() == 0) return absl::DataLossError("the server's answer cannot be true: no record");
  v1::KeyHistory history;
  *history.mutable_as_of() = keys.as_of();
  history.set_public_key(request.public_key());
  *history.mutable_grants() = keys.keys();
  history.set_root_threshold(keys.root_threshold());
  v1::LogRequest signed_by;
  signed_by.set_signer(request.public_key());
  signed_by.set_to(keys.as_of().size() - 1);
  signed_by.set_oldest_first(true);
  FT_RETURN_IF_ERROR(PagesOfLog(connection.get(), signed_by, [&](const v1::LogAnswer& page) -> Status {
    Status good = CheckAnswer(page, signed_by);
    if (!good.ok()) return good;
    for (const v1::LogLine& line : page.records()) {
      if (!history.has_first()) history.set_first(line.index());
      history.set_last(line.index());
      history.set_records(history.records() + 1);
    }
    return absl::OkStatus();
  }));
  Exit end = Exit::kYes;
  if (sheet.csv && !context.json) {
    PrintData(render::KeysCsvHeader() + render::KeysCsvLines(history.grants(), history.as_of(), sheet.cells));
  } else {
    FT_ASSIGN_OR_RETURN(
        end, PrintAnswer(context, history, [&] { return render::Text(history, context.style()); }));
  }
  // Nothing is known of it: a slip of the pen, more often than not.
  return history.grants().empty() && history.records() == 0 ? Exit::kNo : end;
}

}  // namespace

void AddKeyGrantCommands(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("key", "Which keys may sign for whom");
  group->require_subcommand(1);
  group->fallthrough();
  auto hex = std::make_shared<std::string>();
  auto party = std::make_shared<std::string>();
  auto permissions = std::make_shared<std::string>("pay");
  auto descendants = std::make_shared<bool>(false);
  auto* authorise = group->add_subcommand("authorise", "Lets a key sign for a party");
  authorise->add_option("KEY", *hex, "The public key, 64 hex digits, as keygen prints it")->required();
  authorise->add_option("--party", *party, "The party that the key may sign for")->required();
  authorise->add_option("--can", *permissions,
                        "What the key may do: administer, pay, approve, evaluate, acknowledge, declare; "
                        "several with commas between them");
  authorise->add_flag("--descendants", *descendants, "The key may sign for every party below, too");
  authorise->footer(
      "Example: fundtrail --ledger DIR key authorise 1e6b... --party red-cross --can pay --key root.key");
  AddWriter(
      authorise, context, std::make_shared<Signing>(),
      [=](Connection*, const std::string&, v1::Entry* entry) -> Status {
        auto* grant = entry->add_actions()->mutable_authorise_key();
        FT_ASSIGN_OR_RETURN(*grant->mutable_public_key(), PublicKeyFrom(*hex));
        grant->set_party(*party);
        grant->set_descendants(*descendants);
        const std::vector<std::string> names = absl::StrSplit(*permissions, ',', absl::SkipEmpty());
        for (const std::string& name : names) {
          v1::Permission permission;
          if (!model::ReadWord(absl::AsciiStrToUpper(name), &permission)) {
            return absl::InvalidArgumentError(absl::StrCat(
                "--can: \"", name, "\" is none of administer, pay, approve, evaluate, acknowledge, declare"));
          }
          grant->add_permissions(permission);
        }
        return absl::OkStatus();
      });
  auto* revoke = group->add_subcommand("revoke", "Takes back all that a key may do for a party");
  revoke->add_option("KEY", *hex, "The public key, 64 hex digits")->required();
  revoke->add_option("--party", *party, "The party that the key may no longer sign for")->required();
  AddWriter(revoke, context, std::make_shared<Signing>(),
            [=](Connection*, const std::string&, v1::Entry* entry) -> Status {
              auto* made = entry->add_actions()->mutable_revoke_key();
              FT_ASSIGN_OR_RETURN(*made->mutable_public_key(), PublicKeyFrom(*hex));
              made->set_party(*party);
              return absl::OkStatus();
            });
  auto* list = group->add_subcommand("list", "Lists the keys in force, now or after a record, or all");
  list->add_option("--party", *party, "Only keys of this party");
  auto as_of = std::make_shared<std::optional<std::uint64_t>>();
  auto* then = AddAsOf(list, as_of.get());
  auto all = std::make_shared<bool>(false);
  list->add_flag("--all", *all, "Lists what was taken back too, with the record that did it")->excludes(then);
  auto page = std::make_shared<PageOptions>();
  AddPageOptions(list, page.get());
  auto sheet = std::make_shared<KeySheet>();
  AddSheet(list, sheet.get());
  OnRun(list, context, [=]() -> StatusOr<Exit> {
    v1::KeysRequest request;
    request.set_party(*party);
    request.set_all(*all);
    request.set_limit(page->limit);
    request.set_after(page->after);
    if (as_of->has_value()) request.set_as_of(**as_of);
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto keys, WholeKeys(connection.get(), request));
    FT_RETURN_IF_ERROR(CheckAnswer(keys, request));
    if (sheet->csv && !context->json) {
      PrintData(render::KeysCsvHeader() + render::KeysCsvLines(keys.keys(), keys.as_of(), sheet->cells));
      return Exit::kYes;
    }
    return PrintAnswer(*context, keys,
                       [&] { return render::Text(keys, context->style(), !request.after().empty()); });
  });
  auto* show = group->add_subcommand("show", "What a key may and might do for whom, and what it signed");
  show->add_option("KEY", *hex, "The public key, 64 hex digits")->required();
  AddSheet(show, sheet.get());
  OnRun(show, context, [=] { return ShowKey(*context, *hex, *sheet); });
}

}  // namespace fundtrail::cli
