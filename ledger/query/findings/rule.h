// What the rules of findings have in common: what they are given, what they may keep, and where their findings go.
//
// A rule is a pure function of a snapshot, its parameters and a day. It is written as a FindingWork, so that all rules
// share one walk over the transfers, which says of each what is still held of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "fundtrail/v1/findings.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/model/finding_rules.h"
#include "ledger/query/findings/back_money.h"
#include "ledger/query/findings/seen_transfers.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"
#include "ledger/query/walk_rows.h"

namespace fundtrail::query {

// What is asked of one rule. The view and what was sent back must outlive it.
struct FindingInput {
  const View& view;
  BackMoney* back = nullptr;
  AsOfRecord as_of;
  Date on;
  const model::FindingRuleText* rule = nullptr;
  std::vector<std::int64_t> values;  // of its parameters, in their order

  // Of a parameter that the rule has.
  std::int64_t Value(std::string_view name) const;
  // The last day that lies so many days before the day, or more.
  Date Before(std::int64_t days) const;
};

// A finding in the bytes of its message, which take a small part of the message's own memory, and what findings are sorted by.
struct KeptFinding {
  v1::FindingRule rule = v1::FINDING_RULE_UNSPECIFIED;
  v1::Finding::Grade grade = v1::Finding::GRADE_UNSPECIFIED;
  std::uint32_t asset = 0;  // a number of its list
  std::int64_t amount = 0;
  std::string bytes;  // of the message without what FindingList::Whole adds
};

// Where findings go: those that were asked for are kept.
class FindingList {
 public:
  // Empty: any. The views must outlive it.
  FindingList(const View& view, const View& then, std::string party, std::string fund);

  // Its parties, fund, project, asset and amounts are set. An amount above 63 bits is said as the most.
  Status Add(v1::FindingRule rule, v1::Finding finding);
  // Nothing of the rule is kept; what it finds is seen by `HasSerious` alone.
  void NoteOnly(v1::FindingRule rule) { noted_.push_back(rule); }
  // Whether a rule found something SERIOUS about a project, or about a party where it names no project, whatever was asked for.
  bool HasSeriousOf(const std::string& project) const { return serious_projects_.contains(project); }
  bool HasSeriousAbout(const std::string& party) const { return serious_parties_.contains(party); }
  // The rule stopped at a bound of its work.
  void Stop(v1::FindingRule rule) { stopped_.push_back(rule); }

  // In the order of answers: by rule; the SERIOUS ones first; by asset; the largest first. Those that are alike so far stand by all
  // else that they say. Nothing is added after it.
  void Sort();
  const std::vector<KeptFinding>& findings() const { return findings_; }
  // As it was added, and whole: with the names of its parties, and the digits of its asset.
  static v1::Finding Read(const KeptFinding& finding);
  StatusOr<v1::Finding> Whole(const KeptFinding& finding);
  bool HasStopped(v1::FindingRule rule) const;

 private:
  bool StandsBefore(const KeptFinding& one, const KeptFinding& other) const;

  const View& view_;
  const View& then_;
  const std::string party_, fund_;
  std::vector<KeptFinding> findings_;
  std::vector<std::string> assets_;  // by their numbers
  absl::flat_hash_map<std::string, std::uint32_t> asset_numbers_;
  std::vector<v1::FindingRule> stopped_, noted_;
  absl::flat_hash_set<std::string> serious_projects_, serious_parties_;
  absl::flat_hash_map<std::string, std::string> names_;
  absl::flat_hash_map<std::string, std::uint32_t> decimals_;
};

// One finding among all: no other has it. No id has a slash.
std::string NameOfFinding(const v1::Finding& finding);

class FindingWork {
 public:
  virtual ~FindingWork() = default;
  // Each transfer, in the order of the log. Its numbers tell parties, funds, projects and assets apart; the account numbers of
  // its row say their names, after the walk as well. What it points to is gone then.
  virtual Status Take(const SummedTransfer&) { return absl::OkStatus(); }
  // Each transfer of which a holder still holds something, and how much: after `Take` of the same.
  virtual Status TakeHeld(const SummedTransfer&, Amount, FindingList*) { return absl::OkStatus(); }
  // Last.
  virtual Status Finish(FindingList*) { return absl::OkStatus(); }
};

// What one more element of a std::map or a std::set takes: itself, the pointers of its node, and what the allocator adds.
template <typename Nodes>
inline constexpr std::size_t kNodeBytes = sizeof(typename Nodes::value_type) + 48;
// Of a flat_hash_map or a flat_hash_set, at most: a table is half empty at times, and while it grows the old one is there too.
template <typename Table>
inline constexpr std::size_t kSlotBytes = 4 * (sizeof(typename Table::value_type) + 1);
// Of a std::deque: its blocks have 512 bytes, or one element. Each is an allocation of its own, and has up to three places in a list
// of blocks while that grows.
template <typename Deque>
inline constexpr std::size_t kDequeBytes = [] {
  constexpr std::size_t kBlock = 512, kOfBlock = 16 + 3 * sizeof(void*);
  constexpr std::size_t kSize = sizeof(typename Deque::value_type);
  if (kSize >= kBlock) return kSize + kOfBlock;
  constexpr std::size_t kElements = kBlock / kSize;
  return (kBlock + kOfBlock + kElements - 1) / kElements;
}();

// One more transfer of a group of `groups`. Answers how many bytes more that takes: the first one also takes the group's own.
template <typename Groups, typename Group>
std::size_t SeeIn(const Groups&, Group* group, TransferRef ref, Date date) {
  const std::size_t node = group->seen.empty() ? kNodeBytes<Groups> : 0;
  return node + group->seen.See(ref, date);
}

// Counts what a rule keeps while it works. RESOURCE_EXHAUSTED when it is too much.
class KeptBytes {
 public:
  Status Add(std::size_t bytes);
  // Of what was added and is gone.
  void Drop(std::size_t bytes) { bytes_ -= bytes; }

 private:
  std::size_t bytes_ = 0;
};

// What the payer wrote of a transfer. The reference is their own: an import writes "FILE.csv:LINE" in front, which two rows never
// have in common. `about` is all else that tells two lines of one invoice apart.
struct PaymentWords {
  std::string reference, about;
};

// One after another in the order of the log, each record is read once. In any other order one is read for almost each transfer.
class WordsReader {
 public:
  explicit WordsReader(const View& view) : view_(view) {}
  StatusOr<PaymentWords> Of(TransferRef ref);

 private:
  const View& view_;
  bool read_ = false;
  RecordIndex record_;
  std::vector<PaymentWords> words_;  // of its transfers
};

// Reads transfers. One after another in the order of the log, each is a step from the one before.
class TransferReader {
 public:
  explicit TransferReader(const View& view) : rows_(view, model::keys::AllOf(model::keys::kTransferTag)) {}
  // DATA_LOSS when it is missing.
  StatusOr<model::TransferRow> Read(TransferRef ref);

 private:
  NearRows rows_;
  TransferRef last_;
};

// Whether it is money that goes from hand to hand: nothing that is sent back, reclassified or exchanged.
bool IsHandedOn(const model::TransferRow& row);
// The same, and somebody paid it: what comes from `unrecorded` is what an import opened.
bool IsPayment(const SummedTransfer& transfer);
// Without the "FILE.csv:LINE" of an import in front.
std::string OwnReference(const std::string& reference);
// The first record that was made on the day or later, of those until then; the one after them where there is none. Times of records
// only grow, so it looks at few.
StatusOr<RecordIndex> FirstRecordOn(const View& view, Date day, AsOfRecord as_of);

// The project of an account that the walk says to have one.
StatusOr<std::string> NeedProjectOf(const View& view, model::AccountNumber account);

// Sorts them, and sets each once: `evidence`, and how many there are. Of more than kMaxEvidence the first ones and the last.
void SetEvidence(std::vector<TransferRef> refs, v1::Finding* finding);
// The same of the records of items.
void SetRecords(std::vector<std::uint64_t> records, v1::Finding* finding);
// The first and last day of several.
void SeeDay(Date date, v1::Finding* finding);

}  // namespace fundtrail::query
