// Archives, proofs and clones: how fast, how large, against a bound measured in the same run. Decides nothing; prints. See
// docs/benchmarks.md.
//
//   fundtrail_archive_bench 10000x1 1000000x1 5292x189     for ledgers of so many records with so many transfers each
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "bench/phase.h"
#include "ledger/audit/archive.h"
#include "ledger/audit/clone.h"
#include "ledger/audit/receipt.h"
#include "ledger/audit/verify.h"
#include "ledger/query/proofs.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kGroup = 500;     // transfers under one checkpoint
constexpr std::uint64_t kGrowth = 1'000;  // records that are added to see how an archive grows
constexpr std::size_t kCacheBytes = std::size_t{32} << 20;

struct Shape {
  std::uint64_t records = 0, transfers = 0;  // transfers of one record
};

void PrintArchived(const char* what, const v1::ArchiveAnswer& answer, double seconds) {
  const double added = static_cast<double>(answer.size() - answer.previous_size());
  fmt::print("  {} {:>7} files, {:.2f} MB: {:.0f} bytes a record, {:.2f} s, {:.0f} records/s\n", what,
             answer.files(), static_cast<double>(answer.bytes()) / 1e6,
             static_cast<double>(answer.bytes()) / added, seconds, added / seconds);
}

// The ledger, and its archive: of all the records but the last thousand, and then of these.
void Make(const std::string& dir, const Shape& shape) {
  const auto key = Key();
  const auto clock = log::SystemClock();
  const auto ledger = Must(log::Ledger::Create(
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kCreate)), kCacheBytes), kName,
      Key(), Signed(Genesis(), key), clock));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  std::uint64_t made = 0;
  std::vector<Bytes> group;
  const auto append_up_to = [&](std::uint64_t records) {
    while (made < records) {
      v1::Entry entry = EntryWith(1'000'000 + made);
      for (std::uint64_t t = 0; t < shape.transfers; ++t)
        AddPayment(&entry, "donor", fmt::format("d{}", (made * 7 + t) % kDepartments), 100);
      group.push_back(Signed(entry, key));
      ++made;
      if (group.size() * shape.transfers < kGroup && made < records) continue;
      for (const auto& receipt : ledger->Append(group, clock)) Must(receipt.status());
      group.clear();
    }
  };
  const auto archive = [&](const char* what) {
    const double start = Now();
    const auto answer = Must(audit::WriteArchive(*ledger->store().Snapshot(), dir + "/archive", {}));
    PrintArchived(what, answer, Now() - start);
  };
  append_up_to(shape.records - std::min(kGrowth, shape.records / 2));
  archive("archive ");
  append_up_to(shape.records);
  archive("  growth");
}

void Verify(const std::string& dir) {
  audit::VerifyOptions options;
  options.vkey = Vkey();
  options.scratch_dir = dir;
  const double start = Now();
  const auto answer = Must(audit::VerifyFolder(dir + "/archive", options));
  const double spent = Now() - start;
  if (!answer.holds()) fmt::print("  verify DOES NOT HOLD: {}\n", answer.problem());
  const double bound = VerificationBound(answer.size(), answer.bytes());
  fmt::print(
      "  verify   {:>9.0f} transfers/s   {:.1f}x one Ed25519 verification an entry + hashing ({:.2f} s, "
      "bound "
      "{:.3f} s)\n",
      static_cast<double>(answer.transfers()) / spent, spent / bound, spent, bound);
}

void Clone(const std::string& dir) {
  const auto source = Must(audit::FromFolder(dir + "/archive"));
  audit::CloneOptions options;
  options.vkey = Vkey();
  const double start = Now();
  const auto answer = Must(audit::Clone(source.get(), dir + "/clone", options));
  const double spent = Now() - start;
  fmt::print("  clone    {:>9.0f} records/s, {:.0f} transfers/s ({:.2f} s)\n",
             static_cast<double>(answer.size()) / spent, static_cast<double>(answer.transfers()) / spent,
             spent);
}

void Prove(const std::string& dir) {
  const auto rows =
      store::WithRowCache(Must(store::OpenRocks(dir + "/store", store::Access::kReadOnly)), kCacheBytes);
  const auto view = Must(query::MakeView(*rows));
  std::vector<double> proofs, consistencies;
  std::vector<std::size_t> receipts;
  int hashes = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t index = (i * 7919) % view.checkpoint.size();
    double start = Now();
    v1::ProveRequest proof;
    proof.set_record(index);
    const auto answer = Must(query::Prove(view, proof));
    proofs.push_back(Now() - start);
    receipts.push_back(Must(audit::MakeReceipt(answer)).size());
    hashes = std::max(hashes, answer.path_size());
    start = Now();
    v1::ConsistencyRequest sizes;
    sizes.set_old_size(std::max<std::uint64_t>(1, index));
    sizes.set_new_size(view.checkpoint.size());
    Must(query::Consistency(view, sizes).status());
    consistencies.push_back(Now() - start);
  }
  std::sort(proofs.begin(), proofs.end());
  std::sort(consistencies.begin(), consistencies.end());
  std::sort(receipts.begin(), receipts.end());
  fmt::print(
      "  proof    p50 {:.3f} ms, p99 {:.3f} ms; at most {} hashes, a receipt of {} bytes\n"
      "           consistency p50 {:.3f} ms, p99 {:.3f} ms\n",
      proofs[500] * 1e3, proofs[990] * 1e3, hashes, receipts[500], consistencies[500] * 1e3,
      consistencies[990] * 1e3);
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail::bench;
  for (int i = 1; i < argc; ++i) {
    char* end = nullptr;
    Shape shape;
    shape.records = std::strtoull(argv[i], &end, 10);
    shape.transfers = *end == 'x' ? std::strtoull(end + 1, nullptr, 10) : 0;
    if (shape.records == 0 || shape.transfers == 0) {
      fmt::print(stderr, "{} is not RECORDSxTRANSFERS, as 10000x1 is\n", argv[i]);
      return 2;
    }
    std::string dir = (std::filesystem::current_path() / "fundtrail-bench-XXXXXX").string();
    if (mkdtemp(dir.data()) == nullptr) return 3;
    fmt::print("{} records of {} transfers\n", shape.records, shape.transfers);
    Phase([&] { Make(dir, shape); });
    Phase([&] { Verify(dir); });
    Phase([&] { Clone(dir); });
    Phase([&] { Prove(dir); });
    std::filesystem::remove_all(dir);
  }
  return 0;
}
