// Records from a source into a replay, as a pipeline. While one batch is replayed in order, the next is read and its
// signatures are checked. The rows of earlier batches are written meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ledger/audit/replay.h"
#include "ledger/audit/source.h"

namespace fundtrail::audit {

inline constexpr std::uint64_t kAllRecords = UINT64_MAX;

struct BadRecord {
  std::uint64_t index = 0;  // or kAllRecords: what is wrong is with all of them together
  std::string problem;      // in words
  bool missing = false;     // the source has nothing there, which may be because it is not there yet
};

// Replays from where `replay` stands to the log of that size and root. Answers the first record that is not what it
// should be. `taken` is called for each that is. The replay is not finished: its rows may not be in its store yet.
StatusOr<std::optional<BadRecord>> FeedUnfinished(Source* source, std::uint64_t size, const Hash& root,
                                                  Replay* replay,
                                                  const std::function<void(const CheckedRecord&)>& taken);
// The same, with all rows in the store.
StatusOr<std::optional<BadRecord>> Feed(Source* source, std::uint64_t size, const Hash& root, Replay* replay,
                                        const std::function<void(const CheckedRecord&)>& taken);

}  // namespace fundtrail::audit
