// Two policies of a day, and where they contradict each other. docs/policies.md has the rules.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fundtrail/v1/policies.pb.h"
#include "ledger/query/policy_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct PolicyOfDay {
  v1::OpenPolicy said;  // without its text
  std::uint64_t record = 0;
  std::string lead;
  std::vector<int> places, categories, groups;  // those that it names
  std::vector<const PolicyDuty*> accepted;      // the lead's
};

// Finds conflicts of two policies, and adds them to a list.
class PolicyConflicts {
 public:
  // The view and the trees must outlive it.
  PolicyConflicts(const View& view, AsOfRecord as_of, const PolicyTrees& trees)
      : view_(view), as_of_(as_of), trees_(trees) {}
  // Of the groups with a bound that policies name.
  Status ReadDefinitions(const std::vector<PolicyOfDay>& policies);

  // Groups that they define otherwise. They may have nothing in common.
  void FindDefinitions(const PolicyOfDay& a, const PolicyOfDay& b,
                       std::vector<v1::PolicyConflict>* conflicts) const;
  // All others, of two that have `common`.
  Status FindOthers(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                    std::vector<v1::PolicyConflict>* conflicts) const;

 private:
  // How one target group is told.
  struct Definition {
    std::string name, parent, measure, unit;
    std::int64_t threshold = 0;  // 0: it has no bound
  };
  void FindModalities(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                      std::vector<v1::PolicyConflict>* conflicts) const;
  void FindGoals(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                 std::vector<v1::PolicyConflict>* conflicts) const;
  Status FindDuties(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                    std::vector<v1::PolicyConflict>* conflicts) const;
  StatusOr<bool> HaveOneCell(const PolicyDuty& one, const PolicyDuty& other, const PolicyCells& common) const;

  const View& view_;
  const AsOfRecord as_of_;
  const PolicyTrees& trees_;
  std::map<int, Definition> definitions_;  // of groups with a bound
};

}  // namespace fundtrail::query
