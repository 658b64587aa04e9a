// How many entries a second a server takes, over gRPC on this machine, client and server sharing its cores. Ratios to
// bounds measured in the same run. Decides nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_server_bench [ENTRIES]     20,000 by default
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "fmt/format.h"
#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/log/ledger.h"
#include "ledger/model/entry.h"
#include "ledger/store/rocks.h"
#include "server/server.h"

namespace fundtrail {
namespace {

constexpr char kName[] = "bench.example/server";

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <typename T>
T Must(StatusOr<T> value) {
  if (!value.ok()) {
    fmt::print(stderr, "{}\n", std::string(value.status().message()));
    std::exit(1);
  }
  return *std::move(value);
}

crypto::SigningKey Key() { return Must(crypto::SigningKey::FromSeed(Bytes(32, 'b'))); }

v1::Entry EntryWith(std::uint64_t id) {
  v1::Entry entry;
  entry.set_ledger(kName);
  entry.set_author("root");
  Bytes bytes(8, '\0');
  AppendBigEndian64(&bytes, id);
  entry.set_id(bytes);
  entry.set_date("2026-01-01");
  return entry;
}

void AddPayment(v1::Entry* entry, std::uint64_t n) {
  auto* transfer = entry->add_actions()->mutable_transfer();
  transfer->set_from("donor");
  transfer->set_to(fmt::format("d{}", n % 500));
  transfer->set_fund("fund");
  transfer->set_asset("CNY");
  transfer->set_amount(100);
  transfer->set_kind(v1::DONATION);
  transfer->set_purpose("winter relief");
}

Bytes Signed(const v1::Entry& entry) {
  static const crypto::SigningKey key = Key();
  return model::SerialiseDeterministic(Must(model::SignEntry(entry, key)));
}

// Entries made ahead: signing them is the clients' work.
std::vector<Bytes> MakeEntries(std::uint64_t first, std::size_t count, int transfers) {
  std::vector<Bytes> entries(count);
  std::vector<std::thread> threads;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t c = 0; c < cores; ++c) {
    threads.emplace_back([&, c] {
      for (std::size_t i = c; i < count; i += cores) {
        v1::Entry entry = EntryWith(first + i);
        for (int t = 0; t < transfers; ++t) AddPayment(&entry, first + i + static_cast<std::uint64_t>(t));
        entries[i] = Signed(entry);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return entries;
}

void MakeLedger(const std::string& dir) {
  v1::Entry genesis = EntryWith(0);
  auto* action = genesis.add_actions()->mutable_genesis();
  action->set_root_party("root");
  action->set_root_name("root");
  action->set_threshold(1);
  action->add_root_keys(std::string(Key().public_key().view()));
  const auto ledger =
      Must(log::CreateFolder(dir, kName, Signed(genesis), log::SystemClock(), crypto::SystemRandom()));
  v1::Entry names = EntryWith(1);
  const auto party = [&](const std::string& id, v1::Role role) {
    auto* made = names.add_actions()->mutable_register_party();
    made->set_id(id);
    made->set_name(id);
    made->set_parent("root");
    made->set_role(role);
  };
  party("donor", v1::SOURCE);
  for (int i = 0; i < 500; ++i) party(fmt::format("d{}", i), v1::HOLDER);
  names.add_actions()->mutable_declare_asset()->set_code("CNY");
  auto* fund = names.add_actions()->mutable_open_fund();
  fund->set_id("fund");
  fund->set_name("fund");
  fund->set_owner("root");
  Must(ledger->AppendOne(Signed(names), log::SystemClock()));
}

struct Result {
  double seconds = 0;
  std::vector<double> latencies;
  std::size_t failed = 0;
};

// Sends each entry by its own call, so many at a time.
Result Unary(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, std::size_t in_flight) {
  struct Call {
    grpc::ClientContext context;
    v1::SubmitRequest request;
    v1::Receipt receipt;
    double start = 0;
  };
  Result result;
  std::mutex mutex;
  std::condition_variable done;
  std::size_t next = 0, open = 0;
  std::function<void()> send = [&] {  // holding the mutex
    auto call = std::make_shared<Call>();
    call->request.set_signed_entry(entries[next++]);
    call->start = Now();
    ++open;
    stub->async()->Submit(&call->context, &call->request, &call->receipt,
                          [&, call](const grpc::Status& status) {
                            const std::lock_guard lock(mutex);
                            result.latencies.push_back(Now() - call->start);
                            if (!status.ok()) ++result.failed;
                            --open;
                            if (next < entries.size()) send();
                            if (open == 0) done.notify_one();
                          });
  };
  const double start = Now();
  std::unique_lock lock(mutex);
  while (next < std::min(in_flight, entries.size())) send();
  done.wait(lock, [&] { return open == 0; });
  result.seconds = Now() - start;
  std::sort(result.latencies.begin(), result.latencies.end());
  return result;
}

Result Batches(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, std::size_t batch) {
  Result result;
  const double start = Now();
  for (std::size_t i = 0; i < entries.size(); i += batch) {
    v1::SubmitBatchRequest request;
    for (std::size_t j = i; j < std::min(entries.size(), i + batch); ++j)
      request.add_signed_entries(entries[j]);
    v1::SubmitBatchAnswer answer;
    grpc::ClientContext context;
    if (!stub->SubmitBatch(&context, request, &answer).ok()) result.failed += batch;
    for (const auto& one : answer.results()) result.failed += one.has_receipt() ? 0 : 1;
  }
  result.seconds = Now() - start;
  return result;
}

Result Stream(v1::Submission::Stub* stub, const std::vector<Bytes>& entries) {
  Result result;
  const double start = Now();
  grpc::ClientContext context;
  const auto stream = stub->SubmitStream(&context);
  std::thread writer([&] {
    v1::SubmitRequest request;
    for (const Bytes& entry : entries) {
      request.set_signed_entry(entry);
      stream->Write(request);
    }
    stream->WritesDone();
  });
  v1::SubmitResult one;
  while (stream->Read(&one)) result.failed += one.has_receipt() ? 0 : 1;
  writer.join();
  if (!stream->Finish().ok()) result.failed = entries.size();
  result.seconds = Now() - start;
  return result;
}

double Percentile(const Result& result, double part) {
  const auto i = static_cast<std::size_t>(part * static_cast<double>(result.latencies.size() - 1));
  return result.latencies[i] * 1e3;
}

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

void Measure(const std::string& name, std::size_t count, int transfers, const std::string& dir,
             const std::function<Result(v1::Submission::Stub*, const std::vector<Bytes>&)>& send) {
  const std::string ledger = dir + "/ledger";
  std::filesystem::remove_all(ledger);
  MakeLedger(ledger);
  server::Config config;
  config.ledger = ledger;
  config.listen = "127.0.0.1:0";
  auto server = Must(server::Server::Start(config));
  const auto channel =
      grpc::CreateChannel("127.0.0.1:" + std::to_string(server->port()), grpc::InsecureChannelCredentials());
  const auto stub = v1::Submission::NewStub(channel);
  const auto entries = MakeEntries(1000, count, transfers);
  const Result result = send(stub.get(), entries);
  const auto counts = server->figures().pipeline;
  const double verify = VerifyBound(entries);
  std::filesystem::remove_all(dir + "/raw");
  const double write = WriteBound(server->rows(), 2, counts.groups, dir + "/raw");
  const double rate = static_cast<double>(count) / result.seconds;
  fmt::print("{:<34} {:>8.0f} entries/s  {:>4.2f} of verification, {:>4.2f} of writes  {} groups, {} failed",
             name, rate, verify / result.seconds, write / result.seconds, counts.groups, result.failed);
  if (transfers > 1) fmt::print("  {:.0f} transfers/s", rate * transfers);
  if (!result.latencies.empty()) {
    fmt::print("  p50 {:.2f}, p99 {:.2f}, p99.9 {:.2f} ms", Percentile(result, 0.5), Percentile(result, 0.99),
               Percentile(result, 0.999));
  }
  fmt::print("\n");
  std::fflush(stdout);
  server->Stop(std::chrono::milliseconds(1000));
}

}  // namespace
}  // namespace fundtrail

int main(int argc, char** argv) {
  using namespace fundtrail;
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
  if (!crypto::Init().ok()) return 3;
  std::string dir = (std::filesystem::current_path() / "fundtrail-server-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  const auto unary = [](std::size_t in_flight) {
    return [in_flight](v1::Submission::Stub* stub, const std::vector<Bytes>& entries) {
      return Unary(stub, entries, in_flight);
    };
  };
  Measure("1 in flight", std::min<std::size_t>(count, 2000), 1, dir, unary(1));
  Measure("64 in flight", count, 1, dir, unary(64));
  Measure("1,024 in flight", count, 1, dir, unary(1024));
  Measure("batches of 1,000", count, 1, dir,
          [](v1::Submission::Stub* stub, const std::vector<Bytes>& entries) {
            return Batches(stub, entries, 1000);
          });
  Measure("one stream", count, 1, dir, Stream);
  Measure("200 transfers each, 64 in flight", count / 50, 200, dir, unary(64));
  std::filesystem::remove_all(dir);
  return 0;
}
