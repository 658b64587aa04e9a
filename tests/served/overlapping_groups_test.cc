// fundtraild while groups overlap: one is written, and the next is made ahead of all that comes meanwhile. It is killed between them, or
// its disk takes no more. Whoever has no receipt then sends the same again.
#include <atomic>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/wait_until.h"

namespace fundtrail::testing {
namespace {

// Four clients that send batches without end, whichever server there is. Some of each is of a batch of another client, which is often
// in the group that is being written.
class Payers {
 public:
  Payers(crypto::SigningKey key, std::size_t purpose) : key_(std::move(key)), purpose_(purpose, 'p') {}

  // Until Stop.
  void Start(const std::string& address) {
    over_ = false;
    for (int i = 0; i < 4; ++i) threads_.emplace_back([this, address] { Pay(address); });
  }
  void Stop() {
    over_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }
  // Sends once more what nobody had an answer for. Whether all of it has its receipts then.
  bool SendTheRest(const std::string& address) {
    const auto stub = v1::Submission::NewStub(OwnChannel(address));
    while (const auto batch = Unanswered())
      if (!Send(stub.get(), *batch)) return false;
    return true;
  }

  int answered() const { return answered_; }  // batches
  int failed() const { return failed_; }
  bool wrong() const { return wrong_; }
  std::uint64_t sent() const { return next_ - 1; }        // so many entries
  const Receipts& receipts() const { return receipts_; }  // while it is stopped

 private:
  using Batch = std::vector<std::uint64_t>;

  std::optional<Batch> Unanswered() {
    const std::lock_guard lock(mutex_);
    if (unanswered_.empty()) return std::nullopt;
    Batch batch = std::move(unanswered_.front());
    unanswered_.pop_front();
    return batch;
  }

  Batch NewBatch() {
    constexpr std::uint64_t kNew = 20;
    const std::uint64_t first = next_.fetch_add(kNew);
    Batch batch;
    for (std::uint64_t id = first; id < first + kNew; ++id) batch.push_back(id);
    if (first > 2 * kNew) batch.insert(batch.begin() + 5, {first - 1, first - kNew - 3});
    return batch;
  }

  bool Send(v1::Submission::Stub* stub, const Batch& batch) {
    v1::SubmitBatchRequest request;
    for (const std::uint64_t id : batch) {
      auto transfer = Payment("donor", "hub", static_cast<std::int64_t>(id));
      transfer.set_purpose(purpose_);
      request.add_signed_entries(Signed(key_, id, transfer));
    }
    v1::SubmitBatchAnswer answer;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const bool ended = stub->SubmitBatch(&context, request, &answer).ok();
    const std::lock_guard lock(mutex_);
    bool all = ended && answer.results_size() == static_cast<int>(batch.size());
    for (int i = 0; i < answer.results_size(); ++i) {
      all = all && answer.results(i).has_receipt();
      if (!answer.results(i).has_receipt()) continue;
      const auto [known, fresh] =
          receipts_.emplace(batch[static_cast<std::size_t>(i)], answer.results(i).receipt());
      if (known->second.record() != answer.results(i).receipt().record()) wrong_ = true;
    }
    ++(all ? answered_ : failed_);
    if (!all) unanswered_.push_back(batch);
    return all;
  }

  void Pay(const std::string& address) {
    const auto stub = v1::Submission::NewStub(OwnChannel(address));
    while (!over_) {
      auto batch = Unanswered();
      if (!batch.has_value()) batch = NewBatch();
      if (!Send(stub.get(), *batch)) return;
    }
  }

  const crypto::SigningKey key_;
  const std::string purpose_;
  std::atomic<bool> over_{false}, wrong_{false};
  std::atomic<int> answered_{0}, failed_{0};
  std::atomic<std::uint64_t> next_{1};
  std::mutex mutex_;
  Receipts receipts_;
  std::deque<Batch> unanswered_;
  std::vector<std::thread> threads_;
};

// That all entries are there once, as the receipts say.
void CheckAll(const Desk& desk, const Payers& payers, const std::string& address) {
  REQUIRE_FALSE(payers.wrong());
  CHECK(payers.receipts().size() == payers.sent());
  CheckReceipts(desk, address, payers.receipts());
  const auto summary = desk.Run("--server " + address + " --json balance hub");
  REQUIRE(summary.exit == 0);
  const std::uint64_t paid = payers.sent() * (payers.sent() + 1) / 2;  // each pays its own number
  CHECK_THAT(summary.out, Contains("\"" + std::to_string(paid) + "\""));
}

TEST_CASE("kill -9 between groups that overlap: every receipt holds, and what has none can be sent again") {
  const Desk desk;
  desk.MakeLedger();
  Payers payers(ClerkOf(desk), 20);
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < 12; ++round) {
    Daemon daemon(desk);
    REQUIRE_FALSE(daemon.address().empty());
    const int before = payers.answered();
    payers.Start(daemon.address());
    const bool writes = WaitUntil([&] { return payers.answered() >= before + 4; });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
    daemon.Signal(SIGKILL);
    payers.Stop();
    REQUIRE(writes);
    REQUIRE_FALSE(payers.wrong());
  }
  CHECK(payers.failed() >= 12);
  Daemon daemon(desk);
  CHECK(payers.SendTheRest(daemon.address()));
  CheckAll(desk, payers, daemon.address());
  const auto verified = desk.Run("verify l --vkey " + VkeyOf(desk));
  INFO(verified.out << verified.err);
  CHECK(verified.exit == 0);
}

TEST_CASE(
    "a disk that takes no more while groups overlap: nothing is promised of either, and all can be sent "
    "again") {
  const Desk desk;
  desk.MakeLedger();
  Payers payers(ClerkOf(desk), 1'500);
  {
    Daemon daemon(desk, {"--listen", "127.0.0.1:0"},
                  {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 3000; exec \"$@\"", "sh"});
    REQUIRE_FALSE(daemon.address().empty());
    payers.Start(daemon.address());
    CHECK(WaitUntil([&] { return payers.failed() >= 4; }));  // all of them
    payers.Stop();
    CHECK(payers.answered() > 4);
    CHECK(daemon.Says("entries are taken no more, questions still are"));
    CheckReceipts(desk, daemon.address(), payers.receipts());
    CHECK(daemon.Signal(SIGTERM) == 0);
  }
  const auto verified = desk.Run("verify l --vkey " + VkeyOf(desk));
  INFO(verified.out << verified.err);
  CHECK(verified.exit == 0);
  Daemon again(desk);
  CHECK(payers.SendTheRest(again.address()));
  CheckAll(desk, payers, again.address());
}

}  // namespace
}  // namespace fundtrail::testing
