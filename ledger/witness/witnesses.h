// Witnesses are asked to cosign the ledger's newest checkpoint, and what a quorum of them cosigned is published. A
// thread for each witness, and one that works in rounds. A checkpoint is chosen, and all witnesses are asked for it.
// When the policy holds, it is kept in the ledger's folder and published. Nobody who writes or reads waits for any of
// it, but where receipts are given only then (Cosign).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/store/store.h"
#include "ledger/tree/policy.h"
#include "ledger/witness/published_checkpoint.h"
#include "ledger/witness/witness_worker.h"

namespace fundtrail::witness {

// The policy of the file. INVALID_ARGUMENT when it is none, or no quorum could be had of the witnesses in it that have a
// URL.
StatusOr<tree::Policy> ReadWitnessPolicy(const std::string& file);

// That something is recorded, and has no receipt yet since its checkpoint is not cosigned. UNAVAILABLE, to be asked again in a
// moment (pipeline::RetryDelay).
Status NotCosigned(const std::string& why);

class Witnesses {
 public:
  // For the ledger in `dir`, whose rows are `rows`. Both, and `published`, must outlive it. INVALID_ARGUMENT when the
  // policy lists other logs only. `sink` is called from several threads.
  static StatusOr<std::unique_ptr<Witnesses>> Start(const std::string& dir, const store::Store& rows,
                                                    const tree::Policy& policy,
                                                    PublishedCheckpoint* published, const WitnessTimes& times,
                                                    LogSink sink);
  ~Witnesses();  // ends what is on its way
  Witnesses(const Witnesses&) = delete;
  Witnesses& operator=(const Witnesses&) = delete;

  std::vector<WitnessFigures> figures() const;

  // The checkpoint with the cosignatures of the quorum, once they are there; it is the newest of the rows. They are asked for it
  // at once. NotCosigned when that takes longer.
  StatusOr<std::string> Cosign(const std::string& checkpoint, std::chrono::milliseconds within);

 private:
  class Rounds;
  explicit Witnesses(std::unique_ptr<Rounds> rounds);
  const std::unique_ptr<Rounds> rounds_;
};

}  // namespace fundtrail::witness
