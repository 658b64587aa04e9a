// See policy_stakes.h.
#include "ledger/query/policy_stakes.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::int64_t kParts = 10'000LL * 10'000LL;  // basis points of basis points

}  // namespace

Status PolicyStakes::ReadMoney() {
  money_.emplace();
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < projects_.size(); ++i) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    if (wanted_.count(projects_[i].programme) == 0) continue;
    of_programme_[projects_[i].programme].push_back(static_cast<int>(i));
    ids.push_back(projects_[i].id);
  }
  return EachSumsOf(view_, ids, as_of_, [this](const ProjectSums& sums) {
    (*money_)[sums.project].push_back(sums);
    return view_.Grow(sizeof(ProjectSums) + sums.project.size() + sums.asset.size());
  });
}

Status PolicyStakes::Add(const v1::OpenPolicy& a, const v1::OpenPolicy& b, const PolicyCells& common,
                         v1::PolicyPair* pair) {
  std::set<std::string> programmes(a.programmes().begin(), a.programmes().end());
  programmes.insert(b.programmes().begin(), b.programmes().end());
  if (programmes.empty()) return absl::OkStatus();
  if (!money_.has_value()) FT_RETURN_IF_ERROR(ReadMoney());
  std::map<std::string, std::int64_t> stakes;
  for (const std::string& programme : programmes) {
    const auto projects = of_programme_.find(programme);
    if (projects == of_programme_.end()) continue;
    for (const int number : projects->second) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const PolicyProject& project = projects_[number];
      const auto sums = money_->find(project.id);
      // Without a common group nothing is common: there the groups of either may be served.
      if (sums == money_->end() || (!common.groups.empty() && !Meet(project.groups, common.groups))) continue;
      const Wide parts = Wide{PolicyProject::Touching(project.places, common.places)} *
                         PolicyProject::Touching(project.categories, common.categories);
      for (const ProjectSums& sum : sums->second) {
        if (sum.totals.beyond) pair->set_beyond(true);
        const Wide part = Wide{sum.totals.placed().value()} * parts / kParts;
        if (!AddTo(&stakes[sum.asset], static_cast<std::int64_t>(part))) pair->set_beyond(true);
      }
    }
  }
  if (pair->beyond()) return absl::OkStatus();
  for (const auto& [asset, amount] : stakes) {
    if (amount == 0) continue;
    v1::PolicyStake* stake = pair->add_at_stake();
    stake->set_asset(asset);
    FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(then_, asset));
    stake->set_decimals(declared.decimals());
    stake->set_amount(amount);
  }
  return absl::OkStatus();
}

// Who has money as a recipient in a project.
StatusOr<const std::set<std::string>*> PolicyStakes::RecipientsIn(const std::string& project) {
  const auto [known, is_new] = recipients_.try_emplace(project);
  if (!is_new) return &known->second;
  const Bytes all = keys::ProjectAccountsOf(project);
  const auto cursor = view_.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto account, keys::ReadProjectAccount(cursor->key()));
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(view_, account, as_of_));
    if (held.is_zero()) continue;
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, name.party()));
    if (party.role() != v1::ROLE_RECIPIENT || !known->second.insert(name.party()).second) continue;
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(std::string) + name.party().size()));
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return &known->second;
}

StatusOr<std::set<std::string>> PolicyStakes::RecipientsOf(const v1::OpenPolicy& policy) {
  std::set<std::string> all;
  for (const std::string& programme : policy.programmes()) {
    const auto projects = of_programme_.find(programme);
    if (projects == of_programme_.end()) continue;
    for (const int number : projects->second) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto* some, RecipientsIn(projects_[number].id));
      all.insert(some->begin(), some->end());
    }
  }
  return all;
}

StatusOr<std::string> PolicyStakes::HelpedByBoth(const v1::OpenPolicy& a, const v1::OpenPolicy& b) {
  if (a.programmes().empty() || b.programmes().empty()) return std::string();
  if (!money_.has_value()) FT_RETURN_IF_ERROR(ReadMoney());
  FT_ASSIGN_OR_RETURN(const auto of_a, RecipientsOf(a));
  FT_ASSIGN_OR_RETURN(const auto of_b, RecipientsOf(b));
  const auto first =
      std::find_if(of_a.begin(), of_a.end(), [&of_b](const std::string& id) { return of_b.count(id) > 0; });
  return first == of_a.end() ? std::string() : *first;
}

}  // namespace fundtrail::query
