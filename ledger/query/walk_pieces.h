// The pieces of accounts' lines, of which a trace asks again and again: a little further up the line each time, or down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ledger/query/view.h"
#include "ledger/store/notes.h"

namespace fundtrail::query {

// Reads one way, of one snapshot: where positions went (Side::kOut, rows o) or where they came from (kIn, rows i). It reads what
// stands side by side with one cursor, and keeps some of it, 8 MB or so. Of a short line it makes a note where the view's rows
// keep notes (store/notes.h), and reads such notes. The view must outlive it.
class PieceReader {
 public:
  PieceReader(const View& view, model::Side side);

  // Of the account's pieces that begin before `end`, the last that begins at or before `at`; else the first. Nothing when
  // there is none. Needs at < end. DATA_LOSS for a row that is not a piece.
  StatusOr<std::optional<model::Piece>> From(model::AccountNumber account, Position at, Position end);
  // The first that begins after `at` and before `end`.
  StatusOr<std::optional<model::Piece>> After(model::AccountNumber account, Position at, Position end);

 private:
  // All pieces of an account that begin in [from, to), in order. `from` is 0, or where the first of them begins.
  struct Run {
    std::vector<model::Piece> pieces;
    Position from, to;
    std::size_t more;  // rows to read at once where it does not reach
    bool Has(Position at) const { return from <= at && at < to; }
  };

  Bytes Key(model::AccountNumber account, Position at) const;
  Bytes Line(model::AccountNumber account) const;  // how the keys of an account begin
  // The run that has `at`, until the next one is asked for.
  StatusOr<Run*> RunWith(model::AccountNumber account, Position at, Position end);
  StatusOr<Run> NewRun(model::AccountNumber account, Position at, Position end);
  // The whole line, when it is short; nothing when it is not, or a row of it is damaged.
  StatusOr<std::optional<Run>> ShortLine(model::AccountNumber account);
  Status ReadUp(model::AccountNumber account, Position end, Run* run);
  Status ReadDown(model::AccountNumber account, Position at, Run* run);

  // The cursor: on the first row at or after the key, or on the last before it; and one row on, or back.
  void StandAt(const Bytes& key);
  void StandBefore(const Bytes& key);
  void StepUp();
  void StepDown();
  void NeedCursor(const Bytes& near);
  bool StandsOn(const Bytes& line) const;
  StatusOr<model::Piece> Read();
  bool KnowsNoneFrom(const Bytes& key) const;

  const View& view_;
  const model::Side side_;
  const Bytes range_;                      // how all keys begin
  const store::Notes* const notes_;        // of the view's rows; null where they keep none
  std::unique_ptr<store::Cursor> cursor_;  // over the rows of all accounts; made when it is needed
  bool knows_ = false;
  Bytes none_from_;  // if it knows: no row lies from this key on and before the cursor
  absl::flat_hash_map<std::uint64_t, Run> runs_;  // by account
  std::size_t kept_ = 0;                          // rows read for them
};

}  // namespace fundtrail::query
