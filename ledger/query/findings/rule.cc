// See rule.h.
#include "ledger/query/findings/rule.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/log/seal.h"
#include "ledger/model/references.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What all that one rule keeps may have. It counts what containers take, so about a million pairs of a payer and a payee fit.
constexpr std::size_t kMaxKeptBytes = std::size_t{256} << 20;

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
  if (finding.grade() == v1::Finding::GRADE_SERIOUS) {
    if (!finding.project().empty()) serious_projects_.insert(finding.project());
    // Those that state a need are not what is left out.
    if (finding.project().empty() && rule != v1::FINDING_RULE_LEFT_OUT)
      serious_parties_.insert(parties.begin(), parties.end());
  }
  if (std::find(noted_.begin(), noted_.end(), rule) != noted_.end()) return absl::OkStatus();
  if (!party_.empty() && std::find(parties.begin(), parties.end(), party_) == parties.end())
    return absl::OkStatus();
  if (!fund_.empty() && finding.fund() != fund_) return absl::OkStatus();
  finding.set_rule(rule);
  KeptFinding kept;
  kept.rule = rule;
  kept.grade = finding.grade();
  kept.amount = finding.amount();
  const auto [asset, is_new] =
      asset_numbers_.try_emplace(finding.asset(), static_cast<std::uint32_t>(assets_.size()));
  if (is_new) assets_.push_back(finding.asset());
  kept.asset = asset->second;
  kept.bytes = finding.SerializeAsString();
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(KeptFinding) + kept.bytes.size()));
  findings_.push_back(std::move(kept));
  return absl::OkStatus();
}

bool FindingList::StandsBefore(const KeptFinding& one, const KeptFinding& other) const {
  if (one.rule != other.rule) return one.rule < other.rule;
  if (one.grade != other.grade) return one.grade > other.grade;
  if (one.asset != other.asset) return assets_[one.asset] < assets_[other.asset];
  return one.amount > other.amount;
}

void FindingList::Sort() {
  const auto before = [this](const KeptFinding& one, const KeptFinding& other) {
    return StandsBefore(one, other);
  };
  std::sort(findings_.begin(), findings_.end(), before);
  for (auto begin = findings_.begin(); begin != findings_.end();) {
    const auto end = std::upper_bound(begin, findings_.end(), *begin, before);
    if (end - begin > 1) {
      std::vector<std::pair<std::string, KeptFinding>> alike;
      alike.reserve(static_cast<std::size_t>(end - begin));
      for (auto at = begin; at != end; ++at) {
        std::string name = NameOfFinding(Read(*at));
        alike.emplace_back(std::move(name), std::move(*at));
      }
      std::sort(alike.begin(), alike.end(),
                [](const auto& one, const auto& other) { return one.first < other.first; });
      auto to = begin;
      for (auto& [name, finding] : alike) *to++ = std::move(finding);
    }
    begin = end;
  }
}

v1::Finding FindingList::Read(const KeptFinding& finding) {
  v1::Finding message;
  (void)message.ParseFromString(finding.bytes);  // what this program wrote a moment ago
  return message;
}

StatusOr<v1::Finding> FindingList::Whole(const KeptFinding& kept) {
  v1::Finding finding = Read(kept);
  for (const std::string& id : finding.parties()) {
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
  return finding;
}

std::string NameOfFinding(const v1::Finding& finding) {
  std::string name =
      absl::StrCat(finding.rule(), "/", finding.kind(), "/", absl::StrJoin(finding.parties(), "/"), "//",
                   finding.fund(), "/", finding.project(), "/", finding.asset(), "/", finding.item(), "/",
                   finding.place(), "/", finding.category(), "/", finding.beside(), "/", finding.first(), "/",
                   finding.last(), "/", finding.amount(), "/", finding.compared());
  for (const v1::TransferRef& ref : finding.evidence())
    absl::StrAppend(&name, "/", ref.record(), ".", ref.line());
  for (const std::uint64_t record : finding.records()) absl::StrAppend(&name, "/", record);
  return absl::StrCat(name, "//", finding.number(), "/", finding.expected(), "/", finding.indicator());
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

StatusOr<model::TransferRow> TransferReader::Read(TransferRef ref) {
  const Bytes key = keys::Transfer(ref);
  FT_ASSIGN_OR_RETURN(const auto bytes, rows_.Get(key, ref > last_));
  if (!bytes.has_value()) return model::Damaged(key, "is missing");
  last_ = ref;
  return model::DecodeTransferRow(key, *bytes);
}

bool IsHandedOn(const model::TransferRow& row) {
  return !row.sends_back() && row.kind != v1::TRANSFER_KIND_RECLASSIFICATION &&
         row.kind != v1::TRANSFER_KIND_EXCHANGE;
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

StatusOr<RecordIndex> FirstRecordOn(const View& view, Date day, AsOfRecord as_of) {
  std::uint64_t begin = 0, end = as_of.has_value() ? *as_of + 1 : view.checkpoint.size();
  while (begin < end) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    FT_ASSIGN_OR_RETURN(const Date recorded, DayOf(view, RecordIndex(middle)));
    if (recorded < day) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return RecordIndex(begin);
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
