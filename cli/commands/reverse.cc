// reverse: undoes a payment that was wrong, or writes the entry for those who may
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/client/who_may.h"
#include "cli/render/back.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/decimal.h"
#include "ledger/model/entry.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/model/references.h"
#include "ledger/sheets/amount_text.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

struct ReverseOptions {
  Signing signing;
  std::string ref, reason, amount;
};

// The payment that is to be undone.
StatusOr<v1::TransferLine> PaymentToUndo(Connection* connection, const v1::TransferRef& ref) {
  v1::ShowRequest request;
  *request.mutable_ref() = ref;
  FT_ASSIGN_OR_RETURN(const auto answer, AskShow(connection, request));
  if (answer.transfers_size() != 1 || model::RefOf(answer.transfers(0).ref()) != model::RefOf(ref))
    return absl::InternalError("the server answered without the transfer that was asked for");
  const v1::TransferLine& line = answer.transfers(0);
  if (line.decimals() > kMaxDecimals)
    return absl::DataLossError("the server's answer cannot be true: an asset has too many decimals");
  return line;
}

// How much of it is to be undone: what is left of it, or --amount. What was sent back in part needs --amount.
StatusOr<std::int64_t> AmountToUndo(const v1::TransferLine& line, const std::string& asked) {
  const v1::Transfer& paid = line.transfer();
  const std::string ref = model::RefText(line.ref());
  if (model::SendsBack(paid.kind())) {
    return absl::FailedPreconditionError(
        absl::StrCat(ref, " sends another payment back itself: where that was wrong, pay again"));
  }
  if (paid.kind() == v1::TRANSFER_KIND_EXCHANGE)
    return absl::FailedPreconditionError(
        absl::StrCat(ref, " is an exchange, which cannot be sent back: exchange the money back"));
  const auto money = [&](std::int64_t amount) {
    return absl::StrCat(render::Money(amount, line.decimals()), " ", paid.asset());
  };
  const v1::SentBack& back = line.sent_back();
  if (back.undone() < 0 || back.returned() < 0 || back.undone() > paid.amount() ||
      back.returned() > paid.amount() - back.undone())
    return absl::DataLossError("the server's answer cannot be true: more was sent back than was paid");
  const std::int64_t left = paid.amount() - back.undone() - back.returned();
  const std::string how =
      line.has_sent_back() ? render::SentBackWords(back, paid.amount(), line.decimals()).str() : "";
  if (left == 0)
    return absl::FailedPreconditionError(
        absl::StrCat(ref, ", ", money(paid.amount()), ", is ", how, ": nothing is left to undo"));
  if (asked.empty() && left != paid.amount()) {
    return absl::FailedPreconditionError(absl::StrCat("of ", ref, ", ", money(paid.amount()), ", there is ",
                                                      how, ": ", money(left), " is left, which --amount ",
                                                      render::Money(left, line.decimals()), " undoes"));
  }
  if (asked.empty()) return left;
  const auto amount = sheets::ReadAmountOf(asked, paid.asset(), static_cast<int>(line.decimals()));
  if (!amount.ok()) return Annotate(amount.status(), "--amount");
  if (*amount <= Amount(0)) return absl::InvalidArgumentError("--amount must be above zero");
  if (amount->value() > left)
    return absl::FailedPreconditionError(
        absl::StrCat("--amount: of ", ref, " ", money(left), " is left to undo"));
  return amount->value();
}

// All fields follow from the payment: the money goes from the account that it came to, back to the one that paid.
v1::Transfer Undoing(const v1::TransferLine& line, std::int64_t amount, const std::string& reason) {
  const v1::Transfer& paid = line.transfer();
  v1::Transfer undo;
  undo.set_kind(v1::TRANSFER_KIND_REVERSAL);
  undo.set_from(paid.to());
  undo.set_to(paid.from());
  undo.set_amount(amount);
  undo.set_asset(paid.asset());
  undo.set_fund(paid.to_fund().empty() ? paid.fund() : paid.to_fund());
  if (!paid.to_fund().empty()) undo.set_to_fund(paid.fund());
  if (!paid.to_general()) undo.set_project(paid.to_project().empty() ? paid.project() : paid.to_project());
  undo.set_stage(paid.stage());
  undo.set_purpose(reason);
  *undo.mutable_returns() = line.ref();
  return undo;
}

// The entry as a file for those who may sign it: `submit` and `sign` take it. With an id, so that two who send it record it
// once.
StatusOr<Exit> WriteForOthers(const Context& context, const ReverseOptions& options, const WhoMay& who,
                              const std::string& ledger, const v1::Transfer& undo) {
  const Signing& signing = options.signing;
  v1::Entry entry;
  entry.set_ledger(ledger);
  entry.set_author(signing.author);
  FT_ASSIGN_OR_RETURN(*entry.mutable_id(), EntryIdFrom(signing.id));
  entry.set_memo(signing.memo);
  if (!signing.date.empty()) {
    FT_ASSIGN_OR_RETURN(const Date date, DateFor(signing.date));
    entry.set_date(ToString(date));
  }
  *entry.add_actions()->mutable_transfer() = undo;
  FT_RETURN_IF_ERROR(CheckNumbers(signing, entry));
  FT_ASSIGN_OR_RETURN(const std::string text, model::ProtobufJson(entry, model::JsonFields::kSaid));
  const std::string file =
      signing.out_file.empty() ? absl::StrCat("reverse-", options.ref, ".entry") : signing.out_file;
  FT_RETURN_IF_ERROR(WriteNewFile(file, text));
  const std::string where = WhereOf(context);
  if (context.json) {
    nlohmann::json json = {{"file", file},
                           {"party", who.party},
                           {"id", HexEncode(entry.id())},
                           {"keys", nlohmann::json::array()},
                           {"root_keys", nlohmann::json::array()},
                           {"root_threshold", who.root_threshold}};
    for (const auto& line : who.keys) json["keys"].push_back(HexEncode(line.public_key()));
    for (const auto& line : who.root) json["root_keys"].push_back(HexEncode(line.public_key()));
    PrintData(json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return Exit::kYes;
  }
  render::Shown told =
      render::Say("Nothing is undone yet: {} received the money, and your key may not pay for {}.\n",
                  who.party, who.party);
  told += render::Say("The entry is in {}. Who may sign it: {}.\n", file, WhoMayWords(who));
  told += render::Say("One of them runs `fundtrail {} submit {} --key KEY`.\n", where, file);
  if (who.root_threshold > 1) {
    told += render::Say(
        "Root keys sign together: `fundtrail sign {} --key KEY --cosigner PUBLIC --out {}.signed`, then "
        "`fundtrail cosign {}.signed --key KEY2`, then `fundtrail {} submit {}.signed`.\n",
        file, file, file, where, file);
  }
  Print(context, told);
  return Exit::kYes;
}

StatusOr<Exit> RunReverse(const Context& context, ReverseOptions options) {
  Signing& signing = options.signing;
  FT_ASSIGN_OR_RETURN(const v1::TransferRef ref, ParseRefText(options.ref));
  if (ref.line() == 0) return absl::InvalidArgumentError("REF names one payment, as 12.3");
  if (options.reason.empty()) return absl::InvalidArgumentError("--reason says why, in words");
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(context, signing));
  v1::Transfer undo;
  WhoMay who;
  std::string ledger;
  {
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(ledger, NameOf(connection.get()));
    FT_ASSIGN_OR_RETURN(const v1::TransferLine line, PaymentToUndo(connection.get(), ref));
    FT_ASSIGN_OR_RETURN(const std::int64_t amount, AmountToUndo(line, options.amount));
    undo = Undoing(line, amount, options.reason);
    FT_ASSIGN_OR_RETURN(who, AskWhoMay(connection.get(), undo.from(), v1::PERMISSION_PAY));
  }
  // Whoever may pay for the payee may speak for it.
  if (signing.author.empty()) signing.author = undo.from();
  const bool is_root = std::any_of(who.root.begin(), who.root.end(), [&](const v1::KeyLine& line) {
    return line.public_key() == key.public_key().view();
  });
  const bool signs = who.Has(key.public_key()) || (is_root && !signing.cosigners.empty()) || signing.dry_run;
  if (!signs) return WriteForOthers(context, options, who, ledger, undo);
  return SignAndSend(context, signing, [&](Connection*, const std::string&, v1::Entry* entry) {
    *entry->add_actions()->mutable_transfer() = undo;
    return absl::OkStatus();
  });
}

}  // namespace

void AddReverseCommand(CLI::App* app, Context* context) {
  auto* reverse = app->add_subcommand(
      "reverse", "Undoes a payment that was wrong: fills all fields, and says who must sign");
  auto options = std::make_shared<ReverseOptions>();
  reverse->add_option("REF", options->ref, "The payment to undo, as 12.3")->required();
  reverse->add_option("--reason", options->reason, "Why the payment was wrong, in words")->required();
  reverse->add_option("--amount", options->amount, "How much of it to undo: 40.00; else all");
  AddSigning(reverse, &options->signing);
  AddReceipt(reverse, &options->signing);
  AddOut(reverse, &options->signing);
  reverse->add_flag("--dry-run", options->signing.dry_run,
                    "Checks the entry against the rules, and writes nothing");
  reverse->footer(
      "Where your key may not pay for the payee, the entry is written to a file (--out; else "
      "reverse-REF.entry), and "
      "you are told who may sign it.\n"
      "Example: fundtrail --ledger DIR reverse 12.3 --reason \"paid twice\" --key village.key");
  OnRun(reverse, context, [=] { return RunReverse(*context, *options); });
}

}  // namespace fundtrail::cli
