// What is of interest to the public in records: notices and calls, verdicts, concerns, decisions on projects and needs.
// All of it is said by the record itself, so that it is the same whenever it is asked. docs/publicity.md has the list.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fundtrail/v1/watch.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct NewsLine {
  const char* kind;   // "notice", "call", "verdict", "concern", "project" or "need"
  std::string words;  // as the ledger has the names and texts in it, at most some 2 kB
};
// Of one record.
struct News {
  std::uint64_t record = 0;
  std::int64_t recorded_micros = 0;
  std::string author;
  std::vector<NewsLine> lines;  // in the order of its actions, at most kMaxNewsLines
  std::uint64_t more = 0;       // lines that are left out
};
inline constexpr std::size_t kMaxNewsLines = 20;

// Which lines are wanted.
struct NewsFilter {
  std::vector<std::string> kinds;  // as NewsLine has them; none means all
  v1::WatchRequest of;             // by its party, fund, project, place and kinds, as `watch` means them
};
// INVALID_ARGUMENT for an unknown kind.
Status CheckNewsFilter(const NewsFilter& filter);

// Of the records from `from` on and before `end`, which are all there, those with anything of interest that is wanted,
// in their order. DATA_LOSS for a record that cannot be read.
StatusOr<std::vector<News>> NewsIn(const View& view, std::uint64_t from, std::uint64_t end,
                                   const NewsFilter& filter = {});
// When a record that is there was recorded, in microseconds.
StatusOr<std::int64_t> RecordedAt(const View& view, std::uint64_t record);

}  // namespace fundtrail::query
