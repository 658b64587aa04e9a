// Says the same about many items: after an import of projects that they are approved, after one of needs that they are
// verified. As many attestations as fit stand in a signed entry.
//
// An item of whose present version somebody said anything by that action is left alone. So a second run adds nothing,
// and no rejection is overruled. So is one that does not stand as the file has it: nobody judges what they did not see.
// What the rules refuse is counted with the reason, and the others go on.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/intake/target.h"
#include "ledger/model/attestation_table.h"

namespace fundtrail::intake {

struct AttestOptions {
  const model::Attestation* of = nullptr;   // one that names a version
  std::string by;                           // who says it: the author of the entries
  const crypto::SigningKey* key = nullptr;  // signs every entry
  Date date;                                // of the entries
};

struct AttestSummary {
  std::uint64_t said = 0;
  std::uint64_t before = 0;  // judged already in that version, and left alone
  std::uint64_t other = 0;   // not judged: not there, ended, or not as they should stand
  std::uint64_t refused = 0;
  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> refusals;  // how many by refusal code
  std::string first_refusal;                      // "need coats: county has its place in …"
};

// All fields of an item of a register, as bytes: two versions are alike when these are.
Bytes StandsAs(const v1::Action& action);

// Of each of the items that goes on: the usual values of the attestation (`usual` in form.proto), for its present version.
// `items` says of each id how the item must stand. An error means that it stopped: the ledger could not be written. What had
// been appended stays.
StatusOr<AttestSummary> AttestItems(Target* target, const std::map<std::string, Bytes>& items,
                                    const AttestOptions& options);

}  // namespace fundtrail::intake
