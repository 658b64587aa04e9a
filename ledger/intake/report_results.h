// Records what projects reached: reports on their targets, as many as fit in each signed entry.
//
// A report that the project has already, with the same words, is left alone. So a second run adds nothing. What the rules refuse is
// counted with the first reason, and the others go on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/intake/target.h"

namespace fundtrail::intake {

struct ReportOptions {
  std::string author;
  const crypto::SigningKey* key = nullptr;  // signs every entry
  Date date;                                // of the entries
};

struct ReportSummary {
  std::uint64_t said = 0, before = 0, refused = 0;
  std::string first_refusal;  // "project wells: …"
};

// An error means that it stopped: the ledger could not be written. What had been appended stays.
StatusOr<ReportSummary> ReportResults(Target* target, const std::vector<v1::ReportProgress>& reports,
                                      const ReportOptions& options);

}  // namespace fundtrail::intake
