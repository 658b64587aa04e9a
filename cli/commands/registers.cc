// party, fund, asset, key
#include "ledger/query/registers.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client/checks.h"
#include "cli/client/patience.h"
#include "cli/client/send.h"
#include "cli/render/answers.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {
namespace {

CLI::App* Group(CLI::App* app, const char* name, const char* what) {
  auto* group = app->add_subcommand(name, what);
  group->require_subcommand(1);
  group->fallthrough();
  return group;
}

// A command that adds one action.
void AddWriter(CLI::App* command, Context* context, const std::shared_ptr<Signing>& signing,
               const Fill& fill) {
  AddSigning(command, signing.get());
  AddReceipt(command, signing.get());
  OnRun(command, context, [=] { return SignAndSend(*context, *signing, fill); });
}

void AddPartyCommands(CLI::App* app, Context* context) {
  auto* party = Group(app, "party", "Who pays and is paid");
  auto* add = party->add_subcommand("add", "Registers a party");
  auto fields = std::make_shared<v1::RegisterParty>();
  auto role = std::make_shared<std::string>("holder");
  auto alternatives = std::make_shared<std::vector<std::string>>();
  const auto text = [&](CLI::App* to, const char* option, std::string* target, const char* what) {
    return to->add_option(option, *target, what);
  };
  text(add, "ID", fields->mutable_id(), "Letters, digits and . _ : -")->required();
  text(add, "--name", fields->mutable_name(), "As people write it")->required();
  text(add, "--parent", fields->mutable_parent(), "The party above it; else the author");
  text(add, "--kind", fields->mutable_kind(), "government, ngo, household, ...");
  text(add, "--place", fields->mutable_place(), "Where it is");
  add->add_option("--role", *role,
                  "source: brings money in; holder: passes it on; recipient: ends the trail");
  add->add_option("--alt", *alternatives, "The party in another register: SCHEME=ID, as iati=GB-GOV-1");
  add->footer(
      "Example: fundtrail --ledger DIR party add red-cross --name \"Red Cross\" --role holder --key "
      "root.key");
  AddWriter(add, context, std::make_shared<Signing>(),
            [=](Connection*, const std::string& author, v1::Entry* entry) -> Status {
              auto* made = entry->add_actions()->mutable_register_party();
              *made = *fields;
              if (made->parent().empty()) made->set_parent(author);
              v1::Role parsed;
              if (!v1::Role_Parse(absl::AsciiStrToUpper(*role), &parsed)) {
                return absl::InvalidArgumentError(
                    absl::StrCat("--role: \"", *role, "\" is none of source, holder, recipient"));
              }
              made->set_role(parsed);
              for (const std::string& alternative : *alternatives) {
                const std::size_t at = alternative.find('=');
                if (at == std::string::npos) return absl::InvalidArgumentError("--alt takes SCHEME=ID");
                auto* other = made->add_alternative_ids();
                other->set_scheme(alternative.substr(0, at));
                other->set_id(alternative.substr(at + 1));
              }
              return absl::OkStatus();
            });

  auto id = std::make_shared<std::string>();
  auto cut = std::make_shared<Cut>();
  const auto answer = [context, cut](bool tree, v1::PartiesRequest request) -> StatusOr<Exit> {
    request.set_limit(cut->limit);
    request.set_after(cut->after);
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto parties,
                        Whole(connection.get(), connection->ledger(), &v1::Ledger::Stub::Parties, request));
    FT_RETURN_IF_ERROR(CheckAnswer(parties));
    return PrintAnswer(*context, parties, [&] { return render::Text(parties, tree, context->style()); });
  };
  auto* show = party->add_subcommand("show", "One party");
  show->add_option("ID", *id)->required();
  OnRun(show, context, [=] {
    v1::PartiesRequest request;
    request.set_id(*id);
    return answer(false, request);
  });
  auto* list = party->add_subcommand("list", "All parties");
  AddCut(list, cut.get());
  OnRun(list, context, [=] {
    v1::PartiesRequest request;
    request.set_all(true);
    return answer(false, request);
  });
  auto* tree = party->add_subcommand("tree", "A party and those below it");
  tree->add_option("ID", *id, "Else the root party");
  AddCut(tree, cut.get());
  OnRun(tree, context, [=] {
    v1::PartiesRequest request;
    request.set_root(*id);
    return answer(true, request);
  });
}

void AddFundCommands(CLI::App* app, Context* context) {
  auto* fund = Group(app, "fund", "What money is restricted to");
  auto* add = fund->add_subcommand("add", "Opens a fund");
  auto fields = std::make_shared<v1::OpenFund>();
  add->add_option("ID", *fields->mutable_id())->required();
  add->add_option("--name", *fields->mutable_name())->required();
  add->add_option("--purpose", *fields->mutable_purpose(), "What the money is restricted to");
  add->add_option("--owner", *fields->mutable_owner(), "The party that answers for it; else the author");
  add->footer("Example: fundtrail --ledger DIR fund add winter-2026 --name \"Winter relief\" --key root.key");
  AddWriter(add, context, std::make_shared<Signing>(),
            [=](Connection*, const std::string& author, v1::Entry* entry) {
              auto* made = entry->add_actions()->mutable_open_fund();
              *made = *fields;
              if (made->owner().empty()) made->set_owner(author);
              return absl::OkStatus();
            });
  auto* show = fund->add_subcommand("show", "One fund");
  auto id = std::make_shared<std::string>();
  show->add_option("ID", *id)->required();
  OnRun(show, context, [=]() -> StatusOr<Exit> {
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto all, Whole(connection.get(), connection->ledger(),
                                              &v1::Ledger::Stub::Funds, v1::FundsRequest()));
    v1::FundAnswer one;
    *one.mutable_as_of() = all.as_of();
    for (const auto& each : all.funds()) {
      if (each.id() == *id) *one.add_funds() = each;
    }
    if (one.funds().empty())
      return absl::NotFoundError(absl::StrCat("there is no fund ", Escaped(*id), " in this ledger"));
    return PrintAnswer(*context, one, [&] { return render::Text(one, context->style()); });
  });
  auto* list = fund->add_subcommand("list", "All funds");
  auto cut = std::make_shared<Cut>();
  AddCut(list, cut.get());
  OnRun(list, context, [=]() -> StatusOr<Exit> {
    v1::FundsRequest request;
    request.set_limit(cut->limit);
    request.set_after(cut->after);
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto funds,
                        Whole(connection.get(), connection->ledger(), &v1::Ledger::Stub::Funds, request));
    return PrintAnswer(*context, funds, [&] { return render::Text(funds, context->style()); });
  });

  auto* asset = Group(app, "asset", "What is counted");
  auto* declare = asset->add_subcommand("add", "Declares a currency or goods");
  auto declared = std::make_shared<v1::DeclareAsset>();
  auto decimals = std::make_shared<std::uint32_t>(2);
  declare->add_option("CODE", *declared->mutable_code(), "ISO 4217, or a name for goods")->required();
  declare->add_option("--name", *declared->mutable_name());
  declare->add_option("--decimals", *decimals, "Digits of a unit that are kept, 0 to 9")
      ->check(CLI::Range(0, 9));
  declare->footer("Example: fundtrail --ledger DIR asset add CNY --decimals 2 --key root.key");
  AddWriter(declare, context, std::make_shared<Signing>(),
            [=](Connection*, const std::string&, v1::Entry* entry) {
              auto* made = entry->add_actions()->mutable_declare_asset();
              *made = *declared;
              made->set_decimals(*decimals);
              return absl::OkStatus();
            });
}

StatusOr<Bytes> PublicKeyFrom(const std::string& hex) {
  FT_ASSIGN_OR_RETURN(const auto key, crypto::PublicKey::FromHex(hex));
  return Bytes(key.view());
}

void AddKeyGrantCommands(CLI::App* app, Context* context) {
  auto* group = Group(app, "key", "Which keys may sign for whom");
  auto hex = std::make_shared<std::string>();
  auto party = std::make_shared<std::string>();
  auto permissions = std::make_shared<std::string>("pay");
  auto descendants = std::make_shared<bool>(false);
  auto* authorise = group->add_subcommand("authorise", "Lets a key sign for a party");
  authorise->add_option("KEY", *hex, "The public key, 64 hex digits, as keygen prints it")->required();
  authorise->add_option("--party", *party)->required();
  authorise->add_option("--can", *permissions,
                        "administer, pay, approve, evaluate, acknowledge, declare; with commas");
  authorise->add_flag("--descendants", *descendants, "And for every party below");
  authorise->footer(
      "Example: fundtrail --ledger DIR key authorise 1e6b... --party red-cross --can pay --key root.key");
  AddWriter(authorise, context, std::make_shared<Signing>(),
            [=](Connection*, const std::string&, v1::Entry* entry) -> Status {
              auto* grant = entry->add_actions()->mutable_authorise_key();
              FT_ASSIGN_OR_RETURN(*grant->mutable_public_key(), PublicKeyFrom(*hex));
              grant->set_party(*party);
              grant->set_descendants(*descendants);
              const std::vector<std::string> names = absl::StrSplit(*permissions, ',', absl::SkipEmpty());
              for (const std::string& name : names) {
                v1::Permission permission;
                if (!v1::Permission_Parse(absl::AsciiStrToUpper(name), &permission)) {
                  return absl::InvalidArgumentError(absl::StrCat("--can: \"", name, "\" is no permission"));
                }
                grant->add_permissions(permission);
              }
              return absl::OkStatus();
            });
  auto* revoke = group->add_subcommand("revoke", "Takes back all that a key may do for a party");
  revoke->add_option("KEY", *hex)->required();
  revoke->add_option("--party", *party)->required();
  AddWriter(revoke, context, std::make_shared<Signing>(),
            [=](Connection*, const std::string&, v1::Entry* entry) -> Status {
              auto* made = entry->add_actions()->mutable_revoke_key();
              FT_ASSIGN_OR_RETURN(*made->mutable_public_key(), PublicKeyFrom(*hex));
              made->set_party(*party);
              return absl::OkStatus();
            });
  auto* list = group->add_subcommand("list", "The keys in force");
  list->add_option("--party", *party, "For this party only");
  auto cut = std::make_shared<Cut>();
  AddCut(list, cut.get());
  OnRun(list, context, [=]() -> StatusOr<Exit> {
    v1::KeysRequest request;
    request.set_party(*party);
    request.set_limit(cut->limit);
    request.set_after(cut->after);
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto keys,
                        Whole(connection.get(), connection->ledger(), &v1::Ledger::Stub::Keys, request));
    return PrintAnswer(*context, keys, [&] { return render::Text(keys, context->style()); });
  });
}

}  // namespace

void AddRegisterCommands(CLI::App* app, Context* context) {
  AddPartyCommands(app, context);
  AddFundCommands(app, context);
  AddKeyGrantCommands(app, context);
}

}  // namespace fundtrail::cli
