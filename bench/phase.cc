// See phase.h.
#include "bench/phase.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "bench/bench.h"
#include "ledger/crypto/sha256.h"
#include "ledger/tree/note.h"

namespace fundtrail::bench {

void Phase(const std::function<void()>& work) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    Must(crypto::Init());
    work();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("           peak memory {} MB\n", usage.ru_maxrss / 1024);
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
}

double VerificationBound(std::uint64_t records, std::uint64_t bytes) {
  const auto key = Key();
  const Bytes record(bytes / std::max<std::uint64_t>(1, records), 'm');
  const auto signature = key.Sign(record);
  const std::uint64_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::atomic<std::uint64_t> good{0};
  const double start = Now();
  std::vector<std::thread> threads;
  for (std::uint64_t c = 0; c < cores; ++c) {
    threads.emplace_back([&, c] {
      for (std::uint64_t i = c; i < records; i += cores) {
        const bool verified = crypto::Verify(key.public_key(), record, signature);
        if (verified && crypto::Sha256(record) != Hash()) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const double spent = Now() - start;
  if (good != records) std::abort();  // and so nothing of it can be left out by the compiler
  return spent;
}

std::string Vkey() {
  return tree::FormatVkey(Must(tree::MakeVerifier(kName, tree::KeyType::kEd25519, Key().public_key())));
}

}  // namespace fundtrail::bench
