// A phase of a benchmark in a process of its own, and what verifying a ledger is measured against.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace fundtrail::bench {

// Runs the work in a child, which prints its peak memory at the end: so it is that of the phase alone.
void Phase(const std::function<void()>& work);

// The seconds that one Ed25519 verification for each of so many records, and one SHA-256 of all their bytes, take on all
// cores. Nobody can verify a ledger faster.
double VerificationBound(std::uint64_t records, std::uint64_t bytes);

std::string Vkey();  // of the ledgers that benchmarks make

}  // namespace fundtrail::bench
