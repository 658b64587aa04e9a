// The policies of a day with their cells, the duties that parties have for them, and their money. The questions about
// policies read it from the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/duties.pb.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/books/ancestors.h"
#include "ledger/query/policy_cells.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// By id, the policies in force: they have not ended, and their period has the day.
Status EachPolicyInForce(const View& view, const std::string& day, AsOfRecord as_of,
                         const std::function<Status(const v1::RegisterRow&)>& take);

// Whether policies hold for a part of a place and a category, or more. It climbs the trees, and reads neither.
class PolicyScope {
 public:
  // The view must outlive it.
  explicit PolicyScope(const View& view) : ancestors_(*view.rows) {}
  // Both are there, or empty, which means every one.
  Status Ask(const std::string& place, const std::string& category);
  StatusOr<bool> Touches(const v1::OpenPolicy& policy);

 private:
  struct Asked {
    v1::Action::ActionCase action;
    std::string id;
    std::set<std::string> above;  // the item, and those above it
  };
  Status AskFor(Asked* asked, const std::string& id);
  template <typename Ids>
  StatusOr<bool> TouchesOne(const Asked& asked, const Ids& ids);

  books::Ancestors ancestors_;
  Asked place_{v1::Action::kDeclarePlace, "", {}};
  Asked category_{v1::Action::kDeclareCategory, "", {}};
};

// One tree of then with its leaves.
struct PolicyTree {
  ItemTree tree;
  LeafAxis axis;
  static StatusOr<PolicyTree> Read(const View& view, v1::Action::ActionCase action, AsOfRecord as_of);
  // The numbers of ids that a row names: DATA_LOSS for one that is not there.
  template <typename Ids>
  StatusOr<std::vector<int>> ItemsOf(const Ids& ids) const;
  v1::Action::ActionCase action = v1::Action::ACTION_NOT_SET;
};

struct PolicyTrees {
  PolicyTree places, categories, groups;
  static StatusOr<PolicyTrees> Read(const View& view, AsOfRecord as_of);
  StatusOr<PolicyCells> CellsOf(const v1::OpenPolicy& policy) const;
};

// A part of the places and categories: of a duty, or of a policy.
struct PolicyArea {
  LeafSpans places, categories;
};

// A project of a programme, as far as duties and money need it.
struct PolicyProject {
  struct Part {
    LeafSpan leaves;
    std::uint32_t basis_points = 0;  // 0: nobody said
  };
  std::string id, programme;
  bool open = false;
  std::vector<Part> places, categories;  // none: it names none
  LeafSpans groups;                      // all where it names none
  // What it reaches: nothing where it names neither places nor categories.
  PolicyArea Area(const PolicyTrees& trees) const;
  // The basis points of its parts that touch these leaves; all of them where it names none, or says no parts.
  static std::uint32_t Touching(const std::vector<Part>& parts, const LeafSpans& leaves);
};
// All projects of then, by id. Each is open on the day or not.
StatusOr<std::vector<PolicyProject>> ReadPolicyProjects(const View& view, const PolicyTrees& trees,
                                                        const std::string& day, AsOfRecord as_of);

// What a party said of a duty in force.
struct PolicyDuty {
  std::string id, programme, project, project_programme;
  v1::DutyLine::Acceptance acceptance = v1::DutyLine::ACCEPTANCE_NAMED;
  std::uint64_t answered_in = 0;  // where it said something
  std::vector<PolicyArea> areas;  // each is a part of what it is for
};

// The duties of those who answer for policies.
class PolicyDuties {
 public:
  // Reads those in force of these parties, in these roles: neither the duty nor its party has ended, and its period has the
  // day. `projects`: all of them (ReadPolicyProjects).
  using Wanted = std::set<std::pair<std::string, int>>;
  static StatusOr<PolicyDuties> Read(const View& view, const PolicyTrees& trees,
                                     const std::vector<PolicyProject>& projects, const Wanted& wanted,
                                     const std::string& day, AsOfRecord as_of);
  // The duty by which the party answers for the policy. It has the role, and is for one of its programmes, for a project
  // of one, or for a part of its places and categories. Of these an accepted one, else a declined one, else null.
  const PolicyDuty* Best(const std::string& party, v1::AssignDuty::Role role, const v1::OpenPolicy& policy,
                         const PolicyCells& cells) const;
  // All of those that it accepted, by id.
  std::vector<const PolicyDuty*> Accepted(const std::string& party, v1::AssignDuty::Role role,
                                          const v1::OpenPolicy& policy, const PolicyCells& cells) const;

 private:
  const std::vector<PolicyDuty>* Of(const std::string& party, v1::AssignDuty::Role role) const;

  std::map<std::pair<std::string, int>, std::vector<PolicyDuty>> duties_;
};

// The id of the policy's lead; empty where it has none.
std::string LeadOf(const v1::OpenPolicy& policy);

}  // namespace fundtrail::query
