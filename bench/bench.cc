// How fast, as ratios to a bound measured in the same run. Decides nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_bench 10000 100000 1000000     for ledgers of so many transfers
//   fundtrail_bench whole                    traces of a whole ledger, and of parts of it
//
// Each phase runs in a process of its own, so that its peak memory is its own.
#include "bench/bench.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "bench/phase.h"
#include "bench/whole_trace.h"
#include "ledger/audit/verify.h"
#include "ledger/query/trace.h"
#include "ledger/store/forwarding_store.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"
#include "ledger/store/snapshot_cache.h"

namespace fundtrail::bench {
namespace {

constexpr int kGrants = 9;  // an entry has 9 grants of 20 payments each, and the grants themselves
constexpr int kRecipients = 20;
constexpr int kLines = kGrants * (kRecipients + 1);
constexpr std::size_t kRawEntries = 200;

Bytes PaymentEntry(std::uint64_t n, const crypto::SigningKey& key) {
  v1::Entry entry = EntryWith(1'000'000 + n);
  for (int g = 0; g < kGrants; ++g) {
    const std::string department = fmt::format("d{}", (n * kGrants + g) % kDepartments);
    AddPayment(&entry, "donor", department, 2000);
    for (int r = 0; r < kRecipients; ++r) {
      AddPayment(&entry, department, fmt::format("r{}", (n * 37 + g * 20 + r) % 2000), 100);
    }
  }
  return Signed(entry, key);
}

// Keeps the first batches, to write the same bytes again without a ledger.
class Recording final : public store::ForwardingStore {
 public:
  Recording(std::unique_ptr<store::Store> inner, std::vector<store::Batch>* batches)
      : ForwardingStore(std::move(inner)), batches_(*batches) {}
  Status Write(const store::Batch& batch) override {
    if (keep_ && batches_.size() < kRawEntries) batches_.push_back(batch);
    return ForwardingStore::Write(batch);
  }
  Status WriteUnsynced(const store::Batch& batch) override { return Write(batch); }
  void Keep() { keep_ = true; }

 private:
  std::vector<store::Batch>& batches_;
  bool keep_ = false;
};

void Import(const std::string& dir, std::uint64_t transfers) {
  const auto key = Key();
  const auto clock = log::SystemClock();
  std::vector<store::Batch> batches;
  auto store =
      std::make_unique<Recording>(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), &batches);
  Recording* recording = store.get();
  const auto ledger = Must(log::Ledger::Create(store::WithRowCache(std::move(store), std::size_t{32} << 20),
                                               kName, Key(), Signed(Genesis(), key), clock));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  for (int from = 0; from < 2000; from += 1000) {
    v1::Entry recipients = EntryWith(2 + static_cast<std::uint64_t>(from));
    for (int i = from; i < from + 1000; ++i) AddParty(&recipients, fmt::format("r{}", i), v1::ROLE_RECIPIENT);
    Must(ledger->AppendOne(Signed(recipients, key), clock).status());
  }
  recording->Keep();

  const std::uint64_t entries = std::max<std::uint64_t>(1, transfers / kLines);
  double spent = 0;
  double spent_first = 0;
  for (std::uint64_t n = 0; n < entries; ++n) {
    const Bytes entry = PaymentEntry(n, key);  // the author's work: not counted
    const double start = Now();
    Must(ledger->AppendOne(entry, clock).status());
    spent += Now() - start;
    if (n + 1 == std::min<std::uint64_t>(kRawEntries, entries)) spent_first = spent;
  }
  const auto raw = Must(store::OpenRocks(dir + "/raw", store::Access::kCreate));
  const double start = Now();
  for (const auto& batch : batches) Must(raw->Write(batch));
  const double bound = Now() - start;
  fmt::print(
      "  import   {:>9.0f} transfers/s   {:.2f}x raw synced writes of the same rows (first {} entries: "
      "{:.3f} s, raw {:.3f} s)\n",
      static_cast<double>(entries * kLines) / spent, spent_first / bound, batches.size(), spent_first, bound);
}

void VerifyPhase(const std::string& dir) {
  const auto store = Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly));
  audit::VerifyOptions options;
  options.vkey = Vkey();
  options.scratch_dir = dir;
  const double start = Now();
  const auto answer = Must(audit::VerifyStore(*store, options));
  const double spent = Now() - start;
  if (!answer.holds()) fmt::print("  verify DOES NOT HOLD: {}\n", answer.problem());

  const double bound = VerificationBound(answer.size(), answer.bytes());
  fmt::print(
      "  verify   {:>9.0f} transfers/s   {:.1f}x one Ed25519 verification an entry + hashing ({:.2f} s, "
      "bound {:.3f} s)\n",
      static_cast<double>(answer.transfers()) / spent, spent / bound, spent, bound);
}

void TracePhase(const std::string& dir, std::uint64_t transfers) {
  // As a server asks: each question of a snapshot of its own.
  const auto store = store::WithSnapshotCache(
      Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), std::size_t{32} << 20);
  const std::uint64_t entries = std::max<std::uint64_t>(1, transfers / kLines);
  std::vector<double> times;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    query::TraceQuestion question;
    const std::uint64_t record = 4 + (i * 7919) % entries;
    question.ref =
        TransferRef{RecordIndex(record), static_cast<std::uint32_t>((i % kGrants) * (kRecipients + 1) + 1)};
    const double start = Now();
    const auto snapshot = store->Snapshot();
    const auto answer = Must(query::Trace(Must(query::MakeView(*snapshot)), question));
    times.push_back(Now() - start);
    if (answer.assets_size() != 1 || answer.assets(0).reached() != 2000) fmt::print("  a trace is WRONG\n");
  }
  std::sort(times.begin(), times.end());
  fmt::print("  trace    p50 {:.3f} ms, p99 {:.3f} ms for a grant to {} recipients\n", times[500] * 1e3,
             times[990] * 1e3, kRecipients);
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail::bench;
  for (int i = 1; i < argc; ++i) {
    const bool whole = std::string_view(argv[i]) == "whole";
    const std::uint64_t transfers = whole ? 0 : std::strtoull(argv[i], nullptr, 10);
    std::string dir = (std::filesystem::current_path() / "fundtrail-bench-XXXXXX").string();
    if (mkdtemp(dir.data()) == nullptr) return 3;
    if (whole) {
      Phase([&] { FillWhole(dir); });
      Phase([&] { TraceWhole(dir); });
    } else {
      fmt::print("{} transfers\n", transfers);
      Phase([&] { Import(dir, transfers); });
      Phase([&] { VerifyPhase(dir); });
      Phase([&] { TracePhase(dir, transfers); });
    }
    std::filesystem::remove_all(dir);
  }
  return 0;
}
