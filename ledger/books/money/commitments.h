// Money that is kept for one use. A commitment keeps a part of an account. It goes on until a payment uses it, its owner releases
// it, its last day is over, or its project is withdrawn. In the last two it lapses: no record says so, and the sum of
// the account (row C) is corrected when somebody needs the money. So a payment looks at two rows, however many
// commitments there are. Who needs what lapsed looks at each commitment once after its last day (rows D). All of
// the account's are looked at once for each verdict that withdraws the project.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/rules.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Keeps what a new commitment says.
//   PERIOD_INVALID       its last day is before that of the record
//   FIELD_INVALID        the owner is no HOLDER: a SOURCE pays with new money, and a RECIPIENT pays nobody
//   INSUFFICIENT_FUNDS   the account holds less beside what is kept already
Status KeepCommitted(store::Overlay* state, const Moment& moment, const v1::Commit& commit,
                     const std::string& field);

// Releases what is left of a commitment that ends.
Status ReleaseCommitted(store::Overlay* state, const Moment& moment, const v1::Commit& commit);

// Whether a payment may use the commitment that it names; OK when it names none. It has the payer's account.
//   REFERENCE_UNKNOWN, REFERENCE_ENDED   there is no such commitment, or it has ended
//   SCOPE_MISMATCH                       it is one of another account, or for another payee
//   COMMITMENT_SHORT                     less is left of it, or it has lapsed
Status CheckCommitmentNamed(const store::Reader& state, const Moment& moment, const v1::Transfer& transfer,
                            const std::string& field);

// Takes a payment out of the commitment that it names; nothing when it names none.
Status UseCommitted(store::Overlay* state, RecordIndex record, const v1::Transfer& transfer,
                    model::AccountNumber account);

// INSUFFICIENT_FUNDS when the account holds the amount, but not beside what is kept for something else than the commitment
// that the transfer names. `held` is what it holds.
Status RequireSpendable(store::Overlay* state, const Moment& moment, const v1::Transfer& transfer,
                        model::AccountNumber account, Amount held, const std::string& field);

// What of an account is kept on a day by commitments in force, as of a record or now. It looks at two rows, unless some have
// lapsed: then at these. `go_on` is asked for each of them.
StatusOr<Amount> KeptOn(const store::Reader& state, model::AccountNumber account, const std::string& day,
                        std::optional<RecordIndex> at, const std::function<Status()>& go_on);

}  // namespace fundtrail::books
