// See clients.h.
#include "bench/clients.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "bench/bench.h"

namespace fundtrail::bench {
namespace {

struct Call {
  grpc::ClientContext context;
  v1::SubmitRequest request;
  v1::Receipt receipt;
  double start = 0;
};

}  // namespace

double Percentile(const std::vector<double>& latencies, double part) {
  return latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))] * 1e3;
}

Result Unary(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, std::size_t in_flight) {
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

Result Paced(v1::Submission::Stub* stub, const std::vector<Bytes>& entries, double per_second) {
  Result result;
  std::mutex mutex;
  std::condition_variable done;
  std::size_t open = 0;
  const double start = Now();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto call = std::make_shared<Call>();
    call->request.set_signed_entry(entries[i]);
    call->start = start + static_cast<double>(i) / per_second;
    const double early = call->start - Now();
    if (early > 0) std::this_thread::sleep_for(std::chrono::duration<double>(early));
    {
      const std::lock_guard lock(mutex);
      ++open;
    }
    stub->async()->Submit(&call->context, &call->request, &call->receipt,
                          [&, call](const grpc::Status& status) {
                            const std::lock_guard lock(mutex);
                            result.latencies.push_back(Now() - call->start);
                            if (!status.ok()) ++result.failed;
                            if (--open == 0) done.notify_one();
                          });
  }
  std::unique_lock lock(mutex);
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

Result Traces(v1::Ledger::Stub* stub, const std::vector<v1::TraceRequest>& questions, std::size_t least,
              const std::function<bool()>& over) {
  Result result;
  for (std::size_t i = 0; i < least || !over(); ++i) {
    const double start = Now();
    grpc::ClientContext context;
    v1::TraceAnswer answer;
    const auto status = stub->Trace(&context, questions[i % questions.size()], &answer);
    result.latencies.push_back(Now() - start);
    result.seconds += result.latencies.back();
    if (!status.ok() || answer.assets_size() != 1 || answer.assets(0).reached() != 2000) ++result.failed;
  }
  std::sort(result.latencies.begin(), result.latencies.end());
  return result;
}

}  // namespace fundtrail::bench
