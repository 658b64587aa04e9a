// fundtraild beside clients of other addresses that never stop: what they send and ask is waited for by themselves.
#include <arpa/inet.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/generic/generic_stub.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "ledger/pipeline/retry.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"

namespace fundtrail::testing {
namespace {

using Clock = std::chrono::steady_clock;

// From 127.0.0.N to a server on 127.0.0.1.
std::shared_ptr<grpc::Channel> From(int last_byte, const std::string& server) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in own{}, to{};
  own.sin_family = to.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + static_cast<in_addr_t>(last_byte));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1))));
  if (bind(socket, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0 ||
      connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    std::abort();
  return grpc::CreateInsecureChannelFromFd("from", socket);
}

// The same call again and again, so many at a time, without a pause, until it goes away.
class Hammer {
 public:
  Hammer(const std::string& server, int last_byte, std::string method,
         const google::protobuf::Message& request, int at_a_time)
      : method_(std::move(method)) {
    const grpc::Slice slice(request.SerializeAsString());
    request_ = grpc::ByteBuffer(&slice, 1);
    std::shared_ptr<grpc::Channel> channel;
    for (int i = 0; i < at_a_time; ++i) {
      if (i % 50 == 0) channel = From(last_byte, server);
      calls_.push_back(std::make_unique<Call>(channel));
    }
    open_ = at_a_time;
    for (auto& call : calls_) Go(call.get());
  }
  ~Hammer() {
    over_ = true;
    while (open_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Hammer(const Hammer&) = delete;
  Hammer& operator=(const Hammer&) = delete;

  std::uint64_t answered() const { return answered_; }
  std::uint64_t turned_away() const { return turned_away_; }
  std::chrono::milliseconds longest() const { return std::chrono::milliseconds(longest_); }  // told to wait

 private:
  struct Call {
    explicit Call(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {}
    grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub;
    std::unique_ptr<grpc::ClientContext> context;
    grpc::ByteBuffer answer;
  };
  void Go(Call* call) {
    call->context = std::make_unique<grpc::ClientContext>();
    call->stub.UnaryCall(call->context.get(), method_, grpc::StubOptions(), &request_, &call->answer,
                         [this, call](const grpc::Status& end) {
                           ++(end.ok() ? answered_ : turned_away_);
                           const auto delay = pipeline::RetryDelay(server::FromGrpc(end));
                           if (delay.has_value()) longest_ = std::max(longest_.load(), delay->count());
                           if (over_ || end.error_code() == grpc::StatusCode::UNAVAILABLE) {
                             --open_;
                           } else {
                             Go(call);
                           }
                         });
  }

  const std::string method_;
  grpc::ByteBuffer request_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::atomic<bool> over_{false};
  std::atomic<int> open_{0};
  std::atomic<std::uint64_t> answered_{0}, turned_away_{0};
  std::atomic<std::int64_t> longest_{0};
};

// In ascending order, in ms: how long each of so many calls took until it was had, however often it was turned away.
template <typename Call>
std::vector<std::int64_t> Waits(int count, std::chrono::milliseconds pause, const Call& call) {
  std::vector<std::int64_t> waits;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
      const Status end = server::FromGrpc(call(&context, i));
      const auto delay = pipeline::RetryDelay(end);
      if (!delay.has_value()) {
        INFO(end);
        REQUIRE(end.ok());
        break;
      }
      REQUIRE(Clock::now() - start < std::chrono::seconds(60));
      std::this_thread::sleep_for(*delay);
    }
    waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
    std::this_thread::sleep_for(pause);
  }
  std::sort(waits.begin(), waits.end());
  return waits;
}

TEST_CASE("receipts come soon, and batches and imports get through, beside who sends batches without end") {
  const Desk desk;
  desk.MakeLedger();
  const auto clerk = ClerkOf(desk);
  const auto stranger = *crypto::SigningKey::FromSeed(Bytes(32, 's'));
  const Daemon daemon(desk);
  v1::SubmitBatchRequest batch;
  for (std::uint64_t id = 1; id <= 1'000; ++id)
    batch.add_signed_entries(Signed(clerk, id, Payment("donor", "hub", 1)));
  const auto submission = v1::Submission::NewStub(OwnChannel(daemon.address()));
  v1::SubmitBatchAnswer answer;
  grpc::ClientContext first;
  REQUIRE(submission->SubmitBatch(&first, batch, &answer).ok());
  const bool refused = GENERATE(false, true);  // what is sent again, or what a key without rights signed
  if (refused) {
    for (std::uint64_t i = 0; i < 1'000; ++i)
      *batch.mutable_signed_entries(static_cast<int>(i)) =
          Signed(stranger, 500'000 + i, Payment("donor", "hub", 1));
  }
  const int addresses = GENERATE(1, 4);
  INFO((refused ? "refused" : "repeated") << " batches from " << addresses << " addresses");
  std::vector<std::unique_ptr<Hammer>> hammers;
  for (int i = 0; i < addresses; ++i)
    hammers.push_back(
        std::make_unique<Hammer>(daemon.address(), 2 + i, "/fundtrail.v1.Submission/SubmitBatch", batch, 40));
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  std::uint64_t id = 1'000'000;
  const auto receipts = Waits(60, std::chrono::milliseconds(30), [&](grpc::ClientContext* context, int) {
    v1::SubmitRequest request;
    request.set_signed_entry(Signed(clerk, ++id, Payment("donor", "hub", 1)));
    v1::Receipt receipt;
    return submission->Submit(context, request, &receipt);
  });
  CHECK(receipts[30] < 500);  // alone it takes a few; see docs/benchmarks.md. This machine does much else
  const auto batches = Waits(2, std::chrono::milliseconds(0), [&](grpc::ClientContext* context, int) {
    v1::SubmitBatchRequest good;
    for (int i = 0; i < 1'000; ++i) good.add_signed_entries(Signed(clerk, ++id, Payment("donor", "hub", 1)));
    v1::SubmitBatchAnswer results;
    const auto end = submission->SubmitBatch(context, good, &results);
    CHECK(std::all_of(results.results().begin(), results.results().end(),
                      [](const auto& one) { return one.has_receipt(); }));
    return end;
  });
  CHECK(batches[1] < 30'000);
  std::string rows = "date,from,to,amount,asset,fund\n";
  for (int i = 0; i < 1'000; ++i)
    rows += "2026-01-01,donor,hub," + std::to_string(1 + i) + ".00,CNY,winter\n";
  desk.write("rows.csv", rows);
  const auto imported = desk.Run("--server " + daemon.address() +
                                 " import csv rows.csv --key k --as root --date 2026-03-01 --rejects-dir .");
  INFO(imported.out << imported.err);
  CHECK(imported.exit == 0);
  for (const auto& hammer : hammers) {
    CHECK(hammer->answered() > 0);  // they have their turns, too
    CHECK(hammer->turned_away() > 0);
    if (!refused) continue;
    CHECK(hammer->longest() > std::chrono::milliseconds(200));  // and are told to wait longer and longer
  }
}

TEST_CASE("questions are answered beside four addresses that fill the room to wait in") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("c.toml",
             "[limits]\nquestion_threads = 2\nquestions_waiting = 64\nquestions_per_second = 100000\n"
             "question_burst = 100000\n");
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--config", desk.path("c.toml")});
  FillLarge(desk, daemon.address());
  v1::BalanceRequest long_one;  // of 5,600 movements
  long_one.set_party("hub");
  std::vector<std::unique_ptr<Hammer>> hammers;
  for (int i = 0; i < 4; ++i)
    hammers.push_back(
        std::make_unique<Hammer>(daemon.address(), 2 + i, "/fundtrail.v1.Ledger/Balance", long_one, 64));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto stub = v1::Ledger::NewStub(OwnChannel(daemon.address()));
  int tries = 0;
  (void)Waits(20, std::chrono::milliseconds(10), [&](grpc::ClientContext* context, int) {
    ++tries;
    v1::BalanceRequest request;
    request.set_party("village");
    v1::BalanceAnswer answer;
    return stub->Balance(context, request, &answer);
  });
  CHECK(tries == 20);  // none was turned away
  std::uint64_t turned_away = 0;
  for (const auto& hammer : hammers) turned_away += hammer->turned_away();
  CHECK(turned_away > 100);  // the room was full
}

}  // namespace
}  // namespace fundtrail::testing
