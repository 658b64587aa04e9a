// The sums of projects: what was put in each, where it lies, and what left it. General money, which is in no project,
// has sums too, and so have all projects together (keys::kAllProjects). They move with each transfer, so that no
// question adds up transfers, or projects.
//
// For every asset, over all projects and general money:
//   what lies with holders and recipients = minted - back at sources + what came in from other assets - what went there.
#pragma once

#include <optional>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Where a party's money counts.
enum class Lies { kWithSource, kHeld, kEnded, kReached };
Lies LiesAt(const v1::RegisterParty& party);

// One side of a transfer.
struct TransferSide {
  std::string project;  // empty: general money
  std::string asset;
  Lies lies = Lies::kHeld;
  Amount amount;
};

// What a transfer does to the sums.
struct Moved {
  RecordIndex record;
  TransferSide from, to;
  bool mints = false;       // a source brings the money in
  bool unrecorded = false;  // and it is the party `unrecorded`
  bool sends_back = false;  // RETURN or REVERSAL
  bool across = false;      // from one project or asset to another: see IsAcross
  model::CommittedMove committed = model::CommittedMove::kNone;
};

bool IsAcross(const TransferSide& from, const TransferSide& to);

// What a transfer does to what is committed: one of this stage or, where `returned` is there, one that sends that back.
model::CommittedMove CommittedMoveOf(v1::Stage stage, bool comes_in,
                                     const std::optional<model::TransferRow>& returned);

// Writes the sums that it changes. Where more than 2^63 - 1 units would ever have come in, the sums are given up
// (`beyond`). Nobody can stop other people's payments by bringing in too much. For all projects together, money comes
// in from sources, general money and other assets; what moves from one project to another stays where it is.
Status CountInProjects(store::Overlay* state, const Moved& moved);

// To be called when an amendment changes where a party's money counts: what its accounts hold moves in the sums.
Status MoveInProjects(store::Overlay* state, RecordIndex record, const std::string& party, Lies before,
                      Lies after);

}  // namespace fundtrail::books
