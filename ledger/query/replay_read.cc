// See replay_read.h.
#include "ledger/query/replay_read.h"

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/log/seal.h"
#include "ledger/model/references.h"
#include "ledger/query/party_periods.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

class ReplayReader {
 public:
  explicit ReplayReader(Walker* walker) : walker_(*walker) {}

  StatusOr<ReadReplay> Read() {
    const View& view = walker_.view();
    const Bytes all = keys::AllOf(keys::kTransferTag);
    const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(cursor->key()));
      if (walker_.IsAfter(ref)) break;
      if (read_.refs.size() >= kMaxReplayed)
        return absl::ResourceExhaustedError(
            absl::StrCat("pro rata: the ledger has more than ", kMaxReplayed,
                         " transfers, the most that are replayed for one question: ask without it"));
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(cursor->key(), cursor->value()));
      FT_RETURN_IF_ERROR(Add(cursor->key(), ref, row));
    }
    FT_RETURN_IF_ERROR(cursor->status());
    read_.replay.accounts = static_cast<std::uint32_t>(read_.accounts.size());
    return std::move(read_);
  }

 private:
  Status Add(ByteView key, TransferRef ref, const model::TransferRow& row) {
    ReplayedTransfer transfer;
    transfer.from = NumberOf(row.from);
    transfer.to = NumberOf(row.to);
    transfer.amount = row.amount.value();
    transfer.to_amount = row.to_amount.value();
    transfer.day = row.date.days();
    transfer.month = MonthOf(row.date);
    transfer.exchange = row.exchange();
    FT_ASSIGN_OR_RETURN(const v1::Role role, walker_.RoleOf(row.from));
    transfer.mints = role == v1::ROLE_SOURCE && !row.sends_back();
    transfer.first_named = static_cast<std::uint32_t>(read_.replay.named.size());
    FT_RETURN_IF_ERROR(Name(key, ref, transfer));
    transfer.named_end = static_cast<std::uint32_t>(read_.replay.named.size());
    if (transfer.amount <= 0 || transfer.to_amount <= 0 ||
        (!transfer.mints && held_[transfer.from] < transfer.amount))
      return model::Damaged(key, "pays more than its payer holds");
    if (!transfer.mints) held_[transfer.from] -= transfer.amount;
    // All that an account ever received, and what a SOURCE brought in there, fits in 63 bits, whatever the order.
    if (!AddTo(&received_[transfer.to], transfer.to_amount) ||
        (transfer.mints && !AddTo(&received_[transfer.from], transfer.amount)))
      return model::Damaged(key, "brings more than an account can have");
    held_[transfer.to] += transfer.to_amount;
    read_.replay.transfers.push_back(transfer);
    read_.refs.push_back(ref);
    return absl::OkStatus();
  }

  // The receipts that the transfer names. Transfers come in the order of the log, so that each record is read once.
  Status Name(ByteView key, TransferRef ref, const ReplayedTransfer& transfer) {
    if (!record_.has_value() || *record_ != ref.record) {
      FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*walker_.view().rows, ref.record));
      v1::Entry entry;
      if (!entry.ParseFromString(stored.record.signed_entry().entry()))
        return model::Damaged(keys::Record(ref.record), "holds an entry that cannot be read");
      lines_.clear();
      for (v1::Action& action : *entry.mutable_actions())
        if (action.has_transfer()) lines_.push_back(std::move(*action.mutable_transfer()));
      record_ = ref.record;
    }
    if (ref.line == 0 || ref.line > lines_.size()) return model::Damaged(key, "is not in its record");
    const v1::Transfer& said = lines_[ref.line - 1];
    if (said.has_returns()) FT_RETURN_IF_ERROR(NameOne(key, ref, said.returns(), transfer));
    for (const v1::TransferRef& drawn : said.draws()) FT_RETURN_IF_ERROR(NameOne(key, ref, drawn, transfer));
    return absl::OkStatus();
  }
  Status NameOne(ByteView key, TransferRef ref, const v1::TransferRef& said,
                 const ReplayedTransfer& transfer) {
    const TransferRef named = model::RefIn(ref.record, said);
    const auto found = std::lower_bound(read_.refs.begin(), read_.refs.end(), named);
    if (found == read_.refs.end() || *found != named)
      return model::Damaged(key, "names a receipt that is not there");
    const auto receipt = static_cast<std::uint32_t>(found - read_.refs.begin());
    if (read_.replay.transfers[receipt].to != transfer.from)
      return model::Damaged(key, "names a receipt of another account");
    read_.replay.named.push_back(receipt);
    return absl::OkStatus();
  }

  std::uint32_t NumberOf(AccountNumber account) {
    const auto next = static_cast<std::uint32_t>(read_.accounts.size());
    const auto [found, is_new] = numbers_.emplace(account.value(), next);
    if (is_new) {
      read_.accounts.push_back(account);
      held_.push_back(0);
      received_.push_back(0);
    }
    return found->second;
  }

  Walker& walker_;
  ReadReplay read_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> numbers_;
  std::vector<std::int64_t> held_, received_;  // by account
  std::optional<RecordIndex> record_;
  std::vector<v1::Transfer> lines_;  // of that record
};

}  // namespace

StatusOr<bool> HasMoreTransfers(const View& view, std::optional<std::uint64_t> as_of, std::uint64_t than) {
  const Bytes all = keys::AllOf(keys::kTransferTag);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  std::uint64_t count = 0;
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(cursor->key()));
    if (as_of.has_value() && ref.record.value() > *as_of) return false;
    if (++count > than) return true;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return false;
}

StatusOr<ReadReplay> ReadForReplay(Walker* walker) { return ReplayReader(walker).Read(); }

StatusOr<ReplayAsked> AskedInReplay(const ReadReplay& read, const std::vector<TraceStart>& asked) {
  ReplayAsked marked;
  marked.receipts.resize(read.refs.size());
  marked.minted.resize(read.refs.size());
  for (const TraceStart& one : asked) {
    const TransferRef ref = one.fragment.ref;
    const auto found = std::lower_bound(read.refs.begin(), read.refs.end(), ref);
    if (found == read.refs.end() || *found != ref) return model::Damaged(keys::Transfer(ref), "is missing");
    const auto at = static_cast<std::size_t>(found - read.refs.begin());
    const bool exchanged = one.minted && read.replay.transfers[at].exchange;
    (exchanged ? marked.minted : marked.receipts)[at] = true;
  }
  return marked;
}

}  // namespace fundtrail::query
