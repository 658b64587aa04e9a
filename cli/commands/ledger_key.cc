// ledger-key, root, rules: what the root quorum alone decides
#include "ledger/model/ledger_key.h"

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/render/keys.h"
#include "fmt/format.h"
#include "ledger/folder/folder.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/tree/note.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

// For the root parties to sign where they are: the ledger, the author and the one action.
StatusOr<std::string> UnsignedEntry(const folder::Prepared& prepared) {
  v1::Entry entry;
  entry.set_ledger(prepared.ledger);
  entry.set_author(prepared.root_party);
  *entry.add_actions()->mutable_rotate_ledger_key() = prepared.rotation;
  return model::ProtobufJson(entry);
}

StatusOr<Exit> Prepare(const Context& context, bool lost, const std::string& out) {
  if (context.ledger_dir.empty())
    return absl::InvalidArgumentError("the key is made on the ledger's own machine: give --ledger DIR");
  FT_ASSIGN_OR_RETURN(const auto prepared,
                      folder::PrepareKey(context.ledger_dir, lost, crypto::SystemRandom()));
  if (!out.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string entry, UnsignedEntry(prepared));
    FT_RETURN_IF_ERROR(WriteNewFile(out, entry));
  }
  if (context.json) {
    PrintData(nlohmann::json{{"vkey", prepared.vkey},
                             {"made", prepared.made},
                             {"endorsed", !prepared.rotation.endorsement().empty()}}
                  .dump(context.json_indent()) +
              "\n");
    return Exit::kYes;
  }
  const std::string& dir = context.ledger_dir;
  render::Shown text = render::Say(
      "{} in {}/signing.key.next. Nothing is replaced yet. Its verification key:\n{}\n",
      prepared.made ? "A new key is" : "A key was prepared before, and stays,", dir, prepared.vkey);
  if (prepared.rotation.endorsement().empty())
    text += "The old key is lost and cannot endorse it: readers must get the new one from you.\n";
  text += out.empty() ? render::Say(
                            "The root quorum replaces the old key by it:\n"
                            "  fundtrail --ledger {} ledger-key rotate --key ROOT-KEY\n"
                            "or, where a server runs or several must sign, with `ledger-key prepare --out "
                            "FILE` first.\n",
                            dir)
                      : render::Say(
                            "The root quorum replaces the old key by it:\n"
                            "  fundtrail sign {0} --key ROOT-KEY --out {0}.signed\n"
                            "  fundtrail cosign {0}.signed --key ROOT-KEY-2     as many as must sign\n"
                            "  fundtrail WHERE submit {0}.signed\n",
                            out);
  Print(context, text);
  return Exit::kYes;
}

// The rotation to sign: of the entry in a file that `prepare` wrote, or of the key that the folder has.
StatusOr<v1::RotateLedgerKey> RotationFrom(const Context& context, const std::string& file) {
  if (!file.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxEntryFile));
    FT_ASSIGN_OR_RETURN(const auto entry, ParseEntry(file, text));
    const auto rotation = model::FindRotation(entry);
    if (entry.actions_size() == 1 && rotation.has_value()) return *rotation->rotation;
    return absl::InvalidArgumentError(
        absl::StrCat(file, " does not rotate the ledger's key, or does more than that: `submit` sends it"));
  }
  if (context.ledger_dir.empty())
    return absl::InvalidArgumentError(
        "over the network, give the FILE that `fundtrail --ledger DIR ledger-key prepare --out FILE` made");
  FT_ASSIGN_OR_RETURN(auto prepared, folder::FindPrepared(context.ledger_dir));
  return std::move(prepared.rotation);
}

StatusOr<Exit> Rotate(const Context& context, const std::string& file, const Signing& signing) {
  FT_ASSIGN_OR_RETURN(const auto rotation, RotationFrom(context, file));
  std::string ledger;
  FT_ASSIGN_OR_RETURN(const Exit end,
                      SignAndSend(context, signing, [&](Connection*, const std::string&, v1::Entry* entry) {
                        ledger = entry->ledger();
                        *entry->add_actions()->mutable_rotate_ledger_key() = rotation;
                        return absl::OkStatus();
                      }));
  if (context.json || !signing.out_file.empty()) return end;
  FT_ASSIGN_OR_RETURN(const auto key, crypto::PublicKey::FromBytes(rotation.new_key()));
  FT_ASSIGN_OR_RETURN(const auto verifier, tree::MakeVerifier(ledger, tree::KeyType::kEd25519, key));
  Print(context,
        render::Say(
            "From this record on the ledger signs with another key. Publish its verification key:\n{}\n",
            tree::FormatVkey(verifier)));
  return end;
}

void AddLedgerKey(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("ledger-key", "The ledger's own key, which signs its checkpoints");
  group->require_subcommand(1);
  group->fallthrough();
  auto* prepare = group->add_subcommand("prepare", "Makes the key that will replace the ledger's own");
  auto lost = std::make_shared<bool>(false);
  auto out = std::make_shared<std::string>();
  prepare->add_flag("--lost", *lost, "The old key is lost for good: it cannot endorse the new one");
  prepare->add_option(
      "--out", *out,
      "The file to make: the entry that the root quorum signs, as JSON. Nothing is overwritten");
  prepare->footer("Example: fundtrail --ledger DIR ledger-key prepare --out rotation.json");
  OnRun(prepare, context, [=] { return Prepare(*context, *lost, *out); });

  auto* rotate = group->add_subcommand("rotate", "Replaces the ledger's own key by the prepared one");
  auto file = std::make_shared<std::string>();
  auto signing = std::make_shared<Signing>();
  rotate->add_option("FILE", *file, "The file that `prepare --out` wrote. With --ledger it may be left out");
  AddSigning(rotate, signing.get());
  AddReceipt(rotate, signing.get());
  AddOut(rotate, signing.get());
  rotate->footer("Example: fundtrail --server HOST:PORT ledger-key rotate rotation.json --key root.key");
  OnRun(rotate, context, [=] { return Rotate(*context, *file, *signing); });

  auto* list =
      group->add_subcommand("list", "Lists the keys that the ledger has had, and from which record on");
  auto csv = std::make_shared<bool>(false);
  auto cells = std::make_shared<sheets::Cells>(sheets::Cells::kGuarded);
  AddRaw(list, cells.get(), list->add_flag("--csv", *csv, "Prints a table for a spreadsheet (CSV)"));
  OnRun(list, context, [=]() -> StatusOr<Exit> {
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto keys, AskLedgerKeys(connection.get(), v1::LedgerKeysRequest()));
    if (*csv && !context->json) {
      PrintData(render::LedgerKeysCsv(keys, *cells));
      return Exit::kYes;
    }
    return PrintAnswer(*context, keys, [&] { return render::Text(keys, context->style()); });
  });
}

Status AddKeysTo(google::protobuf::RepeatedPtrField<std::string>* keys, const std::string& option,
                 const std::vector<std::string>& hex) {
  for (const std::string& text : hex) {
    const auto key = crypto::PublicKey::FromHex(text);
    if (!key.ok()) return Annotate(key.status(), option);
    keys->Add(Bytes(key->view()));
  }
  return absl::OkStatus();
}

void AddRoot(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("root", "The keys that decide over the ledger");
  group->require_subcommand(1);
  group->fallthrough();
  auto* change = group->add_subcommand("change", "Adds and removes root keys, and sets how many must sign");
  auto threshold = std::make_shared<std::uint32_t>(0);
  auto add = std::make_shared<std::vector<std::string>>();
  auto remove = std::make_shared<std::vector<std::string>>();
  auto signing = std::make_shared<Signing>();
  change->add_option("--threshold", *threshold, "How many root keys must sign from now on")->required();
  change->add_option("--add-key", *add, "A public key to add, 64 hex digits. May be given several times")
      ->allow_extra_args(false);
  change
      ->add_option("--remove-key", *remove,
                   "A public key to remove, 64 hex digits. May be given several times")
      ->allow_extra_args(false);
  AddSigning(change, signing.get());
  AddReceipt(change, signing.get());
  AddOut(change, signing.get());
  change->footer(
      "As many of the keys that decide then must sign it too: --out FILE, `cosign`, `submit`.\n"
      "Example: fundtrail --ledger DIR root change --threshold 2 --add-key 1e6b... --key root.key --out "
      "change");
  OnRun(change, context, [=] {
    return SignAndSend(*context, *signing, [&](Connection*, const std::string&, v1::Entry* entry) -> Status {
      auto* made = entry->add_actions()->mutable_change_root();
      made->set_threshold(*threshold);
      FT_RETURN_IF_ERROR(AddKeysTo(made->mutable_add_keys(), "--add-key", *add));
      return AddKeysTo(made->mutable_remove_keys(), "--remove-key", *remove);
    });
  });
}

void AddRules(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("rules", "The rules that judge what is recorded");
  group->require_subcommand(1);
  group->fallthrough();
  auto* adopt = group->add_subcommand("adopt", "Adopts newer rules for all later records");
  auto version = std::make_shared<std::uint32_t>(0);
  auto signing = std::make_shared<Signing>();
  adopt->add_option("VERSION", *version, "The version of the rules, above the one in force")->required();
  AddSigning(adopt, signing.get());
  AddReceipt(adopt, signing.get());
  AddOut(adopt, signing.get());
  adopt->footer(
      "The root quorum decides. Older programs can neither read nor verify what comes after it.\n"
      "Example: fundtrail --ledger DIR rules adopt 2 --key root.key");
  OnRun(adopt, context, [=] {
    return SignAndSend(*context, *signing, [&](Connection*, const std::string&, v1::Entry* entry) {
      entry->add_actions()->mutable_adopt_rules()->set_version(*version);
      return absl::OkStatus();
    });
  });
}

}  // namespace

void AddLedgerKeyCommands(CLI::App* app, Context* context) {
  AddLedgerKey(app, context);
  AddRoot(app, context);
  AddRules(app, context);
}

}  // namespace fundtrail::cli
