// See history_comparison.h.
#include "ledger/audit/history_comparison.h"

#include "ledger/tree/merkle.h"

namespace fundtrail::audit {

StatusOr<Beginning> CompareBeginning(Source* source, const tree::Checkpoint& had,
                                     const tree::Checkpoint& shown) {
  tree::Frontier tree;
  bool same = had.size == 0;
  FT_RETURN_IF_ERROR(source->Start(0, shown.size));
  while (tree.size() < shown.size) {
    FT_ASSIGN_OR_RETURN(const Records batch, source->Next());
    if (batch.empty()) return absl::DataLossError("the checkpoint counts more records than are shown");
    for (const CheckedRecord& record : batch) {
      if (tree.size() == shown.size) break;  // a store may go on
      tree.Append(tree::LeafHash(record.bytes));
      if (tree.size() == had.size) same = tree.Root() == had.root;
      if (same) return Beginning::kSame;
    }
  }
  return tree.Root() == shown.root ? Beginning::kForked : Beginning::kChanged;
}

std::string WhoForked(const PresentedCheckpoint& had, const PresentedCheckpoint& shown) {
  return had.unverified.empty() && shown.unverified.empty()
             ? "the ledger's key signed both checkpoints, which convicts its operator of two histories"
             : "two histories, if the ledger's key signed both checkpoints; but one of the two is signed by "
               "another "
               "key than was given, which proves nothing";
}

}  // namespace fundtrail::audit
