// See walk.h.
#include "ledger/query/walk.h"

#include <algorithm>
#include <utility>

#include "ledger/model/unrecorded.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

// Rows to step over before looking up the next that matters: a look-up costs about as much.
constexpr int kMaxInVain = 8;

}  // namespace

StatusOr<Walker::Known*> Walker::Know(AccountNumber account) {
  auto found = accounts_.find(account.value());
  if (found == accounts_.end()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(auto named, names_.Account(account));
    Known known{std::move(named), nullptr, account, nullptr};
    if (!joins_.empty()) FT_RETURN_IF_ERROR(Join(&known));
    found = accounts_.emplace(account.value(), std::move(known)).first;
  }
  return &found->second;
}

// How the account is counted, where its party is one with others.
Status Walker::Join(Known* known) {
  const v1::Account& of = known->recorded->account;
  const std::string& front = joins_.StandingFor(of.party());
  const auto others = joins_.standing().find(front);
  if (others == joins_.standing().end()) return absl::OkStatus();
  if (joined_.insert(front).second) joined_.insert(others->second.begin(), others->second.end());
  known->account =
      first_.emplace(std::tuple(front, of.fund(), of.project(), of.asset()), known->account).first->second;
  if (front == of.party()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(view_, front));
  v1::Account standing = of;
  standing.set_party(party.id());
  standing.set_party_name(party.name());
  known->standing = std::make_shared<const v1::Account>(std::move(standing));
  return absl::OkStatus();
}

StatusOr<const v1::Account*> Walker::Recorded(AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return &known->recorded->account;
}

StatusOr<const v1::Account*> Walker::Describe(AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return known->standing != nullptr ? known->standing.get() : &known->recorded->account;
}

StatusOr<v1::Account*> Walker::Share(AccountNumber account, google::protobuf::Arena* arena) {
  FT_ASSIGN_OR_RETURN(Known* const known, Know(account));
  if (known->shared == nullptr) {
    FT_ASSIGN_OR_RETURN(const auto* described, Describe(account));
    known->shared = google::protobuf::Arena::CreateMessage<v1::Account>(arena);
    *known->shared = *described;
  }
  return known->shared;
}

StatusOr<AccountNumber> Walker::Standing(AccountNumber account) {
  if (joins_.empty()) return account;
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return known->account;
}

StatusOr<v1::Role> Walker::RoleOf(AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return known->recorded->role;
}

// Most records hold many transfers, or few: of two records side by side, the first and last lines are near.
bool Walker::IsNear(TransferRef ref) const {
  const std::uint64_t record = ref.record.value(), last = last_.record.value();
  return record == last ? AreNear(ref.line, last_.line)
                        : AreNear(record, last) && std::min(ref.line, last_.line) <= kNearNumbers;
}

StatusOr<model::TransferRow> Walker::Read(TransferRef ref) {
  const Bytes key = keys::Transfer(ref);
  FT_ASSIGN_OR_RETURN(const auto bytes, transfers_.Get(key, IsNear(ref)));
  if (!bytes.has_value()) return model::Damaged(key, "is missing");
  last_ = ref;
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(key, *bytes));
  moved_.Keep(ref, {row.date, row.committed()});
  return row;
}

StatusOr<Moving> Walker::Look(TransferRef ref) {
  if (const auto known = moved_.Find(ref)) return *known;
  FT_ASSIGN_OR_RETURN(const auto row, Read(ref));
  return Moving{row.date, row.committed()};
}

StatusOr<v1::EndKind> Walker::EndOf(AccountNumber account, Position from) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  const NamedAccount& named = *known->recorded;
  if (!forward_) {
    if (named.role != v1::ROLE_SOURCE) return model::Damaged(keys::PieceIn(account, from), "is missing");
    return model::IsUnrecordedOrigin(named.account.party()) ? v1::END_KIND_UNRECORDED
                                                            : v1::END_KIND_BROUGHT_IN;
  }
  if (named.role == v1::ROLE_RECIPIENT) return named.inferred ? v1::END_KIND_ENDS_HERE : v1::END_KIND_REACHED;
  return named.role == v1::ROLE_SOURCE ? v1::END_KIND_RETURNED : v1::END_KIND_HELD;
}

const std::string& Walker::DayInWords(Date day) {
  auto& [known, words] = days_[static_cast<std::uint32_t>(day.days()) % days_.size()];
  if (known != day || words.empty()) {
    words = fundtrail::ToString(day);
    known = day;
  }
  return words;
}

Status Walker::CheckTime(TransferRef last, TransferRef next, bool own) const {
  const bool on = forward_ ? next > last : next < last;
  if (on || (own && next == last)) return absl::OkStatus();
  return model::Damaged(keys::Transfer(next), "has a piece that goes back in time");
}

StatusOr<bool> Walker::Walk(AccountNumber account, Interval at, Take take) {
  return WalkSome(
      account, at, [](Position position) { return position; }, take);
}

StatusOr<bool> Walker::WalkMarked(AccountNumber account, Position begin, const MarkedUnits& marks,
                                  TakeMarked take) {
  const Interval all{begin, begin + marks.length()};
  if (marks.count() == marks.length()) {
    return Walk(account, all,
                [&](const Step& step) { return take(step, MarkedUnits::All(step.at.length())); });
  }
  const auto skip = [&](Position position) {
    const auto next = marks.NextMarked(position - begin);
    return next.has_value() ? begin + *next : all.to;
  };
  return WalkSome(account, all, skip, [&](const Step& step) -> StatusOr<bool> {
    const MarkedUnits part = marks.Slice(step.at.from - begin, step.at.to - begin);
    if (part.count().is_zero()) return true;
    return take(step, part);
  });
}

StatusOr<bool> Walker::WalkSome(AccountNumber account, Interval at, Skip skip, Take take) {
  const auto key = [&](Position position) {
    return forward_ ? keys::PieceOut(account, position) : keys::PieceIn(account, position);
  };
  Position reached = skip(at.from);
  const auto gap_to = [&](Position to) -> StatusOr<bool> {
    if (to <= reached) return true;
    FT_ASSIGN_OR_RETURN(const auto kind, EndOf(account, reached));
    Step step;
    step.at = {reached, to};
    step.ends = true;
    step.kind = kind;
    reached = to;
    return take(step);
  };
  const auto piece = [&](const Interval& whole, const model::PieceRow& row) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view_.GoOn());
    if (forward_ && IsAfter(row.ref)) return true;  // not drawn yet, as of then
    const Interval part = Intersect({reached, at.to}, whole);
    if (part.empty()) return true;
    FT_ASSIGN_OR_RETURN(const bool more, gap_to(part.from));
    if (!more) return false;
    Step step;
    step.at = part;
    step.ref = row.ref;
    step.ends = row.exchange;
    step.kind = row.exchange ? v1::END_KIND_EXCHANGED : v1::END_KIND_END_UNSPECIFIED;
    step.piece = row.position;
    if (!row.exchange) {
      const Position next = row.position + (part.from - whole.from);
      step.next = {row.account, {next, next + part.length()}, row.ref};
    }
    reached = part.to;
    return take(step);
  };
  // From the piece that covers `reached`, row by row; over a long way of nothing that matters, at once.
  int in_vain = 0;
  Position free;  // the rows so far end before it
  std::optional<model::Piece> next;
  if (reached < at.to) {
    FT_ASSIGN_OR_RETURN(next, pieces_.From(account, reached, at.to));
  }
  // One row more when a row reaches the end of the range: if there is one, it overlaps.
  while (next.has_value() && (reached < at.to || free >= at.to)) {
    const model::Piece row = *next;
    if (row.at.from < free) return model::Damaged(key(row.at.from), "overlaps the one before it");
    free = row.at.to;
    in_vain = row.at.to <= reached ? in_vain + 1 : 0;
    FT_ASSIGN_OR_RETURN(const bool more, piece(row.at, row.row));
    if (!more) return false;
    if (reached < at.to) reached = skip(reached);
    if (in_vain < kMaxInVain || reached >= at.to) {
      FT_ASSIGN_OR_RETURN(next, pieces_.After(account, row.at.from, at.to));
    } else {
      FT_ASSIGN_OR_RETURN(next, pieces_.From(account, reached, at.to));
      in_vain = 0;
      free = Position(0);
    }
  }
  return gap_to(at.to);
}

}  // namespace fundtrail::query
