// The tree of a trace: parallel pieces between the same accounts are one branch. Large branches are opened
// first; what the budget, --depth or --min leaves closed is counted as `cut`.
#include <algorithm>
#include <functional>
#include <queue>
#include <set>

#include "ledger/query/trace_engine.h"

namespace fundtrail::query {
namespace {

using model::AccountNumber;

struct Branch {
  v1::TraceNode* node = nullptr;
  std::vector<Fragment> fragments;
  Amount amount;
  int depth = 0;
  std::size_t order = 0;  // earlier branches first among equals
  bool operator<(const Branch& other) const {
    return amount != other.amount ? amount < other.amount : order > other.order;
  }
};

Status Fill(Walker* walker, const Branch& branch) {
  v1::TraceNode* node = branch.node;
  FT_ASSIGN_OR_RETURN(const auto* account, walker->Describe(branch.fragments.front().account));
  *node->mutable_account() = *account;
  node->set_amount(branch.amount.value());
  std::set<TransferRef> transfers;
  std::optional<Date> first, last;
  for (const Fragment& fragment : branch.fragments) {
    transfers.insert(fragment.ref);
    FT_ASSIGN_OR_RETURN(const Date date, walker->DateOf(fragment.ref));
    first = first.has_value() ? std::min(*first, date) : date;
    last = last.has_value() ? std::max(*last, date) : date;
  }
  node->set_transfers(transfers.size());
  node->set_first_date(fundtrail::ToString(*first));
  node->set_last_date(fundtrail::ToString(*last));
  return absl::OkStatus();
}

struct Opened {
  std::map<AccountNumber, Branch> children;
  std::map<v1::EndKind, v1::TraceEnd> ends;
};

Status Open(Walker* walker, const Branch& branch, Opened* opened) {
  for (const Fragment& fragment : branch.fragments) {
    FT_ASSIGN_OR_RETURN(const Date arrived, walker->DateOf(fragment.ref));
    const std::string date = fundtrail::ToString(arrived);
    FT_RETURN_IF_ERROR(walker->Walk(fragment.account, fragment.at, [&](const Step& step) -> Status {
      if (!step.ends) {
        Branch& child = opened->children[step.next.account];
        child.amount += step.at.length();
        child.fragments.push_back(step.next);
        return absl::OkStatus();
      }
      v1::TraceEnd& end = opened->ends[step.kind];
      end.set_kind(step.kind);
      end.set_amount(end.amount() + step.at.length().value());
      if (end.first_date().empty() || date < end.first_date()) end.set_first_date(date);
      if (date > end.last_date()) end.set_last_date(date);
      if (step.kind == v1::EXCHANGED && end.exchanges_size() < kMaxExchangesShown) {
        SetRef(step.ref, end.add_exchanges());
      }
      return absl::OkStatus();
    }));
  }
  for (auto& [kind, end] : opened->ends) *end.mutable_account() = branch.node->account();
  return absl::OkStatus();
}

}  // namespace

Status BuildTree(Walker* walker, const TraceQuestion& question, const std::vector<Fragment>& roots,
                 v1::AssetTrace* trace) {
  std::map<AccountNumber, Branch> by_account;
  for (const Fragment& root : roots) {
    Branch& branch = by_account[root.account];
    branch.amount += root.at.length();
    branch.fragments.push_back(root);
  }
  if (roots.size() >= kFragmentBudget) trace->set_truncated(true);
  std::priority_queue<Branch> closed;
  std::size_t nodes = 0;
  std::size_t fragments = 0;
  // Branches are added largest first, so that the tree reads so.
  const auto add_all = [&](std::map<AccountNumber, Branch>* branches, int depth,
                           const std::function<v1::TraceNode*()>& add) -> Status {
    std::vector<Branch> sorted;
    for (auto& [account, branch] : *branches) sorted.push_back(std::move(branch));
    std::stable_sort(sorted.begin(), sorted.end(), [](const Branch& a, const Branch& b) { return b < a; });
    for (Branch& branch : sorted) {
      branch.node = add();
      branch.depth = depth;
      branch.order = nodes++;
      FT_RETURN_IF_ERROR(Fill(walker, branch));
      fragments += branch.fragments.size();
      closed.push(std::move(branch));
    }
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(add_all(&by_account, 0, [&] { return trace->add_tree(); }));
  while (!closed.empty()) {
    const Branch branch = closed.top();
    closed.pop();
    if (nodes >= question.node_budget || fragments >= kFragmentBudget) {
      branch.node->set_cut(branch.amount.value());
      trace->set_truncated(true);
      continue;
    }
    Opened opened;
    FT_RETURN_IF_ERROR(Open(walker, branch, &opened));
    for (auto& [kind, end] : opened.ends) *branch.node->add_ends() = std::move(end);
    for (auto child = opened.children.begin(); child != opened.children.end();) {
      const bool too_deep = question.depth > 0 && branch.depth >= question.depth;
      if (!too_deep && child->second.amount >= question.min) {
        ++child;
        continue;
      }
      branch.node->set_cut(branch.node->cut() + child->second.amount.value());
      branch.node->set_cut_children(branch.node->cut_children() + 1);
      child = opened.children.erase(child);
    }
    FT_RETURN_IF_ERROR(
        add_all(&opened.children, branch.depth + 1, [&] { return branch.node->add_children(); }));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
