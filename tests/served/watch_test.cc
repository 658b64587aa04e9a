// Watching a server: a hundred readers beside a writer, slow ones, ends by the client and by the server, and the command.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "ledger/pipeline/retry.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr std::uint64_t kBefore = 7;  // records of the desk's ledger

v1::WatchRequest From(std::uint64_t first) {
  v1::WatchRequest request;
  request.set_from(first);
  return request;
}

// One that watches until it has so many records more, or the stream ends.
struct Reading {
  std::atomic<std::uint64_t> seen{0};
  std::uint64_t next = 0;
  bool in_order = true;
  grpc::Status end;

  // A server that has no room for it says when to come again, and then it goes on where it was.
  void Run(const std::shared_ptr<grpc::Channel>& channel, std::uint64_t most) {
    const auto until = std::chrono::system_clock::now() + std::chrono::seconds(120);
    next = kBefore;
    while (true) {
      Watch(channel, most, until);
      const auto later = pipeline::RetryDelay(server::FromGrpc(end));
      if (seen >= most || !later.has_value() || std::chrono::system_clock::now() > until) return;
      std::this_thread::sleep_for(*later);
    }
  }

 private:
  void Watch(const std::shared_ptr<grpc::Channel>& channel, std::uint64_t most,
             std::chrono::system_clock::time_point until) {
    grpc::ClientContext context;
    context.set_deadline(until);
    const auto stub = v1::Watcher::NewStub(channel);
    const auto reader = stub->Watch(&context, From(next));
    for (v1::WatchAnswer answer; seen < most && reader->Read(&answer);) {
      for (const auto& record : answer.records()) {
        in_order = in_order && record.index() == next;
        next = record.index() + 1;
        ++seen;
      }
    }
    if (seen >= most) context.TryCancel();
    end = reader->Finish();
  }
};

void Pay(const Desk& desk, const std::string& address, std::uint64_t first, std::uint64_t count) {
  const auto key = ClerkOf(desk);
  const auto submission = v1::Submission::NewStub(OwnChannel(address));
  for (std::uint64_t id = first; id < first + count; ++id) {
    v1::SubmitRequest request;
    request.set_signed_entry(Signed(key, id, Payment("donor", "hub", 1)));
    v1::Receipt receipt;
    grpc::ClientContext context;
    if (!submission->Submit(&context, request, &receipt).ok()) std::abort();
  }
}

TEST_CASE("a hundred readers beside a writer see each record once, in order, and questions are answered") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  REQUIRE_FALSE(daemon.address().empty());
  constexpr std::size_t kReaders = 100;
  constexpr std::uint64_t kRecords = 60;
  std::vector<Reading> readings(kReaders);
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < 4; ++i) channels.push_back(OwnChannel(daemon.address()));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kReaders; ++i)
    threads.emplace_back([&, i] { readings[i].Run(channels[i % channels.size()], kRecords); });
  Pay(desk, daemon.address(), 1, kRecords);
  const auto stub = v1::Ledger::NewStub(OwnChannel(daemon.address()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  v1::CheckpointAnswer answer;
  CHECK(stub->GetCheckpoint(&context, {}, &answer).ok());
  for (auto& thread : threads) thread.join();
  for (const Reading& reading : readings) {
    INFO(reading.end.error_code() << " " << reading.end.error_message());
    CHECK(reading.seen == kRecords);
    CHECK(reading.in_order);
    CHECK(reading.next == kBefore + kRecords);
  }
}

TEST_CASE("readers end when the server ends, with a sentence, and when it is killed") {
  const Desk desk;
  desk.MakeLedger();
  for (const int signal : {SIGTERM, SIGKILL}) {
    INFO(signal);
    Daemon daemon(desk);
    REQUIRE_FALSE(daemon.address().empty());
    std::vector<Reading> readings(10);
    std::vector<std::thread> threads;
    const auto channel = OwnChannel(daemon.address());
    for (Reading& reading : readings) threads.emplace_back([&] { reading.Run(channel, UINT64_MAX); });
    const std::uint64_t first = signal == SIGTERM ? 1 : 100;
    Pay(desk, daemon.address(), first, 5);
    const auto all_read = [&] {
      return std::all_of(readings.begin(), readings.end(), [](const Reading& one) { return one.seen >= 5; });
    };
    for (int i = 0; i < 3'000 && !all_read(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(all_read());
    daemon.Signal(signal);
    for (auto& thread : threads) thread.join();
    for (const Reading& reading : readings) {
      CHECK(reading.in_order);
      CHECK(reading.end.error_code() == grpc::StatusCode::UNAVAILABLE);
      if (signal == SIGTERM) CHECK_THAT(reading.end.error_message(), Contains("the server ends"));
    }
    daemon.Wait();
  }
}

TEST_CASE("watch prints what was sealed: of a server until now, and of a folder what is there") {
  const Desk desk;
  desk.MakeLedger();
  const auto folder = desk.Run("--ledger l watch");
  CHECK(folder.exit == 0);
  CHECK_THAT(folder.out, Contains("0  "));
  CHECK_THAT(folder.out, Contains("register_party donor"));
  CHECK_THAT(folder.err, Contains("all that is in the folder"));
  const auto parties = desk.Run("--ledger l --json watch --kind register-party --party hub");
  CHECK(std::count(parties.out.begin(), parties.out.end(), '\n') == 2);  // and that of the village below it
  CHECK_THAT(parties.out, Contains("\"hub\""));
  CHECK(desk.Run("--ledger l watch --kind song").exit == 2);
  const Daemon daemon(desk);
  REQUIRE_FALSE(daemon.address().empty());
  const auto served = desk.Run("--server " + daemon.address() + " watch --from 0 --until-now");
  CHECK(served.exit == 0);
  CHECK(served.out == folder.out);
  // Ctrl-C is how people end it: that is no error.
  const auto interrupted = desk.Shell("timeout --preserve-status --signal=INT 2 " + Program() + " --server " +
                                      daemon.address() + " watch --from 0");
  CHECK(interrupted.exit == 0);
  CHECK(interrupted.out == folder.out);
}

}  // namespace
}  // namespace fundtrail::testing
