// Groups: parties whose acts need the hands of several members in place of one key. docs/groups.md; FormGroup in
// entry.proto.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Seats that a group may ever have: of each the act of a group looks.
inline constexpr std::size_t kMaxSeats = 256;

// What an act of a group is about: whose it is, and where. Both may be empty.
struct Judged {
  std::vector<std::string> bodies;  // parties
  std::vector<std::string> places;
};

// An act of a group, for its row.
struct Act {
  v1::Action::ActionCase action = v1::Action::ACTION_NOT_SET;
  std::string id;        // what it is about: of a register, the item itself
  std::uint32_t at = 0;  // which action of the entry it is
};

// Whether the party is a group, or was one. What it was it stays: its acts do not become those of one key when it
// ends.
StatusOr<bool> IsGroup(const store::Reader& state, const std::string& party);

// How many must sign of so many members that are not recused: the number that the group says, and its part of them,
// rounded up.
std::uint64_t MustSign(const v1::FormGroup& group, std::uint64_t able);

// Whether a day, as text, is in a period whose ends are days or empty.
bool HasDay(const std::string& day, const std::string& first, const std::string& last);

// OK when the quorum of the group signed, and the act is one that it may do. One order of checks for all:
//   1. the group is there, and goes on as its party does        REFERENCE_UNKNOWN, REFERENCE_ENDED
//   2. the day of the record is in its term                    TERM_OVER
//   3. it has a seat in force of each kind that it must have   GROUP_INCOMPLETE
//   4. each place that is judged is its own, or below          GROUP_LEVEL
//   5. no recused member signed                                MEMBER_RECUSED
//   6. enough of the others signed                             GROUP_QUORUM
// A seat is in force when it has not ended and its period has the day. Its party accepted its present version with the
// newest answer too. A party with several such seats is one member. A member is recused when it is of one body with one
// that is judged. Which keys count for a member: OwnKeysOf, and none for one that is a group itself. A recused member
// signed when one of them counts for no member that is not recused. The root quorum does not take the place of the
// group's. Then the act's row `G` is written. `field` names the group.
Status RequireGroup(store::Overlay* state, const Moment& moment, const std::string& group,
                    v1::Permission permission, const Judged& judged, const Act& act, Authority* authority,
                    const std::string& field);

// The same for an item of a register that a group decides (model::Whose::kJudges and kAssigns); what is judged stands
// in its fields. FIELD_INVALID first, when the group is of a kind that does not: ASSESSMENT and SUPERVISION evaluate,
// COOPERATIVE and COORDINATION assign. `ends`: the item is ended. Where the group or its party has ended too,
// ADMINISTER of the root party does that.
Status RequireGroupFor(store::Overlay* state, const Moment& moment, const v1::Action& item, std::uint32_t at,
                       bool ends, Authority* authority, const std::string& field);

// The same for an attestation about `item` by a party that is a group.
Status RequireGroupSays(store::Overlay* state, const Moment& moment, const v1::Action& attestation,
                        const v1::RegisterRow& item, std::uint32_t at, Authority* authority,
                        const std::string& field);

// Whether groups of that kind evaluate. What they say freezes money, so the root party lets them be formed.
bool Judges(v1::FormGroup::Kind kind);

// The own rules of the registers of groups and seats but for their periods (register_rules.h), and of AcceptSeat
// (attestation_rules.h).
Status CheckGroup(const v1::FormGroup& group, const std::string& field);
Status CheckSeat(const store::Reader& state, const v1::GiveSeat& seat, bool is_new, const std::string& field);
Status CheckSeatReply(const v1::AcceptSeat& said, const v1::GiveSeat& seat, const std::string& field);

// The place of a group, whether it goes on or has ended; empty when the party is none.
StatusOr<std::string> PlaceOfGroup(const store::Reader& state, const std::string& party);

}  // namespace fundtrail::books
