// A copy of a ledger that answers every question as the ledger does. Its rows are made here: the records of somebody
// else's copy are replayed, with every check that `verify` makes. It has no signing key, so it is only read.
//
//   DIR/store   the rows, as a ledger's folder has them      DIR/vkey   the ledger's verification key
//   DIR/next    while it is made, or brought up to date: the rows so far
//   DIR/contradicting.checkpoint   that the ledger's key signed over other records than the copy's, when one was shown
#pragma once

#include <cstddef>
#include <string>

#include "fundtrail/v1/copy.pb.h"
#include "ledger/audit/archive.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/source.h"
#include "ledger/base/status.h"

namespace fundtrail::audit {

struct CloneOptions {
  std::string
      vkey;  // whom the reader trusts: the ledger's published key, or one that it had before (signer.h)
  CopyProgress progress;
  std::size_t rows_at_once = kRowsAtOnce;  // in one write: what a source that goes away leaves loaded
};

// Makes the copy in `dir` (a folder that is empty or not there), or brings one up to date. What was loaded stays in
// DIR/next when the source is UNAVAILABLE or the process ends, and the next call goes on there. DIR/store is exchanged
// for it, in one step, when all of it is there and has the root that the checkpoint signs. Until then questions are
// answered from the old one.
//
// DATA_LOSS with the first bad record when the source does not hold, or that it shows another history than the copy's.
// Then DIR/store stays as it is and DIR/next goes. FAILED_PRECONDITION when the source shows less than the copy has.
// UNAVAILABLE, where a copy is there, also when the source shows no checkpoint now or lacks a file of records.
// ALREADY_EXISTS when the folder holds something else: a ledger of its own, a copy of another one.
StatusOr<v1::CloneAnswer> Clone(Source* source, const std::string& dir, const CloneOptions& options);

}  // namespace fundtrail::audit
