// Clients of a server, of several kinds: each sends what it is given and tells how long that took.
#pragma once

#include <functional>
#include <vector>

#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/base/bytes.h"

namespace fundtrail::bench {

struct Result {
  double seconds = 0;
  std::vector<double> latencies;  // in seconds, ascending
  std::size_t failed = 0;
};

// Of latencies, the one that `part` of them do not exceed, in ms.
double Percentile(const std::vector<double>& latencies, double part);

// Each entry by its own call, so many at a time.
Result Unary(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, std::size_t in_flight);
// Each by its own call, so many a second whatever the server does. A latency counts from when the call was due.
Result Paced(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, double per_second);
Result Batches(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, std::size_t batch);
Result Stream(v1::Submission::Stub* stub, const std::vector<Bytes>& entries);
// Asks for this trace again and again, until `over`, at least `least` times.
Result Traces(v1::Ledger::Stub* stub, const std::vector<v1::TraceRequest>& questions, std::size_t least,
              const std::function<bool()>& over);

}  // namespace fundtrail::bench
