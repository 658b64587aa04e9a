// export iati
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/names.h"
#include "cli/client/questions.h"
#include "cli/render/table.h"
#include "ledger/base/decimal.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/iati/write.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

struct ExportIatiOptions {
  std::string out;
  std::optional<std::uint64_t> as_of;
};

constexpr char kIatiScheme[] = "iati";  // of alternative ids
constexpr char kGeneralSuffix[] = "general-money";

// What is left out of the file, since the standard cannot say it.
struct LeftOut {
  std::uint64_t exchanges = 0, fund_moves = 0;
};

// A kind of body as a code of the standard's list of types of organisations.
std::string TypeOf(v1::RegisterParty::Kind kind) {
  switch (kind) {
    case v1::RegisterParty::GOVERNMENT:
      return "10";
    case v1::RegisterParty::INTERGOVERNMENTAL:
    case v1::RegisterParty::UN:
    case v1::RegisterParty::POOLED_FUND:
      return "40";
    case v1::RegisterParty::RED_CROSS:
    case v1::RegisterParty::NGO:
      return "22";
    case v1::RegisterParty::FOUNDATION:
      return "60";
    case v1::RegisterParty::COMPANY:
      return "70";
    case v1::RegisterParty::ACADEMIC:
      return "80";
    default:
      return "90";
  }
}

// Makes activities of what the ledger answers: one for each programme and project, and one for all general money.
class IatiExport {
 public:
  void TakeParty(const v1::RegisterLine& line) {
    iati::Organisation organisation;
    const v1::RegisterParty& party = line.action().register_party();
    organisation.own_id = party.id();
    organisation.name = party.name();
    organisation.type = TypeOf(party.kind());
    for (const auto& other : party.alternative_ids())
      if (organisation.ref.empty() && other.scheme() == kIatiScheme) organisation.ref = other.id();
    roles_[party.id()] = party.role();
    // A role that nobody stated is inferred anew.
    if (!party.role_inferred()) organisation.role = v1::Role_Name(party.role());
    if (party.parent().empty()) root_ = party.id();
    parties_.emplace(party.id(), std::move(organisation));
  }

  void TakeProgramme(const v1::RegisterLine& line) {
    const v1::OpenProgramme& of = line.action().open_programme();
    iati::Activity activity = Begin(of.id(), of.name(), of.owner());
    activity.stands = iati::Stands::kProgramme;
    activity.from = of.from();
    activity.until = of.until();
    if (line.has_ended()) activity.status = "4";
    activities_.emplace(std::pair(1, of.id()), std::move(activity));
  }

  void TakeProject(const v1::RegisterLine& line) {
    const v1::ProposeProject& of = line.action().propose_project();
    iati::Activity activity = Begin(of.id(), of.name(), of.owner());
    activity.from = of.from();
    activity.until = of.until();
    if (line.has_ended()) activity.status = "4";
    if (!of.implementer().empty() && of.implementer() != of.owner())
      activity.participants.push_back(
          {OrganisationOf(of.implementer()), iati::OrganisationRole::kImplementing});
    const auto programme = activities_.find({1, of.programme()});
    if (programme != activities_.end()) activity.parents.push_back(programme->second.id);
    // The standard wants to know of which days a budget is.
    if (of.budget() > 0 && !of.from().empty() && !of.until().empty())
      activity.budgets.push_back({false, of.from(), of.until(),
                                  FormatPlain(Amount(of.budget()), static_cast<int>(line.decimals())),
                                  of.asset()});
    activities_.emplace(std::pair(2, of.id()), std::move(activity));
  }

  // Transfers come in the order of the log.
  void TakeTransfer(const v1::TransferLine& line) {
    const v1::Transfer& transfer = line.transfer();
    if (!transfer.to_asset().empty()) {
      ++left_out_.exchanges;
      return;
    }
    if (!transfer.to_fund().empty() && transfer.to_fund() != transfer.fund()) {
      ++left_out_.fund_moves;
      return;
    }
    Way way;
    way.from = transfer.from();
    way.to = transfer.to();
    way.project = transfer.project();
    way.to_project = transfer.to_general()           ? ""
                     : transfer.to_project().empty() ? transfer.project()
                                                     : transfer.to_project();
    if (transfer.has_returns()) {
      // Money that goes back goes the way that it came, below zero.
      const auto paid = ways_.find({transfer.returns().record(), transfer.returns().line()});
      if (paid == ways_.end()) {
        ++left_out_.fund_moves;
        return;
      }
      way = paid->second;
      // What sends back what was sent back goes the way of the first one again.
      way.back = !way.back;
    }
    ways_.emplace(std::pair(line.ref().record(), line.ref().line()), way);
    Add(line, way);
  }

  // All activities; `day` stands where nothing else is known of when one began.
  std::vector<iati::Activity> Finish(const std::string& day) {
    std::vector<iati::Activity> all;
    for (auto& [key, activity] : activities_) {
      const bool said = !activity.from.empty();
      for (const iati::Transaction& transaction : activity.transactions)
        if (!said && (activity.from.empty() || transaction.date < activity.from))
          activity.from = transaction.date;
      if (activity.from.empty()) activity.from = day;
      if (!activity.until.empty() && activity.until < activity.from) activity.until.clear();
      all.push_back(std::move(activity));
    }
    return all;
  }
  const LeftOut& left_out() const { return left_out_; }

 private:
  // Who paid whom, out of which project and into which one.
  struct Way {
    std::string from, to, project, to_project;
    bool back = false;  // below zero
  };

  iati::Organisation OrganisationOf(const std::string& id) const {
    const auto found = parties_.find(id);
    if (found != parties_.end()) return found->second;
    iati::Organisation organisation;
    organisation.own_id = id;
    organisation.name = id;
    return organisation;
  }

  iati::Activity Begin(const std::string& id, const std::string& name, const std::string& owner) {
    iati::Activity activity;
    activity.own_id = id;
    activity.title = name.empty() ? id : name;
    activity.status = "2";
    activity.reporting = OrganisationOf(owner);
    // The standard asks for a ref here; where there is none it is the ledger's own.
    if (activity.reporting.ref.empty()) activity.reporting.ref = activity.reporting.own_id;
    const std::string prefix = activity.reporting.ref + "-";
    const std::string made = absl::StartsWith(id, prefix) ? id : prefix + id;
    // Of "a", "b-c" and of "a-b", "c" would be one.
    activity.id = made;
    for (std::uint64_t number = 2; !ids_.insert(activity.id).second; ++number)
      activity.id = absl::StrCat(made, "-", number);
    activity.participants.push_back({OrganisationOf(owner), iati::OrganisationRole::kAccountable});
    return activity;
  }

  iati::Activity& ActivityOf(const std::string& project) {
    if (!project.empty()) {
      const auto found = activities_.find({2, project});
      if (found != activities_.end()) return found->second;
      return activities_.emplace(std::pair(2, project), Begin(project, project, root_)).first->second;
    }
    const auto found = activities_.find({0, ""});
    if (found != activities_.end()) return found->second;
    iati::Activity general = Begin(kGeneralSuffix, "Money that is in no project", root_);
    general.stands = iati::Stands::kGeneralMoney;
    return activities_.emplace(std::pair(0, ""), std::move(general)).first->second;
  }

  void Add(const v1::TransferLine& line, const Way& way) {
    const v1::Transfer& transfer = line.transfer();
    const auto role = [&](const std::string& party) {
      const auto found = roles_.find(party);
      return found == roles_.end() ? v1::HOLDER : found->second;
    };
    const bool brings_in = role(way.from) == v1::SOURCE && way.from != way.to;
    iati::Transaction transaction;
    transaction.kind = transfer.stage() == v1::COMMITTED ? iati::TransactionType::kOutgoingCommitment
                       : brings_in                       ? iati::TransactionType::kIncomingFunds
                       : role(way.to) == v1::RECIPIENT   ? iati::TransactionType::kExpenditure
                                                         : iati::TransactionType::kDisbursement;
    transaction.ref = absl::StrCat(line.ref().record(), ".", line.ref().line());
    transaction.fund = transfer.fund();
    transaction.asset = transfer.asset();
    transaction.decimals = std::to_string(line.decimals());
    transaction.order = ++order_;
    transaction.date = line.date();
    transaction.currency = transfer.asset();
    transaction.amount = FormatPlain(Amount(way.back ? -transfer.amount() : transfer.amount()),
                                     static_cast<int>(line.decimals()));
    transaction.description = transfer.purpose();
    transaction.provider = OrganisationOf(way.from);
    transaction.receiver = OrganisationOf(way.to);
    iati::Activity& told_by = ActivityOf(brings_in ? way.to_project : way.project);
    if (!brings_in) {
      transaction.provider.activity_id = told_by.id;
      transaction.receiver.activity_id = ActivityOf(way.to_project).id;
    }
    told_by.transactions.push_back(std::move(transaction));
  }

  std::string root_;
  std::set<std::string> ids_;  // of activities
  std::map<std::string, iati::Organisation> parties_;
  std::map<std::string, v1::Role> roles_;
  std::map<std::pair<int, std::string>, iati::Activity> activities_;  // general money, programmes, projects
  std::map<std::pair<std::uint64_t, std::uint32_t>, Way> ways_;
  std::uint64_t order_ = 0;
  LeftOut left_out_;
};

Status EachItem(Connection* connection, const char* of, const std::optional<std::uint64_t>& as_of,
                const std::function<void(const v1::RegisterLine&)>& take) {
  v1::RegistersRequest request;
  request.set_register_(of);
  if (as_of.has_value()) request.set_as_of(*as_of);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection, request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  for (const auto& line : answer.lines()) take(line);
  return absl::OkStatus();
}

// What a server says may be anything.
Status CheckMoney(std::uint32_t decimals, std::int64_t amount) {
  if (decimals > kMaxDecimals || amount < 0)
    return absl::DataLossError("the server's answer cannot be true: an amount that no asset has");
  return absl::OkStatus();
}

StatusOr<Exit> RunExportIati(const Context& context, const ExportIatiOptions& options) {
  FT_ASSIGN_OR_RETURN(const Date today, DateFor(""));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  // All answers are of one moment.
  std::optional<std::uint64_t> as_of = options.as_of;
  if (!as_of.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto checkpoint, AskGetCheckpoint(connection.get(), {}));
    if (checkpoint.as_of().size() == 0)
      return absl::DataLossError("the server's answer cannot be true: a ledger without a record");
    as_of = checkpoint.as_of().size() - 1;
  }
  IatiExport all;
  FT_RETURN_IF_ERROR(
      EachItem(connection.get(), "party", as_of, [&](const v1::RegisterLine& line) { all.TakeParty(line); }));
  FT_RETURN_IF_ERROR(EachItem(connection.get(), "programme", as_of,
                              [&](const v1::RegisterLine& line) { all.TakeProgramme(line); }));
  Status money;
  FT_RETURN_IF_ERROR(EachItem(connection.get(), "project", as_of, [&](const v1::RegisterLine& line) {
    money.Update(CheckMoney(line.decimals(), line.action().propose_project().budget()));
    if (money.ok()) all.TakeProject(line);
  }));
  FT_RETURN_IF_ERROR(money);
  v1::ListRequest request;
  request.set_as_of(*as_of);
  FT_ASSIGN_OR_RETURN(const auto transfers, WholeList(connection.get(), request));
  for (const auto& line : transfers.transfers()) {
    FT_RETURN_IF_ERROR(CheckMoney(line.decimals(), line.transfer().amount()));
    all.TakeTransfer(line);
  }
  std::string text = iati::FileBegin(ToString(today));
  std::uint64_t activities = 0, transactions = 0;
  for (const iati::Activity& activity : all.Finish(ToString(today))) {
    text += iati::ActivityText(activity);
    ++activities;
    transactions += activity.transactions.size();
  }
  text += iati::FileEnd();
  const LeftOut& left_out = all.left_out();
  const bool leaves_out = left_out.exchanges + left_out.fund_moves > 0;
  if (options.out.empty()) {
    PrintData(text);
    if (leaves_out)
      Warn(context.language,
           absl::StrCat("left out, since the standard cannot say them: ", left_out.exchanges, " exchanges, ",
                        left_out.fund_moves, " moves between funds and what sends them back"));
    return Exit::kYes;
  }
  FT_RETURN_IF_ERROR(WriteFileAtomically(options.out, text));
  if (context.json) {
    const nlohmann::json json = {{"file", options.out},
                                 {"as_of", std::to_string(*as_of)},
                                 {"activities", std::to_string(activities)},
                                 {"transactions", std::to_string(transactions)},
                                 {"exchanges_left_out", std::to_string(left_out.exchanges)},
                                 {"moves_between_funds_left_out", std::to_string(left_out.fund_moves)}};
    PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return Exit::kYes;
  }
  Print(context, render::Say("{}: {} activities with {} transactions, as of record {}\n", options.out,
                             activities, transactions, *as_of));
  if (leaves_out)
    Print(context,
          render::Say("  left out, since the standard cannot say them: {} exchanges, {} moves between "
                      "funds and what sends them back\n",
                      left_out.exchanges, left_out.fund_moves));
  return Exit::kYes;
}

}  // namespace

void AddExportIatiCommand(CLI::App* app, Context* context) {
  // Other exports may have made the group.
  const auto made = app->get_subcommands([](const CLI::App* each) { return each->get_name() == "export"; });
  CLI::App* const group = made.empty()
                              ? app->add_subcommand("export", "Writes the whole ledger for other programs")
                              : made.front();
  group->require_subcommand(1);
  group->fallthrough();
  auto* command = group->add_subcommand(
      "iati",
      "Writes all projects and transfers as activities of IATI 2.03, which `import iati` reads again");
  auto options = std::make_shared<ExportIatiOptions>();
  command->add_option("--out", options->out, "The file to write; else the activities are printed")
      ->type_name("FILE");
  command->add_option("--as-of", options->as_of, "As the ledger stood after this record; else now")
      ->type_name("RECORD");
  command->footer("Example: fundtrail --ledger DIR export iati --out activities.xml");
  OnRun(command, context, [=] { return RunExportIati(*context, *options); });
}

}  // namespace fundtrail::cli
