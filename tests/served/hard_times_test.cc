// fundtraild when things go wrong: killed under load, a disk that is full, many clients of whom few behave.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "ledger/pipeline/retry.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"
#include "tests/support/wait_until.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("kill -9 under load: every receipt that a client got holds, and no entry is there twice") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  std::mutex mutex;
  Receipts receipts;
  std::atomic<std::uint64_t> next{1};
  std::atomic<bool> wrong{false};
  std::atomic<int> given{0};
  std::mt19937 random(std::random_device{}());
  const int kills = 30;
  for (int round = 0; round < kills; ++round) {
    Daemon daemon(desk);
    REQUIRE_FALSE(daemon.address().empty());
    const int before = given;
    std::atomic<bool> over{false};
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c) {
      clients.emplace_back([&, c] {
        const auto channel = OwnChannel(daemon.address());
        const auto stub = v1::Submission::NewStub(channel);
        while (!over) {
          // Mostly new entries, sometimes one of before; some are refused.
          const std::uint64_t newest = next;
          const std::uint64_t id = c == 3 && newest > 5 ? 1 + newest % 5 : next++;
          v1::SubmitBatchRequest request;
          request.add_signed_entries(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
          request.add_signed_entries(Signed(key, id + 1'000'000, Payment("village", "hub", 5)));
          v1::SubmitBatchAnswer answer;
          grpc::ClientContext context;
          context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
          if (!stub->SubmitBatch(&context, request, &answer).ok()) continue;
          const std::lock_guard lock(mutex);
          if (answer.results(0).has_receipt()) {
            const auto [known, fresh] = receipts.emplace(id, answer.results(0).receipt());
            if (!fresh && known->second.record() != answer.results(0).receipt().record()) wrong = true;
            if (fresh) ++given;
          }
          if (answer.results(1).has_receipt()) wrong = true;  // a RECIPIENT does not pay
        }
      });
    }
    // However slow the machine is, it is in the midst of writing.
    const bool writes = WaitUntil([&] { return given >= before + 2; });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 120));
    daemon.Signal(SIGKILL);
    over = true;
    for (auto& client : clients) client.join();
    REQUIRE(writes);
    REQUIRE_FALSE(wrong);
  }
  REQUIRE(receipts.size() > 50);
  const auto verified = desk.Run("verify l --vkey " + VkeyOf(desk));
  INFO(verified.out << verified.err);
  REQUIRE(verified.exit == 0);
  CheckReceipts(desk, Daemon(desk).address(), receipts);
}

TEST_CASE("a disk that takes no more: UNAVAILABLE, questions are answered, and all receipts hold") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  Receipts receipts;
  const auto fill = [&](Daemon* daemon) {
    const auto stub = v1::Submission::NewStub(OwnChannel(daemon->address()));
    REQUIRE_FALSE(daemon->address().empty());
    const grpc::Status full = PayUntilRefused(daemon->address(), key, 1, &receipts);
    CHECK(full.error_code() == grpc::StatusCode::UNAVAILABLE);
    CHECK_THAT(full.error_message(), Contains("nothing was promised"));
    REQUIRE(receipts.size() > 20);
    // Nothing is taken from now on, and the log says why; questions are answered all the same.
    Receipts none;
    CHECK(PayUntilRefused(daemon->address(), key, 900'000, &none).error_code() ==
          grpc::StatusCode::UNAVAILABLE);
    CHECK(none.empty());
    CHECK(daemon->Says("entries are taken no more, questions still are"));
    const auto balance = desk.Run("--server " + daemon->address() + " balance hub");
    CHECK(balance.exit == 0);
    CHECK_THAT(desk.Run("--server " + daemon->address() + " trace from --party donor").out, Contains("CNY"));
    CheckReceipts(desk, daemon->address(), receipts);
    CHECK(daemon->Signal(SIGTERM) == 0);
  };
  SECTION("because a file may not grow") {
    Daemon daemon(desk, {"--listen", "127.0.0.1:0"},
                  {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 1000; exec \"$@\"", "sh"});
    fill(&daemon);
  }
  SECTION("because it is full") {
    const std::string place = desk.path("l");
    const std::string mount = "cp -a '" + place + "' '" + place +
                              "-own' && mount -t tmpfs -o size=3m fundtrail '" + place +
                              "' 2>/dev/null && cp -a '" + place + "-own/.' '" + place + "'";
    if (std::system(mount.c_str()) != 0) {
      WARN("no right to mount a small disk here: not tried");
      return;
    }
    {
      Daemon daemon(desk);
      fill(&daemon);
    }
    // Opening writes too: it says so, and does no harm.
    Daemon none(desk);
    if (none.address().empty()) {
      INFO(none.Log());
      CHECK(none.Wait() == 3);
      CHECK_THAT(none.Log(), Contains("the disk is full"));
    }
    none.Signal(SIGTERM);
    CHECK(std::system(("mount -o remount,size=64m '" + place + "'").c_str()) == 0);
    const auto verified = desk.Run("verify l --vkey " + VkeyOf(desk));
    CHECK(std::system(("mkdir '" + place + "-kept' && cp -a '" + place + "/.' '" + place +
                       "-kept' && umount '" + place + "' && cp -a '" + place + "-kept/.' '" + place + "'")
                          .c_str()) == 0);
    CHECK(verified.exit == 0);
  }
  const auto verified = desk.Run("verify l --vkey " + VkeyOf(desk));
  INFO(verified.out << verified.err);
  CHECK(verified.exit == 0);
  Daemon again(desk);
  CheckReceipts(desk, again.address(), receipts);
  CHECK(PayUntilRefused(again.address(), key, 1'000'000, &receipts, 5).ok());
}

TEST_CASE("streams that are dropped with entries on their way do the server no harm") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  Daemon daemon(desk);
  std::vector<Bytes> entries;
  for (std::uint64_t id = 1; id <= 60; ++id)
    entries.push_back(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
  std::vector<std::thread> clients;
  for (unsigned c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      std::mt19937 random(c);
      const auto stub = v1::Submission::NewStub(OwnChannel(daemon.address()));
      for (int round = 0; round < 40; ++round) {
        grpc::ClientContext context;
        const auto stream = stub->SubmitStream(&context);
        v1::SubmitRequest request;
        for (const Bytes& entry : entries) {
          request.set_signed_entry(entry);
          if (!stream->Write(request)) break;
        }
        v1::SubmitResult result;
        for (auto reads = random() % 5; reads > 0 && stream->Read(&result); --reads) {
        }
        context.TryCancel();
        static_cast<void>(stream->Finish());
      }
    });
  }
  for (auto& client : clients) client.join();
  CHECK(daemon.Running());
  CHECK(desk.Run("--server " + daemon.address() + " balance hub").exit == 0);
  CHECK(daemon.Signal(SIGTERM) == 0);
}

// Asks for all records, and reads them when it is told to.
struct Reader {
  explicit Reader(const Daemon& daemon) : stub(v1::Ledger::NewStub(OwnChannel(daemon.address()))) {
    records = stub->Records(&context, {});
  }
  // How many there were until the end.
  std::uint64_t ReadAll() {
    std::uint64_t read = 0;
    for (v1::RecordsAnswer page; records->Read(&page);)
      read += static_cast<std::uint64_t>(page.records_size());
    end = records->Finish();
    return read;
  }
  std::unique_ptr<v1::Ledger::Stub> stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<v1::RecordsAnswer>> records;
  grpc::Status end;
};

// Whether somebody gets all of them within five seconds.
bool GetsAll(const Daemon& daemon) {
  for (int i = 0; i < 500; ++i) {
    Reader reader(daemon);
    if (reader.ReadAll() == 207 && reader.end.ok()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_CASE(
    "clients that read no further hold a bounded number of pages, and one that goes gives its place back") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("c.toml",
             "listen = \"127.0.0.1:0\"\n[limits]\npage_streams = 5\npage_streams_per_address = 3\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  FillLarge(desk, daemon.address());
  std::vector<std::unique_ptr<Reader>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<Reader>(daemon));
    held.back()->records->WaitForInitialMetadata();  // it has its place, and reads no further
  }
  Reader more(daemon);
  CHECK(more.ReadAll() == 0);
  CHECK(more.end.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK_THAT(more.end.error_message(), Contains("on their way"));
  CHECK(desk.Run("--server " + daemon.address() + " balance hub").exit == 0);  // short answers need no place
  for (auto& reader : held) reader->context.TryCancel();
  held.clear();
  CHECK(GetsAll(daemon));
}

TEST_CASE("a client that takes nothing for a while loses its place, and one that is slow does not") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("c.toml",
             "listen = \"127.0.0.1:0\"\n[limits]\npage_streams_per_address = 2\npage_seconds = 1\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  FillLarge(desk, daemon.address());
  Reader stalled(daemon), slow(daemon);
  stalled.records->WaitForInitialMetadata();
  std::uint64_t read = 0;
  // 13 pages, for longer than it may take for one; gRPC tells the server of several at a time that they were read.
  for (v1::RecordsAnswer page; slow.records->Read(&page);) {
    read += static_cast<std::uint64_t>(page.records_size());
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
  }
  CHECK(slow.records->Finish().ok());
  CHECK(read == 207);
  Reader other(daemon);  // keeps one of the two places
  other.records->WaitForInitialMetadata();
  CHECK(GetsAll(daemon));  // the place of the one that stalled
  CHECK(stalled.ReadAll() < 207);
  CHECK(stalled.end.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  CHECK_THAT(stalled.end.error_message(), Contains("nothing of the answer was taken for 1 s"));
  CHECK(daemon.Running());
}

TEST_CASE("SIGTERM ends the taking of entries at once, though a stream goes on sending") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  desk.write("c.toml", "listen = \"127.0.0.1:0\"\nstop_seconds = 2\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  const auto stub = v1::Submission::NewStub(OwnChannel(daemon.address()));
  grpc::ClientContext context;
  const auto stream = stub->SubmitStream(&context);
  std::atomic<int> receipts{0};
  std::uint64_t first_refused = UINT64_MAX, last_taken = 0;  // of the entries, as they were sent
  std::thread reader([&] {
    for (v1::SubmitResult result; stream->Read(&result);) {
      if (result.has_receipt()) {
        ++receipts;
        last_taken = std::max(last_taken, result.number());
      } else {
        first_refused = std::min(first_refused, result.number());
      }
    }
  });
  std::thread writer([&] {
    v1::SubmitRequest request;
    for (std::uint64_t id = 1;; ++id) {
      request.set_signed_entry(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
      if (!stream->Write(request)) return;
    }
  });
  while (receipts < 20) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(daemon.Signal(SIGTERM) == 0);
  writer.join();
  reader.join();
  static_cast<void>(stream->Finish());
  CHECK(first_refused < UINT64_MAX);
  CHECK(last_taken < first_refused);  // nothing was taken after the first that was not
}

// The most memory that a process had at once, in MB.
std::size_t PeakMegabytes(pid_t pid) {
  const std::string status = FileText("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::strtoull(status.c_str() + at + 6, nullptr, 10) / 1024;
}

TEST_CASE("a small message that unpacks to a large one is refused before it is unpacked") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  const auto stub = v1::Submission::NewStub(OwnChannel(daemon.address()));
  v1::SubmitRequest request;
  request.set_signed_entry(std::string(300'000'000, '\0'));  // 300 kB packed
  for (const auto how : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    v1::Receipt receipt;
    grpc::ClientContext context;
    context.set_compression_algorithm(how);
    const auto status = stub->Submit(&context, request, &receipt);
    INFO(status.error_message());
    CHECK(status.error_code() == grpc::StatusCode::UNIMPLEMENTED);
  }
  if (!RunsSanitized()) CHECK(PeakMegabytes(daemon.pid()) < 200);
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE("a message that is too long is refused before any of it is kept, and the same connection goes on") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  Daemon daemon(desk);
  REQUIRE_FALSE(daemon.address().empty());
  const auto stub = v1::Submission::NewStub(OwnChannel(daemon.address()));
  const auto submit = [&](std::string signed_entry) {
    v1::SubmitRequest request;
    request.set_signed_entry(std::move(signed_entry));
    v1::Receipt receipt;
    grpc::ClientContext context;
    return stub->Submit(&context, request, &receipt);
  };
  REQUIRE(submit(Signed(key, 1, Payment("donor", "hub", 5))).ok());
  const std::size_t before = PeakMegabytes(daemon.pid());
  for (int i = 0; i < 3; ++i) {
    const auto status = submit(std::string(100'000'000, 'x'));
    CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    CHECK(status.error_message() == "a message of 100000005 bytes: this server takes 4194304 at most");
    CHECK(submit(Signed(key, static_cast<std::uint64_t>(2 + i), Payment("donor", "hub", 5))).ok());
  }
  if (!RunsSanitized()) CHECK(PeakMegabytes(daemon.pid()) < before + 15);
  CHECK(daemon.Signal(SIGTERM) == 0);
}

// A socket, or -1. (Clients are threads, in which Catch2 may not be asked.)
int ConnectTo(const std::string& address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return socket;
  ::close(socket);
  return -1;
}

// Begins a request and never ends it, or says what is no HTTP/2 at all. The open socket, or -1.
int SayHalf(const std::string& address, bool rubbish) {
  std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  bytes += std::string("\0\0\0\4\0\0\0\0\0", 9);       // SETTINGS
  bytes += std::string("\0\1\0\1\4\0\0\0\1half", 13);  // HEADERS of 256 bytes, of which 4 come
  if (rubbish) bytes = std::string(4000, '\xff');
  const int socket = ConnectTo(address);
  if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()))
    return socket;
  ::close(socket);
  return -1;
}

TEST_CASE(
    "200 clients at once, few of whom behave: receipts hold, memory stays bounded, a good one is served") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  desk.write("c.toml",
             "listen = \"127.0.0.1:0\"\n[limits]\nrequest_bytes = 1000000\nmemory_bytes = 67108864\n"
             "questions_per_second = 100000\nquestion_burst = 100000\n"
             "[queue]\nentries = 300\nbytes = 8000000\n");
  Daemon daemon(desk, {"--config", desk.path("c.toml")});
  REQUIRE_FALSE(daemon.address().empty());
  std::mutex mutex;
  Receipts receipts;
  std::vector<std::string> wrong;
  std::vector<int> half;
  std::map<std::string, int> seen;
  int turned_away = 0;
  std::atomic<std::uint64_t> next{1};
  std::vector<std::thread> clients;
  for (unsigned c = 0; c < 200; ++c) {
    clients.emplace_back([&, c] {
      std::mt19937 random(seed + c);
      const auto channel = OwnChannel(daemon.address());
      const auto stub = v1::Submission::NewStub(channel);
      const auto ledger = v1::Ledger::NewStub(channel);
      const auto expect = [&](const char* what, const grpc::Status& status, const std::set<int>& codes) {
        // The queue is small on purpose, and so are the places for readers: whoever meets that is told when to come. A server
        // whose memory is taken closes new connections, and gRPC says so as UNAVAILABLE.
        const bool later = pipeline::RetryDelay(server::FromGrpc(status)).has_value() ||
                           (status.error_code() == grpc::StatusCode::UNAVAILABLE &&
                            status.error_message().find("failed to connect") != std::string::npos);
        const std::lock_guard lock(mutex);
        ++seen[what];
        if (later) ++turned_away;
        if (!later && codes.count(status.error_code()) == 0)
          wrong.push_back(std::string(what) + ": " + std::to_string(status.error_code()) + " " +
                          status.error_message());
      };
      for (int i = 0; i < 12; ++i) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
        v1::SubmitRequest request;
        v1::Receipt receipt;
        switch (random() % 10) {
          case 0:
          case 1:
          case 2: {  // a good entry, sometimes one that somebody sends too
            const std::uint64_t id = random() % 3 == 0 ? 1 + random() % next : next++;
            request.set_signed_entry(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
            const auto status = stub->Submit(&context, request, &receipt);
            expect("good", status, {0});
            if (!status.ok()) break;
            const std::lock_guard lock(mutex);
            const auto [known, fresh] = receipts.emplace(id, receipt);
            if (!fresh && known->second.record() != receipt.record())
              wrong.push_back("two records for one entry");
            break;
          }
          case 3:  // one that the rules refuse
            request.set_signed_entry(Signed(key, 500'000 + random() % 100, Payment("village", "hub", 5)));
            expect("refused", stub->Submit(&context, request, &receipt),
                   {grpc::StatusCode::FAILED_PRECONDITION});
            break;
          case 4:
            request.set_signed_entry(std::string(random() % 300, static_cast<char>(random())));
            expect("malformed", stub->Submit(&context, request, &receipt),
                   {grpc::StatusCode::INVALID_ARGUMENT});
            break;
          case 5:
            request.set_signed_entry(std::string(2'000'000, 'x'));
            expect("oversized", stub->Submit(&context, request, &receipt),
                   {grpc::StatusCode::RESOURCE_EXHAUSTED});
            break;
          case 6: {  // goes away at once: whether it was taken, a retry learns
            const std::uint64_t id = next++;
            request.set_signed_entry(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
            context.set_deadline(std::chrono::system_clock::now() +
                                 std::chrono::microseconds(random() % 3000));
            expect("hasty", stub->Submit(&context, request, &receipt),
                   {0, grpc::StatusCode::CANCELLED, grpc::StatusCode::DEADLINE_EXCEEDED});
            break;
          }
          case 7: {  // a stream that is left in the middle
            const auto stream = stub->SubmitStream(&context);
            for (int n = 0; n < 5; ++n) {
              const std::uint64_t id = next++;
              request.set_signed_entry(
                  Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
              stream->Write(request);
            }
            context.TryCancel();
            expect("left stream", stream->Finish(), {grpc::StatusCode::CANCELLED});
            break;
          }
          case 8: {  // asks for all records, reads one page, and then only holds on
            const auto reader = ledger->Records(&context, {});
            v1::RecordsAnswer page;
            reader->Read(&page);
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 50));
            context.TryCancel();
            expect("slow reader", reader->Finish(), {0, grpc::StatusCode::CANCELLED});
            break;
          }
          default: {
            const int socket = SayHalf(daemon.address(), random() % 2 == 0);
            const std::lock_guard lock(mutex);
            ++seen["half-sent"];
            half.push_back(socket);
            if (socket < 0) wrong.emplace_back("half-sent: no connection");
          }
        }
      }
    });
  }
  for (auto& client : clients) client.join();
  for (const auto& what : wrong) UNSCOPED_INFO(what);
  CHECK(wrong.empty());
  CHECK(seen.size() == 8);
  CHECK(receipts.size() > 100);
  // With the half-sent requests still open, somebody who behaves is served.
  const std::uint64_t id = 777'777;
  v1::SubmitRequest request;
  request.set_signed_entry(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
  CHECK(WaitUntil([&] {
    grpc::ClientContext context;
    return v1::Submission::NewStub(OwnChannel(daemon.address()))
        ->Submit(&context, request, &receipts[id])
        .ok();
  }));
  CheckReceipts(desk, daemon.address(), receipts);
  for (const int socket : half) ::close(socket);
  const std::size_t peak = PeakMegabytes(daemon.pid());
  WARN("peak memory of the server " << peak << " MB, " << receipts.size() << " receipts, " << turned_away
                                    << " asked to come later");
  if (!RunsSanitized()) CHECK(peak < 300);
  CHECK(daemon.Signal(SIGTERM) == 0);
  const auto verified = desk.Run("verify l --vkey " + VkeyOf(desk));
  INFO(verified.out << verified.err);
  CHECK(verified.exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
