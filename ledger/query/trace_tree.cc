// The tree of a trace: parallel pieces between the same accounts are one branch. Large branches are opened
// first; what the budget, --depth or --min leaves closed is counted as `cut`.
#include <algorithm>
#include <functional>
#include <vector>

#include "ledger/model/references.h"
#include "ledger/query/trace_flows.h"

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

Status FillBranch(Walker* walker, const Branch& branch) {
  v1::TraceNode* node = branch.node;
  FT_ASSIGN_OR_RETURN(const auto* account, walker->Describe(branch.fragments.front().account));
  *node->mutable_account() = *account;
  node->set_amount(branch.amount.value());
  std::vector<TransferRef> transfers;
  transfers.reserve(branch.fragments.size());
  std::optional<Date> first, last;
  Amount committed;
  for (const Fragment& fragment : branch.fragments) {
    FT_RETURN_IF_ERROR(walker->view().GoOn());
    transfers.push_back(fragment.ref);
    FT_ASSIGN_OR_RETURN(const auto moved, walker->Look(fragment.ref));
    if (moved.committed) committed += fragment.at.length();
    first = first.has_value() ? std::min(*first, moved.date) : moved.date;
    last = last.has_value() ? std::max(*last, moved.date) : moved.date;
  }
  std::sort(transfers.begin(), transfers.end());
  node->set_transfers(
      static_cast<std::uint64_t>(std::unique(transfers.begin(), transfers.end()) - transfers.begin()));
  node->set_first_date(fundtrail::ToString(*first));
  node->set_last_date(fundtrail::ToString(*last));
  node->set_committed(committed.value());
  return walker->view().Grow(node->ByteSizeLong());
}

struct EndHere {
  v1::TraceEnd end;
  Date first, last;
};

struct Opened {
  std::map<AccountNumber, Branch> children;
  std::map<v1::EndKind, EndHere> ends;
};

Status Open(Walker* walker, const Branch& branch, Opened* opened) {
  for (const Fragment& fragment : branch.fragments) {
    FT_RETURN_IF_ERROR(walker->view().GoOn());
    FT_ASSIGN_OR_RETURN(const auto moved, walker->Look(fragment.ref));
    const auto take = [&](const Step& step) -> StatusOr<bool> {
      if (!step.ends) {
        // What was asked about may be moved on by the transfer that brought it in, and nothing else.
        FT_RETURN_IF_ERROR(walker->CheckTime(fragment.ref, step.ref, branch.depth == 0));
        FT_ASSIGN_OR_RETURN(const AccountNumber account, walker->Standing(step.next.account));
        Branch& child = opened->children[account];
        child.amount += step.at.length();
        child.fragments.push_back(step.next);
        return true;
      }
      EndHere& here = opened->ends.try_emplace(step.kind, EndHere{{}, moved.date, moved.date}).first->second;
      here.first = std::min(here.first, moved.date);
      here.last = std::max(here.last, moved.date);
      v1::TraceEnd& end = here.end;
      end.set_kind(step.kind);
      end.set_amount(end.amount() + step.at.length().value());
      if (moved.committed) end.set_committed(end.committed() + step.at.length().value());
      if (step.kind == v1::END_KIND_EXCHANGED && end.exchanges_size() < kMaxExchangesShown &&
          std::none_of(end.exchanges().begin(), end.exchanges().end(),
                       [&](const v1::TransferRef& shown) { return model::RefOf(shown) == step.ref; })) {
        model::SetRef(step.ref, end.add_exchanges());
      }
      return true;
    };
    FT_RETURN_IF_ERROR(walker->Walk(fragment.account, fragment.at, take).status());
  }
  for (auto& [kind, here] : opened->ends) {
    *here.end.mutable_account() = branch.node->account();
    here.end.set_first_date(fundtrail::ToString(here.first));
    here.end.set_last_date(fundtrail::ToString(here.last));
  }
  return absl::OkStatus();
}

class TreeBuilder {
 public:
  TreeBuilder(Walker* walker, const TraceQuestion& question, Amount min, v1::AssetTrace* trace)
      : walker_(*walker),
        node_budget_(question.node_budget),
        depth_(question.depth > 0 ? std::min(question.depth, kMaxDepth) : kMaxDepth),
        depth_asked_(question.depth > 0 && question.depth <= kMaxDepth),
        min_(min),
        trace_(*trace) {}

  Status Build(const Roots& roots) {
    std::map<AccountNumber, Branch> by_account;
    for (const Fragment& root : roots.fragments) {
      FT_ASSIGN_OR_RETURN(const AccountNumber account, walker_.Standing(root.account));
      Branch& branch = by_account[account];
      branch.amount += root.at.length();
      branch.fragments.push_back(root);
    }
    FT_RETURN_IF_ERROR(Add(&by_account, 0, nullptr));
    std::int64_t shown = 0;
    bool fits = true;
    for (auto& root : *trace_.mutable_tree()) {
      FT_RETURN_IF_ERROR(Complete(roots, &root));
      fits = fits && AddTo(&shown, root.amount());
    }
    if (!fits || shown != trace_.asked())
      trace_.set_truncated(true);  // an account of which the budget kept nothing
    while (!closed_.empty()) {
      std::pop_heap(closed_.begin(), closed_.end());
      const Branch branch = std::move(closed_.back());
      closed_.pop_back();
      FT_RETURN_IF_ERROR(OpenOne(branch));
    }
    return absl::OkStatus();
  }

 private:
  // A root shows all that was asked of its account; what the budget left out of its fragments is cut.
  Status Complete(const Roots& roots, v1::TraceNode* root) {
    for (const auto& [account, asked] : roots.accounts) {
      FT_ASSIGN_OR_RETURN(const auto* described, walker_.Describe(account));
      const v1::Account& of = root->account();
      if (described->party() != of.party() || described->fund() != of.fund() ||
          described->project() != of.project())
        continue;
      const std::int64_t missing = asked.value() - root->amount();
      if (missing == 0) continue;
      root->set_amount(asked.value());
      root->set_cut(root->cut() + missing);
      trace_.set_truncated(true);
    }
    return absl::OkStatus();
  }

  // Below `parent`, or as roots; the largest first, so that the tree reads so. What there is no room for is cut.
  Status Add(std::map<AccountNumber, Branch>* branches, int depth, v1::TraceNode* parent) {
    std::vector<Branch> sorted;
    sorted.reserve(branches->size());
    for (auto& [account, branch] : *branches) sorted.push_back(std::move(branch));
    std::stable_sort(sorted.begin(), sorted.end(), [](const Branch& a, const Branch& b) { return b < a; });
    for (Branch& branch : sorted) {
      const bool too_deep = depth > depth_, no_room = nodes_ >= node_budget_;
      if (parent != nullptr && (too_deep || no_room || branch.amount < min_)) {
        parent->set_cut(parent->cut() + branch.amount.value());
        parent->set_cut_children(parent->cut_children() + 1);
        if (no_room || (too_deep && !depth_asked_)) trace_.set_truncated(true);
        continue;
      }
      branch.node = parent == nullptr ? trace_.add_tree() : parent->add_children();
      branch.depth = depth;
      branch.order = nodes_++;
      FT_RETURN_IF_ERROR(FillBranch(&walker_, branch));
      fragments_ += branch.fragments.size();
      closed_.push_back(std::move(branch));
      std::push_heap(closed_.begin(), closed_.end());
    }
    return absl::OkStatus();
  }

  Status OpenOne(const Branch& branch) {
    if (fragments_ >= kFragmentBudget) {
      branch.node->set_cut(branch.node->cut() + branch.amount.value());
      trace_.set_truncated(true);
      return absl::OkStatus();
    }
    Opened opened;
    FT_RETURN_IF_ERROR(Open(&walker_, branch, &opened));
    for (auto& [kind, here] : opened.ends) {
      FT_RETURN_IF_ERROR(walker_.view().Grow(here.end.ByteSizeLong()));
      *branch.node->add_ends() = std::move(here.end);
    }
    return Add(&opened.children, branch.depth + 1, branch.node);
  }

  Walker& walker_;
  const std::size_t node_budget_;
  const int depth_;
  const bool depth_asked_;  // and not ours
  const Amount min_;
  v1::AssetTrace& trace_;
  std::vector<Branch> closed_;  // a heap, the largest on top
  std::size_t nodes_ = 0;
  std::size_t fragments_ = 0;
};

}  // namespace

Status BuildTree(Walker* walker, const TraceQuestion& question, Amount min, const Roots& roots,
                 v1::AssetTrace* trace) {
  return TreeBuilder(walker, question, min, trace).Build(roots);
}

}  // namespace fundtrail::query
