// See transfer_facts.h.
#include "ledger/query/transfer_facts.h"

#include <utility>

#include "ledger/model/references.h"
#include "ledger/query/arrival.h"
#include "ledger/query/sent_back.h"
#include "ledger/store/passing.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::size_t kNameBytes = std::size_t{11} << 19;
constexpr std::size_t kMostAssets = 1'000;
// A row is read in far less time than a line takes, so that looking ahead holds a page up a little only.
constexpr int kRowsAhead = 50'000;
// Receipts that one reader of pieces is asked about.
constexpr std::size_t kAskedOfOne = 1'000;
// Where more accounts sent back, each line is looked at.
constexpr std::size_t kMostSendersBack = 50'000;

}  // namespace

TransferFacts::TransferFacts(const View& view)
    : view_(view), names_(kNameBytes), transfers_(view, keys::AllOf(keys::kTransferTag)) {}

Status TransferFacts::SetName(const std::string& party, std::string* name) {
  if (const auto found = names_.Find(party); found.has_value()) {
    name->assign(*found);
    return absl::OkStatus();
  }
  FT_ASSIGN_OR_RETURN(auto row, NeedParty(view_, party));
  *name = std::move(*row.mutable_name());
  names_.Put(party, *name);
  return absl::OkStatus();
}

StatusOr<std::uint32_t> TransferFacts::DecimalsOf(const std::string& asset) {
  if (const auto found = decimals_.find(asset); found != decimals_.end()) return found->second;
  FT_ASSIGN_OR_RETURN(const auto row, NeedAsset(view_, asset));
  if (decimals_.size() >= kMostAssets) decimals_.clear();
  decimals_.emplace(asset, row.decimals());
  return row.decimals();
}

Status TransferFacts::Add(v1::TransferLine* line) {
  const v1::Transfer& transfer = line->transfer();
  FT_RETURN_IF_ERROR(SetName(transfer.from(), line->mutable_from_name()));
  FT_RETURN_IF_ERROR(SetName(transfer.to(), line->mutable_to_name()));
  FT_ASSIGN_OR_RETURN(const std::uint32_t decimals, DecimalsOf(transfer.asset()));
  line->set_decimals(decimals);
  const TransferRef ref = model::RefOf(line->ref());
  FT_RETURN_IF_ERROR(AddArrival(ref, line));
  return AddSentBack(ref, line);
}

Status TransferFacts::AddArrival(TransferRef ref, v1::TransferLine* line) {
  const bool is_silent =
      silent_from_.has_value() && ref >= *silent_from_ && (!silent_to_.has_value() || ref < *silent_to_);
  if (is_silent) return absl::OkStatus();
  const auto next =
      view_.rows->Scan(keys::AcknowledgedOf(ref), store::PrefixEnd(keys::AllOf(keys::kAcknowledgedTag)));
  FT_RETURN_IF_ERROR(next->status());
  std::optional<TransferRef> said_of;
  if (next->Valid()) {
    FT_ASSIGN_OR_RETURN(const auto key, keys::ReadAcknowledged(next->key()));
    said_of = key.transfer;
  }
  if (said_of != ref) {
    silent_from_ = ref;
    silent_to_ = said_of;
    return absl::OkStatus();
  }
  FT_ASSIGN_OR_RETURN(auto said, NewestAcknowledgement(view_, ref, view_.as_of));
  if (!said.has_value()) return absl::OkStatus();  // it was said later
  *line->mutable_arrival()->mutable_said() = std::move(*said->mutable_action()->mutable_acknowledge());
  line->mutable_arrival()->set_record(said->record());
  line->mutable_arrival()->set_author(said->author());
  return absl::OkStatus();
}

Status TransferFacts::AddSentBack(TransferRef ref, v1::TransferLine* line) {
  FT_ASSIGN_OR_RETURN(const bool nothing, NothingSentBack(ref));
  if (nothing) return absl::OkStatus();
  // What it keeps of lines must stay little, however long the list is.
  if (asked_of_out_++ % kAskedOfOne == 0) out_.emplace(view_, model::Side::kOut);
  FT_ASSIGN_OR_RETURN(auto back, SentBackOf(view_, ref, &*out_));
  if (back.has_value()) *line->mutable_sent_back() = *std::move(back);
  return absl::OkStatus();
}

// What sends back is recorded after what it sends back, and leaves the account that this one reached.
StatusOr<bool> TransferFacts::NothingSentBack(TransferRef ref) {
  if (!is_through_ || ref.record < *ahead_from_ || senders_back_.size() > kMostSendersBack) return false;
  if (senders_back_.empty()) return true;
  const Bytes key = keys::Transfer(ref);
  FT_ASSIGN_OR_RETURN(const auto found, transfers_.Get(key, true));  // the next one, or near
  if (!found.has_value()) return model::Damaged(key, "is missing");
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(key, *found));
  return !senders_back_.contains(row.to.value());
}

Status TransferFacts::LookAhead(RecordIndex from) {
  if (is_through_) return absl::OkStatus();
  if (!ahead_from_.has_value()) {
    ahead_from_ = from;
    ahead_ = keys::TransfersOf(from);
  }
  const auto rows =
      store::ScanThrough(*view_.rows, ahead_, store::PrefixEnd(keys::AllOf(keys::kTransferTag)));
  for (int i = 0; i < kRowsAhead && rows->Valid(); ++i, rows->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(rows->key(), rows->value()));
    if (row.sends_back()) senders_back_.insert(row.from.value());
    if (senders_back_.size() > kMostSendersBack) break;
  }
  FT_RETURN_IF_ERROR(rows->status());
  is_through_ = !rows->Valid() || senders_back_.size() > kMostSendersBack;
  if (!is_through_) ahead_ = Bytes(rows->key());
  return absl::OkStatus();
}

}  // namespace fundtrail::query
