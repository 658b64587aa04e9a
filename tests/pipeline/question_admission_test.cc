// What every question goes through, without a protocol: each is counted once, and whoever asks too much waits.
#include "ledger/pipeline/question_admission.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::testing {
namespace {

using pipeline::Caller;
using pipeline::QuestionAdmission;

constexpr std::size_t kLarge = 100'000;

// With nothing that is shared: ThreadSanitizer does not see how the library counts those who share a status.
Status CopyOf(const Status& status) {
  Status copy(status.code(), status.message());
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    copy.SetPayload(std::string(url), absl::Cord(std::string(payload)));
  });
  return copy;
}

struct Asked {
  explicit Asked(const pipeline::AdmissionLimits& limits = {}, TellFault fault = {})
      : workers(1, 16),
        admission(
            &workers, limits, kLarge, [] { return 0.0; }, std::move(fault)) {}
  ~Asked() { workers.Stop(); }

  struct End {
    Status status;
    std::shared_ptr<void> memory;
    std::vector<std::uint64_t> counts;  // as they were then
  };
  std::future<End> Ask(const Caller& caller, QuestionAdmission::Work work) {
    const auto ended = std::make_shared<std::promise<End>>();
    admission.Answer(caller, 1, std::move(work),
                     [this, ended](const Status& status, std::shared_ptr<void> memory) {
                       ended->set_value({CopyOf(status), std::move(memory), counts()});
                     });
    return ended->get_future();
  }
  // Answered, failed, turned away.
  std::vector<std::uint64_t> counts() const {
    return {admission.answered(), admission.failed(), admission.turned_away()};
  }

  pipeline::Workers workers;
  QuestionAdmission admission;
};

using Counts = std::vector<std::uint64_t>;

Caller From(const std::string& address) {
  return {address, [] { return false; }};
}

TEST_CASE("a question is counted before its caller hears of its end") {
  Asked asked;
  const auto good = asked.Ask(From("ipv4:1.2.3.4"), [] { return std::size_t{1}; }).get();
  CHECK(good.status.ok());
  CHECK(good.memory == nullptr);  // so little is not counted
  CHECK(good.counts == Counts{1, 0, 0});
  const auto bad = asked.Ask(From("ipv4:1.2.3.4"), [] { return absl::NotFoundError("no such party"); }).get();
  CHECK(bad.status == absl::NotFoundError("no such party"));
  CHECK(bad.counts == Counts{1, 1, 0});
}

TEST_CASE("whoever has gone, or is past the deadline, when the turn comes is not worked for") {
  Asked asked;
  std::promise<void> busy;
  REQUIRE(asked.workers.Start("other", [open = busy.get_future().share()] { open.wait(); }).ok());
  std::atomic<bool> gone{false};
  std::atomic<int> worked{0};
  const auto work = [&]() -> StatusOr<std::size_t> { return ++worked, std::size_t{1}; };
  auto left = asked.Ask({"ipv4:1.2.3.4", [&] { return gone.load(); }}, work);
  Caller late = From("ipv4:1.2.3.4");
  late.deadline = std::chrono::system_clock::now();
  auto passed = asked.Ask(late, work);
  gone = true;
  busy.set_value();
  CHECK(left.get().status.code() == absl::StatusCode::kCancelled);
  CHECK(passed.get().status.code() == absl::StatusCode::kDeadlineExceeded);
  CHECK(worked == 0);
  CHECK(asked.counts() == Counts{0, 2, 0});
}

TEST_CASE("work that may go on no more is told so once its caller has gone") {
  Asked asked;
  std::atomic<bool> gone{false};
  std::promise<void> begun;
  auto endless = asked.Ask({"ipv4:1.2.3.4", [&] { return gone.load(); }}, [&]() -> StatusOr<std::size_t> {
    const auto go_on = asked.admission.GoOn([&] { return gone.load(); }, 60, 256);
    begun.set_value();
    while (true) FT_RETURN_IF_ERROR(go_on());
  });
  begun.get_future().wait();
  gone = true;
  CHECK(endless.get().status.code() == absl::StatusCode::kCancelled);
}

TEST_CASE("work that throws ends INTERNAL, and the fault is told") {
  std::atomic<int> told{0};
  Asked asked({}, [&](const Status&) { ++told; });
  const auto end =
      asked.Ask(From("ipv4:1.2.3.4"), []() -> StatusOr<std::size_t> { throw std::out_of_range("substr"); })
          .get();
  CHECK(end.status.code() == absl::StatusCode::kInternal);
  CHECK(told == 1);
  CHECK(asked.counts() == Counts{0, 1, 0});
}

TEST_CASE("an address that asks too often is turned away, and one without a number is not bounded") {
  pipeline::AdmissionLimits limits;
  limits.question_burst = 1;
  Asked asked(limits);
  const auto work = [] { return std::size_t{1}; };
  CHECK(asked.Ask(From("ipv4:1.2.3.4"), work).get().status.ok());
  const auto often = asked.Ask(From("ipv4:1.2.3.4"), work).get();
  CHECK(often.status.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(often.status).has_value());
  CHECK(often.counts == Counts{1, 0, 1});
  CHECK(asked.Ask(From("ipv4:5.6.7.8"), work).get().status.ok());
  for (int i = 0; i < 3; ++i) CHECK(asked.Ask(From("unix:"), work).get().status.ok());
}

TEST_CASE("a large answer has memory until it is given back, and the next is turned away meanwhile") {
  pipeline::AdmissionLimits limits;
  limits.sending_bytes = limits.sending_bytes_per_address = 1;  // so one of the largest at a time
  Asked asked(limits);
  const auto work = [] { return kLarge; };
  auto first = asked.Ask(From("ipv4:1.2.3.4"), work).get();
  CHECK(first.status.ok());
  REQUIRE(first.memory != nullptr);
  const auto second = asked.Ask(From("ipv4:1.2.3.4"), work).get();
  CHECK(second.status.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(second.status) == std::chrono::milliseconds(1'000));
  first.memory.reset();
  CHECK(asked.Ask(From("ipv4:1.2.3.4"), work).get().status.ok());
}

TEST_CASE("an answer that comes later holds no thread, and is counted once, when it comes") {
  Asked asked;
  QuestionAdmission::End later;
  std::promise<void> begun;
  std::promise<Asked::End> ended;
  const auto done = [&](const Status& status, std::shared_ptr<void> memory) {
    ended.set_value({CopyOf(status), std::move(memory), asked.counts()});
  };
  SECTION("from another thread") {
    asked.admission.AnswerLater(
        From("ipv4:1.2.3.4"), 1,
        [&](const QuestionAdmission::End& end) {
          later = end;
          begun.set_value();
        },
        done);
    begun.get_future().wait();
    // The one thread is free for others meanwhile.
    CHECK(asked.Ask(From("ipv4:1.2.3.4"), [] { return std::size_t{1}; }).get().counts == Counts{1, 0, 0});
    later(std::size_t{1});
    later(absl::NotFoundError("it has ended already"));
    CHECK(ended.get_future().get().counts == Counts{2, 0, 0});
  }
  SECTION("before the work throws") {
    asked.admission.AnswerLater(
        From("ipv4:1.2.3.4"), 1,
        [](const QuestionAdmission::End& end) {
          end(std::size_t{1});
          throw std::runtime_error("a fault");
        },
        done);
    CHECK(ended.get_future().get().counts == Counts{1, 0, 0});
  }
  SECTION("and never, since the work throws") {
    asked.admission.AnswerLater(
        From("ipv4:1.2.3.4"), 1, [](const QuestionAdmission::End&) { throw std::runtime_error("a fault"); },
        done);
    const auto end = ended.get_future().get();
    CHECK(end.status.code() == absl::StatusCode::kInternal);
    CHECK(end.counts == Counts{0, 1, 0});
  }
}

}  // namespace
}  // namespace fundtrail::testing
