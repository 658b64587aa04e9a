// A thread that asks one witness, time and again: for one checkpoint at a time, after a failure only when a pause is over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "ledger/base/status.h"
#include "ledger/net/http_client.h"
#include "ledger/store/store.h"
#include "ledger/tree/policy.h"
#include "ledger/witness/ask_witness.h"
#include "ledger/witness/log_sink.h"

namespace fundtrail::witness {

// How one witness stands.
struct WitnessFigures {
  std::string name;                 // the policy's for it
  double last_success_seconds = 0;  // since 1970; 0: never
  std::uint64_t failures = 0;
  std::uint64_t size = 0;  // records that it cosigned last
};

struct WitnessTimes {
  std::chrono::milliseconds look{200};         // how often the ledger is looked at
  std::chrono::milliseconds between{1'000};    // rounds, at least
  std::chrono::milliseconds linger{1'000};     // what a round waits for others when it has its quorum
  std::chrono::milliseconds request{10'000};   // what a witness may take
  std::chrono::milliseconds pause{1'000};      // after a failure; doubled with each, give or take a half
  std::chrono::milliseconds longest{120'000};  // pause
};

class WitnessWorker {
 public:
  // `witness` has a key and a URL; `known`: the size that it cosigned last, as far as is known. `rows`: the ledger's,
  // which must outlive it. `changed` is called when it has an answer. INVALID_ARGUMENT when the URL is none.
  static StatusOr<std::unique_ptr<WitnessWorker>> Start(const tree::PolicyMember& witness,
                                                        std::uint64_t known, const store::Reader& rows,
                                                        const WitnessTimes& times, LogSink sink,
                                                        std::function<void()> changed);
  ~WitnessWorker();  // ends what is on its way
  WitnessWorker(const WitnessWorker&) = delete;
  WitnessWorker& operator=(const WitnessWorker&) = delete;

  // Has it asked, unless it is being asked still, has answered for this one, or failed a moment ago.
  void AskFor(const std::shared_ptr<const Candidate>& candidate);
  bool asked() const;  // and has not answered
  // Of the candidate of that number.
  std::optional<tree::NoteSignature> Cosignature(std::uint64_t number) const;
  WitnessFigures figures() const;

 private:
  using Clock = std::chrono::steady_clock;
  WitnessWorker(const tree::PolicyMember& witness, std::string url, std::uint64_t known,
                const store::Reader& rows, const WitnessTimes& times, LogSink sink,
                std::function<void()> changed);
  StatusOr<net::HttpReply> Post(const std::string& body);
  void Work();
  void Answered(const WitnessReply& answer, std::uint64_t number);
  void Failed(const Status& why);

  const std::string name_;
  const tree::Verifier key_;
  const store::Reader& rows_;
  const WitnessTimes times_;
  const LogSink sink_;
  const std::function<void()> changed_;
  const std::string url_;  // of its add-checkpoint
  net::HttpClient client_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::shared_ptr<const Candidate> asked_;          // null when it is not being asked
  std::uint64_t answered_ = 0;                      // the number of the last candidate that it answered for
  std::optional<tree::NoteSignature> cosignature_;  // of that one
  Clock::time_point not_before_;                    // may be asked again
  unsigned failures_ = 0;                           // in a row
  WitnessFigures figures_;
  std::mt19937 random_{std::random_device{}()};
  std::thread thread_;
};

}  // namespace fundtrail::witness
