// See rule.h.
#include "ledger/query/findings/rule.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/log/seal.h"
#include "ledger/model/references.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What all that one rule keeps may have: one million payments take a quarter of it.
constexpr std::size_t kMaxKeptBytes = std::size_t{128} << 20;

constexpr int kFirstDayOfAll = -25'567;  // 1900-01-01

// Sorted, each once. Of too many the first ones stay, and the last: what is newest stays in sight.
template <typename T>
void KeepEnds(std::vector<T>* of) {
  if (of->size() <= kMaxEvidence) return;
  of->erase(of->begin() + kMaxEvidence - 1, of->end() - 1);
}

}  // namespace

std::int64_t FindingInput::Value(std::string_view name) const {
  return values.at(static_cast<std::size_t>(rule->Find(name)));
}

Date FindingInput::Before(std::int64_t days) const {
  return Date(static_cast<std::int32_t>(std::max<std::int64_t>(on.days() - days, kFirstDayOfAll)));
}

FindingList::FindingList(const View& view, const View& then, std::string party, std::string fund)
    : view_(view), then_(then), party_(std::move(party)), fund_(std::move(fund)) {}

Status FindingList::Add(v1::FindingRule rule, v1::Finding finding) {
  FT_RETURN_IF_ERROR(view_.GoOn());
  const auto& parties = finding.parties();
  if (finding.grade() == v1::Finding::SERIOUS) {
    if (!finding.project().empty()) serious_projects_.insert(finding.project());
    // Those that state a need are not what is left out.
    if (finding.project().empty() && rule != v1::LEFT_OUT)
      serious_parties_.insert(parties.begin(), parties.end());
  }
  if (std::find(noted_.begin(), noted_.end(), rule) != noted_.end()) return absl::OkStatus();
  if (!party_.empty() && std::find(parties.begin(), parties.end(), party_) == parties.end())
    return absl::OkStatus();
  if (!fund_.empty() && finding.fund() != fund_) return absl::OkStatus();
  finding.set_rule(rule);
  for (const std::string& id : parties) {
    auto found = names_.find(id);
    if (found == names_.end()) {
      FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, id));
      found = names_.emplace(id, party.name()).first;
    }
    finding.add_party_names(found->second);
  }
  if (!finding.asset().empty()) {
    auto found = decimals_.find(finding.asset());
    if (found == decimals_.end()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(then_, finding.asset()));
      found = decimals_.emplace(finding.asset(), asset.decimals()).first;
    }
    finding.set_decimals(found->second);
  }
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(v1::Finding) + finding.ByteSizeLong()));
  findings_.push_back(std::move(finding));
  return absl::OkStatus();
}

bool FindingList::HasStopped(v1::FindingRule rule) const {
  return std::find(stopped_.begin(), stopped_.end(), rule) != stopped_.end();
}

Status KeptBytes::Add(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= kMaxKeptBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      "a rule of findings would keep too much of this ledger: ask as of an earlier record, or for another "
      "rule");
}

StatusOr<PaymentWords> WordsReader::Of(TransferRef ref) {
  if (!read_ || record_ != ref.record) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    read_ = false;
    words_.clear();
    FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view_.rows, ref.record));
    v1::Entry entry;
    if (!entry.ParseFromString(stored.record.signed_entry().entry()))
      return model::Damaged(keys::Record(ref.record), "holds an entry that cannot be read");
    for (const v1::Action& action : entry.actions()) {
      if (!action.has_transfer()) continue;
      const v1::Transfer& said = action.transfer();
      words_.push_back({OwnReference(said.reference()),
                        absl::StrCat(said.purpose(), "\n", said.project_words(), "\n", said.place())});
    }
    record_ = ref.record;
    read_ = true;
  }
  if (ref.line == 0 || ref.line > words_.size())
    return model::Damaged(keys::Record(ref.record), "has an outcome of other transfers");
  return words_[ref.line - 1];
}

bool IsHandedOn(const model::TransferRow& row) {
  return !row.sends_back() && row.kind != v1::RECLASSIFICATION && row.kind != v1::EXCHANGE;
}

bool IsPayment(const SummedTransfer& transfer) {
  return IsHandedOn(transfer.row) && !(transfer.mints && transfer.from.party->unrecorded);
}

std::string OwnReference(const std::string& reference) {
  // A file has an ending: what stands before a colon without one is the payer's own.
  const std::size_t colon = reference.find(':', std::min(reference.find('.'), reference.size()));
  if (colon == std::string::npos) return reference;
  const std::size_t end = std::min(reference.find_first_not_of("0123456789", colon + 1), reference.size());
  if (end == colon + 1 || (end < reference.size() && reference[end] != ' ')) return reference;
  return end < reference.size() ? reference.substr(end + 1) : std::string();
}

StatusOr<Wide> SentBack(const View& view, const model::TransferRow& row, AsOfRecord as_of) {
  // Of most accounts of recipients nothing ever left.
  FT_ASSIGN_OR_RETURN(const auto account, books::GetAccountState(*view.rows, row.to));
  if (account.held == account.received) return Wide{0};
  Wide back = 0;
  const Interval receipt = row.receipt();
  // What is sent back is drawn from this receipt alone, so that its pieces begin inside it.
  const auto pieces =
      view.rows->Scan(keys::PieceOut(row.to, receipt.from), keys::PieceOut(row.to, receipt.to));
  for (; pieces->Valid(); pieces->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto piece, model::DecodePiece(pieces->key(), pieces->value()));
    if (as_of.has_value() && piece.row.ref.record.value() > *as_of) continue;
    FT_ASSIGN_OR_RETURN(const auto moved, NeedTransfer(view, piece.row.ref));
    if (moved.sends_back()) back += piece.row.length.value();
  }
  FT_RETURN_IF_ERROR(pieces->status());
  return back;
}

StatusOr<bool> WasSentBack(const View& view, const model::TransferRow& row, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const Wide back, SentBack(view, row, as_of));
  return back >= row.to_amount.value();
}

StatusOr<std::string> NeedProjectOf(const View& view, model::AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, account));
  if (!name.project().empty()) return name.project();
  return model::Damaged(keys::AccountName(account), "is not what the account's name says");
}

void SetEvidence(std::vector<TransferRef> refs, v1::Finding* finding) {
  std::sort(refs.begin(), refs.end());
  refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
  finding->set_evidence_count(refs.size());
  KeepEnds(&refs);
  for (const TransferRef ref : refs) model::SetRef(ref, finding->add_evidence());
}

void SetRecords(std::vector<std::uint64_t> records, v1::Finding* finding) {
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  KeepEnds(&records);
  finding->mutable_records()->Assign(records.begin(), records.end());
}

void SeeDay(Date date, v1::Finding* finding) {
  const std::string day = fundtrail::ToString(date);
  if (finding->first().empty() || day < finding->first()) finding->set_first(day);
  if (finding->last().empty() || day > finding->last()) finding->set_last(day);
}

}  // namespace fundtrail::query
