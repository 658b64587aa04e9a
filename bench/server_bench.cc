// How many entries a second a server takes, over gRPC on this machine, client and server sharing its cores; how long
// receipts take at half of that, and what writes do to questions. Ratios to bounds measured in the same run. Decides
// nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_server_bench [ENTRIES [PART]]     20,000 by default; PART: only what begins so, as "1,024"
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "bench/bench.h"
#include "bench/clients.h"
#include "ledger/store/rocks.h"
#include "server/server.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kGrants = 50;  // records 3 to 52: each reaches 20 recipients, and is asked about
constexpr std::uint64_t kFirstRecord = 3 + kGrants;

// Entries made ahead: signing them is the clients' work.
std::vector<Bytes> MakeEntries(std::uint64_t first, std::size_t count, int transfers) {
  const crypto::SigningKey key = Key();
  std::vector<Bytes> entries(count);
  std::vector<std::thread> threads;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t c = 0; c < cores; ++c) {
    threads.emplace_back([&, c] {
      for (std::size_t i = c; i < count; i += cores) {
        v1::Entry entry = EntryWith(first + i);
        for (int t = 0; t < transfers; ++t)
          AddPayment(&entry, "donor",
                     fmt::format("d{}", (first + i + static_cast<std::uint64_t>(t)) % kDepartments), 100);
        entries[i] = Signed(entry, key);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return entries;
}

void MakeLedger(const std::string& dir) {
  const auto key = Key();
  const auto clock = log::SystemClock();
  const auto ledger =
      Must(log::CreateFolder(dir, kName, Signed(Genesis(), key), clock, crypto::SystemRandom()));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  v1::Entry more = EntryWith(2);
  for (int i = 0; i < 1000; ++i) AddParty(&more, fmt::format("r{}", i), v1::RECIPIENT);
  for (std::uint64_t g = 0; g < kGrants; ++g) AddParty(&more, fmt::format("hub{}", g), v1::HOLDER);
  Must(ledger->AppendOne(Signed(more, key), clock).status());
  for (std::uint64_t g = 0; g < kGrants; ++g) {
    v1::Entry grant = EntryWith(3 + g);
    const std::string hub = fmt::format("hub{}", g);
    AddPayment(&grant, "donor", hub, 2000);
    for (std::uint64_t r = 0; r < 20; ++r)
      AddPayment(&grant, hub, fmt::format("r{}", (g * 20 + r) % 1000), 100);
    Must(ledger->AppendOne(Signed(grant, key), clock).status());
  }
}

// A server on a fresh ledger, and its clients.
struct Served {
  explicit Served(const std::string& dir) {
    std::filesystem::remove_all(dir);
    MakeLedger(dir);
    server::Config config;
    config.ledger = dir;
    config.listen = "127.0.0.1:0";
    config.limits.questions_per_second = 1e9;
    config.limits.question_burst = 1e9;
    server = Must(server::Server::Start(config));
    const auto address = "127.0.0.1:" + std::to_string(server->port());
    submission = v1::Submission::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    ledger = v1::Ledger::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  }
  ~Served() { server->Stop(std::chrono::milliseconds(1000)); }
  std::unique_ptr<server::Server> server;
  std::unique_ptr<v1::Submission::Stub> submission;
  std::unique_ptr<v1::Ledger::Stub> ledger;
};

// (a) one verification an entry, on all cores.
double VerifyBound(const std::vector<Bytes>& entries) {
  const double start = Now();
  std::vector<std::thread> threads;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t c = 0; c < cores; ++c) {
    threads.emplace_back([&, c] {
      for (std::size_t i = c; i < entries.size(); i += cores) {
        v1::SignedEntry entry;
        entry.ParseFromString(entries[i]);
        const auto key = Must(crypto::PublicKey::FromBytes(entry.signatures(0).public_key()));
        const auto signature = Must(crypto::Signature::FromBytes(entry.signatures(0).signature()));
        if (!crypto::Verify(key, Bytes(model::kEntryDomain) + entry.entry(), signature)) std::abort();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return Now() - start;
}

// (b) the rows that these entries made, written again and synced in as many groups.
double WriteBound(const store::Reader& rows, std::uint64_t first_record, std::uint64_t groups,
                  const std::string& dir) {
  std::vector<store::Batch> batches(std::max<std::uint64_t>(1, groups));
  std::vector<std::pair<Bytes, Bytes>> all;
  Bytes first(1, 'r');
  AppendBigEndian64(&first, first_record);
  for (const char tag : {'r', 't', 'e', 'o', 'i', 'l', 'n'}) {
    const Bytes begin = tag == 'r' ? first : Bytes(1, tag);
    const auto cursor = rows.Scan(begin, store::PrefixEnd(Bytes(1, tag)));
    std::vector<std::pair<Bytes, Bytes>> some;
    for (; cursor->Valid(); cursor->Next()) some.emplace_back(cursor->key(), cursor->value());
    // Those of these entries are about the last of each kind.
    for (std::size_t i = 0; i < some.size(); ++i)
      batches[i * batches.size() / some.size()].insert(std::move(some[i]));
  }
  const auto raw = Must(store::OpenRocks(dir, store::Access::kCreate));
  const double start = Now();
  for (const auto& batch : batches) {
    const Status written = raw->Write(batch);
    if (!written.ok()) std::exit(1);
  }
  return Now() - start;
}

std::string Latencies(const Result& result) {
  return fmt::format("p50 {:.2f}, p99 {:.2f}, p99.9 {:.2f} ms", Percentile(result.latencies, 0.5),
                     Percentile(result.latencies, 0.99), Percentile(result.latencies, 0.999));
}

// How many entries a second.
double Measure(const std::string& name, std::size_t count, int transfers, const std::string& dir,
               const std::function<Result(v1::Submission::Stub*, const std::vector<Bytes>&)>& send) {
  const Served served(dir + "/ledger");
  const auto entries = MakeEntries(1000, count, transfers);
  const Result result = send(served.submission.get(), entries);
  const auto counts = served.server->figures().pipeline;
  const double verify = VerifyBound(entries);
  std::filesystem::remove_all(dir + "/raw");
  const double write = WriteBound(served.server->rows(), kFirstRecord, counts.groups, dir + "/raw");
  const double rate = static_cast<double>(count) / result.seconds;
  fmt::print("{:<34} {:>8.0f} entries/s  {:>4.2f} of verification, {:>4.2f} of writes  {} groups, {} failed",
             name, rate, verify / result.seconds, write / result.seconds, counts.groups, result.failed);
  if (transfers > 1) fmt::print("  {:.0f} transfers/s", rate * transfers);
  if (!result.latencies.empty()) fmt::print("  {}", Latencies(result));
  fmt::print("\n");
  std::fflush(stdout);
  return rate;
}

// Receipts at half load, and the same traces with and without that load.
void MeasureHalfLoad(std::size_t count, double per_second, const std::string& dir) {
  const Served served(dir + "/ledger");
  const auto entries = MakeEntries(1000, count, 1);
  std::vector<v1::TraceRequest> questions(kGrants);
  for (std::uint64_t g = 0; g < kGrants; ++g) {
    questions[g].set_direction(v1::FROM);
    questions[g].mutable_ref()->set_record(3 + g);
    questions[g].mutable_ref()->set_line(1);
  }
  const Result idle = Traces(served.ledger.get(), questions, 2000, [] { return true; });
  const Result alone =
      Paced(served.submission.get(), {entries.begin(), entries.begin() + count / 2}, per_second);
  fmt::print("receipts at {:.0f} entries/s          {}, {} failed\n", per_second, Latencies(alone),
             alone.failed);
  std::atomic<bool> over{false};
  Result busy;
  std::thread asking([&] { busy = Traces(served.ledger.get(), questions, 0, [&] { return over.load(); }); });
  const Result both =
      Paced(served.submission.get(), {entries.begin() + count / 2, entries.end()}, per_second);
  over = true;
  asking.join();
  fmt::print("the same with traces beside them   {}, {} failed\n", Latencies(both), both.failed);
  fmt::print("traces, nothing written            {}, {} failed\n", Latencies(idle), idle.failed);
  fmt::print("traces beside these writes         {}, {} of them, {} failed: p50 {:.1f}x, p99 {:.1f}x\n",
             Latencies(busy), busy.latencies.size(), busy.failed,
             Percentile(busy.latencies, 0.5) / Percentile(idle.latencies, 0.5),
             Percentile(busy.latencies, 0.99) / Percentile(idle.latencies, 0.99));
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail;
  using namespace fundtrail::bench;
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
  if (!crypto::Init().ok()) return 3;
  std::string dir = (std::filesystem::current_path() / "fundtrail-server-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  const std::string only = argc > 2 ? argv[2] : "";
  const auto measure = [&](const std::string& name, std::size_t entries, int transfers, const auto& send) {
    return name.rfind(only, 0) == 0 ? Measure(name, entries, transfers, dir, send) : 0;
  };
  const auto unary = [](std::size_t in_flight) {
    return [in_flight](v1::Submission::Stub* stub, const std::vector<Bytes>& entries) {
      return Unary(stub, entries, in_flight);
    };
  };
  measure("1 in flight", std::min<std::size_t>(count, 2000), 1, unary(1));
  measure("64 in flight", count, 1, unary(64));
  const double most = measure("1,024 in flight", count, 1, unary(1024));
  measure("batches of 1,000", count, 1, [](v1::Submission::Stub* stub, const std::vector<Bytes>& entries) {
    return Batches(stub, entries, 1000);
  });
  measure("one stream", count, 1, Stream);
  measure("200 transfers each, 64 in flight", count / 50, 200, unary(64));
  if (only.empty()) MeasureHalfLoad(count, most / 2, dir);
  std::filesystem::remove_all(dir);
  return 0;
}
