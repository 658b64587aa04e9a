// Each of several receipts by itself (trace_parts.h).

#include "ledger/model/references.h"
#include "ledger/query/trace_parts.h"

namespace fundtrail::query {
namespace {

Status AddReceipt(Walker* walker, TransferRef ref, const Flows& flows, v1::TraceAnswer* answer) {
  const auto ends = LargestFirst(flows.ends);
  for (const auto& [asset, sums] : flows.asked) {
    v1::TraceReceipt* const receipt = answer->add_receipts();
    model::SetRef(ref, receipt->mutable_ref());
    receipt->set_asset(asset);
    FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(walker->view(), asset));
    receipt->set_decimals(declared.decimals());
    receipt->set_asked(sums.amount.value());
    const Wide came_round = sums.receipts - sums.amount.value();
    if (came_round > kMaxInt64)
      return absl::OutOfRangeError("more came round again than 63 bits can count: ask for fewer receipts");
    receipt->set_came_round(static_cast<std::int64_t>(came_round));
    Wide ended = 0;
    for (const auto* const one : ends) {
      const auto& [key, sum] = *one;
      FT_ASSIGN_OR_RETURN(const auto* account, walker->Describe(key.second));
      if (account->asset() != asset) continue;
      ended += sum.amount.value();
      FT_RETURN_IF_ERROR(FillEnd(walker, key, sum, receipt->add_ends()));
    }
    if (ended != sums.amount.value())
      return model::Damaged(model::keys::Transfer(ref), "has money that ends otherwise than it came");
    FT_RETURN_IF_ERROR(walker->view().Grow(receipt->ByteSizeLong()));
  }
  return absl::OkStatus();
}

}  // namespace

Status AddReceipts(Walker* walker, const TraceQuestion& question, v1::TraceAnswer* answer) {
  for (const TransferRef ref : question.refs) {
    TraceQuestion alone = question;
    alone.refs = {ref};
    FT_ASSIGN_OR_RETURN(const auto asked, FindStarts(walker, alone));
    FT_ASSIGN_OR_RETURN(const auto flows, FollowAll(walker, asked));
    FT_RETURN_IF_ERROR(AddReceipt(walker, ref, flows, answer));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
