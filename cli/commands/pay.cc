// pay: records one payment
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "cli/client/second_look.h"
#include "cli/client/send.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/sheets/amount_text.h"

namespace fundtrail::cli {
namespace {

struct PayOptions {
  Signing signing;
  v1::Transfer transfer;
  std::string amount, to_amount, kind, stage, returns;
  std::vector<std::string> draws;
  bool yes = false;  // nothing is asked
  int duplicate_days = kDuplicateDays;
};

// The items of these ids, which the ledger has all.
StatusOr<v1::RegistersAnswer> ItemsOf(Connection* connection, const char* of,
                                      const std::set<std::string>& ids) {
  v1::RegistersRequest request;
  request.set_register_(of);
  for (const std::string& id : ids) request.add_ids(id);
  FT_ASSIGN_OR_RETURN(auto answer, WholeRegisters(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return answer;
}

// NOT_FOUND where the ledger has no such fund or project. So it is of a party and an asset: nothing is signed.
Status CheckNamed(Connection* connection, const v1::Transfer& transfer) {
  std::set<std::string> funds, projects;
  for (const std::string& fund : {transfer.fund(), transfer.to_fund()})
    if (!fund.empty()) funds.insert(fund);
  for (const std::string& project : {transfer.project(), transfer.to_project()})
    if (!project.empty()) projects.insert(project);
  if (!funds.empty()) FT_RETURN_IF_ERROR(ItemsOf(connection, "fund", funds).status());
  return projects.empty() ? absl::OkStatus() : ItemsOf(connection, "project", projects).status();
}

StatusOr<Amount> AmountOf(const v1::RegistersAnswer& assets, const std::string& option,
                          const std::string& text, const std::string& code) {
  for (const auto& line : assets.lines()) {
    const v1::DeclareAsset& asset = line.action().declare_asset();
    if (asset.code() != code) continue;
    if (asset.decimals() > kMaxDecimals)
      return absl::DataLossError("the server's answer cannot be true: an asset has too many decimals");
    const auto amount = sheets::ReadAmountOf(text, code, static_cast<int>(asset.decimals()));
    return amount.ok() ? amount : Annotate(amount.status(), option);
  }
  return absl::InternalError("the server answered without the asset asked for");
}

StatusOr<v1::Role> RoleOf(const v1::RegistersAnswer& parties, const std::string& party) {
  for (const auto& line : parties.lines()) {
    if (line.action().register_party().id() == party) return line.action().register_party().role();
  }
  return absl::InternalError("the server answered without the party asked for");
}

StatusOr<v1::TransferRef> RefFrom(const std::string& option, const std::string& text) {
  auto ref = ParseRefText(text);
  if (!ref.ok()) return Annotate(ref.status(), option);
  if (ref->line() == 0)
    return absl::InvalidArgumentError(absl::StrCat(option, " takes one transfer, as 12.3"));
  return ref;
}

StatusOr<v1::TransferKind> KindOf(Connection* connection, const PayOptions& options) {
  v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
  if (!options.kind.empty()) {
    if (model::ReadWord(absl::AsciiStrToUpper(options.kind), &kind)) return kind;
    return absl::InvalidArgumentError(
        absl::StrCat("--kind: \"", options.kind, "\" is not a kind of transfer"));
  }
  if (!options.returns.empty()) return v1::TRANSFER_KIND_RETURN;
  if (!options.transfer.to_asset().empty()) return v1::TRANSFER_KIND_EXCHANGE;
  // General money is put in a project by a payment, or, by its own holder, so too.
  const bool changes_project =
      options.transfer.to_general() ||
      (!options.transfer.to_project().empty() &&
       (!options.transfer.project().empty() || options.transfer.from() == options.transfer.to()));
  if (!options.transfer.to_fund().empty() || changes_project) return v1::TRANSFER_KIND_RECLASSIFICATION;
  FT_ASSIGN_OR_RETURN(const auto parties,
                      ItemsOf(connection, "party", {options.transfer.from(), options.transfer.to()}));
  FT_ASSIGN_OR_RETURN(const v1::Role from, RoleOf(parties, options.transfer.from()));
  if (from == v1::ROLE_SOURCE) return v1::TRANSFER_KIND_DONATION;
  FT_ASSIGN_OR_RETURN(const v1::Role to, RoleOf(parties, options.transfer.to()));
  return to == v1::ROLE_RECIPIENT ? v1::TRANSFER_KIND_DISBURSEMENT : v1::TRANSFER_KIND_ALLOCATION;
}

// The transfer of that reference. Nothing when there is none: the ledger says so of the payment.
StatusOr<std::optional<v1::Transfer>> TransferAt(Connection* connection, const v1::TransferRef& ref) {
  v1::ShowRequest request;
  *request.mutable_ref() = ref;
  const auto answer = AskShow(connection, request);
  if (absl::IsNotFound(answer.status())) return std::optional<v1::Transfer>();
  FT_RETURN_IF_ERROR(answer.status());
  if (answer->transfers_size() != 1 || model::RefOf(answer->transfers(0).ref()) != model::RefOf(ref))
    return absl::InternalError("the server answered without the transfer that was asked for");
  return std::optional<v1::Transfer>(answer->transfers(0).transfer());
}

// The project of the account that the transfer `paid` came to; empty when that is general money.
StatusOr<std::string> ProjectPaid(Connection* connection, const v1::TransferRef& ref,
                                  const v1::Transfer& paid) {
  if (paid.to_general()) return std::string();
  if (!paid.to_project().empty()) return paid.to_project();
  if (!paid.has_returns()) return paid.project();
  // It was sent back itself: to the account that had paid.
  v1::TransferRef before;
  model::SetRef(model::RefIn(RecordIndex(ref.record()), paid.returns()), &before);
  FT_ASSIGN_OR_RETURN(const auto first, TransferAt(connection, before));
  return first.has_value() ? first->project() : std::string();
}

void Tell(const Connection& connection, const render::Shown& words) {
  std::fputs(words.In(connection.language()).c_str(), stderr);
}

// What is sent back is money of the account that it came to: nobody need name its project. What takes a commitment back is no
// payment either, unless --stage says so.
Status FillReturn(const PayOptions& options, Connection* connection, v1::Transfer* transfer) {
  FT_ASSIGN_OR_RETURN(*transfer->mutable_returns(), RefFrom("--return", options.returns));
  FT_ASSIGN_OR_RETURN(const auto paid, TransferAt(connection, transfer->returns()));
  if (!paid.has_value()) return absl::OkStatus();
  if (options.stage.empty() && paid->stage() == v1::STAGE_COMMITTED) {
    transfer->set_stage(v1::STAGE_COMMITTED);
    Tell(*connection,
         render::Say("fundtrail: takes back a commitment that is not paid; --stage paid says otherwise\n"));
  }
  if (!transfer->project().empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const std::string project, ProjectPaid(connection, transfer->returns(), *paid));
  if (project.empty()) return absl::OkStatus();
  transfer->set_project(project);
  Tell(*connection, render::Say("fundtrail: sends back money of the project {}\n", project));
  return absl::OkStatus();
}

// What nobody is likely to mean is asked about: --yes says that it is meant. An entry with an id of its own is recorded once,
// so the same command may be given again.
Status LookAgain(const PayOptions& options, Connection* connection, const v1::RegistersAnswer& assets,
                 const v1::Entry& entry, const v1::Transfer& transfer) {
  if (options.yes || !options.signing.id.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const Date date, ParseDay("--date", entry.date()));
  FT_ASSIGN_OR_RETURN(const Date today, DateFor(""));
  if (options.signing.date.empty()) FT_RETURN_IF_ERROR(CheckClock(connection, assets.as_of().size(), today));
  FT_RETURN_IF_ERROR(CheckDateMeant(connection, date, today));
  std::uint32_t decimals = 0;
  for (const auto& line : assets.lines()) {
    if (line.action().declare_asset().code() == transfer.asset())
      decimals = line.action().declare_asset().decimals();
  }
  return CheckNotPaid(connection, transfer, date, options.duplicate_days, decimals);
}

Status FillPayment(const PayOptions& options, Connection* connection, v1::Entry* entry) {
  std::set<std::string> codes{options.transfer.asset()};
  if (!options.to_amount.empty()) codes.insert(options.transfer.to_asset());
  FT_ASSIGN_OR_RETURN(const auto assets, ItemsOf(connection, "asset", codes));
  auto* transfer = entry->add_actions()->mutable_transfer();
  *transfer = options.transfer;
  FT_ASSIGN_OR_RETURN(const Amount amount, AmountOf(assets, "--amount", options.amount, transfer->asset()));
  if (amount <= Amount(0))
    return absl::InvalidArgumentError("--amount must be above zero; money back is --return REF");
  transfer->set_amount(amount.value());
  if (!options.to_amount.empty()) {
    FT_ASSIGN_OR_RETURN(const Amount to,
                        AmountOf(assets, "--to-amount", options.to_amount, transfer->to_asset()));
    transfer->set_to_amount(to.value());
  }
  FT_RETURN_IF_ERROR(CheckNamed(connection, *transfer));
  FT_ASSIGN_OR_RETURN(const auto kind, KindOf(connection, options));
  transfer->set_kind(kind);
  v1::Stage stage = v1::STAGE_PAID;
  if (!options.stage.empty() && !model::ReadWord(absl::AsciiStrToUpper(options.stage), &stage))
    return absl::InvalidArgumentError(
        absl::StrCat("--stage: \"", Escaped(options.stage), "\" is neither paid nor committed"));
  transfer->set_stage(stage);
  for (const std::string& draw : options.draws) {
    FT_ASSIGN_OR_RETURN(*transfer->add_draws(), RefFrom("--draw", draw));
  }
  if (!options.returns.empty()) FT_RETURN_IF_ERROR(FillReturn(options, connection, transfer));
  return LookAgain(options, connection, assets, *entry, *transfer);
}

}  // namespace

void AddPayCommand(CLI::App* app, Context* context) {
  auto* pay = app->add_subcommand("pay", "Records one payment");
  auto options = std::make_shared<PayOptions>();
  v1::Transfer& transfer = options->transfer;
  pay->add_option("--from", *transfer.mutable_from(), "The party that pays")->required()->type_name("PARTY");
  pay->add_option("--to", *transfer.mutable_to(), "The party that is paid")->required()->type_name("PARTY");
  pay->add_option("--amount", options->amount, "How much: 1200.00 or 1,200.00")->required();
  pay->add_option("--asset", *transfer.mutable_asset(), "What is paid: CNY, USD and so on")->required();
  pay->add_option("--fund", *transfer.mutable_fund(), "The fund that the money is in")->required();
  pay->add_option("--project", *transfer.mutable_project(),
                  "The project that the money is in; else that of the transfer that is sent back; else none "
                  "(general money)");
  pay->add_option(
      "--to-project", *transfer.mutable_to_project(),
      "Puts general money in this project; in a reclassification, the project that the money moves to");
  pay->add_flag_callback(
      "--to-general", [options] { options->transfer.set_to_general(true); },
      "Takes the money out of its project; only for a reclassification");
  pay->add_option("--project-words", *transfer.mutable_project_words(),
                  "The project in words, which no rule checks");
  pay->add_option("--place", *transfer.mutable_place(), "The registered place that the money is meant for");
  pay->add_option("--need", *transfer.mutable_need(),
                  "The need that the payment meets. The money is general, and somebody stated that the payee "
                  "is a recipient");
  pay->add_option("--pledge", *transfer.mutable_pledge(), "The payer's pledge that the payment keeps");
  pay->add_option("--assignment", *transfer.mutable_assignment(),
                  "The assignment that the payment fulfils. --need must be the need of that assignment");
  pay->add_option("--commitment", *transfer.mutable_commitment(),
                  "The commitment of this account that the payment uses");
  // A variable of a script may be empty by mistake. The payment would be recorded, and not say what it was meant to say.
  for (const char* names :
       {"--project", "--to-project", "--place", "--need", "--pledge", "--assignment", "--commitment"}) {
    pay->get_option(names)->check([](const std::string& item) {
      return item.empty() ? std::string("an empty text names nothing: leave the option out") : std::string();
    });
  }
  pay->add_option("--purpose", *transfer.mutable_purpose(), "What the payment is for, in words");
  pay->add_option("--reference", *transfer.mutable_reference(), "The payer's own number for the payment");
  pay->add_option("--draw", options->draws,
                  "A receipt that the payment spends, as 12.3. Several are spent in the order given");
  pay->add_option("--return", options->returns, "The transfer whose money this payment sends back, as 12.3");
  pay->add_option("--kind", options->kind,
                  "The kind of transfer: appropriation, donation, allocation, disbursement, reversal and so "
                  "on; else it follows from the roles");
  pay->add_option("--stage", options->stage,
                  "paid, or committed for a binding promise that is not paid yet; else paid");
  pay->add_option("--to-fund", *transfer.mutable_to_fund(),
                  "The fund that the money moves to; only for a reclassification");
  pay->add_option("--to-asset", *transfer.mutable_to_asset(),
                  "The asset that comes back; only for an exchange");
  pay->add_option("--to-amount", options->to_amount,
                  "How much of --to-asset comes back; only for an exchange");
  pay->add_flag(
      "--yes", options->yes,
      "Pays although the same payment seems to be made already, or the date is in the future or long ago");
  pay->add_option("--duplicate-days", options->duplicate_days,
                  "How many days apart the same amount between the same parties is asked about; else 7")
      ->check(CLI::Range(0, kMaxReferenceDays))
      ->type_name("DAYS");
  pay->add_flag("--dry-run", options->signing.dry_run,
                "Checks the payment against the rules, and writes nothing");
  AddSigning(pay, &options->signing);
  AddReceipt(pay, &options->signing);
  AddOut(pay, &options->signing);
  pay->footer(
      "Example: fundtrail --ledger DIR pay --from fund --to village --amount 1,200.00 --asset CNY --fund "
      "winter-2026 "
      "--key clerk.key");
  OnRun(pay, context, [=] {
    return SignAndSend(*context, options->signing,
                       [&](Connection* connection, const std::string&, v1::Entry* entry) {
                         return FillPayment(*options, connection, entry);
                       });
  });
}

}  // namespace fundtrail::cli
