// See held_receipts.h.
#include "ledger/query/findings/held_receipts.h"

#include <algorithm>
#include <string>

#include "ledger/query/findings/rule.h"
#include "ledger/query/held_parts.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<HeldReceipts> HeldReceipts::Read(const View& view, AsOfRecord as_of) {
  const View then = Then(view, as_of);
  HeldReceipts read;
  HeldParts parts(view, as_of);
  KeptBytes kept;
  std::string party;
  bool holder = false;
  const Bytes all = keys::AllOf(keys::kAccountTag);
  const auto rows = view.rows->Scan(all, store::PrefixEnd(all));
  for (; rows->Valid(); rows->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(rows->key()));
    FT_ASSIGN_OR_RETURN(const auto number, model::DecodeNumber(rows->key(), rows->value()));
    const model::AccountNumber account(number);
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(view, account, as_of));
    if (held.is_zero()) continue;
    if (name.party != party) {  // accounts stand by party
      party = std::string(name.party);
      FT_ASSIGN_OR_RETURN(const auto registered, NeedParty(then, party));
      holder = registered.role() == v1::ROLE_HOLDER;
    }
    if (!holder) continue;
    Line line;
    line.at = read.intervals_.size();
    line.left = held.value();
    FT_RETURN_IF_ERROR(parts.EachInterval(account, [&](Interval at) -> Status {
      if (read.intervals_.size() > line.at && at.from < read.intervals_.back().to)
        return model::Damaged(keys::AccountState(account), "holds a part of its line twice");
      read.intervals_.push_back(at);
      return kept.Add(2 * sizeof(Interval));  // a vector may be half empty
    }));
    line.end = read.intervals_.size();
    FT_RETURN_IF_ERROR(kept.Add(kSlotBytes<decltype(read.lines_)>));
    read.lines_.emplace(number, line);
  }
  FT_RETURN_IF_ERROR(rows->status());
  return read;
}

Amount HeldReceipts::Of(const model::TransferRow& row) {
  const auto found = lines_.find(row.to.value());
  if (found == lines_.end()) return {};
  Line& line = found->second;
  const Interval receipt = row.receipt();
  // Receipts stand on a line in the order of the log.
  while (line.at < line.end && intervals_[line.at].to <= receipt.from) ++line.at;
  Amount held;
  for (std::size_t at = line.at; at < line.end && intervals_[at].from < receipt.to; ++at)
    held += Intersect(intervals_[at], receipt).length();
  line.left -= held.value();
  return held;
}

Status HeldReceipts::Check() const {
  for (const auto& [account, line] : lines_)
    if (line.left != 0)
      return model::Damaged(keys::AccountState(model::AccountNumber(account)),
                            "holds something else than what came and stayed");
  return absl::OkStatus();
}

}  // namespace fundtrail::query
