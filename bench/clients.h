// Clients of a server, of several kinds: each sends what it is given and tells how long that took. Each is a process of
// its own, as clients are: within one process gRPC has one pair of threads for both sides.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"

namespace fundtrail::bench {

struct Result {
  double seconds = 0;
  std::vector<double> latencies;  // in seconds, ascending
  std::size_t failed = 0;
};

// Of latencies, the one that `part` of them do not exceed, in ms.
double Percentile(const std::vector<double>& latencies, double part);

// What a client does with its entries, or asks.
enum class Kind {
  kUnary,  // each entry by its own call, `number` at a time
  kPaced,  // each by its own call, `number` a second whatever the server does. A latency counts from when it was due
  kBatches,  // of `number`
  kStream,   // one stream
  kTraces,  // one trace after another for `number` seconds, of the grants in records `kFirstGrant` and on, `entries` unused
};
inline constexpr std::uint64_t kFirstGrant = 3, kGrants = 50;

// A process of this program that does it. It has begun when this returns.
class Client {
 public:
  // Keeps the entries in a file of that folder meanwhile. Of several addresses, with commas, traces are asked in turn.
  Client(const std::string& address, Kind kind, double number, const std::vector<Bytes>& entries,
         const std::string& dir);
  Result Wait();

 private:
  std::FILE* pipe_;
};

// What such a process does: its arguments are those of Client. Its exit code.
int RunClient(int argc, char** argv);

}  // namespace fundtrail::bench
