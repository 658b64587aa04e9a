// See replay_feed.h.
#include "ledger/audit/replay_feed.h"

#include <future>
#include <utility>

#include "ledger/base/parallel.h"

namespace fundtrail::audit {
namespace {

// The next records of the source, each checked alone.
StatusOr<Records> NextChecked(Source* source) {
  FT_ASSIGN_OR_RETURN(Records batch, source->Next());
  OnAllCores(batch.size(), [&](std::size_t i) { CheckAlone(&batch[i]); });
  return batch;
}

// Whoever found a bad record does not wait for the records behind it, which may never come.
class StopAtEnd {
 public:
  explicit StopAtEnd(Source* source) : source_(*source) {}
  ~StopAtEnd() { source_.Stop(); }
  StopAtEnd(const StopAtEnd&) = delete;
  StopAtEnd& operator=(const StopAtEnd&) = delete;

 private:
  Source& source_;
};

}  // namespace

StatusOr<std::optional<BadRecord>> FeedUnfinished(Source* source, std::uint64_t size, const Hash& root,
                                                  Replay* replay,
                                                  const std::function<void(const CheckedRecord&)>& taken) {
  const auto bad = [](std::uint64_t at, std::string problem) {
    return std::optional(BadRecord{at, std::move(problem)});
  };
  const auto next = [&] { return replay->tip().tree.size(); };
  FT_RETURN_IF_ERROR(source->Start(next(), size));
  auto ahead = std::async(std::launch::async, NextChecked, source);
  const StopAtEnd stop(source);  // before `ahead` goes, which waits for its Next
  while (true) {
    const auto batch = ahead.get();
    if (absl::IsNotFound(batch.status()))
      return std::optional(BadRecord{next(), std::string(batch.status().message()), true});
    if (absl::IsDataLoss(batch.status())) return bad(next(), std::string(batch.status().message()));
    FT_RETURN_IF_ERROR(batch.status());
    if (batch->empty()) break;
    ahead = std::async(std::launch::async, NextChecked, source);
    for (const CheckedRecord& checked : *batch) {
      const std::uint64_t at = next();
      if (at >= size) return bad(at, "stands behind the checkpoint's last record");
      FT_ASSIGN_OR_RETURN(auto problem, replay->Take(checked));
      if (problem.has_value()) return bad(at, *std::move(problem));
      taken(checked);
    }
  }
  if (next() < size) return bad(next(), "is missing: the checkpoint counts more records");
  if (replay->tip().tree.Root() == root) return std::optional<BadRecord>();
  return bad(
      kAllRecords,
      "the records do not have the root that the checkpoint signs: they were changed together, or it is "
      "the checkpoint of other records");
}

StatusOr<std::optional<BadRecord>> Feed(Source* source, std::uint64_t size, const Hash& root, Replay* replay,
                                        const std::function<void(const CheckedRecord&)>& taken) {
  FT_ASSIGN_OR_RETURN(auto bad, FeedUnfinished(source, size, root, replay, taken));
  if (!bad.has_value()) FT_RETURN_IF_ERROR(replay->Finish());
  return bad;
}

}  // namespace fundtrail::audit
