// match
#include "cli/render/match.h"

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/sheets/amount_text.h"

namespace fundtrail::cli {
namespace {

struct MatchOptions {
  v1::MatchRequest request;
  std::string method, extra;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<v1::MatchRequest::Method> MethodOf(const std::string& text) {
  if (text.empty() || text == "proportional") return v1::MatchRequest::METHOD_PROPORTIONAL;
  if (text == "equal") return v1::MatchRequest::METHOD_EQUAL;
  return absl::InvalidArgumentError(
      absl::StrCat("--method: \"", Escaped(text), "\" is not one of proportional, equal"));
}

// The amount in the smallest unit of the asset, which the ledger knows.
StatusOr<std::int64_t> ExtraOf(Connection* connection, const std::string& text, const std::string& code) {
  v1::RegistersRequest request;
  request.set_register_("asset");
  request.add_ids(code);
  FT_ASSIGN_OR_RETURN(const auto assets, WholeRegisters(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(assets, request));
  if (assets.lines_size() != 1) return absl::InternalError("the server answered without the asset asked for");
  const std::uint32_t decimals = assets.lines(0).action().declare_asset().decimals();
  if (decimals > kMaxDecimals)
    return absl::DataLossError("the server's answer cannot be true: an asset has too many decimals");
  const auto amount = sheets::ReadAmountOf(text, code, static_cast<int>(decimals));
  if (!amount.ok()) return Annotate(amount.status(), "--extra");
  if (amount->value() <= 0) return absl::InvalidArgumentError("--extra: give an amount above 0");
  return amount->value();
}

// Where the ledger has one asset, nobody need name it.
StatusOr<std::string> OnlyAsset(Connection* connection) {
  v1::RegistersRequest request;
  request.set_register_("asset");
  FT_ASSIGN_OR_RETURN(const auto assets, WholeRegisters(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(assets, request));
  if (assets.lines_size() == 1) return assets.lines(0).action().declare_asset().code();
  return absl::InvalidArgumentError(absl::StrCat("--asset is required: the ledger has ", assets.lines_size(),
                                                 " assets (fundtrail asset list)"));
}

StatusOr<Exit> RunMatch(const Context& context, const MatchOptions& options) {
  v1::MatchRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  FT_ASSIGN_OR_RETURN(const auto method, MethodOf(options.method));
  request.set_method(method);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk, kMaxTraced));
  if (request.asset().empty()) {
    FT_ASSIGN_OR_RETURN(const std::string asset, OnlyAsset(connection.get()));
    request.set_asset(asset);
  }
  if (!options.extra.empty()) {
    FT_ASSIGN_OR_RETURN(const std::int64_t extra, ExtraOf(connection.get(), options.extra, request.asset()));
    request.set_extra(extra);
  }
  FT_ASSIGN_OR_RETURN(const auto answer, AskMatch(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::MatchCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

}  // namespace

void AddMatchCommand(CLI::App* app, Context* context) {
  auto* match =
      app->add_subcommand("match", "Which pledge could serve which need, and why other needs get nothing");
  auto options = std::make_shared<MatchOptions>();
  v1::MatchRequest& request = options->request;
  match->add_option("--asset", *request.mutable_asset(),
                    "The asset to match: CNY, USD and so on; else the only one that the ledger has");
  match->add_option("--place", *request.mutable_place(), "Only needs in this place and all below it");
  match->add_option("--category", *request.mutable_category(),
                    "Only needs for this category and all below it");
  match->add_option(
      "--method", options->method,
      "How equally severe needs share: proportional (the same share of what each lacks) or equal (the same "
      "amount); else proportional");
  match->add_option("--extra", options->extra,
                    "Supposes that so much more money were there, for any of the needs: 500.00");
  match->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(match, &options->as_of);
  AddRaw(match, &options->cells,
         match->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  match->footer("Example: fundtrail --ledger DIR match --asset CNY --place gbt2260:5205");
  OnRun(match, context, [=] { return RunMatch(*context, *options); });
}

}  // namespace fundtrail::cli
