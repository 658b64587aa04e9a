// One step of a trace: what became of an interval of an account's line, or where it came from.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "fundtrail/v1/trace.pb.h"
#include "google/protobuf/arena.h"
#include "ledger/base/date.h"
#include "ledger/query/joins.h"
#include "ledger/query/marked_units.h"
#include "ledger/query/view.h"
#include "ledger/query/walk_moves.h"
#include "ledger/query/walk_names.h"
#include "ledger/query/walk_pieces.h"
#include "ledger/query/walk_rows.h"

namespace fundtrail::query {

// Positions of one account's line.
struct Fragment {
  model::AccountNumber account;
  Interval at;
  TransferRef ref;  // the transfer that brought them into the question's sight here
};

// What lies in an interval, in order: a piece that went on to (came from) `next`, or an end.
struct Step {
  Interval at;  // the part of the interval
  bool ends = false;
  v1::EndKind kind = v1::END_KIND_END_UNSPECIFIED;  // of an end
  Fragment next;                                    // else
  Position piece;                                   // where the whole piece begins on the line of `next`
  TransferRef ref;                                  // the transfer that moved it, or exchanged it
};

// Of the view as it was after `as_of`, if that is given. Reads steps, and remembers what it read of accounts and
// transfers: they come again and again. One question's.
class Walker {
 public:
  Walker(const View& view, v1::Direction direction, std::optional<std::uint64_t> as_of, Joins joins = {})
      : view_(Then(view, as_of)),
        forward_(direction == v1::DIRECTION_FROM),
        as_of_(as_of),
        joins_(std::move(joins)),
        pieces_(view_, forward_ ? model::Side::kOut : model::Side::kIn),
        transfers_(view_, model::keys::AllOf(model::keys::kTransferTag)),
        names_(view_),
        moved_(view_) {}

  Walker(const Walker&) = delete;
  Walker& operator=(const Walker&) = delete;

  // In order, until `take` answers false: then the walk ends, and answers so itself.
  using Take = absl::FunctionRef<StatusOr<bool>(const Step&)>;
  StatusOr<bool> Walk(model::AccountNumber account, Interval at, Take take);
  // Only the steps in which something is marked; `marks` lie from `begin` on.
  using TakeMarked = absl::FunctionRef<StatusOr<bool>(const Step&, const MarkedUnits&)>;
  StatusOr<bool> WalkMarked(model::AccountNumber account, Position begin, const MarkedUnits& marks,
                            TakeMarked take);

  // As it was recorded; and as answers count it: that of the party which stands for its own.
  StatusOr<const v1::Account*> Recorded(model::AccountNumber account);
  StatusOr<const v1::Account*> Describe(model::AccountNumber account);
  // As Describe has it, for the parts of an answer in that arena. All of them share one message, which nobody may change. All
  // calls are of one arena.
  StatusOr<v1::Account*> Share(model::AccountNumber account, google::protobuf::Arena* arena);
  // One account for all that are described alike: itself, where nobody is joined.
  StatusOr<model::AccountNumber> Standing(model::AccountNumber account);
  const Joins& joins() const { return joins_; }
  // The parties that were described as another one, and those beside them.
  const std::set<std::string>& joined() const { return joined_; }
  StatusOr<v1::Role> RoleOf(model::AccountNumber account);
  // How what lies on the account's line from there on, and in no piece, ends. DATA_LOSS where nothing can.
  StatusOr<v1::EndKind> EndOf(model::AccountNumber account, Position from);
  // What is remembered of a transfer that was read.
  StatusOr<Moving> Look(TransferRef ref);
  // All of it. DATA_LOSS when it is missing.
  StatusOr<model::TransferRow> Read(TransferRef ref);
  bool IsAfter(TransferRef ref) const { return as_of_.has_value() && ref.record.value() > *as_of_; }
  // Whether a step of `next` may follow one of `last`: money goes forward in time, so that every walk ends. Rows that
  // say otherwise are not the ledger's. `own`: the transfer `last` may itself have moved it on.
  Status CheckTime(TransferRef last, TransferRef next, bool own) const;
  bool forward() const { return forward_; }
  // As answers write the day. It lasts until the next call.
  const std::string& DayInWords(Date day);
  const View& view() const { return view_; }

 private:
  // The first position at or behind this one that matters; the interval's end when there is none.
  using Skip = absl::FunctionRef<Position(Position)>;
  StatusOr<bool> WalkSome(model::AccountNumber account, Interval at, Skip skip, Take take);
  struct Known {
    std::shared_ptr<const NamedAccount> recorded;
    std::shared_ptr<const v1::Account> standing;  // as it is counted, where that is otherwise
    model::AccountNumber account;                 // for all that are counted as one
    v1::Account* shared = nullptr;                // what Share answers
  };
  StatusOr<Known*> Know(model::AccountNumber account);  // it lasts until the next call
  Status Join(Known* known);
  bool IsNear(TransferRef ref) const;

  const View view_;
  bool forward_;
  std::optional<std::uint64_t> as_of_;
  const Joins joins_;
  std::set<std::string> joined_;
  // By party, fund, project and asset, as accounts are counted: the first that was met. Of joined parties alone.
  std::map<std::tuple<std::string, std::string, std::string, std::string>, model::AccountNumber> first_;
  PieceReader pieces_;
  NearRows transfers_;
  TransferRef last_;  // that was read
  NameReader names_;
  absl::flat_hash_map<std::uint64_t, Known> accounts_;  // what Describe answers stays where it is
  MovedReader moved_;
  std::array<std::pair<Date, std::string>, 64>
      days_;  // by their last bits: an answer has few days, again and again
};

}  // namespace fundtrail::query
