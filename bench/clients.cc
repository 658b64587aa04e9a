// See clients.h.
#include "bench/clients.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>

#include "bench/bench.h"
#include "fundtrail/v1/service.grpc.pb.h"

namespace fundtrail::bench {
namespace {

using Entries = std::vector<Bytes>;

struct Call {
  grpc::ClientContext context;
  v1::SubmitRequest request;
  v1::Receipt receipt;
  double start = 0;
};

Result Unary(v1::Submission::Stub* stub, const Entries& entries, std::size_t in_flight) {
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

Result Paced(v1::Submission::Stub* stub, const Entries& entries, double per_second) {
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

Result Batches(v1::Submission::Stub* stub, const Entries& entries, std::size_t batch) {
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

Result Stream(v1::Submission::Stub* stub, const Entries& entries) {
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

Result Traces(const std::vector<std::unique_ptr<v1::Ledger::Stub>>& servers, double seconds) {
  Result result;
  const double until = Now() + seconds;
  for (std::uint64_t i = 0; Now() < until; ++i) {
    v1::TraceRequest question;
    question.set_direction(v1::DIRECTION_FROM);
    question.mutable_ref()->set_record(kFirstGrant + i % kGrants);
    question.mutable_ref()->set_line(1);
    const double start = Now();
    grpc::ClientContext context;
    v1::TraceAnswer answer;
    const auto status = servers[i % servers.size()]->Trace(&context, question, &answer);
    result.latencies.push_back(Now() - start);
    result.seconds += result.latencies.back();
    if (!status.ok() || answer.assets_size() != 1 || answer.assets(0).reached() != 2000) ++result.failed;
  }
  std::sort(result.latencies.begin(), result.latencies.end());
  return result;
}

Entries ReadEntries(const char* file) {
  Entries entries;
  std::ifstream in(file, std::ios::binary);
  for (std::uint64_t size = 0; in.read(reinterpret_cast<char*>(&size), sizeof size);) {
    entries.emplace_back(size, '\0');
    in.read(entries.back().data(), static_cast<std::streamsize>(size));
  }
  return entries;
}

Result Run(const std::string& addresses, Kind kind, double number, const Entries& entries) {
  std::vector<std::unique_ptr<v1::Ledger::Stub>> servers;
  std::unique_ptr<v1::Submission::Stub> submission;  // of the last of them
  std::istringstream list(addresses);
  for (std::string address; std::getline(list, address, ',');) {
    const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
    servers.push_back(v1::Ledger::NewStub(channel));
    submission = v1::Submission::NewStub(channel);
  }
  switch (kind) {
    case Kind::kUnary:
      return Unary(submission.get(), entries, static_cast<std::size_t>(number));
    case Kind::kPaced:
      return Paced(submission.get(), entries, number);
    case Kind::kBatches:
      return Batches(submission.get(), entries, static_cast<std::size_t>(number));
    case Kind::kStream:
      return Stream(submission.get(), entries);
    case Kind::kTraces:
      return Traces(servers, number);
  }
  std::abort();
}

}  // namespace

double Percentile(const std::vector<double>& latencies, double part) {
  return latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))] * 1e3;
}

Client::Client(const std::string& address, Kind kind, double number, const Entries& entries,
               const std::string& dir) {
  const std::string file = dir + "/entries-" + std::to_string(static_cast<int>(kind));
  std::ofstream out(file, std::ios::binary);
  for (const Bytes& entry : entries) {
    const std::uint64_t size = entry.size();
    out.write(reinterpret_cast<const char*>(&size), sizeof size)
        .write(entry.data(), static_cast<std::streamsize>(size));
  }
  out.close();
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  pipe_ = popen(
      fmt::format("exec '{}' --client {} {} {} '{}'", self, address, static_cast<int>(kind), number, file)
          .c_str(),
      "re");
  if (pipe_ == nullptr) std::exit(1);
}

Result Client::Wait() {
  Result result;
  std::size_t count = 0;
  bool read = std::fscanf(pipe_, "%lf %zu %zu", &result.seconds, &result.failed, &count) == 3;
  for (double latency = 0; read && result.latencies.size() < count; result.latencies.push_back(latency))
    read = std::fscanf(pipe_, "%lf", &latency) == 1;
  if (pclose(pipe_) != 0 || !read) std::exit(1);
  return result;
}

int RunClient(int argc, char** argv) {
  if (argc != 6) return 2;
  const Entries entries = ReadEntries(argv[5]);
  const Result result = Run(argv[2], static_cast<Kind>(std::atoi(argv[3])), std::atof(argv[4]), entries);
  fmt::print("{:.9f} {} {}\n", result.seconds, result.failed, result.latencies.size());
  for (const double latency : result.latencies) fmt::print("{:.9f}\n", latency);
  return 0;
}

}  // namespace fundtrail::bench
