// How many entries a second a server takes, over gRPC on this machine, client and server sharing its cores. How long
// receipts take at half of that, and what writes do to questions. Ratios to bounds measured in the same run. Decides
// nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_server_bench [ENTRIES [PART]]     20,000 by default; PART: only what begins so, as "1,024"
//   fundtrail_server_bench ENTRIES half RATE    only receipts and traces at so many entries a second
//   fundtrail_server_bench ENTRIES watch        only one reader, and 100, that watch beside a writer
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "bench/bench.h"
#include "bench/clients.h"
#include "bench/grants.h"
#include "ledger/folder/folder.h"
#include "ledger/store/rocks.h"
#include "server/server.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kFirstRecord =
    kFirstGrant + kGrants;  // each grant reaches 20 recipients, and is asked about

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

// A server on a fresh ledger, and its clients.
struct Served {
  explicit Served(const std::string& dir) {
    std::filesystem::remove_all(dir);
    MakeGrants(dir);
    server::Config config;
    config.ledger = dir;
    config.listen = "127.0.0.1:0";
    config.limits.admission.questions_per_second = 1e9;
    config.limits.admission.question_burst = 1e9;
    server = Must(server::Server::Start(config));
    address = "127.0.0.1:" + std::to_string(server->port());
  }
  ~Served() { server->Stop(std::chrono::milliseconds(1000)); }
  std::unique_ptr<server::Server> server;
  std::string address;
};

// A server that answers at once, with what a receipt has in bytes.
class Empty final : public v1::Submission::CallbackService {
 public:
  Empty() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    grpc_ = builder.BuildAndStart();
  }
  ~Empty() override { grpc_->Shutdown(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, const v1::SubmitRequest* /*request*/,
                                   v1::Receipt* receipt) override {
    receipt->set_record(1'000'000);
    receipt->set_recorded_micros(1'772'359'200'000'000);
    receipt->set_leaf_hash(Bytes(32, 'h'));
    receipt->set_checkpoint(Bytes(190, 'c'));
    auto* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  int port_ = 0;
  std::unique_ptr<grpc::Server> grpc_;
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
        v1::Entry named;
        if (!entry.ParseFromString(entries[i]) || !named.ParseFromString(entry.entry())) std::abort();
        const auto key = Must(crypto::PublicKey::FromBytes(named.signers(0)));
        const auto signature = Must(crypto::Signature::FromBytes(entry.signatures(0)));
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
double Measure(const std::string& name, std::size_t count, int transfers, const std::string& dir, Kind kind,
               double number) {
  const Served served(dir + "/ledger");
  const auto entries = MakeEntries(1000, count, transfers);
  const Result result = Client(served.address, kind, number, entries, dir).Wait();
  const auto counts = served.server->stats().pipeline;
  const double verify = VerifyBound(entries);
  std::filesystem::remove_all(dir + "/raw");
  const double write = WriteBound(served.server->rows(), kFirstRecord, counts.groups, dir + "/raw");
  const double rate = static_cast<double>(count) / result.seconds;
  fmt::print("{:<34} {:>8.0f} entries/s  {:>4.2f} of verification, {:>4.2f} of writes  {} groups, {} failed",
             name, rate, verify / result.seconds, write / result.seconds, counts.groups, result.failed);
  if (kind == Kind::kUnary && transfers == 1) {
    // One after the other on the same cores: what is left for the rules and the store has to come on top.
    const double calls = Client(Empty().address(), kind, number, entries, dir).Wait().seconds;
    fmt::print(", {:.2f} of calls, {:.2f} of calls and verification", calls / result.seconds,
               (calls + verify) / result.seconds);
  }
  if (transfers > 1) fmt::print("  {:.0f} transfers/s", rate * transfers);
  if (!result.latencies.empty()) fmt::print("  {}", Latencies(result));
  fmt::print("\n");
  std::fflush(stdout);
  return rate;
}

// Receipts at half load, and traces with and without that load.
void MeasureHalfLoad(std::size_t count, double per_second, const std::string& dir) {
  const Served served(dir + "/ledger");
  const auto entries = MakeEntries(1000, count, 1);
  const double seconds = static_cast<double>(count / 2) / per_second;
  const Result idle = Client(served.address, Kind::kTraces, 2, {}, dir).Wait();
  const Result alone =
      Client(served.address, Kind::kPaced, per_second,
             {entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(count / 2)}, dir)
          .Wait();
  fmt::print("receipts at {:.0f} entries/s          {}, {} failed\n", per_second, Latencies(alone),
             alone.failed);
  Client both(served.address, Kind::kPaced, per_second,
              {entries.begin() + static_cast<std::ptrdiff_t>(count / 2), entries.end()}, dir);
  const Result busy = Client(served.address, Kind::kTraces, seconds, {}, dir).Wait();
  const Result beside = both.Wait();
  fmt::print("the same with traces beside them   {}, {} failed\n", Latencies(beside), beside.failed);
  fmt::print("traces, nothing written            {}, {} failed\n", Latencies(idle), idle.failed);
  fmt::print("traces beside these writes         {}, {} of them, {} failed: p50 {:.1f}x, p99 {:.1f}x\n",
             Latencies(busy), busy.latencies.size(), busy.failed,
             Percentile(busy.latencies, 0.5) / Percentile(idle.latencies, 0.5),
             Percentile(busy.latencies, 0.99) / Percentile(idle.latencies, 0.99));
}

// What readers that watch cost a writer, and when the last of them has all.
struct Watched {
  double written = 0;  // entries a second
  double read = 0;     // records a second, of all readers together
  double last = 0;     // seconds from the first entry until all readers have all
  std::uint64_t missing = 0, wrong = 0;
  std::size_t failed = 0;
};

// 64 entries in flight beside so many readers. These are in this process, beside the server: their share of the cores counts too.
Watched WatchBeside(std::size_t count, std::size_t many, const std::vector<Bytes>& entries,
                    const std::string& dir) {
  constexpr std::size_t kConnections = 4;
  const Served served(dir + "/ledger");
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (std::size_t i = 0; i < kConnections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels.push_back(
        grpc::CreateCustomChannel(served.address, grpc::InsecureChannelCredentials(), arguments));
  }
  std::atomic<std::uint64_t> seen{0}, wrong{0};
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < many; ++i) {
    readers.emplace_back([&, i] {
      grpc::ClientContext context;
      v1::WatchRequest request;
      request.set_from(kFirstRecord);
      const auto stub = v1::Watcher::NewStub(channels[i % kConnections]);
      const auto reader = stub->Watch(&context, request);
      std::uint64_t own = 0;
      for (v1::WatchAnswer answer; own < count && reader->Read(&answer);) {
        for (const auto& record : answer.records())
          if (record.index() != kFirstRecord + own++) ++wrong;
      }
      seen += own;
      context.TryCancel();
      (void)reader->Finish();
    });
  }
  const double start = Now();
  const Result written = Client(served.address, Kind::kUnary, 64, entries, dir).Wait();
  for (auto& reader : readers) reader.join();
  const double last = Now() - start;
  return {static_cast<double>(count) / written.seconds,
          static_cast<double>(seen) / last,
          last,
          many * count - seen,
          wrong.load(),
          written.failed};
}

// With no reader, with one, and with 100: each a ratio to the one before it.
void MeasureWatch(std::size_t count, const std::string& dir) {
  const auto entries = MakeEntries(1000, count, 1);
  const double alone = WatchBeside(count, 0, entries, dir).written;
  const auto print = [](std::size_t many, const Watched& seen, const std::string& ratios) {
    fmt::print(
        "64 in flight, {:>3} watch            {:>8.0f} entries/s, {}; {:.0f} records/s read, the last {:.2f} "
        "s "
        "after the first entry; {} missing, {} out of order, {} failed\n",
        many, seen.written, ratios, seen.read, seen.last, seen.missing, seen.wrong, seen.failed);
    std::fflush(stdout);
  };
  const Watched one = WatchBeside(count, 1, entries, dir), hundred = WatchBeside(count, 100, entries, dir);
  print(1, one, fmt::format("{:.2f} of {:.0f} alone", one.written / alone, alone));
  print(100, hundred,
        fmt::format("{:.2f} of alone, {:.2f} of with one reader, {:.1f} times as long until all have all",
                    hundred.written / alone, hundred.written / one.written, hundred.last / one.last));
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail;
  using namespace fundtrail::bench;
  if (argc > 1 && std::string(argv[1]) == "--client") return RunClient(argc, argv);
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
  if (!crypto::Init().ok()) return 3;
  std::string dir = (std::filesystem::current_path() / "fundtrail-server-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  const std::string only = argc > 2 ? argv[2] : "";
  const auto measure = [&](const std::string& name, std::size_t entries, int transfers, Kind kind,
                           double number) {
    return name.rfind(only, 0) == 0 ? Measure(name, entries, transfers, dir, kind, number) : 0;
  };
  measure("1 in flight", std::min<std::size_t>(count, 2000), 1, Kind::kUnary, 1);
  measure("64 in flight", count, 1, Kind::kUnary, 64);
  const double most = measure("1,024 in flight", count, 1, Kind::kUnary, 1024);
  measure("batches of 1,000", count, 1, Kind::kBatches, 1000);
  measure("one stream", count, 1, Kind::kStream, 0);
  measure("200 transfers each, 64 in flight", count / 50, 200, Kind::kUnary, 64);
  if (only.empty()) MeasureHalfLoad(count, most / 2, dir);
  if (only.empty() || only == "watch") MeasureWatch(std::min<std::size_t>(count, 5'000), dir);
  if (only == "half") MeasureHalfLoad(count, argc > 3 ? std::atof(argv[3]) : 5'000, dir);
  std::filesystem::remove_all(dir);
  return 0;
}
