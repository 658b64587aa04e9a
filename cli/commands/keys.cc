// keygen, init
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/passphrase.h"
#include "fmt/format.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/crypto/key_file.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/model/bounds.h"
#include "ledger/model/entry.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

StatusOr<Exit> Keygen(const Context& context, const std::string& out, const std::string& passphrase_file) {
  FT_ASSIGN_OR_RETURN(auto passphrase, ReadPassphrase(passphrase_file));
  std::error_code error;
  // A file that cannot be made is told before anybody types.
  if (!passphrase.has_value() && MayAskPassphrase() && !std::filesystem::exists(out, error)) {
    FT_RETURN_IF_ERROR(CheckCanMake(out));
    FT_ASSIGN_OR_RETURN(passphrase, AskNewPassphrase(context.language, out));
  }
  const auto random = crypto::SystemRandom();
  const auto key = crypto::SigningKey::Generate(random);
  std::optional<std::string_view> words;
  if (passphrase.has_value()) words = *passphrase;
  FT_RETURN_IF_ERROR(crypto::WriteKeyFile(out, key, words, random));
  if (!passphrase.has_value()) {
    std::fputs(
        render::Say("fundtrail: {} is not sealed: whoever can read it can sign. --passphrase-file FILE "
                    "seals a new key\n",
                    out)
            .In(context.language)
            .c_str(),
        stderr);
  }
  const std::string hex = key.public_key().hex();
  PrintData(context.json
                ? nlohmann::json{{"public_key", hex}, {"file", out}}.dump(context.json_indent()) + "\n"
                : hex + "\n");
  return Exit::kYes;
}

struct InitOptions {
  std::string dir, name;
  std::string root_party = "root";
  std::string root_name;
  std::string passphrase_file, date;
  std::vector<std::string> root_keys;
  std::uint32_t threshold = 1;
};

StatusOr<Exit> Init(const Context& context, const InitOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto passphrase, ReadPassphrase(options.passphrase_file));
  std::optional<std::string_view> words;
  if (passphrase.has_value()) words = *passphrase;
  v1::Entry entry;
  entry.set_ledger(options.name);
  if (!IsValidId(options.root_party)) {
    return absl::InvalidArgumentError(absl::StrCat("--root-party: \"", Escaped(options.root_party),
                                                   "\" is no id: letters, digits and . _ : - make one. "
                                                   "--root-name takes the name"));
  }
  entry.set_author(options.root_party);
  const auto random = crypto::SystemRandom();
  Bytes id(model::kEntryIdBytes, '\0');
  random({reinterpret_cast<std::uint8_t*>(id.data()), id.size()});
  entry.set_id(id);
  FT_ASSIGN_OR_RETURN(const Date date, DateFor(options.date));
  entry.set_date(ToString(date));
  auto* genesis = entry.add_actions()->mutable_genesis();
  genesis->set_root_party(options.root_party);
  genesis->set_root_name(options.root_name.empty() ? options.root_party : options.root_name);
  genesis->set_threshold(options.threshold);
  genesis->set_rules(books::KnownRules().back().version);
  std::vector<crypto::SigningKey> keys;
  for (const std::string& file : options.root_keys) {
    FT_ASSIGN_OR_RETURN(auto key, ReadKey(context, file, words));
    genesis->add_root_keys(std::string(key.public_key().view()));
    entry.add_signers(std::string(key.public_key().view()));
    keys.push_back(std::move(key));
  }
  FT_ASSIGN_OR_RETURN(auto signed_entry, model::SignEntry(entry, keys.front()));
  for (std::size_t i = 1; i < keys.size(); ++i)
    FT_RETURN_IF_ERROR(model::AddSignature(&signed_entry, keys[i]));
  FT_ASSIGN_OR_RETURN(const auto ledger, folder::CreateFolder(options.dir, options.name,
                                                              model::SerialiseDeterministic(signed_entry),
                                                              log::SystemClock(), random));
  if (context.json) {
    PrintData(
        nlohmann::json{{"vkey", ledger->vkey()}, {"size", "1"}, {"checkpoint", ledger->checkpoint()}}.dump(
            context.json_indent()) +
        "\n");
  } else {
    Print(context, render::Say("The ledger {} is in {}. Publish its verification key:\n{}\n", options.name,
                               options.dir, ledger->vkey()));
  }
  return Exit::kYes;
}

}  // namespace

void AddKeyCommands(CLI::App* app, Context* context) {
  auto* keygen = app->add_subcommand("keygen", "Makes a key to sign with, and prints its public key");
  auto out = std::make_shared<std::string>();
  auto passphrase = std::make_shared<std::string>();
  keygen->add_option("--out", *out, "The key file to make (mode 0600). Nothing is overwritten")->required();
  keygen->add_option(
      "--passphrase-file", *passphrase,
      "A file whose first line is the passphrase to seal the key with; else a terminal asks for one");
  keygen->footer("Example: fundtrail keygen --out clerk.key");
  OnRun(keygen, context, [=] { return Keygen(*context, *out, *passphrase); });

  auto* init = app->add_subcommand("init", "Makes a ledger, its own signing key and record 0");
  auto options = std::make_shared<InitOptions>();
  init->add_option("DIR", options->dir, "The folder to make")->required();
  init->add_option("--name", options->name, "The ledger's name, which never changes: example.org/ledger")
      ->required();
  init->add_option("--root-key", options->root_keys, "The key file of a root key. May be given several times")
      ->required();
  init->add_option("--root-party", options->root_party, "The root party's id");
  init->add_option("--root-name", options->root_name, "The root party's name");
  init->add_option("--threshold", options->threshold,
                   "How many root keys must sign what only the root may do");
  init->add_option("--passphrase-file", options->passphrase_file,
                   "A file whose first line is the passphrase of the root keys");
  init->add_option("--date", options->date, "The date of record 0, YYYY-MM-DD; else today (UTC)");
  init->footer("Example: fundtrail init demo --name example.org/ledger --root-key root.key");
  OnRun(init, context, [=] { return Init(*context, *options); });
}

}  // namespace fundtrail::cli
