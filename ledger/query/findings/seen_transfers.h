// What a finding says of several transfers, however many they are: how many, which ones as far as it lists them, and their first and
// last value date.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fundtrail/v1/findings.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"

namespace fundtrail::query {

// A finding lists so many transfers and records; it counts the others.
inline constexpr int kMaxEvidence = 64;

// It keeps the refs that are listed, and no others: so it stays small, whatever the history.
class SeenTransfers {
 public:
  // Each transfer once, in any order. Answers how many bytes more it takes.
  std::size_t See(TransferRef ref, Date date);
  // Of other transfers.
  void Add(const SeenTransfers& more);
  bool empty() const { return count_ == 0; }
  // The first ones and the last, as `evidence`; how many, as `evidence_count` and `count`.
  void TellEvidence(v1::Finding* finding) const;
  // As `first` and `last`.
  void TellDays(v1::Finding* finding) const;
  void Tell(v1::Finding* finding) const {
    TellEvidence(finding);
    TellDays(finding);
  }

 private:
  void Keep(TransferRef ref);

  std::vector<TransferRef> first_;  // sorted
  TransferRef last_;
  std::uint64_t count_ = 0;
  Date first_day_, last_day_;
};

}  // namespace fundtrail::query
