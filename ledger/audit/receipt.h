// Receipts that stand on their own: one file with a record, its inclusion proof and the signed checkpoint, checked
// offline with the ledger's public key. The file is a C2SP tlog-proof (tree/proof.h) whose `extra` is the record's
// bytes. The format does not authenticate `extra`, but the proof is about the leaf hash, which is computed from it.
#pragma once

#include <string>
#include <string_view>

#include "fundtrail/v1/proof.pb.h"
#include "fundtrail/v1/verdict.pb.h"
#include "ledger/base/status.h"
#include "ledger/tree/policy.h"

namespace fundtrail::audit {

// The file. DATA_LOSS when the answer does not prove what it says. The record must have the number that was asked for,
// and lead to the root of the answer's checkpoint. Whose checkpoint that is, is for VerifyReceipt to say.
StatusOr<std::string> MakeReceipt(const v1::ProveAnswer& answer);

// Checks all that a receipt can show. `policy` names the keys that the ledger has or had (tree::ForLog) and the
// quorum. Total: whatever the text is, the answer holds, or says which fault it has and why.
//
// It holds when the policy accepts the checkpoint, and the record's leaf hash leads to its root at the proof's index.
// The record must state that index and this ledger, and all keys of its entry must have signed. It does not show that
// these keys might sign for that author, nor that the rules were kept: verify.h does, from all the records.
v1::ReceiptAnswer VerifyReceipt(std::string_view text, const tree::Policy& policy);

// A good cosignature as answers show it; a name that is not UTF-8 is escaped.
v1::Cosignature ToMessage(const tree::Policy& policy, const tree::Cosigned& cosigned);

}  // namespace fundtrail::audit
