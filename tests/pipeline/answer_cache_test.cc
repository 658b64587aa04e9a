// Answers that are kept, and one work for all who ask the same.
#include "ledger/pipeline/answer_cache.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace fundtrail::testing {
namespace {

using Cache = pipeline::AnswerCache<std::string>;
using pipeline::Keep;

// Somebody who asks, and what they were told.
struct Reader {
  Cache::Asker asker() {
    return {[this] { return gone; },
            [this](const StatusOr<Cache::Made>& answer) {
              ++told;
              status = answer.status();
              heard = answer.ok() ? **answer : "";
            }};
  }
  bool gone = false;
  int told = 0;
  Status status;
  std::string heard;
};

void Finish(Cache::Work* work, const std::string& answer, Keep keep = Keep::kUntilMoreIsRecorded) {
  work->Finish(std::make_shared<const std::string>(answer), answer.size(), keep);
}

// Asks, and works the answer out when it must be. Answers whether it had to.
bool AskAndWork(Cache* cache, const std::string& question, std::uint64_t records,
                Keep keep = Keep::kUntilMoreIsRecorded, std::size_t bytes = 1) {
  Reader reader;
  const auto work = cache->Ask(question, records, reader.asker());
  const std::string answer = question + std::string(bytes, '.');
  if (work != nullptr) Finish(work.get(), answer, keep);
  CHECK(reader.told == 1);
  CHECK(reader.status.ok());
  CHECK(reader.heard == answer);
  return work != nullptr;
}

TEST_CASE("an answer is worked out once, and again when more is recorded") {
  Cache cache(100'000);
  CHECK(AskAndWork(&cache, "a", 3));
  CHECK_FALSE(AskAndWork(&cache, "a", 3));
  CHECK(AskAndWork(&cache, "b", 3));
  CHECK_FALSE(AskAndWork(&cache, "a", 3));
  CHECK(cache.counts().answers == 2);
  CHECK(cache.counts().hits == 2);
  CHECK(cache.counts().misses == 2);
  CHECK(AskAndWork(&cache, "a", 4));
  CHECK(cache.counts().answers == 1);  // what was of three records went at once, "b" too
  CHECK_FALSE(AskAndWork(&cache, "a", 4));
  // Whoever looked before the fourth record has the answer of then, which is kept for nobody.
  CHECK(AskAndWork(&cache, "a", 3));
  CHECK(AskAndWork(&cache, "a", 3));
  CHECK(cache.counts().answers == 1);
  CHECK_FALSE(AskAndWork(&cache, "a", 4));
}

TEST_CASE("what holds for good stays when more is recorded, and what is not to be kept does not") {
  Cache cache(100'000);
  CHECK(AskAndWork(&cache, "@1", 3, Keep::kForGood));
  CHECK(AskAndWork(&cache, "none", 3, Keep::kNot));
  CHECK(AskAndWork(&cache, "none", 3, Keep::kNot));
  CHECK_FALSE(AskAndWork(&cache, "@1", 4));
  CHECK_FALSE(AskAndWork(&cache, "@1", 3));
  CHECK(cache.counts().answers == 1);
}

TEST_CASE("whatever was asked for least lately goes first, and no more is kept than there may be") {
  constexpr std::size_t kMost = 20'000;
  Cache cache(kMost);
  // With what it takes beside its text each has about 2,260 bytes: eight of them fit.
  const auto name = [](int i) { return std::string(1, static_cast<char>('a' + i)); };
  const auto ask = [&](int i) { return AskAndWork(&cache, name(i), 1, Keep::kUntilMoreIsRecorded, 2'000); };
  for (int i = 0; i < 8; ++i) CHECK(ask(i));
  CHECK(cache.counts().answers == 8);
  CHECK_FALSE(ask(0));
  CHECK(ask(8));  // takes the place of 1
  CHECK_FALSE(ask(0));
  CHECK(ask(1));  // and this that of 2
  CHECK_FALSE(ask(8));
  CHECK_FALSE(ask(3));
  CHECK(ask(2));
  CHECK(cache.counts().answers == 8);
  CHECK(cache.counts().bytes <= kMost);
  CHECK(cache.counts().bytes >= 8 * 2'000);
  SECTION("what holds for good as well") {
    CHECK(AskAndWork(&cache, "@1", 1, Keep::kForGood, 2'000));
    for (int i = 0; i < 8; ++i) ask(10 + i);
    CHECK(AskAndWork(&cache, "@1", 1, Keep::kForGood, 2'000));
  }
  SECTION("one large answer does not take the place of all others") {
    CHECK(AskAndWork(&cache, "large", 1, Keep::kForGood, kMost / 8));
    CHECK(AskAndWork(&cache, "large", 1, Keep::kForGood, kMost / 8));
    CHECK(cache.counts().answers == 8);
  }
  SECTION("none are kept where there is no room") {
    Cache nothing(0);
    CHECK(AskAndWork(&nothing, "a", 1));
    CHECK(AskAndWork(&nothing, "a", 1, Keep::kForGood));
    CHECK(nothing.counts().bytes == 0);
  }
}

TEST_CASE("all who ask the same meanwhile are told with the first, and nobody who asks another thing") {
  Cache cache(100'000);
  std::array<Reader, 4> same;
  Reader other, later;
  const auto work = cache.Ask("a", 1, same[0].asker());
  REQUIRE(work != nullptr);
  for (std::size_t i = 1; i < same.size(); ++i) CHECK(cache.Ask("a", 1, same[i].asker()) == nullptr);
  const auto others = cache.Ask("b", 1, other.asker());
  CHECK(others != nullptr);
  const auto of_more = cache.Ask("a", 2, later.asker());  // a record came in between: another answer
  CHECK(of_more != nullptr);
  CHECK(cache.counts().joined == 3);
  SECTION("with the answer") {
    Finish(work.get(), "one");
    for (const Reader& reader : same) CHECK(reader.heard == "one");
    CHECK(other.told == 0);
    CHECK(later.told == 0);
    Finish(of_more.get(), "two");
    CHECK(later.heard == "two");
    CHECK_FALSE(cache.Ask("a", 2, other.asker()));
    CHECK(other.heard == "two");
  }
  SECTION("with the error, which is kept for nobody") {
    work->Finish(absl::DeadlineExceededError("too long"));
    for (const Reader& reader : same) CHECK(reader.status.code() == absl::StatusCode::kDeadlineExceeded);
    of_more->Finish(absl::DataLossError("damaged"));
    CHECK(later.status.code() == absl::StatusCode::kDataLoss);
    Reader again;
    CHECK(cache.Ask("a", 2, again.asker()) != nullptr);
    CHECK(again.status.code() == absl::StatusCode::kInternal);  // that work went away at once
  }
  for (const Reader& reader : same) CHECK(reader.told == 1);
}

TEST_CASE("a work goes on while anybody waits, and is over once nobody does") {
  Cache cache(100'000);
  Reader first, second, third;
  const auto work = cache.Ask("a", 1, first.asker());
  REQUIRE(work != nullptr);
  CHECK_FALSE(work->Unwanted());
  CHECK(cache.Ask("a", 1, second.asker()) == nullptr);
  first.gone = true;
  CHECK_FALSE(work->Unwanted());  // the second waits for it still
  second.gone = true;
  CHECK(work->Unwanted());
  // Whoever comes now does not wait for what is being given up.
  const auto own = cache.Ask("a", 1, third.asker());
  REQUIRE(own != nullptr);
  CHECK_FALSE(own->Unwanted());
  second.gone = false;
  CHECK(work->Unwanted());
  work->Finish(absl::CancelledError("nobody waits for the answer"));
  CHECK(third.told == 0);
  CHECK(first.told == 1);
  CHECK(second.status.code() == absl::StatusCode::kCancelled);
  Reader joins;
  CHECK(cache.Ask("a", 1, joins.asker()) == nullptr);  // the third's work is still known
  Finish(own.get(), "one");
  CHECK(third.heard == "one");
  CHECK(joins.heard == "one");
}

TEST_CASE("whoever waits for a work that is dropped, or beside one who throws, is told all the same") {
  Cache cache(100'000);
  Reader waits;
  auto work =
      cache.Ask("a", 1,
                {[] { return false; },
                 [](const StatusOr<Cache::Made>&) { throw std::runtime_error("a fault of one asker"); }});
  CHECK(cache.Ask("a", 1, waits.asker()) == nullptr);
  work.reset();
  CHECK(waits.told == 1);
  CHECK(waits.status.code() == absl::StatusCode::kInternal);
  CHECK(AskAndWork(&cache, "a", 1));
}

TEST_CASE(
    "many threads that ask as the ledger grows: one work at a time for each, and each asker is told once") {
  constexpr int kThreads = 8, kAsks = 2'000, kQuestions = 6, kRecords = 40;
  constexpr std::size_t kMost = 8'000;
  Cache cache(kMost);
  std::array<std::array<std::atomic<int>, kRecords + 1>, kQuestions> working{};
  std::atomic<int> told{0}, wrong{0}, at_once{0}, failed{0};
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(seed + static_cast<unsigned>(t));
      for (int i = 0; i < kAsks; ++i) {
        const auto q = static_cast<std::size_t>(random() % kQuestions);
        // Threads are not all as far: some ask of fewer records than others have seen.
        const auto records = static_cast<std::size_t>(i * kRecords / kAsks);
        const std::string question = "q" + std::to_string(q),
                          right = question + "@" + std::to_string(records);
        const bool leaves = random() % 4 == 0;
        const auto work = cache.Ask(question, records,
                                    {[leaves] { return leaves; },
                                     [&, right](const StatusOr<Cache::Made>& answer) {
                                       ++told;
                                       if (!answer.ok()) ++failed;
                                       if (answer.ok() && **answer != right) ++wrong;
                                     }});
        if (work == nullptr) continue;
        if (random() % 8 == 0) {
          work->Finish(absl::UnavailableError("not now"));
          continue;
        }
        // Counts those at work on one answer that is wanted: there is one.
        if (++working[q][records] != 1) ++at_once;
        std::this_thread::yield();
        --working[q][records];
        if (random() % 8 == 0 && work->Unwanted()) {
          work->Finish(absl::CancelledError("nobody waits"));
        } else {
          Finish(work.get(), right);
        }
        if (cache.counts().bytes > kMost) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(told == kThreads * kAsks);
  CHECK(wrong == 0);
  CHECK(at_once == 0);
  CHECK(failed < told / 2);
  const pipeline::AnswerCacheCounts counts = cache.counts();
  CHECK(counts.hits + counts.misses + counts.joined == kThreads * kAsks);
  CHECK(counts.hits > 0);
}

}  // namespace
}  // namespace fundtrail::testing
