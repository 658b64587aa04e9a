// See activities.h.
#include "ledger/tables/activities.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/iati/write.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"

namespace fundtrail::tables {
namespace {

constexpr char kIatiScheme[] = "iati";  // of alternative ids
constexpr char kGeneralSuffix[] = "general-money";

// A kind of body as a code of the standard's list of types of organisations.
std::string TypeOf(v1::RegisterParty::Kind kind) {
  switch (kind) {
    case v1::RegisterParty::KIND_GOVERNMENT:
      return "10";
    case v1::RegisterParty::KIND_INTERGOVERNMENTAL:
    case v1::RegisterParty::KIND_UN:
    case v1::RegisterParty::KIND_POOLED_FUND:
      return "40";
    case v1::RegisterParty::KIND_RED_CROSS:
    case v1::RegisterParty::KIND_NGO:
      return "22";
    case v1::RegisterParty::KIND_FOUNDATION:
      return "60";
    case v1::RegisterParty::KIND_COMPANY:
      return "70";
    case v1::RegisterParty::KIND_ACADEMIC:
      return "80";
    default:
      return "90";
  }
}

// "AF", of a place that is called by it: "AF", "af" or "iso3166:AF". Empty for any other.
std::string CountryOf(const v1::DeclarePlace& place) {
  const std::size_t colon = place.id().rfind(':');
  const std::string scheme = colon == std::string::npos ? "" : place.id().substr(0, colon);
  const std::string code = colon == std::string::npos ? place.id() : place.id().substr(colon + 1);
  const bool letters = code.size() == 2 && absl::ascii_isalpha(static_cast<unsigned char>(code[0])) &&
                       absl::ascii_isalpha(static_cast<unsigned char>(code[1]));
  return place.level() == 0 && letters && (scheme.empty() || scheme == "iso3166")
             ? absl::AsciiStrToUpper(code)
             : "";
}

// The transfer that a line names, and that may stand in the same entry.
TransferRef RefOf(const v1::TransferLine& line, const v1::TransferRef& ref) {
  return model::RefIn(RecordIndex(line.ref().record()), ref);
}

// The kinds that a payment of an import may have.
std::string KindOf(v1::TransferKind kind) {
  const bool paid = kind == v1::TRANSFER_KIND_APPROPRIATION || kind == v1::TRANSFER_KIND_DONATION ||
                    kind == v1::TRANSFER_KIND_ALLOCATION || kind == v1::TRANSFER_KIND_DISBURSEMENT;
  return paid ? model::WordOf(kind) : "";
}

std::string RuleName(v1::Target::Rule rule) {
  return rule == v1::Target::RULE_UNSPECIFIED ? "" : model::WordOf(rule);
}

}  // namespace

void Activities::TakePlace(const v1::RegisterLine& line) {
  const v1::DeclarePlace& of = line.action().declare_place();
  iati::NamedPlace place;
  place.own_id = of.id();
  place.name = of.name().empty() ? of.id() : of.name();
  place.level = absl::StrCat(of.level());
  place.code = CountryOf(of);
  if (!place.code.empty()) place.kind = iati::NamedPlace::Kind::kCountry;
  if (place.code.empty()) place.code = of.id();
  places_.emplace(of.id(), std::move(place));
}

void Activities::TakeCategory(const v1::RegisterLine& line) {
  constexpr char kOwnVocabulary[] = "99";  // of who reports
  const v1::DeclareCategory& of = line.action().declare_category();
  iati::Sector sector;
  sector.own_id = of.id();
  sector.name = of.name().empty() ? of.id() : of.name();
  sector.vocabulary = of.code().empty() ? "" : iati::VocabularyOf(of.scheme(), of.code());
  sector.code = sector.vocabulary.empty() ? of.id() : of.code();
  if (sector.vocabulary.empty()) sector.vocabulary = kOwnVocabulary;
  sectors_.emplace(of.id(), std::move(sector));
}

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
  if (!party.role_inferred()) organisation.role = model::WordOf(party.role());
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
  for (const v1::PlaceShare& share : of.places()) {
    const auto place = places_.find(share.place());
    if (place == places_.end()) continue;
    activity.places.push_back(place->second);
    activity.places.back().basis_points = share.basis_points();
  }
  for (const v1::CategoryShare& share : of.categories()) {
    const auto sector = sectors_.find(share.category());
    if (sector == sectors_.end()) continue;
    activity.sectors.push_back(sector->second);
    activity.sectors.back().basis_points = share.basis_points();
  }
  for (const v1::Target& target : of.targets()) {
    iati::Indicator indicator;
    indicator.title = target.indicator();
    indicator.unit = target.unit();
    if (target.baseline() != 0) indicator.baseline = std::to_string(target.baseline());
    indicator.target = std::to_string(target.target());
    indicator.across_places = RuleName(target.across_places());
    indicator.across_periods = RuleName(target.across_periods());
    activity.indicators.push_back(std::move(indicator));
  }
  activities_.emplace(std::pair(2, of.id()), std::move(activity));
}

void Activities::TakeResult(const std::string& project, const v1::ProjectResult& result) {
  const auto found = activities_.find({2, project});
  if (found == activities_.end() || !result.has_reported()) return;
  for (iati::Indicator& indicator : found->second.indicators)
    if (indicator.title == result.target().indicator()) indicator.actual = std::to_string(result.reported());
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
    const TransferRef returns = RefOf(line, transfer.returns());
    const auto paid = ways_.find(returns);
    if (paid == ways_.end()) {
      ++left_out_.fund_moves;
      return;
    }
    way = paid->second;
    // What sends back what was sent back goes the way of the first one again.
    way.back = !way.back;
    way.returns = model::RefText(returns);
  }
  ways_.emplace(RefOf(line, line.ref()), way);
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
    for (iati::Indicator& indicator : activity.indicators) {
      indicator.from = activity.from;
      // The standard asks for a last day. What has none goes on.
      indicator.until = !activity.until.empty() ? activity.until : std::max(day, activity.from);
    }
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
    return found == roles_.end() ? v1::ROLE_HOLDER : found->second;
  };
  const bool brings_in = role(way.from) == v1::ROLE_SOURCE && way.from != way.to;
  iati::Transaction transaction;
  transaction.kind = transfer.stage() == v1::STAGE_COMMITTED ? iati::TransactionType::kOutgoingCommitment
                     : brings_in                             ? iati::TransactionType::kIncomingFunds
                     : role(way.to) == v1::ROLE_RECIPIENT    ? iati::TransactionType::kExpenditure
                                                             : iati::TransactionType::kDisbursement;
  transaction.ref = model::RefText(RefOf(line, line.ref()));
  transaction.ledger_kind = KindOf(transfer.kind());
  transaction.returns = way.returns;
  // Where it draws on what is left out, it goes by what is first in line.
  for (const v1::TransferRef& said : transfer.draws()) {
    const TransferRef ref = RefOf(line, said);
    if (!ways_.contains(ref)) {
      transaction.draws.clear();
      break;
    }
    transaction.draws.push_back(model::RefText(ref));
  }
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
