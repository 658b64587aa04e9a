// What a line of a list shows beside the transfer itself: names, decimals, how it arrived, and what of it was sent back. For many lines,
// one after another in the order of the log: what was read for one is not read again for the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/name_table.h"
#include "ledger/query/view.h"
#include "ledger/query/walk_pieces.h"
#include "ledger/query/walk_rows.h"

namespace fundtrail::query {

// Needs at most about 6.5 MB, and of names alone, however many lines there are. Not for two threads at once.
class TransferFacts {
 public:
  // The view must outlive it.
  explicit TransferFacts(const View& view);

  // Of the line's transfer and reference. DATA_LOSS when something that it names is missing.
  Status Add(v1::TransferLine* line);

  // Looks a bit further ahead for what sends back, from the record of the first call on. Once it is through, most lines need no
  // look at what left their receipt. For long lists: call it once a page, before lines of that record or later ones.
  Status LookAhead(RecordIndex from);

 private:
  Status SetName(const std::string& party, std::string* name);
  StatusOr<std::uint32_t> DecimalsOf(const std::string& asset);
  Status AddArrival(TransferRef ref, v1::TransferLine* line);
  Status AddSentBack(TransferRef ref, v1::TransferLine* line);
  // Whether it is known that nothing of the transfer was sent back.
  StatusOr<bool> NothingSentBack(TransferRef ref);

  const View& view_;
  NameTable names_;  // of parties
  std::map<std::string, std::uint32_t> decimals_;
  // Transfers from the first up to before the second have no acknowledgement. Without the second: nor has any later one.
  std::optional<TransferRef> silent_from_, silent_to_;
  // Looking ahead: from which record, up to which key, and the accounts from which something was sent back.
  std::optional<RecordIndex> ahead_from_;
  Bytes ahead_;
  bool is_through_ = false;
  absl::flat_hash_set<std::uint64_t> senders_back_;
  NearRows transfers_;
  // Where positions went, and how many receipts it was asked about.
  std::optional<PieceReader> out_;
  std::size_t asked_of_out_ = 0;
};

}  // namespace fundtrail::query
