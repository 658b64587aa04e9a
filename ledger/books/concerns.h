// Concerns: what one is about, who answers for that, and what its rules are. docs/answers.md says it for people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// A concern is to be answered in so many days after the day of the record that raised it.
inline constexpr int kAnswerDays = 20;

// What a concern is about: an item of the register of that action, or with kTransfer a payment, whose id is "12.3".
struct ConcernSubject {
  v1::Action::ActionCase of = v1::Action::ACTION_NOT_SET;
  std::string id;
};
// Of a concern that has its form and keeps its rule: it names one.
ConcernSubject SubjectOf(const v1::RaiseConcern& concern);

// Who answers for it, and where it is. Both are sorted, each once.
//   project     its owner and its implementer; its places
//   need        its owner; its place
//   party       the party itself; its place
//   policy      its owner, and each LEAD among its responsible; its places
//   evaluation  the group that judged; the place of the group
//   notice      its owner, and who takes complaints; its places
//   transfer    the payer and the payee; the places of the projects that paid and were paid, else the seat of the payee
struct Answerable {
  std::vector<std::string> parties, places;
};
// By the rows as they stood after the record `at`, or as they are now. DATA_LOSS when what is named is not there.
StatusOr<Answerable> AnswerableFor(const store::Reader& state, const ConcernSubject& subject,
                                   std::optional<RecordIndex> at = std::nullopt);

// RaiseConcern beside its form: FIELD_INVALID: it is about nothing, or about several things; about a transfer in
// another form than "12.3". With both or none of `words` and `words_hash`; with a hash that is not one.
// REFERENCE_UNKNOWN: there is no such transfer. CONCERN_CLOSED: an amendment of one that was closed; `before` is then
// its version before.
Status CheckConcern(const store::Reader& state, const v1::RaiseConcern& concern, const v1::Action* before,
                    const std::string& field);

// RespondConcern: CONCERN_CLOSED. NOT_RESPONSIBLE: `by` is not one of those who answer for the subject, nor above one
// of them. Once the answer is overdue, a group of kind ASSESSMENT for a place of the subject or one above it may be `by` too.
// FIELD_INVALID: no words, but that it was received, or `corrects` in another form than "12.3". REFERENCE_UNKNOWN:
// there is no such transfer. `raised` is the row of the concern, and `today` the day of the record.
Status CheckResponse(const store::Reader& state, Date today, const v1::RespondConcern& said,
                     const v1::RegisterRow& raised, Ancestors* ancestors, const std::string& field);

// CloseConcern: CONCERN_CLOSED; NOT_RESPONSIBLE: `by` did not raise it.
Status CheckClosing(const store::Reader& state, const v1::CloseConcern& said, const v1::RaiseConcern& concern,
                    const std::string& field);

}  // namespace fundtrail::books
