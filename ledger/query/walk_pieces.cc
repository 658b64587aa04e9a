// See walk_pieces.h.
#include "ledger/query/walk_pieces.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;
using model::Piece;

namespace {

constexpr std::size_t kMaxPieces = 131'072;  // 8 MB
constexpr std::size_t kMaxRun = 1'024;       // a longer one begins anew
constexpr std::size_t kLeastMore = 8;
constexpr std::size_t kMostMore = 256;
constexpr std::size_t kMaxRowsBack = 8;  // in vain, before a look
constexpr std::size_t kShortLine = 64;   // pieces of a line that are read at once, and noted

constexpr Position kEndOfLine(std::numeric_limits<std::int64_t>::max());

Position Behind(Position at) { return at + Amount(1); }

auto FirstAfter(const std::vector<Piece>& pieces, Position at) {
  return std::upper_bound(pieces.begin(), pieces.end(), at,
                          [](Position position, const Piece& piece) { return position < piece.at.from; });
}

// The pieces of one account, in order, when they are few.
class LineNote final : public store::Note {
 public:
  std::size_t bytes() const override { return sizeof *this + pieces.size() * sizeof(Piece); }
  bool is_short = true;
  std::vector<Piece> pieces;  // all, of a short line
};

}  // namespace

PieceReader::PieceReader(const View& view, model::Side side)
    : view_(view),
      side_(side),
      range_(keys::AllOf(side == model::Side::kOut ? keys::kPieceOutTag : keys::kPieceInTag)),
      notes_(store::NotesOf(*view.rows)) {}

StatusOr<std::optional<Piece>> PieceReader::From(AccountNumber account, Position at, Position end) {
  FT_ASSIGN_OR_RETURN(const Run* run, RunWith(account, at, end));
  const auto above = FirstAfter(run->pieces, at);
  if (above != run->pieces.begin()) return std::optional(*std::prev(above));
  return After(account, at, end);
}

StatusOr<std::optional<Piece>> PieceReader::After(AccountNumber account, Position at, Position end) {
  FT_ASSIGN_OR_RETURN(Run* const run, RunWith(account, at, end));
  for (;;) {
    const auto above = FirstAfter(run->pieces, at);
    if (above != run->pieces.end())
      return above->at.from < end ? std::optional(*above) : std::optional<Piece>();
    if (run->to >= end) return std::optional<Piece>();
    FT_RETURN_IF_ERROR(ReadUp(account, end, run));
  }
}

StatusOr<PieceReader::Run*> PieceReader::RunWith(AccountNumber account, Position at, Position end) {
  // Runs that grow count too: a walk goes up many lines by turns, and begins no new run.
  if (kept_ > kMaxPieces) {
    runs_.clear();
    kept_ = 0;
  }
  const auto found = runs_.find(account.value());
  if (found != runs_.end()) {
    Run& run = found->second;
    if (run.Has(at)) return &run;
    const Status read = at < run.from ? ReadDown(account, at, &run) : ReadUp(account, end, &run);
    if (run.Has(at)) return &run;
    // What is damaged on the way there may lie beside what is asked about: a new run tells.
    if (!absl::IsDataLoss(read)) FT_RETURN_IF_ERROR(read);
  }
  FT_ASSIGN_OR_RETURN(Run made, NewRun(account, at, end));
  return &runs_.insert_or_assign(account.value(), std::move(made)).first->second;
}

StatusOr<std::optional<PieceReader::Run>> PieceReader::ShortLine(AccountNumber account) {
  if (notes_ == nullptr) return std::optional<Run>();
  const Bytes line = Line(account);
  const auto known = std::static_pointer_cast<const LineNote>(notes_->Find(line));
  if (known != nullptr) {
    if (!known->is_short) return std::optional<Run>();
    FT_RETURN_IF_ERROR(view_.GoOn());
    kept_ += 1 + known->pieces.size();
    return std::optional(Run{known->pieces, Position(0), kEndOfLine, kLeastMore});
  }
  const auto read = std::make_shared<LineNote>();
  FT_RETURN_IF_ERROR(view_.GoOn());
  for (StandAt(Key(account, Position(0))); StandsOn(line); StepUp()) {
    if (read->pieces.size() == kShortLine) {
      read->is_short = false;
      read->pieces = {};
      break;
    }
    const auto piece = Read();
    if (absl::IsDataLoss(piece.status()))
      return std::optional<Run>();  // whoever needs that row meets it elsewhere
    FT_RETURN_IF_ERROR(piece.status());
    read->pieces.push_back(*piece);
  }
  FT_RETURN_IF_ERROR(cursor_->status());
  notes_->KeepOfPrefix(line, read);
  if (!read->is_short) return std::optional<Run>();
  ++kept_;
  return std::optional(Run{read->pieces, Position(0), kEndOfLine, kLeastMore});
}

StatusOr<PieceReader::Run> PieceReader::NewRun(AccountNumber account, Position at, Position end) {
  FT_ASSIGN_OR_RETURN(auto all, ShortLine(account));
  if (all.has_value()) return *std::move(all);
  Run run;
  run.more = kLeastMore;
  ++kept_;
  const Bytes line = Line(account), first = Key(account, Position(0));
  const bool is_empty = KnowsNoneFrom(first) && !StandsOn(line);
  if (at == Position(0) || is_empty) {
    FT_RETURN_IF_ERROR(ReadUp(account, end, &run));
    return run;
  }
  // Mostly one piece has all of it, or none: what begins last before `end` tells.
  FT_RETURN_IF_ERROR(view_.GoOn());
  StandBefore(Key(account, end));
  run.to = end;
  FT_RETURN_IF_ERROR(cursor_->status());
  if (!StandsOn(line)) return run;
  FT_ASSIGN_OR_RETURN(const Piece last, Read());
  if (last.at.from <= at) {
    run.pieces.push_back(last);
    run.from = last.at.from;
    return run;
  }
  StandBefore(Key(account, Behind(at)));
  FT_RETURN_IF_ERROR(cursor_->status());
  run.to = Behind(at);
  if (!StandsOn(line)) return run;
  FT_ASSIGN_OR_RETURN(const Piece piece, Read());
  run.pieces.push_back(piece);
  run.from = piece.at.from;
  return run;
}

// At least one row, or up to `end`, or all.
Status PieceReader::ReadUp(AccountNumber account, Position end, Run* run) {
  if (run->pieces.size() > kMaxRun) {
    run->pieces.erase(run->pieces.begin(), std::prev(run->pieces.end()));
    run->from = run->pieces.front().at.from;
  }
  const Bytes line = Line(account);
  FT_RETURN_IF_ERROR(view_.GoOn());
  StandAt(Key(account, run->to));
  for (std::size_t read = 0; read < run->more; ++read) {
    if (!StandsOn(line)) {
      FT_RETURN_IF_ERROR(cursor_->status());
      run->to = kEndOfLine;
      return absl::OkStatus();
    }
    const auto piece = Read();
    if (!piece.ok()) {
      if (!absl::IsDataLoss(piece.status())) return piece.status();
      // Whoever needs it asks again, and then it is the first.
      if (read > 0) return absl::OkStatus();
      if (cursor_->key() < Key(account, end)) return piece.status();
      run->to = end;
      return absl::OkStatus();
    }
    run->pieces.push_back(*piece);
    run->to = Behind(piece->at.from);
    StepUp();
  }
  run->more = std::min(4 * run->more, kMostMore);
  return absl::OkStatus();
}

// Rows before the run: down to `at`, and some more. It may not come so far.
Status PieceReader::ReadDown(AccountNumber account, Position at, Run* run) {
  const Bytes line = Line(account);
  std::vector<Piece> below;
  Position from = run->from;
  FT_RETURN_IF_ERROR(view_.GoOn());
  StandBefore(Key(account, from));
  while (StandsOn(line) && below.size() < run->more + (from <= at ? 0 : kMaxRowsBack)) {
    const auto piece = Read();
    if (absl::IsDataLoss(piece.status())) break;  // whoever needs it comes to it from elsewhere
    FT_RETURN_IF_ERROR(piece.status());
    below.push_back(*piece);
    from = piece->at.from;
    StepDown();
  }
  FT_RETURN_IF_ERROR(cursor_->status());
  if (run->pieces.size() > kMaxRun && !below.empty()) {
    run->to = run->from;
    run->pieces.clear();
  }
  run->from = StandsOn(line) ? from : Position(0);
  run->pieces.insert(run->pieces.begin(), below.rbegin(), below.rend());
  run->more = std::min(4 * run->more, kMostMore);
  return absl::OkStatus();
}

Bytes PieceReader::Key(AccountNumber account, Position at) const {
  return side_ == model::Side::kOut ? keys::PieceOut(account, at) : keys::PieceIn(account, at);
}

Bytes PieceReader::Line(AccountNumber account) const {
  return side_ == model::Side::kOut ? keys::PiecesOutOf(account) : keys::PiecesInOf(account);
}

StatusOr<Piece> PieceReader::Read() {
  FT_RETURN_IF_ERROR(view_.GoOn());
  ++kept_;
  return model::DecodePiece(cursor_->key(), cursor_->value());
}

bool PieceReader::StandsOn(const Bytes& line) const {
  return cursor_ != nullptr && cursor_->Valid() && cursor_->key().starts_with(line);
}

bool PieceReader::KnowsNoneFrom(const Bytes& key) const {
  return knows_ && none_from_ <= key && (!cursor_->Valid() || cursor_->key() >= key);
}

void PieceReader::NeedCursor(const Bytes& near) {
  if (cursor_ != nullptr) return;
  cursor_ = view_.rows->ScanAt(range_, near, store::PrefixEnd(range_));
}

void PieceReader::StandAt(const Bytes& key) {
  if (KnowsNoneFrom(key)) return;
  NeedCursor(key);
  if (!cursor_->Valid() || cursor_->key() > key) {
    cursor_->SkipToLastBefore(key);
    if (!cursor_->Valid() && cursor_->status().ok())
      cursor_ = view_.rows->Scan(range_, store::PrefixEnd(range_));
  }
  if (cursor_->Valid()) cursor_->SkipTo(key);
  none_from_ = key;
  knows_ = true;
}

void PieceReader::StandBefore(const Bytes& key) {
  NeedCursor(key);
  cursor_->SkipToLastBefore(key);
  knows_ = false;
}

void PieceReader::StepUp() {
  none_from_.assign(cursor_->key());
  none_from_.push_back('\0');
  cursor_->Next();
}

void PieceReader::StepDown() { StandBefore(Bytes(cursor_->key())); }

}  // namespace fundtrail::query
