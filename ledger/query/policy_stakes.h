// The money of two policies: how much is at stake where they overlap, and who is helped by both. It is that of the projects of their
// programmes, which is read once a pair asks.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/policies.pb.h"
#include "ledger/query/policy_rows.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

class PolicyStakes {
 public:
  // All of them must outlive it. `projects`: all of then (ReadPolicyProjects).
  PolicyStakes(const View& view, const View& then, AsOfRecord as_of,
               const std::vector<PolicyProject>& projects)
      : view_(view), then_(then), as_of_(as_of), projects_(projects) {}
  // Of a programme that a policy of the day has.
  void Want(const v1::OpenPolicy& policy) {
    wanted_.insert(policy.programmes().begin(), policy.programmes().end());
  }

  // Fills in what is at stake in `common`.
  Status Add(const v1::OpenPolicy& a, const v1::OpenPolicy& b, const PolicyCells& common,
             v1::PolicyPair* pair);
  // The first recipient, by id, that has money in projects of both; empty when there is none.
  StatusOr<std::string> HelpedByBoth(const v1::OpenPolicy& a, const v1::OpenPolicy& b);

 private:
  Status ReadMoney();
  StatusOr<const std::set<std::string>*> RecipientsIn(const std::string& project);
  StatusOr<std::set<std::string>> RecipientsOf(const v1::OpenPolicy& policy);

  const View& view_;
  const View& then_;
  const AsOfRecord as_of_;
  const std::vector<PolicyProject>& projects_;
  std::set<std::string> wanted_;                             // programmes
  std::map<std::string, std::vector<int>> of_programme_;     // filled with the money
  std::map<std::string, std::set<std::string>> recipients_;  // of the projects that were looked at
  std::optional<std::map<std::string, std::vector<ProjectSums>>> money_;  // of each project, once a pair asks
};

}  // namespace fundtrail::query
