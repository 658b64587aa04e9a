// See project_totals.h.
#include "ledger/books/money/project_totals.h"

#include <map>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::CommittedMove;
using model::ProjectTotals;

namespace {

Amount& At(ProjectTotals* sums, Lies lies) {
  switch (lies) {
    case Lies::kWithSource:
      return sums->with_sources;
    case Lies::kEnded:
      return sums->ended;
    case Lies::kReached:
      return sums->reached;
    case Lies::kHeld:
      break;
  }
  return sums->held;
}

Bytes KeyOf(const TransferSide& side, RecordIndex record) {
  return keys::ProjectSums(side.project, side.asset, record);
}

// What a row says is less than what the accounts hold: the store is damaged.
Status TooLittle(const TransferSide& side, RecordIndex record) {
  return model::Damaged(KeyOf(side, record), "adds up to less than its accounts hold");
}

// Whether all that ever came in still fits in 63 bits.
bool Fits(const ProjectTotals& sums) { return CheckedAdd(sums.minted, sums.moved_in).has_value(); }

bool Grow(Amount* sum, Amount more) {
  const auto grown = CheckedAdd(*sum, more);
  if (grown.has_value()) *sum = *grown;
  return grown.has_value();
}

bool Shrink(Amount* sum, Amount less) {
  if (*sum < less) return false;
  *sum -= less;
  return true;
}

}  // namespace

Lies LiesAt(const v1::RegisterParty& party) {
  if (party.role() == v1::ROLE_SOURCE) return Lies::kWithSource;
  if (party.role() != v1::ROLE_RECIPIENT) return Lies::kHeld;
  return party.role_inferred() ? Lies::kEnded : Lies::kReached;
}

bool IsAcross(const TransferSide& from, const TransferSide& to) {
  return from.project != to.project || from.asset != to.asset;
}

CommittedMove CommittedMoveOf(v1::Stage stage, bool comes_in,
                              const std::optional<model::TransferRow>& returned) {
  if (!returned.has_value())
    return comes_in && stage == v1::STAGE_COMMITTED ? CommittedMove::kIn : CommittedMove::kNone;
  switch (returned->committed_move) {
    case CommittedMove::kIn:
      return CommittedMove::kBack;
    case CommittedMove::kBack:
      return CommittedMove::kIn;
    case CommittedMove::kNone:
      break;
  }
  return CommittedMove::kNone;
}

namespace {

// The sums as they are now. An entry of many transfers changes the same ones again and again: they are looked up first where it
// left them.
StatusOr<ProjectTotals> SumsOf(const store::Overlay& state, const TransferSide& side, const Bytes& key) {
  if (const Bytes* bytes = state.FindPending(key)) return model::DecodeProjectTotals(key, *bytes);
  return GetProjectTotals(state, side.project, side.asset);
}

// Sums that are given up.
ProjectTotals Beyond() {
  ProjectTotals sums;
  sums.beyond = true;
  return sums;
}

// The sums of the side that pays, after it. `of` says whose they are.
StatusOr<ProjectTotals> Sent(ProjectTotals sums, const Moved& moved, const TransferSide& of) {
  if (sums.beyond) return sums;
  const Amount amount = moved.from.amount;
  bool fits = true;
  if (moved.mints) {
    fits = Grow(&sums.minted, amount);
    // Parts of what was minted: they fit when that does.
    if (fits && moved.unrecorded) sums.unrecorded += amount;
    if (fits && moved.committed == CommittedMove::kIn) sums.committed_minted += amount;
  } else if (!Shrink(&At(&sums, moved.from.lies), amount)) {
    return TooLittle(of, moved.record);
  }
  if (moved.across) fits = fits && Grow(moved.sends_back ? &sums.sent_back : &sums.taken_out, amount);
  if (moved.committed == CommittedMove::kBack && !Shrink(&sums.committed_in, amount))
    return TooLittle(of, moved.record);
  // A source takes its return back: what it brought in is committed again.
  if (moved.committed == CommittedMove::kIn && moved.sends_back && moved.from.lies == Lies::kWithSource)
    fits = fits && Grow(&sums.committed_minted, amount);
  return fits && Fits(sums) ? sums : Beyond();
}

// The sums of the side that is paid, after it.
StatusOr<ProjectTotals> Got(ProjectTotals sums, const Moved& moved, const TransferSide& of) {
  if (sums.beyond) return sums;
  const Amount amount = moved.to.amount;
  bool fits = !moved.across || Grow(&sums.moved_in, amount);
  fits = fits && Grow(&At(&sums, moved.to.lies), amount);
  if (moved.committed == CommittedMove::kIn) fits = fits && Grow(&sums.committed_in, amount);
  // What goes back to a source by it is what the source brought in.
  if (moved.committed == CommittedMove::kBack && moved.to.lies == Lies::kWithSource &&
      !Shrink(&sums.committed_minted, amount))
    return TooLittle(of, moved.record);
  return fits && Fits(sums) ? sums : Beyond();
}

// Whether sums are those of the side that pays, of the side that is paid, or of both.
enum class Whose { kPayer, kPayee, kBoth };

Status Change(store::Overlay* state, const Moved& moved, const TransferSide& of, Whose whose) {
  Bytes key = KeyOf(of, moved.record);
  FT_ASSIGN_OR_RETURN(ProjectTotals sums, SumsOf(*state, of, key));
  if (whose != Whose::kPayee) {
    FT_ASSIGN_OR_RETURN(sums, Sent(sums, moved, of));
  }
  if (whose != Whose::kPayer) {
    FT_ASSIGN_OR_RETURN(sums, Got(sums, moved, of));
  }
  state->Put(std::move(key), model::Encode(sums));
  return absl::OkStatus();
}

TransferSide InAllProjects(TransferSide side) {
  side.project = std::string(keys::kAllProjects);
  return side;
}

// What money of all projects together does when it moves within one project, or from one to another in one asset. It neither
// comes in nor goes out. So it is no more committed than it was, but where a source makes the move: then it brought it in.
Moved WithinAll(Moved moved) {
  moved.across = false;
  const Lies committer = moved.committed == CommittedMove::kBack ? moved.to.lies : moved.from.lies;
  if (committer != Lies::kWithSource) moved.committed = CommittedMove::kNone;
  return moved;
}

bool ChangesNothing(const Moved& moved) {
  return !moved.across && !moved.mints && moved.from.lies == moved.to.lies &&
         moved.committed == CommittedMove::kNone;
}

// The sums of all projects are those of the single ones, added up, without what moves from one to another.
Status ChangeAll(store::Overlay* state, const Moved& moved) {
  const bool sends = !moved.from.project.empty(), gets = !moved.to.project.empty();
  if (!sends && !gets) return absl::OkStatus();
  const TransferSide payer = InAllProjects(moved.from), payee = InAllProjects(moved.to);
  if (sends && gets && payer.asset == payee.asset) {
    const Moved within = WithinAll(moved);
    return ChangesNothing(within) ? absl::OkStatus() : Change(state, within, payer, Whose::kBoth);
  }
  if (sends) FT_RETURN_IF_ERROR(Change(state, moved, payer, Whose::kPayer));
  return gets ? Change(state, moved, payee, Whose::kPayee) : absl::OkStatus();
}

}  // namespace

Status CountInProjects(store::Overlay* state, const Moved& moved) {
  const TransferSide& from = moved.from;
  const TransferSide& to = moved.to;
  if (ChangesNothing(moved)) return absl::OkStatus();
  if (moved.across) {
    FT_RETURN_IF_ERROR(Change(state, moved, from, Whose::kPayer));
    FT_RETURN_IF_ERROR(Change(state, moved, to, Whose::kPayee));
  } else {
    FT_RETURN_IF_ERROR(Change(state, moved, from, Whose::kBoth));
  }
  return ChangeAll(state, moved);
}

namespace {

// What lies at the side's party counts as `after` from now on.
Status MoveIn(store::Overlay* state, RecordIndex record, const TransferSide& of, Lies after) {
  Bytes key = KeyOf(of, record);
  FT_ASSIGN_OR_RETURN(ProjectTotals sums, SumsOf(*state, of, key));
  if (sums.beyond) return absl::OkStatus();
  if (!Shrink(&At(&sums, of.lies), of.amount)) return TooLittle(of, record);
  At(&sums, after) += of.amount;  // no more than before in all
  state->Put(std::move(key), model::Encode(sums));
  return absl::OkStatus();
}

}  // namespace

Status MoveInProjects(store::Overlay* state, RecordIndex record, const std::string& party, Lies before,
                      Lies after) {
  if (before == after) return absl::OkStatus();
  std::map<std::pair<std::string, std::string>, Amount> held;  // by project and asset
  const Bytes prefix = keys::AccountsOf(party);
  const auto cursor = state->Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(cursor->key()));
    FT_ASSIGN_OR_RETURN(const std::uint64_t number, model::DecodeNumber(cursor->key(), cursor->value()));
    FT_ASSIGN_OR_RETURN(const auto account, GetAccountState(*state, model::AccountNumber(number)));
    if (!Grow(&held[{std::string(name.project), std::string(name.asset)}], account.held))
      return model::Damaged(cursor->key(), "holds more than a ledger can");
  }
  FT_RETURN_IF_ERROR(cursor->status());
  for (const auto& [of, amount] : held) {
    if (amount.is_zero()) continue;
    const TransferSide side{of.first, of.second, before, amount};
    FT_RETURN_IF_ERROR(MoveIn(state, record, side, after));
    if (!side.project.empty()) FT_RETURN_IF_ERROR(MoveIn(state, record, InAllProjects(side), after));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::books
