// Numbers that mean one natural person and must not stand in a ledger, which forgets nothing: found in what a client is
// about to sign. The ledger itself does not look: a rule that guesses would refuse for ever what it guesses wrong.
//
//   identity number   18 digits of GB 11643, the last perhaps X. In it are a code of a province, a day, and the check digit of
//                     ISO 7064 MOD 11-2. The groups 6-8-4 may stand apart
//   bank-card number  13 to 19 digits that begin as cards do, of a length that such cards have, with the check digit of Luhn.
//                     Groups of four may stand apart
//   mobile number     11 digits of mainland China. They begin with 1 and one of 3 to 9, perhaps after +86, 86 or 0086. The groups 3-4-4, 4-3-4
//                     and 3-8 may stand apart. Round numbers and those with decimals are amounts
//
// Groups stand apart by one space or one hyphen, the same throughout. Full-width digits count as digits. A number next to a
// Latin letter, an underscore, or more digits is a part of something else, such as an id. It is not found.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::intake {

enum class PersonalNumber { kIdentity, kBankCard, kMobile };

// "an identity number".
std::string NameOf(PersonalNumber kind);

// The first kind of this list that the text holds.
std::optional<PersonalNumber> FindPersonalNumber(std::string_view text);
// The same of identity numbers alone. They hardly ever come by chance: of numbers with 18 digits drawn at random one in
// 60,000 reads as one.
bool HoldsIdentityNumber(std::string_view text);

struct PersonalNumberAt {
  std::string field;  // "actions[0].transfer.purpose"
  PersonalNumber kind;
};

// The first field of what is to be signed that holds such a number. Of texts all three are looked for. Of the ids of
// new items, alternative ids and a payer's own numbers (`reference`) only identity numbers, since other numbers are
// common there. Hashes, days, codes, the ids of items that are there, and the name of an imported file are passed over.
std::optional<PersonalNumberAt> FindPersonalNumber(const v1::Entry& entry);
// Of one action; the field is its own, as "transfer.purpose".
std::optional<PersonalNumberAt> FindPersonalNumber(const v1::Action& action);

// OK where nothing was found. Else INVALID_ARGUMENT that names the field and the kind of number, and never repeats the
// number.
Status TellPersonalNumber(const std::optional<PersonalNumberAt>& found);
// The same as a refusal, FIELD_INVALID, for what looks at one row after the other.
Status RefusePersonalNumber(const std::optional<PersonalNumberAt>& found);

}  // namespace fundtrail::intake
