// What is of interest to the public in records: notices and calls, verdicts, concerns, decisions on projects and needs.
// All of it is said by the record itself, so that it is the same whenever it is asked. docs/publicity.md has the list. In which words, is
// for whoever asks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/watch.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct NewsLine {
  const char* kind;   // "notice", "call", "verdict", "concern", "project" or "need"
  std::string words;  // of its action, as NewsWords gives them
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
// What is said of an action that is of interest.
using NewsWords = std::function<std::string(const v1::Action& action)>;
// INVALID_ARGUMENT for an unknown kind.
Status CheckNewsFilter(const NewsFilter& filter);

// Of the records from `from` on and before `end`, which are all there, those with anything of interest that is wanted,
// in their order. DATA_LOSS for a record that cannot be read.
StatusOr<std::vector<News>> NewsIn(const View& view, std::uint64_t from, std::uint64_t end,
                                   const NewsFilter& filter, const NewsWords& words);
// When a record that is there was recorded, in microseconds.
StatusOr<std::int64_t> RecordedAt(const View& view, std::uint64_t record);

}  // namespace fundtrail::query
