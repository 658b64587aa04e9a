// See activities.h.
#include "ledger/tables/activities.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/iati/write.h"

namespace fundtrail::tables {
namespace {

constexpr char kIatiScheme[] = "iati";  // of alternative ids
constexpr char kGeneralSuffix[] = "general-money";

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

}  // namespace

void Activities::TakeParty(const v1::RegisterLine& line) {
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

void Activities::TakeProgramme(const v1::RegisterLine& line) {
  const v1::OpenProgramme& of = line.action().open_programme();
  iati::Activity activity = Begin(of.id(), of.name(), of.owner());
  activity.stands = iati::Stands::kProgramme;
  activity.from = of.from();
  activity.until = of.until();
  if (line.has_ended()) activity.status = "4";
  activities_.emplace(std::pair(1, of.id()), std::move(activity));
}

void Activities::TakeProject(const v1::RegisterLine& line) {
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

void Activities::TakeTransfer(const v1::TransferLine& line) {
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

std::vector<iati::Activity> Activities::Finish(const std::string& day) {
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

iati::Organisation Activities::OrganisationOf(const std::string& id) const {
  const auto found = parties_.find(id);
  if (found != parties_.end()) return found->second;
  iati::Organisation organisation;
  organisation.own_id = id;
  organisation.name = id;
  return organisation;
}

iati::Activity Activities::Begin(const std::string& id, const std::string& name, const std::string& owner) {
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

iati::Activity& Activities::ActivityOf(const std::string& project) {
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

void Activities::Add(const v1::TransferLine& line, const Way& way) {
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

}  // namespace fundtrail::tables
