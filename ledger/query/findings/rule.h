// What the rules of findings have in common: what they are given, what they may keep, and where their findings go.
//
// A rule is a pure function of a snapshot, its parameters and a day. It is written as a FindingWork, so that all rules
// share one walk over the transfers and one over what is held.
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
#include "ledger/query/held_parts.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// A finding lists so many transfers and records; it counts the other transfers.
inline constexpr int kMaxEvidence = 64;

// What is asked of one rule. The view must outlive it.
struct FindingInput {
  const View& view;
  AsOfRecord as_of;
  Date on;
  const model::FindingRuleText* rule = nullptr;
  std::vector<std::int64_t> values;  // of its parameters, in their order

  // Of a parameter that the rule has.
  std::int64_t Value(std::string_view name) const;
  // The last day that lies so many days before the day, or more.
  Date Before(std::int64_t days) const;
};

// Where findings go: those that were asked for are kept.
class FindingList {
 public:
  // Empty: any. The view must outlive it.
  FindingList(const View& view, const View& then, std::string party, std::string fund);

  // Its parties, fund, project, asset and amounts are set; what follows from them is set here. An amount above 63 bits is
  // said as the most.
  Status Add(v1::FindingRule rule, v1::Finding finding);
  // Nothing of the rule is kept; what it finds is seen by `HasSerious` alone.
  void NoteOnly(v1::FindingRule rule) { noted_.push_back(rule); }
  // Whether a rule found something SERIOUS about a project, or about a party where it names no project, whatever was asked for.
  bool HasSeriousOf(const std::string& project) const { return serious_projects_.contains(project); }
  bool HasSeriousAbout(const std::string& party) const { return serious_parties_.contains(party); }
  // The rule stopped at a bound of its work.
  void Stop(v1::FindingRule rule) { stopped_.push_back(rule); }

  std::vector<v1::Finding>& findings() { return findings_; }
  bool HasStopped(v1::FindingRule rule) const;

 private:
  const View& view_;
  const View& then_;
  const std::string party_, fund_;
  std::vector<v1::Finding> findings_;
  std::vector<v1::FindingRule> stopped_, noted_;
  absl::flat_hash_set<std::string> serious_projects_, serious_parties_;
  absl::flat_hash_map<std::string, std::string> names_;
  absl::flat_hash_map<std::string, std::uint32_t> decimals_;
};

// An account of a holder that holds something.
struct HeldAccount {
  const v1::Account* account = nullptr;
  Amount held;
  std::vector<HeldPart> parts;  // together they are `held`
};

class FindingWork {
 public:
  virtual ~FindingWork() = default;
  // Each transfer, in the order of the log. Its numbers tell parties, funds, projects and assets apart; the account numbers of
  // its row say their names, after the walk as well. What it points to is gone then.
  virtual Status Take(const SummedTransfer&) { return absl::OkStatus(); }
  // Each account that holds something, after all transfers.
  virtual Status TakeHeld(const HeldAccount&, FindingList*) { return absl::OkStatus(); }
  // Last.
  virtual Status Finish(FindingList*) { return absl::OkStatus(); }
};

// Counts what a rule keeps while it works. RESOURCE_EXHAUSTED when it is too much.
class KeptBytes {
 public:
  Status Add(std::size_t bytes);

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

// Whether it is money that goes from hand to hand: nothing that is sent back, reclassified or exchanged.
bool IsHandedOn(const model::TransferRow& row);
// The same, and somebody paid it: what comes from `unrecorded` is what an import opened.
bool IsPayment(const SummedTransfer& transfer);
// Without the "FILE.csv:LINE" of an import in front.
std::string OwnReference(const std::string& reference);
// How much of what the transfer brought was sent back by then, and whether all of it was.
StatusOr<Wide> SentBack(const View& view, const model::TransferRow& row, AsOfRecord as_of);
StatusOr<bool> WasSentBack(const View& view, const model::TransferRow& row, AsOfRecord as_of);

// The project of an account that the walk says to have one.
StatusOr<std::string> NeedProjectOf(const View& view, model::AccountNumber account);

// Sorts them, and sets each once: `evidence`, and how many there are. Of more than kMaxEvidence the first ones and the last.
void SetEvidence(std::vector<TransferRef> refs, v1::Finding* finding);
// The same of the records of items.
void SetRecords(std::vector<std::uint64_t> records, v1::Finding* finding);
// The first and last day of several.
void SeeDay(Date date, v1::Finding* finding);

}  // namespace fundtrail::query
