// Answers that were worked out, kept for whoever asks the same again; and one work at a time for all who ask the same. So a link that
// many follow at once costs one answer.
//
// A question is a text, asked of a ledger of so many records. Its answer holds while the ledger has that many, or for good, as what is
// asked as of a record does. Nobody waits here: whoever asks is told, at once or by whoever works the answer out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/base/guard.h"
#include "ledger/base/status.h"

namespace fundtrail::pipeline {

struct AnswerCacheCounts {
  std::uint64_t answers = 0, bytes = 0;  // that are kept now
  // Each of them only grows: the answer was there, had to be worked out, or was being worked out for another.
  std::uint64_t hits = 0, misses = 0, joined = 0;
};

enum class Keep { kNot, kUntilMoreIsRecorded, kForGood };

// From any thread.
template <typename Answer>
class AnswerCache {
 public:
  using Made = std::shared_ptr<const Answer>;
  struct Asker {
    // Whether nobody waits for the answer any more. Asked often: it must not wait, nor ask the cache.
    std::function<bool()> gone;
    std::function<void(const StatusOr<Made>& answer)> got;  // called once, from any thread
  };
  class Work;

  // At most so many bytes are kept, of one answer an eighth of them. 0: none is kept, and whoever asks what is being worked out is
  // still told with the others.
  explicit AnswerCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  AnswerCache(const AnswerCache&) = delete;
  AnswerCache& operator=(const AnswerCache&) = delete;

  // Null: the asker was told, or will be by whoever works it out. Else the caller is to work it out. `records`: in the ledger that is
  // asked. What was kept of fewer goes, but for what holds for good.
  std::unique_ptr<Work> Ask(const std::string& question, std::uint64_t records, Asker asker) {
    Made kept;
    {
      const std::lock_guard lock(mutex_);
      if (records > records_) DropOld(records);
      kept = Find(question, records);
      if (kept == nullptr) {
        const Key key(question, records);
        std::shared_ptr<Askers>& askers = works_[key];
        const bool is_first = askers == nullptr;
        if (is_first) askers = std::make_shared<Askers>();
        askers->push_back(std::move(asker));
        ++(is_first ? misses_ : joined_);
        return is_first ? std::unique_ptr<Work>(new Work(this, key, askers)) : nullptr;
      }
      ++hits_;
    }
    Tell(asker, kept);
    return nullptr;
  }

  AnswerCacheCounts counts() const {
    const std::lock_guard lock(mutex_);
    return {entries_.size(), bytes_, hits_, misses_, joined_};
  }

 private:
  using Key = std::pair<std::string, std::uint64_t>;
  using Askers = std::vector<Asker>;
  struct Entry {
    std::string question;
    Made answer;
    std::size_t bytes = 0;
    bool for_good = false;
  };
  using Entries = std::list<Entry>;
  using Index = std::unordered_map<std::string, typename Entries::iterator>;

  static constexpr std::size_t kEntryBytes =
      256;  // of what an entry takes beside its answer and its question, twice
  static constexpr std::size_t kMostOfOne = 8;  // of one answer the bytes through this

  // What one asker does with the answer is not the others' fault.
  static void Tell(const Asker& asker, const StatusOr<Made>& answer) {
    (void)Guarded([&] {
      asker.got(answer);
      return absl::OkStatus();
    });
  }

  // The following need the lock.
  Made Find(const std::string& question, std::uint64_t records) {
    auto found = for_good_.find(question);
    if (found == for_good_.end()) {
      found = live_.find(question);
      if (found == live_.end() || records != records_) return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->answer;
  }
  void Add(const Key& key, Made answer, std::size_t bytes, Keep keep) {
    bytes += 2 * key.first.size() + kEntryBytes;
    if (keep == Keep::kNot || bytes > most_bytes_ / kMostOfOne) return;
    if (keep == Keep::kUntilMoreIsRecorded && key.second != records_) return;
    Index& index = keep == Keep::kForGood ? for_good_ : live_;
    if (index.count(key.first) > 0) return;
    while (bytes_ + bytes > most_bytes_) Drop(std::prev(entries_.end()));
    entries_.push_front({key.first, std::move(answer), bytes, keep == Keep::kForGood});
    index.emplace(key.first, entries_.begin());
    bytes_ += bytes;
  }
  void Drop(typename Entries::iterator entry) {
    (entry->for_good ? for_good_ : live_).erase(entry->question);
    bytes_ -= entry->bytes;
    entries_.erase(entry);
  }
  void DropOld(std::uint64_t records) {
    records_ = records;
    for (const auto& [question, entry] : live_) {
      bytes_ -= entry->bytes;
      entries_.erase(entry);
    }
    live_.clear();
  }

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<Askers>> works_;  // that are on their way, with who waits for each
  Entries entries_;                               // what was asked for last stands first
  Index live_, for_good_;
  std::uint64_t records_ = 0;  // the most that a question was asked of; all of live_ is of so many
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0, misses_ = 0, joined_ = 0;
};

// What was not there and is to be worked out. One thread has it; the cache must outlive it. Whoever waits for a work that goes away
// unfinished is told INTERNAL.
template <typename Answer>
class AnswerCache<Answer>::Work {
 public:
  ~Work() {
    if (!ended_) Finish(absl::InternalError("the answer was not worked out"));
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // Whether all who asked have gone. Then it stays so: whoever asks the same from now on begins a work of their own.
  bool Unwanted() {
    if (unwanted_) return true;
    const std::lock_guard lock(cache_.mutex_);
    if (!std::all_of(askers_->begin(), askers_->end(), [](const Asker& asker) { return asker.gone(); }))
      return false;
    cache_.works_.erase(key_);
    unwanted_ = true;
    return true;
  }

  // Tells all who asked, once. An error is kept for nobody. `bytes`: about what the answer takes.
  void Finish(const StatusOr<Made>& answer, std::size_t bytes = 0, Keep keep = Keep::kNot) {
    Askers askers;
    {
      const std::lock_guard lock(cache_.mutex_);
      if (!unwanted_) cache_.works_.erase(key_);
      if (answer.ok()) cache_.Add(key_, *answer, bytes, keep);
      askers.swap(*askers_);
    }
    ended_ = true;
    for (const Asker& asker : askers) Tell(asker, answer);
  }

 private:
  friend class AnswerCache;
  Work(AnswerCache* cache, Key key, std::shared_ptr<Askers> askers)
      : cache_(*cache), key_(std::move(key)), askers_(std::move(askers)) {}

  AnswerCache& cache_;
  const Key key_;
  const std::shared_ptr<Askers> askers_;
  bool unwanted_ = false, ended_ = false;
};

}  // namespace fundtrail::pipeline
