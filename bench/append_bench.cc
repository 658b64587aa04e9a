// What an entry costs a ledger in a folder, without gRPC: processor time, to check it and to append it, beside writing the same rows
// raw. So it says something on a busy machine too, and under valgrind --tool=callgrind. Decides nothing; prints.
//
//   fundtrail_append_bench ENTRIES TRANSFERS GROUP    so many entries of so many transfers, in groups of so many
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "bench/bench.h"
#include "bench/grants.h"
#include "ledger/folder/folder.h"
#include "ledger/store/forwarding_store.h"
#include "ledger/store/rocks.h"

namespace fundtrail::bench {
namespace {

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Keeps what is written, to write it again without a ledger.
class Recording final : public store::ForwardingStore {
 public:
  Recording(std::unique_ptr<store::Store> inner, std::vector<store::Batch>* batches)
      : ForwardingStore(std::move(inner)), batches_(*batches) {}
  Status Write(const store::Batch& batch) override {
    batches_.push_back(batch);
    return ForwardingStore::Write(batch);
  }

 private:
  std::vector<store::Batch>& batches_;
};

std::vector<Bytes> MakeEntries(std::size_t count, std::size_t transfers) {
  std::vector<Bytes> entries;
  const auto key = Key();
  for (std::size_t i = 0; i < count; ++i) {
    v1::Entry entry = EntryWith(100'000 + i);
    for (std::size_t t = 0; t < transfers; ++t)
      AddPayment(&entry, "donor", fmt::format("d{}", (i + t) % kDepartments), 100);
    entries.push_back(Signed(entry, key));
  }
  return entries;
}

// Apart from what makes the ledger, so that callgrind can be told to look at these alone (--toggle-collect).
__attribute__((noinline)) std::vector<log::Candidate> Examine(const log::Ledger& ledger, const Bytes* entries,
                                                              std::size_t count) {
  std::vector<log::Candidate> candidates;
  for (std::size_t i = 0; i < count; ++i) candidates.push_back(log::Examine(ledger.store(), entries[i]));
  return candidates;
}
__attribute__((noinline)) void Append(log::Ledger* ledger, const std::vector<log::Candidate>& candidates) {
  std::size_t next = 0;
  const auto receipts = ledger->AppendEach(
      [&] { return next < candidates.size() ? &candidates[next++] : nullptr; }, log::SystemClock());
  for (const auto& receipt : receipts) Must(receipt.status());
}
__attribute__((noinline)) void WriteRaw(store::Store* raw, const std::vector<store::Batch>& batches) {
  for (const auto& batch : batches) Must(raw->Write(batch));
}

void Run(const std::string& dir, std::size_t count, std::size_t transfers, std::size_t group) {
  const auto entries = MakeEntries(count, transfers);
  MakeGrants(dir + "/ledger");
  std::vector<store::Batch> batches;
  const auto ledger = Must(folder::OpenFolder(
      dir + "/ledger", [&](auto store) { return std::make_unique<Recording>(std::move(store), &batches); }));
  double examine = 0, append = 0;
  for (std::size_t i = 0; i < count; i += group) {
    const double start = ProcessorSeconds();
    const auto candidates = Examine(*ledger, &entries[i], std::min(group, count - i));
    const double examined = ProcessorSeconds();
    Append(ledger.get(), candidates);
    examine += examined - start;
    append += ProcessorSeconds() - examined;
  }
  const auto raw = Must(store::OpenRocks(dir + "/raw", store::Access::kCreate));
  const double start = ProcessorSeconds();
  WriteRaw(raw.get(), batches);
  const double write = ProcessorSeconds() - start;
  const auto each = [&](double seconds) { return 1e6 * seconds / static_cast<double>(count); };
  fmt::print(
      "{} entries of {}, in groups of {}: of each {:.1f} µs to check, {:.1f} µs to append, {:.1f} µs to "
      "write raw\n",
      count, transfers, group, each(examine), each(append), each(write));
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail;
  using namespace fundtrail::bench;
  if (argc != 4 || !crypto::Init().ok()) return 2;
  std::string dir = (std::filesystem::current_path() / "fundtrail-append-bench-XXXXXX").string();
  if (mkdtemp(dir.data()) == nullptr) return 3;
  const auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  Run(dir, number(1), number(2), number(3));
  std::filesystem::remove_all(dir);
  return 0;
}
