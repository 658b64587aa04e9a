// acknowledge, acknowledgements, concerns, sample members
#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/commands/as_of.h"
#include "cli/render/arrivals.h"
#include "cli/render/concerns.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/sheets/amount_text.h"

namespace fundtrail::cli {
namespace {

// "with-issues" as WITH_ISSUES.
std::string EnumName(const std::string& word) {
  return absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
}

// --- acknowledge ---------------------------------------------------------------------------------------------

struct AcknowledgeOptions {
  Signing signing;
  v1::Acknowledge said;
  std::string transfer, result, amount, arrived;
  bool agent = false;
};

// In the asset that arrived, which the transfer says.
StatusOr<std::int64_t> AmountOf(Connection* connection, const AcknowledgeOptions& options) {
  v1::ShowRequest request;
  *request.mutable_ref() = options.said.transfer();
  FT_ASSIGN_OR_RETURN(const auto answer, AskShow(connection, request));
  if (answer.transfers_size() != 1) return absl::InternalError("the server answered without the transfer");
  const v1::TransferLine& line = answer.transfers(0);
  if (!line.transfer().to_asset().empty())
    return absl::InvalidArgumentError(
        "--amount: the payment is an exchange; write the entry by hand (submit), in the smallest unit");
  if (line.decimals() > kMaxDecimals)
    return absl::DataLossError("the server's answer cannot be true: an asset has too many decimals");
  const auto amount =
      sheets::ReadAmountOf(options.amount, line.transfer().asset(), static_cast<int>(line.decimals()));
  if (!amount.ok()) return Annotate(amount.status(), "--amount");
  return amount->value();
}

Status FillAcknowledgement(const AcknowledgeOptions& options, Connection* connection,
                           const std::string& author, v1::Entry* entry) {
  v1::Acknowledge* said = entry->add_actions()->mutable_acknowledge();
  *said = options.said;
  if (said->by().empty()) said->set_by(author);
  if (!options.amount.empty()) {
    FT_ASSIGN_OR_RETURN(const std::int64_t amount, AmountOf(connection, options));
    said->set_amount(amount);
  }
  return absl::OkStatus();
}

StatusOr<Exit> RunAcknowledge(const Context& context, const AcknowledgeOptions& given) {
  AcknowledgeOptions options = given;
  const auto ref = ParseRefText(options.transfer);
  if (!ref.ok()) return ref.status();
  if (ref->line() == 0) return absl::InvalidArgumentError("TRANSFER names one transfer, as 12.3");
  *options.said.mutable_transfer() = *ref;
  v1::Acknowledge::Result result = v1::Acknowledge::RESULT_UNSPECIFIED;
  if (!model::ReadWord(EnumName(options.result), &result) || result == v1::Acknowledge::RESULT_UNSPECIFIED)
    return absl::InvalidArgumentError(
        absl::StrCat("--result: \"", Escaped(options.result),
                     "\" is not one of received, partly, not-received and with-issues"));
  options.said.set_result(result);
  if ((result == v1::Acknowledge::RESULT_PARTLY) == options.amount.empty())
    return absl::InvalidArgumentError("--amount stands with --result partly, and with no other");
  FT_RETURN_IF_ERROR(ParseOptionalDay("--arrived", options.arrived).status());
  options.said.set_date(options.arrived);
  options.said.set_channel(!options.said.sample().empty() ? v1::Acknowledge::CHANNEL_SAMPLE
                           : options.agent                ? v1::Acknowledge::CHANNEL_AGENT
                                                          : v1::Acknowledge::CHANNEL_SELF);
  return SignAndSend(context, options.signing,
                     [&](Connection* connection, const std::string& author, v1::Entry* entry) {
                       return FillAcknowledgement(options, connection, author, entry);
                     });
}

void AddAcknowledge(CLI::App* app, Context* context) {
  auto* command = app->add_subcommand("acknowledge", "Says whether a payment arrived; short: ack");
  command->alias("ack");
  auto options = std::make_shared<AcknowledgeOptions>();
  command->add_option("TRANSFER", options->transfer, "The payment, as 12.3")->required();
  command
      ->add_option("--result", options->result,
                   "What happened: received, partly, not-received or with-issues")
      ->required();
  command->add_option("--amount", options->amount, "How much arrived, as 40.00; only with --result partly");
  command->add_option("--by", *options->said.mutable_by(), "The party that says so; else the author")
      ->type_name("PARTY");
  auto* agent =
      command->add_flag("--agent", options->agent, "The party speaks for the payee, and is not the payee");
  command
      ->add_option("--sample", *options->said.mutable_sample(),
                   "The party asked the payee, because this sample has the payment")
      ->excludes(agent);
  command->add_option("--arrived", options->arrived,
                      "The day on which the payment arrived, or should have arrived");
  command->add_option("--note", *options->said.mutable_note(), "A remark in words");
  AddSigning(command, &options->signing);
  AddReceipt(command, &options->signing);
  AddOut(command, &options->signing);
  command->footer("Example: fundtrail --ledger DIR acknowledge 12.3 --result received --key village.key");
  OnRun(command, context, [=] { return RunAcknowledge(*context, *options); });
}

// --- acknowledgements ----------------------------------------------------------------------------------------

struct ArrivalOptions {
  v1::AcknowledgementsRequest request;
  std::vector<std::string> statuses;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunArrivals(const Context& context, const ArrivalOptions& options) {
  v1::AcknowledgementsRequest request = options.request;
  for (const std::string& text : options.statuses) {
    v1::AcknowledgementLine::Status status = v1::AcknowledgementLine::STATUS_UNSPECIFIED;
    if (!model::ReadWord(EnumName(text), &status) || status == v1::AcknowledgementLine::STATUS_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat(
          "--status: \"", Escaped(text), "\" is not one of confirmed, partly, disputed and silent"));
    request.add_statuses(status);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    render::ItemNames names;
    FT_RETURN_IF_ERROR(PagesOfAcknowledgements(
        connection.get(), request, [&](const v1::AcknowledgementsAnswer& page) -> Status {
          Status good = CheckAnswer(page, request, false);
          if (!good.ok()) return good;
          if (!begun) PrintData(render::AcknowledgementsCsvHeader());
          begun = true;
          names.Add(page.names());
          PrintData(render::AcknowledgementsCsvLines(page, names, options.cells));
          return absl::OkStatus();
        }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeAcknowledgements(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer,
                     [&] { return render::Text(answer, context.style(), !request.after().empty()); });
}

void AddArrivals(CLI::App* app, Context* context) {
  auto* command = app->add_subcommand("acknowledgements",
                                      "Which payments to recipients arrived, as far as somebody said so");
  auto options = std::make_shared<ArrivalOptions>();
  v1::AcknowledgementsRequest& request = options->request;
  command->add_option("--party", *request.mutable_party(), "Payments to this recipient");
  command->add_option("--fund", *request.mutable_fund(), "Payments in this fund");
  command->add_option("--project", *request.mutable_project(), "Payments in this project");
  auto* status = command->add_option(
      "--status", options->statuses,
      "Only payments in this state: confirmed, partly, disputed or silent. May be given several times");
  status->expected(1);
  status->take_all();
  command->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(command, &options->as_of);
  AddPageOptions(command, &options->page);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  command->footer("Example: fundtrail --ledger DIR acknowledgements --fund winter-2026 --status disputed");
  OnRun(command, context, [=] { return RunArrivals(*context, *options); });
}

// --- concerns ------------------------------------------------------------------------------------------------

struct ConcernOptions {
  v1::ConcernsRequest request;
  std::vector<std::string> states;
  std::string kind, about;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<v1::ConcernsRequest> RequestOf(const ConcernOptions& options) {
  v1::ConcernsRequest request = options.request;
  const std::size_t equals = options.about.find('=');
  request.set_about(options.about.substr(0, equals));
  if (equals != std::string::npos) request.set_id(options.about.substr(equals + 1));
  for (const std::string& text : options.states) {
    v1::ConcernLine::State state = v1::ConcernLine::STATE_UNSPECIFIED;
    if (!model::ReadWord(EnumName(text), &state) || state == v1::ConcernLine::STATE_UNSPECIFIED)
      return absl::InvalidArgumentError(
          absl::StrCat("--state: \"", Escaped(text),
                       "\" is not one of open, received, answered, overdue, very-overdue and closed"));
    request.add_states(state);
  }
  if (!options.kind.empty()) {
    v1::RaiseConcern::Kind kind = v1::RaiseConcern::KIND_UNSPECIFIED;
    if (!model::ReadWord(EnumName(options.kind), &kind))
      return absl::InvalidArgumentError(
          absl::StrCat("--kind: \"", Escaped(options.kind), "\" is not a kind of concern"));
    request.set_kind(kind);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  return request;
}

StatusOr<Exit> RunConcerns(const Context& context, const ConcernOptions& options) {
  FT_ASSIGN_OR_RETURN(const v1::ConcernsRequest request, RequestOf(options));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    render::ItemNames names;
    FT_RETURN_IF_ERROR(
        PagesOfConcerns(connection.get(), request, [&](const v1::ConcernsAnswer& page) -> Status {
          Status good = CheckAnswer(page, request, false);
          if (!good.ok()) return good;
          if (!begun) PrintData(render::ConcernsCsvHeader());
          begun = true;
          names.Add(page.names());
          PrintData(render::ConcernsCsvLines(page, names, options.cells));
          return absl::OkStatus();
        }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeConcerns(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer,
                     [&] { return render::Text(answer, context.style(), !request.after().empty()); });
}

void AddConcerns(CLI::App* app, Context* context) {
  auto* command = app->add_subcommand(
      "concerns", "Who must answer which concern, how late the answer is, and what came of it");
  auto options = std::make_shared<ConcernOptions>();
  v1::ConcernsRequest& request = options->request;
  command->add_option("--about", options->about,
                      "What the concerns are about: project=ID, need=ID, party=ID, transfer=12.3 and so on. "
                      "The word alone stands for all of that register");
  command->add_option("--kind", options->kind,
                      "Only concerns of this kind: not-received, fake-need and so on");
  command->add_option("--place", *request.mutable_place(),
                      "Only concerns about something in this place or below it");
  command->add_option("--party", *request.mutable_party(),
                      "Only concerns that this party answers for, or raised");
  auto* state = command->add_option("--state", options->states,
                                    "Only concerns in this state: open, received, answered, overdue, "
                                    "very-overdue or closed. May be given several times");
  state->expected(1);
  state->take_all();
  command->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(command, &options->as_of);
  AddPageOptions(command, &options->page);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  command->footer("Example: fundtrail --ledger DIR concerns --place gbt2260:5205 --state overdue");
  OnRun(command, context, [=] { return RunConcerns(*context, *options); });
}

// --- sample members ------------------------------------------------------------------------------------------

struct SampleOptions {
  v1::SampleRequest request;
  std::optional<std::uint64_t> as_of;
};

StatusOr<Exit> RunMembers(const Context& context, const SampleOptions& options) {
  v1::SampleRequest request = options.request;
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskSample(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

void AddSampled(CLI::App* group, Context* context) {
  auto* command =
      group->add_subcommand("members", "Which payments the sample has. They follow from the records alone");
  auto options = std::make_shared<SampleOptions>();
  command->add_option("ID", *options->request.mutable_id(), "The sample")->required();
  AddAsOf(command, &options->as_of);
  command->footer("Example: fundtrail --ledger DIR sample members winter-check");
  OnRun(command, context, [=] { return RunMembers(*context, *options); });
}

}  // namespace

void AddAcknowledgeCommand(CLI::App* app, Context* context) { AddAcknowledge(app, context); }

void AddAnswerCommands(CLI::App* app, Context* context) {
  AddArrivals(app, context);
  AddConcerns(app, context);
  AddSampled(app->get_subcommand("sample"), context);
}

}  // namespace fundtrail::cli
