// See sent_back.h.
#include "ledger/query/sent_back.h"

#include <cstdint>
#include <map>
#include <utility>

#include "ledger/model/entry.h"
#include "ledger/model/references.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// The first piece that begins in the interval.
StatusOr<std::optional<model::Piece>> FirstIn(model::AccountNumber account, Interval at, PieceReader* out) {
  if (at.empty()) return std::optional<model::Piece>();
  FT_ASSIGN_OR_RETURN(auto first, out->From(account, at.from, at.to));
  if (!first.has_value() || first->at.from >= at.from) return first;
  return out->After(account, at.from, at.to);
}

}  // namespace

StatusOr<std::optional<v1::SentBack>> SentBackOf(const View& view, TransferRef ref, PieceReader* out) {
  FT_RETURN_IF_ERROR(view.GoOn());
  FT_ASSIGN_OR_RETURN(const auto brought, NeedTransfer(view, ref));
  // What sends back draws only what the transfer that it names brought. So each such piece begins in the receipt.
  const Interval receipt = brought.receipt();
  std::map<TransferRef, std::int64_t> sums;       // of those that send back
  std::map<TransferRef, v1::TransferKind> kinds;  // of every transfer by which a piece left
  FT_ASSIGN_OR_RETURN(auto next, FirstIn(brought.to, receipt, out));
  while (next.has_value()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const model::Piece piece = *next;
    FT_ASSIGN_OR_RETURN(next, out->After(brought.to, piece.at.from, receipt.to));
    const TransferRef by = piece.row.ref;
    if (view.as_of.has_value() && by.record.value() > *view.as_of) continue;
    auto kind = kinds.find(by);
    if (kind == kinds.end()) {
      FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view, by));
      kind = kinds.emplace(by, transfer.kind).first;
    }
    if (!model::SendsBack(kind->second)) continue;
    if (!AddTo(&sums[by], piece.row.length.value()))
      return model::Damaged(keys::PieceOut(brought.to, piece.at.from),
                            "adds up to more than a transfer can have");
  }
  if (sums.empty()) return std::optional<v1::SentBack>();
  v1::SentBack back;
  std::int64_t undone = 0, returned = 0;
  for (const auto& [by, amount] : sums) {
    const v1::TransferKind kind = kinds.at(by);
    if (!AddTo(kind == v1::TRANSFER_KIND_REVERSAL ? &undone : &returned, amount))
      return model::Damaged(keys::Transfer(ref), "had more sent back than an account can have");
    if (back.by_size() == kMaxBackTransfers) continue;
    auto* named = back.add_by();
    model::SetRef(by, named->mutable_ref());
    named->set_kind(kind);
    named->set_amount(amount);
  }
  back.set_count(sums.size());
  back.set_undone(undone);
  back.set_returned(returned);
  return std::optional(std::move(back));
}

}  // namespace fundtrail::query
